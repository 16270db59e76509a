//! What a loan would cost: a page for anybody. The terms stand in its address, so that a quote can be sent to somebody.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::loan::quote::{FIELDS, quote};
use felag_frontend::Here;
use felag_frontend::form::Refused;
use felag_frontend::quotes::QuotePage;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Visitor;
use crate::web::fields::Fields;
use crate::web::{page, page_with};

pub async fn show(
    State(ctx): State<Ctx>,
    RawQuery(query): RawQuery,
    visitor: Visitor,
) -> Result<Response, Error> {
    let typed = Fields::read(query.unwrap_or_default().as_bytes())?;
    let mut frame = visitor.page(&ctx, "", Here::Elsewhere);
    let lang = frame.lang;
    frame.title = lang.t("quote-title").to_string();
    let was = |name: &str| typed.get(name).to_string();
    if !FIELDS.into_iter().any(|name| typed.has(name)) {
        return page(&QuotePage::new(frame, &usual, &Refused::none(), None));
    }
    match quote(|name| typed.get(name), ctx.now().date()) {
        Ok(made) => page(&QuotePage::new(frame, &was, &Refused::none(), Some(made))),
        Err(refusals) => {
            let refused = Refused::new(lang, &refusals);
            page_with(
                StatusCode::UNPROCESSABLE_ENTITY,
                &QuotePage::new(frame, &was, &refused, None),
            )
        }
    }
}

/// What the form shows at first.
fn usual(name: &str) -> String {
    let value = match name {
        "currency" => "EUR",
        "period" => "monthly",
        "kind" => "equal_instalments",
        "grace_kind" => "none",
        "day_count" => "30/360",
        _ => "",
    };
    value.to_string()
}
