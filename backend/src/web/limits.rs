//! Limits that hold across processes: attempts counted in the database, per kind, key and window.

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use crate::ctx::Ctx;

/// So many of a kind, per key, in a window of time.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    pub kind: &'static str,
    pub most: i32,
    pub window: Duration,
}

impl Limit {
    pub const fn new(kind: &'static str, most: i32, window: Duration) -> Self {
        Self { kind, most, window }
    }

    /// Counts one attempt of `key`; whether it is still within the limit. Counted at once, in a transaction of its
    /// own, so that an attempt that fails later was made all the same.
    pub async fn take(self, ctx: &Ctx, key: &str) -> sqlx::Result<bool> {
        let mut conn = ctx.db.acquire().await?;
        let made = count(&mut conn, self.kind, key, window_start(ctx.now(), self.window)).await?;
        Ok(made <= self.most)
    }

    /// As [`Limit::take`], in the caller's transaction: counted only if that commits. For what leaves nothing behind
    /// when it is refused.
    pub async fn take_in(
        self,
        conn: &mut PgConnection,
        now: OffsetDateTime,
        key: &str,
    ) -> sqlx::Result<bool> {
        let made = count(conn, self.kind, key, window_start(now, self.window)).await?;
        Ok(made <= self.most)
    }

    /// Whether `key` has reached the limit, without counting.
    pub async fn is_reached(self, ctx: &Ctx, key: &str) -> sqlx::Result<bool> {
        let made = sqlx::query_scalar!(
            "select made from attempt where kind = $1 and key = $2 and window_start = $3",
            self.kind,
            key,
            window_start(ctx.now(), self.window),
        )
        .fetch_optional(&ctx.db)
        .await?;
        Ok(made.unwrap_or(0) >= self.most)
    }
}

async fn count(conn: &mut PgConnection, kind: &str, key: &str, start: OffsetDateTime) -> sqlx::Result<i32> {
    sqlx::query_scalar!(
        "insert into attempt (kind, key, window_start, made) values ($1, $2, $3, 1)
         on conflict (kind, key, window_start) do update set made = attempt.made + 1
         returning made",
        kind,
        key,
        start,
    )
    .fetch_one(conn)
    .await
}

fn window_start(now: OffsetDateTime, window: Duration) -> OffsetDateTime {
    let seconds = window.whole_seconds().max(1);
    let since = now.unix_timestamp().rem_euclid(seconds);
    now.replace_nanosecond(0).unwrap_or(now) - Duration::seconds(since)
}

/// Forgets counts older than a week.
pub async fn forget_old(ctx: &Ctx) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from attempt where window_start < $1",
        ctx.now() - Duration::WEEK
    )
    .execute(&ctx.db)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn windows_follow_one_another_without_gaps() {
        let start = window_start(datetime!(2026-11-22 13:59:59.5 UTC), Duration::HOUR);
        assert_eq!(start, datetime!(2026-11-22 13:00 UTC));
        assert_eq!(
            window_start(datetime!(2026-11-22 14:00 UTC), Duration::HOUR),
            datetime!(2026-11-22 14:00 UTC)
        );
    }
}
