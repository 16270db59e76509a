//! Recovery codes: shown once when they were made, saved as a file, and made anew.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use felag_domain::person::factor::{self, TypedCode};
use felag_frontend::Here;
use felag_frontend::second_factor::{CodesPage, RenewPage};

use super::frame;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::second_factor::{self as factors, NotDone, Proven, ProvenPosted, SETTINGS};
use crate::people::{Posted, Visitor, next};
use crate::web::{page, see_other};

/// The answer to the form itself: what is shown once cannot be come back to.
pub fn codes_page(ctx: &Ctx, visitor: &Visitor, codes: &[String], onward: &str) -> Result<Response, Error> {
    page(&CodesPage {
        page: frame(ctx, visitor, "recovery-title", Here::Elsewhere),
        codes: codes.iter().map(|code| factor::in_fours(code, "-")).collect(),
        next: next::safe(onward).unwrap_or(SETTINGS).to_string(),
    })
}

/// Hands the codes of the page out again as a file. They are not kept here: the form brings them along.
pub async fn codes_file(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let person = visitor.person()?;
    let typed = fields.get("codes").split_whitespace();
    let codes: Vec<String> = typed
        .take(factor::RECOVERY_CODES)
        .filter_map(|code| match TypedCode::parse(code) {
            Ok(TypedCode::Recovery(code)) => Some(code),
            _ => None,
        })
        .collect();
    if !factors::are_recovery_codes(&ctx, person, &codes).await? {
        return Err(Error::BadRequest);
    }
    let lang = felag_frontend::Lang::En;
    let mut text = lang.t1("recovery-file-head", "email", &person.email);
    text.push_str("\r\n\r\n");
    for code in &codes {
        text.push_str(&factor::in_fours(code, "-"));
        text.push_str("\r\n");
    }
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"felag-recovery-codes.txt\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text).into_response())
}

pub async fn renew(State(ctx): State<Ctx>, proven: Proven) -> Result<Response, Error> {
    let page_frame = frame(&ctx, &proven.visitor, "renew-title", Here::Elsewhere);
    page(&RenewPage { page: page_frame })
}

pub async fn make_new_codes(State(ctx): State<Ctx>, posted: ProvenPosted) -> Result<Response, Error> {
    match factors::renew_recovery_codes(&ctx, &posted.person).await {
        Ok(codes) => codes_page(&ctx, &posted.visitor, &codes, SETTINGS),
        Err(NotDone::Failed(error)) => Err(error),
        Err(_) => Ok(see_other(SETTINGS)),
    }
}
