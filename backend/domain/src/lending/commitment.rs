//! What moves a lender's commitment from one state to the next: one function per event, every state decided.

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
