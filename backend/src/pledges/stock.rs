//! The stock of rewards: one row each, which nothing points at. The database decides the race for the last piece.

use felag_domain::ids::{CampaignId, RewardId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::planted::{self, Plant};

/// Takes one piece of a reward. Breaks `reward_is_never_oversold` when there is none left.
pub async fn take_stock(conn: &mut PgConnection, campaign: CampaignId, reward: RewardId) -> sqlx::Result<()> {
    if planted::is(Plant::NoLockOnReward) {
        let sql =
            "update reward_stock as it set taken = 1 + (select taken from reward_stock where reward_id = $2)
                   where campaign_id = $1 and reward_id = $2";
        return sqlx::query(sql)
            .bind(campaign)
            .bind(reward)
            .execute(conn)
            .await
            .map(drop);
    }
    sqlx::query!(
        "update reward_stock set taken = taken + 1 where campaign_id = $1 and reward_id = $2",
        campaign as _,
        reward as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives pieces back: one per reward named.
pub async fn free_stock(conn: &mut PgConnection, campaign: CampaignId, rewards: &[Uuid]) -> sqlx::Result<()> {
    if rewards.is_empty() || planted::is(Plant::StockNotFreed) {
        return Ok(());
    }
    sqlx::query!(
        "update reward_stock set taken = taken - freed.count
         from (select reward_id, count(*)::int as count from unnest($2::uuid[]) as given (reward_id)
               group by reward_id) as freed
         where reward_stock.campaign_id = $1 and reward_stock.reward_id = freed.reward_id",
        campaign as _,
        rewards,
    )
    .execute(conn)
    .await?;
    Ok(())
}
