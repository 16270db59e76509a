//! What moves a pledge from one state to the next: one function per event, every state decided.

use super::{
    NotAllowed, PledgeEvent as E, PledgeState,
    PledgeState::{
        Cancelled, CardSaved, Charging, Draft, Dropped, Due, Expired, NeedsYou, Paid, Released, RetryLater,
        Stopping,
    },
};

/// Where `event` takes a pledge that stands at `from`.
///
/// Asking twice is safe: an event whose effect is already in place changes nothing. News from the
/// provider may come late and in any order, so a decline that is older than what the pledge already
/// knows changes nothing either.
///
/// # Errors
/// [`NotAllowed::PaymentAfterEnd`] if money arrived for a pledge that had ended (the caller refunds
/// it), else [`NotAllowed::Event`].
pub fn next(from: PledgeState, event: E) -> Result<PledgeState, NotAllowed> {
    let to = match event {
        E::CardSaved => card_saved(from),
        E::CheckoutExpired => checkout_expired(from),
        E::BackerCancelled => backer_cancelled(from),
        E::CampaignFailed | E::CampaignCancelled => campaign_ended(from),
        E::CameDue => came_due(from),
        E::ChargeStarted => charge_started(from),
        E::ChargeSucceeded => charge_succeeded(from)?,
        E::NeedsPerson | E::HardDecline => needs_person(from),
        E::SoftDecline => soft_decline(from),
        E::WindowEnded => window_ended(from),
        E::HeldBack => held_back(from),
        E::ProviderCancelled => provider_cancelled(from),
    };
    to.ok_or(NotAllowed::Event { from, event })
}

fn card_saved(from: PledgeState) -> Option<PledgeState> {
    match from {
        Draft | CardSaved => Some(CardSaved),
        // A webhook that comes after the deadline's decision tells nothing new.
        Cancelled | Released | Due | Charging | NeedsYou | RetryLater | Stopping | Paid | Dropped => {
            Some(from)
        }
        // The stock was already given back; the provider's late "completed" does not take it again.
        Expired => None,
    }
}

fn checkout_expired(from: PledgeState) -> Option<PledgeState> {
    match from {
        Draft | Expired => Some(Expired),
        CardSaved | Cancelled | Released | Due | Charging | NeedsYou | RetryLater | Stopping | Paid
        | Dropped => Some(from),
    }
}

fn backer_cancelled(from: PledgeState) -> Option<PledgeState> {
    match from {
        Draft | CardSaved | Cancelled => Some(Cancelled),
        Expired | Released | Due | Charging | NeedsYou | RetryLater | Stopping | Paid | Dropped => None,
    }
}

fn campaign_ended(from: PledgeState) -> Option<PledgeState> {
    match from {
        Draft => Some(Expired),
        CardSaved | Due | NeedsYou | RetryLater | Released => Some(Released),
        Expired | Cancelled | Dropped => Some(from),
        // What may be on its way to the provider is stopped there first; what is paid is refunded.
        Charging | Stopping => Some(Stopping),
        Paid => None,
    }
}

fn came_due(from: PledgeState) -> Option<PledgeState> {
    match from {
        CardSaved | Due => Some(Due),
        Charging | NeedsYou | RetryLater | Stopping | Paid | Dropped => Some(from),
        Draft | Expired | Cancelled | Released => None,
    }
}

fn charge_started(from: PledgeState) -> Option<PledgeState> {
    match from {
        Due | NeedsYou | RetryLater | Charging => Some(Charging),
        Paid => Some(Paid),
        Draft | CardSaved | Expired | Cancelled | Released | Stopping | Dropped => None,
    }
}

fn charge_succeeded(from: PledgeState) -> Result<Option<PledgeState>, NotAllowed> {
    match from {
        Due | Charging | NeedsYou | RetryLater | Stopping | Paid => Ok(Some(Paid)),
        Expired | Cancelled | Released | Dropped => Err(NotAllowed::PaymentAfterEnd { from }),
        Draft | CardSaved => Ok(None),
    }
}

fn needs_person(from: PledgeState) -> Option<PledgeState> {
    match from {
        Due | Charging | NeedsYou | RetryLater => Some(NeedsYou),
        Released | Stopping | Paid | Dropped => Some(from),
        Draft | CardSaved | Expired | Cancelled => None,
    }
}

