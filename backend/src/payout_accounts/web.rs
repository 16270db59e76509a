//! A project's payout account: where it stands, and the way to the provider's own pages.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use felag_domain::payout::BANK_CHANGE_WAIT;
use felag_domain::words::FieldRefusal;
use felag_frontend::form::Refused;
use felag_frontend::payouts::{AccountPage, BankShown};
use felag_frontend::{Here, Notice, Tone};
use serde::Deserialize;

use super::store;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Visitor;
use crate::people::second_factor::ProvenPosted;
use crate::projects::access::{self, Member};
use crate::projects::store::Project;
use crate::projects::{self, NotSaved};
use crate::web::{page, page_with, see_other};

pub fn routes() -> Router<Ctx> {
    Router::new().route("/projects/{slug}/payout-account", get(show).post(start))
}

/// How somebody came here.
#[derive(Debug, Deserialize)]
struct Came {
    /// Back from the provider's pages, which proves nothing: the provider is asked.
    back: Option<String>,
    /// From a link of the provider's that was over.
    link: Option<String>,
}

/// A project of which the visitor may see the money's way.
async fn member(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<(Project, Member), Error> {
    visitor.person()?;
    let project = projects::store::find_by_slug(&ctx.db, slug).await?;
    let project = project.ok_or(Error::NotFound)?;
    let member = access::member(ctx, visitor, project.id).await?;
    Ok((project, member))
}

async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(came): Query<Came>,
) -> Result<Response, Error> {
    let (project, member) = member(&ctx, &visitor, &slug).await?;
    if came.back.is_some()
        && let Err(cause) = super::look(&ctx, project.id).await
    {
        tracing::warn!("the provider could not be asked about an account: {cause:#}");
    }
    let mut shown = account_page(&ctx, &visitor, &project, &member, &[]).await?;
    if came.link.is_some() {
        let text = shown.page.t("payout-account-link-over").to_string();
        shown.page.notice = Some(Notice {
            tone: Tone::Plain,
            text,
        });
    }
    page(&shown)
}

async fn start(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: ProvenPosted,
) -> Result<Response, Error> {
    let (project, member) = member(&ctx, &posted.visitor, &slug).await?;
    if !member.may_move_money() {
        return Err(Error::Forbidden);
    }
    match super::start(&ctx, &project, posted.person.id).await {
        Ok(url) => Ok(see_other(&url)),
        Err(NotSaved::Failed(error)) => Err(error),
        Err(NotSaved::Refused(refusals)) => {
            let shown = account_page(&ctx, &posted.visitor, &project, &member, &refusals).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
    }
}

async fn account_page(
    ctx: &Ctx,
    visitor: &Visitor,
    project: &Project,
    member: &Member,
    refusals: &[FieldRefusal],
) -> Result<AccountPage, Error> {
    let account = store::of_project(&ctx.db, project.id).await?;
    let mut page = visitor.page(ctx, "", Here::Projects);
    page.title = page.t1("payout-account-title", "project", &project.name);
    page.errors = Refused::new(page.lang, refusals).beyond(&[]);
    let until = account
        .as_ref()
        .and_then(|account| account.bank_changed_at)
        .map(|at| at + BANK_CHANGE_WAIT);
    let bank = account.as_ref().and_then(|account| {
        Some(BankShown {
            last4: account.bank_last4.clone()?,
            country: account.bank_country.clone().unwrap_or_default(),
        })
    });
    Ok(AccountPage {
        action: format!("/projects/{}/payout-account", project.slug),
        name: project.name.clone(),
        state: account.as_ref().map(|account| account.state),
        asked: account.as_ref().map_or(0, |account| account.requirements.len()),
        checked_at: account.as_ref().and_then(|account| account.checked_at),
        bank,
        waits_until: until.filter(|until| *until > ctx.now()),
        has_holder: project.holder.is_some(),
        holder_link: format!("/projects/{}/holder", project.slug),
        may_start: member.may_move_money(),
        page,
    })
}
