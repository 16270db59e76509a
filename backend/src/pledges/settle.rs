//! The deadline decides, the window collects: who is charged, when a try is repeated, when it is over.

use felag_domain::campaign::{
    COLLECTION_WINDOW, CampaignEvent, CampaignState, DECISION_WAIT_MAX, Decision, Way, WindowResult,
    close_window, decide_at_deadline, next,
};
use felag_domain::ids::CampaignId;
use felag_domain::money::Money;
use felag_domain::pledge::{MAIL_AFTER, PledgeEvent, PledgeState, TRY_AFTER};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use super::store_batch::{self as batch, Change, Moved};
use super::{Ask, Pledge, endings, jobs, keep, mail_owner, moves};
use crate::campaigns::schedule;
use crate::crash::CrashPoint;
use crate::ctx::Ctx;
use crate::jobs as queue;
use crate::loans;
use crate::payments::{self, Kind, requests};
use crate::planted::{self, Plant};

/// How often the decision looks again whether the last checkouts are over.
const LOOK_AGAIN: Duration = Duration::seconds(30);

/// Pledges that still wait for the provider or the person.
pub(super) const UNRESOLVED: [PledgeState; 5] = [
    PledgeState::Due,
    PledgeState::Charging,
    PledgeState::NeedsYou,
    PledgeState::RetryLater,
    PledgeState::Stopping,
];
/// How long after the window the last tries may take before everything open is stopped.
pub(super) const LAST_WAIT: Duration = Duration::DAY;

/// Decides a campaign whose deadline has passed. Doing it again changes nothing.
///
/// # Errors
/// When the database fails; the job is tried again.
pub async fn settle(ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    let ask = Ask::lock(&mut tx, campaign).await?;
    let Some(deadline) = ask.deadline_at.filter(|deadline| *deadline <= ctx.now()) else {
        return Ok(());
    };
    if ask.state != CampaignState::Open {
        return Ok(());
    }
    if !end_drafts(&mut tx, ctx, campaign, deadline).await? {
        let again = jobs::Settle { campaign };
        queue::enqueue(&mut tx, ctx, &again, ctx.now() + LOOK_AGAIN, None).await?;
        tx.commit().await?;
        ctx.wake_workers();
        return Ok(());
    }
    if ask.way == Way::KeepWhatComes {
        keep::close(&mut tx, ctx, &ask).await?;
        tx.commit().await?;
        ctx.crash_point(CrashPoint::SettlementDecided);
        ctx.wake_workers();
        return Ok(());
    }
    let (promised, _) = batch::figures(&mut tx, campaign).await?;
    let lent = loans::counted(&mut tx, ctx, campaign).await?;
    let counted = Money::from_minor(promised + lent, ask.currency);
    let decision = decide_at_deadline(counted, ask.minimum())?;
    // Before the gifts: what is collected of both is looked at together when the window closes.
    loans::decided(&mut tx, ctx, campaign, decision).await?;
    match decision {
        Decision::Collect => collect(&mut tx, ctx, &ask, promised).await?,
        Decision::Fail => fail(&mut tx, ctx, &ask, promised).await?,
    }
    tx.commit().await?;
    ctx.crash_point(CrashPoint::SettlementDecided);
    tracing::info!(campaign.id = %campaign, promised, "campaign {} was decided: {decision:?}", ask.slug);
    ctx.wake_workers();
    Ok(())
}

