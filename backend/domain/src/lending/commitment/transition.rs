//! What moves a commitment from one state to the next: one function per event, every state decided.

use super::CommitmentEvent as E;
use super::CommitmentState::{
    Active, Charging, Draft, Dropped, Due, Expired, Firm, Made, NeedsYou, PartlyLost, Refunded, Released,
    Reopened, Repaid, RetryLater, Revoked, Stopping, Waiting,
};
use super::{CommitmentEvent, CommitmentNotAllowed, CommitmentState};

/// Where `event` takes a commitment that stands at `from`.
///
/// Asking twice is safe: an event whose effect is already in place changes nothing, and news of the provider that is
/// older than what the commitment knows changes nothing either.
///
/// # Errors
/// [`CommitmentNotAllowed::PaymentAfterEnd`] if money arrived for a commitment that had ended (the caller refunds
/// it), else [`CommitmentNotAllowed::Event`].
pub fn next_commitment(
    from: CommitmentState,
    event: CommitmentEvent,
) -> Result<CommitmentState, CommitmentNotAllowed> {
    let to = match event {
        E::CardSaved => card_saved(from, Made),
        E::CardSavedLoanFull => card_saved(from, Waiting),
        E::CheckoutExpired => checkout_expired(from),
        E::MovedUp => moved_up(from),
        E::Revoked => revoked(from),
        E::SheetChanged => sheet_changed(from),
        E::ReflectionEnded => reflection_ended(from),
        E::Reduced => reduced(from),
        E::LoanFailed => loan_failed(from),
        E::CameDue => came_due(from),
        E::ChargeStarted => charge_started(from),
        E::ChargeSucceeded => charge_succeeded(from)?,
        E::NeedsPerson | E::HardDecline => needs_person(from),
        E::SoftDecline => soft_decline(from),
        E::WindowEnded => window_ended(from),
        E::ProviderCancelled => provider_cancelled(from),
        E::WentBack => went_back(from),
        E::PaidBack => settled(from, Repaid),
        E::WrittenOff => settled(from, PartlyLost),
    };
    to.ok_or(CommitmentNotAllowed::Event { from, event })
}

fn card_saved(from: CommitmentState, to: CommitmentState) -> Option<CommitmentState> {
    match from {
        Draft => Some(to),
        Waiting | Made | Reopened | Firm | Revoked | Released | Due | Charging | NeedsYou | RetryLater => {
            Some(from)
        }
        Stopping | Dropped | Active | Refunded | Repaid | PartlyLost => Some(from),
        // The checkout was given up; the provider's late "completed" does not begin anew.
        Expired => None,
    }
}

fn checkout_expired(from: CommitmentState) -> Option<CommitmentState> {
    match from {
        Draft | Expired => Some(Expired),
        Waiting | Made | Reopened | Firm | Revoked | Released | Due | Charging | NeedsYou | RetryLater => {
            Some(from)
        }
        Stopping | Dropped | Active | Refunded | Repaid | PartlyLost => Some(from),
    }
}

fn moved_up(from: CommitmentState) -> Option<CommitmentState> {
    match from {
        Waiting | Made => Some(Made),
        Reopened | Firm => Some(from),
        Draft | Expired | Revoked | Released | Due | Charging | NeedsYou | RetryLater => None,
        Stopping | Dropped | Active | Refunded | Repaid | PartlyLost => None,
    }
}

fn revoked(from: CommitmentState) -> Option<CommitmentState> {
    match from {
        Draft | Waiting | Made | Reopened | Revoked => Some(Revoked),
        Firm | Expired | Released | Due | Charging | NeedsYou | RetryLater | Stopping => None,
        Dropped | Active | Refunded | Repaid | PartlyLost => None,
    }
}

fn sheet_changed(from: CommitmentState) -> Option<CommitmentState> {
    match from {
        Made | Reopened | Firm => Some(Reopened),
        // Whoever waits has their days anew, and still waits.
        Waiting => Some(Waiting),
        Draft | Expired => Some(Expired),
        Revoked | Released => Some(from),
        Due | Charging | NeedsYou | RetryLater | Stopping | Dropped | Active => None,
        Refunded | Repaid | PartlyLost => None,
    }
}

