//! The provider's balance beside our books: which entry belongs to which balance transaction, and what may be wrong.

use time::Duration;

use crate::ledger::EntryKind;
use crate::named::named;

/// How long a balance transaction may be without its entry: what a lost webhook would have told is asked for daily.
pub const ENTRY_WITHIN: Duration = Duration::hours(36);
/// How long an entry may be without its balance transaction: lists of the provider may be some minutes behind.
pub const TRANSACTION_WITHIN: Duration = Duration::HOUR;
/// After this time without a finished run somebody is told.
pub const RUNS_WITHIN: Duration = Duration::hours(26);

named! {
    /// What does not fit.
    pub enum Difference {
        /// A balance transaction that no entry books.
        NoEntry => "no_entry",
        /// An entry whose money never moved at the provider.
        NoTransaction => "no_transaction",
        /// Both are there, over different amounts.
        Amount => "amount",
        /// Both are there, in different currencies.
        Currency => "currency",
        /// More than one of either.
        Twice => "twice",
        /// The provider's amount is no amount of the currency.
        Unreadable => "unreadable",
    }
}

/// The reporting category of the balance transaction that an entry of this kind books, if it moves money at the
/// provider. With the entry's cause, which is the provider's name of the object, it is that transaction's key.
/// Source: <https://docs.stripe.com/reports/reporting-categories>.
pub fn category(kind: EntryKind) -> Option<&'static str> {
    match kind {
        // Gifts, loans and repayments: the provider knows them all as charges, each by a name of its own.
        EntryKind::Charge | EntryKind::LoanCharge | EntryKind::RepaymentReceived => Some("charge"),
        EntryKind::Refund => Some("refund"),
        EntryKind::RefundFailed => Some("refund_failure"),
        EntryKind::DisputeOpened => Some("dispute"),
        EntryKind::DisputeWon => Some("dispute_reversal"),
        EntryKind::PayoutSent | EntryKind::LenderSent => Some("transfer"),
        EntryKind::PayoutReturned | EntryKind::LenderReturned => Some("transfer_reversal"),
        EntryKind::CardSaved
        | EntryKind::PledgeChanged
        | EntryKind::PledgeEnded
        | EntryKind::RefundAsked
        | EntryKind::PayoutApproved
        | EntryKind::PayoutRepaid
        | EntryKind::PayoutSending
        | EntryKind::PayoutWithdrawn
        | EntryKind::PayoutRefused
        | EntryKind::ExpenseVouched
        | EntryKind::ExpenseWithdrawn
        | EntryKind::LoanBegun
        | EntryKind::LoanUnbegun
        | EntryKind::ShareTakenOver
        | EntryKind::ShareGivenBack
        | EntryKind::RepaymentCredited
        | EntryKind::RepaymentReturned
        | EntryKind::LenderSending
        | EntryKind::LenderGave
        | EntryKind::LenderGiftReturned
        | EntryKind::LenderLentAgain
        | EntryKind::LenderHasAgain
        | EntryKind::LoanFromKept
        | EntryKind::LoanToKept
        | EntryKind::LoanWrittenOff => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn only_charges_and_transfers_are_claimed_by_more_than_one_kind_of_entry() {
        let claimed = EntryKind::ALL.iter().copied().filter_map(category);
        let claimed: Vec<&str> = claimed
            .filter(|category| *category != "charge" && !category.starts_with("transfer"))
            .collect();
        let different: BTreeSet<&&str> = claimed.iter().collect();
        assert_eq!(different.len(), claimed.len());
    }
}
