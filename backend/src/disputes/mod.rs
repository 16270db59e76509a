//! Disputes: a backer's bank asks for a payment back. Heard from the provider, never begun here.
//!
//! While one is open the payouts of its campaign wait ([`freezes`]). What the bank takes is booked by rule 8 of
//! domain.md §3, with the provider's fee; what comes back when it is won mirrors that.

mod answer;
mod back;
mod hear;
pub mod jobs;
mod mail;
mod store;
pub mod web;

pub use answer::{NotAnswered, Speaker, accept, send_evidence};
pub use hear::{answers, news};
pub use store::{find, freezes, latest, of_book, of_lenders, of_payment};

use felag_domain::bearing::Borne;
use felag_domain::dispute::DisputeState;
use felag_domain::entries::{Pot, Taken};
use felag_domain::ids::{BookId, DisputeId};
use felag_domain::money::Money;
use time::OffsetDateTime;
use uuid::Uuid;

/// A dispute as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispute {
    pub book: BookId,
    pub id: DisputeId,
    pub payment: Uuid,
    /// The provider's id.
    pub reference: String,
    pub state: DisputeState,
    /// The bank's reason, by the provider's code.
    pub reason: String,
    /// What the bank asks for.
    pub disputed: Money,
    /// What was taken when it opened; nothing before.
    pub gift: Borne,
    pub tip: Money,
    pub fee: Borne,
    /// It was lent, not given.
    pub of_loan: bool,
    pub taken_at: Option<OffsetDateTime>,
    pub returned_at: Option<OffsetDateTime>,
    pub due_at: Option<OffsetDateTime>,
    pub evidence_at: Option<OffsetDateTime>,
    pub accepted_at: Option<OffsetDateTime>,
    pub opened_at: OffsetDateTime,
    pub decided_at: Option<OffsetDateTime>,
}

impl Dispute {
    fn taken(&self) -> Taken {
        Taken {
            gift: self.gift,
            tip: self.tip,
            pot: if self.of_loan { Pot::Loan } else { Pot::Gifts },
        }
    }

    /// Whether the project may still say something to the bank.
    pub fn hears(&self, now: OffsetDateTime) -> bool {
        !self.state.is_decided()
            && self.evidence_at.is_none()
            && self.accepted_at.is_none()
            && self.due_at.is_none_or(|due| now < due)
    }
}
