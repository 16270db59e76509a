//! The SQL of what the provider told us.

use felag_domain::ids::BookId;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Kind, Subject, SubjectKind};
use crate::planted::{self, Plant};

pub struct NewEvent<'a> {
    pub id: &'a str,
    pub kind: &'a str,
    pub object: &'a str,
    /// What its metadata says it is about; `None` when it carries none of ours.
    pub of: Option<Subject>,
    pub account: Option<&'a str>,
    pub payload: Value,
    pub occurred_at: OffsetDateTime,
}

/// Stored once by its id; a second delivery changes nothing.
pub async fn keep_event(db: &PgPool, event: &NewEvent<'_>, now: OffsetDateTime) -> sqlx::Result<()> {
    let id = if planted::is(Plant::NoUniqueEventId) {
        format!("{} {now}", event.id)
    } else {
        event.id.to_string()
    };
    sqlx::query!(
        "insert into provider_event (event_id, kind, object_id, book_id, subject_kind, subject_id, account_ref, payload,
                                     occurred_at, received_at, run_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) on conflict (event_id) do nothing",
        id,
        event.kind,
        event.object,
        event.of.map(|of| of.book.as_uuid()),
        event.of.map(|of| of.kind.as_str()),
        event.of.map(|of| of.id),
        event.account,
        event.payload,
        event.occurred_at,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// What the operation that made an object is about: for events whose object carries no metadata of ours.
pub async fn made(db: &PgPool, kind: Kind, object: &str) -> sqlx::Result<Option<Subject>> {
    let row = sqlx::query!(
        "select book_id, subject_kind, subject_id from operation where kind = $1 and object_id = $2 limit 1",
        kind.as_str(),
        object,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.and_then(|row| {
        Some(Subject {
            book: BookId::from_uuid(row.book_id),
            kind: SubjectKind::parse(&row.subject_kind)?,
            id: row.subject_id,
        })
    }))
}

impl StoredEvent {
    /// What it is about, as far as its metadata said.
    pub fn of(&self) -> Option<Subject> {
        Some(Subject {
            book: BookId::from_uuid(self.book_id?),
            kind: SubjectKind::parse(self.subject_kind.as_deref()?)?,
            id: self.subject_id?,
        })
    }
}

pub struct StoredEvent {
    pub event_id: String,
    pub kind: String,
    pub object_id: String,
    pub book_id: Option<Uuid>,
    pub subject_kind: Option<String>,
    pub subject_id: Option<Uuid>,
    pub account_ref: Option<String>,
    /// The charge its object names, if it names one.
    pub charge_ref: Option<String>,
    pub occurred_at: OffsetDateTime,
    pub attempts: i32,
}

pub async fn claim_events(db: &PgPool, now: OffsetDateTime, most: i64) -> sqlx::Result<Vec<StoredEvent>> {
    sqlx::query_as!(
        StoredEvent,
        "update provider_event set claimed_until = clock_timestamp() + interval '2 minutes', attempts = attempts + 1
         where event_id in (
            select event_id from provider_event
            where applied_at is null and run_at <= $1
              and (claimed_until is null or claimed_until < clock_timestamp())
            order by run_at limit $2
            for update skip locked)
         returning event_id, kind, object_id, book_id, subject_kind, subject_id, account_ref,
                   payload->>'charge' as charge_ref, occurred_at, attempts",
        now,
        most,
    )
    .fetch_all(db)
    .await
}

pub async fn events_applied(
    conn: &mut PgConnection,
    ids: &[String],
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update provider_event set applied_at = $2, claimed_until = null where event_id = any($1)",
        ids,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Parked until `run_at`; never dropped.
pub async fn park_event(db: &PgPool, id: &str, run_at: OffsetDateTime, why: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update provider_event set run_at = $2, claimed_until = null, last_error = $3 where event_id = $1",
        id,
        run_at,
        why,
    )
    .execute(db)
    .await?;
    Ok(())
}
