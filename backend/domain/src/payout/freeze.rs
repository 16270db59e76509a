//! What keeps a payout from being asked for, approved or sent.

use time::OffsetDateTime;

use super::BANK_CHANGE_WAIT;
use crate::{
    campaign::CampaignState,
    payout_account::AccountState,
    words::{Refusal, Words},
};

/// What is asked before money leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Where the campaign stands.
    pub campaign: CampaignState,
    /// Where the project's account at the provider stands; `None` before one was made.
    pub account: Option<AccountState>,
    /// When the bank details of that account were last changed.
    pub bank_changed_at: Option<OffsetDateTime>,
    /// A dispute about one of the campaign's gifts is open.
    pub has_dispute: bool,
}

/// Something that stands in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Frozen {
    /// The campaign is not funded, or not any more.
    #[error("the campaign is {0}")]
    NotFunded(CampaignState),
    /// The project cannot be paid.
    #[error("the payout account is not enabled")]
    NoAccount,
    /// Changed bank details wait.
    #[error("the bank details changed; nothing is sent before {until}")]
    BankChanged {
        /// When it may go on.
        until: OffsetDateTime,
    },
    /// A gift is disputed.
    #[error("a dispute is open")]
    Dispute,
}

impl Refusal for Frozen {
    fn words(&self) -> Words {
        match self {
            Self::NotFunded(_) => Words::new("payout-not-funded"),
            Self::NoAccount => Words::new("payout-no-account"),
            Self::BankChanged { .. } => Words::new("payout-bank-changed"),
            Self::Dispute => Words::new("payout-dispute-open"),
        }
    }
}

/// All that stands in the way at `now`; nothing if money may leave.
#[must_use]
pub fn frozen(standing: &Standing, now: OffsetDateTime) -> Vec<Frozen> {
    let is_funded = matches!(standing.campaign, CampaignState::Funded | CampaignState::Closed);
    let until = standing.bank_changed_at.map(|at| at + BANK_CHANGE_WAIT);
    let reasons = [
        (!is_funded).then_some(Frozen::NotFunded(standing.campaign)),
        standing.has_dispute.then_some(Frozen::Dispute),
        (standing.account != Some(AccountState::Enabled)).then_some(Frozen::NoAccount),
        until
            .filter(|until| now < *until)
            .map(|until| Frozen::BankChanged { until }),
    ];
    reasons.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use time::{Duration, macros::datetime};

    use super::*;

    const NOW: OffsetDateTime = datetime!(2027-03-01 12:00 UTC);

    fn free() -> Standing {
        Standing {
            campaign: CampaignState::Funded,
            account: Some(AccountState::Enabled),
            bank_changed_at: None,
            has_dispute: false,
        }
    }

    #[test]
    fn a_funded_campaign_with_an_enabled_account_may_be_paid() {
        assert_eq!(frozen(&free(), NOW), []);
        let closed = Standing {
            campaign: CampaignState::Closed,
            ..free()
        };
        assert_eq!(frozen(&closed, NOW), []);
    }

    #[test]
    fn no_other_campaign_may() {
        for &campaign in CampaignState::ALL {
            let is_free = matches!(campaign, CampaignState::Funded | CampaignState::Closed);
            let standing = Standing { campaign, ..free() };
            assert_eq!(frozen(&standing, NOW).is_empty(), is_free, "{campaign}");
        }
    }

    #[test]
    fn a_changed_bank_waits_72_hours_to_the_second() {
        let changed = |ago| Standing {
            bank_changed_at: Some(NOW - ago),
            ..free()
        };
        assert_eq!(frozen(&changed(Duration::hours(72)), NOW), []);
        let until = NOW + Duration::SECOND;
        assert_eq!(
            frozen(&changed(Duration::hours(72) - Duration::SECOND), NOW),
            [Frozen::BankChanged { until }]
        );
    }

    #[test]
    fn everything_in_the_way_is_said_at_once() {
        let standing = Standing {
            campaign: CampaignState::Unpayable,
            account: None,
            bank_changed_at: Some(NOW),
            has_dispute: true,
        };
        assert_eq!(frozen(&standing, NOW).len(), 4);
    }
}
