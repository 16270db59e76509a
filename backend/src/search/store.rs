//! The SQL of the first page.

use felag_domain::ledger::{Account, EntryKind, Hash};
use felag_domain::money::{Currency, Money};
use sqlx::PgPool;

use crate::ledger::Shown;

/// How much was promised in open campaigns, and collected by those that reached their minimum, per currency.
#[derive(Debug, Clone, Default)]
pub struct Totals {
    pub promised: Vec<Money>,
    pub collected: Vec<Money>,
}

/// One narrow row per campaign is read; never a pledge.
pub async fn totals(db: &PgPool) -> sqlx::Result<Totals> {
    let rows = sqlx::query!(
        r#"select campaign.currency as "currency: Currency",
                  sum(promised_minor) filter (where state = 'open')::bigint as promised,
                  sum(collected_minor) filter (where state <> 'open')::bigint as collected
           from campaign join campaign_total using (campaign_id)
           where state in ('open', 'funded', 'closed', 'unpayable')
           group by campaign.currency order by campaign.currency"#,
    )
    .fetch_all(db)
    .await?;
    let mut totals = Totals::default();
    for row in rows {
        let money = |minor: Option<i64>| minor.filter(|minor| *minor > 0);
        totals
            .promised
            .extend(money(row.promised).map(|minor| Money::from_minor(minor, row.currency)));
        totals
            .collected
            .extend(money(row.collected).map(|minor| Money::from_minor(minor, row.currency)));
    }
    Ok(totals)
}

/// The latest entries over the books of open campaigns: the last few of each book, then the newest of those.
pub async fn latest(db: &PgPool) -> anyhow::Result<Vec<Shown>> {
    let rows = sqlx::query!(
        r#"select entry.number, entry.hash, entry.at, entry.kind as "kind: EntryKind", entry.cause_id,
                  movement.amount_minor, movement.currency as "currency: Currency",
                  movement.debit as "debit: Account"
           from (select campaign_id from campaign where state in ('open', 'collecting', 'funded')
                 order by deadline_at desc limit 50) as running
           cross join lateral (select book_id, number, hash, at, kind, cause_id from entry
                               where entry.book_id = running.campaign_id
                                   order by entry.number desc limit 5) as entry
           join movement on movement.book_id = entry.book_id and movement.number = entry.number
               and position = 1
           order by entry.at desc, entry.number desc limit 5"#,
    )
    .fetch_all(db)
    .await?;
    let shown = rows.into_iter().map(|row| {
        Ok(Shown {
            number: row.number,
            hash: Hash::try_from(row.hash.as_slice())?,
            at: row.at,
            kind: row.kind,
            cause_id: row.cause_id,
            amount: Money::from_minor(row.amount_minor, row.currency),
            debit: row.debit.code(),
            cost: None,
        })
    });
    shown.collect()
}
