//! Collecting a loan: who is charged, when a try is repeated, when it is over, and what the loan then is.

use felag_domain::campaign::{COLLECTION_WINDOW, CampaignState};
use felag_domain::ids::CampaignId;
use felag_domain::lending::{CommitmentEvent, CommitmentState, Fate, LoanEvent, LoanState, fate};
use felag_domain::money::Money;
use felag_domain::pledge::{MAIL_AFTER, TRY_AFTER};
use felag_domain::refund::RefundWhy;
use serde_json::json;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use super::decide::{go_back, release};
use super::store_batch as batch;
use super::{Commitment, Loan, charge, figures, jobs, kept, life, mail, store};
use crate::campaigns::schedule;
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::jobs::{enqueue, enqueue_named};
use crate::payments::{self, Kind, Progress, requests};

use CommitmentState::{Active, Charging, Due, Firm, Made, NeedsYou, Reopened, RetryLater, Stopping, Waiting};

/// Those whose charge waits for the provider or the person.
const UNRESOLVED: [CommitmentState; 5] = [Due, Charging, NeedsYou, RetryLater, Stopping];
/// How long the last tries may take before everything open is stopped.
const LAST_WAIT: Duration = Duration::DAY;
/// How long those are charged who moved up because others could not be charged.
const SECOND_WINDOW: Duration = Duration::hours(72);

/// Every firm commitment comes due. The caller holds campaign and loan.
pub(super) async fn begin(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &mut Loan,
) -> anyhow::Result<()> {
    let now = ctx.now();
    loan.take(LoanEvent::CollectingStarted)?;
    loan.collecting_ends_at = Some(now + COLLECTION_WINDOW);
    store::save(conn, loan, now).await?;
    let firm = batch::lock_in_states(conn, campaign.id, &[Firm]).await?;
    come_due(conn, ctx, campaign.id, firm).await?;
    schedule_window(conn, ctx, campaign.id, now, now + COLLECTION_WINDOW).await?;
    mail::collecting(conn, ctx, campaign, loan).await
}

/// Each with a payment of its own, unconfirmed; or from what its lender keeps.
async fn come_due(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    mut firm: Vec<Commitment>,
) -> anyhow::Result<()> {
    for one in &mut firm {
        one.take(CommitmentEvent::CameDue)?;
        one.due_at = Some(ctx.now());
        one.next_try_at = Some(ctx.now());
    }
    figures::save(conn, campaign, &firm, ctx.now()).await?;
    let mut makes = Vec::with_capacity(firm.len());
    for one in firm.iter().filter(|one| !one.is_from_kept()) {
        let (Some(customer), Some(method)) = (one.customer.clone(), one.method.clone()) else {
            anyhow::bail!("commitment {} has no saved card", one.id);
        };
        let amount = one.amount;
        makes.push((one.subject(), move |tag| {
            requests::create_intent(tag, amount, &customer, &method)
        }));
    }
    payments::write_all(conn, ctx, Kind::CreateIntent, makes).await?;
    kept::collect_later(conn, ctx, &firm).await
}

/// Writes down what is to come of a window that began at `started`: tries, reminders, its end.
async fn schedule_window(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    started: OffsetDateTime,
    ends: OffsetDateTime,
) -> anyhow::Result<()> {
    let tries = TRY_AFTER.into_iter().skip(1).map(|after| started + after);
    for at in tries.filter(|at| *at > ctx.now() && *at < ends) {
        enqueue(conn, ctx, &jobs::Retry { campaign }, at, None).await?;
    }
    for (nth, after) in (1..).zip(MAIL_AFTER.into_iter().skip(1)) {
        let at = started + after;
        if at > ctx.now() && at < ends {
            enqueue(conn, ctx, &jobs::RemindOfCard { campaign, nth }, at, None).await?;
        }
    }
    enqueue(conn, ctx, &jobs::EndWindow { campaign }, ends, None).await
}

/// Charges once more what was declined for now and whose time has come. How many.
pub(super) async fn confirm_again(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
) -> anyhow::Result<usize> {
    let mut due = batch::lock_in_states(conn, campaign, &[RetryLater]).await?;
    due.retain(|one| one.next_try_at.is_some_and(|at| at <= ctx.now()));
    confirm(conn, ctx, campaign, due).await
}

pub(super) async fn confirm(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    mut due: Vec<Commitment>,
) -> anyhow::Result<usize> {
    let mut confirms = Vec::with_capacity(due.len());
    for one in &mut due {
        if let (Some(intent), Some(method)) = (one.intent.clone(), one.method.clone()) {
            one.take(CommitmentEvent::ChargeStarted)?;
            one.next_try_at = None;
            confirms.push((one.subject(), move |_| requests::confirm_intent(&intent, &method)));
        }
    }
    figures::save(conn, campaign, &due, ctx.now()).await?;
    let many = confirms.len();
    payments::write_all(conn, ctx, Kind::ConfirmIntent, confirms).await?;
    Ok(many)
}

