//! The latest entries of a book with the names that stand beside them, in one statement: a campaign's page shows them,
//! and no page is asked for more often. Other pages of a book read entries and names one after the other.

use felag_domain::ids::{BookId, CampaignId};
use felag_domain::ledger::{Account, EntryKind, Hash};
use felag_domain::money::{Currency, Money};
use sqlx::PgPool;

use crate::ledger::Shown;

/// An entry, and the name its giver chose to show to everybody.
pub struct Named {
    pub entry: Shown,
    pub who: Option<String>,
}

/// The entries of a book before number `before`, so many at most, the newest first. Names are those of
/// [`super::store::names`], beside the kinds of [`super::lines::may_be_named`]; the books that are no campaign's have none.
pub async fn latest(
    db: &PgPool,
    book: BookId,
    campaign: Option<CampaignId>,
    before: i64,
    most: i64,
) -> anyhow::Result<Vec<Named>> {
    let rows = sqlx::query!(
        r#"select entry.number, hash, at, kind as "kind: EntryKind", cause_id, main.amount_minor,
                  main.currency as "currency: Currency", main.debit as "debit: Account",
                  cost.amount_minor as "cost_minor?",
                  case kind
                      when 'card_saved' then
                          (select backer_name from pledge
                           where campaign_id = $4 and pledge_id = cause_id::uuid
                             and visibility = 'named' and backer_name <> '' and state not in ('cancelled', 'dropped'))
                      when 'charge' then
                          (select backer_name from pledge
                           where campaign_id = $4 and charge_ref = cause_id
                             and visibility = 'named' and backer_name <> '' limit 1)
                  end as who
           from (select * from entry where book_id = $1 and number < $2 order by number desc limit $3) as entry
           cross join lateral (select * from movement where book_id = entry.book_id and number = entry.number
                               order by position limit 1) as main
           left join lateral (select amount_minor from movement
                              where book_id = entry.book_id and number = entry.number
                                and debit = 'platform:provider-costs' limit 1) as cost on true
           order by entry.number desc"#,
        book as _,
        before,
        most,
        campaign as _,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let entry = Shown {
                number: row.number,
                hash: Hash::try_from(row.hash.as_slice())?,
                at: row.at,
                kind: row.kind,
                cause_id: row.cause_id,
                amount: Money::from_minor(row.amount_minor, row.currency),
                debit: row.debit.code(),
                cost: row.cost_minor.map(|minor| Money::from_minor(minor, row.currency)),
            };
            Ok(Named { entry, who: row.who })
        })
        .collect()
}
