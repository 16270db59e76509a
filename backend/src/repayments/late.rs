//! Each running loan is looked at once a day: what is announced, debited, said to be late, and in default. What a
//! steward decides about a loan in default stands here as well.

use felag_domain::entries::loan as entries;
use felag_domain::ids::{BookId, CampaignId, PersonId};
use felag_domain::lending::{LoanEvent, LoanState, next_loan};
use felag_domain::repaying::RepaymentState::{Asked, NeedsYou, Pending, Processing, RetryLater};
use felag_domain::repaying::{self, Bucket, DEFAULT_AFTER, Instalment, RepaymentState};
use serde_json::json;
use sqlx::PgConnection;
use time::Date;

use super::store::{self, Moved, Running};
use super::{ask, credit, jobs, mail, repayment_store, share_store};
use crate::audit;
use crate::campaigns::store as campaigns;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::ledger;
use crate::payments::unit;
use crate::projects::{NotSaved, Say};

/// How often a bank that wants to see somebody is asked for one due date.
const ASKS: i64 = 3;
/// Repayments that a bank works on, or that wait to be trusted.
const ON_THE_WAY: [RepaymentState; 3] = [Processing, RetryLater, Pending];

/// Looks at one loan. Doing it twice on a day changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn look(ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    campaigns::lock(&mut tx, campaign).await?;
    let Some(loan) = store::lock(&mut tx, campaign)
        .await?
        .filter(|loan| loan.state.is_running())
    else {
        return Ok(());
    };
    let rows = store::rows(&mut tx, campaign, loan.plan).await?;
    let today = ctx.now().date();
    announce(&mut tx, ctx, &loan, &rows, today).await?;
    debit(&mut tx, ctx, &loan, &rows, today).await?;
    late(&mut tx, ctx, &loan, &rows, today).await?;
    jobs::send_on_later(&mut tx, ctx, campaign).await?;
    jobs::look_on(
        &mut tx,
        ctx,
        campaign,
        ctx.now().date().saturating_add(time::Duration::DAY),
    )
    .await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Some days before: what is due, when, and from which card. By the week, more than one may be near.
async fn announce(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    rows: &[Instalment],
    today: Date,
) -> anyhow::Result<()> {
    let mut near: Vec<&Instalment> = rows
        .iter()
        .filter(|row| row.due_on > today && row.is_due(today, loan.policy.notice()))
        .filter(|row| loan.reminded_on.is_none_or(|on| on < row.due_on))
        .collect();
    near.sort_by_key(|row| row.due_on);
    for next in near {
        let due = to_announce(conn, loan, rows, next, today).await?;
        let is_more_to_come = rows.iter().any(|row| row.due_on > next.due_on);
        if due <= 0 || (due < loan.least() && is_more_to_come) {
            // Paid by what is on its way, or too little to be charged: the instalment after it brings it.
            continue;
        }
        let has_card = store::mandate(conn, loan.campaign).await?.is_some();
        let amount = unit::chargeable(loan.money(due));
        mail::upcoming(conn, ctx, loan, next, (amount, has_card)).await?;
        store::set_reminded(conn, loan.campaign, next.due_on).await?;
    }
    Ok(())
}

/// What will be asked for on the day of an instalment: if it is the next, with what is past due by then.
async fn to_announce(
    conn: &mut PgConnection,
    loan: &Running,
    rows: &[Instalment],
    next: &Instalment,
    today: Date,
) -> anyhow::Result<i64> {
    let between = |row: &Instalment| !row.is_paid() && row.due_on > today && row.due_on < next.due_on;
    if rows.iter().any(between) {
        return Ok(next.open().total().unwrap_or(0));
    }
    let rows: Vec<Instalment> = rows
        .iter()
        .copied()
        .filter(|row| row.due_on <= next.due_on)
        .collect();
    let due = repaying::due(&rows, loan.agreed(), next.due_on)
        .total()
        .unwrap_or(0);
    Ok(due - repayment_store::on_way(conn, loan.campaign, &ON_THE_WAY).await?)
}

/// On the day: what is due and announced is debited, once for each due date.
async fn debit(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    rows: &[Instalment],
    today: Date,
) -> anyhow::Result<()> {
    let falls_due = rows
        .iter()
        .filter(|row| !row.is_paid() && row.due_on <= today)
        .map(|row| row.due_on)
        .max();
    let Some(day) = falls_due.filter(|day| loan.reminded_on.is_some_and(|on| on >= *day)) else {
        return Ok(());
    };
    // Too little to be charged waits for the next instalment.
    let is_more_to_come = rows.iter().any(|row| !row.is_paid() && row.due_on > today);
    let rows: Vec<Instalment> = rows.iter().copied().filter(|row| row.due_on <= today).collect();
    let due = repaying::due(&rows, loan.agreed(), today).total().unwrap_or(0);
    // What is on its way already is not asked for twice.
    let on_way = repayment_store::on_way(conn, loan.campaign, &ON_THE_WAY).await?;
    let open: i64 = rows.iter().filter_map(|row| row.open().total()).sum();
    // Nor is interest for the days a bank takes.
    if due <= on_way || (on_way > 0 && on_way >= open) {
        return Ok(());
    }
    let due = due - on_way;
    let mut key = format!("{} {day}", loan.plan);
    if due < loan.least() {
        if is_more_to_come {
            return Ok(());
        }
        // Interest of a day or two that came on top of the last instalment.
        key.push_str(" rest");
    }
    let beginning = format!("debit {key} ");
    let in_vain =
        repayment_store::in_vain(conn, loan.campaign, (&beginning, super::hear::NOBODY_CAME)).await?;
    let waits = repayment_store::on_way(conn, loan.campaign, &[Asked, NeedsYou]).await? > 0;
    let key = match in_vain {
        0 => key,
        // Asked again, as long as that may help and nothing of it is open.
        1..ASKS if !waits => format!("{key} again {in_vain}"),
        _ => return Ok(()),
    };
    ask::debit(conn, ctx, loan, loan.money(due), &key).await?;
    Ok(())
}

