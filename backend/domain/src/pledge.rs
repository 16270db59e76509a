//! A pledge: its states, what moves it from one to the next, and what may be pledged.
//!
//! ```text
//! draft ─ card saved ─ due ─ charging ─ paid
//!   │         │         │       ├─ needs you ──┐
//!   │         │         │       └─ retry later ┤ (and back to charging)
//!   │         │         │                      └─ stopping ─ dropped, or paid after all
//!   expired   cancelled released
//! ```

mod decline;
mod limits;

pub use decline::{DeclineKind, MAIL_AFTER, TRY_AFTER, classify, next_mail, next_try};
pub use limits::{NewPledge, PledgeRefusal, RewardTerms, TIP_PERCENT_MAX, Terms, largest, smallest};

use crate::{
    named::named,
    words::{Refusal, Words},
};

named! {
    /// Where a pledge stands.
    pub enum PledgeState {
        /// The backer is at the checkout; a reward is held for them.
        Draft => "draft",
        /// The card is saved; nothing is charged before the deadline.
        CardSaved => "card_saved",
        /// The checkout ended without a card.
        Expired => "expired",
        /// Taken back by the backer before the deadline.
        Cancelled => "cancelled",
        /// Let go, because the campaign failed, was cancelled or was unwound.
        Released => "released",
        /// The campaign was decided: to be charged. Amount, currency and tip are frozen.
        Due => "due",
        /// A charge is with the provider.
        Charging => "charging",
        /// The bank or the card needs the person.
        NeedsYou => "needs_you",
        /// Declined for now; tried again by itself.
        RetryLater => "retry_later",
        /// The window is over; the provider is asked to cancel the payment.
        Stopping => "stopping",
        /// The money was collected.
        Paid => "paid",
        /// Not collected within the window.
        Dropped => "dropped",
    }
}

named! {
    /// What can happen to a pledge.
    pub enum PledgeEvent {
        /// The provider has the card.
        CardSaved => "card_saved",
        /// The checkout ended without a card.
        CheckoutExpired => "checkout_expired",
        /// The backer takes the pledge back.
        BackerCancelled => "backer_cancelled",
        /// The campaign's minimum was not promised, or it was unwound.
        CampaignFailed => "campaign_failed",
        /// The campaign was cancelled.
        CampaignCancelled => "campaign_cancelled",
        /// The campaign's minimum was promised: the pledge is to be charged.
        CameDue => "came_due",
        /// The charge is about to be sent to the provider.
        ChargeStarted => "charge_started",
        /// The provider has the money.
        ChargeSucceeded => "charge_succeeded",
        /// The bank wants the person to confirm.
        NeedsPerson => "needs_person",
        /// Declined in a way that may pass.
        SoftDecline => "soft_decline",
        /// Declined for good on this card; another may be given within the window.
        HardDecline => "hard_decline",
        /// The collection window is over.
        WindowEnded => "window_ended",
        /// The provider cancelled the payment: it can never succeed now.
        ProviderCancelled => "provider_cancelled",
    }
}

named! {
    /// Who gets to see a backer's name. The backer's choice, changeable.
    pub enum Visibility {
        /// No name, neither for the public nor on the project's list.
        Anonymous => "anonymous",
        /// Named towards the project only.
        ToProject => "to_project",
        /// Named on the campaign's page.
        Named => "named",
    }
}

/// Why an event does not move a pledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    /// The event makes no sense where the pledge stands.
    #[error("a pledge that is {from} cannot take {event}")]
    Event {
        /// Where the pledge stands.
        from: PledgeState,
        /// What was asked of it.
        event: PledgeEvent,
    },
    /// Money came in for a pledge that had already ended: it is to be refunded.
    #[error("a payment arrived for a pledge that is {from}")]
    PaymentAfterEnd {
        /// How the pledge had ended.
        from: PledgeState,
    },
}

impl Refusal for NotAllowed {
    fn words(&self) -> Words {
        match self {
            Self::Event {
                event: PledgeEvent::BackerCancelled,
                ..
            } => Words::new("pledge-cannot-be-cancelled"),
            Self::Event { .. } => Words::new("pledge-cannot-do-that"),
            Self::PaymentAfterEnd { .. } => Words::new("pledge-payment-after-end"),
        }
    }
}

