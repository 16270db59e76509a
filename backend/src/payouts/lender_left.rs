//! A lender's bank takes back what was lent before it was paid out.

use felag_domain::ids::CampaignId;
use felag_domain::payout::{PayoutEvent, PayoutSource, next};
use felag_frontend::Lang;

use super::{ask, store};
use crate::campaigns::store as campaigns;
use crate::ctx::Ctx;

/// A payout that counts on it is called off. Whether the loan is to be fitted to what is left: not while one is on its way.
///
/// # Errors
/// When the database fails.
pub async fn call_off_too_much(ctx: &Ctx, id: CampaignId) -> anyhow::Result<bool> {
    let mut tx = ctx.db.begin().await?;
    let Some(campaign) = campaigns::lock(&mut tx, id).await? else {
        return Ok(false);
    };
    if !crate::loans::is_too_much(&mut tx, id).await? {
        return Ok(false);
    }
    let under_way = store::under_way(&mut tx, id).await?;
    let of_loan = under_way.filter(|payout| payout.parts.source == PayoutSource::Loan);
    if let Some(payout) = of_loan {
        if next(payout.state, PayoutEvent::Withdrawn).is_err() {
            return Ok(false);
        }
        let reason = Lang::En.t("payout-lender-left");
        ask::call_off(&mut tx, ctx, &campaign, &payout, None, reason).await?;
    }
    tx.commit().await?;
    Ok(true)
}