/// Says how late it is, when that is another bucket than before; in default after ninety days.
async fn late(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    rows: &[Instalment],
    today: Date,
) -> anyhow::Result<()> {
    let days = repaying::days_late(rows, today, loan.least());
    if days == 0 || is_paying(conn, loan, rows, today).await? {
        return Ok(());
    }
    if days > DEFAULT_AFTER.whole_days() && !loan.is_in_default() {
        return credit::change_state(conn, ctx, loan, LoanEvent::Defaulted).await;
    }
    if next_loan(loan.state, LoanEvent::FellBehind).is_ok_and(|to| to != loan.state) {
        credit::change_state(conn, ctx, loan, LoanEvent::FellBehind).await?;
    }
    if Bucket::of(days) != Bucket::of(days - 1) {
        let due = repaying::due(rows, loan.agreed(), today).total().unwrap_or(0);
        mail::late(conn, ctx, loan, days, loan.money(due)).await?;
        jobs::tell_late(conn, ctx, loan.campaign, days).await?;
    }
    Ok(())
}

/// Whether all that is due is with a bank, or waits to be trusted: then nobody is said to be late.
async fn is_paying(
    conn: &mut PgConnection,
    loan: &Running,
    rows: &[Instalment],
    today: Date,
) -> sqlx::Result<bool> {
    let past: Vec<Instalment> = rows
        .iter()
        .copied()
        .filter(|row| row.is_past_due(today))
        .collect();
    let due: i64 = past.iter().filter_map(|row| row.open().total()).sum();
    Ok(repayment_store::on_way(conn, loan.campaign, &[Processing, Pending]).await? >= due)
}

/// A steward decides that a loan is in default before its time, for a reason lenders are told.
///
/// # Errors
/// What stands against it, in words.
pub async fn default_by_steward(
    ctx: &Ctx,
    campaign: CampaignId,
    steward: PersonId,
    reason: &str,
) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let loan = held(&mut tx, campaign, reason).await?;
    if next_loan(loan.state, LoanEvent::Defaulted) != Ok(LoanState::Defaulted) {
        return Err(NotSaved::on_top(&Say("loan-cannot-do-that")));
    }
    record(&mut tx, ctx, &loan, steward, "loan.defaulted", reason).await?;
    credit::change_state(&mut tx, ctx, &loan, LoanEvent::Defaulted)
        .await
        .map_err(Error::from)?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// A steward gives up what is still owed: lenders' claims end as losses. What comes in later is theirs all the same.
///
/// # Errors
/// What stands against it, in words.
pub async fn write_off(
    ctx: &Ctx,
    campaign: CampaignId,
    steward: PersonId,
    reason: &str,
) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let loan = held(&mut tx, campaign, reason).await?;
    if !matches!(loan.state, LoanState::Defaulted | LoanState::Recovering) {
        return Err(NotSaved::on_top(&Say("loan-cannot-do-that")));
    }
    record(&mut tx, ctx, &loan, steward, "loan.written_off", reason).await?;
    give_up(&mut tx, ctx, &loan).await.map_err(Error::from)?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

async fn give_up(conn: &mut PgConnection, ctx: &Ctx, loan: &Running) -> anyhow::Result<()> {
    let shares = share_store::lock_all(conn, loan.campaign).await?;
    let lost: Vec<_> = shares
        .iter()
        .map(|one| (one.id, loan.money(one.share - one.principal - one.lost)))
        .collect();
    let sum: i64 = lost.iter().map(|(_, amount)| amount.minor()).sum();
    let entry = entries::loan_written_off(BookId::of_campaign(loan.campaign), &lost, ctx.now())?;
    ledger::post(conn, ctx, vec![entry]).await?;
    share_store::give_up(conn, loan.campaign).await?;
    let moved = Moved {
        lost: sum,
        ..Moved::default()
    };
    store::add(conn, loan.campaign, moved, None).await?;
    credit::change_state(conn, ctx, loan, LoanEvent::WrittenOff).await
}

async fn held(conn: &mut PgConnection, campaign: CampaignId, reason: &str) -> Result<Running, NotSaved> {
    campaigns::lock(conn, campaign).await?;
    let loan = store::lock(conn, campaign).await?.ok_or(Error::NotFound)?;
    if reason.trim().is_empty() {
        let mut refusals = felag_domain::words::Refusals::new();
        refusals.note("reason", &Say("repay-reason-missing"));
        return Err(NotSaved::Refused(refusals.into_vec()));
    }
    Ok(loan)
}

async fn record(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    steward: PersonId,
    kind: &str,
    reason: &str,
) -> sqlx::Result<()> {
    let act = audit::Act {
        actor: Some(steward),
        kind,
        project: Some(loan.project),
        campaign: Some(loan.campaign),
        subject: loan.title.clone(),
        reason,
        detail: json!({}),
        refused: false,
    };
    audit::record(conn, ctx, &act).await?;
    let words = (ctx.id(), "decided", reason);
    store::note(conn, loan.campaign, words, Some(steward), ctx.now()).await
}
