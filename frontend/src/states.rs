//! Words and marks for the states of campaigns and pledges. The word carries the meaning.

use felag_domain::campaign::CampaignState;
use felag_domain::pledge::PledgeState;

/// The message that names a campaign's state.
pub fn campaign_word(state: CampaignState) -> &'static str {
    match state {
        CampaignState::Draft => "campaign-state-draft",
        CampaignState::InReview => "campaign-state-in-review",
        CampaignState::ChangesAsked => "campaign-state-changes-asked",
        CampaignState::Scheduled => "campaign-state-scheduled",
        CampaignState::Open => "campaign-state-open",
        CampaignState::Collecting => "campaign-state-collecting",
        CampaignState::Funded => "campaign-state-funded",
        CampaignState::Closed => "campaign-state-closed",
        CampaignState::Failed => "campaign-state-failed",
        CampaignState::Short => "campaign-state-short",
        CampaignState::Unwound => "campaign-state-unwound",
        CampaignState::Cancelled => "campaign-state-cancelled",
        CampaignState::Suspended => "campaign-state-suspended",
        CampaignState::Unpayable => "campaign-state-unpayable",
    }
}

/// The message that names a pledge's state.
pub fn pledge_word(state: PledgeState) -> &'static str {
    match state {
        PledgeState::Draft => "pledge-state-draft",
        PledgeState::CardSaved => "pledge-state-card-saved",
        PledgeState::Expired => "pledge-state-expired",
        PledgeState::Cancelled => "pledge-state-cancelled",
        PledgeState::Released => "pledge-state-released",
        PledgeState::Due => "pledge-state-due",
        PledgeState::Charging => "pledge-state-charging",
        PledgeState::NeedsYou => "pledge-state-needs-you",
        PledgeState::RetryLater => "pledge-state-retry-later",
        PledgeState::Stopping => "pledge-state-stopping",
        PledgeState::Paid => "pledge-state-paid",
        PledgeState::Dropped => "pledge-state-dropped",
    }
}

/// The mark before a pledge's state: `done`, `late`, `lost` or `next`, as the style sheet names them.
pub fn pledge_mark(state: PledgeState) -> &'static str {
    match state {
        PledgeState::CardSaved | PledgeState::Paid => "done",
        PledgeState::NeedsYou | PledgeState::RetryLater => "late",
        PledgeState::Expired | PledgeState::Cancelled | PledgeState::Released | PledgeState::Dropped => {
            "lost"
        }
        PledgeState::Draft | PledgeState::Due | PledgeState::Charging | PledgeState::Stopping => "next",
    }
}

/// The message that says why a bank declined, from the provider's code.
pub fn declined_word(code: &str) -> &'static str {
    match code {
        "insufficient_funds" => "declined-insufficient-funds",
        "expired_card" => "declined-expired-card",
        "authentication_required" | "payment_intent_authentication_failure" => "declined-authentication",
        "incorrect_cvc" | "invalid_cvc" => "declined-cvc",
        _ => "declined-other",
    }
}
