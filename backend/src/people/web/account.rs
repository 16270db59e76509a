//! One's own account: name, password, and the browsers that are signed in.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::person::EmailAddress;
use felag_domain::words::{FieldRefusal, Refusals, Words};
use felag_frontend::form::{Problem, Refused, errors};
use felag_frontend::people::{AccountPage, ChangePasswordForm, MailRefused, SignInLine, name_field};
use felag_frontend::{Here, Notice, Page, Tone};
use serde::Deserialize;

use super::{frame, name, new_password, with_sign_in};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{self, Posted, Visitor, store};
use crate::web::{page_with, see_other};

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    done: String,
}

/// What was typed into one of the forms, and what is wrong with it.
struct Typed<'a> {
    name: &'a str,
    refusals: Vec<FieldRefusal>,
}

pub async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let name = visitor.person()?.name.clone();
    account(
        &ctx,
        &visitor,
        &asked.done,
        Typed {
            name: &name,
            refusals: Vec::new(),
        },
    )
    .await
}

pub async fn change_name(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let person = visitor.person()?;
    let mut refusals = Refusals::new();
    let Some(name) = name(&mut refusals, &fields) else {
        let typed = Typed {
            name: fields.get("name"),
            refusals: refusals.into_vec(),
        };
        return account(&ctx, &visitor, "", typed).await;
    };
    store::set_name(&ctx.db, person.id, &name).await?;
    Ok(see_other("/my/account?done=name"))
}

pub async fn change_password(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    let Posted { visitor, fields } = posted;
    let person = visitor.person()?;
    let mut refusals = Refusals::new();
    let password = new_password(
        &mut refusals,
        &fields,
        EmailAddress::parse(&person.email).ok().as_ref(),
    );
    let mut refusals = refusals.into_vec();
    if let Some(password) = password {
        match people::change_password(&ctx, person, fields.get("current"), &password).await? {
            Some(token) => return Ok(with_sign_in(&ctx, &token, see_other("/my/account?done=password"))),
            None => refusals.push(FieldRefusal {
                field: "current",
                words: Words::new("account-password-wrong"),
            }),
        }
    }
    account(
        &ctx,
        &visitor,
        "",
        Typed {
            name: &person.name,
            refusals,
        },
    )
    .await
}

pub async fn end_others(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    let person = posted.visitor.person()?;
    let keep = posted.visitor.sign_in_hash().ok_or(Error::SignedOut)?;
    people::end_other_sign_ins(&ctx, person.id, &keep).await?;
    Ok(see_other("/my/account?done=sign-ins"))
}

pub async fn try_mail_again(State(ctx): State<Ctx>, posted: Posted) -> Result<Response, Error> {
    people::try_mail_again(&ctx, posted.visitor.person()?).await?;
    Ok(see_other("/my/account?done=mail"))
}

async fn account(ctx: &Ctx, visitor: &Visitor, done: &str, typed: Typed<'_>) -> Result<Response, Error> {
    let person = visitor.person()?;
    let sign_ins = sign_ins(ctx, visitor).await?;
    let refused_mail = crate::mail::store::refusal(&ctx.db, &person.email).await?;
    let mut frame = frame(ctx, visitor, "account-title", Here::Elsewhere);
    frame.notice = notice(&frame, done);
    let refused = Refused::new(frame.lang, &typed.refusals);
    let name = name_field(frame.lang, typed.name, &refused);
    let password = ChangePasswordForm::new(frame.lang, &refused);
    let mut fields: Vec<&dyn Problem> = vec![&name];
    fields.extend(password.problems());
    frame.errors = errors(fields);
    let status = if typed.refusals.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = AccountPage {
        page: frame,
        email: person.email.clone(),
        email_is_confirmed: person.email_is_confirmed,
        refused: refused_mail.map(|refused| MailRefused {
            at: refused.at,
            reason: refused.reason,
        }),
        name,
        password,
        sign_ins,
    };
    page_with(status, &page)
}

/// What was just done, out of the few things it can be: the words never come from the address.
fn notice(page: &Page, done: &str) -> Option<Notice> {
    let text = match done {
        "name" => page.t("account-done-name"),
        "password" => page.t("account-done-password"),
        "sign-ins" => page.t("account-done-sign-ins"),
        "link" => page.t("account-done-link"),
        "mail" => page.t("account-done-mail"),
        _ => return None,
    };
    Some(Notice {
        tone: Tone::Done,
        text: text.to_string(),
    })
}

async fn sign_ins(ctx: &Ctx, visitor: &Visitor) -> Result<Vec<SignInLine>, Error> {
    let own = visitor.sign_in_hash();
    let rows = store::sign_ins(&ctx.db, visitor.person()?.id, ctx.now()).await?;
    let line = |row: store::SignIn| SignInLine {
        since: row.created_at,
        last_used: row.seen_at,
        is_this_one: own.as_deref() == Some(row.token_hash.as_slice()),
    };
    Ok(rows.into_iter().map(line).collect())
}
