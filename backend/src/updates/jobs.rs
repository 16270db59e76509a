//! Reminding followers 48 hours before the deadline.

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
