//! What may be paid out of a campaign, and what stands in the way: read with the campaign held, and for its pages.

use felag_domain::fee::{self, FeeSchedule};
use felag_domain::ids::{BookId, ProjectId};
use felag_domain::ledger::{AccountCode, EntryKind};
use felag_domain::money::{Currency, Money};
use felag_domain::payout::{Breakdown, CostsSoFar, Frozen, PayoutSource, Plan, Standing, costs_due, frozen};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::store;
use crate::campaigns::plan;
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::disputes;
use crate::ledger;
use crate::loans;
use crate::payout_accounts::{self, Account};
use crate::planted::{self, Plant};

/// What a payout of a campaign goes by.
#[derive(Debug, Clone)]
pub struct Facts {
    pub source: PayoutSource,
    pub held: Money,
    /// Approved and not sent.
    pub payable: Money,
    /// What the plan lets out now.
    pub released: Money,
    /// What the project owes back, book by book, this one first.
    pub owed: Vec<(BookId, Money)>,
    /// The provider's cost that is the project's and was not passed on yet; of a loan also what collecting its
    /// instalments will cost, as published.
    pub costs: Money,
    pub plan: Plan,
    /// When collection ended.
    pub collected_at: Option<OffsetDateTime>,
    pub account: Option<Account>,
    pub frozen: Vec<Frozen>,
    pub schedule: FeeSchedule,
}

/// Reads them as they are now, of what was given or of what was lent. What was lent leaves at once and whole.
///
/// # Errors
/// When the database fails, or a stored plan is not one.
pub async fn facts(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    source: PayoutSource,
) -> anyhow::Result<Facts> {
    let book = BookId::of_campaign(campaign.id);
    let currency = campaign.currency;
    let of = async |conn: &mut PgConnection, account| ledger::balance_of(conn, book, account, currency).await;
    let held = of(conn, source.account()).await?;
    let payable = of(conn, AccountCode::Payable).await?;
    let taken = Money::from_minor(store::taken(conn, campaign.id, source).await?, currency);
    let plan = plan::of(conn, campaign.id).await?;
    let collected_at = campaign.ended_at.or(campaign.window_ends_at);
    let released = match collected_at {
        Some(_) if source == PayoutSource::Loan => held,
        Some(ended) => plan.released(held, taken, ended, ctx.now()),
        None => Money::zero(currency),
    };
    let account = payout_accounts::of_project(&mut *conn, campaign.project_id).await?;
    let standing = Standing {
        campaign: campaign.state,
        account: account.as_ref().map(|account| account.state),
        bank_changed_at: account.as_ref().and_then(|account| account.bank_changed_at),
        has_dispute: disputes::freezes(conn, campaign.id).await? && !planted::is(Plant::PayoutDespiteDispute),
    };
    let version = store::fee_version(conn, campaign.id).await?;
    let schedule = fee::published(version).copied().unwrap_or(fee::CURRENT);
    let collecting = match source {
        PayoutSource::Loan => loans::collecting(conn, campaign, held.checked_add(taken)?, &schedule).await?,
        PayoutSource::Gifts => Money::zero(currency),
    };
    Ok(Facts {
        source,
        held,
        payable,
        released,
        owed: owed(conn, campaign.project_id, book, currency).await?,
        costs: costs(conn, book, source, collecting).await?,
        plan,
        collected_at,
        account,
        frozen: frozen(&standing, ctx.now()),
        schedule,
    })
}

impl Facts {
    /// What would become of `gross`.
    ///
    /// # Errors
    /// When it is in another currency.
    pub fn parts(&self, gross: Money) -> anyhow::Result<Breakdown> {
        Ok(Breakdown::of(gross, self.owed_in_all(), self.costs, &self.schedule)?.taken_from(self.source))
    }

    /// What the project owes back, in all its books of this currency.
    pub fn owed_in_all(&self) -> Money {
        let minor = self
            .owed
            .iter()
            .map(|(_, owed)| owed.minor())
            .fold(0, i64::saturating_add);
        Money::from_minor(minor, self.held.currency())
    }
}

