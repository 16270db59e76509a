//! A campaign: its states, what moves it from one to the next, and what its deadline decides.
//!
//! ```text
//! draft ─ in review ─ scheduled ─ open ─┬─ collecting ─┬─ funded ─ closed
//!            │  ▲                       │              │    ▲ └ unpayable (and back)
//!         changes asked                 failed         short ─ unwound
//! ```
//! Any time before funded a campaign can be cancelled; open or collecting it can be suspended.

mod basics;
mod budget;
mod if_short;
mod ready;
mod reward;
mod transition;
mod way;

use time::Duration;

pub use basics::{Basics, BasicsRefusal, DURATION_DAYS, FULL_PLAN_MAX_MAJOR};
pub use budget::{BudgetKind, BudgetRefusal, NewBudgetLine};
pub use if_short::{
    GO_ON_PERCENT, IfShort, Percent, PercentRefused, SHORT_WAIT, ShortDecision, TAKE_BACK, UNPAYABLE_MAX,
};
pub use ready::{Checklist, Missing, missing_before_submission};
pub use reward::{NewReward, RewardRefusal};
pub use transition::next;
pub use way::Way;

use crate::{
    money::{Money, MoneyError},
    named::named,
    words::{Refusal, Words},
};

named! {
    /// Where a campaign stands.
    pub enum CampaignState {
        /// Being written.
        Draft => "draft",
        /// A steward reads it.
        InReview => "in_review",
        /// A steward asked for changes.
        ChangesAsked => "changes_asked",
        /// Approved; opens on its day.
        Scheduled => "scheduled",
        /// Takes pledges until the deadline.
        Open => "open",
        /// The minimum was promised; cards are charged.
        Collecting => "collecting",
        /// The minimum was collected.
        Funded => "funded",
        /// Everything was paid out.
        Closed => "closed",
        /// The minimum was not promised.
        Failed => "failed",
        /// The minimum was promised and not collected; the money stays where it is.
        Short => "short",
        /// The money collected went back to the backers.
        Unwound => "unwound",
        /// Called off before it was funded.
        Cancelled => "cancelled",
        /// Held by a steward: nothing is charged; the deadline stays.
        Suspended => "suspended",
        /// Funded, but the payout account was lost.
        Unpayable => "unpayable",
    }
}

named! {
    /// What can happen to a campaign.
    pub enum CampaignEvent {
        /// The project sends it to be read.
        Submitted => "submitted",
        /// A steward asks for changes.
        ChangesAsked => "changes_asked",
        /// A steward approves it.
        Approved => "approved",
        /// Its day has come.
        Opened => "opened",
        /// The deadline found the minimum promised.
        MinimumPromised => "minimum_promised",
        /// The deadline found less than the minimum promised.
        MinimumMissed => "minimum_missed",
        /// The deadline of a campaign that keeps what comes: what is still open is tried to its end.
        DeadlineKept => "deadline_kept",
        /// A campaign that keeps what comes ended, and nothing had come.
        NothingCame => "nothing_came",
        /// The collection window ended with the minimum collected.
        WindowFunded => "window_funded",
        /// The collection window ended with less than the minimum collected.
        WindowShort => "window_short",
        /// Short, the campaign goes on by its published rule.
        WentOn => "went_on",
        /// What was collected went back.
        Unwound => "unwound",
        /// Everything was paid out.
        PaidOut => "paid_out",
        /// Called off.
        Cancelled => "cancelled",
        /// Held by a steward.
        Suspended => "suspended",
        /// Let go on, before its deadline. The caller knows where the campaign was held.
        ResumedOpen => "resumed_open",
        /// Let go on, in its collection window.
        ResumedCollecting => "resumed_collecting",
        /// The payout account was lost.
        PayoutLost => "payout_lost",
        /// The payout account is there again.
        PayoutRestored => "payout_restored",
    }
}

/// An event that makes no sense where the campaign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a campaign that is {from} cannot take {event}")]
pub struct NotAllowed {
    /// Where the campaign stands.
    pub from: CampaignState,
    /// What was asked of it.
    pub event: CampaignEvent,
}

impl Refusal for NotAllowed {
    fn words(&self) -> Words {
        match self.event {
            CampaignEvent::Submitted => Words::new("campaign-cannot-be-submitted"),
            CampaignEvent::ChangesAsked | CampaignEvent::Approved => Words::new("campaign-not-in-review"),
            CampaignEvent::Cancelled => Words::new("campaign-cannot-be-cancelled"),
            CampaignEvent::Opened
            | CampaignEvent::MinimumPromised
            | CampaignEvent::MinimumMissed
            | CampaignEvent::DeadlineKept
            | CampaignEvent::NothingCame
            | CampaignEvent::WindowFunded
            | CampaignEvent::WindowShort
            | CampaignEvent::WentOn
            | CampaignEvent::Unwound
            | CampaignEvent::PaidOut
            | CampaignEvent::Suspended
            | CampaignEvent::ResumedOpen
            | CampaignEvent::ResumedCollecting
            | CampaignEvent::PayoutLost
            | CampaignEvent::PayoutRestored => Words::new("campaign-cannot-do-that"),
        }
    }
}

