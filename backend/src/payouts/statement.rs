//! The statement of a payout, from the ledger's movements alone. One that does not add up is an error, not a page.

use felag_domain::fee;
use felag_domain::ids::BookId;
use felag_domain::ledger::{AccountCode, Cause, EntryKind};
use felag_domain::money::Money;
use felag_domain::payout::{Change, PayoutSource, Statement};
use felag_frontend::Lang;
use felag_frontend::payouts::StatementLine;
use felag_frontend::project_edit::country;

use super::{Payout, store};
use crate::ctx::Ctx;
use crate::ledger::{self, Place, Total};

/// A payout's statement, and where its entry stands.
pub struct Full {
    pub statement: Statement,
    pub place: Place,
}

/// The statement of a payout that was approved; `None` before.
///
/// # Errors
/// When the ledger and the payout do not agree.
pub async fn of(ctx: &Ctx, payout: &Payout) -> anyhow::Result<Option<Full>> {
    let book = BookId::of_campaign(payout.campaign);
    let cause = |id: String| Cause::new(EntryKind::PayoutApproved, id);
    let Some(place) = ledger::place(&ctx.db, book, &cause(payout.id.to_string())).await? else {
        return Ok(None);
    };
    if !payout.parts.holds() {
        // Called off after it was approved: its parts are held again.
        return Ok(None);
    }
    let mut before = 0;
    for other in store::of_campaign(&ctx.db, payout.campaign).await? {
        if other.number < payout.number
            && other.parts.source == payout.parts.source
            && let Some(found) = ledger::place(&ctx.db, book, &cause(other.id.to_string())).await?
        {
            before = before.max(found.number);
        }
    }
    let currency = payout.currency();
    let mut conn = ctx.db.acquire().await?;
    let account = payout.parts.source.account();
    let carried = held(
        &ledger::totals(&mut conn, book, currency, Some((0, before))).await?,
        account,
    );
    let since = ledger::totals(&mut conn, book, currency, Some((before, place.number - 1))).await?;
    let left = held(
        &ledger::totals(&mut conn, book, currency, Some((0, place.number))).await?,
        account,
    );
    let money = |minor| Money::from_minor(minor, currency);
    let statement = Statement::new(
        money(carried),
        changes(&since, &money, account),
        money(left),
        payout.parts,
    )?;
    Ok(Some(Full { statement, place }))
}

fn held(totals: &[Total], account: AccountCode) -> i64 {
    totals
        .iter()
        .map(|total| total.change_of(account))
        .fold(0, i64::saturating_add)
}

/// What changed what is held, kind by kind.
fn changes(totals: &[Total], money: &impl Fn(i64) -> Money, account: AccountCode) -> Vec<Change> {
    EntryKind::ALL
        .iter()
        .filter_map(|&kind| {
            let of_kind: Vec<Total> = totals
                .iter()
                .copied()
                .filter(|total| total.kind == kind)
                .collect();
            let by = held(&of_kind, account);
            (by != 0).then(|| Change {
                kind,
                by: money(by),
                entries: of_kind.iter().map(|total| total.entries).max().unwrap_or(0),
            })
        })
        .collect()
}

/// Under which line of a statement a change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Gifts,
    Refunds,
    Disputes,
    CameBack,
    Other,
}

fn group(kind: EntryKind) -> Group {
    match kind {
        EntryKind::Charge | EntryKind::LoanCharge => Group::Gifts,
        EntryKind::LenderGave | EntryKind::LoanFromKept => Group::Gifts,
        EntryKind::RefundAsked | EntryKind::Refund | EntryKind::RefundFailed => Group::Refunds,
        EntryKind::LenderGiftReturned | EntryKind::LoanToKept => Group::Refunds,
        EntryKind::DisputeOpened | EntryKind::DisputeWon => Group::Disputes,
        EntryKind::PayoutWithdrawn | EntryKind::PayoutRefused | EntryKind::PayoutReturned => Group::CameBack,
        EntryKind::CardSaved
        | EntryKind::PledgeChanged
        | EntryKind::PledgeEnded
        | EntryKind::PayoutApproved
        | EntryKind::PayoutRepaid
        | EntryKind::PayoutSending
        | EntryKind::PayoutSent
        | EntryKind::ExpenseVouched
        | EntryKind::ExpenseWithdrawn => Group::Other,
        // A loan's repayments have their own statements, and never touch what is held of gifts.
        EntryKind::LoanBegun
        | EntryKind::LoanUnbegun
        | EntryKind::ShareTakenOver
        | EntryKind::ShareGivenBack
        | EntryKind::RepaymentReceived
        | EntryKind::RepaymentCredited
        | EntryKind::RepaymentReturned
        | EntryKind::LenderSending
        | EntryKind::LenderSent
        | EntryKind::LenderReturned
        | EntryKind::LenderLentAgain
        | EntryKind::LenderHasAgain
        | EntryKind::LoanWrittenOff => Group::Other,
    }
}

/// What came in, by the payout's source.
const fn came_in(payout: &Payout) -> &'static str {
    match payout.parts.source {
        PayoutSource::Gifts => "statement-gifts",
        PayoutSource::Loan => "statement-loans",
    }
}

/// What the provider's costs are called, by the payout's source.
const fn costs(payout: &Payout) -> &'static str {
    match payout.parts.source {
        PayoutSource::Gifts => "statement-costs",
        PayoutSource::Loan => "statement-costs-loan",
    }
}

impl Full {
    /// The lines, as the page, the file and the printed statement have them. What is nothing is left out.
    pub fn lines(&self, lang: Lang, payout: &Payout) -> Vec<StatementLine> {
        let Statement {
            carried, left, parts, ..
        } = &self.statement;
        let line = |label: &str, amount: Money, is_sum| StatementLine {
            label: label.to_string(),
            amount,
            is_sum,
        };
        let less = |label: &str, amount: Money| {
            let minor = amount.minor().saturating_neg();
            line(label, Money::from_minor(minor, amount.currency()), false)
        };
        let schedule = fee::published(payout.fee_version)
            .copied()
            .unwrap_or(fee::CURRENT);
        let tax = lang.t2(
            "statement-tax",
            "percent",
            schedule.tax.percent().to_string(),
            "country",
            country(lang, schedule.tax_country),
        );
        let before = parts.gross.checked_add(*left).unwrap_or(parts.gross);
        let mut lines = vec![
            line(lang.t("statement-carried"), *carried, false),
            line(lang.t(came_in(payout)), self.of(Group::Gifts), false),
            line(lang.t("statement-refunds"), self.of(Group::Refunds), false),
            line(lang.t("statement-disputes"), self.of(Group::Disputes), false),
            line(lang.t("statement-came-back"), self.of(Group::CameBack), false),
            line(lang.t("statement-other"), self.of(Group::Other), false),
            line(lang.t("statement-before"), before, true),
            less(lang.t("statement-left"), *left),
            line(lang.t("statement-taken"), parts.gross, true),
            less(lang.t("statement-repaid"), parts.repaid),
            less(lang.t(costs(payout)), parts.costs),
            less(lang.t("statement-fee"), parts.fee),
            less(&tax, parts.tax),
            line(lang.t("statement-net"), parts.net, true),
        ];
        lines.retain(|line| line.is_sum || !line.amount.is_zero());
        lines
    }

    fn of(&self, wanted: Group) -> Money {
        let changes = self
            .statement
            .changes
            .iter()
            .filter(|change| group(change.kind) == wanted);
        let minor = changes
            .map(|change| change.by.minor())
            .fold(0, i64::saturating_add);
        Money::from_minor(minor, self.statement.carried.currency())
    }
}