/// What a project owes back, in all its books in one currency: the given book first, then in the order of their ids,
/// in which they are locked.
async fn owed(
    conn: &mut PgConnection,
    project: ProjectId,
    first: BookId,
    currency: Currency,
) -> sqlx::Result<Vec<(BookId, Money)>> {
    let rows = sqlx::query!(
        // What comes back by the instalments of a loan's frozen shares is not owed at once.
        r#"select book_id as "book: BookId", balance_minor - fronted as "minor!"
           from account_balance cross join lateral (
               select coalesce(sum(fronted_minor), 0)::bigint as fronted from loan_share
               where campaign_id = book_id and frozen_at is not null) as frozen
           where account = 'receivable' and currency = $3 and balance_minor > fronted
             and (book_id = $1 or book_id in (select campaign_id from campaign where project_id = $1))
           order by book_id <> $2, book_id"#,
        project.as_uuid(),
        first.as_uuid(),
        currency.code(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.book, Money::from_minor(row.minor, currency)))
        .collect())
}

/// The provider's cost that is still to be passed on, from what was really booked, and what is `expected` beside it.
async fn costs(
    conn: &mut PgConnection,
    book: BookId,
    source: PayoutSource,
    expected: Money,
) -> anyhow::Result<Money> {
    let currency = expected.currency();
    let zero = Money::zero(currency);
    let mut so_far = CostsSoFar {
        all: expected,
        gifts: zero,
        tips: zero,
        passed_on: zero,
    };
    let own = source.account();
    for total in ledger::totals(conn, book, currency, None).await? {
        // What a repayment cost is no part of what was given or lent: the loan's payout paid for it beforehand.
        let is_repayment = total.kind == EntryKind::RepaymentReceived;
        if is_repayment || !is_of_source(source, total.kind, total.debit, total.credit) {
            continue;
        }
        let (debit, credit, amount) = (total.debit, total.credit, total.amount);
        let is_payout = is_of_payouts(total.kind);
        let at = match (debit, credit) {
            (AccountCode::PlatformProviderCosts, _) if !is_payout => &mut so_far.all,
            (_, held) if held == own && is_charge(total.kind) => &mut so_far.gifts,
            (_, AccountCode::PlatformTips) if total.kind == EntryKind::Charge => &mut so_far.tips,
            (_, AccountCode::PlatformProviderCosts) if is_payout => &mut so_far.passed_on,
            (AccountCode::PlatformProviderCosts, _) => {
                // Taken back with a payout that came back.
                so_far.passed_on = so_far.passed_on.checked_sub(amount)?;
                continue;
            }
            (_, AccountCode::PlatformProviderCosts) => {
                so_far.all = so_far.all.checked_sub(amount)?;
                continue;
            }
            _ => continue,
        };
        *at = at.checked_add(amount)?;
    }
    Ok(costs_due(&so_far))
}

const fn is_charge(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::Charge | EntryKind::LoanCharge)
}

/// Whether a movement is about what was given, or about what was lent. A charge says so by its kind, a payout by the
/// account it takes from; what else costs something is the gifts'.
fn is_of_source(source: PayoutSource, kind: EntryKind, debit: AccountCode, credit: AccountCode) -> bool {
    let of_loan =
        kind == EntryKind::LoanCharge || debit == AccountCode::HeldLoan || credit == AccountCode::HeldLoan;
    of_loan == (source == PayoutSource::Loan)
}

/// Whether entries of this kind are steps of a payout.
pub fn is_of_payouts(kind: EntryKind) -> bool {
    matches!(
        kind,
        EntryKind::PayoutApproved
            | EntryKind::PayoutRepaid
            | EntryKind::PayoutSending
            | EntryKind::PayoutSent
            | EntryKind::PayoutWithdrawn
            | EntryKind::PayoutRefused
            | EntryKind::PayoutReturned
    )
}
