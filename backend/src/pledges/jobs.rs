//! What is done later about pledges: looking after checkouts, settling, retrying, telling people.

use felag_domain::campaign::{CHECKOUT_HOLD, CampaignState};
use felag_domain::ids::{CampaignId, PledgeId};
use felag_domain::pledge::PledgeState;
use felag_frontend::mail::projects::Outcome;
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime, Time};

use super::present::Stands;
use super::{
    Ask, give, mail, mail_owner, mail_returns, moves, present, release, settle, store, store_batch as batch,
};
use crate::campaigns::schedule;
use crate::ctx::Ctx;
use crate::jobs::{Job, enqueue};
use crate::planted::{self, Plant};

/// How many pledges one round of telling takes.
const PAGE: i64 = 500;

/// Looks at a draft's checkout by itself: what webhooks say is learned without them, too.
#[derive(Debug, Serialize, Deserialize)]
pub struct WatchCheckout {
    pub campaign: CampaignId,
    pub pledge: PledgeId,
    /// How often it is looked at after this.
    pub left: usize,
}

/// When a draft is looked at: soon, because somebody waits for a receipt; and when its hold is over. Each look leaves
/// the next one behind, so that a card that was saved at once costs one look.
const WATCH_AFTER: [Duration; 3] = [Duration::minutes(2), Duration::minutes(8), Duration::minutes(22)];

pub async fn watch_checkout(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    pledge: PledgeId,
) -> anyhow::Result<()> {
    watch_once_more(
        conn,
        ctx,
        WatchCheckout {
            campaign,
            pledge,
            left: WATCH_AFTER.len(),
        },
    )
    .await
}

async fn watch_once_more(conn: &mut PgConnection, ctx: &Ctx, last: WatchCheckout) -> anyhow::Result<()> {
    if planted::is(Plant::DraftNotWatched) {
        return Ok(());
    }
    let Some(left) = last.left.checked_sub(1) else {
        return Ok(());
    };
    let after = WATCH_AFTER.iter().rev().nth(left).copied().unwrap_or_default();
    enqueue(
        conn,
        ctx,
        &WatchCheckout { left, ..last },
        ctx.now() + after,
        None,
    )
    .await
}

impl Job for WatchCheckout {
    const KIND: &'static str = "pledges.watch_checkout";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        let Some(pledge) = store::lock(&mut tx, self.campaign, self.pledge).await? else {
            return Ok(());
        };
        // A checkout that could not be expired was paid: its card must not stay, whatever became of the pledge.
        let was_paid = self.left == 0 && pledge.checkout.is_some() && pledge.method.is_none();
        let is_waiting = pledge.state == PledgeState::Draft || pledge.checkout_url.is_some() || was_paid;
        if !is_waiting {
            return Ok(());
        }
        if pledge.checkout.is_none() && ctx.now() >= pledge.created_at + CHECKOUT_HOLD {
            // It never came to a checkout: its reward is free again.
            moves::end_before_deadline(&mut tx, ctx, &pledge, PledgeState::Expired).await?;
            tx.commit().await?;
            return Ok(());
        }
        watch_once_more(&mut tx, ctx, self).await?;
        tx.commit().await?;
        give::watch(ctx, &pledge).await
    }
}

/// How long a payment that a bank works on is left alone before it is asked about again.
pub const LOOK_AGAIN: Duration = Duration::hours(2);

/// Asks how a pledge's payment stands: after an answer that said less than it should.
#[derive(Debug, Serialize, Deserialize)]
pub struct LookUpPayment {
    pub campaign: CampaignId,
    pub pledge: PledgeId,
}

impl Job for LookUpPayment {
    const KIND: &'static str = "pledges.look_up_payment";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let stands = present::look_up_payment(ctx, self.campaign, self.pledge).await?;
        if stands == Stands::StillOpen {
            let mut conn = ctx.db.acquire().await?;
            enqueue(&mut conn, ctx, &self, ctx.now() + LOOK_AGAIN, None).await?;
        }
        Ok(())
    }
}

/// The deadline has come.
#[derive(Debug, Serialize, Deserialize)]
pub struct Settle {
    pub campaign: CampaignId,
}

impl Job for Settle {
    const KIND: &'static str = schedule::SETTLE;

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        settle::settle(ctx, self.campaign).await
    }
}

/// A further try of cards that were declined for now.
#[derive(Debug, Serialize, Deserialize)]
pub struct Retry {
    pub campaign: CampaignId,
}

impl Job for Retry {
    const KIND: &'static str = "pledges.retry";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        settle::retry(ctx, self.campaign).await
    }
}

/// The collection window is over.
#[derive(Debug, Serialize, Deserialize)]
pub struct EndWindow {
    pub campaign: CampaignId,
}

impl Job for EndWindow {
    const KIND: &'static str = "pledges.end_window";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        settle::end_window(ctx, self.campaign).await
    }
}

/// The campaign's loan is collected, or goes back: the window may close now.
#[derive(Debug, Serialize, Deserialize)]
pub struct CloseWindow {
    pub campaign: CampaignId,
}

impl Job for CloseWindow {
    const KIND: &'static str = schedule::LOAN_SETTLED;

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        settle::close_if_done(&mut tx, ctx, self.campaign).await?;
        tx.commit().await?;
        ctx.wake_workers();
        Ok(())
    }
}

/// Reminds those whose card still waits for them.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemindOfCard {
    pub campaign: CampaignId,
    pub nth: u32,
}

