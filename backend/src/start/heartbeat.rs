//! A process's sign of life, and its ear for the clock: one row in `worker`, in wall time.
//!
//! `felag clock advance` reads there which processes live and which version of the clock each has seen. What a
//! process held when it died is given back here too, so that nobody waits for its leases to run out.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgListener;
use sqlx::{PgExecutor, PgPool};
use time::OffsetDateTime;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::clock::{MOVED, pause, wall};
use crate::ctx::Ctx;

/// How often the clock's row is read, announced or not.
const POLL: Duration = Duration::from_millis(250);
/// How often the sign of life is renewed. A process counts as dead after three seconds without one.
const BEAT: time::Duration = time::Duration::SECOND;

/// How many processes live, and how many of them have seen a version of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alive {
    pub all: i64,
    pub servers: i64,
    pub have_seen: i64,
}

/// Looks who lives.
pub async fn alive(db: impl PgExecutor<'_>, clock_version: i64) -> sqlx::Result<Alive> {
    sqlx::query_as!(
        Alive,
        r#"select count(*) as "all!", count(*) filter (where kind = 'serve') as "servers!",
                  count(*) filter (where clock_version >= $1) as "have_seen!"
           from worker where seen_at > clock_timestamp() - interval '3 seconds'"#,
        clock_version,
    )
    .fetch_one(db)
    .await
}

/// The sign of life of one process.
pub struct Heartbeat {
    id: Uuid,
    kind: &'static str,
    /// By the database's clock, as the leases are.
    started_at: OffsetDateTime,
    /// Whether what dead processes held was given back.
    has_cleared: bool,
}

impl Heartbeat {
    /// Shows that this process lives, `kind` being `serve` or `work`.
    pub async fn begin(ctx: &Ctx, kind: &'static str) -> sqlx::Result<Self> {
        let mut this = Self {
            id: ctx.id(),
            kind,
            started_at: OffsetDateTime::UNIX_EPOCH,
            has_cleared: false,
        };
        this.started_at = this.beat(ctx).await?;
        Ok(this)
    }

    /// Beats until `stop`, then takes the sign away. Wakes `moved` and the workers when the clock was moved.
    pub async fn run(mut self, ctx: Ctx, moved: Arc<Notify>, stop: CancellationToken) {
        let mut last_beat = wall();
        let mut listener = None;
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => break,
                () = pause(POLL) => {}
                () = announced(&mut listener, &ctx.db) => {}
            }
            let seen = ctx.clock.version();
            // Whoever plays the demo moves this process's clock through the past, and puts it right at the end.
            if !ctx.demo.is_loading()
                && let Err(cause) = ctx.clock.refresh(&ctx.db).await
            {
                tracing::warn!("the clock cannot be read: {cause}");
                continue;
            }
            let has_moved = ctx.clock.version() != seen;
            if has_moved || wall() - last_beat >= BEAT {
                last_beat = wall();
                if let Err(cause) = self.beat_and_clear(&ctx).await {
                    tracing::warn!("the sign of life cannot be written: {cause}");
                }
            }
            if has_moved {
                ctx.wake_workers();
                moved.notify_one();
            }
        }
        if let Err(cause) = sqlx::query!("delete from worker where worker_id = $1", self.id)
            .execute(&ctx.db)
            .await
        {
            tracing::debug!("the sign of life could not be taken away: {cause}");
        }
    }

    /// Losing the last second of these rows in a power cut harms nobody, so their commits do not wait for the disk.
    async fn beat(&self, ctx: &Ctx) -> sqlx::Result<OffsetDateTime> {
        sqlx::query_scalar!(
            "insert into worker (worker_id, kind, seen_at, clock_version)
             select $1, $2, clock_timestamp(), $3 from set_config('synchronous_commit', 'off', true)
             on conflict (worker_id) do update set seen_at = clock_timestamp(), clock_version = $3
             returning seen_at",
            self.id,
            self.kind,
            ctx.clock.version(),
        )
        .fetch_one(&ctx.db)
        .await
    }

    async fn beat_and_clear(&mut self, ctx: &Ctx) -> sqlx::Result<()> {
        let now = self.beat(ctx).await?;
        if !self.has_cleared && now - self.started_at > time::Duration::seconds(3) {
            self.has_cleared = alive(&ctx.db, 0).await?.all > 1 || give_back(ctx, self.started_at).await?;
        }
        Ok(())
    }
}

/// Gives back what was claimed before `started_at`, now that nobody lives who could have claimed it. A process
/// that was only asleep may do its piece a second time, which is harmless. Leases last two minutes, those of mails six.
async fn give_back(ctx: &Ctx, started_at: OffsetDateTime) -> sqlx::Result<bool> {
    let ends = started_at + time::Duration::minutes(2);
    let mails_end = started_at + time::Duration::minutes(6);
    let mut tx = ctx.db.begin().await?;
    let jobs = sqlx::query!(
        "update job set claimed_until = null where claimed_until < $1",
        ends
    );
    let mut given = jobs.execute(&mut *tx).await?.rows_affected();
    let operations = sqlx::query!(
        "update operation set claimed_until = null where state = 'written' and claimed_until < $1",
        ends
    );
    given += operations.execute(&mut *tx).await?.rows_affected();
    let events = sqlx::query!(
        "update provider_event set claimed_until = null where applied_at is null and claimed_until < $1",
        ends
    );
    given += events.execute(&mut *tx).await?.rows_affected();
    let messages = sqlx::query!(
        "update message set claimed_until = null where state in ('queued', 'sending') and claimed_until < $1",
        mails_end,
    );
    given += messages.execute(&mut *tx).await?.rows_affected();
    sqlx::query!("delete from worker where seen_at < clock_timestamp() - interval '1 minute'")
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    if given > 0 {
        tracing::info!(given, "what a dead process had begun is given back");
        ctx.wake_workers();
    }
    Ok(true)
}

/// Ends when somebody announces that the clock was moved. Without a connection it waits: the poll goes on.
async fn announced(listener: &mut Option<PgListener>, db: &PgPool) {
    if listener.is_none() {
        *listener = listen(db).await.ok();
    }
    match listener {
        Some(open) => {
            if open.recv().await.is_err() {
                *listener = None;
                pause(POLL * 4).await;
            }
        }
        None => std::future::pending().await,
    }
}

async fn listen(db: &PgPool) -> sqlx::Result<PgListener> {
    let mut listener = PgListener::connect_with(db).await?;
    listener.listen(MOVED).await?;
    Ok(listener)
}
