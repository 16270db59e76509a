//! The page on which an owner cancels a campaign: it repeats what will happen, to whom, and what stays.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use felag_domain::campaign::CampaignState;
use felag_domain::words::FieldRefusal;
use felag_frontend::Here;
use felag_frontend::cancellation::CancellationPage;
use felag_frontend::form::Refused;

use crate::campaigns::access;
use crate::campaigns::store::{self, Campaign};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::second_factor::{Unproven, require_for_form, require_for_page};
use crate::people::{Posted, Visitor};
use crate::pledges;
use crate::projects::NotSaved;
use crate::web::{page, page_with, see_other};

async fn of_owner(ctx: &Ctx, visitor: &Visitor, slug: &str) -> Result<Campaign, Error> {
    let (campaign, member) = access::of_member(ctx, visitor, slug).await?;
    if !member.is_owner() {
        return Err(Error::Forbidden);
    }
    Ok(campaign)
}

pub async fn ask(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Unproven> {
    let campaign = of_owner(&ctx, &visitor, &slug).await?;
    if !campaign.state.owners_may_cancel() {
        return Ok(see_other(&format!("/campaigns/{slug}/owner")));
    }
    if campaign.state == CampaignState::Open {
        require_for_page(&ctx, &visitor, &format!("/campaigns/{slug}/cancellation")).await?;
    }
    Ok(page(&cancellation_page(&ctx, &visitor, campaign, &[]).await?)?)
}

/// What people promised is at stake while a campaign is open: then a code is asked for.
pub async fn cancel(
    State(ctx): State<Ctx>,
    Path(slug): Path<String>,
    posted: Posted,
) -> Result<Response, Unproven> {
    let campaign = of_owner(&ctx, &posted.visitor, &slug).await?;
    if campaign.state == CampaignState::Open {
        let page = format!("/campaigns/{slug}/cancellation");
        require_for_form(&ctx, &posted.visitor, &page).await?;
    }
    let owner = posted.visitor.person()?.id;
    match pledges::cancel_campaign(&ctx, campaign.id, owner).await {
        Ok(()) => Ok(see_other(&format!("/campaigns/{slug}/owner"))),
        Err(NotSaved::Failed(error)) => Err(error.into()),
        Err(NotSaved::Refused(refusals)) => {
            let shown = cancellation_page(&ctx, &posted.visitor, campaign, &refusals).await?;
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)?)
        }
    }
}

async fn cancellation_page(
    ctx: &Ctx,
    visitor: &Visitor,
    campaign: Campaign,
    refusals: &[FieldRefusal],
) -> Result<CancellationPage, Error> {
    let total = store::total(&ctx.db, &campaign).await?;
    let promised = total.figures.promised.checked_add(total.own);
    let followers = store::followers(&ctx.db, campaign.id).await?;
    let mut frame = visitor.page(ctx, "", Here::Projects);
    frame.title = frame.t1("cancellation-title", "campaign", &campaign.title);
    frame.errors = Refused::new(frame.lang, refusals).beyond(&[]);
    let whole = |number: i64| u64::try_from(number).unwrap_or(0);
    Ok(CancellationPage {
        page: frame,
        is_open: campaign.state == CampaignState::Open,
        way: campaign.way,
        is_public: campaign.is_public(),
        may_cancel: campaign.state.owners_may_cancel(),
        backers: whole(total.backers.into()),
        promised: promised.map_err(|cause| Error::Internal(cause.into()))?,
        followers: whole(followers),
        slug: campaign.slug,
        title: campaign.title,
    })
}
