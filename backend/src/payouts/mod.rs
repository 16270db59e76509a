//! Payouts: money leaves a campaign for its project, approved by two different people, by a transfer and a payout at
//! the provider, with a statement of each.
//!
//! `ask` is what people do, `facts` what may be paid out and what stands in the way, `send` and `hear` are the steps at
//! the provider, `statement` says how the amount came about. Each step is one transaction, and can be repeated.

mod ask;
mod facts;
mod hear;
pub mod jobs;
mod lender_left;
mod mail;
mod pdf;
mod send;
mod statement;
pub mod store;
pub mod web;

pub use ask::{Asked, approve, ask, withdraw};
pub use facts::{Facts, facts};
pub use hear::{answers, news};

use felag_domain::ids::{CampaignId, PayoutId, PersonId, ProjectId};
use felag_domain::money::{Currency, Money};
use felag_domain::payout::{Approval, Breakdown, PayoutState, Voice};
use time::OffsetDateTime;

use crate::payments::Subject;

/// A payout as it stands.
#[derive(Debug, Clone)]
pub struct Payout {
    pub campaign: CampaignId,
    pub id: PayoutId,
    pub project: ProjectId,
    /// From 1, in the order they were made.
    pub number: u32,
    /// All parts but the gross are zero until the second approval fixes them.
    pub parts: Breakdown,
    pub fee_version: u32,
    pub state: PayoutState,
    pub first: Option<Given>,
    pub second: Option<Given>,
    pub reason: String,
    pub account_ref: Option<String>,
    pub bank_last4: Option<String>,
    pub transfer_ref: Option<String>,
    pub bank_payout_ref: Option<String>,
    pub bank_reference: Option<String>,
    pub failure_code: Option<String>,
    pub created_at: OffsetDateTime,
    pub sent_at: Option<OffsetDateTime>,
    pub transferred_at: Option<OffsetDateTime>,
    pub paid_at: Option<OffsetDateTime>,
    pub ended_at: Option<OffsetDateTime>,
}

/// An approval that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    pub by: PersonId,
    pub voice: Voice,
    pub at: OffsetDateTime,
}

impl Given {
    fn approval(self) -> Approval {
        Approval {
            person: self.by,
            voice: self.voice,
        }
    }
}

impl Payout {
    /// As the provider's requests and news name it.
    pub fn subject(&self) -> Subject {
        Subject::payout(self.campaign, self.id)
    }

    pub fn currency(&self) -> Currency {
        self.parts.gross.currency()
    }

    /// What is shown in lists: what is sent, once that is fixed.
    pub fn amount(&self) -> Money {
        if self.parts.net.is_positive() {
            self.parts.net
        } else {
            self.parts.gross
        }
    }
}
