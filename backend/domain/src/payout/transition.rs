//! What moves a payout from one state to the next: one function per event, every state decided.

use super::{
    NotAllowed, PayoutEvent as E, PayoutState,
    PayoutState::{Approved, Asked, Failed, OnItsWay, Paid, Proposed, Returned, Sending, Withdrawn},
};

/// Where `event` takes a payout that stands at `from`.
///
/// Asking twice is safe: an event whose effect is already in place changes nothing. The provider's news may come
/// late and in any order; what is older than what the payout already knows changes nothing either.
///
/// # Errors
/// [`NotAllowed`].
pub fn next(from: PayoutState, event: E) -> Result<PayoutState, NotAllowed> {
    let to = match event {
        E::FirstApproved => first_approved(from),
        E::SecondApproved => second_approved(from),
        E::SendingStarted => sending_started(from),
        E::Transferred => transferred(from),
        E::TransferRefused => transfer_refused(from),
        E::BankPaid => bank_paid(from),
        E::BankFailed => bank_failed(from),
        E::Reversed => reversed(from),
        E::Withdrawn => withdrawn(from),
    };
    to.ok_or(NotAllowed { from, event })
}

fn first_approved(from: PayoutState) -> Option<PayoutState> {
    match from {
        Proposed | Asked => Some(Asked),
        Approved | Sending | OnItsWay | Paid | Failed | Returned | Withdrawn => None,
    }
}

fn second_approved(from: PayoutState) -> Option<PayoutState> {
    match from {
        Asked | Approved => Some(Approved),
        Proposed | Sending | OnItsWay | Paid | Failed | Returned | Withdrawn => None,
    }
}

fn sending_started(from: PayoutState) -> Option<PayoutState> {
    match from {
        Approved | Sending => Some(Sending),
        OnItsWay | Paid | Failed | Returned => Some(from),
        Proposed | Asked | Withdrawn => None,
    }
}

fn transferred(from: PayoutState) -> Option<PayoutState> {
    match from {
        Sending | OnItsWay => Some(OnItsWay),
        Paid | Failed | Returned => Some(from),
        Proposed | Asked | Approved | Withdrawn => None,
    }
}

fn transfer_refused(from: PayoutState) -> Option<PayoutState> {
    match from {
        Sending | Returned => Some(Returned),
        Proposed | Asked | Approved | OnItsWay | Paid | Failed | Withdrawn => None,
    }
}

fn bank_paid(from: PayoutState) -> Option<PayoutState> {
    match from {
        OnItsWay | Paid => Some(Paid),
        // "Paid" may be heard after the bank has sent it back: the later word counts.
        Failed | Returned => Some(from),
        Proposed | Asked | Approved | Sending | Withdrawn => None,
    }
}

fn bank_failed(from: PayoutState) -> Option<PayoutState> {
    match from {
        OnItsWay | Paid | Failed => Some(Failed),
        Returned => Some(Returned),
        Proposed | Asked | Approved | Sending | Withdrawn => None,
    }
}

fn reversed(from: PayoutState) -> Option<PayoutState> {
    match from {
        Failed | Returned => Some(Returned),
        Proposed | Asked | Approved | Sending | OnItsWay | Paid | Withdrawn => None,
    }
}

fn withdrawn(from: PayoutState) -> Option<PayoutState> {
    match from {
        Proposed | Asked | Approved | Withdrawn => Some(Withdrawn),
        Sending | OnItsWay | Paid | Failed | Returned => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{PayoutState as S, *};

    fn walk(from: S, events: &[E]) -> Result<S, NotAllowed> {
        events.iter().try_fold(from, |state, &event| next(state, event))
    }

    #[test]
    fn every_event_is_safe_to_repeat() {
        for &from in S::ALL {
            for &event in E::ALL {
                if let Ok(to) = next(from, event) {
                    assert_eq!(next(to, event), Ok(to), "{from} {event}");
                }
            }
        }
    }

    #[test]
    fn nothing_is_sent_that_two_people_did_not_approve() {
        for from in [S::Proposed, S::Asked, S::Withdrawn] {
            assert!(next(from, E::SendingStarted).is_err(), "{from}");
        }
        assert!(next(S::Proposed, E::SecondApproved).is_err());
        assert_eq!(
            walk(
                S::Proposed,
                &[E::FirstApproved, E::SecondApproved, E::SendingStarted]
            ),
            Ok(S::Sending)
        );
    }

    #[test]
    fn a_payout_that_goes_well_is_paid() {
        let well = [E::SecondApproved, E::SendingStarted, E::Transferred, E::BankPaid];
        assert_eq!(walk(S::Asked, &well), Ok(S::Paid));
    }

    #[test]
    fn a_bank_may_send_back_what_was_paid() {
        assert_eq!(walk(S::Paid, &[E::BankFailed, E::Reversed]), Ok(S::Returned));
        assert_eq!(next(S::Returned, E::BankPaid), Ok(S::Returned));
    }

    #[test]
    fn what_is_on_its_way_cannot_be_called_off() {
        for from in [S::Sending, S::OnItsWay, S::Paid, S::Failed, S::Returned] {
            assert!(next(from, E::Withdrawn).is_err(), "{from}");
        }
    }

    #[test]
    fn only_the_transfers_way_back_makes_money_held_again_after_it_was_sent() {
        for &from in S::ALL {
            for &event in E::ALL {
                let returns = next(from, event) == Ok(S::Returned) && from != S::Returned;
                assert!(
                    !returns || matches!(event, E::Reversed | E::TransferRefused),
                    "{from} {event}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn the_banks_news_ends_in_the_same_place_in_any_order(
            news in Just(vec![E::BankPaid, E::BankPaid, E::BankFailed]).prop_shuffle(),
        ) {
            prop_assert_eq!(walk(S::OnItsWay, &news), Ok(S::Failed));
        }
    }
}
