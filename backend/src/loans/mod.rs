//! Loans: a campaign asks to borrow, lenders commit and sign, the project signs, the cards are charged after the
//! deadline, and the money is paid out.
//!
//! `asking` writes the terms, `lend` makes a commitment, `card` hears of its card, `life` opens and closes lending,
//! `signing` is the project's part, `decide` begins collecting at the deadline and ends it, `charge` acts on what the
//! provider says. A campaign has one loan at most, so a loan goes by its campaign.

pub mod asking;
pub mod beside;
mod card;
pub mod change;
mod charge;
mod collect;
mod days;
mod decide;
mod disputed;
mod figures;
mod handover;
mod hear;
pub mod jobs;
mod kept;
mod lend;
pub mod lender;
mod life;
mod mail;
pub mod papers;
mod present;
mod quote;
mod returns;
pub mod sheet;
mod signing;
pub mod store;
mod store_batch;
pub mod web;

pub use decide::{campaign_over, collected_counted, counted, decided, is_collecting, resumed};
pub use disputed::{fit, is_too_much};
pub use handover::{came_back, collecting, paid_out, waits_for_payout};
pub use hear::{answers, news, settled};
pub use lend::{Wish, checkout, commit, revoke};
pub use life::{close_lending, firm, open};
pub use present::{another_card, look_up, try_again};
pub use returns::RETURNS;
pub use signing::sign;

use felag_domain::ids::{CampaignId, CommitmentId, PersonId};
use felag_domain::lending::policy;
use felag_domain::lending::{
    CommitmentEvent, CommitmentNotAllowed, CommitmentState, LoanEvent, LoanNotAllowed, LoanState,
    next_commitment, next_loan,
};
use felag_domain::money::{Currency, Money};
use felag_domain::pledge::Visibility;
use time::{Date, OffsetDateTime};

use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::payments::Subject;

/// A loan as it stands.
#[derive(Debug, Clone)]
pub struct Loan {
    pub campaign: CampaignId,
    pub amount: Money,
    /// What it may shrink to.
    pub least: Money,
    /// Hundredths of a percent a year.
    pub rate_bp: u32,
    pub instalments: u32,
    pub period: String,
    pub kind: String,
    pub grace_kind: String,
    pub grace: u32,
    pub day_count: String,
    pub purpose: String,
    pub security: String,
    pub figures: String,
    pub risks: String,
    pub counts_to_minimum: bool,
    pub network_first_lenders: u32,
    pub network_token: String,
    /// The rules it was written under, by name.
    pub policy: String,
    pub state: LoanState,
    pub sheet_version: u32,
    pub lending_ends_at: Option<OffsetDateTime>,
    pub signed: Option<Signature>,
    pub collecting_ends_at: Option<OffsetDateTime>,
    /// What was really lent; known once it is collected.
    pub principal: Option<Money>,
    pub collected_at: Option<OffsetDateTime>,
    pub paid_out_at: Option<OffsetDateTime>,
    pub first_due_on: Option<Date>,
    pub ended_at: Option<OffsetDateTime>,
    pub version: i32,
}

/// Until when a commitment that is made now may be revoked.
pub fn revocable_until(ctx: &Ctx, campaign: &Campaign, loan: &Loan) -> OffsetDateTime {
    days::revocable_until(ctx.now(), loan.policy().reflection_days, &campaign.time_zone)
}

/// The project's signature.
#[derive(Debug, Clone)]
pub struct Signature {
    pub by: PersonId,
    pub name: String,
    pub at: OffsetDateTime,
    /// Of what was signed.
    pub hash: Vec<u8>,
    /// The most it was signed for.
    pub amount: Money,
}

impl Loan {
    pub fn currency(&self) -> Currency {
        self.amount.currency()
    }

    /// Moves it in memory; whether that changed anything.
    ///
    /// # Errors
    /// [`LoanNotAllowed`].
    pub fn take(&mut self, event: LoanEvent) -> Result<bool, LoanNotAllowed> {
        let to = next_loan(self.state, event)?;
        let moves = to != self.state;
        self.state = to;
        Ok(moves)
    }

    /// The rules it is under.
    pub fn policy(&self) -> policy::Policy {
        policy::named(&self.policy)
    }
}

/// A commitment as it stands.
#[derive(Debug, Clone)]
pub struct Commitment {
    pub campaign: CampaignId,
    pub id: CommitmentId,
    pub person: PersonId,
    pub email: String,
    pub name: String,
    pub visibility: Visibility,
    pub amount: Money,
    /// What was collected of it.
    pub share: Option<Money>,
    pub state: CommitmentState,
    /// Where it stood when it was read: the loan's figures follow the difference.
    pub(super) was: CommitmentState,
    /// The project's own member: shown, and not counted towards the minimum.
    pub is_own: bool,
    /// Signed to be paid from what its lender keeps, see [`Commitment::is_from_kept`].
    pub from_kept: bool,
    pub sheet_version: u32,
    pub signed_name: String,
    pub signed_at: OffsetDateTime,
    pub signed_hash: Vec<u8>,
    pub revocable_until: Option<OffsetDateTime>,
    pub firm_at: Option<OffsetDateTime>,
    pub token: String,
    /// The provider's ids.
    pub customer: Option<String>,
    pub checkout: Option<String>,
    pub checkout_url: Option<String>,
    pub checkout_expires_at: Option<OffsetDateTime>,
    pub method: Option<String>,
    pub intent: Option<String>,
    pub charge: Option<String>,
    pub decline_code: Option<String>,
    pub tries: i32,
    pub created_at: OffsetDateTime,
    pub card_saved_at: Option<OffsetDateTime>,
    pub due_at: Option<OffsetDateTime>,
    pub next_try_at: Option<OffsetDateTime>,
    pub paid_at: Option<OffsetDateTime>,
    pub ended_at: Option<OffsetDateTime>,
}

impl Commitment {
    /// What the provider is asked about it under.
    pub fn subject(&self) -> Subject {
        Subject::commitment(self.campaign, self.id)
    }

    /// Whether it is paid from what its lender keeps of other loans. One who gave a card instead is charged on it.
    pub fn is_from_kept(&self) -> bool {
        self.from_kept && self.method.is_none()
    }

    /// Moves it in memory; whether that changed anything.
    ///
    /// # Errors
    /// [`CommitmentNotAllowed`].
    pub fn take(&mut self, event: CommitmentEvent) -> Result<bool, CommitmentNotAllowed> {
        let to = next_commitment(self.state, event)?;
        let moves = to != self.state;
        self.state = to;
        Ok(moves)
    }

    /// Whether its lender may take it back at `now`.
    pub fn may_be_revoked(&self, now: OffsetDateTime) -> bool {
        self.state.may_be_revoked() && self.revocable_until.is_none_or(|until| now < until)
    }
}