fn reflection_ended(from: CommitmentState) -> Option<CommitmentState> {
    match from {
        Made | Reopened | Firm => Some(Firm),
        Draft | Expired | Waiting | Revoked | Released | Due | Charging | NeedsYou | RetryLater => Some(from),
        Stopping | Dropped | Active | Refunded | Repaid | PartlyLost => Some(from),
    }
}

fn reduced(from: CommitmentState) -> Option<CommitmentState> {
    match from {
        Waiting | Made | Reopened | Firm => Some(from),
        Draft | Expired | Revoked | Released | Due | Charging | NeedsYou | RetryLater | Stopping => None,
        Dropped | Active | Refunded | Repaid | PartlyLost => None,
    }
}

fn loan_failed(from: CommitmentState) -> Option<CommitmentState> {
    match from {
        Draft => Some(Expired),
        Waiting | Made | Reopened | Firm | Due | NeedsYou | RetryLater | Released => Some(Released),
        Expired | Revoked | Dropped | Refunded => Some(from),
        // What may be on its way to the provider is stopped there first; what was collected goes back.
        Charging | Stopping => Some(Stopping),
        Active | Repaid | PartlyLost => None,
    }
}

fn came_due(from: CommitmentState) -> Option<CommitmentState> {
    match from {
        Firm | Due => Some(Due),
        Charging | NeedsYou | RetryLater | Stopping | Dropped | Active | Refunded => Some(from),
        Draft | Expired | Waiting | Made | Reopened | Revoked | Released | Repaid | PartlyLost => None,
    }
}

fn charge_started(from: CommitmentState) -> Option<CommitmentState> {
    match from {
        Due | NeedsYou | RetryLater | Charging => Some(Charging),
        Active => Some(Active),
        Draft | Expired | Waiting | Made | Reopened | Firm | Revoked | Released | Stopping | Dropped => None,
        Refunded | Repaid | PartlyLost => None,
    }
}

fn charge_succeeded(from: CommitmentState) -> Result<Option<CommitmentState>, CommitmentNotAllowed> {
    match from {
        Due | Charging | NeedsYou | RetryLater | Stopping | Active => Ok(Some(Active)),
        Refunded | Repaid | PartlyLost => Ok(Some(from)),
        Expired | Revoked | Released | Dropped => Err(CommitmentNotAllowed::PaymentAfterEnd { from }),
        Draft | Waiting | Made | Reopened | Firm => Ok(None),
    }
}

fn needs_person(from: CommitmentState) -> Option<CommitmentState> {
    match from {
        Due | Charging | NeedsYou | RetryLater => Some(NeedsYou),
        Released | Stopping | Dropped | Active | Refunded | Repaid | PartlyLost => Some(from),
        Draft | Expired | Waiting | Made | Reopened | Firm | Revoked => None,
    }
}

fn soft_decline(from: CommitmentState) -> Option<CommitmentState> {
    match from {
        Due | Charging | RetryLater => Some(RetryLater),
        // The person is already asked; a decline heard late does not take the question back.
        NeedsYou => Some(NeedsYou),
        Released | Stopping | Dropped | Active | Refunded | Repaid | PartlyLost => Some(from),
        Draft | Expired | Waiting | Made | Reopened | Firm | Revoked => None,
    }
}

fn window_ended(from: CommitmentState) -> Option<CommitmentState> {
    match from {
        Due | Charging | NeedsYou | RetryLater | Stopping => Some(Stopping),
        Draft | Expired | Waiting | Made | Reopened | Firm | Revoked | Released | Dropped => Some(from),
        Active | Refunded | Repaid | PartlyLost => Some(from),
    }
}

fn provider_cancelled(from: CommitmentState) -> Option<CommitmentState> {
    match from {
        Due | Charging | NeedsYou | RetryLater | Stopping | Dropped => Some(Dropped),
        Draft | Expired | Waiting | Made | Reopened | Firm | Revoked | Released => Some(from),
        Active | Refunded | Repaid | PartlyLost => None,
    }
}

