//! Sums over a book, for what is worked out seldom and must be exact: a payout and its statement.

use felag_domain::ids::BookId;
use felag_domain::ledger::{AccountCode, EntryKind, Side, balance_change};
use felag_domain::money::{Currency, Money};
use sqlx::PgConnection;

/// All that entries of one kind moved from one account to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    pub kind: EntryKind,
    pub debit: AccountCode,
    pub credit: AccountCode,
    pub amount: Money,
    pub entries: u64,
}

/// What a book's entries moved, kind by kind and account by account, of one currency. With `numbers`, of the entries
/// behind the first number up to the second.
pub async fn totals(
    conn: &mut PgConnection,
    book: BookId,
    currency: Currency,
    numbers: Option<(i64, i64)>,
) -> sqlx::Result<Vec<Total>> {
    let (after, until) = numbers.unwrap_or((0, i64::MAX));
    let rows = sqlx::query!(
        r#"select kind as "kind: EntryKind", account_code(debit) as "debit!: AccountCode",
                  account_code(credit) as "credit!: AccountCode",
                  sum(amount_minor)::bigint as "minor!", count(distinct number) as "entries!"
           from movement join entry using (book_id, number)
           where book_id = $1 and currency = $2 and number > $3 and number <= $4
           group by 1, 2, 3 order by 1, 2, 3"#,
        book as _,
        currency.code(),
        after,
        until,
    )
    .fetch_all(conn)
    .await?;
    let total = rows.into_iter().map(|row| Total {
        kind: row.kind,
        debit: row.debit,
        credit: row.credit,
        amount: Money::from_minor(row.minor, currency),
        entries: u64::try_from(row.entries).unwrap_or(0),
    });
    Ok(total.collect())
}

impl Total {
    /// What it changed the balance of `account` by; nothing if it touches it on neither side.
    pub fn change_of(&self, account: AccountCode) -> i64 {
        let side = |code, side| {
            if code == account {
                balance_change(account, side, self.amount)
            } else {
                0
            }
        };
        side(self.debit, Side::Debit).saturating_add(side(self.credit, Side::Credit))
    }
}
