//! What a campaign's book can give back: asked for by whoever is about to take something from it.

use felag_domain::entries::Pot;
use felag_domain::ids::BookId;
use felag_domain::ledger::AccountCode;
use felag_domain::money::{Currency, Money};
use sqlx::PgConnection;

use super::store;

/// See [`standing`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Collected, not yet paid out.
    pub held: Money,
    /// Approved for payout, not yet sent.
    pub payable: Money,
}

/// As [`standing`], of what the money was paid for.
///
/// What was lent, or paid back, is held on an account of its own, and nothing else can pay for it: then `payable` is
/// nothing.
///
/// # Errors
/// When there is no such book.
pub async fn standing_of(
    conn: &mut PgConnection,
    book: BookId,
    currency: Currency,
    pot: Pot,
) -> anyhow::Result<Standing> {
    let account = match pot {
        Pot::Gifts => return standing(conn, book, currency).await,
        Pot::Loan => AccountCode::HeldLoan,
        Pot::Repayments => AccountCode::Pending,
    };
    store::take_head(conn, book).await?;
    Ok(Standing {
        held: super::balance_of(conn, book, account, currency).await?,
        payable: Money::zero(currency),
    })
}

/// What is held and payable in a book, which stays as it is until the transaction ends: whoever posts next waits.
///
/// # Errors
/// When there is no such book.
pub async fn standing(conn: &mut PgConnection, book: BookId, currency: Currency) -> anyhow::Result<Standing> {
    store::take_head(conn, book).await?;
    let row = sqlx::query!(
        r#"select coalesce((select balance_minor from account_balance
                            where book_id = $1 and account = $2 and currency = $4), 0) as "held!",
                  -- What is payable of a loan is not the gifts'.
                  greatest(0, coalesce((select balance_minor from account_balance
                            where book_id = $1 and account = $3 and currency = $4), 0)
                        - coalesce((select sum(net_minor) from payout
                            where campaign_id = $1 and source = 'loan' and state = 'approved'), 0))::bigint
                  as "payable!""#,
        book as _,
        AccountCode::Held.as_str(),
        AccountCode::Payable.as_str(),
        currency.code(),
    )
    .fetch_one(conn)
    .await?;
    Ok(Standing {
        held: Money::from_minor(row.held, currency),
        payable: Money::from_minor(row.payable, currency),
    })
}
