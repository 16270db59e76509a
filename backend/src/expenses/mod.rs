//! Expenses: from promise to voucher. After a payout the project enters what it spent, each against a line of its budget
//! and with a voucher; the public budget shows what was promised, collected, spent and left, and why that differs.
//!
//! `enter`, `withdraw` and `explain` are what people do; `accounts` is what the public reads; `voucher` makes a file fit
//! to be shown. What is entered stays: one that was wrong is withdrawn, with a reason, and entered anew.

pub mod accounts;
mod note;
pub mod store;
pub mod voucher;
pub mod web;

use axum::body::Bytes;
use felag_domain::expense::{EXPLANATION_MAX, NewExpense, TypedExpense, VoucherKind, entries, may_spend};
use felag_domain::ids::{BookId, BudgetLineId, CampaignId, ExpenseId, PersonId, ProjectId};
use felag_domain::money::Money;
use felag_domain::text;
use felag_domain::words::Refusals;
use sqlx::PgConnection;
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

use self::voucher::{Clean, VoucherRefusal};
use crate::campaigns::store::{self as campaigns, Campaign};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::ledger;
use crate::projects::{NotSaved, Say};

pub use note::too_large;

/// How far the clocks of the first place where a day begins are ahead.
const EARLIEST_ZONE: Duration = Duration::hours(14);

/// An expense as it was entered.
#[derive(Debug, Clone)]
pub struct Expense {
    pub campaign: CampaignId,
    pub id: ExpenseId,
    /// From 1, in the order they were entered.
    pub number: u32,
    pub line: BudgetLineId,
    /// The line's title.
    pub line_title: String,
    pub amount: Money,
    pub spent_on: Date,
    pub payee: String,
    pub purpose: String,
    pub voucher: VoucherKind,
    pub voucher_bytes: i64,
    /// Of the file as it is kept.
    pub voucher_sha256: Vec<u8>,
    /// Why the voucher is shown to members and stewards only.
    pub closed: Option<String>,
    pub created_at: OffsetDateTime,
    pub withdrawn: Option<Withdrawn>,
}

/// That an expense was withdrawn.
#[derive(Debug, Clone)]
pub struct Withdrawn {
    pub at: OffsetDateTime,
    pub reason: String,
}

impl Expense {
    /// The name under which the voucher is kept.
    pub fn file(&self) -> String {
        file(self.campaign, self.id, self.voucher)
    }

    /// Whether everybody may open the voucher. That of a withdrawn expense may be the reason for withdrawing it.
    pub fn is_open(&self) -> bool {
        self.closed.is_none() && self.withdrawn.is_none()
    }
}

fn file(campaign: CampaignId, id: ExpenseId, kind: VoucherKind) -> String {
    format!("vouchers/{campaign}/{id}.{}", kind.as_str())
}

/// Somebody who enters an expense, and the form's own key.
#[derive(Debug, Clone, Copy)]
pub struct Entering {
    pub by: PersonId,
    pub request: Uuid,
}

/// Enters an expense with its voucher. The same form sent twice enters it once. Answers its number.
///
/// # Errors
/// What has to be put right, in words; nothing was changed.
pub async fn enter(
    ctx: &Ctx,
    campaign: &Campaign,
    entering: Entering,
    typed: &TypedExpense<'_>,
    file: Bytes,
) -> Result<u32, NotSaved> {
    let done = try_enter(ctx, campaign, entering, typed, file).await;
    note::refused(ctx, campaign, entering.by, "expense.entered", typed.amount, done).await
}

async fn try_enter(
    ctx: &Ctx,
    campaign: &Campaign,
    entering: Entering,
    typed: &TypedExpense<'_>,
    bytes: Bytes,
) -> Result<u32, NotSaved> {
    if let Some(number) = store::by_request(&ctx.db, campaign.id, entering.request).await? {
        return Ok(number);
    }
    let lines = crate::campaigns::lists::budget(&ctx.db, campaign.id, campaign.currency).await?;
    let ids: Vec<BudgetLineId> = lines.iter().map(|line| line.id).collect();
    // Wherever the project is, no later day has begun.
    let today = (ctx.now() + EARLIEST_ZONE).date();
    let new = NewExpense::decide(typed, &ids, campaign.currency, today);
    // Nothing large is taken apart for a form that comes back anyway.
    let new = match new {
        Ok(new) => new,
        Err(mut refusals) => {
            if bytes.is_empty() {
                let mut missing = Refusals::new();
                missing.note("voucher", &VoucherRefusal::Missing);
                refusals.extend(missing.into_vec());
            }
            return Err(NotSaved::Refused(refusals));
        }
    };
    fits(ctx, campaign, new.amount).await?;
    let clean = voucher::take(ctx, bytes).await.map_err(Error::Internal)?;
    let clean = clean.map_err(|refusal| beside("voucher", &refusal))?;
    let id: ExpenseId = ctx.id();
    let name = self::file(campaign.id, id, clean.kind);
    ctx.files
        .put(&name, clean.bytes.clone())
        .await
        .map_err(Error::Internal)?;
    let done = keep(ctx, campaign, entering, id, &new, &clean).await;
    if !matches!(done, Ok((_, true)))
        && let Err(cause) = ctx.files.remove(&name).await
    {
        tracing::warn!("a voucher without an expense stays: {cause:#}");
    }
    done.map(|(number, _)| number)
}

