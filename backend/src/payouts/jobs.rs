//! What is done later about payouts: planning when parts are due, proposing them, sending, looking after them, and the
//! alarm when money is held too long.

use felag_domain::ids::{CampaignId, PayoutId};
use felag_domain::payout::{HELD_MAX, PayoutSource, PayoutState, Plan};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime, Time};

use super::{Payout, ask, hear, lender_left, send, store};
use crate::campaigns::{plan, schedule};
use crate::ctx::Ctx;
use crate::jobs::{Job, enqueue};

/// The minimum was collected: each planned part is proposed on its day.
#[derive(Debug, Serialize, Deserialize)]
pub struct PlanParts {
    pub campaign: CampaignId,
}

impl Job for PlanParts {
    const KIND: &'static str = schedule::FUNDED;

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let campaign = crate::campaigns::store::find(&ctx.db, self.campaign).await?;
        let Some(ended) = campaign.and_then(|campaign| campaign.ended_at) else {
            return Ok(());
        };
        let mut tx = ctx.db.begin().await?;
        for tranche in plan::of(&mut tx, self.campaign).await?.tranches() {
            let due = Plan::due_at(*tranche, ended).max(ctx.now());
            let job = Propose {
                campaign: self.campaign,
            };
            let key = format!("{} {} {}", Propose::KIND, self.campaign, tranche.days);
            enqueue(&mut tx, ctx, &job, due, Some(&key)).await?;
        }
        tx.commit().await?;
        ctx.wake_workers();
        Ok(())
    }
}

/// A planned part is due, or there is more of one that was.
#[derive(Debug, Serialize, Deserialize)]
pub struct Propose {
    pub campaign: CampaignId,
}

impl Job for Propose {
    const KIND: &'static str = schedule::LENDER_GAVE;

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        if ask::propose(ctx, self.campaign, PayoutSource::Gifts).await? {
            // Another payout is under way: this part is proposed when that is over.
            let again = ctx.now() + Duration::DAY;
            enqueue(&mut *ctx.db.acquire().await?, ctx, &self, again, None).await?;
        }
        Ok(())
    }
}

/// A loan is collected: it is proposed whole, as soon as its campaign is funded.
#[derive(Debug, Serialize, Deserialize)]
pub struct ProposeLoan {
    pub campaign: CampaignId,
}

impl Job for ProposeLoan {
    const KIND: &'static str = schedule::LOAN_COLLECTED;

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        if lender_left::call_off_too_much(ctx, self.campaign).await? {
            crate::loans::fit(ctx, self.campaign).await?;
        }
        let is_waited_for = ask::propose(ctx, self.campaign, PayoutSource::Loan).await?;
        if is_waited_for || crate::loans::waits_for_payout(&ctx.db, self.campaign).await? {
            // Its campaign still collects, or another payout is under way.
            let again = ctx.now() + Duration::DAY;
            enqueue(&mut *ctx.db.acquire().await?, ctx, &self, again, None).await?;
        }
        Ok(())
    }
}

/// A payout is over and its money held again. Nobody asks for what was lent: it is proposed once more, a day later.
pub async fn propose_again(conn: &mut PgConnection, ctx: &Ctx, payout: &Payout) -> anyhow::Result<()> {
    if payout.parts.source != PayoutSource::Loan {
        return Ok(());
    }
    let job = ProposeLoan {
        campaign: payout.campaign,
    };
    enqueue(conn, ctx, &job, ctx.now() + Duration::DAY, None).await
}

/// An approved payout is sent, or waits.
#[derive(Debug, Serialize, Deserialize)]
pub struct Send {
    pub campaign: CampaignId,
    pub payout: PayoutId,
}

impl Job for Send {
    const KIND: &'static str = "payouts.send";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        send::send(ctx, self.campaign, self.payout).await
    }
}

pub async fn send(
    conn: &mut PgConnection,
    ctx: &Ctx,
    payout: &Payout,
    at: OffsetDateTime,
) -> anyhow::Result<()> {
    let job = Send {
        campaign: payout.campaign,
        payout: payout.id,
    };
    enqueue(conn, ctx, &job, at, None).await
}

/// A step that the provider could not do for now.
#[derive(Debug, Serialize, Deserialize)]
pub struct StepAgain {
    pub campaign: CampaignId,
    pub payout: PayoutId,
}

impl Job for StepAgain {
    const KIND: &'static str = "payouts.step_again";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        send::step_again(ctx, self.campaign, self.payout).await
    }
}

pub async fn step_again(
    conn: &mut PgConnection,
    ctx: &Ctx,
    payout: &Payout,
    at: OffsetDateTime,
) -> anyhow::Result<()> {
    let job = StepAgain {
        campaign: payout.campaign,
        payout: payout.id,
    };
    enqueue(conn, ctx, &job, at, None).await
}

/// Looks at the payout at the project's account by itself: what webhooks say is learned without them, too.
#[derive(Debug, Serialize, Deserialize)]
pub struct Watch {
    pub campaign: CampaignId,
    pub payout: PayoutId,
}

/// How long after it was paid a bank may still send money back.
const BANK_MAY_RETURN: Duration = Duration::days(10);
/// How often it is looked at.
const WATCH_EVERY: Duration = Duration::DAY;

pub async fn watch(conn: &mut PgConnection, ctx: &Ctx, payout: &Payout) -> anyhow::Result<()> {
    let job = Watch {
        campaign: payout.campaign,
        payout: payout.id,
    };
    // A little after the day, so that news of the same moment comes first.
    let at = ctx.now() + WATCH_EVERY + Duration::HOUR;
    let key = format!("{} {} {}", Watch::KIND, payout.id, at.date());
    enqueue(conn, ctx, &job, at, Some(&key)).await
}

impl Job for Watch {
    const KIND: &'static str = "payouts.watch";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut conn = ctx.db.acquire().await?;
        let Some(payout) = store::lock(&mut conn, self.campaign, self.payout).await? else {
            return Ok(());
        };
        let is_open = match payout.state {
            PayoutState::OnItsWay => true,
            PayoutState::Paid => payout
                .paid_at
                .is_some_and(|paid| ctx.now() - paid < BANK_MAY_RETURN),
            _ => false,
        };
        if !is_open {
            return Ok(());
        }
        watch(&mut conn, ctx, &payout).await?;
        drop(conn);
        hear::look(ctx, &payout).await
    }
}

/// Once a day: is money held longer than the policy allows?
#[derive(Debug, Serialize, Deserialize)]
pub struct Alarm {}

impl Job for Alarm {
    const KIND: &'static str = "payouts.alarm";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        for held in super::web::held_too_long(ctx).await? {
            let days = (ctx.now() - held.collected_at).whole_days();
            tracing::error!(
                campaign = held.slug,
                "alarm: {} is held {days} days after it was collected; {} are allowed",
                held.held,
                HELD_MAX.whole_days()
            );
        }
        ensure(ctx).await
    }
}

/// Sees to it that [`Alarm`] runs from now on. Called at every start; a second call changes nothing.
///
/// # Errors
/// When the database cannot be reached.
pub async fn ensure(ctx: &Ctx) -> anyhow::Result<()> {
    const FIVE: Time = time::macros::time!(5:00);
    let at = (ctx.now() + Duration::DAY).replace_time(FIVE);
    let key = format!("{} {}", Alarm::KIND, at.date());
    enqueue(&mut *ctx.db.acquire().await?, ctx, &Alarm {}, at, Some(&key)).await
}
