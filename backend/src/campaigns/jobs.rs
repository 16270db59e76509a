//! Opening a campaign when its day has come.

use felag_domain::campaign::{CampaignEvent, next};
use felag_domain::ids::CampaignId;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime, Time};

use super::{schedule, store};
use crate::ctx::Ctx;
use crate::jobs::{Job, enqueue_named};

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
        let (Some(opens), Some(deadline)) = (campaign.opens_at, campaign.deadline_at) else {
            anyhow::bail!("campaign {} is scheduled without dates", campaign.id);
        };
        anyhow::ensure!(opens <= ctx.now(), "campaign {} opens at {opens}", campaign.id);
        open(&mut tx, &campaign, ctx.now()).await?;
        leave_work(&mut tx, ctx, campaign.id, opens, deadline).await?;
        tx.commit().await?;
        ctx.wake_workers();
        Ok(())
    }
}

/// The narrow rows that pledges change, and the book they are booked in.
async fn open(
    conn: &mut PgConnection,
    campaign: &store::Campaign,
    now: OffsetDateTime,
) -> anyhow::Result<()> {
    let id = campaign.id.as_uuid();
    sqlx::query!(
        "update campaign set state = 'open', updated_at = $2 where campaign_id = $1",
        id,
        now
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
    let mut work = vec![(schedule::SETTLE, deadline), (schedule::DAILY, morning)];
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
