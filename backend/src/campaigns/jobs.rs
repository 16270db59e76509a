//! Opening a campaign when its day has come.

use felag_domain::campaign::{CampaignEvent, next};
use felag_domain::fee;
use felag_domain::ids::CampaignId;
use felag_domain::payout_account::AccountState;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime, Time};

use super::{mail, schedule, store};
use crate::ctx::Ctx;
use crate::jobs::{Job, enqueue_named};
use crate::payout_accounts;

/// Opens a scheduled campaign.
#[derive(Debug, Serialize, Deserialize)]
pub struct Open {
    pub campaign: CampaignId,
}

impl Job for Open {
    const KIND: &'static str = "campaigns.open";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        let campaign = store::lock(&mut tx, self.campaign).await?;
        let Some(campaign) = campaign else {
            anyhow::bail!("campaign {} is not there", self.campaign)
        };
        // Cancelled meanwhile, or open already: there is nothing to do.
        let to = next(campaign.state, CampaignEvent::Opened).unwrap_or(campaign.state);
        if to == campaign.state {
            return Ok(());
        }
        let Some(planned) = campaign.opens_at else {
            anyhow::bail!("campaign {} is scheduled without dates", campaign.id);
        };
        anyhow::ensure!(
            planned <= ctx.now(),
            "campaign {} opens at {planned}",
            campaign.id
        );
        if !can_be_paid(&mut tx, &campaign).await? {
            // It opens as soon as the account is enabled: see lifecycle::payout_account_enabled.
            mail::waits_for_account(&mut tx, ctx, &campaign).await?;
            tx.commit().await?;
            ctx.wake_workers();
            return Ok(());
        }
        // It may have waited for its payout account: the days it asked for begin now.
        let opens = if ctx.now() - planned < ON_TIME {
            planned
        } else {
            ctx.now()
        };
        let deadline = opens + Duration::days(i64::from(campaign.duration_days));
        open(&mut tx, &campaign, opens, deadline, ctx.now()).await?;
        leave_work(&mut tx, ctx, campaign.id, opens, deadline).await?;
        tx.commit().await?;
        ctx.wake_workers();
        Ok(())
    }
}

/// How late a campaign opens and still keeps the dates it was approved with.
const ON_TIME: Duration = Duration::HOUR;

async fn can_be_paid(conn: &mut PgConnection, campaign: &store::Campaign) -> sqlx::Result<bool> {
    let account = payout_accounts::of_project(conn, campaign.project_id).await?;
    Ok(account
        .is_some_and(|account| account.state == AccountState::Enabled && account.takes(campaign.currency)))
}

/// The narrow rows that pledges change, the book they are booked in, and the schedule of fees it is launched under.
async fn open(
    conn: &mut PgConnection,
    campaign: &store::Campaign,
    opens: OffsetDateTime,
    deadline: OffsetDateTime,
    now: OffsetDateTime,
) -> anyhow::Result<()> {
    let id = campaign.id.as_uuid();
    sqlx::query!(
        "update campaign set state = 'open', updated_at = $2, opens_at = $3, deadline_at = $4, fee_version = $5
         where campaign_id = $1",
        id,
        now,
        opens,
        deadline,
        i32::try_from(fee::in_force(opens.date()).version)?,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into campaign_total (campaign_id, currency) values ($1,
            $2) on conflict (campaign_id) do nothing",
        id,
        campaign.currency.code(),
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into reward_stock (campaign_id, reward_id) select campaign_id, reward_id from reward
            where campaign_id = $1
         on conflict (campaign_id, reward_id) do nothing",
        id,
    )
    .execute(&mut *conn)
    .await?;
    crate::ledger::open_book(conn, campaign.id, now).await?;
    Ok(())
}

/// The settlement at the deadline, the reminder before it, and the daily word to the owners.
async fn leave_work(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    opens: OffsetDateTime,
    deadline: OffsetDateTime,
) -> sqlx::Result<()> {
    let tomorrow = opens.date().saturating_add(Duration::DAY);
    let morning = tomorrow
        .with_time(Time::MIDNIGHT + Duration::hours(8))
        .assume_utc();
    let reminder = deadline - Duration::hours(48);
    let mut work = vec![
        (schedule::OPENED, opens),
        (schedule::SETTLE, deadline),
        (schedule::DAILY, morning),
    ];
    // A campaign of two days or less has no moment 48 hours before its end.
    if reminder > opens {
        work.extend([
            (schedule::REMIND, reminder),
            (schedule::REMIND_FOLLOWERS, reminder),
        ]);
    }
    for (kind, at) in work {
        let key = format!("{kind} {campaign}");
        enqueue_named(conn, ctx, kind, json!({ "campaign": campaign }), at, Some(&key)).await?;
    }
    Ok(())
}
