//! What the end of a campaign leaves to be done later.

use felag_domain::ids::CampaignId;
use serde::{Deserialize, Serialize};

use super::{pause, short, unwind};
use crate::campaigns::schedule;
use crate::ctx::Ctx;
use crate::jobs::Job;

pub const UNWIND_SHORT: &str = "pledges.unwind_short";
pub const END_TAKE_BACK: &str = "pledges.end_take_back";
pub const END_SUSPENSION: &str = "pledges.end_suspension";

/// A short campaign waited long enough for a steward.
#[derive(Debug, Serialize, Deserialize)]
pub struct UnwindShort {
    pub campaign: CampaignId,
}

impl Job for UnwindShort {
    const KIND: &'static str = UNWIND_SHORT;

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        unwind::unwind_short(ctx, self.campaign).await
    }
}

/// Everybody could take the money back.
#[derive(Debug, Serialize, Deserialize)]
pub struct EndTakeBack {
    pub campaign: CampaignId,
}

impl Job for EndTakeBack {
    const KIND: &'static str = END_TAKE_BACK;

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        short::end_take_back(ctx, self.campaign).await
    }
}

/// A suspension has lasted as long as one may.
#[derive(Debug, Serialize, Deserialize)]
pub struct EndSuspension {
    pub campaign: CampaignId,
}

impl Job for EndSuspension {
    const KIND: &'static str = END_SUSPENSION;

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        pause::end_suspension(ctx, self.campaign).await
    }
}

/// The payout account did not come back.
#[derive(Debug, Serialize, Deserialize)]
pub struct EndUnpayable {
    pub campaign: CampaignId,
}

impl Job for EndUnpayable {
    const KIND: &'static str = schedule::END_UNPAYABLE;

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        unwind::unwind_unpayable(ctx, self.campaign).await
    }
}
