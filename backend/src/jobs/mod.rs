//! Work to do later: a row written with its cause, carried out at least once.
//!
//! `run_once` is the whole worker; loops live in `serve`. Jobs run in the order of their time, so that a moved
//! clock plays months in the right order.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::crash::CrashPoint;
use crate::ctx::Ctx;

/// Runs at least once, maybe twice: write `run` so that the second time changes nothing.
pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    /// Stored in `job.kind`. Never rename one that may be queued.
    const KIND: &'static str;

    fn run(self, ctx: &Ctx) -> impl Future<Output = anyhow::Result<()>> + Send;
}

/// Tries before a job is set aside, with an alarm in the log.
const ATTEMPTS_MAX: i32 = 12;
/// How many jobs one round takes.
const CLAIM: i64 = 20;

type Run = fn(Ctx, serde_json::Value) -> Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send>>;

/// The kinds of jobs this program knows; `wiring` lists them.
#[derive(Default)]
pub struct Kinds(HashMap<&'static str, Run>);

impl Kinds {
    #[must_use]
    pub fn with<J: Job>(mut self) -> Self {
        self.0.insert(J::KIND, |ctx, payload| {
            Box::pin(async move { serde_json::from_value::<J>(payload)?.run(&ctx).await })
        });
        self
    }
}

/// Writes `job` down, to be run at `run_at`. A second one with the same `key` changes nothing.
pub async fn enqueue<J: Job>(
    conn: &mut PgConnection,
    ctx: &Ctx,
    job: &J,
    run_at: OffsetDateTime,
    key: Option<&str>,
) -> anyhow::Result<()> {
    enqueue_named(conn, ctx, J::KIND, serde_json::to_value(job)?, run_at, key).await?;
    Ok(())
}

/// As [`enqueue`], for a kind that a slice above defines and `wiring` knows: only its name is known here.
pub async fn enqueue_named(
    conn: &mut PgConnection,
    ctx: &Ctx,
    kind: &'static str,
    payload: serde_json::Value,
    run_at: OffsetDateTime,
    key: Option<&str>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into job (job_id, kind, payload, run_at, unique_key, created_at) values ($1, $2, $3, $4, $5, $6)
         on conflict on constraint one_job_per_key do nothing",
        ctx.id::<Uuid>(),
        kind,
        payload,
        run_at,
        key,
        ctx.now(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

struct Claimed {
    job_id: Uuid,
    kind: String,
    payload: serde_json::Value,
    attempts: i32,
}

/// Runs the jobs that are due, oldest first. Whether there was any.
pub async fn run_once(ctx: &Ctx, kinds: &Kinds) -> anyhow::Result<bool> {
    let claimed = claim(ctx).await?;
    let did = !claimed.is_empty();
    let mut claimed = claimed.into_iter();
    while let Some(job) = claimed.next() {
        if ctx.stopping.is_cancelled() {
            give_back(ctx, std::iter::once(job).chain(claimed)).await?;
            return Ok(did);
        }
        ctx.crash_point(CrashPoint::JobClaimed);
        let run = kinds.0.get(job.kind.as_str()).copied();
        let outcome = match run {
            Some(run) => run(ctx.clone(), job.payload.clone()).await,
            None => Err(anyhow::anyhow!("no job is called {}", job.kind)),
        };
        ctx.crash_point(CrashPoint::JobRun);
        match outcome {
            Ok(()) => {
                sqlx::query!("delete from job where job_id = $1", job.job_id)
                    .execute(&ctx.db)
                    .await?;
            }
            Err(cause) => put_back(ctx, &job, &cause).await?,
        }
    }
    Ok(did)
}

async fn claim(ctx: &Ctx) -> sqlx::Result<Vec<Claimed>> {
    let mut claimed = sqlx::query!(
        "update job set claimed_until = clock_timestamp() + interval '2 minutes', attempts = attempts + 1
         where job_id in (
            select job_id from job
            where run_at <= $1 and failed_at is null
              and (claimed_until is null or claimed_until < clock_timestamp())
            order by run_at, job_id limit $2
            for update skip locked)
         returning job_id, kind, payload, attempts, run_at",
        ctx.now(),
        CLAIM,
    )
    .fetch_all(&ctx.db)
    .await?;
    claimed.sort_by_key(|row| (row.run_at, row.job_id));
    Ok(claimed
        .into_iter()
        .map(|row| Claimed {
            job_id: row.job_id,
            kind: row.kind,
            payload: row.payload,
            attempts: row.attempts,
        })
        .collect())
}

/// This process ends before it could begin them.
async fn give_back(ctx: &Ctx, jobs: impl Iterator<Item = Claimed>) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = jobs.map(|job| job.job_id).collect();
    sqlx::query!(
        "update job set claimed_until = null, attempts = attempts - 1 where job_id = any($1)",
        &ids
    )
    .execute(&ctx.db)
    .await?;
    Ok(())
}

async fn put_back(ctx: &Ctx, job: &Claimed, cause: &anyhow::Error) -> sqlx::Result<()> {
    let gives_up = job.attempts >= ATTEMPTS_MAX;
    if gives_up {
        tracing::error!(job.id = %job.job_id, "job {} was given up after {} tries: {cause:#}", job.kind, job.attempts);
    } else {
        tracing::warn!(job.id = %job.job_id, "job {} will be tried again: {cause:#}", job.kind);
    }
    sqlx::query!(
        "update job set claimed_until = null, run_at = $2, last_error = $3,
                failed_at = case when $4 then $5::timestamptz end
         where job_id = $1",
        job.job_id,
        ctx.now() + backoff(job.attempts),
        format!("{cause:#}"),
        gives_up,
        ctx.now(),
    )
    .execute(&ctx.db)
    .await?;
    Ok(())
}

/// How long to wait after a number of failed tries: 2 s, 4 s, 8 s … an hour at most.
pub fn backoff(attempts: i32) -> Duration {
    Duration::seconds(1_i64 << attempts.clamp(1, 12)).min(Duration::HOUR)
}

/// When the next piece of work of any kind is due: jobs, operations, provider events, messages.
pub async fn next_due(conn: &mut PgConnection) -> sqlx::Result<Option<OffsetDateTime>> {
    sqlx::query_scalar!(
        "select min(run_at) from (
            select min(run_at) as run_at from job where failed_at is null
            union all select min(run_at) from operation where state = 'written'
            union all select min(run_at) from provider_event where applied_at is null
            union all select min(run_at) from message where state in ('queued', 'sending')
         ) as work",
    )
    .fetch_one(conn)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_stays_below_an_hour() {
        assert_eq!(backoff(1), Duration::seconds(2));
        assert_eq!(backoff(0), Duration::seconds(2));
        assert_eq!(backoff(100), Duration::HOUR);
    }
}
