//! The SQL of a campaign being written.

use felag_domain::campaign::{Basics, IfShort, Way};
use felag_domain::ids::{CampaignId, ProjectId};
use felag_domain::money::{Currency, Money};
use felag_domain::text;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::store::Campaign;
use crate::projects::slug;

/// What a draft begins with.
#[derive(Debug, Clone)]
pub struct NewDraft<'a> {
    pub title: &'a str,
    pub summary: &'a str,
    pub story: &'a str,
    /// Minimum and full plan; zero where nothing is known.
    pub ask: Money,
}

/// How many campaigns a project has. The project's row is held until the transaction ends.
pub async fn count(conn: &mut PgConnection, project: ProjectId) -> sqlx::Result<usize> {
    sqlx::query!(
        "select project_id from project where project_id = $1 for update",
        project.as_uuid()
    )
    .fetch_one(&mut *conn)
    .await?;
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from campaign where project_id = $1"#,
        project.as_uuid(),
    )
    .fetch_one(conn)
    .await?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Keeps a new draft; its address is made from its title.
pub async fn insert(
    conn: &mut PgConnection,
    id: CampaignId,
    project: ProjectId,
    draft: &NewDraft<'_>,
    now: OffsetDateTime,
) -> sqlx::Result<String> {
    loop {
        let like = format!("{}%", text::slug(draft.title));
        let taken = sqlx::query_scalar!("select slug from campaign where slug like $1", like)
            .fetch_all(&mut *conn)
            .await?;
        let slug = slug::free(draft.title, &taken);
        let done = sqlx::query!(
            "insert into campaign (campaign_id, project_id, slug, title, summary, story, currency,
                minimum_minor,
                                   full_plan_minor, duration_days, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $8, 30, $9, $9)
             on conflict on constraint one_campaign_per_slug do nothing",
            id.as_uuid(),
            project.as_uuid(),
            slug,
            draft.title,
            draft.summary,
            draft.story,
            draft.ask.currency().code(),
            draft.ask.minor(),
            now,
        )
        .execute(&mut *conn)
        .await?;
        if done.rows_affected() > 0 {
            return Ok(slug);
        }
    }
}

pub async fn update_basics(
    conn: &mut PgConnection,
    campaign: &Campaign,
    basics: &Basics,
    zone: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update campaign set title = $2, summary = $3, currency = $4, minimum_minor = $5,
            full_plan_minor = $6,
                             duration_days = $7, time_zone = $8
         where campaign_id = $1",
        campaign.id.as_uuid(),
        basics.title(),
        basics.summary(),
        basics.minimum().currency().code(),
        basics.minimum().minor(),
        basics.full_plan().minor(),
        i32::from(basics.duration_days()),
        zone,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What a campaign asks to borrow, in minor units. The only place where this slice reads a table above it.
pub async fn asked_to_borrow(conn: &mut PgConnection, id: CampaignId) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!("select amount_minor from loan where campaign_id = $1", id as _)
        .fetch_optional(conn)
        .await
}

/// When gifts are charged, and what happens when the minimum is promised and not collected.
pub async fn update_rules(
    conn: &mut PgConnection,
    id: CampaignId,
    way: Way,
    rule: IfShort,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update campaign set go_on_percent = $2, way = $3 where campaign_id = $1",
        id.as_uuid(),
        rule.percent().map(i16::from),
        way as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn update_texts(
    conn: &mut PgConnection,
    id: CampaignId,
    story: &str,
    risks: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update campaign set story = $2, risks = $3 where campaign_id = $1",
        id.as_uuid(),
        story,
        risks
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Marks the campaign as changed: whoever has an older version open is told.
pub async fn touch(conn: &mut PgConnection, id: CampaignId, now: OffsetDateTime) -> sqlx::Result<()> {
    sqlx::query!(
        "update campaign set version = version + 1, updated_at = $2 where campaign_id = $1",
        id.as_uuid(),
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The currency a new draft begins with.
pub const FIRST_CURRENCY: Currency = Currency::EUR;
