//! Balances at every 500th entry of a book: what stood on its accounts after any entry is the mark below it and fewer
//! than 500 entries, so no page sums a table however long the book is.

use std::collections::BTreeMap;

use felag_domain::ids::BookId;
use felag_domain::ledger::{Account, NewEntry, Side, balance_change};
use felag_domain::money::{Currency, Money};
use sqlx::{PgConnection, PgPool};

use super::{Place, store};

/// A mark stands at every entry whose number is a multiple of this. The migration that began them says the same.
pub const STEP: i64 = 500;

/// Balances by account and currency, as [`balance_change`] counts them.
pub type Balances = BTreeMap<(Account, Currency), i64>;

/// An account that an entry changed: by how much, and what stood on it afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    pub account: Account,
    pub change: Money,
    pub after: Money,
}

/// Writes the marks that a batch went past. Called once its balances are added, the last number before it being
/// `before`.
pub(super) async fn write(
    conn: &mut PgConnection,
    book: BookId,
    before: i64,
    fresh: &[(Place, NewEntry)],
) -> anyhow::Result<()> {
    if fresh
        .last()
        .is_none_or(|(last, _)| last.number / STEP == before / STEP)
    {
        return Ok(());
    }
    let mut balances = store::balances(conn, book).await?;
    let mut marks = Marks::default();
    for (place, entry) in fresh.iter().rev() {
        if place.number % STEP == 0 {
            marks.put(place.number, &balances);
        }
        for (account, change) in entry.balance_changes()? {
            let key = (account.to_string(), change.currency().code().into());
            *balances.entry(key).or_default() -= change.minor();
        }
    }
    marks.insert(conn, book).await?;
    Ok(())
}

#[derive(Default)]
struct Marks {
    numbers: Vec<i64>,
    accounts: Vec<String>,
    currencies: Vec<String>,
    minors: Vec<i64>,
}

impl Marks {
    fn put(&mut self, number: i64, balances: &BTreeMap<(String, String), i64>) {
        for ((account, currency), minor) in balances.iter().filter(|(_, minor)| **minor != 0) {
            self.numbers.push(number);
            self.accounts.push(account.clone());
            self.currencies.push(currency.clone());
            self.minors.push(*minor);
        }
    }

    async fn insert(&self, conn: &mut PgConnection, book: BookId) -> sqlx::Result<()> {
        sqlx::query!(
            "insert into book_mark (book_id, number, account, currency, balance_minor)
             select $1, * from unnest($2::bigint[], $3::text[], $4::text[], $5::bigint[])",
            book as _,
            &self.numbers,
            &self.accounts,
            &self.currencies,
            &self.minors,
        )
        .execute(conn)
        .await?;
        Ok(())
    }
}

/// The mark at an entry whose number is a multiple of [`STEP`]; accounts with nothing on them are left out.
pub(super) async fn at(conn: &mut PgConnection, book: BookId, number: i64) -> sqlx::Result<Balances> {
    let rows = sqlx::query!(
        r#"select account as "account: Account", currency as "currency: Currency", balance_minor
           from book_mark where book_id = $1 and number = $2"#,
        book as _,
        number,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| ((row.account, row.currency), row.balance_minor))
        .collect())
}

/// What entries `first` to `last` of a book changed, entry by entry, and what stood on those accounts afterwards.
pub async fn changed(
    db: &PgPool,
    book: BookId,
    first: i64,
    last: i64,
) -> anyhow::Result<BTreeMap<i64, Vec<Changed>>> {
    let mut conn = db.acquire().await?;
    let mark = (first - 1) / STEP * STEP;
    let mut balances = at(&mut conn, book, mark).await?;
    // Entries never change, so that these two reads need no common snapshot.
    let before = sqlx::query!(
        r#"select account as "account!: Account", currency as "currency!: Currency", sum(minor)::bigint as "minor!"
           from (select debit as account, currency, amount_minor as minor from movement
                 where book_id = $1 and number > $2 and number < $3
                 union all
                 select credit, currency, -amount_minor from movement
                 where book_id = $1 and number > $2 and number < $3) as side
           group by account, currency"#,
        book as _,
        mark,
        first,
    )
    .fetch_all(&mut *conn)
    .await?;
    for row in before {
        add(&mut balances, row.account, row.currency, row.minor)?;
    }
    let rows = sqlx::query!(
        r#"select number as "number!", account as "account!: Account", currency as "currency!: Currency",
                  sum(minor)::bigint as "minor!"
           from (select number, debit as account, currency, amount_minor as minor from movement
                 where book_id = $1 and number between $2 and $3
                 union all
                 select number, credit, currency, -amount_minor from movement
                 where book_id = $1 and number between $2 and $3) as side
           group by number, account, currency having sum(minor) <> 0 order by number"#,
        book as _,
        first,
        last,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut all: BTreeMap<i64, Vec<Changed>> = BTreeMap::new();
    for row in rows {
        let (change, after) = add(&mut balances, row.account, row.currency, row.minor)?;
        all.entry(row.number).or_default().push(Changed {
            account: row.account,
            change,
            after,
        });
    }
    for list in all.values_mut() {
        list.sort_by_key(|changed| (changed.account, changed.change.currency()));
    }
    Ok(all)
}

/// Adds what was debited, less what was credited; the change and what stands then.
fn add(
    balances: &mut Balances,
    account: Account,
    currency: Currency,
    debited: i64,
) -> anyhow::Result<(Money, Money)> {
    let change = balance_change(account.code(), Side::Debit, Money::from_minor(debited, currency));
    let balance = balances.entry((account, currency)).or_default();
    *balance = balance
        .checked_add(change)
        .ok_or_else(|| anyhow::anyhow!("a balance overflows"))?;
    Ok((
        Money::from_minor(change, currency),
        Money::from_minor(*balance, currency),
    ))
}
