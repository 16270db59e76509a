//! What every slice's `web.rs` needs: forms as people typed them, layers round the whole application, the cache
//! of public pages, limits.

pub mod assets;
pub mod cache;
pub mod client;
pub mod fields;
pub mod layers;
pub mod limits;

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use felag_frontend::errors::{ErrorPage, Failure};
use felag_frontend::{Lang, Page};

use crate::error::Error;

/// A page, with 200.
pub fn page(template: &impl Template) -> Result<Response, Error> {
    page_with(StatusCode::OK, template)
}

/// A page with another status: 422 for a form that comes back.
pub fn page_with(status: StatusCode, template: &impl Template) -> Result<Response, Error> {
    let html = template.render().map_err(|cause| Error::Internal(cause.into()))?;
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((status, headers, html).into_response())
}

/// 303, so that reloading the next page never sends the form again.
pub fn see_other(path: &str) -> Response {
    axum::response::Redirect::to(path).into_response()
}

/// The page for a refusal: what happened, and what happened to the money.
pub fn error_page(error: &Error) -> Response {
    let failure = match error {
        Error::NotFound => Failure::NotFound,
        Error::Gone | Error::Over(_) => Failure::Gone,
        Error::SignedOut | Error::Forbidden => Failure::Forbidden,
        Error::BadRequest => Failure::Malformed,
        Error::StaleForm => Failure::StaleForm,
        Error::TooLarge => Failure::TooLarge,
        Error::Refused(_) => Failure::Refused,
        Error::TooMany => Failure::TooMany,
        Error::DemoLoading => Failure::DemoLoading,
        Error::ProviderAway => Failure::Unavailable,
        Error::Internal(_) => Failure::Broken,
    };
    let detail = match error {
        Error::Refused(words) | Error::Over(words) => Some(words.clone()),
        _ => None,
    };
    let lang = Lang::En;
    let frame = Page::new(lang, lang.t(failure.title()), crate::clock::wall());
    let template = ErrorPage {
        page: frame,
        failure,
        detail,
        request_id: layers::request_id(),
    };
    match page_with(error.status(), &template) {
        Ok(page) => page,
        // Not even the error page can be rendered: its words alone.
        Err(_) => (error.status(), error.to_string()).into_response(),
    }
}
