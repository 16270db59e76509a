//! Heads published day by day. Whoever wrote one down can tell for ever whether the past of that book was changed.

use felag_domain::ids::BookId;
use felag_domain::ledger::Hash;
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use time::{Date, Duration, OffsetDateTime, Time};

use crate::ctx::Ctx;
use crate::jobs::{self, Job};
use crate::ledger::Place;

/// Publishes the head of every book that grew since its last was published. Once a day, at midnight UTC.
#[derive(Debug, Serialize, Deserialize)]
pub struct Publish {}

impl Job for Publish {
    const KIND: &'static str = "books.publish_heads";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let now = ctx.now();
        let published = publish(&ctx.db, now).await?;
        tracing::info!(heads = published, "heads of books are published");
        enqueue(ctx, next_midnight(now)).await
    }
}

/// Sees to it that [`Publish`] runs from now on. Called at every start; a second call changes nothing.
///
/// # Errors
/// When the database cannot be reached.
pub async fn ensure(ctx: &Ctx) -> anyhow::Result<()> {
    enqueue(ctx, ctx.now()).await
}

/// The key has the day: a job that runs writes the next one down while its own row still stands.
async fn enqueue(ctx: &Ctx, at: OffsetDateTime) -> anyhow::Result<()> {
    let key = format!("{} {}", Publish::KIND, at.date());
    jobs::enqueue(&mut *ctx.db.acquire().await?, ctx, &Publish {}, at, Some(&key)).await
}

fn next_midnight(now: OffsetDateTime) -> OffsetDateTime {
    (now + Duration::DAY).replace_time(Time::MIDNIGHT)
}

/// One head per book and day: a second call on the same day publishes only books that had none that day.
async fn publish(db: &PgPool, now: OffsetDateTime) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "insert into published_head (book_id, day, number, hash, published_at)
         select book_id, $1, head.number, head.hash, $2 from book_head as head
         left join lateral (select number from published_head where published_head.book_id = head.book_id
                            order by day desc limit 1) as last on true
         where head.number > coalesce(last.number, 0)
         on conflict (book_id, day) do nothing",
        now.date(),
        now,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}

/// A head as it was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Published {
    pub book: BookId,
    pub day: Date,
    pub place: Place,
}

/// Published heads, the newest day first, those of one day by book; after one of them, so many at most.
pub async fn after(db: &PgPool, last: Option<(Date, BookId)>, most: i64) -> anyhow::Result<Vec<Published>> {
    let (day, book) = last.map_or((Date::MAX, BookId::from_uuid(uuid::Uuid::max())), |last| last);
    let rows = sqlx::query!(
        r#"select book_id as "book_id: BookId", day, number, hash from published_head
           where (day, book_id) < ($1, $2) order by day desc, book_id desc limit $3"#,
        day,
        book.as_uuid(),
        most,
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Published {
                book: row.book_id,
                day: row.day,
                place: Place {
                    number: row.number,
                    hash: Hash::try_from(row.hash.as_slice())?,
                },
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_next_midnight_is_the_next_day() {
        assert_eq!(
            next_midnight(datetime!(2026-12-31 00:00 UTC)),
            datetime!(2027-01-01 00:00 UTC)
        );
        assert_eq!(
            next_midnight(datetime!(2026-12-31 23:59:59 UTC)),
            datetime!(2027-01-01 00:00 UTC)
        );
    }
}
