//! What is done later about loans: looking at each once a day, trying again, telling lenders, sending them what is
//! theirs.

use felag_domain::ids::{CampaignId, CommitmentId, RepaymentId};
use felag_domain::lending::LoanState;
use felag_domain::lending::policy::Policy;
use felag_domain::repaying::Instalment;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::{Date, Duration, OffsetDateTime, Time};

use super::plan::{self, Proposal};
use super::repayment_store::Repayment;
use super::{ask, credit, hear, late, mail, send, store};
use crate::ctx::Ctx;
use crate::jobs::{Job, enqueue};

/// When loans are looked at.
const SIX: Time = time::macros::time!(6:00);
/// When what was credited on a day is sent on.
const SEVEN: Time = time::macros::time!(7:00);

/// The first day on which something is to be done about a loan.
pub fn first_look(rows: &[Instalment], policy: &Policy, ctx: &Ctx) -> Date {
    let tomorrow = ctx.now().date().saturating_add(Duration::DAY);
    let first = rows.iter().map(|row| row.due_on).min();
    first.map_or(tomorrow, |day| day.saturating_sub(policy.notice()).max(tomorrow))
}

/// Looks at one loan.
#[derive(Debug, Serialize, Deserialize)]
pub struct Look {
    pub campaign: CampaignId,
}

impl Job for Look {
    const KIND: &'static str = "repayments.look";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        late::look(ctx, self.campaign).await?;
        ask::look_up_open(ctx, self.campaign).await
    }
}

pub async fn look_on(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    day: Date,
) -> anyhow::Result<()> {
    let key = format!("{} {campaign} {day}", Look::KIND);
    let at = day.with_time(SIX).assume_utc();
    enqueue(conn, ctx, &Look { campaign }, at, Some(&key)).await
}

/// A declined debit, once more.
#[derive(Debug, Serialize, Deserialize)]
pub struct Retry {
    pub campaign: CampaignId,
    pub repayment: RepaymentId,
}

impl Job for Retry {
    const KIND: &'static str = "repayments.retry";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        ask::try_again(ctx, self.campaign, self.repayment).await
    }
}

pub async fn retry(
    conn: &mut PgConnection,
    ctx: &Ctx,
    one: &Repayment,
    at: OffsetDateTime,
) -> anyhow::Result<()> {
    let job = Retry {
        campaign: one.campaign,
        repayment: one.id,
    };
    enqueue(conn, ctx, &job, at, None).await
}

/// A bank had its days to take a debit back.
#[derive(Debug, Serialize, Deserialize)]
pub struct Trust {
    pub campaign: CampaignId,
    pub repayment: RepaymentId,
}

impl Job for Trust {
    const KIND: &'static str = "repayments.trust";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        credit::trust(ctx, self.campaign, self.repayment).await
    }
}

pub async fn trust_later(conn: &mut PgConnection, ctx: &Ctx, one: &Repayment) -> anyhow::Result<()> {
    let job = Trust {
        campaign: one.campaign,
        repayment: one.id,
    };
    let pending = store::policy_of(&mut *conn, one.campaign).await?.pending();
    enqueue(conn, ctx, &job, ctx.now() + pending, None).await
}

/// A bank waited for somebody, and nobody came.
#[derive(Debug, Serialize, Deserialize)]
pub struct GiveUp {
    pub campaign: CampaignId,
    pub repayment: RepaymentId,
}

impl Job for GiveUp {
    const KIND: &'static str = "repayments.give_up";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        hear::nobody_came(ctx, self.campaign, self.repayment).await
    }
}

pub async fn give_up_later(conn: &mut PgConnection, ctx: &Ctx, one: &Repayment) -> anyhow::Result<()> {
    let job = GiveUp {
        campaign: one.campaign,
        repayment: one.id,
    };
    let confirm = store::policy_of(&mut *conn, one.campaign).await?.confirm();
    enqueue(conn, ctx, &job, ctx.now() + confirm, None).await
}

/// Asks how a payment stands.
#[derive(Debug, Serialize, Deserialize)]
pub struct LookUp {
    pub campaign: CampaignId,
    pub repayment: RepaymentId,
}

impl Job for LookUp {
    const KIND: &'static str = "repayments.look_up";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        ask::look_up(ctx, self.campaign, self.repayment).await
    }
}

pub async fn look_again(conn: &mut PgConnection, ctx: &Ctx, one: &Repayment) -> anyhow::Result<()> {
    let job = LookUp {
        campaign: one.campaign,
        repayment: one.id,
    };
    enqueue(conn, ctx, &job, ctx.now() + Duration::MINUTE, None).await
}

/// What lenders are told, a page of them at a time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum News {
    /// So many days late.
    Late(i64),
    State(String),
    /// A new plan to vote about.
    Proposed(i32),
    /// How that vote ended.
    Decided(i32),
}

/// Tells the lenders of a loan.
#[derive(Debug, Serialize, Deserialize)]
pub struct Tell {
    pub campaign: CampaignId,
    pub news: News,
    /// Goes on behind this one.
    pub after: Option<CommitmentId>,
}

impl Job for Tell {
    const KIND: &'static str = "repayments.tell";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        let last = mail::to_lenders(&mut tx, ctx, self.campaign, &self.news, self.after).await?;
        if last.is_some() {
            let on = Tell { after: last, ..self };
            enqueue(&mut tx, ctx, &on, ctx.now(), None).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Tells every lender of a loan, in pages.
pub async fn tell(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    news: News,
) -> anyhow::Result<()> {
    let job = Tell {
        campaign,
        news,
        after: None,
    };
    enqueue(conn, ctx, &job, ctx.now(), None).await
}

pub async fn tell_late(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    days: i64,
) -> anyhow::Result<()> {
    tell(conn, ctx, campaign, News::Late(days)).await
}

pub async fn tell_state(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    state: LoanState,
) -> anyhow::Result<()> {
    tell(conn, ctx, campaign, News::State(state.as_str().to_string())).await
}

/// Sends lenders what is theirs.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendOn {
    pub campaign: CampaignId,
}

impl Job for SendOn {
    const KIND: &'static str = "repayments.send_on";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        send::send_on(ctx, self.campaign).await
    }
}

/// Once a day at most: what was credited on a day goes together.
pub async fn send_on_later(conn: &mut PgConnection, ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let today = ctx.now().replace_time(SEVEN);
    let at = if today > ctx.now() {
        today
    } else {
        today + Duration::DAY
    };
    let key = format!("{} {campaign} {}", SendOn::KIND, at.date());
    enqueue(conn, ctx, &SendOn { campaign }, at, Some(&key)).await
}

/// The time to vote about a plan is over.
#[derive(Debug, Serialize, Deserialize)]
pub struct CloseVote {
    pub campaign: CampaignId,
    pub plan: i32,
}

impl Job for CloseVote {
    const KIND: &'static str = "repayments.close_vote";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        plan::close(ctx, self.campaign, self.plan).await
    }
}

pub async fn close_vote(conn: &mut PgConnection, ctx: &Ctx, proposal: &Proposal) -> anyhow::Result<()> {
    let job = CloseVote {
        campaign: proposal.campaign,
        plan: proposal.plan,
    };
    enqueue(conn, ctx, &job, proposal.closes_at, None).await
}
