//! What followers are told: 48 hours before the deadline, and when a campaign is cancelled.

use felag_domain::ids::CampaignId;
use serde::{Deserialize, Serialize};

use crate::campaigns::{schedule, store};
use crate::ctx::Ctx;
use crate::jobs::Job;

/// Tells those who follow and have not given.
#[derive(Debug, Serialize, Deserialize)]
pub struct Remind {
    pub campaign: CampaignId,
}

impl Job for Remind {
    const KIND: &'static str = schedule::REMIND_FOLLOWERS;

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        let campaign = store::find(&mut *tx, self.campaign).await?;
        if campaign.is_some_and(|campaign| campaign.state.takes_pledges()) {
            super::remind_followers(&mut tx, ctx, self.campaign).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Tells those who follow and had promised nothing that the project cancelled the campaign.
#[derive(Debug, Serialize, Deserialize)]
pub struct TellCancelled {
    pub campaign: CampaignId,
}

impl Job for TellCancelled {
    const KIND: &'static str = schedule::TELL_CANCELLED;

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        super::store::queue_for_followers(&mut tx, self.campaign, super::mail::CANCELLED, ctx.now()).await?;
        tx.commit().await?;
        Ok(())
    }
}
