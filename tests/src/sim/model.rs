//! What the driver knows by itself: who was told what. The oracle compares it with the tables; an answer that never
//! came leaves several possibilities.

use felag_domain::ids::{PersonId, ProjectId};
use felag_domain::money::Currency;
use time::OffsetDateTime;
use uuid::Uuid;

use super::visitor::Visitor;

/// A campaign as its owner opened it.
pub struct Campaign {
    pub id: Uuid,
    pub project: ProjectId,
    /// The project's own address.
    pub project_slug: String,
    pub slug: String,
    pub currency: Currency,
    pub minimum_minor: i64,
    pub deadline: OffsetDateTime,
    pub rewards: Vec<Reward>,
    /// Asks for a loan of so much; nothing where it asks for none.
    pub lends_minor: i64,
    pub has_loan: bool,
}

/// A reward as it was offered.
pub struct Reward {
    pub id: String,
    pub price_minor: i64,
    pub limit: Option<i32>,
}

/// Somebody who gives: a guest, or one with an account.
pub struct Backer {
    pub email: String,
    pub visitor: Visitor,
    /// With an account, or even a member of the project.
    pub has_account: bool,
}

/// Somebody with an account who knows what lending means.
pub struct Lender {
    pub person: PersonId,
    pub email: String,
    pub name: String,
    pub visitor: Visitor,
}

/// A yes or no that may not have been heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known {
    No,
    Maybe,
    Yes,
}

/// A gift somebody tried to make.
pub struct Gift {
    pub campaign: usize,
    pub backer: usize,
    /// Made by the driver with the form: finds the row, if there is one.
    pub key: Uuid,
    pub reward: Option<usize>,
    /// Amount and tip, in minor units: the last is what was asked for last; more than one while an answer is missing.
    pub may_be: Vec<(i64, i64)>,
    /// Whether it was taken.
    pub made: Known,
    /// Whether its backer took it back.
    pub cancelled: Known,
    /// The link of its own page, once known.
    pub token: Option<String>,
    /// The provider's page that saves a card.
    pub pay_page: Option<String>,
    /// The bank's page that asks.
    pub bank_page: Option<String>,
}

/// Everything the driver knows.
#[derive(Default)]
pub struct Model {
    pub campaigns: Vec<Campaign>,
    pub backers: Vec<Backer>,
    pub gifts: Vec<Gift>,
    pub lenders: Vec<Lender>,
    /// Who was told that a loan was signed: the campaign and the person.
    pub signed: Vec<(Uuid, Uuid)>,
    /// Links of commitments whose lenders were told that they are taken back.
    pub revoked: Vec<String>,
    /// Supports that were begun: the form's key, and the backer.
    pub supports: Vec<(Uuid, usize)>,
    /// Forged news that must leave no trace.
    pub forged: u32,
    /// Who decides for the projects, and for the platform.
    pub owner: Option<PersonId>,
    pub treasurer: Option<PersonId>,
    pub steward: Option<PersonId>,
}

impl Gift {
    pub fn new(campaign: usize, backer: usize, key: Uuid, reward: Option<usize>, asked: (i64, i64)) -> Self {
        Self {
            campaign,
            backer,
            key,
            reward,
            may_be: vec![asked],
            made: Known::No,
            cancelled: Known::No,
            token: None,
            pay_page: None,
            bank_page: None,
        }
    }
}
