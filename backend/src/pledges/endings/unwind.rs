//! Unwound: everything that was collected goes back, whole.

use felag_domain::campaign::{CampaignEvent, CampaignState, UNPAYABLE_MAX, next};
use felag_domain::ids::{BookId, CampaignId};
use felag_domain::refund::RefundWhy;
use sqlx::PgConnection;

use super::{By, mail, store};
use crate::crash::CrashPoint;
use crate::ctx::Ctx;
use crate::loans;
use crate::pledges::{Ask, jobs, store_batch as batch};
use crate::refunds::{self, Batch};
use crate::repayments;

/// Unwinds a campaign that is short or cannot be paid out. The caller holds it.
pub async fn unwind(conn: &mut PgConnection, ctx: &Ctx, ask: &Ask, by: By<'_>) -> anyhow::Result<()> {
    let to = next(ask.state, CampaignEvent::Unwound)?;
    if to == ask.state {
        return Ok(());
    }
    batch::set_campaign(conn, ask.id, to, None, None, Some(ctx.now())).await?;
    let batch = Batch {
        why: RefundWhy::Unwound,
        by: by.person,
        words: by.words,
    };
    loans::campaign_over(conn, ctx, ask.id, RefundWhy::Unwound).await?;
    refunds::ask_all(conn, ctx, BookId::of_campaign(ask.id), ask.currency, &batch).await?;
    repayments::gifts_go_back(conn, ctx, ask.id).await?;
    tracing::info!(campaign.id = %ask.id, "campaign {} was unwound", ask.slug);
    mail::to_members(conn, ctx, ask, mail::About::Unwound, by.words).await?;
    jobs::tell(conn, ctx, ask.id, jobs::News::Unwound).await
}

/// A short campaign whose published rule says so is unwound, unless somebody decided otherwise meanwhile.
pub async fn unwind_short(ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    let ask = Ask::lock(&mut tx, campaign).await?;
    if ask.state == CampaignState::Short && store::going(&mut tx, campaign).await?.is_none() {
        unwind(&mut tx, ctx, &ask, By::RULE).await?;
    }
    tx.commit().await?;
    ctx.crash_point(CrashPoint::CampaignUnwound);
    ctx.wake_workers();
    Ok(())
}

/// The payout account did not come back in time.
pub async fn unwind_unpayable(ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    let ask = Ask::lock(&mut tx, campaign).await?;
    let since = store::unpayable_at(&mut tx, campaign).await?;
    let is_over = since.is_some_and(|since| ctx.now() >= since + UNPAYABLE_MAX);
    if ask.state == CampaignState::Unpayable && is_over {
        unwind(&mut tx, ctx, &ask, By::RULE).await?;
    }
    tx.commit().await?;
    ctx.crash_point(CrashPoint::CampaignUnwound);
    ctx.wake_workers();
    Ok(())
}
