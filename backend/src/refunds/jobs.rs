//! Looking at refunds by itself: what webhooks say is learned without them, too.

use std::collections::BTreeMap;

use felag_domain::ids::BookId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{hear, store};
use crate::ctx::Ctx;
use crate::jobs::{self, Job};
use crate::payments::{SubjectKind, list, objects};

/// How long after it was made a refund may still come back. Banks take up to a month.
const WATCHED: Duration = Duration::days(35);
const EVERY: Duration = Duration::DAY;

/// Once a day, the provider's list of late refunds beside ours.
#[derive(Debug, Serialize, Deserialize)]
pub struct Watch {}

impl Job for Watch {
    const KIND: &'static str = "refunds.watch";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let since = ctx.now() - WATCHED;
        if store::any_since(&ctx.db, since).await? {
            look(ctx, since).await?;
        }
        enqueue(ctx, ctx.now() + EVERY).await
    }
}

/// Sees to it that [`Watch`] runs from now on. Called at every start; a second call changes nothing.
///
/// # Errors
/// When the database cannot be reached.
pub async fn ensure(ctx: &Ctx) -> anyhow::Result<()> {
    enqueue(ctx, ctx.now()).await
}

/// The key has the day: a job that runs writes the next one down while its own row still stands.
async fn enqueue(ctx: &Ctx, at: OffsetDateTime) -> anyhow::Result<()> {
    let key = format!("{} {}", Watch::KIND, at.date());
    jobs::enqueue(&mut *ctx.db.acquire().await?, ctx, &Watch {}, at, Some(&key)).await
}

async fn look(ctx: &Ctx, since: OffsetDateTime) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let page = list::since(ctx, "v1/refunds", since, after.as_deref()).await?;
        let mut by_book: BTreeMap<BookId, Vec<(Uuid, Value)>> = BTreeMap::new();
        for object in page.objects {
            if let Some(of) = objects::subject(&object).filter(|of| of.kind == SubjectKind::Refund) {
                by_book.entry(of.book).or_default().push((of.id, object));
            }
        }
        for (book, seen) in by_book {
            let mut tx = ctx.db.begin().await?;
            hear::seen(&mut tx, ctx, book, &seen).await?;
            tx.commit().await?;
        }
        after = page.next;
        if after.is_none() {
            ctx.wake_workers();
            return Ok(());
        }
    }
}
