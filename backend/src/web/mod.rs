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

use crate::error::Error;

/// A page, with 200.
pub fn page(template: &impl Template) -> Result<Response, Error> {
    page_with(StatusCode::OK, template)
}

/// A page with another status: 422 for a form that comes back.
pub fn page_with(status: StatusCode, template: &impl Template) -> Result<Response, Error> {
    let html = template.render().map_err(|cause| Error::Internal(cause.into()))?;
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((status, headers, html).into_response())
}

/// 303, so that reloading the next page never sends the form again.
pub fn see_other(path: &str) -> Response {
    axum::response::Redirect::to(path).into_response()
}

/// The page for a refusal: what happened, and what happened to the money.
pub fn error_page(error: &Error) -> Response {
    (error.status(), error.to_string()).into_response()
}
