//! A lender's commitment: its states, what can happen to it, and what its amount counts as.

mod transition;

pub use transition::next_commitment;

use crate::{
    named::named,
    words::{Refusal, Words},
};

named! {
    /// Where a commitment stands.
    pub enum CommitmentState {
        /// Signed; the lender is at the checkout.
        Draft => "draft",
        /// The checkout ended without a card.
        Expired => "expired",
        /// Signed, with a card, and no room in the loan for now.
        Waiting => "waiting",
        /// Signed; free to be revoked until the end of its days.
        Made => "made",
        /// The sheet changed: the days began again.
        Reopened => "reopened",
        /// Its days are over: it binds.
        Firm => "firm",
        /// Taken back within its days, free.
        Revoked => "revoked",
        /// Let go: the loan or its campaign did not come about, or there was no room.
        Released => "released",
        /// The loan is collected: to be charged.
        Due => "due",
        /// A charge is with the provider.
        Charging => "charging",
        /// The bank or the card needs the person.
        NeedsYou => "needs_you",
        /// Declined for now; tried again by itself.
        RetryLater => "retry_later",
        /// The window is over; the provider is asked to cancel the payment.
        Stopping => "stopping",
        /// Not collected within the window: it leaves the contract.
        Dropped => "dropped",
        /// Collected: it is the lender's share of the loan.
        Active => "active",
        /// The loan did not come about after all: the money goes back.
        Refunded => "refunded",
        /// All of the share came back.
        Repaid => "repaid",
        /// A part of the share is lost.
        PartlyLost => "partly_lost",
    }
}

named! {
    /// What can happen to a commitment.
    pub enum CommitmentEvent {
        /// The provider has the card, and the loan has room.
        CardSaved => "card_saved",
        /// The provider has the card; the loan is full.
        CardSavedLoanFull => "card_saved_loan_full",
        /// The checkout ended without a card.
        CheckoutExpired => "checkout_expired",
        /// Room came free for somebody who waited.
        MovedUp => "moved_up",
        /// The lender takes it back.
        Revoked => "revoked",
        /// The sheet changed: the lender has their days once more.
        SheetChanged => "sheet_changed",
        /// Its days are over.
        ReflectionEnded => "reflection_ended",
        /// The lender lends less than they signed for.
        Reduced => "reduced",
        /// The loan or its campaign did not come about.
        LoanFailed => "loan_failed",
        /// The loan is collected.
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
        /// What was collected goes back.
        WentBack => "went_back",
        /// All of it was repaid.
        PaidBack => "paid_back",
        /// What was not repaid was given up.
        WrittenOff => "written_off",
    }
}

use CommitmentEvent as E;
use CommitmentState::{
    Active, Charging, Draft, Dropped, Due, Expired, Firm, Made, NeedsYou, PartlyLost, Refunded, Released,
    Reopened, Repaid, RetryLater, Revoked, Stopping, Waiting,
};

/// Why an event does not move a commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommitmentNotAllowed {
    /// The event makes no sense where the commitment stands.
    #[error("a commitment that is {from} cannot take {event}")]
    Event {
        /// Where the commitment stands.
        from: CommitmentState,
        /// What was asked of it.
        event: CommitmentEvent,
    },
    /// Money came in for a commitment that had already ended: it is to be refunded.
    #[error("a payment arrived for a commitment that is {from}")]
    PaymentAfterEnd {
        /// How the commitment had ended.
        from: CommitmentState,
    },
}

impl Refusal for CommitmentNotAllowed {
    fn words(&self) -> Words {
        match self {
            Self::Event {
                event: E::Revoked, ..
            } => Words::new("commitment-cannot-be-revoked"),
            Self::Event { .. } => Words::new("commitment-cannot-do-that"),
            Self::PaymentAfterEnd { .. } => Words::new("commitment-payment-after-end"),
        }
    }
}

/// What a commitment's amount counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// Part of the loan, still free to be revoked.
    Committed,
    /// Part of the loan for good, and not charged yet.
    Firm,
    /// On the waiting list.
    Waiting,
    /// It may still come in.
    AtRisk,
    /// It came in.
    Collected,
}

impl CommitmentState {
    /// What its amount counts as; `None` for what never was part of the loan, or is no more.
    #[must_use]
    pub const fn bucket(self) -> Option<Bucket> {
        match self {
            Made | Reopened => Some(Bucket::Committed),
            Firm => Some(Bucket::Firm),
            Waiting => Some(Bucket::Waiting),
            Due | Charging | NeedsYou | RetryLater | Stopping => Some(Bucket::AtRisk),
            Active | Repaid | PartlyLost => Some(Bucket::Collected),
            Draft | Expired | Revoked | Released | Dropped | Refunded => None,
        }
    }

    /// Whether its lender may take it back free, as far as its state goes: the day counts too.
    #[must_use]
    pub const fn may_be_revoked(self) -> bool {
        matches!(self, Draft | Waiting | Made | Reopened)
    }

    /// Whether it ended without becoming a share.
    #[must_use]
    pub const fn is_gone(self) -> bool {
        matches!(self, Expired | Revoked | Released | Dropped | Refunded)
    }

    /// Whether its charge waits for the provider or the person.
    #[must_use]
    pub const fn is_unresolved(self) -> bool {
        matches!(self, Due | Charging | NeedsYou | RetryLater | Stopping)
    }

    /// Whether the saved card is to be taken off at the provider.
    #[must_use]
    pub const fn detaches_card(self) -> bool {
        self.is_gone()
    }

    /// How far along a commitment is; 0 to 5. Only a changed sheet takes one to a lower rank.
    #[must_use]
    pub const fn rank(self) -> u8 {
        match self {
            Draft => 0,
            Waiting | Made | Reopened => 1,
            Firm => 2,
            Due | Charging | NeedsYou | RetryLater => 3,
            Stopping => 4,
            Active => 5,
            Expired | Revoked | Released | Dropped | Refunded | Repaid | PartlyLost => 6,
        }
    }
}
