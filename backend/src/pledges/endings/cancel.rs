//! Cancelled, any time before it was funded: everybody is let go, and what was paid goes back.

use felag_domain::campaign::{CampaignEvent, Way, next};
use felag_domain::ids::BookId;
use felag_domain::refund::RefundWhy;
use sqlx::PgConnection;

use super::{By, mail, release, store};
use crate::ctx::Ctx;
use crate::loans;
use crate::pledges::{Ask, jobs, store_batch as batch};
use crate::refunds::{self, Batch};

/// Cancels a campaign that has opened. The caller holds it, and asked whether it may be.
pub async fn cancel(conn: &mut PgConnection, ctx: &Ctx, ask: &Ask, by: By<'_>) -> anyhow::Result<()> {
    let to = next(ask.state, CampaignEvent::Cancelled)?;
    if to == ask.state {
        return Ok(());
    }
    let now = ctx.now();
    let was_decided = store::was_decided(conn, ask.id).await?;
    let (promised, _) = batch::figures(conn, ask.id).await?;
    // The figures are fixed as at a deadline.
    let decided_at = (!was_decided).then_some(now);
    batch::set_campaign(conn, ask.id, to, decided_at, None, Some(now)).await?;
    // Where gifts are charged at once each of them stands in its figure already.
    let promised = (!was_decided && ask.way == Way::AllOrNothing).then_some(promised);
    release::everybody(conn, ctx, ask.id, promised).await?;
    let batch = Batch {
        why: RefundWhy::Cancelled,
        by: by.person,
        words: by.words,
    };
    loans::campaign_over(conn, ctx, ask.id, RefundWhy::Cancelled).await?;
    refunds::ask_all(conn, ctx, BookId::of_campaign(ask.id), ask.currency, &batch).await?;
    tracing::info!(campaign.id = %ask.id, "campaign {} was cancelled", ask.slug);
    mail::to_members(conn, ctx, ask, mail::About::Cancelled, by.words).await?;
    jobs::tell(conn, ctx, ask.id, jobs::News::LetGo).await?;
    jobs::tell(conn, ctx, ask.id, jobs::News::CancelledPaid).await?;
    Ok(())
}
