//! What is done later about loans: opening, looking after checkouts, closing, charging again, paying out in time.

use felag_domain::campaign::{CHECKOUT_HOLD, CampaignState};
use felag_domain::ids::{CampaignId, CommitmentId};
use felag_domain::lending::{CommitmentState, LoanState};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use super::store_batch as batch;
use super::{Commitment, card, collect, handover, kept, life, mail, present, store};
use crate::campaigns::schedule;
use crate::ctx::Ctx;
use crate::jobs::{Job, enqueue};

/// Its campaign has opened.
#[derive(Debug, Serialize, Deserialize)]
pub struct Open {
    pub campaign: CampaignId,
}

impl Job for Open {
    const KIND: &'static str = schedule::OPENED;

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        life::open(ctx, self.campaign).await
    }
}

/// One reflection period before the deadline.
#[derive(Debug, Serialize, Deserialize)]
pub struct CloseLending {
    pub campaign: CampaignId,
}

impl Job for CloseLending {
    const KIND: &'static str = "loans.close_lending";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        life::close_lending(ctx, self.campaign).await
    }
}

/// The days of a commitment are over.
#[derive(Debug, Serialize, Deserialize)]
pub struct FirmUp {
    pub campaign: CampaignId,
    pub commitment: CommitmentId,
}

impl Job for FirmUp {
    const KIND: &'static str = "loans.firm";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        life::firm(ctx, self.campaign, self.commitment).await
    }
}

pub async fn firm_later(
    conn: &mut PgConnection,
    ctx: &Ctx,
    commitment: &Commitment,
    at: OffsetDateTime,
) -> anyhow::Result<()> {
    let job = FirmUp {
        campaign: commitment.campaign,
        commitment: commitment.id,
    };
    enqueue(conn, ctx, &job, at, None).await
}

/// Looks at a draft's checkout by itself: what webhooks say is learned without them, too.
#[derive(Debug, Serialize, Deserialize)]
pub struct WatchCheckout {
    pub campaign: CampaignId,
    pub commitment: CommitmentId,
    /// How often it is looked at after this.
    pub left: usize,
}

/// As for pledges: soon, and when the hold is over.
const WATCH_AFTER: [Duration; 3] = [Duration::minutes(2), Duration::minutes(8), Duration::minutes(22)];

pub async fn watch(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    commitment: CommitmentId,
) -> anyhow::Result<()> {
    let job = WatchCheckout {
        campaign,
        commitment,
        left: WATCH_AFTER.len(),
    };
    once_more(conn, ctx, job).await
}

/// Looks once, now.
pub async fn watch_once(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    commitment: CommitmentId,
) -> anyhow::Result<()> {
    let job = WatchCheckout {
        campaign,
        commitment,
        left: 0,
    };
    enqueue(conn, ctx, &job, ctx.now(), None).await
}

async fn once_more(conn: &mut PgConnection, ctx: &Ctx, last: WatchCheckout) -> anyhow::Result<()> {
    let Some(left) = last.left.checked_sub(1) else {
        return Ok(());
    };
    let after = WATCH_AFTER.iter().rev().nth(left).copied().unwrap_or_default();
    let job = WatchCheckout { left, ..last };
    enqueue(conn, ctx, &job, ctx.now() + after, None).await
}

impl Job for WatchCheckout {
    const KIND: &'static str = "loans.watch_checkout";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        let Some(commitment) = batch::lock(&mut tx, self.campaign, self.commitment).await? else {
            return Ok(());
        };
        let is_draft = commitment.state == CommitmentState::Draft;
        if !is_draft && commitment.checkout_url.is_none() {
            return Ok(());
        }
        if commitment.checkout.is_none() && ctx.now() >= commitment.created_at + CHECKOUT_HOLD {
            // It never came to a checkout.
            card::give_up(&mut tx, ctx, commitment).await?;
            tx.commit().await?;
            return Ok(());
        }
        once_more(&mut tx, ctx, self).await?;
        tx.commit().await?;
        card::look_up(ctx, &commitment).await
    }
}

