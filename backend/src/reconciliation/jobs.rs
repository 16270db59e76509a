//! Reconciling every night, and noticing when that did not happen.

use felag_domain::reconciliation::RUNS_WITHIN;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime, Time};
use uuid::Uuid;

use super::{By, mail, store};
use crate::ctx::Ctx;
use crate::jobs::{self, Job};

/// Once a night, when least is under way.
const HOUR: u8 = 3;

/// One run.
#[derive(Debug, Serialize, Deserialize)]
pub struct Nightly {}

impl Job for Nightly {
    const KIND: &'static str = "reconciliation.nightly";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        // Before all else: a night that fails has a next one.
        enqueue(ctx, next_night(ctx.now())).await?;
        super::run(ctx, By::Nightly).await.map(|_| ())
    }
}

/// Sees to it that [`Nightly`] runs from now on. Called at every start; a second call changes nothing.
///
/// # Errors
/// When the database cannot be reached.
pub async fn ensure(ctx: &Ctx) -> anyhow::Result<()> {
    enqueue(ctx, ctx.now()).await?;
    let key = format!("{} start {}", Alarm::KIND, ctx.now().date());
    let at = ctx.now() + RUNS_WITHIN + Duration::MINUTE;
    jobs::enqueue(&mut *ctx.db.acquire().await?, ctx, &Alarm {}, at, Some(&key)).await
}

/// The key has the day: a job that runs writes the next one down while its own row still stands.
async fn enqueue(ctx: &Ctx, at: OffsetDateTime) -> anyhow::Result<()> {
    let key = format!("{} {}", Nightly::KIND, at.date());
    jobs::enqueue(&mut *ctx.db.acquire().await?, ctx, &Nightly {}, at, Some(&key)).await
}

fn next_night(now: OffsetDateTime) -> OffsetDateTime {
    let at = Time::from_hms(HOUR, 0, 0).unwrap_or(Time::MIDNIGHT);
    (now + Duration::DAY).replace_time(at)
}

/// Tells stewards, once, that nothing was compared for too long.
#[derive(Debug, Serialize, Deserialize)]
pub struct Alarm {}

impl Job for Alarm {
    const KIND: &'static str = "reconciliation.alarm";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        if let Some(since) = store::is_late(&mut *tx, ctx.now()).await? {
            tracing::error!(%since, "alarm: the books were not compared with the provider");
            mail::late(&mut tx, ctx, since).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Somebody looks after a finished run: whether another follows in time.
pub(super) async fn watch(conn: &mut PgConnection, ctx: &Ctx, run: Uuid) -> anyhow::Result<()> {
    let at = ctx.now() + RUNS_WITHIN + Duration::MINUTE;
    jobs::enqueue(conn, ctx, &Alarm {}, at, Some(&format!("{} {run}", Alarm::KIND))).await
}
