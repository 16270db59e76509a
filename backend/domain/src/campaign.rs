//! A campaign: its states, what moves it from one to the next, and what its deadline decides.
//!
//! ```text
//! draft ─ in review ─ scheduled ─ open ─┬─ collecting ─┬─ funded ─ closed
//!            │  ▲                       │              │    ▲ └ unpayable (and back)
//!         changes asked                 failed         short ─ unwound
//! ```
//! Any time before funded a campaign can be cancelled; open or collecting it can be suspended.

mod draft;
mod ready;

use time::Duration;

pub use draft::{
    Basics, BasicsRefusal, BudgetKind, BudgetRefusal, DURATION_DAYS, FULL_PLAN_MAX_MAJOR, NewBudgetLine,
    NewReward, RewardRefusal,
};
pub use ready::{Checklist, Missing, missing_before_submission};

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

/// Where `event` takes a campaign that stands at `from`.
///
/// Asking twice is safe: an event whose effect is already in place changes nothing, so a worker that
/// stopped half-way may begin again.
///
/// # Errors
/// [`NotAllowed`].
#[rustfmt::skip] // One line per event, in the order of the life of a campaign.
pub fn next(from: CampaignState, event: CampaignEvent) -> Result<CampaignState, NotAllowed> {
    use {CampaignEvent as E, CampaignState::*};
    let refused = Err(NotAllowed { from, event });
    match (event, from) {
        (E::Submitted, Draft | ChangesAsked | InReview) => Ok(InReview),
        (E::Submitted, Scheduled | Open | Collecting | Funded | Closed | Failed | Short | Unwound | Cancelled | Suspended | Unpayable) => refused,

        (E::ChangesAsked, InReview | ChangesAsked) => Ok(ChangesAsked),
        (E::ChangesAsked, Draft | Scheduled | Open | Collecting | Funded | Closed | Failed | Short | Unwound | Cancelled | Suspended | Unpayable) => refused,

        (E::Approved, InReview | Scheduled) => Ok(Scheduled),
        (E::Approved, Open) => Ok(Open),
        (E::Approved, Draft | ChangesAsked | Collecting | Funded | Closed | Failed | Short | Unwound | Cancelled | Suspended | Unpayable) => refused,

        (E::Opened, Scheduled | Open) => Ok(Open),
        (E::Opened, Collecting | Funded | Closed | Failed | Short | Unwound | Suspended | Unpayable) => Ok(from),
        (E::Opened, Draft | InReview | ChangesAsked | Cancelled) => refused,

        (E::MinimumPromised, Open | Collecting) => Ok(Collecting),
        (E::MinimumPromised, Funded | Closed | Short | Unwound | Unpayable) => Ok(from),
        (E::MinimumPromised, Draft | InReview | ChangesAsked | Scheduled | Failed | Cancelled | Suspended) => refused,

        (E::MinimumMissed, Open | Failed) => Ok(Failed),
        (E::MinimumMissed, Draft | InReview | ChangesAsked | Scheduled | Collecting | Funded | Closed | Short | Unwound | Cancelled | Suspended | Unpayable) => refused,

        (E::WindowFunded, Collecting | Funded) => Ok(Funded),
        (E::WindowFunded, Closed | Unpayable) => Ok(from),
        (E::WindowFunded, Draft | InReview | ChangesAsked | Scheduled | Open | Failed | Short | Unwound | Cancelled | Suspended) => refused,

        (E::WindowShort, Collecting | Short) => Ok(Short),
        (E::WindowShort, Unwound) => Ok(Unwound),
        (E::WindowShort, Draft | InReview | ChangesAsked | Scheduled | Open | Funded | Closed | Failed | Cancelled | Suspended | Unpayable) => refused,

        (E::WentOn, Short | Funded) => Ok(Funded),
        (E::WentOn, Closed | Unpayable) => Ok(from),
        (E::WentOn, Draft | InReview | ChangesAsked | Scheduled | Open | Collecting | Failed | Unwound | Cancelled | Suspended) => refused,

        (E::Unwound, Short | Unpayable | Unwound) => Ok(Unwound),
        (E::Unwound, Draft | InReview | ChangesAsked | Scheduled | Open | Collecting | Funded | Closed | Failed | Cancelled | Suspended) => refused,

        (E::PaidOut, Funded | Closed) => Ok(Closed),
        (E::PaidOut, Draft | InReview | ChangesAsked | Scheduled | Open | Collecting | Failed | Short | Unwound | Cancelled | Suspended | Unpayable) => refused,

        (E::Cancelled, Draft | InReview | ChangesAsked | Scheduled | Open | Collecting | Suspended | Cancelled) => Ok(Cancelled),
        // A short campaign holds money: it goes on or is unwound, by the rule it published.
        (E::Cancelled, Funded | Closed | Failed | Short | Unwound | Unpayable) => refused,

        (E::Suspended, Open | Collecting | Suspended) => Ok(Suspended),
        (E::Suspended, Draft | InReview | ChangesAsked | Scheduled | Funded | Closed | Failed | Short | Unwound | Cancelled | Unpayable) => refused,

        (E::ResumedOpen, Suspended | Open) => Ok(Open),
        (E::ResumedOpen, Draft | InReview | ChangesAsked | Scheduled | Collecting | Funded | Closed | Failed | Short | Unwound | Cancelled | Unpayable) => refused,

        (E::ResumedCollecting, Suspended | Collecting) => Ok(Collecting),
        (E::ResumedCollecting, Draft | InReview | ChangesAsked | Scheduled | Open | Funded | Closed | Failed | Short | Unwound | Cancelled | Unpayable) => refused,

        (E::PayoutLost, Funded | Unpayable) => Ok(Unpayable),
        (E::PayoutLost, Draft | InReview | ChangesAsked | Scheduled | Open | Collecting | Closed | Failed | Short | Unwound | Cancelled | Suspended) => refused,

        (E::PayoutRestored, Unpayable | Funded) => Ok(Funded),
        (E::PayoutRestored, Draft | InReview | ChangesAsked | Scheduled | Open | Collecting | Closed | Failed | Short | Unwound | Cancelled | Suspended) => refused,
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
    use super::{CampaignEvent as E, CampaignState as S, *};
    use crate::money::Currency;

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
    fn every_documented_way_can_be_walked() {
        let to_open = [
            E::Submitted,
            E::ChangesAsked,
            E::Submitted,
            E::Approved,
            E::Opened,
        ];
        assert_eq!(walk(S::Draft, &to_open), Ok(S::Open));
        assert_eq!(
            walk(S::Open, &[E::MinimumPromised, E::WindowFunded, E::PaidOut]),
            Ok(S::Closed)
        );
        assert_eq!(walk(S::Open, &[E::MinimumMissed]), Ok(S::Failed));
        assert_eq!(walk(S::Collecting, &[E::WindowShort, E::WentOn]), Ok(S::Funded));
        assert_eq!(walk(S::Collecting, &[E::WindowShort, E::Unwound]), Ok(S::Unwound));
        assert_eq!(walk(S::Open, &[E::Suspended, E::ResumedOpen]), Ok(S::Open));
        assert_eq!(
            walk(S::Collecting, &[E::Suspended, E::ResumedCollecting]),
            Ok(S::Collecting)
        );
        assert_eq!(walk(S::Open, &[E::Suspended, E::Cancelled]), Ok(S::Cancelled));
        assert_eq!(
            walk(S::Funded, &[E::PayoutLost, E::PayoutRestored]),
            Ok(S::Funded)
        );
        assert_eq!(walk(S::Funded, &[E::PayoutLost, E::Unwound]), Ok(S::Unwound));
    }

    #[test]
    fn every_state_can_be_reached_from_a_draft() {
        let mut reached = vec![S::Draft];
        let mut seen = 0;
        while let Some(&from) = reached.get(seen) {
            seen += 1;
            for &event in E::ALL {
                if let Ok(to) = next(from, event)
                    && !reached.contains(&to)
                {
                    reached.push(to);
                }
            }
        }
        assert_eq!(reached.len(), S::ALL.len());
    }

    #[test]
    fn any_time_before_funded_a_campaign_can_be_cancelled_and_never_after() {
        for from in [
            S::Draft,
            S::InReview,
            S::ChangesAsked,
            S::Scheduled,
            S::Open,
            S::Collecting,
            S::Suspended,
        ] {
            assert_eq!(next(from, E::Cancelled), Ok(S::Cancelled));
        }
        for from in [S::Funded, S::Closed, S::Failed, S::Unwound, S::Unpayable] {
            assert!(next(from, E::Cancelled).is_err());
        }
    }

    #[test]
    fn nothing_leaves_an_ended_campaign() {
        for from in [S::Closed, S::Failed, S::Unwound, S::Cancelled] {
            for &event in E::ALL {
                assert!(
                    next(from, event).is_err() || next(from, event) == Ok(from),
                    "{from} {event}"
                );
            }
        }
    }

    #[test]
    fn a_suspended_campaign_is_not_decided() {
        for event in [
            E::MinimumPromised,
            E::MinimumMissed,
            E::WindowFunded,
            E::WindowShort,
        ] {
            assert!(next(S::Suspended, event).is_err());
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