/// Whether an amount fits into what was paid out and is not spent, as it stands now.
async fn fits(ctx: &Ctx, campaign: &Campaign, amount: Money) -> Result<(), NotSaved> {
    let total = store::total(&ctx.db, campaign.id, campaign.currency).await?;
    may_spend(amount, total.paid_out, total.spent).map_err(|refusal| beside("amount", &refusal))
}

fn beside(field: &'static str, refusal: &impl felag_domain::words::Refusal) -> NotSaved {
    let mut refusals = Refusals::new();
    refusals.note(field, refusal);
    NotSaved::Refused(refusals.into_vec())
}

/// Writes the expense, its entry and its line of the audit log. Answers its number, and whether it is new.
async fn keep(
    ctx: &Ctx,
    campaign: &Campaign,
    entering: Entering,
    id: ExpenseId,
    new: &NewExpense,
    clean: &Clean,
) -> Result<(u32, bool), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    campaigns::lock(&mut tx, campaign.id).await?;
    if let Some(number) = store::by_request(&mut *tx, campaign.id, entering.request).await? {
        return Ok((number, false));
    }
    if !store::spend(&mut tx, campaign.id, new.amount).await? {
        drop(tx);
        fits(ctx, campaign, new.amount).await?;
        return Err(NotSaved::on_top(&Say("expense-refused-again")));
    }
    let number = store::insert(&mut tx, campaign.id, id, entering, new, clean, ctx.now()).await?;
    let entry = entries::vouched(BookId::of_campaign(campaign.id), id, new.amount, ctx.now());
    ledger::post(
        &mut tx,
        ctx,
        vec![entry.map_err(anyhow::Error::from).map_err(Error::Internal)?],
    )
    .await
    .map_err(Error::Internal)?;
    note::done(
        &mut tx,
        ctx,
        campaign,
        entering.by,
        "expense.entered",
        (number, new.amount),
        "",
    )
    .await?;
    tx.commit().await?;
    Ok((number, true))
}

/// Withdraws an expense that was wrong: its row stays, with the reason. Doing it again changes nothing.
///
/// # Errors
/// Why not, in words.
pub async fn withdraw(
    ctx: &Ctx,
    campaign: &Campaign,
    number: u32,
    by: PersonId,
    reason: &str,
) -> Result<(), NotSaved> {
    let done = try_withdraw(ctx, campaign, number, by, reason).await;
    note::refused(ctx, campaign, by, "expense.withdrawn", &number.to_string(), done).await
}

async fn try_withdraw(
    ctx: &Ctx,
    campaign: &Campaign,
    number: u32,
    by: PersonId,
    reason: &str,
) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    campaigns::lock(&mut tx, campaign.id).await?;
    let expense = store::find(&mut *tx, campaign, number)
        .await?
        .ok_or(Error::NotFound)?;
    if expense.withdrawn.is_some() {
        return Ok(());
    }
    let reason = text::line(reason, 5, 500).map_err(|_| beside("reason", &Say("expense-reason-short")))?;
    store::withdraw(&mut tx, &expense, by, &reason, ctx.now()).await?;
    let entry = entries::withdrawn(
        BookId::of_campaign(campaign.id),
        expense.id,
        expense.amount,
        ctx.now(),
    );
    ledger::post(
        &mut tx,
        ctx,
        vec![entry.map_err(anyhow::Error::from).map_err(Error::Internal)?],
    )
    .await
    .map_err(Error::Internal)?;
    let what = (number, expense.amount);
    note::done(&mut tx, ctx, campaign, by, "expense.withdrawn", what, &reason).await?;
    tx.commit().await?;
    Ok(())
}

/// Says in public why a line of the budget came out otherwise. What was said before stays.
///
/// # Errors
/// What has to be put right, in words.
pub async fn explain(
    ctx: &Ctx,
    campaign: &Campaign,
    by: PersonId,
    line: &str,
    words: &str,
) -> Result<(), NotSaved> {
    let lines = crate::campaigns::lists::budget(&ctx.db, campaign.id, campaign.currency).await?;
    let mut refusals = Refusals::new();
    let line = lines.iter().find(|one| one.id.to_string() == line);
    let line = refusals.keep("explained_line", line.ok_or(Say("expense-refused-line")));
    let words = text::block(words, 10, EXPLANATION_MAX).map_err(|_| Say("explanation-length"));
    let words = refusals.keep("explanation", words);
    let (Some(line), Some(words)) = (line, words) else {
        return Err(NotSaved::Refused(refusals.into_vec()));
    };
    let mut tx = ctx.db.begin().await?;
    store::explain(&mut tx, ctx, campaign.id, line.id, by, &words).await?;
    note::explained(&mut tx, ctx, campaign, by, &line.title).await?;
    tx.commit().await?;
    Ok(())
}

/// A payout reached the project's bank: it may be spent.
pub async fn paid_out(conn: &mut PgConnection, campaign: CampaignId, net: Money) -> sqlx::Result<()> {
    store::paid_out(conn, campaign, net).await
}

/// A payout came back from the bank. What was spent of it meanwhile stays as it was entered.
pub async fn came_back(conn: &mut PgConnection, campaign: CampaignId, net: Money) -> sqlx::Result<()> {
    store::came_back(conn, campaign, net).await
}

/// The project whose money it is.
fn project(campaign: &Campaign) -> ProjectId {
    campaign.project_id
}