/// Ends what is still at a checkout: expired at the provider first, because a card may be saved this very moment.
/// Whether nothing is left to wait for.
async fn end_drafts(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    deadline: OffsetDateTime,
) -> anyhow::Result<bool> {
    let waited_long = ctx.now() >= deadline + DECISION_WAIT_MAX;
    let mut is_done = true;
    for draft in batch::lock_in_states(conn, campaign, &[PledgeState::Draft]).await? {
        if draft.checkout_url.is_none() || waited_long {
            moves::end_before_deadline(conn, ctx, &draft, PledgeState::Expired).await?;
            continue;
        }
        is_done = false;
        let Some(session) = &draft.checkout else { continue };
        if !payments::operations::is_waiting(conn, draft.subject(), Kind::ExpireCheckout).await? {
            let request = |_| requests::expire_checkout(session);
            payments::write(conn, ctx, draft.subject(), Kind::ExpireCheckout, request).await?;
        }
    }
    Ok(is_done)
}

/// The minimum was promised: every saved card comes due, each with a payment of its own, unconfirmed.
async fn collect(conn: &mut PgConnection, ctx: &Ctx, ask: &Ask, promised: i64) -> anyhow::Result<()> {
    let now = ctx.now();
    let state = next(ask.state, Decision::Collect.event())?;
    let window_ends = now + COLLECTION_WINDOW;
    batch::set_campaign(conn, ask.id, state, Some(now), Some(window_ends), None).await?;
    batch::come_due(conn, ask.id, now).await?;
    batch::move_figures(
        conn,
        ask.id,
        Moved {
            at_risk: promised,
            ..Moved::default()
        },
    )
    .await?;
    let due = batch::lock_in_states(conn, ask.id, &[PledgeState::Due]).await?;
    write_intents(conn, ctx, &due).await?;
    schedule_window(conn, ctx, ask.id, now, window_ends).await?;
    jobs::tell(conn, ctx, ask.id, jobs::News::MinimumPromised).await?;
    close_if_done(conn, ctx, ask.id).await
}

/// Writes down what is still to come of a window that began at `started`: tries, reminders, its end.
pub(super) async fn schedule_window(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    started: OffsetDateTime,
    ends: OffsetDateTime,
) -> anyhow::Result<()> {
    let is_to_come = |after: &Duration| started + *after > ctx.now();
    // The first try is under way, the last one belongs to the end of the window.
    for after in TRY_AFTER
        .into_iter()
        .skip(1)
        .filter(|after| *after < COLLECTION_WINDOW && is_to_come(after))
    {
        queue::enqueue(conn, ctx, &jobs::Retry { campaign }, started + after, None).await?;
    }
    for (nth, after) in (1..).zip(MAIL_AFTER.into_iter().skip(1)) {
        if is_to_come(&after) {
            let job = jobs::RemindOfCard { campaign, nth };
            queue::enqueue(conn, ctx, &job, started + after, None).await?;
        }
    }
    queue::enqueue(conn, ctx, &jobs::EndWindow { campaign }, ends, None).await
}

pub(super) async fn write_intents(conn: &mut PgConnection, ctx: &Ctx, due: &[Pledge]) -> anyhow::Result<()> {
    let mut requests = Vec::with_capacity(due.len());
    for pledge in due {
        let (Some(customer), Some(method)) = (pledge.customer.clone(), pledge.method.clone()) else {
            anyhow::bail!("pledge {} has no saved card", pledge.id);
        };
        let total = pledge.total()?;
        requests.push((pledge.subject(), move |tag| {
            requests::create_intent(tag, total, &customer, &method)
        }));
    }
    payments::write_all(conn, ctx, Kind::CreateIntent, requests).await?;
    Ok(())
}

/// The minimum was not promised: everybody is let go, and nothing was ever charged.
async fn fail(conn: &mut PgConnection, ctx: &Ctx, ask: &Ask, promised: i64) -> anyhow::Result<()> {
    let now = ctx.now();
    let state = next(ask.state, Decision::Fail.event())?;
    batch::set_campaign(conn, ask.id, state, Some(now), None, Some(now)).await?;
    super::release::all(conn, ctx, ask.id, promised, PledgeEvent::CampaignFailed).await?;
    jobs::tell(conn, ctx, ask.id, jobs::News::Failed).await
}