/// Where `event` takes a pledge that stands at `from`.
///
/// Asking twice is safe: an event whose effect is already in place changes nothing. News from the
/// provider may come late and in any order, so a decline that is older than what the pledge already
/// knows changes nothing either.
///
/// # Errors
/// [`NotAllowed::PaymentAfterEnd`] if money arrived for a pledge that had ended (the caller refunds
/// it), else [`NotAllowed::Event`].
#[rustfmt::skip] // One line per event, in the order of the table in the design.
pub fn next(from: PledgeState, event: PledgeEvent) -> Result<PledgeState, NotAllowed> {
    use {PledgeEvent as E, PledgeState::*};
    let refused = Err(NotAllowed::Event { from, event });
    match (event, from) {
        (E::CardSaved, Draft | CardSaved) => Ok(CardSaved),
        // A webhook that comes after the deadline's decision tells nothing new.
        (E::CardSaved, Cancelled | Released | Due | Charging | NeedsYou | RetryLater | Stopping | Paid | Dropped) => Ok(from),
        // The stock was already given back; the provider's late "completed" does not take it again.
        (E::CardSaved, Expired) => refused,

        (E::CheckoutExpired, Draft | Expired) => Ok(Expired),
        (E::CheckoutExpired, CardSaved | Cancelled | Released | Due | Charging | NeedsYou | RetryLater | Stopping | Paid | Dropped) => Ok(from),

        (E::BackerCancelled, Draft | CardSaved | Cancelled) => Ok(Cancelled),
        (E::BackerCancelled, Expired | Released | Due | Charging | NeedsYou | RetryLater | Stopping | Paid | Dropped) => refused,

        (E::CampaignFailed | E::CampaignCancelled, Draft) => Ok(Expired),
        (E::CampaignFailed | E::CampaignCancelled, CardSaved | Due | NeedsYou | RetryLater | Released) => Ok(Released),
        (E::CampaignFailed | E::CampaignCancelled, Expired | Cancelled | Dropped) => Ok(from),
        // What may be on its way to the provider is stopped there first; what is paid is refunded.
        (E::CampaignFailed | E::CampaignCancelled, Charging | Stopping) => Ok(Stopping),
        (E::CampaignFailed | E::CampaignCancelled, Paid) => refused,

        (E::CameDue, CardSaved | Due) => Ok(Due),
        (E::CameDue, Charging | NeedsYou | RetryLater | Stopping | Paid | Dropped) => Ok(from),
        (E::CameDue, Draft | Expired | Cancelled | Released) => refused,

        (E::ChargeStarted, Due | NeedsYou | RetryLater | Charging) => Ok(Charging),
        (E::ChargeStarted, Paid) => Ok(Paid),
        (E::ChargeStarted, Draft | CardSaved | Expired | Cancelled | Released | Stopping | Dropped) => refused,

        (E::ChargeSucceeded, Due | Charging | NeedsYou | RetryLater | Stopping | Paid) => Ok(Paid),
        (E::ChargeSucceeded, Expired | Cancelled | Released | Dropped) => Err(NotAllowed::PaymentAfterEnd { from }),
        (E::ChargeSucceeded, Draft | CardSaved) => refused,

        (E::NeedsPerson | E::HardDecline, Due | Charging | NeedsYou | RetryLater) => Ok(NeedsYou),
        (E::SoftDecline, Due | Charging | RetryLater) => Ok(RetryLater),
        // The person is already asked; a decline heard late does not take the question back.
        (E::SoftDecline, NeedsYou) => Ok(NeedsYou),
        (E::NeedsPerson | E::HardDecline | E::SoftDecline, Released | Stopping | Paid | Dropped) => Ok(from),
        (E::NeedsPerson | E::HardDecline | E::SoftDecline, Draft | CardSaved | Expired | Cancelled) => refused,

        (E::WindowEnded, Due | Charging | NeedsYou | RetryLater | Stopping) => Ok(Stopping),
        (E::WindowEnded, Draft | CardSaved | Expired | Cancelled | Released | Paid | Dropped) => Ok(from),

        (E::ProviderCancelled, Due | Charging | NeedsYou | RetryLater | Stopping | Dropped) => Ok(Dropped),
        (E::ProviderCancelled, Draft | CardSaved | Expired | Cancelled | Released) => Ok(from),
        (E::ProviderCancelled, Paid) => refused,
    }
}

impl PledgeState {
    /// How far along a pledge is; 0 to 4. No event ever takes a pledge to a lower rank, save for the
    /// tries inside the window, which share one.
    #[must_use]
    pub const fn rank(self) -> u8 {
        match self {
            Self::Draft => 0,
            Self::CardSaved => 1,
            Self::Due | Self::Charging | Self::NeedsYou | Self::RetryLater => 2,
            Self::Stopping => 3,
            Self::Expired | Self::Cancelled | Self::Released | Self::Dropped | Self::Paid => 4,
        }
    }

    /// Whether nothing more will happen to the pledge by itself.
    #[must_use]
    pub const fn is_ended(self) -> bool {
        self.rank() == 4
    }

    /// Whether the pledge holds one piece of its reward's stock.
    #[must_use]
    pub const fn holds_stock(self) -> bool {
        match self {
            Self::Draft | Self::CardSaved | Self::Due | Self::Charging | Self::NeedsYou => true,
            Self::RetryLater | Self::Stopping | Self::Paid => true,
            Self::Expired | Self::Cancelled | Self::Released | Self::Dropped => false,
        }
    }

    /// Whether the saved card is to be taken off at the provider.
    #[must_use]
    pub const fn detaches_card(self) -> bool {
        matches!(
            self,
            Self::Expired | Self::Cancelled | Self::Released | Self::Dropped
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{PledgeEvent as E, PledgeState as S, *};

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

    #[test]
    fn names_read_back() {
        for &state in S::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert!("Paid".parse::<S>().is_err());
    }

    proptest! {
        #[test]
        fn news_from_the_provider_ends_in_the_same_place_in_any_order(
            mut news in Just(vec![E::SoftDecline, E::NeedsPerson, E::SoftDecline, E::ChargeSucceeded]).prop_shuffle(),
            repeated in 0_usize..4,
        ) {
            news.push(news[repeated]);
            let end = news.iter().try_fold(S::Charging, |state, &event| next(state, event));
            prop_assert_eq!(end, Ok(S::Paid));
        }
    }
}
