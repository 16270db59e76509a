//! The double-entry ledger: entries are posted in batches per book, chained by hash, and never changed.
//!
//! Posting the same cause twice is a no-op; the same cause with other content is parked with an alarm, while the
//! others go on. Balances stand in rows of their own, so that no page sums a table.

mod adding;
pub mod marks;
mod places;
pub mod reading;
mod standing;
mod store;
mod totals;
pub mod verify;

pub use standing::{Standing, standing, standing_of};

use std::collections::BTreeMap;

use felag_domain::ids::{BookId, CampaignId, ProjectId};
use felag_domain::ledger::{Account, Cause, Hash, NewEntry, hash};
use felag_domain::money::{Currency, Money};
use sqlx::{PgConnection, PgExecutor, PgPool};
use time::OffsetDateTime;

use crate::ctx::Ctx;

pub use totals::{Total, totals};

/// An entry's place in its book: what a receipt carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub number: i64,
    pub hash: Hash,
}

/// Opens a campaign's book. Doing it again changes nothing.
pub async fn open_book(
    conn: &mut PgConnection,
    campaign: CampaignId,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    store::open_book(conn, BookId::of_campaign(campaign), "campaign", now).await
}

/// Opens a project's book of support. Doing it again changes nothing.
pub async fn open_project_book(
    conn: &mut PgConnection,
    project: ProjectId,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    store::open_book(conn, BookId::of_project(project), "project", now).await
}

/// Posts entries of one book, in this order: one lock of the book's head, one insert per table.
///
/// # Errors
/// When a liability would fall below zero (`liability_is_not_negative`), or the entries are of several books.
pub async fn post(conn: &mut PgConnection, ctx: &Ctx, entries: Vec<NewEntry>) -> anyhow::Result<()> {
    let Some(book) = entries.first().map(NewEntry::book) else {
        return Ok(());
    };
    anyhow::ensure!(
        entries.iter().all(|entry| entry.book() == book),
        "entries of several books"
    );
    let (before, mut previous) = store::take_head(conn, book).await?;
    let mut number = before;
    let booked = store::booked(conn, book, &entries).await?;
    let mut fresh: Vec<(Place, NewEntry)> = Vec::with_capacity(entries.len());
    for entry in entries {
        let twin = fresh
            .iter()
            .find(|(_, other)| other.cause() == entry.cause())
            .map(|(_, other)| other);
        if let Some(twin) = twin.or_else(|| booked.get(&key(entry.cause()))) {
            if !is_same(twin, &entry) {
                park(conn, ctx, &entry).await?;
            }
            continue;
        }
        number += 1;
        previous = hash(&entry, number, &previous);
        fresh.push((
            Place {
                number,
                hash: previous,
            },
            entry,
        ));
    }
    if fresh.is_empty() {
        return Ok(());
    }
    store::insert(conn, book, &fresh).await?;
    adding::add_to_balances(conn, book, &changes(&fresh)?).await?;
    marks::write(conn, book, before, &fresh).await?;
    store::set_head(conn, book, number, previous).await?;
    Ok(())
}

fn key(cause: &Cause) -> (String, String) {
    (cause.kind.as_str().to_string(), cause.id.clone())
}

/// Whether two entries of one cause say the same. The time may differ: the second may have been heard of later.
fn is_same(one: &NewEntry, other: &NewEntry) -> bool {
    one.movements() == other.movements()
}

async fn park(conn: &mut PgConnection, ctx: &Ctx, entry: &NewEntry) -> sqlx::Result<()> {
    tracing::error!(
        book = %entry.book(), cause = entry.cause().id,
        "alarm: a {} was booked before with other amounts; the second entry is parked", entry.cause().kind
    );
    store::park(
        conn,
        ctx.id(),
        entry,
        "booked before with other amounts",
        ctx.now(),
    )
    .await
}

/// What the entries change, account by account, in the one order in which balances are locked.
fn changes(entries: &[(Place, NewEntry)]) -> anyhow::Result<BTreeMap<(Account, Currency), i64>> {
    let mut sums = BTreeMap::new();
    for (_, entry) in entries {
        for (account, change) in entry.balance_changes()? {
            let sum: &mut i64 = sums.entry((account, change.currency())).or_default();
            *sum = sum
                .checked_add(change.minor())
                .ok_or_else(|| anyhow::anyhow!("a balance overflows"))?;
        }
    }
    Ok(sums)
}

/// The balance of an account; zero where nothing was ever booked.
pub async fn balance(
    db: &PgPool,
    book: BookId,
    account: impl Into<Account>,
    currency: Currency,
) -> sqlx::Result<Money> {
    Ok(Money::from_minor(
        store::balance(db, book, account.into(), currency)
            .await?
            .unwrap_or(0),
        currency,
    ))
}

/// As [`balance`], inside a transaction.
pub async fn balance_of(
    conn: &mut PgConnection,
    book: BookId,
    account: impl Into<Account>,
    currency: Currency,
) -> sqlx::Result<Money> {
    let minor = sqlx::query_scalar!(
        "select balance_minor from account_balance where book_id = $1 and account = $2 and currency = $3",
        book as _,
        account.into().to_string(),
        currency.code(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(Money::from_minor(minor.unwrap_or(0), currency))
}

/// Where the entry of a cause stands, for a receipt.
pub async fn place(db: &PgPool, book: BookId, cause: &Cause) -> anyhow::Result<Option<Place>> {
    places::place(db, book, cause).await
}

/// Where the entries of several causes of one kind stand, by the cause's id.
pub async fn places(
    conn: &mut PgConnection,
    book: BookId,
    causes: &[Cause],
) -> anyhow::Result<std::collections::HashMap<String, Place>> {
    places::places(conn, book, causes).await
}

/// An entry as a page of public books shows it.
pub struct Shown {
    pub number: i64,
    pub hash: Hash,
    pub at: OffsetDateTime,
    pub kind: felag_domain::ledger::EntryKind,
    pub cause_id: String,
    /// The first movement: what the entry is mainly about, and where it goes.
    pub amount: Money,
    pub debit: felag_domain::ledger::AccountCode,
    /// What the payment provider kept of it.
    pub cost: Option<Money>,
}

/// Every account of a book with its balance, by code.
pub async fn balances(
    db: &PgPool,
    book: BookId,
) -> sqlx::Result<Vec<(felag_domain::ledger::AccountCode, Money)>> {
    store::stand(db, book).await
}

/// How many entries a book has, and the hash of the last.
pub async fn head(db: impl PgExecutor<'_>, book: BookId) -> anyhow::Result<Option<Place>> {
    store::head(db, book).await
}
