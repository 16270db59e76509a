//! Pledges: a card is saved at once, and charged only after the deadline, if the campaign's minimum was promised.
//!
//! `give` makes one, `change` changes or cancels it, `card` hears of saved cards, `settle` decides at the deadline
//! and closes the window, `charge` acts on what the provider says of a payment. All of it can be repeated.

mod ask;
mod cancellation;
mod card;
mod change;
mod charge;
pub mod endings;
mod give;
mod hear;
pub mod jobs;
mod keep;
mod mail;
mod mail_owner;
mod mail_returns;
mod moves;
mod present;
mod promise;
mod refunds;
mod release;
mod returns;
mod settle;
mod stock;
pub mod store;
mod store_batch;
mod take_back;
pub mod web;
pub mod window;

pub use ask::Ask;
pub use cancellation::cancel_campaign;
pub use change::{Wish, cancel, change};
pub use charge::{Payment, apply_together};
pub use give::{Gift, Started, checkout, give};
pub use hear::{answers, news, settled};
pub use keep::WatchWindow;
pub use present::{another_card, look_up, try_again};
pub use refunds::{Request, give_back, note_refused};
pub use returns::RETURNS;
pub use settle::{end_window, settle};
pub use take_back::{NotTaken, may_take_back, take_back};

use felag_domain::campaign::{COLLECTION_WINDOW, Way};
use felag_domain::ids::{CampaignId, PersonId, PledgeId, RewardId};
use felag_domain::money::Money;
use felag_domain::pledge::{PledgeState, Visibility};
use time::OffsetDateTime;

use crate::payments::Subject;

/// The version of the words a backer agrees to: see `give-mandate` in the locales.
pub const TERMS_VERSION: &str = "2026-11";

/// A pledge as it stands.
#[derive(Debug, Clone)]
pub struct Pledge {
    pub campaign: CampaignId,
    pub id: PledgeId,
    pub person: Option<PersonId>,
    pub email: String,
    pub name: String,
    pub visibility: Visibility,
    pub reward: Option<RewardId>,
    pub amount: Money,
    pub tip: Money,
    /// False for what the project's own members give.
    pub counts: bool,
    pub state: PledgeState,
    /// The link that lets its holder see and change it.
    pub token: String,
    pub terms_version: String,
    /// The provider's ids.
    pub customer: Option<String>,
    pub checkout: Option<String>,
    pub checkout_url: Option<String>,
    pub checkout_expires_at: Option<OffsetDateTime>,
    pub method: Option<String>,
    pub intent: Option<String>,
    pub charge: Option<String>,
    pub decline_code: Option<String>,
    pub tries: u32,
    pub created_at: OffsetDateTime,
    pub card_saved_at: Option<OffsetDateTime>,
    pub due_at: Option<OffsetDateTime>,
    pub next_try_at: Option<OffsetDateTime>,
    pub paid_at: Option<OffsetDateTime>,
    pub ended_at: Option<OffsetDateTime>,
}

impl Pledge {
    /// What the provider is asked about it under.
    pub fn subject(&self) -> Subject {
        Subject::pledge(self.campaign, self.id)
    }

    /// Until when its card is tried: the campaign's window, or its own where gifts are charged at once.
    pub fn window_ends(&self, ask: &Ask) -> Option<OffsetDateTime> {
        match ask.way {
            Way::AllOrNothing => ask.window_ends(),
            Way::KeepWhatComes => self.due_at.map(|due| due + COLLECTION_WINDOW),
        }
    }

    /// What the card is charged: the gift and the tip.
    ///
    /// # Errors
    /// Never for a pledge that was checked when it was made.
    pub fn total(&self) -> anyhow::Result<Money> {
        Ok(self.amount.checked_add(self.tip)?)
    }
}

/// What the bank said, in words, from the code we keep.
pub fn declined_words(lang: felag_frontend::Lang, code: &str) -> String {
    lang.t(felag_frontend::states::declined_word(code)).to_string()
}
