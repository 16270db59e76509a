//! What moves a loan from one state to the next: one function per event, every state decided.

use super::LoanEvent as E;
use super::LoanState::{
    Cancelled, Closed, Collected, Collecting, Defaulted, Draft, Ended, Failed, InReview, Late, NetworkFirst,
    Open, Recovering, Refunded, Repaying, Rescheduled, Signed, WrittenOff,
};
use super::{LoanEvent, LoanNotAllowed, LoanState};

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
        E::PayoutCameBack => payout_came_back(from),
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

fn payout_came_back(from: LoanState) -> Option<LoanState> {
    match from {
        Repaying | Collected => Some(Collected),
        // It was not paid out within its days, or has been paid back since: too late to begin anew.
        Draft | InReview | NetworkFirst | Open | Closed | Signed | Collecting => None,
        Failed | Refunded | Cancelled | Late | Rescheduled => None,
        Defaulted | Recovering | Ended | WrittenOff => None,
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
