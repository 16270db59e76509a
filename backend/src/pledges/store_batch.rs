//! The SQL that settles many pledges at once: one statement per table, whatever the number.

use felag_domain::ids::{CampaignId, PledgeId};
use felag_domain::pledge::PledgeState;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Pledge;
use super::store::{Row, select};

fn uuids(ids: &[PledgeId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.as_uuid()).collect()
}

/// Pledges by id, locked in the order of their ids.
pub async fn lock_many(
    conn: &mut PgConnection,
    campaign: CampaignId,
    ids: &[PledgeId],
) -> sqlx::Result<Vec<Pledge>> {
    let rows = select!(
        "where campaign_id = $1 and pledge_id = any($2) order by pledge_id for update",
        campaign as _,
        &uuids(ids),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Pledges by id, without a lock.
pub async fn by_ids(
    conn: &mut PgConnection,
    campaign: CampaignId,
    ids: &[PledgeId],
) -> sqlx::Result<Vec<Pledge>> {
    let rows = select!(
        "where campaign_id = $1 and pledge_id = any($2) order by pledge_id",
        campaign as _,
        &uuids(ids),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Pledges in some states, locked: at most so many, after `after`.
pub async fn lock_in_states(
    conn: &mut PgConnection,
    campaign: CampaignId,
    states: &[PledgeState],
) -> sqlx::Result<Vec<Pledge>> {
    let states: Vec<String> = states.iter().map(|state| state.as_str().to_string()).collect();
    let rows = select!(
        "where campaign_id = $1 and state = any($2) order by pledge_id for update",
        campaign as _,
        &states,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// A page of the pledges in some states, after `after`: for mails, which need no lock.
pub async fn page_in_states(
    conn: &mut PgConnection,
    campaign: CampaignId,
    states: &[PledgeState],
    after: Option<PledgeId>,
    most: i64,
) -> sqlx::Result<Vec<Pledge>> {
    let states: Vec<String> = states.iter().map(|state| state.as_str().to_string()).collect();
    let rows = select!(
        "where campaign_id = $1 and state = any($2) and pledge_id > $3 order by pledge_id limit $4",
        campaign as _,
        &states,
        after.map_or(Uuid::nil(), PledgeId::as_uuid),
        most,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// What the provider's news changed about one pledge.
#[derive(Debug, Clone)]
pub struct Change {
    pub id: PledgeId,
    pub to: PledgeState,
    pub tries: i32,
    pub next_try_at: Option<OffsetDateTime>,
    pub decline_code: Option<String>,
    pub charge: Option<String>,
    pub paid_at: Option<OffsetDateTime>,
    pub ended_at: Option<OffsetDateTime>,
}

pub async fn apply(
    conn: &mut PgConnection,
    campaign: CampaignId,
    changes: &[Change],
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = changes.iter().map(|change| change.id.as_uuid()).collect();
    let states: Vec<String> = changes
        .iter()
        .map(|change| change.to.as_str().to_string())
        .collect();
    let tries: Vec<i32> = changes.iter().map(|change| change.tries).collect();
    let next: Vec<Option<OffsetDateTime>> = changes.iter().map(|change| change.next_try_at).collect();
    let codes: Vec<Option<String>> = changes.iter().map(|change| change.decline_code.clone()).collect();
    let charges: Vec<Option<String>> = changes.iter().map(|change| change.charge.clone()).collect();
    let paid: Vec<Option<OffsetDateTime>> = changes.iter().map(|change| change.paid_at).collect();
    let ended: Vec<Option<OffsetDateTime>> = changes.iter().map(|change| change.ended_at).collect();
    sqlx::query!(
        "update pledge set state = given.state, tries = given.tries, next_try_at = given.next, decline_code = given.code,
                charge_ref = coalesce(given.charge, charge_ref), paid_at = coalesce(paid_at, given.paid),
                ended_at = coalesce(ended_at, given.ended), updated_at = $10
         from unnest($2::uuid[], $3::text[], $4::int[], $5::timestamptz[], $6::text[], $7::text[], $8::timestamptz[],
                     $9::timestamptz[])
              as given (id, state, tries, next, code, charge, paid, ended)
         where campaign_id = $1 and pledge_id = given.id",
        campaign as _,
        &ids,
        &states,
        &tries,
        &next as _,
        &codes as _,
        &charges as _,
        &paid as _,
        &ended as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Every saved card comes due: the decision at the deadline.
pub async fn come_due(
    conn: &mut PgConnection,
    campaign: CampaignId,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update pledge set state = 'due', due_at = $2, next_try_at = $2, updated_at = $2
         where campaign_id = $1 and state = 'card_saved'",
        campaign as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One saved card comes due: of a campaign that charges at once.
pub async fn come_due_now(
    conn: &mut PgConnection,
    campaign: CampaignId,
    id: PledgeId,
    to: PledgeState,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update pledge set state = $3, due_at = $4, next_try_at = $4, updated_at = $4
         where campaign_id = $1 and pledge_id = $2",
        campaign as _,
        id as _,
        to as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// When the last pledge that is still open came due.
pub async fn last_due(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<Option<OffsetDateTime>> {
    sqlx::query_scalar!(
        "select max(due_at) from pledge
         where campaign_id = $1 and state in ('due', 'charging', 'needs_you', 'retry_later', 'stopping')",
        campaign as _,
    )
    .fetch_one(conn)
    .await
}

/// Everything collected, what members gave included, in minor units.
pub async fn collected_in_all(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select collected_minor + own_collected_minor as "minor!" from campaign_total where campaign_id = $1"#,
        campaign as _
    )
    .fetch_one(conn)
    .await
}

/// The ids of payments that were made, each for its pledge.
pub async fn set_intents(
    conn: &mut PgConnection,
    campaign: CampaignId,
    intents: &[(PledgeId, String)],
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = intents.iter().map(|(id, _)| id.as_uuid()).collect();
    let refs: Vec<String> = intents.iter().map(|(_, intent)| intent.clone()).collect();
    sqlx::query!(
        "update pledge set intent_ref = given.intent
         from unnest($2::uuid[], $3::text[]) as given (id, intent)
         where campaign_id = $1 and pledge_id = given.id and intent_ref is null",
        campaign as _,
        &ids,
        &refs,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A new card for a pledge whose old one was declined.
pub async fn set_card(
    conn: &mut PgConnection,
    campaign: CampaignId,
    id: PledgeId,
    method: &str,
    to: PledgeState,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update pledge set payment_method_ref = $3, state = $4, next_try_at = null, checkout_url = null, updated_at = $5
         where campaign_id = $1 and pledge_id = $2",
        campaign as _,
        id as _,
        method,
        to as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What moves between the four figures, in minor units. `own` is what members gave.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    pub collected: i64,
    pub at_risk: i64,
    pub lost: i64,
    pub own_collected: i64,
}

pub async fn move_figures(conn: &mut PgConnection, campaign: CampaignId, moved: Moved) -> sqlx::Result<()> {
    if moved == Moved::default() {
        return Ok(());
    }
    sqlx::query!(
        "update campaign_total set collected_minor = collected_minor + $2, at_risk_minor = at_risk_minor + $3,
                lost_minor = lost_minor + $4, own_collected_minor = own_collected_minor + $5
         where campaign_id = $1",
        campaign as _,
        moved.collected,
        moved.at_risk,
        moved.lost,
        moved.own_collected,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The figures that decide: promised and collected, in minor units.
pub async fn figures(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<(i64, i64)> {
    let row = sqlx::query!(
        "select promised_minor, collected_minor from campaign_total where campaign_id = $1 for update",
        campaign as _
    )
    .fetch_one(conn)
    .await?;
    Ok((row.promised_minor, row.collected_minor))
}

/// Whether any pledge stands in one of these states.
pub async fn any_in(
    conn: &mut PgConnection,
    campaign: CampaignId,
    states: &[PledgeState],
) -> sqlx::Result<bool> {
    let states: Vec<String> = states.iter().map(|state| state.as_str().to_string()).collect();
    sqlx::query_scalar!(
        r#"select exists (select from pledge where campaign_id = $1 and state = any($2)) as "any!""#,
        campaign as _,
        &states,
    )
    .fetch_one(conn)
    .await
}

/// Of these pledges, those that are paid.
pub async fn paid_among(db: &PgPool, campaign: CampaignId, ids: &[Uuid]) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select pledge_id from pledge where campaign_id = $1 and pledge_id = any($2) and state = 'paid'",
        campaign as _,
        ids,
    )
    .fetch_all(db)
    .await
}

/// Where the campaign goes: its state and what the deadline or the window fixed.
pub async fn set_campaign(
    conn: &mut PgConnection,
    campaign: CampaignId,
    state: felag_domain::campaign::CampaignState,
    decided_at: Option<OffsetDateTime>,
    window_ends_at: Option<OffsetDateTime>,
    ended_at: Option<OffsetDateTime>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update campaign set state = $2, decided_at = coalesce($3, decided_at),
                window_ends_at = coalesce($4, window_ends_at), ended_at = coalesce($5, ended_at)
         where campaign_id = $1",
        campaign as _,
        state as _,
        decided_at,
        window_ends_at,
        ended_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// New backers since `since`, and what they promised: for the owner's daily mail.
pub async fn new_backers(
    conn: &mut PgConnection,
    campaign: CampaignId,
    since: OffsetDateTime,
) -> sqlx::Result<(i64, i64)> {
    let row = sqlx::query!(
        r#"select count(*) as "count!", coalesce(sum(amount_minor), 0)::bigint as "minor!" from pledge
           where campaign_id = $1 and card_saved_at >= $2
                 and state in ('card_saved', 'due', 'charging', 'needs_you', 'retry_later', 'stopping', 'paid')"#,
        campaign as _,
        since,
    )
    .fetch_one(conn)
    .await?;
    Ok((row.count, row.minor))
}