fn went_back(from: CommitmentState) -> Option<CommitmentState> {
    match from {
        Active | Refunded => Some(Refunded),
        Draft | Expired | Waiting | Made | Reopened | Firm | Revoked | Released | Due | Charging => None,
        NeedsYou | RetryLater | Stopping | Dropped | Repaid | PartlyLost => None,
    }
}

fn settled(from: CommitmentState, to: CommitmentState) -> Option<CommitmentState> {
    match from {
        // What was lost may be recovered later.
        Active | PartlyLost => Some(to),
        Repaid => Some(Repaid),
        Draft | Expired | Waiting | Made | Reopened | Firm | Revoked | Released | Due | Charging => None,
        NeedsYou | RetryLater | Stopping | Dropped | Refunded => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{CommitmentState as S, *};

    fn walk(from: S, events: &[E]) -> Result<S, CommitmentNotAllowed> {
        events
            .iter()
            .try_fold(from, |state, &event| next_commitment(state, event))
    }

    #[test]
    fn every_event_is_safe_to_repeat() {
        for &from in S::ALL {
            for &event in E::ALL {
                if let Ok(to) = next_commitment(from, event) {
                    assert_eq!(next_commitment(to, event), Ok(to), "{from} {event}");
                }
            }
        }
    }

    #[test]
    fn only_a_changed_sheet_takes_a_commitment_back() {
        for &from in S::ALL {
            for &event in E::ALL {
                if let Ok(to) = next_commitment(from, event) {
                    assert!(
                        to.rank() >= from.rank() || event == E::SheetChanged,
                        "{from} {event} {to}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_commitment_that_goes_well_is_repaid() {
        let well = [
            E::CardSaved,
            E::ReflectionEnded,
            E::CameDue,
            E::ChargeStarted,
            E::ChargeSucceeded,
            E::PaidBack,
        ];
        assert_eq!(walk(S::Draft, &well), Ok(S::Repaid));
    }

    #[test]
    fn a_firm_commitment_binds_until_the_sheet_changes() {
        assert!(next_commitment(S::Firm, E::Revoked).is_err());
        assert_eq!(walk(S::Firm, &[E::SheetChanged, E::Revoked]), Ok(S::Revoked));
    }

    #[test]
    fn somebody_who_waits_is_never_charged_without_moving_up() {
        assert!(next_commitment(S::Waiting, E::CameDue).is_err());
        assert_eq!(
            walk(S::Waiting, &[E::MovedUp, E::ReflectionEnded, E::CameDue]),
            Ok(S::Due)
        );
    }

    #[test]
    fn only_the_providers_answer_drops_a_commitment() {
        for &from in S::ALL {
            for &event in E::ALL {
                let drops = next_commitment(from, event) == Ok(S::Dropped) && from != S::Dropped;
                assert!(!drops || event == E::ProviderCancelled, "{from} {event}");
            }
        }
        assert_eq!(walk(S::Stopping, &[E::ChargeSucceeded]), Ok(S::Active));
    }

    #[test]
    fn a_payment_for_an_ended_commitment_is_to_be_refunded() {
        for from in [S::Dropped, S::Released, S::Revoked, S::Expired] {
            assert_eq!(
                next_commitment(from, E::ChargeSucceeded),
                Err(CommitmentNotAllowed::PaymentAfterEnd { from })
            );
        }
    }

    proptest! {
        #[test]
        fn news_from_the_provider_ends_in_the_same_place_in_any_order(
            mut news in Just(vec![E::SoftDecline, E::NeedsPerson, E::HardDecline, E::ChargeSucceeded])
                .prop_shuffle(),
            repeated in 0_usize..4,
        ) {
            news.push(news[repeated]);
            let end = news.iter().try_fold(S::Charging, |state, &event| next_commitment(state, event));
            prop_assert_eq!(end, Ok(S::Active));
        }
    }
}
