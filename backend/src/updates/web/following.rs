//! Following a campaign: the form, the answer to it, and the link in the mail.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::person::EmailAddress;
use felag_domain::words::Refusals;
use felag_frontend::campaigns::follow_field;
use felag_frontend::follows::{ConfirmFollowPage, FollowAskedPage, FollowPage, FollowingPage};
use felag_frontend::form::{Field, Refused, errors};
use felag_frontend::{Here, Lang};

use super::seen;
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::{Posted, Visitor};
use crate::updates::{follows, store};
use crate::web::fields::Fields;
use crate::{campaigns, web};

async fn to_follow(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<Campaign, Error> {
    let campaign = seen(ctx, visitor, slug).await?;
    if follows::may_follow(&campaign) {
        return Ok(campaign);
    }
    Err(Error::Refused(Lang::En.t("follow-over").to_string()))
}

fn page(ctx: &Ctx, visitor: &Visitor, campaign: Campaign, email: Option<Field>) -> FollowPage {
    FollowPage {
        page: visitor.page(ctx, Lang::En.t("follow-page"), Here::Elsewhere),
        slug: campaign.slug,
        campaign: campaign.title,
        email,
    }
}

pub async fn form(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Error> {
    let campaign = to_follow(&ctx, &visitor, &slug).await?;
    let email = match &visitor.person {
        Some(person) if person.email_is_confirmed => None,
        Some(person) => Some(follow_field(Lang::En, &person.email, &Refused::none())),
        None => Some(follow_field(Lang::En, "", &Refused::none())),
    };
    web::page(&page(&ctx, &visitor, campaign, email))
}

/// A guest's form needs no token: it acts in nobody's name, and it stands on campaign pages that come from
/// the cache, which belong to no browser. (Forms from other sites are refused all the same, see
/// `web::layers`.)
pub async fn send(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
    body: Bytes,
) -> Result<Response, Error> {
    let fields = Fields::read(&body)?;
    if visitor.person.is_some() {
        visitor.check(fields.get("csrf"))?;
    }
    let campaign = to_follow(&ctx, &visitor, &slug).await?;
    match &visitor.person {
        Some(person) if person.email_is_confirmed => {
            follows::follow(&ctx, campaign.id, person).await?;
            following(&ctx, &visitor, campaign, person.email.clone())
        }
        _ => ask(&ctx, &visitor, campaign, fields.get("email")).await,
    }
}

async fn ask(ctx: &Ctx, visitor: &Visitor, campaign: Campaign, typed: &str) -> Result<Response, Error> {
    let mut refusals = Refusals::new();
    let Some(email) = refusals.keep("email", EmailAddress::parse(typed)) else {
        let field = follow_field(Lang::En, typed, &Refused::new(Lang::En, &refusals.into_vec()));
        let mut page = page(ctx, visitor, campaign, None);
        page.page.errors = errors([&field as &dyn felag_frontend::form::Problem]);
        page.email = Some(field);
        return web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    follows::ask(ctx, &campaign, &email, &visitor.address).await?;
    web::page(&FollowAskedPage {
        page: visitor.page(ctx, Lang::En.t("follow-asked"), Here::Elsewhere),
        slug: campaign.slug,
        campaign: campaign.title,
        email: email.to_string(),
    })
}

fn following(ctx: &Ctx, visitor: &Visitor, campaign: Campaign, email: String) -> Result<Response, Error> {
    let title = Lang::En.t1("following", "campaign", &campaign.title);
    web::page(&FollowingPage {
        page: visitor.page(ctx, title, Here::Elsewhere),
        slug: campaign.slug,
        campaign: campaign.title,
        email,
    })
}

async fn campaign_of(ctx: &Ctx, link: &store::Link) -> Result<Campaign, Error> {
    campaigns::store::find(&ctx.db, link.campaign)
        .await?
        .ok_or(Error::Gone)
}

pub async fn confirm(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, Error> {
    let link = follows::look_up(&ctx, &token).await?;
    let campaign = campaign_of(&ctx, &link).await?;
    if link.is_used {
        return following(&ctx, &visitor, campaign, link.email);
    }
    let title = Lang::En.t1("follow-confirm", "campaign", &campaign.title);
    let page = visitor.page(&ctx, title, Here::Elsewhere);
    web::page(&ConfirmFollowPage {
        page,
        token,
        campaign: campaign.title,
        email: link.email,
    })
}

pub async fn confirmed(
    State(ctx): State<Ctx>,
    Path(token): Path<String>,
    posted: Posted,
) -> Result<Response, Error> {
    let link = follows::confirm(&ctx, &token).await?;
    let campaign = campaign_of(&ctx, &link).await?;
    following(&ctx, &posted.visitor, campaign, link.email)
}
