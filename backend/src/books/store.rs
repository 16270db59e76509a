//! The SQL of names beside entries, and of the lists of backers. What a backer keeps from somebody is left
//! out here, so that nothing above can show it by mistake.

use std::collections::HashMap;

use felag_domain::ids::{BookId, CampaignId, PledgeId};
use felag_domain::money::{Currency, Money};
use felag_domain::pledge::PledgeState;
use sqlx::PgPool;
use time::OffsetDateTime;
use uuid::Uuid;

/// The names that people chose to show to everybody, by the cause of the entry: the pledge, or its charge. Who took a
/// promise back, or whose card was declined for good, is not named beside the promise either: the entry of its end
/// carries the same id.
pub async fn names(
    db: &PgPool,
    campaign: CampaignId,
    causes: &[String],
) -> sqlx::Result<HashMap<String, String>> {
    let pledges: Vec<Uuid> = causes.iter().filter_map(|cause| cause.parse().ok()).collect();
    let rows = sqlx::query!(
        r#"select pledge_id::text as "cause!", backer_name as "name!" from pledge
           where campaign_id = $1 and pledge_id = any($2) and visibility = 'named' and backer_name <> ''
             and state not in ('cancelled', 'dropped')
           union all
           select charge_ref, backer_name from pledge
           where campaign_id = $1 and charge_ref = any($3) and visibility = 'named' and backer_name <> ''"#,
        campaign as _,
        &pledges,
        causes,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.cause, row.name)).collect())
}

/// What kind of book this is, if there is such a book.
pub async fn kind_of_book(db: &PgPool, book: BookId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select kind from book where book_id = $1", book as _)
        .fetch_optional(db)
        .await
}

/// The book that comes after another in the order of their ids; without one, the first. The platform's own is first.
pub async fn next_book(db: &PgPool, after: Option<BookId>) -> sqlx::Result<Option<BookId>> {
    sqlx::query_scalar!(
        r#"select book_id as "book_id: BookId" from book where book_id > $1 order by book_id limit 1"#,
        after.map_or(Uuid::nil(), BookId::as_uuid),
    )
    .fetch_optional(db)
    .await
}

/// A pledge as far as its project may know it.
#[derive(Debug)]
pub struct Backer {
    pub id: PledgeId,
    pub name: Option<String>,
    pub email: Option<String>,
    pub reward: Option<String>,
    pub amount: Money,
    /// What of the amount went back, or is on its way back.
    pub refunded: Money,
    pub state: PledgeState,
    /// False for the project's own members.
    pub counts: bool,
    pub promised_at: OffsetDateTime,
    pub paid_at: Option<OffsetDateTime>,
}

struct Row {
    id: PledgeId,
    name: Option<String>,
    email: Option<String>,
    reward: Option<String>,
    amount_minor: i64,
    refunded_minor: i64,
    currency: Currency,
    state: PledgeState,
    counts: bool,
    promised_at: OffsetDateTime,
    paid_at: Option<OffsetDateTime>,
}

impl From<Row> for Backer {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.name,
            email: row.email,
            reward: row.reward,
            amount: Money::from_minor(row.amount_minor, row.currency),
            refunded: Money::from_minor(row.refunded_minor, row.currency),
            state: row.state,
            counts: row.counts,
            promised_at: row.promised_at,
            paid_at: row.paid_at,
        }
    }
}

/// A page of pledges that had a card. Each state is read in the order of its index, so that a page of a million pledges
/// costs as much as one of a hundred. That it is one state is said with two comparisons: were it said with one, Postgres
/// might read the campaign's whole primary key in search of a state that no pledge is in.
macro_rules! backers {
    ($among:tt, $order:tt, $campaign:expr, $states:expr, $edge:expr, $most:expr) => {
        sqlx::query_as!(
            Row,
            r#"select pledge_id as "id!: PledgeId",
                      case when visibility <> 'anonymous' then nullif(backer_name, '') end as name,
                      case when visibility <> 'anonymous' and ended_at is null then email end as email,
                      reward.title as "reward?", amount_minor as "amount_minor!",
                      (select coalesce(sum(refunded_minor), 0)::bigint from payment
                       where book_id = found.campaign_id and subject_id = found.pledge_id) as "refunded_minor!",
                      currency as "currency!: Currency", found.state as "state!: PledgeState",
                      counts as "counts!", card_saved_at as "promised_at!", paid_at
               from unnest($2::text[]) as wanted (state)
               cross join lateral (
                   select * from pledge
                   where pledge.campaign_id = $1 and card_saved_at is not null and "# + $among + "
                   order by pledge.state " + $order + ", pledge_id " + $order + r#" limit $4) as found
               left join reward on reward.campaign_id = found.campaign_id
                               and reward.reward_id = found.reward_id
               order by pledge_id "# + $order + " limit $4",
            $campaign as _,
            $states as _,
            $edge as _,
            $most,
        )
    };
}

/// Pledges in some states made before `before`, the newest first.
pub async fn backers_before(
    db: &PgPool,
    campaign: CampaignId,
    states: &[PledgeState],
    before: Option<PledgeId>,
    most: i64,
) -> sqlx::Result<Vec<Backer>> {
    let states = names_of(states);
    let edge = before.map_or(Uuid::max(), PledgeId::as_uuid);
    let rows = backers!(
        "pledge.state >= wanted.state and (pledge.state, pledge_id) < (wanted.state, $3)",
        "desc",
        campaign,
        &states,
        edge,
        most
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Backer::from).collect())
}

/// Pledges in some states made after `after`, the oldest first.
pub async fn backers_after(
    db: &PgPool,
    campaign: CampaignId,
    states: &[PledgeState],
    after: Option<PledgeId>,
    most: i64,
) -> sqlx::Result<Vec<Backer>> {
    let states = names_of(states);
    let edge = after.map_or(Uuid::nil(), PledgeId::as_uuid);
    let rows = backers!(
        "pledge.state <= wanted.state and (pledge.state, pledge_id) > (wanted.state, $3)",
        "asc",
        campaign,
        &states,
        edge,
        most
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Backer::from).collect())
}

fn names_of(states: &[PledgeState]) -> Vec<&'static str> {
    states.iter().map(|state| state.as_str()).collect()
}
