//! The mailbox of the sandbox at `/dev/mail`, and leaving a list with one click.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use felag_frontend::mailbox::{LeavePage, LeftPage, MailLine, MailPage, MailboxPage};
use felag_frontend::parts::Pager;
use felag_frontend::{Here, Lang};
use serde::Deserialize;
use uuid::Uuid;

use super::mailbox::{self, Kept};
use super::tokens::Leaving;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Visitor;
use crate::web;

pub fn routes(ctx: &Ctx) -> Router<Ctx> {
    let routes = Router::new().route("/unsubscribe/{token}", get(ask).post(leave));
    if !ctx.config.has_mailbox() {
        return routes;
    }
    routes
        .route("/dev/mail", get(list))
        .route("/dev/mail/{id}", get(read))
        .route("/dev/mail/{id}/html", get(html))
        .route("/dev/mail/{id}/raw", get(raw))
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    to: String,
    page: Option<i64>,
}

async fn list(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Error> {
    let page = wanted.page.unwrap_or(1).clamp(1, 1_000_000);
    let to = wanted.to.trim().to_lowercase();
    let (kept, count) = mailbox::list(&ctx.db, &to, page).await?;
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("to", &to)
        .append_pair("page", "")
        .finish();
    let whole = |number: i64| u64::try_from(number).unwrap_or(0);
    web::page(&MailboxPage {
        page: visitor.page(&ctx, Lang::En.t("mailbox-title"), Here::Elsewhere),
        to: MailboxPage::filter(Lang::En, &to),
        mails: kept.iter().map(|kept| line(&ctx, kept)).collect(),
        count: whole(count),
        pager: Pager {
            lang: Lang::En,
            page: whole(page),
            pages: whole(count).div_ceil(whole(mailbox::PER_PAGE)).max(1),
            address: format!("/dev/mail?{query}"),
        },
    })
}

fn line(ctx: &Ctx, kept: &Kept) -> MailLine {
    let message = &kept.message;
    MailLine {
        id: message.id.to_string(),
        kind: message.kind.clone(),
        to: message.recipient.clone(),
        from: ctx
            .mailer
            .letterhead()
            .from(message.from_name.as_deref())
            .to_string(),
        reply_to: message.reply_to.clone(),
        list: message.list.clone(),
        subject: message.mail.subject.clone(),
        at: message.created_at,
        state: kept.state.clone(),
    }
}

async fn find(ctx: &Ctx, id: &str) -> Result<Kept, Error> {
    let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
    mailbox::find(&ctx.db, id).await?.ok_or(Error::NotFound)
}

/// Like any page's, but a frame of our own may stand in it.
const WITH_A_FRAME: &str = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; \
     frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

async fn read(State(ctx): State<Ctx>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Error> {
    let kept = find(&ctx, &id).await?;
    let page = MailPage {
        page: visitor.page(&ctx, kept.message.mail.subject.clone(), Here::Elsewhere),
        text: MailPage::pieces(&kept.message.mail.text),
        mail: line(&ctx, &kept),
    };
    Ok((
        [(header::CONTENT_SECURITY_POLICY, WITH_A_FRAME)],
        web::page(&page)?,
    )
        .into_response())
}

/// A mail's own HTML: no scripts, no forms, nothing from elsewhere, and only inside our frame.
async fn html(State(ctx): State<Ctx>, Path(id): Path<String>) -> Result<Response, Error> {
    let kept = find(&ctx, &id).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (
            header::CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'",
        ),
    ];
    Ok((headers, kept.message.mail.html).into_response())
}

/// The mail as it would travel, signed if there is a key.
async fn raw(State(ctx): State<Ctx>, Path(id): Path<String>) -> Result<Response, Error> {
    let kept = find(&ctx, &id).await?;
    let (_, mail) = ctx.mailer.compose(&kept.message)?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, mail).into_response())
}

fn leaving(ctx: &Ctx, token: &str) -> Result<Leaving, Error> {
    ctx.mailer.tokens().read(token).ok_or(Error::NotFound)
}

/// Shows a button; the address alone ends nothing, because mail programs open addresses by themselves.
async fn ask(State(ctx): State<Ctx>, visitor: Visitor, Path(token): Path<String>) -> Result<Response, Error> {
    let leaving = leaving(&ctx, &token)?;
    let about = (ctx.mailer.words().list)(ctx.clone(), leaving.list).await?;
    web::page(&LeavePage {
        page: visitor.page(&ctx, Lang::En.t("leave-title"), Here::Elsewhere),
        token,
        email: leaving.email,
        about,
    })
}

/// The button, or one click in the mail program (RFC 8058). The token is the only proof asked for.
async fn leave(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let leaving = leaving(&ctx, &token)?;
    super::leave(&ctx, &leaving).await?;
    web::page(&LeftPage {
        page: visitor.page(&ctx, Lang::En.t("left-title"), Here::Elsewhere),
        email: leaving.email,
        about: (ctx.mailer.words().list)(ctx.clone(), leaving.list).await?,
    })
}
