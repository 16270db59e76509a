//! Looking at disputes by itself, and reminding people before it is too late to answer.

use felag_domain::dispute::REMIND_BEFORE;
use felag_domain::ids::{BookId, DisputeId};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use super::{Dispute, hear, mail, store};
use crate::ctx::Ctx;
use crate::jobs::{self, Job};
use crate::payments::{list, payment};

/// How old a dispute is looked at: networks decide within half a year.
const WATCHED: Duration = Duration::days(200);
/// How long after a payment a bank may ask for it back.
const DISPUTABLE: Duration = Duration::days(540);
const EVERY: Duration = Duration::hours(12);

/// Twice a day, the provider's list of disputes beside ours: what webhooks say is learned without them, too.
#[derive(Debug, Serialize, Deserialize)]
pub struct Watch {}

impl Job for Watch {
    const KIND: &'static str = "disputes.watch";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        if store::any_paid_since(&ctx.db, ctx.now() - DISPUTABLE).await? {
            look(ctx).await?;
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

/// The key has the half of the day: a job that runs writes the next one down while its own row still stands.
async fn enqueue(ctx: &Ctx, at: OffsetDateTime) -> anyhow::Result<()> {
    let key = format!("{} {} {}", Watch::KIND, at.date(), at.hour() / 12);
    jobs::enqueue(&mut *ctx.db.acquire().await?, ctx, &Watch {}, at, Some(&key)).await
}

async fn look(ctx: &Ctx) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let page = list::since(ctx, "v1/disputes", ctx.now() - WATCHED, after.as_deref()).await?;
        for object in page.objects {
            let charge = object.get("charge").and_then(serde_json::Value::as_str);
            let Some(payment) = payment::of_charge(&ctx.db, charge.unwrap_or_default()).await? else {
                continue;
            };
            let mut tx = ctx.db.begin().await?;
            hear::seen(&mut tx, ctx, payment.book, payment.id, &object).await?;
            tx.commit().await?;
        }
        after = page.next;
        if after.is_none() {
            ctx.wake_workers();
            return Ok(());
        }
    }
}

/// Tells a project once more that its bank still listens.
#[derive(Debug, Serialize, Deserialize)]
pub struct Remind {
    pub book: BookId,
    pub dispute: DisputeId,
}

impl Job for Remind {
    const KIND: &'static str = "disputes.remind";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let dispute = store::find(&ctx.db, self.book, self.dispute).await?;
        if let Some(dispute) = dispute.filter(|dispute| dispute.hears(ctx.now())) {
            let mut tx = ctx.db.begin().await?;
            mail::due(&mut tx, ctx, &dispute).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// Once per dispute and the day its evidence is due.
pub(super) async fn remind(conn: &mut PgConnection, ctx: &Ctx, dispute: &Dispute) -> anyhow::Result<()> {
    let Some(due) = dispute.due_at else { return Ok(()) };
    let at = (due - REMIND_BEFORE).max(ctx.now());
    let job = Remind {
        book: dispute.book,
        dispute: dispute.id,
    };
    let key = format!("{} {} {}", Remind::KIND, dispute.id, due.date());
    jobs::enqueue(conn, ctx, &job, at, Some(&key)).await
}