fn soft_decline(from: PledgeState) -> Option<PledgeState> {
    match from {
        Due | Charging | RetryLater => Some(RetryLater),
        // The person is already asked; a decline heard late does not take the question back.
        NeedsYou => Some(NeedsYou),
        Released | Stopping | Paid | Dropped => Some(from),
        Draft | CardSaved | Expired | Cancelled => None,
    }
}

fn window_ended(from: PledgeState) -> Option<PledgeState> {
    match from {
        Due | Charging | NeedsYou | RetryLater | Stopping => Some(Stopping),
        Draft | CardSaved | Expired | Cancelled | Released | Paid | Dropped => Some(from),
    }
}

fn held_back(from: PledgeState) -> Option<PledgeState> {
    match from {
        Charging => Some(RetryLater),
        Draft | CardSaved | Expired | Cancelled | Released | Due | NeedsYou | RetryLater | Stopping
        | Paid | Dropped => Some(from),
    }
}

fn provider_cancelled(from: PledgeState) -> Option<PledgeState> {
    match from {
        Due | Charging | NeedsYou | RetryLater | Stopping | Dropped => Some(Dropped),
        Draft | CardSaved | Expired | Cancelled | Released => Some(from),
        Paid => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{PledgeState as S, *};

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
    fn no_event_takes_a_pledge_back() {
        for &from in S::ALL {
            for &event in E::ALL {
                if let Ok(to) = next(from, event) {
                    assert!(to.rank() >= from.rank(), "{from} {event} {to}");
                    assert!(!from.is_ended() || to == from, "{from} {event} {to}");
                }
            }
        }
    }

    #[test]
    fn a_pledge_that_goes_well_is_paid() {
        assert_eq!(
            walk(
                S::Draft,
                &[E::CardSaved, E::CameDue, E::ChargeStarted, E::ChargeSucceeded]
            ),
            Ok(S::Paid)
        );
    }

    #[test]
    fn a_pledge_that_needs_the_person_can_still_be_paid() {
        let tries = [
            E::ChargeStarted,
            E::NeedsPerson,
            E::ChargeStarted,
            E::HardDecline,
            E::ChargeStarted,
        ];
        assert_eq!(walk(S::Due, &tries), Ok(S::Charging));
        assert_eq!(
            walk(
                S::Charging,
                &[E::SoftDecline, E::ChargeStarted, E::ChargeSucceeded]
            ),
            Ok(S::Paid)
        );
    }

    #[test]
    fn only_the_providers_answer_drops_a_pledge() {
        assert_eq!(walk(S::RetryLater, &[E::WindowEnded]), Ok(S::Stopping));
        assert_eq!(walk(S::Stopping, &[E::ProviderCancelled]), Ok(S::Dropped));
        assert_eq!(walk(S::Stopping, &[E::ChargeSucceeded]), Ok(S::Paid));
        for &from in S::ALL {
            for &event in E::ALL {
                let drops = next(from, event) == Ok(S::Dropped) && from != S::Dropped;
                assert!(!drops || event == E::ProviderCancelled, "{from} {event}");
            }
        }
    }

    #[test]
    fn a_failed_campaign_never_takes_the_money() {
        assert_eq!(next(S::CardSaved, E::CampaignFailed), Ok(S::Released));
        assert!(next(S::Released, E::ChargeStarted).is_err());
        assert!(next(S::Released, E::CameDue).is_err());
    }

    #[test]
    fn a_payment_for_an_ended_pledge_is_to_be_refunded() {
        for from in [S::Dropped, S::Released, S::Cancelled, S::Expired] {
            assert_eq!(
                next(from, E::ChargeSucceeded),
                Err(NotAllowed::PaymentAfterEnd { from })
            );
        }
    }

    #[test]
    fn a_late_decline_changes_nothing_about_a_paid_pledge() {
        for event in [
            E::SoftDecline,
            E::HardDecline,
            E::NeedsPerson,
            E::WindowEnded,
            E::ChargeStarted,
        ] {
            assert_eq!(next(S::Paid, event), Ok(S::Paid));
        }
    }

    #[test]
    fn after_the_deadline_the_backer_cannot_cancel() {
        for from in [
            S::Due,
            S::Charging,
            S::NeedsYou,
            S::RetryLater,
            S::Stopping,
            S::Paid,
        ] {
            assert!(next(from, E::BackerCancelled).is_err());
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
            let end = news.iter().try_fold(S::Charging, |state, &event| next(state, event));
            prop_assert_eq!(end, Ok(S::Paid));
        }
    }
}
