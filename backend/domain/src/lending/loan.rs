//! What moves a loan from one state to the next: one function per event, every state decided.

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
    Cancelled, Closed, Collected, Collecting, Defaulted, Draft, Ended, Failed, InReview, Late, NetworkFirst,
    Open, Recovering, Refunded, Repaying, Rescheduled, Signed, WrittenOff,
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

/// Where `event` takes a loan that stands at `from`.
///
/// Asking twice is safe: an event whose effect is already in place changes nothing.
///
/// # Errors
/// [`LoanNotAllowed`].
pub fn next_loan(from: LoanState, event: LoanEvent) -> Result<LoanState, LoanNotAllowed> {
    let to = match event {
        E::Submitted => submitted(from),
        E::ChangesAsked => changes_asked(from),
        E::OpenedToNetwork => opened_to_network(from),
        E::Opened => opened(from),
        E::LendingClosed => lending_closed(from),
        E::Signed => signed(from),
        E::Failed => failed(from),
        E::Cancelled => cancelled(from),
        E::CollectingStarted => collecting_started(from),
        E::WasCollected => was_collected(from),
        E::GoesBack => goes_back(from),
        E::PaidOut => paid_out(from),
        E::FellBehind => fell_behind(from),
        E::CaughtUp => caught_up(from),
        E::NewPlan => new_plan(from),
        E::Defaulted => defaulted(from),
        E::RecoveryBegan => recovery_began(from),
        E::WrittenOff => written_off(from),
        E::PaidBack => paid_back(from),
    };
    to.ok_or(LoanNotAllowed { from, event })
}

fn submitted(from: LoanState) -> Option<LoanState> {
    match from {
        Draft | InReview => Some(InReview),
        NetworkFirst | Open | Closed | Signed | Collecting | Collected => None,
        Failed | Refunded | Cancelled | Repaying | Late | Rescheduled => None,
        Defaulted | Recovering | Ended | WrittenOff => None,
    }
}

fn changes_asked(from: LoanState) -> Option<LoanState> {
    match from {
        Draft | InReview => Some(Draft),
        NetworkFirst | Open | Closed | Signed | Collecting | Collected => None,
        Failed | Refunded | Cancelled | Repaying | Late | Rescheduled => None,
        Defaulted | Recovering | Ended | WrittenOff => None,
    }
}

fn opened_to_network(from: LoanState) -> Option<LoanState> {
    match from {
        InReview | NetworkFirst => Some(NetworkFirst),
        Open => Some(Open),
        Draft | Closed | Signed | Collecting | Collected => None,
        Failed | Refunded | Cancelled | Repaying | Late | Rescheduled => None,
        Defaulted | Recovering | Ended | WrittenOff => None,
    }
}

fn opened(from: LoanState) -> Option<LoanState> {
    match from {
        InReview | NetworkFirst | Open => Some(Open),
        Draft | Closed | Signed | Collecting | Collected => None,
        Failed | Refunded | Cancelled | Repaying | Late | Rescheduled => None,
        Defaulted | Recovering | Ended | WrittenOff => None,
    }
}

fn lending_closed(from: LoanState) -> Option<LoanState> {
    match from {
        NetworkFirst | Open | Closed => Some(Closed),
        Signed => Some(Signed),
        Draft | InReview | Collecting | Collected => None,
        Failed | Refunded | Cancelled | Repaying | Late | Rescheduled => None,
        Defaulted | Recovering | Ended | WrittenOff => None,
    }
}

fn signed(from: LoanState) -> Option<LoanState> {
    match from {
        Closed | Signed => Some(Signed),
        Draft | InReview | NetworkFirst | Open | Collecting | Collected => None,
        Failed | Refunded | Cancelled | Repaying | Late | Rescheduled => None,
        Defaulted | Recovering | Ended | WrittenOff => None,
    }
}

fn failed(from: LoanState) -> Option<LoanState> {
    match from {
        NetworkFirst | Open | Closed | Signed | Failed => Some(Failed),
        Draft | InReview | Collecting | Collected => None,
        Refunded | Cancelled | Repaying | Late | Rescheduled => None,
        Defaulted | Recovering | Ended | WrittenOff => None,
    }
}

fn cancelled(from: LoanState) -> Option<LoanState> {
    match from {
        Draft | InReview | NetworkFirst | Open | Closed | Signed | Cancelled => Some(Cancelled),
        Failed | Refunded => Some(from),
        // What may have been charged goes back instead.
        Collecting | Collected => None,
        Repaying | Late | Rescheduled | Defaulted | Recovering | Ended | WrittenOff => None,
    }
}

fn collecting_started(from: LoanState) -> Option<LoanState> {
    match from {
        Signed | Collecting => Some(Collecting),
        Collected => Some(Collected),
        Draft | InReview | NetworkFirst | Open | Closed => None,
        Failed | Refunded | Cancelled | Repaying | Late | Rescheduled => None,
        Defaulted | Recovering | Ended | WrittenOff => None,
    }
}

fn was_collected(from: LoanState) -> Option<LoanState> {
    match from {
        Collecting | Collected => Some(Collected),
        Draft | InReview | NetworkFirst | Open | Closed | Signed => None,
        Failed | Refunded | Cancelled | Repaying | Late | Rescheduled => None,
        Defaulted | Recovering | Ended | WrittenOff => None,
    }
}

fn goes_back(from: LoanState) -> Option<LoanState> {
    match from {
        Collecting | Collected | Refunded => Some(Refunded),
        Draft | InReview | NetworkFirst | Open | Closed | Signed => None,
        Failed | Cancelled | Repaying | Late | Rescheduled => None,
        Defaulted | Recovering | Ended | WrittenOff => None,
    }
}