/// How long a payment that a bank works on is left alone before it is asked about again.
pub const LOOK_AGAIN: Duration = Duration::hours(2);

/// Asks how a commitment's payment stands.
#[derive(Debug, Serialize, Deserialize)]
pub struct LookUp {
    pub campaign: CampaignId,
    pub commitment: CommitmentId,
}

impl Job for LookUp {
    const KIND: &'static str = "loans.look_up_payment";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        if present::look_up_payment(ctx, self.campaign, self.commitment).await? {
            let mut conn = ctx.db.acquire().await?;
            enqueue(&mut conn, ctx, &self, ctx.now() + LOOK_AGAIN, None).await?;
        }
        Ok(())
    }
}

/// A further try of cards that were declined for now.
#[derive(Debug, Serialize, Deserialize)]
pub struct Retry {
    pub campaign: CampaignId,
}

impl Job for Retry {
    const KIND: &'static str = "loans.retry";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        let Some((campaign, loan)) = life::hold(&mut tx, self.campaign).await? else {
            return Ok(());
        };
        if loan.state == LoanState::Collecting && campaign.state != CampaignState::Suspended {
            collect::confirm_again(&mut tx, ctx, campaign.id).await?;
        }
        tx.commit().await?;
        ctx.wake_workers();
        Ok(())
    }
}

/// The window is over.
#[derive(Debug, Serialize, Deserialize)]
pub struct EndWindow {
    pub campaign: CampaignId,
}

impl Job for EndWindow {
    const KIND: &'static str = "loans.end_window";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        collect::end_window(ctx, self.campaign).await
    }
}

/// Reminds lenders whose card still waits for them.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemindOfCard {
    pub campaign: CampaignId,
    pub nth: u32,
}

impl Job for RemindOfCard {
    const KIND: &'static str = "loans.remind_of_card";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        const WAITING: [CommitmentState; 2] = [CommitmentState::NeedsYou, CommitmentState::RetryLater];
        let mut tx = ctx.db.begin().await?;
        if let Some((campaign, loan)) = life::hold(&mut tx, self.campaign).await?
            && loan.state == LoanState::Collecting
        {
            let waiting = batch::lock_in_states(&mut tx, campaign.id, &WAITING).await?;
            mail::remind(&mut tx, ctx, &campaign, &loan, &waiting, self.nth).await?;
        }
        tx.commit().await?;
        ctx.wake_workers();
        Ok(())
    }
}

/// How long a collected loan may wait to be paid out before all goes back.
pub const PAY_OUT_WITHIN: Duration = Duration::days(30);

/// A collected loan that was not paid out goes back.
#[derive(Debug, Serialize, Deserialize)]
pub struct PayOutBy {
    pub campaign: CampaignId,
}

impl Job for PayOutBy {
    const KIND: &'static str = "loans.pay_out_by";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let loan = store::find(&ctx.db, self.campaign).await?;
        if loan.is_none_or(|loan| loan.state != LoanState::Collected) {
            return Ok(());
        }
        handover::not_paid_out(ctx, self.campaign).await
    }
}

/// A commitment is paid from what its lender keeps.
#[derive(Debug, Serialize, Deserialize)]
pub struct CollectKept {
    pub campaign: CampaignId,
    pub commitment: CommitmentId,
}

impl Job for CollectKept {
    const KIND: &'static str = "loans.collect_kept";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        kept::collect(ctx, self.campaign, self.commitment).await
    }
}

/// The loan did not come about: what was taken of what its lender keeps goes back.
#[derive(Debug, Serialize, Deserialize)]
pub struct GiveKeptBack {
    pub campaign: CampaignId,
    pub commitment: CommitmentId,
}

impl Job for GiveKeptBack {
    const KIND: &'static str = "loans.give_kept_back";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        kept::give_back(ctx, self.campaign, self.commitment).await
    }
}
