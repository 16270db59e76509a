//! The owners of a campaign cancel it: before it opened, or while it is open. Everybody is let go, nobody was ever
//! charged. From the decision at the deadline on this way is closed.

use felag_domain::campaign::{CampaignEvent, CampaignState, Way, next};
use felag_domain::ids::{CampaignId, PersonId};
use felag_domain::pledge::{PledgeEvent, PledgeState};
use serde_json::json;
use sqlx::PgConnection;

use super::store_batch as batch;
use super::{Ask, endings, jobs, moves, release};
use crate::audit::{self, Act};
use crate::campaigns::{lifecycle, schedule};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::jobs::enqueue_named;
use crate::projects::{NotSaved, Say};

/// Cancels a campaign. Again changes nothing.
///
/// # Errors
/// In words, once its deadline was decided.
pub async fn cancel_campaign(ctx: &Ctx, campaign: CampaignId, owner: PersonId) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let ask = Ask::lock(&mut tx, campaign).await?;
    if ask.state == CampaignState::Cancelled {
        return Ok(());
    }
    if !ask.state.owners_may_cancel() {
        return Err(NotSaved::on_top(&Say("campaign-cannot-be-cancelled")));
    }
    let is_open = ask.state == CampaignState::Open;
    if is_open {
        let done = match ask.way {
            Way::AllOrNothing => cancel_open(&mut tx, ctx, &ask).await,
            // What was charged already goes back.
            Way::KeepWhatComes => cancel_kept(&mut tx, ctx, &ask, owner).await,
        };
        done.map_err(Error::from)?;
    } else {
        lifecycle::cancel_early(&mut tx, ctx, campaign).await?;
    }
    if is_open || ask.state == CampaignState::Scheduled {
        let key = format!("{} {campaign}", schedule::TELL_CANCELLED);
        let payload = json!({ "campaign": campaign });
        enqueue_named(
            &mut tx,
            ctx,
            schedule::TELL_CANCELLED,
            payload,
            ctx.now(),
            Some(&key),
        )
        .await?;
    }
    let act = Act {
        actor: Some(owner),
        kind: "campaign.cancelled",
        project: Some(ask.project_id),
        campaign: Some(campaign),
        subject: ask.title.clone(),
        reason: "",
        detail: json!({ "was": ask.state.as_str() }),
        refused: false,
    };
    audit::record(&mut tx, ctx, &act).await?;
    tx.commit().await?;
    tracing::info!(campaign.id = %campaign, "campaign {} was cancelled by its owners", ask.slug);
    ctx.wake_workers();
    Ok(())
}

async fn cancel_kept(conn: &mut PgConnection, ctx: &Ctx, ask: &Ask, owner: PersonId) -> anyhow::Result<()> {
    let by = endings::By {
        person: Some(owner),
        words: "",
    };
    endings::cancel(conn, ctx, ask, by).await
}

/// The figures are fixed as at a deadline: what was promised is lost.
async fn cancel_open(conn: &mut PgConnection, ctx: &Ctx, ask: &Ask) -> anyhow::Result<()> {
    let now = ctx.now();
    // A card that is saved this very moment finds its draft expired, and is taken off again.
    for draft in batch::lock_in_states(conn, ask.id, &[PledgeState::Draft]).await? {
        let to = felag_domain::pledge::next(draft.state, PledgeEvent::CampaignCancelled)?;
        moves::end_before_deadline(conn, ctx, &draft, to).await?;
    }
    let (promised, _) = batch::figures(conn, ask.id).await?;
    let state = next(ask.state, CampaignEvent::Cancelled)?;
    batch::set_campaign(conn, ask.id, state, Some(now), None, Some(now)).await?;
    release::all(conn, ctx, ask.id, promised, PledgeEvent::CampaignCancelled).await?;
    crate::loans::campaign_over(conn, ctx, ask.id, felag_domain::refund::RefundWhy::Cancelled).await?;
    jobs::tell(conn, ctx, ask.id, jobs::News::Cancelled).await
}