/// Ends the window: one last try, then what is still open is stopped, at the provider first.
///
/// # Errors
/// When the database fails; the job is tried again.
pub async fn end_window(ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    let Some((found, loan)) = life::hold(&mut tx, campaign).await? else {
        return Ok(());
    };
    let ends = loan
        .collecting_ends_at
        .filter(|ends| loan.state == LoanState::Collecting && *ends <= ctx.now());
    let Some(ends) = ends.filter(|_| found.state != CampaignState::Suspended) else {
        return Ok(());
    };
    let waited_long = ctx.now() >= ends + LAST_WAIT;
    let is_trying = !waited_long
        && (confirm_again(&mut tx, ctx, campaign).await? > 0
            || batch::any_in(&mut tx, campaign, &[Charging, Due]).await?);
    if is_trying {
        let again = jobs::EndWindow { campaign };
        enqueue(&mut tx, ctx, &again, ctx.now() + Duration::HOUR, None).await?;
    } else {
        let open = [Due, Charging, NeedsYou, RetryLater];
        stop(&mut tx, ctx, campaign, &open, CommitmentEvent::WindowEnded).await?;
        close_if_done(&mut tx, ctx, campaign).await?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Stops the payments that are open, at the provider first: only its answer drops them.
pub(super) async fn stop(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    states: &[CommitmentState],
    event: CommitmentEvent,
) -> anyhow::Result<()> {
    let mut open = batch::lock_in_states(conn, campaign, states).await?;
    let (mut cancels, mut without_payment) = (Vec::new(), Vec::new());
    for one in &mut open {
        one.take(event)?;
        one.next_try_at = None;
        match one.intent.clone() {
            Some(intent) => cancels.push((one.subject(), move |_| requests::cancel_intent(&intent))),
            // Its payment was refused before it existed: there is nothing at the provider to cancel.
            None if !payments::operations::is_waiting(conn, one.subject(), Kind::CreateIntent).await? => {
                without_payment.push((one.id, Progress::Cancelled));
            }
            None => {}
        }
    }
    figures::save(conn, campaign, &open, ctx.now()).await?;
    payments::write_all(conn, ctx, Kind::CancelIntent, cancels).await?;
    Box::pin(charge::apply(conn, ctx, campaign, &without_payment)).await?;
    Ok(())
}

/// Closes collecting as soon as no charge is open any more: those who waited are charged for those who could not be,
/// then the loan is what was collected, or all goes back.
pub async fn close_if_done(conn: &mut PgConnection, ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let Some((found, mut loan)) = life::hold(conn, campaign).await? else {
        return Ok(());
    };
    if loan.state != LoanState::Collecting || batch::any_in(conn, campaign, &UNRESOLVED).await? {
        return Ok(());
    }
    if fill(conn, ctx, &found, &mut loan).await? {
        return Ok(());
    }
    let totals = store::totals(&mut *conn, campaign).await?;
    let collected = Money::from_minor(totals.collected_minor, loan.currency());
    match fate(collected, loan.least)? {
        Fate::Lent(principal) => lent(conn, ctx, &found, &mut loan, principal).await?,
        Fate::GoesBack => go_back(conn, ctx, &found, &mut loan, RefundWhy::Unwound).await?,
    }
    let what = json!({ "campaign": campaign });
    enqueue_named(conn, ctx, schedule::LOAN_SETTLED, what, ctx.now(), None).await?;
    Ok(())
}

/// Whether somebody who waited comes due for somebody who could not be charged.
async fn fill(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &mut Loan,
) -> anyhow::Result<bool> {
    life::move_up(conn, ctx, campaign, loan).await?;
    let firm = batch::lock_in_states(conn, campaign.id, &[Firm]).await?;
    if firm.is_empty() {
        return Ok(false);
    }
    let ends = ctx.now() + SECOND_WINDOW;
    loan.collecting_ends_at = Some(ends);
    store::save(conn, loan, ctx.now()).await?;
    come_due(conn, ctx, campaign.id, firm).await?;
    schedule_window(conn, ctx, campaign.id, ctx.now(), ends).await?;
    Ok(true)
}

/// What was collected is the loan: its principal and every share are fixed.
async fn lent(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &mut Loan,
    principal: Money,
) -> anyhow::Result<()> {
    loan.take(LoanEvent::WasCollected)?;
    loan.principal = Some(principal);
    loan.collected_at = Some(ctx.now());
    store::save(conn, loan, ctx.now()).await?;
    let mut shares = batch::lock_in_states(conn, campaign.id, &[Active]).await?;
    for one in &mut shares {
        one.share = Some(one.amount);
    }
    figures::save(conn, campaign.id, &shares, ctx.now()).await?;
    let gone = release(conn, ctx, campaign.id, &[Waiting, Made, Reopened]).await?;
    mail::released(conn, ctx, campaign, loan, &gone).await?;
    mail::collected(conn, ctx, campaign, loan, &shares).await?;
    let what = json!({ "campaign": campaign.id });
    enqueue_named(conn, ctx, schedule::LOAN_COLLECTED, what, ctx.now(), None).await?;
    let job = jobs::PayOutBy {
        campaign: campaign.id,
    };
    enqueue(conn, ctx, &job, ctx.now() + jobs::PAY_OUT_WITHIN, None).await
}
