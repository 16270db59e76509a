//! Adding what entries change to the balances that are kept: one row for each account of a book.

use std::collections::{BTreeMap, HashSet};

use felag_domain::ids::BookId;
use felag_domain::ledger::{Account, AccountKind};
use felag_domain::money::Currency;
use sqlx::PgConnection;

/// Adds changes, account by account. The caller holds the book's head.
///
/// # Errors
/// When a liability would fall below zero (`liability_is_not_negative`).
pub async fn add_to_balances(
    conn: &mut PgConnection,
    book: BookId,
    changes: &BTreeMap<(Account, Currency), i64>,
) -> anyhow::Result<()> {
    let accounts: Vec<String> = changes.keys().map(|(account, _)| account.to_string()).collect();
    let currencies: Vec<String> = changes
        .keys()
        .map(|(_, currency)| currency.code().to_string())
        .collect();
    let liabilities: Vec<bool> = changes
        .keys()
        .map(|(account, _)| account.code().kind() == AccountKind::Liability)
        .collect();
    let minors: Vec<i64> = changes.values().copied().collect();
    let columns = Balances {
        accounts,
        currencies,
        minors,
    };
    // The caller holds the book's head, so that nobody else makes a row of it meanwhile.
    if change_balances(conn, book, &columns).await? == columns.accounts.len() {
        return Ok(());
    }
    // Rows that were missing come with nothing on them: with the amount they would have to pass the check by themselves
    // even where there is a row.
    let made = sqlx::query!(
        "insert into account_balance (book_id, account, currency, is_liability)
         select $1, * from unnest($2::text[], $3::text[], $4::bool[])
         on conflict (book_id, account, currency) do nothing returning account, currency",
        book as _,
        &columns.accounts,
        &columns.currencies,
        &liabilities,
    )
    .fetch_all(&mut *conn)
    .await?;
    let made: HashSet<(String, String)> = made.into_iter().map(|row| (row.account, row.currency)).collect();
    change_balances(conn, book, &columns.of(&made)).await?;
    Ok(())
}

/// Changes of balances, column by column.
#[derive(Default)]
struct Balances {
    accounts: Vec<String>,
    currencies: Vec<String>,
    minors: Vec<i64>,
}

impl Balances {
    /// Those of these accounts and currencies.
    fn of(self, wanted: &HashSet<(String, String)>) -> Self {
        let mut some = Self::default();
        for ((account, currency), minor) in self.accounts.into_iter().zip(self.currencies).zip(self.minors) {
            let key = (account, currency);
            if wanted.contains(&key) {
                some.accounts.push(key.0);
                some.currencies.push(key.1);
                some.minors.push(minor);
            }
        }
        some
    }
}

/// Adds to the balances that there are; how many there were.
async fn change_balances(conn: &mut PgConnection, book: BookId, changes: &Balances) -> anyhow::Result<usize> {
    let done = sqlx::query!(
        "update account_balance set balance_minor = balance_minor + change.minor
         from unnest($2::text[], $3::text[], $4::bigint[]) as change (account, currency, minor)
         where account_balance.book_id = $1 and account_balance.account = change.account
           and account_balance.currency = change.currency",
        book as _,
        &changes.accounts,
        &changes.currencies,
        &changes.minors,
    )
    .execute(conn)
    .await?;
    Ok(usize::try_from(done.rows_affected())?)
}
