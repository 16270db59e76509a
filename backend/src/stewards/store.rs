//! The SQL of the queue.

use felag_domain::money::{Currency, Money};
use felag_frontend::reviews::Waiting;
use sqlx::PgPool;

/// Campaigns in review, the one waiting longest first.
pub async fn queue(db: &PgPool) -> sqlx::Result<Vec<Waiting>> {
    let rows = sqlx::query!(
        r#"select campaign.slug, title, project.name as project, currency as "currency: Currency",
            minimum_minor,
                  submitted_at as "submitted_at!"
           from campaign join project using (project_id)
           where state = 'in_review' and submitted_at is not null
           order by submitted_at, campaign_id limit 100"#,
    )
    .fetch_all(db)
    .await?;
    let waiting = rows.into_iter().map(|row| Waiting {
        slug: row.slug,
        title: row.title,
        project: row.project,
        minimum: Money::from_minor(row.minimum_minor, row.currency),
        submitted_at: row.submitted_at,
    });
    Ok(waiting.collect())
}
