//! Where a campaign stands, for the project's members.

use axum::extract::{Path, State};
use axum::response::Response;
use felag_domain::campaign::CampaignState;
use felag_domain::ids::BookId;
use felag_domain::ledger::AccountCode;
use felag_frontend::Here;
use felag_frontend::owner::OwnerPage;

use crate::campaigns::{access, curve, store};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::ledger;
use crate::loans;
use crate::people::Visitor;
use crate::web::page;

pub async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Error> {
    let (campaign, member) = access::of_member(&ctx, &visitor, &slug).await?;
    let frame = visitor.page(&ctx, campaign.title.clone(), Here::Projects);
    let mut conn = ctx.db.acquire().await?;
    let total = store::total(&mut *conn, &campaign).await?;
    let curve = curve::of(&mut conn, frame.lang, &campaign, ctx.now()).await?;
    drop(conn);
    let loan = loans::beside::links(&ctx, &campaign).await?;
    let book = BookId::of_campaign(campaign.id);
    let costs = AccountCode::PlatformProviderCosts;
    page(&OwnerPage {
        cost: ledger::balance(&ctx.db, book, costs, campaign.currency).await?,
        is_public: campaign.is_public(),
        may_move_money: member.may_move_money(),
        may_decide: member.is_owner()
            && matches!(
                campaign.state,
                CampaignState::Collecting | CampaignState::Suspended
            ),
        may_edit: member.may_edit(),
        is_owner: member.is_owner(),
        raised: total.raised(campaign.way, campaign.state),
        figures: total.figures,
        own: total.own,
        own_collected: total.own_collected,
        backers: u64::try_from(total.backers).unwrap_or(0),
        curve,
        loan,
        slug: campaign.slug,
        title: campaign.title,
        state: campaign.state,
        minimum: campaign.minimum,
        full_plan: campaign.full_plan,
        opens_at: campaign.opens_at,
        deadline: campaign.deadline_at,
        window_ends: campaign.window_ends_at,
        ended_at: campaign.ended_at,
        zone: campaign.time_zone,
        page: frame,
    })
}
