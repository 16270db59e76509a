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
mod transition;

pub use decline::{DeclineKind, MAIL_AFTER, TRY_AFTER, classify, next_mail, next_try};
pub use limits::{NewPledge, PledgeRefusal, RewardTerms, TIP_PERCENT_MAX, Terms, largest, smallest};

pub use transition::next;

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
        /// The charge was held back before it was sent: the campaign is suspended.
        HeldBack => "held_back",
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
    use super::*;

    #[test]
    fn names_read_back() {
        for &state in PledgeState::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
        }
        assert!("Paid".parse::<PledgeState>().is_err());
    }
}
