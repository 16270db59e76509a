//! The provider's balance beside our books. Every balance transaction belongs to exactly one entry that moves money at
//! the provider, over the same amount, and every such entry to one of them. What does not fit is listed and told;
//! nothing is ever put right by itself.
//!
//! Only the platform's own balance has accounts in our books: money at a project's account is the project's, and its
//! payouts are followed one by one (see [`crate::payouts`]).

pub mod jobs;
mod mail;
mod read;
mod store;
pub mod web;

pub use store::{differences, find, is_late, latest, totals};

use felag_domain::ids::BookId;
use felag_domain::money::{Currency, Money};
use felag_domain::reconciliation::Difference;
use sqlx::{Connection, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::ctx::Ctx;

/// Who began a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Nightly,
    Command,
}

impl By {
    fn as_str(self) -> &'static str {
        match self {
            Self::Nightly => "nightly",
            Self::Command => "command",
        }
    }
}

/// A run, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub id: Uuid,
    pub began_at: OffsetDateTime,
    /// `None` while it runs, and for one that broke off.
    pub ended_at: Option<OffsetDateTime>,
    /// Why it broke off; empty otherwise.
    pub trouble: String,
    pub transactions: i64,
    pub entries: i64,
    pub differences: i64,
    pub in_transit: i64,
}

/// What does not fit, or is on its way until `due_at`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub position: i64,
    pub kind: Difference,
    /// The provider's name of what it is about: a charge, a refund, a dispute, a transfer.
    pub reference: String,
    pub category: String,
    /// The provider's side.
    pub transaction: Option<String>,
    pub at_provider: Option<Money>,
    /// Our side.
    pub entry: Option<(BookId, i64)>,
    pub in_books: Option<Money>,
    pub happened_at: OffsetDateTime,
    /// Since which run it is known.
    pub first_at: OffsetDateTime,
    pub due_at: Option<OffsetDateTime>,
}

/// What both sides add up to in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    pub currency: Currency,
    pub at_provider: Money,
    pub in_books: Money,
}

/// One reconciliation at a time.
const ALONE: i64 = 0x0066_656c_6167_7263;

/// Compares everything, and keeps what was found. `None` when another run is under way.
///
/// # Errors
/// When the provider or the database fails: the run is kept, with why it broke off.
pub async fn run(ctx: &Ctx, by: By) -> anyhow::Result<Option<Run>> {
    let mut alone = ctx.db.acquire().await?;
    // The lock is the connection's: it ends with it, whatever comes.
    alone.close_on_drop();
    if !store::lock(&mut alone, ALONE).await? {
        return Ok(None);
    }
    let id = ctx.id::<Uuid>();
    store::begin(&mut alone, id, by, ctx.now()).await?;
    let done = compare(&mut alone, ctx, id).await;
    store::clear(&mut alone, id).await?;
    if let Err(cause) = &done {
        tracing::error!("alarm: the books could not be compared with the provider: {cause:#}");
        store::broke_off(&mut alone, id, &format!("{cause:#}")).await?;
    }
    // Said, not left to the connection's end, which the database hears of a moment later: whoever is told that this run
    // is over may begin the next.
    store::unlock(&mut alone, ALONE).await?;
    done?;
    ctx.wake_workers();
    store::find(&mut *alone, id).await
}

async fn compare(conn: &mut PgConnection, ctx: &Ctx, id: Uuid) -> anyhow::Result<()> {
    read::all(conn, ctx, id).await?;
    let mut tx = conn.begin().await?;
    store::one_view(&mut tx).await?;
    let found = store::compare(&mut tx, id, ctx.now()).await?;
    if found.differences > 0 {
        tracing::error!(
            differences = found.differences,
            "alarm: books and provider differ"
        );
    }
    mail::found(&mut tx, ctx, id, found.differences, found.new).await?;
    jobs::watch(&mut tx, ctx, id).await?;
    tx.commit().await?;
    Ok(())
}