impl CampaignState {
    /// Whether the project may still change minimum, full plan, deadline and rewards.
    #[must_use]
    pub const fn is_editable(self) -> bool {
        matches!(self, Self::Draft | Self::ChangesAsked)
    }

    /// Whether everybody may see the campaign's page.
    #[must_use]
    pub const fn is_public(self) -> bool {
        match self {
            Self::Draft | Self::InReview | Self::ChangesAsked | Self::Scheduled => false,
            Self::Open | Self::Collecting | Self::Funded | Self::Closed | Self::Failed => true,
            Self::Short | Self::Unwound | Self::Cancelled | Self::Suspended | Self::Unpayable => true,
        }
    }

    /// Whether its owners may still cancel it by themselves: nothing was charged, and nothing is about to be. From
    /// the decision on it takes more than that.
    #[must_use]
    pub const fn owners_may_cancel(self) -> bool {
        match self {
            Self::Draft | Self::InReview | Self::ChangesAsked | Self::Scheduled | Self::Open => true,
            Self::Collecting | Self::Funded | Self::Closed | Self::Failed | Self::Short | Self::Unwound => {
                false
            }
            Self::Cancelled | Self::Suspended | Self::Unpayable => false,
        }
    }

    /// Whether pledges are taken, the deadline aside.
    #[must_use]
    pub const fn takes_pledges(self) -> bool {
        matches!(self, Self::Open)
    }
}

/// How long cards are tried after the deadline.
pub const COLLECTION_WINDOW: Duration = Duration::days(7);
/// How long an open checkout holds its reward.
pub const CHECKOUT_HOLD: Duration = Duration::minutes(30);
/// How long the decision waits after the deadline for checkouts that are still open.
pub const DECISION_WAIT_MAX: Duration = Duration::minutes(15);
/// How long after its deadline a suspended campaign is cancelled.
pub const SUSPENSION_MAX: Duration = Duration::days(14);

/// What the deadline decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The minimum was promised: charge every pledge.
    Collect,
    /// It was not: let every pledge go.
    Fail,
}

impl Decision {
    /// The event that carries the decision out.
    #[must_use]
    pub const fn event(self) -> CampaignEvent {
        match self {
            Self::Collect => CampaignEvent::MinimumPromised,
            Self::Fail => CampaignEvent::MinimumMissed,
        }
    }
}

/// Whether what was promised reaches the minimum. Tips count for nothing here.
///
/// # Errors
/// [`MoneyError::MixedCurrencies`].
pub fn decide_at_deadline(promised: Money, minimum: Money) -> Result<Decision, MoneyError> {
    Ok(if reaches(promised, minimum)? {
        Decision::Collect
    } else {
        Decision::Fail
    })
}

/// How the collection window ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowResult {
    /// The minimum was collected.
    Funded,
    /// It was not.
    Short,
}

impl WindowResult {
    /// The event that carries the result out.
    #[must_use]
    pub const fn event(self) -> CampaignEvent {
        match self {
            Self::Funded => CampaignEvent::WindowFunded,
            Self::Short => CampaignEvent::WindowShort,
        }
    }
}

/// Whether what was collected reaches the minimum: the minimum means collected money.
///
/// # Errors
/// [`MoneyError::MixedCurrencies`].
pub fn close_window(collected: Money, minimum: Money) -> Result<WindowResult, MoneyError> {
    Ok(if reaches(collected, minimum)? {
        WindowResult::Funded
    } else {
        WindowResult::Short
    })
}

fn reaches(amount: Money, minimum: Money) -> Result<bool, MoneyError> {
    Ok(!amount.checked_sub(minimum)?.is_negative())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn what_owners_may_cancel_the_state_machine_lets_them() {
        for state in CampaignState::ALL {
            if state.owners_may_cancel() {
                assert_eq!(
                    next(*state, CampaignEvent::Cancelled),
                    Ok(CampaignState::Cancelled)
                );
            }
        }
    }

    #[test]
    fn the_minimum_is_reached_to_the_cent() {
        let eur = |minor| Money::from_minor(minor, Currency::EUR);
        assert_eq!(
            decide_at_deadline(eur(10_000), eur(10_000)),
            Ok(Decision::Collect)
        );
        assert_eq!(decide_at_deadline(eur(9_999), eur(10_000)), Ok(Decision::Fail));
        assert_eq!(close_window(eur(10_000), eur(10_000)), Ok(WindowResult::Funded));
        assert_eq!(close_window(eur(9_999), eur(10_000)), Ok(WindowResult::Short));
        assert!(decide_at_deadline(Money::zero(Currency::USD), eur(1)).is_err());
    }
}
