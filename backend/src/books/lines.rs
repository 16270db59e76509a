//! Lines of a public book, with the names people chose to show.

use std::collections::HashMap;

use felag_domain::ids::BookId;
use felag_domain::ledger::EntryKind;
use felag_frontend::Lang;
use felag_frontend::campaigns::BookLine;
use sqlx::PgPool;

use super::latest::{self, Named};
use super::store;
use crate::campaigns::store::Campaign;
use crate::campaigns::{self, Lines};
use crate::ctx::Ctx;
use crate::ledger::Shown;

/// The lines of entries of a campaign's book, in the same order.
pub async fn lines(
    db: &PgPool,
    campaign: Option<&Campaign>,
    entries: &[Shown],
) -> anyhow::Result<Vec<BookLine>> {
    let causes = entries.iter().map(|entry| (entry.kind, entry.cause_id.as_str()));
    let names = names(db, campaign, causes).await?;
    let line = |entry: &Shown| BookLine {
        who: names.get(&(entry.kind, entry.cause_id.clone())).cloned(),
        ..campaigns::books::line(Lang::En, entry)
    };
    Ok(entries.iter().map(line).collect())
}

/// The latest lines, for a campaign's page: see [`crate::campaigns::Shows`].
pub fn latest<'a>(ctx: &'a Ctx, campaign: &'a Campaign, most: i64) -> Lines<'a> {
    Box::pin(async move {
        let book = BookId::of_campaign(campaign.id);
        let entries = latest::latest(&ctx.db, book, Some(campaign.id), i64::MAX, most).await?;
        Ok(entries.into_iter().map(line).collect())
    })
}

/// An entry whose name is known already, as a line.
pub fn line(named: Named) -> BookLine {
    BookLine {
        who: named.who,
        ..campaigns::books::line(Lang::En, &named.entry)
    }
}

/// The names that stand beside entries, by kind and id of their causes. Only gifts have any.
pub async fn names<'a>(
    db: &PgPool,
    campaign: Option<&Campaign>,
    causes: impl Iterator<Item = (EntryKind, &'a str)>,
) -> anyhow::Result<HashMap<(EntryKind, String), String>> {
    let Some(campaign) = campaign else {
        return Ok(HashMap::new());
    };
    let nameable: Vec<(EntryKind, String)> = causes
        .filter(|(kind, _)| may_be_named(*kind))
        .map(|(kind, id)| (kind, id.to_string()))
        .collect();
    if nameable.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<String> = nameable.iter().map(|(_, id)| id.clone()).collect();
    let names = store::names(db, campaign.id, &ids).await?;
    Ok(nameable
        .into_iter()
        .filter_map(|cause| names.get(&cause.1).cloned().map(|name| (cause, name)))
        .collect())
}

/// Whether a name may stand beside an entry. Giving is named by those who chose it; that a promise was
/// lowered, ended or paid back is in the books, but nobody is pointed at for it.
pub const fn may_be_named(kind: EntryKind) -> bool {
    match kind {
        EntryKind::CardSaved | EntryKind::Charge => true,
        EntryKind::PledgeChanged | EntryKind::PledgeEnded => false,
        // Who lent is told on the loan's page, by the lender's choice.
        EntryKind::LoanCharge => false,
        EntryKind::RefundAsked | EntryKind::Refund | EntryKind::RefundFailed => false,
        EntryKind::DisputeOpened | EntryKind::DisputeWon => false,
        EntryKind::PayoutApproved | EntryKind::PayoutRepaid | EntryKind::PayoutSending => false,
        EntryKind::PayoutSent | EntryKind::PayoutWithdrawn => false,
        EntryKind::PayoutRefused | EntryKind::PayoutReturned => false,
        EntryKind::LoanUnbegun | EntryKind::ShareTakenOver | EntryKind::ShareGivenBack => false,
        EntryKind::LoanBegun | EntryKind::RepaymentReceived | EntryKind::RepaymentCredited => false,
        EntryKind::RepaymentReturned | EntryKind::LenderSending | EntryKind::LenderSent => false,
        EntryKind::LenderReturned | EntryKind::LoanWrittenOff => false,
        // Nobody is pointed at for what came back to them.
        EntryKind::LenderGave | EntryKind::LenderGiftReturned => false,
        EntryKind::LenderLentAgain | EntryKind::LenderHasAgain => false,
        EntryKind::LoanFromKept | EntryKind::LoanToKept => false,
        EntryKind::ExpenseVouched | EntryKind::ExpenseWithdrawn => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_named_for_a_promise_that_ended_or_was_paid_back() {
        let named: Vec<EntryKind> = EntryKind::ALL
            .iter()
            .copied()
            .filter(|kind| may_be_named(*kind))
            .collect();
        assert_eq!(named, [EntryKind::CardSaved, EntryKind::Charge]);
    }
}
