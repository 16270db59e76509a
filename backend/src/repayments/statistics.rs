//! The published figures about loans, from the narrow rows that every entry keeps; and the same figures once more from
//! the ledger and the instalments, for whoever does not believe them.

use std::collections::BTreeMap;

use felag_domain::ledger::AccountCode;
use felag_domain::money::{Currency, Money};
use felag_domain::repaying::Bucket;
use sqlx::PgPool;

use crate::ctx::Ctx;

/// What is published about the loans of one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    pub currency: Currency,
    pub loans: i64,
    pub lent: Money,
    pub outstanding: Money,
    pub interest: Money,
    pub lost: Money,
    /// How many loans are that late, and what is outstanding of them.
    pub late: BTreeMap<&'static str, (i64, Money)>,
    /// By the year it ends in: of so many loans that were paid out before its end and still ran in it, so many
    /// defaulted in it.
    pub defaults: BTreeMap<i32, (i64, i64)>,
}

/// As they are kept.
///
/// # Errors
/// When the database fails.
pub async fn statistics(ctx: &Ctx) -> anyhow::Result<Vec<Statistics>> {
    let rows = sqlx::query!(
        r#"select loan_running.currency as "currency: Currency", loan_running.principal_minor, principal_paid_minor,
                  interest_paid_minor, lost_minor, oldest_open_on, begun_on, defaulted_on, ended_at
           from loan_running join loan using (campaign_id)"#
    )
    .fetch_all(&ctx.db)
    .await?;
    let today = ctx.now().date();
    let mut all: BTreeMap<Currency, Statistics> = BTreeMap::new();
    for row in rows {
        let one = all.entry(row.currency).or_insert_with(|| nothing(row.currency));
        let outstanding = row.principal_minor - row.principal_paid_minor - row.lost_minor;
        one.loans += 1;
        add(&mut one.lent, row.principal_minor);
        add(&mut one.outstanding, outstanding);
        add(&mut one.interest, row.interest_paid_minor);
        add(&mut one.lost, row.lost_minor);
        let days = row.oldest_open_on.map_or(0, |on| (today - on).whole_days());
        if outstanding > 0 {
            let bucket = one
                .late
                .entry(Bucket::of(days).as_str())
                .or_insert((0, Money::zero(row.currency)));
            bucket.0 += 1;
            add(&mut bucket.1, outstanding);
        }
        let last = row.ended_at.map_or(today, |at| at.date());
        for year in row.begun_on.year()..=last.year().max(row.begun_on.year()) {
            // After its default it runs in no year; a year in which none ran has no rate.
            let defaulted_before = row.defaulted_on.is_some_and(|on| on.year() < year);
            if !defaulted_before {
                let window = one.defaults.entry(year).or_insert((0, 0));
                window.1 += 1;
                window.0 += i64::from(row.defaulted_on.is_some_and(|on| on.year() == year));
            }
        }
    }
    Ok(all.into_values().collect())
}

fn nothing(currency: Currency) -> Statistics {
    Statistics {
        currency,
        loans: 0,
        lent: Money::zero(currency),
        outstanding: Money::zero(currency),
        interest: Money::zero(currency),
        lost: Money::zero(currency),
        late: BTreeMap::new(),
        defaults: BTreeMap::new(),
    }
}

fn add(sum: &mut Money, minor: i64) {
    *sum = Money::from_minor(sum.minor().saturating_add(minor), sum.currency());
}

/// What the ledger says of one currency: lent, outstanding and lost, summed over every movement.
///
/// # Errors
/// When the database fails.
pub async fn recomputed(db: &PgPool, currency: Currency) -> sqlx::Result<(Money, Money, Money)> {
    let row = sqlx::query!(
        r#"select coalesce(sum(case kind when 'loan_begun' then amount_minor when 'loan_unbegun' then -amount_minor end), 0)
                      ::bigint as "lent!",
                  coalesce(sum(amount_minor) filter (where account_code(credit) = $2), 0)::bigint as "opened!",
                  coalesce(sum(amount_minor) filter (where account_code(debit) = $2), 0)::bigint as "closed!",
                  coalesce(sum(amount_minor) filter (where credit = $3), 0)::bigint as "given_up!",
                  coalesce(sum(amount_minor) filter (where debit = $3), 0)::bigint as "recovered!"
           from movement join entry using (book_id, number) where currency = $1"#,
        currency.code(),
        AccountCode::Claim.as_str(),
        AccountCode::WrittenOff.as_str(),
    )
    .fetch_one(db)
    .await?;
    let money = |minor| Money::from_minor(minor, currency);
    Ok((
        money(row.lent),
        money(row.opened - row.closed),
        money(row.given_up - row.recovered),
    ))
}