/// Charges once more what was declined for now and whose time has come.
pub async fn retry(ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    if Ask::lock(&mut tx, campaign).await?.charges() {
        confirm_again(&mut tx, ctx, campaign).await?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// How many were charged again.
pub(super) async fn confirm_again(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
) -> anyhow::Result<usize> {
    let waiting = batch::lock_in_states(conn, campaign, &[PledgeState::RetryLater]).await?;
    let (mut changes, mut requests) = (Vec::new(), Vec::new());
    for pledge in waiting
        .into_iter()
        .filter(|pledge| pledge.next_try_at.is_some_and(|at| at <= ctx.now()))
    {
        let to = felag_domain::pledge::next(pledge.state, PledgeEvent::ChargeStarted)?;
        let (Some(intent), Some(method)) = (pledge.intent.clone(), pledge.method.clone()) else {
            continue;
        };
        requests.push((pledge.subject(), move |_| {
            requests::confirm_intent(&intent, &method)
        }));
        changes.push(Change {
            id: pledge.id,
            to,
            tries: i32::try_from(pledge.tries).unwrap_or(i32::MAX),
            next_try_at: None,
            decline_code: pledge.decline_code,
            charge: None,
            paid_at: None,
            ended_at: None,
        });
    }
    batch::apply(conn, campaign, &changes, ctx.now()).await?;
    let again = requests.len();
    payments::write_all(conn, ctx, Kind::ConfirmIntent, requests).await?;
    Ok(again)
}

/// Ends the collection window: one last try, then what is still open is stopped, at the provider first.
pub async fn end_window(ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    let ask = Ask::lock(&mut tx, campaign).await?;
    if ask.state != CampaignState::Collecting || ask.window_ends_at.is_none_or(|ends| ctx.now() < ends) {
        return Ok(());
    }
    let waited_long = ask
        .window_ends_at
        .is_some_and(|ends| ctx.now() >= ends + LAST_WAIT);
    let is_trying = !waited_long
        && (confirm_again(&mut tx, ctx, campaign).await? > 0
            || batch::any_in(&mut tx, campaign, &[PledgeState::Charging, PledgeState::Due]).await?);
    if is_trying {
        // The last try is on its way; what it leaves open is stopped an hour later.
        let again = jobs::EndWindow { campaign };
        queue::enqueue(&mut tx, ctx, &again, ctx.now() + Duration::HOUR, None).await?;
    } else {
        use PledgeState::{Charging, Due, NeedsYou, RetryLater};
        let open = [Due, Charging, NeedsYou, RetryLater];
        stop(&mut tx, ctx, campaign, &open, PledgeEvent::WindowEnded).await?;
        close_if_done(&mut tx, ctx, campaign).await?;
    }
    tx.commit().await?;
    ctx.crash_point(CrashPoint::WindowEnded);
    ctx.wake_workers();
    Ok(())
}

/// Stops the payments of pledges in some states, at the provider first: only its answer drops them.
pub(super) async fn stop(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    states: &[PledgeState],
    event: PledgeEvent,
) -> anyhow::Result<()> {
    let open = batch::lock_in_states(conn, campaign, states).await?;
    stop_these(conn, ctx, campaign, open, event).await
}

/// As [`stop`], of pledges that are held already.
pub(super) async fn stop_these(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    open: Vec<Pledge>,
    event: PledgeEvent,
) -> anyhow::Result<()> {
    let (mut changes, mut cancels, mut without_payment) = (Vec::new(), Vec::new(), Vec::new());
    for pledge in open {
        let to = felag_domain::pledge::next(pledge.state, event)?;
        let is_making = payments::operations::is_waiting(conn, pledge.subject(), Kind::CreateIntent).await?;
        let intent = pledge.intent.clone();
        match intent.filter(|_| !planted::is(Plant::DroppedWithoutAsking)) {
            Some(intent) => cancels.push((pledge.subject(), move |_| requests::cancel_intent(&intent))),
            // Its payment was refused before it existed: there is nothing at the provider to cancel.
            None if !is_making => without_payment.push((pledge.id, super::charge::Payment::Cancelled)),
            None => {}
        }
        changes.push(Change {
            id: pledge.id,
            to,
            tries: i32::try_from(pledge.tries).unwrap_or(i32::MAX),
            next_try_at: None,
            decline_code: pledge.decline_code,
            charge: None,
            paid_at: None,
            ended_at: None,
        });
    }
    batch::apply(conn, campaign, &changes, ctx.now()).await?;
    payments::write_all(conn, ctx, Kind::CancelIntent, cancels).await?;
    Box::pin(super::charge::apply_together(
        conn,
        ctx,
        campaign,
        &without_payment,
    ))
    .await?;
    Ok(())
}

/// Asks the provider once more to end payments that were being worked on when it was asked first.
pub async fn stop_again(conn: &mut PgConnection, ctx: &Ctx, pledges: &[Pledge]) -> anyhow::Result<()> {
    for pledge in pledges {
        let Some(intent) = &pledge.intent else { continue };
        if !payments::operations::is_waiting(conn, pledge.subject(), Kind::CancelIntent).await? {
            let request = |_| requests::cancel_intent(intent);
            payments::write(conn, ctx, pledge.subject(), Kind::CancelIntent, request).await?;
        }
    }
    Ok(())
}

/// Closes the window as soon as no pledge is open any more: funded, or short.
pub async fn close_if_done(conn: &mut PgConnection, ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let ask = Ask::lock(conn, campaign).await?;
    if ask.state != CampaignState::Collecting || batch::any_in(conn, campaign, &UNRESOLVED).await? {
        return Ok(());
    }
    if ask.way == Way::KeepWhatComes {
        return close_kept(conn, ctx, &ask).await;
    }
    let (_, collected) = batch::figures(conn, campaign).await?;
    // A loan that counts is waited for: it calls again.
    let Some(lent) = loans::collected_counted(conn, campaign).await? else {
        return Ok(());
    };
    let collected = collected + lent;
    let result = close_window(Money::from_minor(collected, ask.currency), ask.minimum())?;
    let state = next(ask.state, result.event())?;
    batch::set_campaign(conn, campaign, state, None, None, Some(ctx.now())).await?;
    tracing::info!(campaign.id = %campaign, collected, "the window of campaign {} closed: {result:?}", ask.slug);
    match result {
        WindowResult::Funded => funded(conn, ctx, campaign).await,
        WindowResult::Short => {
            let collected = Money::from_minor(collected, ask.currency);
            Box::pin(endings::begin(conn, ctx, &ask, collected)).await
        }
    }
}

async fn funded(conn: &mut PgConnection, ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let what = serde_json::json!({ "campaign": campaign });
    queue::enqueue_named(conn, ctx, schedule::FUNDED, what, ctx.now(), None).await?;
    jobs::tell(conn, ctx, campaign, jobs::News::Funded).await
}

/// What came is kept, however little: there is no minimum to reach.
async fn close_kept(conn: &mut PgConnection, ctx: &Ctx, ask: &Ask) -> anyhow::Result<()> {
    let collected = batch::collected_in_all(conn, ask.id).await?;
    let event = if collected > 0 {
        CampaignEvent::WindowFunded
    } else {
        CampaignEvent::NothingCame
    };
    let state = next(ask.state, event)?;
    batch::set_campaign(conn, ask.id, state, None, None, Some(ctx.now())).await?;
    tracing::info!(campaign.id = %ask.id, collected, "campaign {} keeps what came", ask.slug);
    if collected > 0 {
        return funded(conn, ctx, ask.id).await;
    }
    mail_owner::decided(
        conn,
        ctx,
        ask.id,
        felag_frontend::mail::projects::Outcome::NothingCame,
    )
    .await
}
