//! The SQL of people, their sign-ins and the links mailed to them.

use felag_domain::ids::PersonId;
use sqlx::PgPool;
use time::{Duration, OffsetDateTime};

use super::Person;

/// How long a sign-in lasts unused.
pub const IDLE: Duration = Duration::days(14);

/// Who holds the sign-in with this hash, if it is still good.
pub async fn signed_in(db: &PgPool, hash: &[u8], now: OffsetDateTime) -> sqlx::Result<Option<Person>> {
    let row = sqlx::query!(
        r#"select person_id as "id: PersonId", email, display_name, email_confirmed_at, is_steward, seen_at,
                  exists (select from member where member.person_id = person.person_id) as "has_projects!"
           from sign_in join person using (person_id)
           where token_hash = $1 and expires_at > $2 and seen_at > $3"#,
        hash,
        now,
        now - IDLE,
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    if now - row.seen_at > Duration::HOUR {
        sqlx::query!("update sign_in set seen_at = $2 where token_hash = $1", hash, now).execute(db).await?;
    }
    Ok(Some(Person {
        id: row.id,
        email: row.email,
        name: row.display_name,
        email_is_confirmed: row.email_confirmed_at.is_some(),
        is_steward: row.is_steward,
        has_projects: row.has_projects,
    }))
}
