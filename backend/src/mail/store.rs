//! The SQL of sending: which messages are due, and what became of them.
//!
//! Leases are wall time, because the application's clock may be moved by weeks while a mail is on its way.

use sqlx::{PgConnection, PgPool};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::Mail;
use super::compose::Message;

/// A message somebody has to send now.
pub struct Claimed {
    pub message: Message,
    /// What a message of many recipients is about; its words are written when it is sent.
    pub subject_id: Option<Uuid>,
    /// How often it was tried, this time included.
    pub attempts: i32,
    /// The address bounced before.
    pub has_bounced: bool,
    /// The recipient left its list.
    pub has_left: bool,
}

/// Takes messages that are due, the oldest first. Whoever dies with them loses them after six minutes.
pub async fn claim(db: &PgPool, now: OffsetDateTime, most: i64) -> sqlx::Result<Vec<Claimed>> {
    let mut rows = sqlx::query!(
        r#"update message set state = 'sending', attempts = attempts + 1,
                  claimed_until = clock_timestamp() + interval '6 minutes'
           where message_id in (
              select message_id from message
              where state in ('queued', 'sending') and run_at <= $1
                and (claimed_until is null or claimed_until < clock_timestamp())
              order by run_at, message_id limit $2
              for update skip locked)
           returning message_id, kind, recipient, subject, text_body, html_body, subject_id, from_name,
                     reply_to, list, attempts, run_at, created_at,
                     exists (select from suppression where email = recipient) as "has_bounced!",
                     exists (select from unsubscription as gone
                             where gone.email = recipient and gone.list = message.list) as "has_left!""#,
        now,
        most,
    )
    .fetch_all(db)
    .await?;
    rows.sort_by_key(|row| (row.run_at, row.message_id));
    let claimed = rows.into_iter().map(|row| Claimed {
        message: Message {
            id: row.message_id,
            kind: row.kind,
            recipient: row.recipient,
            from_name: row.from_name,
            reply_to: row.reply_to,
            list: row.list,
            created_at: row.created_at,
            mail: Mail {
                subject: row.subject,
                text: row.text_body,
                html: row.html_body,
            },
        },
        subject_id: row.subject_id,
        attempts: row.attempts,
        has_bounced: row.has_bounced,
        has_left: row.has_left,
    });
    Ok(claimed.collect())
}

/// The server has it.
pub async fn sent(db: &PgPool, id: Uuid, now: OffsetDateTime) -> sqlx::Result<()> {
    sqlx::query!(
        "update message set state = 'sent', sent_at = $2, claimed_until = null, last_error = null
         where message_id = $1",
        id,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// They stand in the mailbox, with the words as a reader gets them.
pub async fn shown(db: &PgPool, messages: &[Message], now: OffsetDateTime) -> sqlx::Result<()> {
    let of = |text: fn(&Message) -> &String| messages.iter().map(|one| text(one).clone()).collect::<Vec<_>>();
    sqlx::query!(
        "update message set state = 'sent', sent_at = $5, claimed_until = null, last_error = null,
                subject = words.subject, text_body = words.text, html_body = words.html
         from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as words (id, subject, text, html)
         where message_id = words.id",
        &messages.iter().map(|one| one.id).collect::<Vec<_>>(),
        &of(|one| &one.mail.subject),
        &of(|one| &one.mail.text),
        &of(|one| &one.mail.html),
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// It is tried again at `run_at`.
pub async fn put_off(db: &PgPool, id: Uuid, run_at: OffsetDateTime, why: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update message set state = 'queued', run_at = $2, claimed_until = null, last_error = $3
         where message_id = $1",
        id,
        run_at,
        why,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Nobody tried these: they go back as they were.
pub async fn give_back(db: &PgPool, ids: &[Uuid]) -> sqlx::Result<()> {
    sqlx::query!(
        "update message set state = 'queued', attempts = attempts - 1, claimed_until = null
         where message_id = any($1)",
        ids,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// No mail can go out now: whatever is due waits until then, so that nothing knocks at a closed door for each
/// of it.
pub async fn all_wait(db: &PgPool, now: OffsetDateTime, until: OffsetDateTime) -> sqlx::Result<()> {
    sqlx::query!(
        "update message set run_at = $2 where state = 'queued' and run_at <= $1",
        now,
        until
    )
    .execute(db)
    .await?;
    Ok(())
}

/// It is never sent: `failed` or `suppressed`.
pub async fn ended(db: &PgPool, ids: &[Uuid], state: &str, why: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update message set state = $2, claimed_until = null, last_error = $3 where message_id = any($1)",
        ids,
        state,
        why,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The address bounced: nothing more is sent there.
pub async fn bounced(db: &PgPool, id: Uuid, email: &str, why: &str, now: OffsetDateTime) -> sqlx::Result<()> {
    let mut tx = db.begin().await?;
    sqlx::query!(
        "update message set state = 'failed', claimed_until = null, last_error = $2 where message_id = $1",
        id,
        why,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query!(
        "insert into suppression (email, reason, created_at) values ($1, $2, $3)
         on conflict (email) do nothing",
        email,
        why,
        now,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}

/// Why, and since when, nothing is sent to an address any more.
#[derive(Debug, Clone)]
pub struct Refusal {
    pub reason: String,
    pub at: OffsetDateTime,
}

/// Whether an address refused mail for good.
pub async fn refusal(db: &PgPool, email: &str) -> sqlx::Result<Option<Refusal>> {
    sqlx::query_as!(
        Refusal,
        "select reason, created_at as at from suppression where email = $1",
        email
    )
    .fetch_optional(db)
    .await
}

/// Lets mail go to an address again.
pub async fn forget_refusal(conn: &mut PgConnection, email: &str) -> sqlx::Result<()> {
    sqlx::query!("delete from suppression where email = $1", email)
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes down that somebody leaves a list.
pub async fn leave(
    conn: &mut PgConnection,
    email: &str,
    list: &str,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into unsubscription (email, list, created_at) values ($1, $2, $3)
         on conflict (email, list) do nothing",
        email,
        list,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes down that somebody wants these lists again.
pub async fn join(conn: &mut PgConnection, email: &str, lists: &[String]) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from unsubscription where email = $1 and list = any($2)",
        email,
        lists
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How long to wait after so many tries; `None` when it was tried for three days.
pub fn wait(attempts: i32) -> Option<Duration> {
    /// 1 min, 5 min, 30 min, 2 h, 6 h, 15 h and twice 24 h: 72 hours less a little.
    const MINUTES: [i64; 8] = [1, 5, 30, 120, 360, 900, 1440, 1440];
    let before = usize::try_from(attempts.max(1) - 1).unwrap_or(usize::MAX);
    MINUTES.get(before).copied().map(Duration::minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_to_a_day_and_ends_after_three() {
        let waits: Vec<Duration> = (1..).map_while(wait).collect();
        assert!(waits.is_sorted() && waits.iter().all(|wait| *wait <= Duration::DAY));
        assert_eq!(waits[..4], [1, 5, 30, 120].map(Duration::minutes));
        let all: Duration = waits.into_iter().sum();
        assert!(all > Duration::hours(70) && all <= Duration::hours(72), "{all}");
    }
}
