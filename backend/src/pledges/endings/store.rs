//! The SQL of endings: what only they read and write of a campaign.

use felag_domain::campaign::{CampaignState, IfShort};
use felag_domain::ids::CampaignId;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// What a campaign published about being short.
pub async fn rule(conn: &mut PgConnection, campaign: CampaignId) -> anyhow::Result<IfShort> {
    let percent = sqlx::query_scalar!(
        "select go_on_percent from campaign where campaign_id = $1",
        campaign as _
    )
    .fetch_one(conn)
    .await?;
    let percent = percent.map(u8::try_from).transpose()?;
    Ok(IfShort::of_percent(percent)?)
}

/// A short campaign that goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Going {
    /// Until when backers may take their money back.
    pub until: OffsetDateTime,
    /// What must still be there then, in minor units.
    pub floor_minor: i64,
}

/// Whether a campaign goes on below its minimum, or went on.
///
/// # Errors
/// When the database cannot be reached.
pub async fn going(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<Option<Going>> {
    let row = sqlx::query!(
        "select go_on_until, go_on_floor_minor from campaign where campaign_id = $1",
        campaign as _
    )
    .fetch_one(conn)
    .await?;
    Ok(row
        .go_on_until
        .zip(row.go_on_floor_minor)
        .map(|(until, floor_minor)| Going { until, floor_minor }))
}

pub async fn start_going_on(
    conn: &mut PgConnection,
    campaign: CampaignId,
    until: OffsetDateTime,
    floor_minor: i64,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update campaign set go_on_until = $2, go_on_floor_minor = $3 where campaign_id = $1",
        campaign as _,
        until,
        floor_minor,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether the deadline was decided: from then on the figures are fixed.
pub async fn was_decided(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select decided_at is not null as "is!" from campaign where campaign_id = $1"#,
        campaign as _
    )
    .fetch_one(conn)
    .await
}

pub async fn unpayable_at(
    conn: &mut PgConnection,
    campaign: CampaignId,
) -> sqlx::Result<Option<OffsetDateTime>> {
    sqlx::query_scalar!(
        "select unpayable_at from campaign where campaign_id = $1",
        campaign as _
    )
    .fetch_one(conn)
    .await
}

pub async fn suspend(
    conn: &mut PgConnection,
    campaign: CampaignId,
    from: CampaignState,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update campaign set state = 'suspended', suspended_from = $2, suspended_at = $3 where campaign_id = $1",
        campaign as _,
        from.as_str(),
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Where a suspended campaign came from.
pub struct Pause {
    pub from: CampaignState,
    pub since: OffsetDateTime,
}

pub async fn pause(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<Option<Pause>> {
    let row = sqlx::query!(
        r#"select suspended_from as "suspended_from: CampaignState", suspended_at from campaign where campaign_id = $1"#,
        campaign as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(row
        .suspended_from
        .zip(row.suspended_at)
        .map(|(from, since)| Pause { from, since }))
}

pub async fn resume(conn: &mut PgConnection, campaign: CampaignId, to: CampaignState) -> sqlx::Result<()> {
    sqlx::query!(
        "update campaign set state = $2, suspended_from = null, suspended_at = null where campaign_id = $1",
        campaign as _,
        to as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves the times of tries that still come by so many microseconds. What was held back is due at once.
pub async fn shift_times(
    conn: &mut PgConnection,
    campaign: CampaignId,
    micros: i64,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update pledge set due_at = due_at + $2::bigint * interval '1 microsecond',
                next_try_at = case when state <> 'retry_later' then next_try_at
                                   when tries = 0 then $3
                                   else greatest(next_try_at + $2::bigint * interval '1 microsecond', $3) end
         where campaign_id = $1 and state in ('due', 'charging', 'needs_you', 'retry_later')",
        campaign as _,
        micros,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
