//! What links from mails lead to: a new password, a confirmed address. Opening one changes nothing, because
//! mail programs open links on their own; only the button does.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::person::EmailAddress;
use felag_domain::words::{FieldRefusal, Refusals};
use felag_frontend::Here;
use felag_frontend::form::{Problem, Refused, errors};
use felag_frontend::people::{
    self as pages, ConfirmPage, ConfirmedPage, LinkOverPage, MailedLink, ResetAskPage, ResetAskedPage,
    ResetPage,
};

use super::{frame, new_password, with_sign_in};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::links::{self, Link, Purpose};
use crate::people::{self, Posted, Visitor, jobs, limits};
use crate::web::{page, page_with, see_other};

pub async fn ask_for_reset(State(ctx): State<Ctx>, visitor: Visitor) -> Result<Response, Error> {
    let email = visitor
        .person
        .as_ref()
        .map(|person| person.email.clone())
        .unwrap_or_default();
    ask_form(&ctx, &visitor, &email, &[])
}

pub async fn send_reset(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let mut refusals = Refusals::new();
    let Some(email) = refusals.keep("email", EmailAddress::parse(fields.get("email"))) else {
        return ask_form(&ctx, &visitor, fields.get("email"), &refusals.into_vec());
    };
    limits::count(&ctx, limits::RESETS_FROM, &visitor.address).await?;
    limits::count(&ctx, limits::RESETS_TO, &limits::account(&email)).await?;
    jobs::ask_for_reset(&ctx, &email).await?;
    let email = email.to_string();
    page(&ResetAskedPage {
        page: frame(&ctx, &visitor, "reset-asked-title", Here::SignIn),
        email,
    })
}

fn ask_form(ctx: &Ctx, visitor: &Visitor, was: &str, refusals: &[FieldRefusal]) -> Result<Response, Error> {
    let mut frame = frame(ctx, visitor, "reset-ask-title", Here::SignIn);
    let email = pages::email_field(frame.lang, was, &Refused::new(frame.lang, refusals));
    frame.errors = errors([&email as &dyn Problem]);
    page_with(status(refusals), &ResetAskPage { page: frame, email })
}

fn status(refusals: &[FieldRefusal]) -> StatusCode {
    if refusals.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

pub async fn show_reset(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    match links::look_up(&ctx.db, Purpose::ResetPassword, &token, ctx.now()).await? {
        Some(link) => reset_form(&ctx, &visitor, token, link, &[]),
        None => link_over(&ctx, &visitor, MailedLink::ResetPassword),
    }
}

pub async fn reset(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let Some(link) = links::look_up(&ctx.db, Purpose::ResetPassword, &token, ctx.now()).await? else {
        return link_over(&ctx, &visitor, MailedLink::ResetPassword);
    };
    let mut refusals = Refusals::new();
    let email = EmailAddress::parse(&link.email).ok();
    let Some(password) = new_password(&mut refusals, &fields, email.as_ref()) else {
        return reset_form(&ctx, &visitor, token, link, &refusals.into_vec());
    };
    match people::reset_password(&ctx, &token, &password).await? {
        Some(sign_in) => Ok(with_sign_in(
            &ctx,
            &sign_in,
            see_other("/my/account?done=password"),
        )),
        None => link_over(&ctx, &visitor, MailedLink::ResetPassword),
    }
}

fn reset_form(
    ctx: &Ctx,
    visitor: &Visitor,
    token: String,
    link: Link,
    refusals: &[FieldRefusal],
) -> Result<Response, Error> {
    let mut frame = frame(ctx, visitor, "reset-title", Here::SignIn);
    let password = pages::new_password(frame.lang, &Refused::new(frame.lang, refusals));
    frame.errors = errors([&password as &dyn Problem]);
    page_with(
        status(refusals),
        &ResetPage {
            page: frame,
            token,
            email: link.email,
            password,
        },
    )
}

pub async fn show_confirmation(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    match links::look_up(&ctx.db, Purpose::ConfirmEmail, &token, ctx.now()).await? {
        Some(Link { email, name, .. }) => {
            let page_frame = frame(&ctx, &visitor, "confirm-title", Here::Elsewhere);
            page(&ConfirmPage {
                page: page_frame,
                token,
                email,
                name,
            })
        }
        None => link_over(&ctx, &visitor, MailedLink::ConfirmEmail),
    }
}

pub async fn confirm(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let visitor = posted.visitor;
    match people::confirm_email(&ctx, &token).await? {
        Some((_, email)) => {
            let page_frame = frame(&ctx, &visitor, "confirmed-title", Here::Elsewhere);
            page(&ConfirmedPage {
                page: page_frame,
                email: email.to_string(),
            })
        }
        None => link_over(&ctx, &visitor, MailedLink::ConfirmEmail),
    }
}

/// Sends the link again, to whoever is signed in and to their own address only.
pub async fn send_confirmation(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    people::send_confirmation(&ctx, posted.visitor.person()?).await?;
    Ok(see_other("/my/account?done=link"))
}

fn link_over(ctx: &Ctx, visitor: &Visitor, link: MailedLink) -> Result<Response, Error> {
    let page = frame(ctx, visitor, "link-over-title", Here::Elsewhere);
    page_with(StatusCode::GONE, &LinkOverPage { page, link })
}
