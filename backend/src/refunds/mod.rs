//! Money that goes back to backers: whole or in part, one payment at a time or all of a campaign's at once.
//!
//! Asking moves the books at once (rule 8 of domain.md §3), so that no money is promised twice; what fails later is
//! moved back as it was taken. What was paid is the business of the slices above: see [`crate::payments::Returns`].

mod all;
mod ask;
mod hear;
pub mod jobs;
mod store;

pub use all::{Batch, ask_all};
pub use ask::{NotAsked, Order, ask, ask_by_itself, possible};
pub use hear::{answers, heard_of_charge, news};
pub use store::{failed, find, left_of, of_payments, of_subject};

use felag_domain::bearing::Borne;
use felag_domain::entries::{Pot, Taken};
use felag_domain::ids::{BookId, RefundId};
use felag_domain::money::Money;
use felag_domain::refund::{RefundState, RefundWhy};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

/// A refund as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    pub book: BookId,
    pub id: RefundId,
    pub payment: Uuid,
    pub state: RefundState,
    pub why: RefundWhy,
    /// What whoever asked for it wrote; empty for what Felag does by itself.
    pub words: String,
    pub amount: Money,
    pub tip: Money,
    /// What the amount was taken from.
    pub borne: Borne,
    pub is_whole: bool,
    /// What the money was paid for.
    pub pot: Pot,
    /// It was made just now; false for one that a form sent again finds.
    pub is_new: bool,
    /// The provider's id.
    pub reference: Option<String>,
    /// The act that asked for many at once.
    pub batch: Option<Uuid>,
    /// When it left the provider's account.
    pub left_at: Option<OffsetDateTime>,
    pub created_at: OffsetDateTime,
    pub settled_at: Option<OffsetDateTime>,
    pub failure: Option<String>,
}

impl Refund {
    /// Gift and tip.
    ///
    /// # Errors
    /// Never for parts of one payment.
    pub fn total(&self) -> anyhow::Result<Money> {
        Ok(self.amount.checked_add(self.tip)?)
    }

    fn taken(&self) -> Taken {
        Taken {
            gift: self.borne,
            tip: self.tip,
            pot: self.pot,
        }
    }
}

/// What approved payouts still wait for on `payable`, in minor units: so much of what comes back to it they may have.
/// The rest is held again, because a payout that was called off takes nothing any more. The only place where this slice
/// reads a table above it; the caller holds the campaign.
///
/// # Errors
/// When the database cannot be reached.
pub async fn wanted_on_payable(conn: &mut PgConnection, book: BookId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select greatest(0,
               coalesce((select sum(net_minor) from payout where campaign_id = $1 and state = 'approved'), 0)
               - coalesce((select sum(balance_minor) from account_balance
                           where book_id = $1 and account = 'payable'), 0))::bigint as "wanted!""#,
        book.as_uuid()
    )
    .fetch_one(conn)
    .await
}

/// Where what comes back stands: on `payable` only what is wanted there, which is used up by it.
pub fn lands(borne: Borne, wanted: &mut i64) -> anyhow::Result<Borne> {
    let payable = borne.payable.minor().min(*wanted);
    *wanted -= payable;
    let payable = Money::from_minor(payable, borne.payable.currency());
    Ok(Borne {
        held: borne.held.checked_add(borne.payable.checked_sub(payable)?)?,
        payable,
        receivable: borne.receivable,
    })
}

/// Holds the campaign a book belongs to, if it is a campaign's. Locks are taken in one order: campaign, then
/// accounts.
///
/// # Errors
/// When the database cannot be reached.
pub async fn hold_campaign(conn: &mut PgConnection, book: BookId) -> sqlx::Result<()> {
    sqlx::query_scalar!(
        r#"select 1 as "one!" from campaign where campaign_id = $1 for no key update"#,
        book.as_uuid()
    )
    .fetch_optional(conn)
    .await?;
    Ok(())
}
