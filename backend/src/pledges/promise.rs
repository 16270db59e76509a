//! What a campaign is promised: narrow rows that nothing with a foreign key points at.

use felag_domain::ids::CampaignId;
use sqlx::PgConnection;

/// Adds to what a campaign is promised, on the campaign's total and on its day. Amounts may be negative.
pub async fn add_promise(
    conn: &mut PgConnection,
    campaign: CampaignId,
    counts: bool,
    minor: i64,
    backers: i32,
    day: time::Date,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update campaign_total set promised_minor = promised_minor + case when $2 then $3::bigint else 0 end,
                own_minor = own_minor + case when $2 then 0 else $3::bigint end, backers = backers + $4
         where campaign_id = $1",
        campaign as _,
        counts,
        minor,
        backers,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into campaign_day (campaign_id, day, promised_minor, backers) values ($1, $2, $3, $4)
         on conflict (campaign_id, day) do update
         set promised_minor = campaign_day.promised_minor + excluded.promised_minor,
             backers = campaign_day.backers + excluded.backers",
        campaign as _,
        day,
        if counts { minor } else { 0 },
        backers,
    )
    .execute(conn)
    .await?;
    Ok(())
}