fn paid_out(from: LoanState) -> Option<LoanState> {
    match from {
        Collected => Some(Repaying),
        Repaying | Late | Rescheduled | Defaulted | Recovering | Ended | WrittenOff => Some(from),
        Draft | InReview | NetworkFirst | Open | Closed | Signed | Collecting => None,
        Failed | Refunded | Cancelled => None,
    }
}

fn fell_behind(from: LoanState) -> Option<LoanState> {
    match from {
        Repaying | Late | Rescheduled => Some(Late),
        Defaulted | Recovering => Some(from),
        Draft | InReview | NetworkFirst | Open | Closed | Signed | Collecting | Collected => None,
        Failed | Refunded | Cancelled | Ended | WrittenOff => None,
    }
}

fn caught_up(from: LoanState) -> Option<LoanState> {
    match from {
        // A loan that defaulted is cured when nothing is past due any more.
        Repaying | Late | Defaulted | Recovering => Some(Repaying),
        Rescheduled => Some(Rescheduled),
        Draft | InReview | NetworkFirst | Open | Closed | Signed | Collecting | Collected => None,
        Failed | Refunded | Cancelled | Ended | WrittenOff => None,
    }
}

fn new_plan(from: LoanState) -> Option<LoanState> {
    match from {
        Late | Defaulted | Recovering | Rescheduled => Some(Rescheduled),
        Draft | InReview | NetworkFirst | Open | Closed | Signed | Collecting | Collected => None,
        Repaying | Failed | Refunded | Cancelled | Ended | WrittenOff => None,
    }
}

fn defaulted(from: LoanState) -> Option<LoanState> {
    match from {
        Repaying | Late | Rescheduled | Defaulted => Some(Defaulted),
        Recovering => Some(Recovering),
        Draft | InReview | NetworkFirst | Open | Closed | Signed | Collecting | Collected => None,
        Failed | Refunded | Cancelled | Ended | WrittenOff => None,
    }
}

fn recovery_began(from: LoanState) -> Option<LoanState> {
    match from {
        Defaulted | Recovering => Some(Recovering),
        // What comes in after it was given up is split as ever; it stays given up.
        WrittenOff => Some(WrittenOff),
        Draft | InReview | NetworkFirst | Open | Closed | Signed | Collecting | Collected => None,
        Repaying | Late | Rescheduled | Failed | Refunded | Cancelled | Ended => None,
    }
}

fn written_off(from: LoanState) -> Option<LoanState> {
    match from {
        Defaulted | Recovering | WrittenOff => Some(WrittenOff),
        Draft | InReview | NetworkFirst | Open | Closed | Signed | Collecting | Collected => None,
        Repaying | Late | Rescheduled | Failed | Refunded | Cancelled | Ended => None,
    }
}

fn paid_back(from: LoanState) -> Option<LoanState> {
    match from {
        Repaying | Late | Rescheduled | Defaulted | Recovering | WrittenOff | Ended => Some(Ended),
        Draft | InReview | NetworkFirst | Open | Closed | Signed | Collecting | Collected => None,
        Failed | Refunded | Cancelled => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{LoanState as S, *};

    fn walk(from: S, events: &[E]) -> Result<S, LoanNotAllowed> {
        events
            .iter()
            .try_fold(from, |state, &event| next_loan(state, event))
    }

    #[test]
    fn every_event_is_safe_to_repeat() {
        for &from in S::ALL {
            for &event in E::ALL {
                if let Ok(to) = next_loan(from, event) {
                    assert_eq!(next_loan(to, event), Ok(to), "{from} {event}");
                }
            }
        }
    }

    #[test]
    fn a_loan_that_goes_well_is_paid_back() {
        let well = [
            E::Submitted,
            E::OpenedToNetwork,
            E::Opened,
            E::LendingClosed,
            E::Signed,
            E::CollectingStarted,
            E::WasCollected,
            E::PaidOut,
            E::PaidBack,
        ];
        assert_eq!(walk(S::Draft, &well), Ok(S::Ended));
    }

    #[test]
    fn nothing_is_collected_that_the_project_did_not_sign() {
        for &from in S::ALL {
            let collects = next_loan(from, E::CollectingStarted) == Ok(S::Collecting);
            assert!(!collects || matches!(from, S::Signed | S::Collecting), "{from}");
        }
    }

    #[test]
    fn a_loan_that_defaulted_can_be_cured_rescheduled_or_given_up() {
        assert_eq!(walk(S::Late, &[E::Defaulted, E::CaughtUp]), Ok(S::Repaying));
        assert_eq!(walk(S::Late, &[E::Defaulted, E::NewPlan]), Ok(S::Rescheduled));
        assert_eq!(
            walk(S::Defaulted, &[E::RecoveryBegan, E::WrittenOff, E::RecoveryBegan]),
            Ok(S::WrittenOff)
        );
        assert_eq!(walk(S::WrittenOff, &[E::PaidBack]), Ok(S::Ended));
    }

    #[test]
    fn a_loan_that_was_paid_out_never_goes_back_to_its_lenders_as_a_refund() {
        for &from in S::ALL {
            if from.was_paid_out() {
                for event in [E::GoesBack, E::Failed, E::Cancelled] {
                    assert!(next_loan(from, event).is_err(), "{from} {event}");
                }
            }
        }
    }

    #[test]
    fn what_is_over_stays_over() {
        for &from in S::ALL {
            for &event in E::ALL {
                if let Ok(to) = next_loan(from, event)
                    && from.is_over()
                {
                    assert!(to.is_over(), "{from} {event} {to}");
                }
            }
        }
    }
}
