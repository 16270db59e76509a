//! A loan: its states, and what can happen to it.

mod transition;

pub use transition::next_loan;

use crate::{
    named::named,
    words::{Refusal, Words},
};

named! {
    /// Where a loan stands.
    pub enum LoanState {
        /// Being written, with its campaign.
        Draft => "draft",
        /// A steward reads it, with its campaign.
        InReview => "in_review",
        /// Open to lenders the project invited, and not yet to others.
        NetworkFirst => "network_first",
        /// Takes commitments.
        Open => "open",
        /// Takes no more: one reflection period is left until the campaign's deadline.
        Closed => "closed",
        /// The project has signed; it waits for the deadline.
        Signed => "signed",
        /// The campaign was funded; the lenders' cards are charged.
        Collecting => "collecting",
        /// What was collected is the loan; its terms are final. Not paid out yet.
        Collected => "collected",
        /// The campaign or the loan did not come about; nothing was charged.
        Failed => "failed",
        /// What was collected went back to the lenders.
        Refunded => "refunded",
        /// The campaign was called off before anything was charged.
        Cancelled => "cancelled",
        /// Paid out; nothing is past due.
        Repaying => "repaying",
        /// Something is past due.
        Late => "late",
        /// The lenders agreed to a new plan, and it is kept.
        Rescheduled => "rescheduled",
        /// More than 90 days past due, or unlikely to be paid.
        Defaulted => "defaulted",
        /// Something comes in although it defaulted.
        Recovering => "recovering",
        /// Nothing is owed any more.
        Ended => "ended",
        /// Given up: what is still owed is lost to the lenders.
        WrittenOff => "written_off",
    }
}

named! {
    /// What can happen to a loan.
    pub enum LoanEvent {
        /// Its campaign is sent to be read.
        Submitted => "submitted",
        /// A steward asks for changes to the campaign.
        ChangesAsked => "changes_asked",
        /// The campaign opens; first to the project's own network.
        OpenedToNetwork => "opened_to_network",
        /// The campaign opens, or enough of the project's network have lent.
        Opened => "opened",
        /// One reflection period before the deadline.
        LendingClosed => "lending_closed",
        /// The project signs.
        Signed => "signed",
        /// The campaign failed, nobody signed, or too little was committed.
        Failed => "failed",
        /// The campaign was called off.
        Cancelled => "cancelled",
        /// The deadline found enough: cards are charged.
        CollectingStarted => "collecting_started",
        /// All of it was collected, or as much as it may shrink to.
        WasCollected => "was_collected",
        /// Too little was collected, the campaign was unwound, or it was not paid out in time: all goes back.
        GoesBack => "goes_back",
        /// The project has the money.
        PaidOut => "paid_out",
        /// The project's bank sent the money back, and nothing was repaid yet.
        PayoutCameBack => "payout_came_back",
        /// An instalment is past due.
        FellBehind => "fell_behind",
        /// Nothing is past due any more.
        CaughtUp => "caught_up",
        /// The lenders agreed to a new plan.
        NewPlan => "new_plan",
        /// More than 90 days past due, or a steward's reasoned decision.
        Defaulted => "defaulted",
        /// Something came in after it defaulted.
        RecoveryBegan => "recovery_began",
        /// Given up.
        WrittenOff => "written_off",
        /// Nothing is owed any more.
        PaidBack => "paid_back",
    }
}

use LoanEvent as E;
use LoanState::{
    Cancelled, Defaulted, Draft, Ended, Failed, Late, NetworkFirst, Open, Recovering, Refunded, Repaying,
    Rescheduled, WrittenOff,
};

/// An event that makes no sense where the loan stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a loan that is {from} cannot take {event}")]
pub struct LoanNotAllowed {
    /// Where the loan stands.
    pub from: LoanState,
    /// What was asked of it.
    pub event: LoanEvent,
}

impl Refusal for LoanNotAllowed {
    fn words(&self) -> Words {
        match self.event {
            E::Signed => Words::new("loan-cannot-be-signed"),
            _ if self.from.is_over() => Words::new("loan-is-over"),
            _ => Words::new("loan-cannot-do-that"),
        }
    }
}

impl LoanState {
    /// Whether the project may still change its terms and words as it likes.
    #[must_use]
    pub const fn is_editable(self) -> bool {
        matches!(self, Draft)
    }

    /// Whether it takes commitments. In [`NetworkFirst`] only from those the project invited.
    #[must_use]
    pub const fn takes_commitments(self) -> bool {
        matches!(self, NetworkFirst | Open)
    }

    /// Whether the project owes something on it, or is said to.
    #[must_use]
    pub const fn is_running(self) -> bool {
        matches!(self, Repaying | Late | Rescheduled | Defaulted | Recovering)
    }

    /// Whether it was paid out once.
    #[must_use]
    pub const fn was_paid_out(self) -> bool {
        self.is_running() || matches!(self, Ended | WrittenOff)
    }

    /// Whether nothing more will happen to it by itself.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Failed | Refunded | Cancelled | Ended | WrittenOff)
    }
}
