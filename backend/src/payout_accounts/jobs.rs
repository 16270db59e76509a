//! Looking after payout accounts once a day: what the provider does not tell is found out by asking.

use felag_domain::ids::ProjectId;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime, Time};

use super::{look, store};
use crate::ctx::Ctx;
use crate::jobs::{Job, enqueue};

/// How many accounts one round asks for.
const PAGE: i64 = 100;

/// Asks the provider for every account, a page at a time.
#[derive(Debug, Serialize, Deserialize)]
pub struct LookAfter {
    /// Goes on behind this one; the first page, and the next day, when there is none.
    pub after: Option<ProjectId>,
}

impl Job for LookAfter {
    const KIND: &'static str = "payout_accounts.look_after";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        if self.after.is_none() {
            ensure_at(ctx, next_night(ctx.now())).await?;
        }
        let projects = store::to_look_after(&ctx.db, self.after, PAGE).await?;
        for project in &projects {
            // One account that cannot be asked for must not hold up the others.
            if let Err(cause) = look(ctx, *project).await {
                tracing::warn!(project.id = %project, "a payout account could not be asked for: {cause:#}");
            }
        }
        if let Some(last) = projects
            .last()
            .filter(|_| projects.len() == usize::try_from(PAGE).unwrap_or(0))
        {
            let next = LookAfter { after: Some(*last) };
            let key = format!("{} {last}", Self::KIND);
            enqueue(&mut *ctx.db.acquire().await?, ctx, &next, ctx.now(), Some(&key)).await?;
        }
        Ok(())
    }
}

/// Sees to it that [`LookAfter`] runs from now on. Called at every start; a second call changes nothing.
///
/// # Errors
/// When the database cannot be reached.
pub async fn ensure(ctx: &Ctx) -> anyhow::Result<()> {
    ensure_at(ctx, next_night(ctx.now())).await
}

async fn ensure_at(ctx: &Ctx, at: OffsetDateTime) -> anyhow::Result<()> {
    let key = format!("{} {}", LookAfter::KIND, at.date());
    enqueue(
        &mut *ctx.db.acquire().await?,
        ctx,
        &LookAfter { after: None },
        at,
        Some(&key),
    )
    .await
}

/// Four o'clock UTC of the next day.
fn next_night(now: OffsetDateTime) -> OffsetDateTime {
    const FOUR: Time = time::macros::time!(4:00);
    (now + Duration::DAY).replace_time(FOUR)
}
