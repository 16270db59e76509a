//! How a campaign takes gifts: chosen before launch, fixed afterwards.

use super::CampaignState;
use crate::named::named;

named! {
    /// When gifts are charged, and whether they hang on a minimum.
    pub enum Way {
        /// Charged after the deadline, and only if the minimum was promised.
        AllOrNothing => "all_or_nothing",
        /// Charged at once and kept whatever comes: the campaign never fails. Its minimum is an aim.
        KeepWhatComes => "keep_what_comes",
    }
}

impl Way {
    /// Whether the cards of a campaign in this state are charged now, and tried again when they are declined.
    #[must_use]
    pub const fn charges(self, state: CampaignState) -> bool {
        match self {
            Self::AllOrNothing => matches!(state, CampaignState::Collecting),
            Self::KeepWhatComes => matches!(state, CampaignState::Open | CampaignState::Collecting),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_charged_before_the_deadline_only_where_everything_is_kept() {
        assert!(!Way::AllOrNothing.charges(CampaignState::Open));
        assert!(Way::KeepWhatComes.charges(CampaignState::Open));
        for &way in Way::ALL {
            for &state in CampaignState::ALL {
                let may = matches!(state, CampaignState::Open | CampaignState::Collecting);
                assert!(!way.charges(state) || may, "{way} {state}");
            }
            assert!(way.charges(CampaignState::Collecting));
        }
    }
}
