//! How a campaign ends otherwise than funded and paid out: short, unwound, cancelled; and the pauses on the way.
//!
//! The campaign's row is held from the first step to the last. What is at the provider is stopped there first; only
//! its answer says what became of it. What was paid goes back by itself, also when it comes in afterwards.

mod cancel;
pub mod decide;
pub mod jobs;
mod mail;
mod pause;
mod release;
mod short;
mod store;
mod unwind;

pub use cancel::cancel;
pub use decide::{Decided, NotDecided, What, decide};
pub use pause::{end_suspension, resume, suspend};
pub use short::{begin, end_take_back, go_on};
pub use store::{Going, going};
pub use unwind::{unwind, unwind_short, unwind_unpayable};

use felag_domain::campaign::CampaignState;
use felag_domain::ids::PersonId;
use felag_domain::refund::RefundWhy;

/// Who ends or pauses a campaign, and why.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// `None` for what Felag does by its published rules.
    pub person: Option<PersonId>,
    /// Everybody concerned reads it; empty for what Felag does by itself.
    pub words: &'a str,
}

impl By<'_> {
    /// Felag itself.
    pub const RULE: By<'static> = By {
        person: None,
        words: "",
    };
}

/// Why money of a campaign in this state goes back by itself as it comes in; `None` while it may stay.
pub fn gives_back(state: CampaignState) -> Option<RefundWhy> {
    match state {
        CampaignState::Cancelled => Some(RefundWhy::Cancelled),
        CampaignState::Unwound => Some(RefundWhy::Unwound),
        CampaignState::Draft
        | CampaignState::InReview
        | CampaignState::ChangesAsked
        | CampaignState::Scheduled
        | CampaignState::Open
        | CampaignState::Collecting
        | CampaignState::Funded
        | CampaignState::Closed
        | CampaignState::Failed
        | CampaignState::Short
        | CampaignState::Suspended
        | CampaignState::Unpayable => None,
    }
}
