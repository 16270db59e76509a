//! Books as they are read: by kind and time, entry by entry, page by page, and as they stand at one moment.

use felag_domain::ids::BookId;
use felag_domain::ledger::{Account, EntryKind, Hash, StoredEntry};
use felag_domain::money::{Currency, Money};
use sqlx::{Connection, PgConnection, PgPool};
use time::{Date, OffsetDateTime};

use super::marks::Balances;
use super::{Place, Shown, store};

/// Which entries of a book are wanted: of these kinds, from one moment and before another.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub kinds: Vec<EntryKind>,
    pub from: OffsetDateTime,
    pub before: OffsetDateTime,
}

struct Row {
    number: i64,
    hash: Vec<u8>,
    at: OffsetDateTime,
    kind: EntryKind,
    cause_id: String,
    amount_minor: i64,
    currency: Currency,
    debit: Account,
    cost_minor: Option<i64>,
}

impl TryFrom<Row> for Shown {
    type Error = anyhow::Error;

    fn try_from(row: Row) -> anyhow::Result<Self> {
        Ok(Self {
            number: row.number,
            hash: Hash::try_from(row.hash.as_slice())?,
            at: row.at,
            kind: row.kind,
            cause_id: row.cause_id,
            amount: Money::from_minor(row.amount_minor, row.currency),
            debit: row.debit.code(),
            cost: row.cost_minor.map(|minor| Money::from_minor(minor, row.currency)),
        })
    }
}

