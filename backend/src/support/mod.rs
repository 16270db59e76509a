//! Support: a backer's standing gift to a project, and its scheduler.
//!
//! `begin` makes one, `card` hears of saved cards, `due` makes each contribution, `charge` acts on what the provider
//! says of it, `change` is what the backer may do. A contribution moves as a pledge does once it is due, with one
//! payment for its whole life; the book is the project's own. All of it can be repeated.

mod about;
mod begin;
mod card;
mod change;
mod charge;
mod contribution_store;
mod due;
mod hear;
pub mod jobs;
mod mail;
mod present;
mod refunds;
pub mod store;
pub mod web;

pub use about::About;
pub use begin::{Gift, NotBegun, begin, check, checkout};
pub use change::{end, pause, raise, resume};
pub use hear::{answers, contributions_settled, news, supports_settled};
pub use present::{another_card, look_up, try_again};
pub use refunds::{RETURNS, give_back};

use felag_domain::ids::{ContributionId, PersonId, ProjectId, SupportId};
use felag_domain::money::Money;
use felag_domain::pledge::{PledgeState, Visibility};
use felag_domain::support::{Period, SupportState};
use time::OffsetDateTime;

use crate::payments::Subject;

/// The version of the words a supporter agrees to: see `support-mandate` in the locales.
pub const TERMS_VERSION: &str = "2026-11";

/// A support as it stands.
#[derive(Debug, Clone)]
pub struct Support {
    pub project: ProjectId,
    pub id: SupportId,
    pub person: Option<PersonId>,
    pub email: String,
    pub name: String,
    pub visibility: Visibility,
    /// What each charge gives the project, and the tip beside it.
    pub amount: Money,
    pub tip: Money,
    pub period: Period,
    pub state: SupportState,
    /// The link that lets its holder see and end it.
    pub token: String,
    pub customer: Option<String>,
    pub checkout: Option<String>,
    pub checkout_url: Option<String>,
    pub checkout_expires_at: Option<OffsetDateTime>,
    pub method: Option<String>,
    /// When the card was saved: due times are counted from here.
    pub started_at: Option<OffsetDateTime>,
    /// The charge that comes next.
    pub next_number: u32,
    pub created_at: OffsetDateTime,
    pub ended_at: Option<OffsetDateTime>,
}

/// One charge of a support.
#[derive(Debug, Clone)]
pub struct Contribution {
    pub project: ProjectId,
    pub id: ContributionId,
    pub support: SupportId,
    pub number: u32,
    pub amount: Money,
    pub tip: Money,
    pub state: PledgeState,
    /// The person is there and confirms it themselves.
    pub is_present: bool,
    pub intent: Option<String>,
    pub charge: Option<String>,
    pub decline_code: Option<String>,
    pub tries: u32,
    pub due_at: OffsetDateTime,
    pub next_try_at: Option<OffsetDateTime>,
    pub paid_at: Option<OffsetDateTime>,
    pub ended_at: Option<OffsetDateTime>,
}

impl Support {
    /// What the provider is asked about its card under.
    pub fn subject(&self) -> Subject {
        Subject::support(self.project, self.id)
    }

    /// What each charge takes from the card.
    ///
    /// # Errors
    /// Never for a support that was checked when it was made.
    pub fn total(&self) -> anyhow::Result<Money> {
        Ok(self.amount.checked_add(self.tip)?)
    }

    /// When the next charge is due, while there is to be one.
    pub fn next_due(&self) -> Option<OffsetDateTime> {
        let first = self.started_at.filter(|_| self.state.goes_on())?;
        Some(self.period.due(first, self.next_number))
    }
}

impl Contribution {
    /// What the provider is asked about its payment under.
    pub fn subject(&self) -> Subject {
        Subject::contribution(self.project, self.id)
    }

    /// What the card is charged.
    ///
    /// # Errors
    /// Never for parts of one charge.
    pub fn total(&self) -> anyhow::Result<Money> {
        Ok(self.amount.checked_add(self.tip)?)
    }

    /// Whether the person can do something about it.
    pub fn waits_for_person(&self) -> bool {
        matches!(self.state, PledgeState::NeedsYou | PledgeState::RetryLater)
    }
}
