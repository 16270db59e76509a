//! A payout: money on its way from a campaign to its project, approved by two different people.
//!
//! ```text
//! proposed ─ asked ─ approved ─ sending ─ on its way ─ paid
//!    └─────────┴────────┴─ withdrawn │         └─ failed ─ returned  (a bank may send back what was paid)
//!                                    └─ returned
//! ```
//! What is approved stands in the books as payable; what is returned or withdrawn is held again.

mod approval;
mod breakdown;
pub mod entries;
mod freeze;
mod plan;
mod statement;
mod transition;

use time::Duration;

pub use approval::{Approval, ApprovalRefusal, Step, Voice, approve};
pub use breakdown::{Breakdown, CostsSoFar, PayoutSource, costs_due};
pub use freeze::{Frozen, Standing, frozen};
pub use plan::{Condition, Plan, PlanRefusal, TRANCHE_FIELDS, TRANCHES_MAX, Tranche, TypedTranche};
pub use statement::{Change, Mismatch, Statement};
pub use transition::next;

use crate::{
    money::Money,
    named::named,
    words::{Refusal, Words},
};

/// No tranche may fall due later than this after collection ends (domain.md, "Money is not held for long").
pub const TRANCHE_LATEST_DAYS: u16 = 80;
/// Money held longer than this after collection ends is an alarm: the provider's limit for most countries.
pub const HELD_MAX: Duration = Duration::days(90);
/// How long nothing is sent after the bank details changed.
pub const BANK_CHANGE_WAIT: Duration = Duration::hours(72);

named! {
    /// Where a payout stands.
    pub enum PayoutState {
        /// A tranche came due: made by itself, nobody approved it yet.
        Proposed => "proposed",
        /// One person approved it.
        Asked => "asked",
        /// Two people did: the money is payable, and sent as soon as nothing stands in the way.
        Approved => "approved",
        /// The transfer to the project's account at the provider is under way.
        Sending => "sending",
        /// At the project's account; the provider sends it to the bank.
        OnItsWay => "on_its_way",
        /// The bank has it.
        Paid => "paid",
        /// The bank did not take it; it is being taken back from the project's account.
        Failed => "failed",
        /// It came back, and is held again.
        Returned => "returned",
        /// Called off before it was sent.
        Withdrawn => "withdrawn",
    }
}

named! {
    /// What can happen to a payout.
    pub enum PayoutEvent {
        /// Somebody approves it as the first.
        FirstApproved => "first_approved",
        /// Somebody else approves it.
        SecondApproved => "second_approved",
        /// The transfer is about to be sent to the provider.
        SendingStarted => "sending_started",
        /// The provider has transferred it.
        Transferred => "transferred",
        /// The provider refused to transfer it.
        TransferRefused => "transfer_refused",
        /// The bank has it.
        BankPaid => "bank_paid",
        /// The bank did not take it, or sent it back.
        BankFailed => "bank_failed",
        /// The transfer was taken back.
        Reversed => "reversed",
        /// Called off.
        Withdrawn => "withdrawn",
    }
}

/// An event that makes no sense where the payout stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a payout that is {from} cannot take {event}")]
pub struct NotAllowed {
    /// Where the payout stands.
    pub from: PayoutState,
    /// What was asked of it.
    pub event: PayoutEvent,
}

impl Refusal for NotAllowed {
    fn words(&self) -> Words {
        match self.event {
            PayoutEvent::FirstApproved | PayoutEvent::SecondApproved => {
                Words::new("payout-cannot-be-approved")
            }
            PayoutEvent::Withdrawn => Words::new("payout-cannot-be-withdrawn"),
            PayoutEvent::SendingStarted
            | PayoutEvent::Transferred
            | PayoutEvent::TransferRefused
            | PayoutEvent::BankPaid
            | PayoutEvent::BankFailed
            | PayoutEvent::Reversed => Words::new("payout-cannot-do-that"),
        }
    }
}

impl PayoutState {
    /// Whether its money stands neither with the project nor, free again, among what is held. A campaign has one
    /// such payout at a time.
    #[must_use]
    pub const fn is_under_way(self) -> bool {
        match self {
            Self::Proposed | Self::Asked | Self::Approved | Self::Sending => true,
            Self::OnItsWay | Self::Failed => true,
            Self::Paid | Self::Returned | Self::Withdrawn => false,
        }
    }

    /// Whether its part is off what is held.
    #[must_use]
    pub const fn is_taken(self) -> bool {
        match self {
            Self::Approved | Self::Sending | Self::OnItsWay | Self::Paid | Self::Failed => true,
            Self::Proposed | Self::Asked | Self::Returned | Self::Withdrawn => false,
        }
    }
}

/// Why a payout cannot be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AskRefusal {
    /// More than the campaign holds.
    #[error("only {held} is held")]
    AboveHeld {
        /// What is held.
        held: Money,
    },
    /// More than the plan lets out by now.
    #[error("the plan lets out {released} by now")]
    AbovePlan {
        /// What may go out now.
        released: Money,
    },
    /// Nothing may go out now.
    #[error("nothing may be paid out now")]
    NothingDue,
    /// Costs and what is owed back take all of it.
    #[error("nothing would be left of it")]
    NothingLeft,
    /// Another payout of the campaign is under way.
    #[error("a payout is under way")]
    UnderWay,
}

impl Refusal for AskRefusal {
    fn words(&self) -> Words {
        match *self {
            Self::AboveHeld { held } => Words::new("payout-above-held").with("held", held),
            Self::AbovePlan { released } => Words::new("payout-above-plan").with("released", released),
            Self::NothingDue => Words::new("payout-nothing-due"),
            Self::NothingLeft => Words::new("payout-nothing-left"),
            Self::UnderWay => Words::new("payout-under-way"),
        }
    }
}

/// Whether `amount` may be asked for, of what is held and what the plan lets out by now.
///
/// # Errors
/// [`AskRefusal`]; the first that holds. Amounts in another currency are above what is held.
pub fn may_ask(amount: Money, held: Money, released: Money) -> Result<(), AskRefusal> {
    if !released.is_positive() {
        return Err(AskRefusal::NothingDue);
    }
    let is_within = |most: Money| most.checked_sub(amount).is_ok_and(|rest| !rest.is_negative());
    if !is_within(held) {
        return Err(AskRefusal::AboveHeld { held });
    }
    if !is_within(released) {
        return Err(AskRefusal::AbovePlan { released });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    #[test]
    fn more_than_is_held_or_planned_is_refused_in_that_order() {
        assert_eq!(may_ask(eur(50), eur(100), eur(50)), Ok(()));
        assert_eq!(
            may_ask(eur(51), eur(100), eur(50)),
            Err(AskRefusal::AbovePlan { released: eur(50) })
        );
        assert_eq!(
            may_ask(eur(101), eur(100), eur(50)),
            Err(AskRefusal::AboveHeld { held: eur(100) })
        );
        assert_eq!(may_ask(eur(1), eur(100), eur(0)), Err(AskRefusal::NothingDue));
        let usd = Money::from_minor(1, Currency::USD);
        assert!(may_ask(usd, eur(100), eur(50)).is_err());
    }

    #[test]
    fn a_payout_is_under_way_until_its_money_is_somewhere_for_good() {
        let settled: Vec<_> = PayoutState::ALL
            .iter()
            .filter(|state| !state.is_under_way())
            .collect();
        assert_eq!(
            settled,
            [
                &PayoutState::Paid,
                &PayoutState::Returned,
                &PayoutState::Withdrawn
            ]
        );
    }
}
