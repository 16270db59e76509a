//! `felag ledger verify`: recomputes every chain and every balance, and names the first entry that is wrong.

use std::collections::BTreeMap;

use felag_domain::ids::BookId;
use felag_domain::ledger::{ChainCheck, StoredEntry};
use sqlx::{Connection, PgConnection, PgPool};

use super::{marks, reading, store};

/// What was looked at.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    pub books: u64,
    pub entries: u64,
}

/// How many entries are held in memory at once.
const PAGE: i64 = 2_000;

/// # Errors
/// Names the book and the first bad entry, or the balance that is not the sum of its movements.
pub async fn run(db: &PgPool) -> anyhow::Result<Verified> {
    let mut verified = Verified::default();
    for book in store::books(db).await? {
        verified.books += 1;
        verified.entries += verify_book(db, book).await?;
    }
    Ok(verified)
}

async fn verify_book(db: &PgPool, book: BookId) -> anyhow::Result<u64> {
    let mut conn = db.acquire().await?;
    // One snapshot, so that a charge booked meanwhile does not look like a difference.
    let mut tx = conn
        .begin_with("begin isolation level repeatable read read only")
        .await?;
    let mut check = ChainCheck::new();
    let mut sums: BTreeMap<(String, String), i64> = BTreeMap::new();
    loop {
        let (number, previous) = check.head();
        let lines = store::lines(&mut tx, book, number, PAGE).await?;
        if lines.is_empty() {
            break;
        }
        let mut previous = previous;
        for (number, hash, entry) in store::gather(book, lines)? {
            for (account, change) in entry.balance_changes()? {
                *sums
                    .entry((account.to_string(), change.currency().code().into()))
                    .or_default() += change.minor();
            }
            let stored = StoredEntry {
                number,
                previous,
                hash,
                entry,
            };
            check
                .check(&stored)
                .map_err(|bad| anyhow::anyhow!("book {book}: {bad}"))?;
            previous = hash;
            if number % marks::STEP == 0 {
                verify_mark(&mut tx, book, number, &sums).await?;
            }
        }
    }
    let kept = store::balances(&mut tx, book).await?;
    for (account, sum) in &sums {
        let balance = kept.get(account).copied().unwrap_or(0);
        anyhow::ensure!(
            balance == *sum,
            "book {book}: the balance of {} {} is kept as {balance}, its movements add up to {sum}",
            account.0,
            account.1
        );
    }
    let stray = kept
        .iter()
        .find(|(account, balance)| **balance != 0 && !sums.contains_key(*account));
    anyhow::ensure!(
        stray.is_none(),
        "book {book}: a balance without movements: {stray:?}"
    );
    let (number, hash) = check.head();
    let head = store::head_now(&mut tx, book).await?;
    anyhow::ensure!(
        head == (number, hash),
        "book {book}: its head names entry {} with hash {}, its last entry is {number} with hash {hash}",
        head.0,
        head.1
    );
    let stray = reading::stray_head(&mut tx, book).await?;
    anyhow::ensure!(
        stray.is_none(),
        "book {book}: the head published for {stray:?} is not the hash of its entry"
    );
    Ok(u64::try_from(number).unwrap_or(0))
}

/// The balances kept at an entry are what its movements and all before it add up to.
async fn verify_mark(
    conn: &mut PgConnection,
    book: BookId,
    number: i64,
    sums: &BTreeMap<(String, String), i64>,
) -> anyhow::Result<()> {
    let marked = marks::at(conn, book, number).await?;
    let marked: BTreeMap<(String, String), i64> = marked
        .into_iter()
        .map(|((account, currency), minor)| ((account.to_string(), currency.code().into()), minor))
        .collect();
    let summed: BTreeMap<_, _> = sums
        .iter()
        .filter(|(_, sum)| **sum != 0)
        .map(|(account, sum)| (account.clone(), *sum))
        .collect();
    anyhow::ensure!(
        marked == summed,
        "book {book}: the balances kept at entry {number} are {marked:?}, its movements add up to {summed:?}"
    );
    Ok(())
}