/// A page of wanted entries, the newest first. Each kind is read in the order of its index, so that a page of a long
/// book costs as much as one of a short.
macro_rules! wanted {
    ($among:tt, $order:tt, $book:expr, $wanted:expr, $edge:expr, $most:expr) => {{
        let kinds: Vec<&str> = $wanted.kinds.iter().map(|kind| kind.as_str()).collect();
        sqlx::query_as!(
            Row,
            r#"select entry.number as "number!", hash as "hash!", at as "at!", kind as "kind!: EntryKind",
                      cause_id as "cause_id!", main.amount_minor as "amount_minor!",
                      main.currency as "currency!: Currency", main.debit as "debit!: Account",
                      cost.amount_minor as "cost_minor?"
               from (select found.* from unnest($2::text[]) as wanted (kind)
                     cross join lateral (
                         select * from entry where entry.book_id = $1 and entry.kind = wanted.kind
                           and at >= $3 and at < $4 and "#
                + $among
                + " order by at "
                + $order
                + ", number "
                + $order
                + " limit $7) as found order by at "
                + $order
                + ", number "
                + $order
                + r#" limit $7) as entry
               cross join lateral (select * from movement where book_id = entry.book_id and number = entry.number
                                   order by position limit 1) as main
               left join lateral (select amount_minor from movement
                                  where book_id = entry.book_id and number = entry.number
                                    and debit = 'platform:provider-costs' limit 1) as cost on true
               order by at desc, entry.number desc"#,
            $book as _,
            &kinds as _,
            $wanted.from,
            $wanted.before,
            $edge.0,
            $edge.1,
            $most,
        )
    }};
}

/// The wanted entries of a book older than entry `before`, by time and then number; without one, from the newest on.
pub async fn older(
    db: &PgPool,
    book: BookId,
    wanted: &Wanted,
    before: Option<i64>,
    most: i64,
) -> anyhow::Result<Vec<Shown>> {
    let edge = edge(db, book, before).await?.unwrap_or((wanted.before, 0));
    let rows = wanted!("(at, number) < ($5, $6)", "desc", book, wanted, edge, most)
        .fetch_all(db)
        .await?;
    rows.into_iter().map(Shown::try_from).collect()
}

/// The wanted entries of a book that come right after entry `after`, the newest first all the same.
pub async fn newer(
    db: &PgPool,
    book: BookId,
    wanted: &Wanted,
    after: i64,
    most: i64,
) -> anyhow::Result<Vec<Shown>> {
    let edge = edge(db, book, Some(after)).await?.unwrap_or((wanted.from, 0));
    let rows = wanted!("(at, number) > ($5, $6)", "asc", book, wanted, edge, most)
        .fetch_all(db)
        .await?;
    rows.into_iter().map(Shown::try_from).collect()
}

/// The place of an entry in the order of time; `None` when there is no such entry.
async fn edge(db: &PgPool, book: BookId, number: Option<i64>) -> sqlx::Result<Option<(OffsetDateTime, i64)>> {
    let Some(number) = number else {
        return Ok(None);
    };
    let at = sqlx::query_scalar!(
        "select at from entry where book_id = $1 and number = $2",
        book as _,
        number
    )
    .fetch_optional(db)
    .await?;
    Ok(at.map(|at| (at, number)))
}

/// The whole entries of a book after entry `after`, so many at most, each with the stored hash before it. `previous` is
/// the hash of entry `after`.
pub async fn entries_after(
    conn: &mut PgConnection,
    book: BookId,
    after: i64,
    mut previous: Hash,
    most: i64,
) -> anyhow::Result<Vec<StoredEntry>> {
    let lines = store::lines(conn, book, after, most).await?;
    let entries = store::gather(book, lines)?.into_iter();
    let linked = entries.map(|(number, hash, entry)| {
        let before = std::mem::replace(&mut previous, hash);
        StoredEntry {
            number,
            previous: before,
            hash,
            entry,
        }
    });
    Ok(linked.collect())
}

/// Entry `number` of a book, whole, with the hash before it.
pub async fn entry(db: &PgPool, book: BookId, number: i64) -> anyhow::Result<Option<StoredEntry>> {
    if number < 1 {
        return Ok(None);
    }
    let mut conn = db.acquire().await?;
    let Some(previous) = hash_of(&mut conn, book, number - 1).await? else {
        return Ok(None);
    };
    let found = entries_after(&mut conn, book, number - 1, previous, 1).await?;
    Ok(found.into_iter().find(|found| found.number == number))
}

/// The stored hash of an entry; zeros before the first.
pub async fn hash_of(conn: &mut PgConnection, book: BookId, number: i64) -> anyhow::Result<Option<Hash>> {
    if number == 0 {
        return Ok(Some(Hash::ZERO));
    }
    let hash = sqlx::query_scalar!(
        "select hash from entry where book_id = $1 and number = $2",
        book as _,
        number
    )
    .fetch_optional(conn)
    .await?;
    Ok(hash.map(|hash| Hash::try_from(hash.as_slice())).transpose()?)
}

/// A book as it stood at one moment. Its entries up to the head never change, so they may be read later, in pieces.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub book: BookId,
    pub head: Place,
    /// Every account something was ever booked on.
    pub balances: Balances,
    /// The first and the last moment of its events; `None` when the book is empty.
    pub span: Option<(OffsetDateTime, OffsetDateTime)>,
    /// Heads published so far, the oldest first.
    pub heads: Vec<(Date, Place)>,
}

/// Reads how a book stands, all of it at one moment; `None` when there is no such book.
pub async fn snapshot(db: &PgPool, book: BookId) -> anyhow::Result<Option<Snapshot>> {
    let mut conn = db.acquire().await?;
    let mut tx = conn
        .begin_with("begin isolation level repeatable read read only")
        .await?;
    let head = sqlx::query!("select number, hash from book_head where book_id = $1", book as _)
        .fetch_optional(&mut *tx)
        .await?;
    let Some(head) = head else {
        return Ok(None);
    };
    let mut balances = Balances::new();
    for ((account, currency), minor) in store::balances(&mut tx, book).await? {
        balances.insert((account.parse()?, currency.parse()?), minor);
    }
    let kinds: Vec<&str> = EntryKind::ALL.iter().map(|kind| kind.as_str()).collect();
    // One look at either end of the index per kind.
    let span = sqlx::query!(
        r#"select min(first.at) as first, max(last.at) as last from unnest($2::text[]) as wanted (kind)
           cross join lateral (select at from entry where book_id = $1 and kind = wanted.kind
                               order by at, number limit 1) as first
           cross join lateral (select at from entry where book_id = $1 and kind = wanted.kind
                               order by at desc, number desc limit 1) as last"#,
        book as _,
        &kinds as _,
    )
    .fetch_one(&mut *tx)
    .await?;
    let heads = sqlx::query!(
        "select day, number, hash from published_head where book_id = $1 order by day",
        book as _
    )
    .fetch_all(&mut *tx)
    .await?;
    let heads = heads.into_iter().map(|row| {
        let hash = Hash::try_from(row.hash.as_slice())?;
        let number = row.number;
        Ok((row.day, Place { number, hash }))
    });
    Ok(Some(Snapshot {
        book,
        head: Place {
            number: head.number,
            hash: Hash::try_from(head.hash.as_slice())?,
        },
        balances,
        span: span.first.zip(span.last),
        heads: heads.collect::<anyhow::Result<_>>()?,
    }))
}

/// The day of a published head that is not the hash of its entry, if there is one.
pub(super) async fn stray_head(conn: &mut PgConnection, book: BookId) -> sqlx::Result<Option<Date>> {
    sqlx::query_scalar!(
        "select day from published_head join entry using (book_id, number)
         where book_id = $1 and published_head.hash <> entry.hash order by day limit 1",
        book as _
    )
    .fetch_optional(conn)
    .await
}
