//! A steward suspends a campaign, and lets it go on. Charges and the window wait; the deadline does not.

use felag_domain::campaign::{COLLECTION_WINDOW, CampaignEvent, CampaignState, SUSPENSION_MAX, Way, next};
use felag_domain::ids::{CampaignId, PledgeId};
use felag_domain::pledge::{PledgeEvent, PledgeState};
use sqlx::PgConnection;
use time::Duration;
use uuid::Uuid;

use super::{By, cancel, jobs as later, mail, store};
use crate::crash::CrashPoint;
use crate::ctx::Ctx;
use crate::jobs::enqueue;
use crate::payments::{self, Kind, requests};
use crate::pledges::store_batch::{self as batch, Change};
use crate::pledges::{Ask, Pledge, jobs, settle};

/// Suspends a campaign that is open or collecting. The caller holds it.
pub async fn suspend(conn: &mut PgConnection, ctx: &Ctx, ask: &Ask, by: By<'_>) -> anyhow::Result<()> {
    let to = next(ask.state, CampaignEvent::Suspended)?;
    if to == ask.state {
        return Ok(());
    }
    store::suspend(conn, ask.id, ask.state, ctx.now()).await?;
    if ask.charges() {
        hold_back(conn, ctx, ask.id).await?;
    }
    let ends = ask
        .deadline_at
        .map_or(ctx.now(), |deadline| deadline + SUSPENSION_MAX);
    let job = later::EndSuspension { campaign: ask.id };
    // A campaign may be suspended more than once; its deadline is always the same.
    let key = format!("{} {}", later::END_SUSPENSION, ask.id);
    enqueue(conn, ctx, &job, ends.max(ctx.now()), Some(&key)).await?;
    tracing::info!(campaign.id = %ask.id, "campaign {} was suspended", ask.slug);
    mail::to_members(conn, ctx, ask, mail::About::Suspended { until: ends }, by.words).await
}

/// Charges that were written down and never sent are taken back; what is at the provider already is heard of as ever.
async fn hold_back(conn: &mut PgConnection, ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let kinds = [Kind::CreateIntent, Kind::ConfirmIntent];
    let book = felag_domain::ids::BookId::of_campaign(campaign);
    let held: Vec<Uuid> = payments::operations::take_back_unsent(conn, ctx, book, &kinds).await?;
    let ids: Vec<PledgeId> = held.into_iter().map(PledgeId::from_uuid).collect();
    let mut changes = Vec::new();
    for pledge in batch::lock_many(conn, campaign, &ids).await? {
        let to = felag_domain::pledge::next(pledge.state, PledgeEvent::HeldBack)?;
        if to != pledge.state {
            changes.push(change(&pledge, to, Some(ctx.now())));
        }
    }
    batch::apply(conn, campaign, &changes, ctx.now()).await?;
    Ok(())
}

fn change(pledge: &Pledge, to: PledgeState, next_try_at: Option<time::OffsetDateTime>) -> Change {
    Change {
        id: pledge.id,
        to,
        tries: i32::try_from(pledge.tries).unwrap_or(i32::MAX),
        next_try_at,
        decline_code: pledge.decline_code.clone(),
        charge: None,
        paid_at: None,
        ended_at: None,
    }
}

/// Lets a suspended campaign go on where it was. The caller holds it.
pub async fn resume(conn: &mut PgConnection, ctx: &Ctx, ask: &Ask, by: By<'_>) -> anyhow::Result<()> {
    let Some(pause) = store::pause(conn, ask.id).await? else {
        anyhow::bail!("campaign {} is not suspended", ask.id);
    };
    let event = match pause.from {
        CampaignState::Open => CampaignEvent::ResumedOpen,
        _ => CampaignEvent::ResumedCollecting,
    };
    let to = next(ask.state, event)?;
    store::resume(conn, ask.id, to).await?;
    mail::to_members(conn, ctx, ask, mail::About::Resumed, by.words).await?;
    tracing::info!(campaign.id = %ask.id, "campaign {} goes on", ask.slug);
    if to == CampaignState::Open && ask.way == Way::KeepWhatComes {
        shift(conn, ctx, ask.id, ctx.now() - pause.since).await?;
        charge_again(conn, ctx, ask.id).await?;
    }
    if to == CampaignState::Open {
        // The settlement looked in vain if the deadline has passed; doing it twice changes nothing.
        let settles = ask
            .deadline_at
            .map_or(ctx.now(), |deadline| deadline.max(ctx.now()));
        enqueue(conn, ctx, &jobs::Settle { campaign: ask.id }, settles, None).await?;
        return Ok(());
    }
    let window_ends = ask.window_ends_at.map(|ends| ends + (ctx.now() - pause.since));
    let Some(window_ends) = window_ends else {
        anyhow::bail!("campaign {} collects without a window", ask.id);
    };
    shift(conn, ctx, ask.id, ctx.now() - pause.since).await?;
    batch::set_campaign(conn, ask.id, to, None, Some(window_ends), None).await?;
    charge_again(conn, ctx, ask.id).await?;
    crate::loans::resumed(conn, ctx, ask.id).await?;
    // Pledges that were charged at once have windows of their own.
    if ask.way == Way::AllOrNothing {
        settle::schedule_window(conn, ctx, ask.id, window_ends - COLLECTION_WINDOW, window_ends).await?;
    }
    settle::close_if_done(conn, ctx, ask.id).await
}

/// The window's times move on by as long as it stood still.
async fn shift(conn: &mut PgConnection, ctx: &Ctx, campaign: CampaignId, by: Duration) -> anyhow::Result<()> {
    let micros = i64::try_from(by.whole_microseconds())?;
    store::shift_times(conn, campaign, micros, ctx.now()).await?;
    Ok(())
}

/// What was held back, or answered meanwhile, is charged now.
async fn charge_again(conn: &mut PgConnection, ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let due = batch::lock_in_states(conn, campaign, &[PledgeState::Due]).await?;
    let (mut to_make, mut changes, mut confirms) = (Vec::new(), Vec::new(), Vec::new());
    for pledge in due {
        let (intent, method) = (pledge.intent.clone(), pledge.method.clone());
        match (intent, method) {
            (Some(intent), Some(method)) => {
                let to = felag_domain::pledge::next(pledge.state, PledgeEvent::ChargeStarted)?;
                changes.push(change(&pledge, to, None));
                confirms.push((pledge.subject(), move |_| {
                    requests::confirm_intent(&intent, &method)
                }));
            }
            _ if payments::operations::is_waiting(conn, pledge.subject(), Kind::CreateIntent).await? => {}
            _ => to_make.push(pledge),
        }
    }
    batch::apply(conn, campaign, &changes, ctx.now()).await?;
    payments::write_all(conn, ctx, Kind::ConfirmIntent, confirms).await?;
    settle::write_intents(conn, ctx, &to_make).await?;
    settle::confirm_again(conn, ctx, campaign).await?;
    Ok(())
}

/// Fourteen days after its deadline a campaign that is still suspended is cancelled.
pub async fn end_suspension(ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    let ask = Ask::lock(&mut tx, campaign).await?;
    let is_over = ask
        .deadline_at
        .is_none_or(|deadline| ctx.now() >= deadline + SUSPENSION_MAX);
    if ask.state == CampaignState::Suspended && is_over {
        cancel::cancel(&mut tx, ctx, &ask, By::RULE).await?;
    }
    tx.commit().await?;
    ctx.crash_point(CrashPoint::CampaignCancelled);
    ctx.wake_workers();
    Ok(())
}
