//! Support: a standing gift to a project, charged every week, month or year until its backer ends it.
//!
//! ```text
//! draft ─ starting ─ active ⇄ past due ─ ended
//!   │                  ⇅
//!   expired          paused ─ ended
//! ```
//! Each charge of it is a contribution, which moves as a pledge does once it is due ([`crate::pledge::next`]).

mod period;
mod transition;

pub use period::{NOTICE, Period, monthly_of};
pub use transition::{NotAllowed, next};

use crate::named::named;

named! {
    /// Where a support stands.
    pub enum SupportState {
        /// The backer is at the checkout.
        Draft => "draft",
        /// The checkout ended without a card.
        Expired => "expired",
        /// The card is saved, and the first charge has not come through yet.
        Starting => "starting",
        /// The last charge came through.
        Active => "active",
        /// The last charge was declined and is tried again.
        PastDue => "past_due",
        /// Paused by its backer: nothing comes due.
        Paused => "paused",
        /// Over, for good.
        Ended => "ended",
    }
}

named! {
    /// What can happen to a support.
    pub enum SupportEvent {
        /// The provider has the card.
        CardSaved => "card_saved",
        /// The checkout ended without a card.
        CheckoutExpired => "checkout_expired",
        /// A charge came through.
        Paid => "paid",
        /// A charge was declined, or the bank wants the person.
        Declined => "declined",
        /// The last try of a charge failed.
        GaveUp => "gave_up",
        /// The backer pauses it.
        Paused => "paused",
        /// The backer lets it go on.
        Resumed => "resumed",
        /// The backer ends it.
        BackerEnded => "backer_ended",
    }
}

impl SupportState {
    /// Whether it is among a project's supporters and in the sum they give.
    #[must_use]
    pub const fn counts(self) -> bool {
        matches!(self, Self::Active | Self::PastDue)
    }

    /// Whether further contributions come due.
    #[must_use]
    pub const fn goes_on(self) -> bool {
        matches!(self, Self::Active | Self::PastDue | Self::Starting)
    }

    /// Whether nothing more will happen to it.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Ended | Self::Expired)
    }
}