impl Job for RemindOfCard {
    const KIND: &'static str = "pledges.remind_of_card";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        const WAITING: [PledgeState; 2] = [PledgeState::NeedsYou, PledgeState::RetryLater];
        let mut tx = ctx.db.begin().await?;
        if Ask::read(&mut tx, self.campaign).await?.state == CampaignState::Collecting {
            let waiting = batch::lock_in_states(&mut tx, self.campaign, &WAITING).await?;
            mail::remind_of_card(&mut tx, ctx, self.campaign, &waiting, self.nth).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// What everybody concerned is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum News {
    MinimumPromised,
    Failed,
    Cancelled,
    Funded,
    Short,
    /// Short, and it goes on: whoever paid may take the money back.
    GoesOn,
    /// To those who were let go after it had opened.
    LetGo,
    /// To those who had paid.
    CancelledPaid,
    Unwound,
    DeadlineNear,
}

/// Tells the backers of a campaign, a page at a time: killed half-way, it goes on where it was.
#[derive(Debug, Serialize, Deserialize)]
pub struct Tell {
    pub campaign: CampaignId,
    pub news: News,
    pub after: Option<PledgeId>,
}

/// Tells the owners now, in this transaction, and the backers page by page.
pub async fn tell(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    news: News,
) -> anyhow::Result<()> {
    let outcome = match news {
        News::MinimumPromised => Some(Outcome::Collecting),
        News::Failed => Some(Outcome::Failed),
        News::Cancelled => Some(Outcome::Cancelled),
        News::Funded => Some(Outcome::Funded),
        News::Short => Some(Outcome::Short),
        // Their people are told together with the reason.
        News::GoesOn | News::LetGo | News::CancelledPaid | News::Unwound => None,
        News::DeadlineNear => None,
    };
    if let Some(outcome) = outcome {
        mail_owner::decided(conn, ctx, campaign, outcome).await?;
    }
    // Backers of a funded campaign have their receipts: there is nothing to add.
    if news != News::Funded {
        let key = format!("pledges.tell {campaign} {news:?}");
        enqueue(
            conn,
            ctx,
            &Tell {
                campaign,
                news,
                after: None,
            },
            ctx.now(),
            Some(&key),
        )
        .await?;
    }
    Ok(())
}

impl Job for Tell {
    const KIND: &'static str = "pledges.tell";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        use PledgeState::{
            CardSaved, Charging, Dropped, Due, NeedsYou, Paid, Released, RetryLater, Stopping,
        };
        let states: &[PledgeState] = match self.news {
            News::MinimumPromised => &[Due, Charging, NeedsYou, RetryLater, Stopping, Paid, Dropped],
            News::Failed | News::Cancelled | News::LetGo => &[Released],
            News::Short | News::Funded | News::GoesOn => &[Paid],
            News::CancelledPaid | News::Unwound => &[Paid],
            News::DeadlineNear => &[CardSaved],
        };
        let mut tx = ctx.db.begin().await?;
        let page = batch::page_in_states(&mut tx, self.campaign, states, self.after, PAGE).await?;
        match self.news {
            News::MinimumPromised => mail::reached(&mut tx, ctx, self.campaign, &page).await?,
            News::Failed => mail::not_funded(&mut tx, ctx, self.campaign, &page).await?,
            News::Cancelled => release::tell(&mut tx, ctx, self.campaign, &page).await?,
            News::Short => mail::short(&mut tx, ctx, self.campaign, &page).await?,
            News::DeadlineNear => mail::deadline_near(&mut tx, ctx, self.campaign, &page).await?,
            News::GoesOn => mail_returns::goes_on(&mut tx, ctx, self.campaign, &page).await?,
            News::LetGo => mail::released(&mut tx, ctx, self.campaign, &page).await?,
            News::CancelledPaid => {
                mail_returns::all_goes_back(&mut tx, ctx, self.campaign, &page, true).await?
            }
            News::Unwound => mail_returns::all_goes_back(&mut tx, ctx, self.campaign, &page, false).await?,
            News::Funded => {}
        }
        if let Some(last) = page
            .last()
            .filter(|_| page.len() == usize::try_from(PAGE).unwrap_or(0))
        {
            let next = Tell {
                after: Some(last.id),
                ..self
            };
            let key = format!("pledges.tell {} {:?} {}", next.campaign, next.news, last.id);
            enqueue(&mut tx, ctx, &next, ctx.now(), Some(&key)).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// 48 hours before the deadline.
#[derive(Debug, Serialize, Deserialize)]
pub struct Remind {
    pub campaign: CampaignId,
}

impl Job for Remind {
    const KIND: &'static str = schedule::REMIND;

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        if Ask::read(&mut tx, self.campaign).await?.takes_pledges(ctx.now()) {
            tell(&mut tx, ctx, self.campaign, News::DeadlineNear).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// The owner's daily mail, for as long as the campaign is open.
#[derive(Debug, Serialize, Deserialize)]
pub struct Daily {
    pub campaign: CampaignId,
    /// Backers since then are new: when owners were told last, or nothing for the first time. Mornings are not always a
    /// day apart: a campaign opens at any hour, and a server may have slept.
    #[serde(default)]
    pub since: Option<OffsetDateTime>,
}

impl Job for Daily {
    const KIND: &'static str = schedule::DAILY;

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        if Ask::read(&mut tx, self.campaign).await?.takes_pledges(ctx.now()) {
            let since = self.since.unwrap_or(OffsetDateTime::UNIX_EPOCH);
            mail_owner::daily(&mut tx, ctx, self.campaign, since).await?;
            let next = next_morning(ctx.now());
            let key = format!("{} {} {}", Self::KIND, self.campaign, next.date());
            let again = Self {
                since: Some(ctx.now()),
                ..self
            };
            enqueue(&mut tx, ctx, &again, next, Some(&key)).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Eight o'clock UTC of the next day.
pub fn next_morning(now: OffsetDateTime) -> OffsetDateTime {
    const EIGHT: Time = time::macros::time!(8:00);
    (now + Duration::DAY).replace_time(EIGHT)
}
