//! Signing in and out.

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::person::EmailAddress;
use felag_domain::words::{FieldRefusal, Refusals, Words};
use felag_frontend::form::{Hidden, Refused, errors};
use felag_frontend::people::{DemoLogIn, SignInForm, SignInPage};
use felag_frontend::{Here, Lang};
use serde::Deserialize;

use super::{frame, with_sign_in, without_sign_in};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{self, Posted, Visitor, limits, next};
use crate::web::fields::Fields;
use crate::web::{page_with, see_other};

/// The password of everybody in the demo. Known to all: there is no money behind it.
pub const DEMO_PASSWORD: &str = "felag-demo-2026";

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    next: String,
}

pub async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    if visitor.person.is_some() {
        return Ok(see_other(destination(&asked.next)));
    }
    form(&ctx, &visitor, &Fields::from([("next", asked.next)]), &[])
}

pub async fn submit(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let (email, password) = match read(&fields) {
        Ok(read) => read,
        Err(refusals) => return form(&ctx, &visitor, &fields, &refusals),
    };
    limits::count(&ctx, limits::SIGN_INS_FROM, &visitor.address).await?;
    if !limits::SIGN_INS_OF_ACCOUNT
        .take(&ctx, &limits::account(&email))
        .await?
    {
        let mut response = form(&ctx, &visitor, &fields, &[refusal("sign-in-too-many")])?;
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        return Ok(response);
    }
    let before = visitor.sign_in_hash();
    match people::sign_in(&ctx, &email, password, before.as_deref()).await? {
        Some(token) => Ok(with_sign_in(
            &ctx,
            &token,
            see_other(destination(fields.get("next"))),
        )),
        None => form(&ctx, &visitor, &fields, &[refusal("sign-in-wrong")]),
    }
}

/// A browser whose sign-in is over anyway needs no token to leave.
pub async fn sign_out(State(ctx): State<Ctx>, visitor: Visitor, body: Bytes) -> Result<Response, Error> {
    if let Some(hash) = visitor.sign_in_hash() {
        visitor.check(Fields::read(&body)?.get("csrf"))?;
        people::sign_out(&ctx, &hash).await?;
    }
    Ok(without_sign_in(&ctx, see_other("/")))
}

fn read(fields: &Fields) -> Result<(EmailAddress, &str), Vec<FieldRefusal>> {
    let mut refusals = Refusals::new();
    let email = refusals.keep("email", EmailAddress::parse(fields.get("email")));
    let mut refusals = refusals.into_vec();
    let password = fields.get("password");
    if password.is_empty() {
        refusals.push(refusal("sign-in-password-empty"));
    }
    match email {
        Some(email) if refusals.is_empty() => Ok((email, password)),
        _ => Err(refusals),
    }
}

fn refusal(id: &'static str) -> FieldRefusal {
    FieldRefusal {
        field: "password",
        words: Words::new(id),
    }
}

/// Where to go once signed in.
fn destination(next: &str) -> &str {
    next::safe(next).unwrap_or("/my/gifts")
}

fn form(ctx: &Ctx, visitor: &Visitor, was: &Fields, refusals: &[FieldRefusal]) -> Result<Response, Error> {
    let mut frame = frame(ctx, visitor, "sign-in-title", Here::SignIn);
    let refused = Refused::new(frame.lang, refusals);
    let form = SignInForm::new(frame.lang, was.get("email"), &refused);
    frame.errors = errors(form.problems());
    let next = next::safe(was.get("next")).map(|path| ("next", path.to_string()));
    let carried = Hidden {
        pairs: next.into_iter().collect(),
    };
    let demo = if ctx.config.demo {
        demo_log_ins(frame.lang)
    } else {
        Vec::new()
    };
    let status = if refusals.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    page_with(
        status,
        &SignInPage {
            page: frame,
            form,
            carried,
            demo,
            demo_password: DEMO_PASSWORD,
        },
    )
}

fn demo_log_ins(lang: Lang) -> Vec<DemoLogIn> {
    vec![
        DemoLogIn {
            email: "owner@felag.example",
            what: lang.t("sign-in-demo-owner"),
        },
        DemoLogIn {
            email: "backer@felag.example",
            what: lang.t("sign-in-demo-backer"),
        },
        DemoLogIn {
            email: "lender@felag.example",
            what: lang.t("sign-in-demo-lender"),
        },
        DemoLogIn {
            email: "steward@felag.example",
            what: lang.t("sign-in-demo-steward"),
        },
        DemoLogIn {
            email: "treasurer@felag.example",
            what: lang.t("sign-in-demo-treasurer"),
        },
    ]
}
