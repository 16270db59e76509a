//! Work that comes again every day: forgetting invitations that are over.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime, Time};

use super::members::store;
use crate::ctx::Ctx;
use crate::jobs::{self, Job};

/// How long an invitation is remembered after its end.
const REMEMBERED: Duration = Duration::days(30);

/// Removes invitations that ended long ago, and with them the addresses of people who never came. Once a day.
#[derive(Debug, Serialize, Deserialize)]
pub struct Forget {}

impl Job for Forget {
    const KIND: &'static str = "projects.forget";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        store::forget(&ctx.db, ctx.now() - REMEMBERED).await?;
        enqueue(ctx, next_night(ctx.now())).await
    }
}

/// Sees to it that [`Forget`] runs from now on. Called at every start; a second call changes nothing.
///
/// # Errors
/// When the database cannot be reached.
pub async fn ensure(ctx: &Ctx) -> anyhow::Result<()> {
    enqueue(ctx, ctx.now()).await
}

/// The key has the day: a job that runs writes the next one down while its own row still stands.
async fn enqueue(ctx: &Ctx, at: OffsetDateTime) -> anyhow::Result<()> {
    let key = format!("{} {}", Forget::KIND, at.date());
    jobs::enqueue(&mut *ctx.db.acquire().await?, ctx, &Forget {}, at, Some(&key)).await
}

/// 03:30 UTC of the next day.
fn next_night(now: OffsetDateTime) -> OffsetDateTime {
    (now + Duration::DAY).replace_time(Time::MIDNIGHT) + Duration::minutes(210)
}
