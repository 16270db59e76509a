//! The SQL of the ledger: insert only, but for heads and balances.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use felag_domain::ids::BookId;
use felag_domain::ledger::{Account, AccountCode, Cause, EntryKind, Hash, Movement, NewEntry};
use felag_domain::money::{Currency, Money};
use sqlx::{PgConnection, PgExecutor, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Place;
use crate::db::copy_rows;

/// So many movements at once are copied, fewer are inserted.
const COPIED_FROM: usize = 1_000;

pub async fn open_book(
    conn: &mut PgConnection,
    book: BookId,
    kind: &str,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into book (book_id, kind, created_at) values ($1, $2, $3) on conflict (book_id) do nothing",
        book as _,
        kind,
        now
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into book_head (book_id, number, hash) values ($1, 0, $2) on conflict (book_id) do nothing",
        book as _,
        Hash::ZERO.as_bytes()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The last number and hash of a book, locked until the transaction ends: entries are posted one batch at a time.
pub async fn take_head(conn: &mut PgConnection, book: BookId) -> anyhow::Result<(i64, Hash)> {
    let row = sqlx::query!(
        "select number, hash from book_head where book_id = $1 for update",
        book as _
    )
    .fetch_one(conn)
    .await?;
    Ok((row.number, Hash::try_from(row.hash.as_slice())?))
}

/// The last number and hash of a book, as this transaction sees them.
pub async fn head_now(conn: &mut PgConnection, book: BookId) -> anyhow::Result<(i64, Hash)> {
    let row = sqlx::query!("select number, hash from book_head where book_id = $1", book as _)
        .fetch_one(conn)
        .await?;
    Ok((row.number, Hash::try_from(row.hash.as_slice())?))
}

pub async fn set_head(conn: &mut PgConnection, book: BookId, number: i64, hash: Hash) -> sqlx::Result<()> {
    sqlx::query!(
        "update book_head set number = $2, hash = $3 where book_id = $1",
        book as _,
        number,
        hash.as_bytes()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What was booked before of these causes, by kind and id.
pub async fn booked(
    conn: &mut PgConnection,
    book: BookId,
    entries: &[NewEntry],
) -> anyhow::Result<HashMap<(String, String), NewEntry>> {
    let kinds: Vec<String> = entries
        .iter()
        .map(|entry| entry.cause().kind.as_str().to_string())
        .collect();
    let causes: Vec<String> = entries.iter().map(|entry| entry.cause().id.clone()).collect();
    let rows = sqlx::query_as!(
        Line,
        r#"select entry.number, kind as "kind: _", cause_id, at, hash, debit as "debit: _", credit as "credit: _",
                  amount_minor, currency as "currency: _"
           from entry join movement using (book_id, number)
           where book_id = $1
             and (kind, cause_id) in (select * from unnest($2::text[], $3::text[]))
           order by entry.number, position"#,
        book as _,
        &kinds,
        &causes,
    )
    .fetch_all(conn)
    .await?;
    let mut found = HashMap::new();
    for (_, _, entry) in gather(book, rows)? {
        found.insert(
            (entry.cause().kind.as_str().to_string(), entry.cause().id.clone()),
            entry,
        );
    }
    Ok(found)
}

/// One movement together with its entry.
pub struct Line {
    pub number: i64,
    pub kind: EntryKind,
    pub cause_id: String,
    pub at: OffsetDateTime,
    pub hash: Vec<u8>,
    pub debit: Account,
    pub credit: Account,
    pub amount_minor: i64,
    pub currency: Currency,
}

/// Puts lines, ordered by number and position, together as entries.
pub fn gather(book: BookId, lines: Vec<Line>) -> anyhow::Result<Vec<(i64, Hash, NewEntry)>> {
    let mut entries = Vec::new();
    let mut lines = lines.into_iter().peekable();
    while let Some(first) = lines.next() {
        let mut movements = vec![movement(&first)?];
        while let Some(line) = lines.next_if(|line| line.number == first.number) {
            movements.push(movement(&line)?);
        }
        let entry = NewEntry::new(book, Cause::new(first.kind, first.cause_id), first.at, movements)?;
        entries.push((first.number, Hash::try_from(first.hash.as_slice())?, entry));
    }
    Ok(entries)
}

fn movement(line: &Line) -> anyhow::Result<Movement> {
    Ok(Movement::new(
        line.debit,
        line.credit,
        Money::from_minor(line.amount_minor, line.currency),
    )?)
}

pub async fn insert(conn: &mut PgConnection, book: BookId, fresh: &[(Place, NewEntry)]) -> sqlx::Result<()> {
    let numbers: Vec<i64> = fresh.iter().map(|(place, _)| place.number).collect();
    let kinds: Vec<String> = fresh
        .iter()
        .map(|(_, entry)| entry.cause().kind.as_str().to_string())
        .collect();
    let causes: Vec<String> = fresh.iter().map(|(_, entry)| entry.cause().id.clone()).collect();
    let ats: Vec<OffsetDateTime> = fresh.iter().map(|(_, entry)| entry.at()).collect();
    let hashes: Vec<Vec<u8>> = fresh
        .iter()
        .map(|(place, _)| place.hash.as_bytes().to_vec())
        .collect();
    sqlx::query!(
        "insert into entry (book_id, number, kind, cause_id, at, hash)
         select $1, * from unnest($2::bigint[], $3::text[], $4::text[], $5::timestamptz[], $6::bytea[])",
        book as _,
        &numbers,
        &kinds,
        &causes,
        &ats,
        &hashes,
    )
    .execute(&mut *conn)
    .await?;
    insert_movements(conn, book, fresh).await
}

async fn insert_movements(
    conn: &mut PgConnection,
    book: BookId,
    fresh: &[(Place, NewEntry)],
) -> sqlx::Result<()> {
    if fresh
        .iter()
        .map(|(_, entry)| entry.movements().len())
        .sum::<usize>()
        >= COPIED_FROM
    {
        return copy_movements(conn, book, fresh).await;
    }
    let (mut numbers, mut positions) = (Vec::new(), Vec::new());
    let (mut debits, mut credits, mut amounts, mut currencies) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (place, entry) in fresh {
        for (position, movement) in (1..).zip(entry.movements()) {
            numbers.push(place.number);
            positions.push(position);
            debits.push(movement.debit().to_string());
            credits.push(movement.credit().to_string());
            amounts.push(movement.amount().minor());
            currencies.push(movement.amount().currency().code().to_string());
        }
    }
    sqlx::query!(
        "insert into movement (book_id, number, position, debit, credit, amount_minor, currency)
         select $1, * from unnest($2::bigint[], $3::int[], $4::text[], $5::text[], $6::bigint[], $7::text[])",
        book as _,
        &numbers,
        &positions,
        &debits,
        &credits,
        &amounts,
        &currencies,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The same for an entry of very many movements: a repayment split over the lenders of a large loan.
async fn copy_movements(
    conn: &mut PgConnection,
    book: BookId,
    fresh: &[(Place, NewEntry)],
) -> sqlx::Result<()> {
    let mut rows = String::new();
    for (place, entry) in fresh {
        for (position, movement) in (1..).zip(entry.movements()) {
            let (debit, credit, amount) = (movement.debit(), movement.credit(), movement.amount());
            // Writing to a string never fails. Codes, ids and numbers hold nothing that would have to be escaped.
            let _ = writeln!(
                rows,
                "{book}\t{}\t{position}\t{debit}\t{credit}\t{}\t{}",
                place.number,
                amount.minor(),
                amount.currency().code()
            );
        }
    }
    let into = "movement (book_id, number, position, debit, credit, amount_minor, currency)";
    copy_rows(conn, into, &rows).await?;
    Ok(())
}

pub async fn park(
    conn: &mut PgConnection,
    id: Uuid,
    entry: &NewEntry,
    reason: &str,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    let movements: Vec<serde_json::Value> = entry
        .movements()
        .iter()
        .map(|movement| {
            serde_json::json!({ "debit": movement.debit(), "credit": movement.credit(),
                                "amount": movement.amount().to_string() })
        })
        .collect();
    sqlx::query!(
        "insert into parked_entry (book_id, parked_id, kind, cause_id, content, reason, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        entry.book() as _,
        id,
        entry.cause().kind.as_str(),
        entry.cause().id,
        serde_json::Value::from(movements),
        reason,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn balance(
    db: &PgPool,
    book: BookId,
    account: Account,
    currency: Currency,
) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!(
        "select balance_minor from account_balance where book_id = $1 and account = $2 and currency = $3",
        book as _,
        account.to_string(),
        currency.code(),
    )
    .fetch_optional(db)
    .await
}

pub async fn head(db: impl PgExecutor<'_>, book: BookId) -> anyhow::Result<Option<Place>> {
    let row = sqlx::query!("select number, hash from book_head where book_id = $1", book as _)
        .fetch_optional(db)
        .await?;
    row.map(|row| {
        Ok(Place {
            number: row.number,
            hash: Hash::try_from(row.hash.as_slice())?,
        })
    })
    .transpose()
}

/// The kept balances of a book, for its page: what stands on the accounts of single shares is put together.
pub async fn stand(db: &PgPool, book: BookId) -> sqlx::Result<Vec<(AccountCode, Money)>> {
    let rows = sqlx::query!(
        r#"select account_code(account) as "account!: AccountCode", currency as "currency: Currency",
                  sum(balance_minor)::bigint as "balance_minor!"
           from account_balance where book_id = $1 group by 1, 2 order by 1, 2"#,
        book as _
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.account, Money::from_minor(row.balance_minor, row.currency)))
        .collect())
}

pub async fn books(db: &PgPool) -> sqlx::Result<Vec<BookId>> {
    sqlx::query_scalar!(r#"select book_id as "book_id: BookId" from book order by book_id"#)
        .fetch_all(db)
        .await
}

/// The lines of a book after entry `after`, at most so many entries of them.
pub async fn lines(conn: &mut PgConnection, book: BookId, after: i64, most: i64) -> sqlx::Result<Vec<Line>> {
    sqlx::query_as!(
        Line,
        r#"select entry.number, kind as "kind: _", cause_id, at, hash, debit as "debit: _", credit as "credit: _",
                  amount_minor, currency as "currency: _"
           from (select * from entry where book_id = $1 and number > $2 order by number limit $3) as entry
           join movement using (book_id, number)
           order by entry.number, position"#,
        book as _,
        after,
        most,
    )
    .fetch_all(conn)
    .await
}

/// The kept balances of a book.
pub async fn balances(
    conn: &mut PgConnection,
    book: BookId,
) -> sqlx::Result<BTreeMap<(String, String), i64>> {
    let rows = sqlx::query!(
        "select account, currency, balance_minor from account_balance where book_id = $1",
        book as _
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| ((row.account, row.currency), row.balance_minor))
        .collect())
}
