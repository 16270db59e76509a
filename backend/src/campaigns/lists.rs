//! The SQL of what a draft lists: budget lines, rewards, commons returns. (Rewards are read in `store`.)

use felag_domain::campaign::{BudgetKind, NewBudgetLine, NewReward};
use felag_domain::ids::{BudgetLineId, CampaignId, CommonsReturnId, RewardId};
use felag_domain::licence::{CommonsReturnKind, NewCommonsReturn};
use felag_domain::money::{Currency, Money};
use sqlx::{PgConnection, PgExecutor};
use time::Date;

/// One line of a budget.
#[derive(Debug, Clone)]
pub struct BudgetLine {
    pub id: BudgetLineId,
    pub kind: BudgetKind,
    pub title: String,
    pub at_minimum: Money,
    pub at_full_plan: Money,
}

/// What everybody gets.
#[derive(Debug, Clone)]
pub struct CommonsReturn {
    pub id: CommonsReturnId,
    pub kind: CommonsReturnKind,
    pub title: String,
    /// An SPDX expression.
    pub licence: String,
    pub due: Date,
    pub place: String,
}

/// How many things of each kind a campaign lists.
#[derive(Debug, Clone, Copy)]
pub struct Counts {
    pub budget_lines: usize,
    pub rewards: usize,
    pub returns: usize,
}

pub async fn counts(db: impl PgExecutor<'_>, campaign: CampaignId) -> sqlx::Result<Counts> {
    let row = sqlx::query!(
        r#"select (select count(*) from budget_line where campaign_id = $1) as "lines!",
                  (select count(*) from reward where campaign_id = $1) as "rewards!",
                  (select count(*) from commons_return where campaign_id = $1) as "returns!""#,
        campaign.as_uuid(),
    )
    .fetch_one(db)
    .await?;
    let count = |rows: i64| usize::try_from(rows).unwrap_or(usize::MAX);
    Ok(Counts {
        budget_lines: count(row.lines),
        rewards: count(row.rewards),
        returns: count(row.returns),
    })
}

/// The budget in its order: thirty lines at most.
pub async fn budget(
    db: impl PgExecutor<'_>,
    campaign: CampaignId,
    currency: Currency,
) -> sqlx::Result<Vec<BudgetLine>> {
    let rows = sqlx::query!(
        r#"select budget_line_id as "id: BudgetLineId", kind as "kind: BudgetKind", title, at_minimum_minor,
                  at_full_plan_minor
           from budget_line where campaign_id = $1 order by position, budget_line_id"#,
        campaign.as_uuid(),
    )
    .fetch_all(db)
    .await?;
    let line = rows.into_iter().map(|row| BudgetLine {
        id: row.id,
        kind: row.kind,
        title: row.title,
        at_minimum: Money::from_minor(row.at_minimum_minor, currency),
        at_full_plan: Money::from_minor(row.at_full_plan_minor, currency),
    });
    Ok(line.collect())
}

/// What everybody gets, in its order: ten at most.
pub async fn returns(db: impl PgExecutor<'_>, campaign: CampaignId) -> sqlx::Result<Vec<CommonsReturn>> {
    sqlx::query_as!(
        CommonsReturn,
        r#"select commons_return_id as "id: CommonsReturnId", kind as "kind: CommonsReturnKind", title,
            licence, due,
                  place
           from commons_return where campaign_id = $1 order by position, commons_return_id"#,
        campaign.as_uuid(),
    )
    .fetch_all(db)
    .await
}

pub async fn put_budget_line(
    conn: &mut PgConnection,
    campaign: CampaignId,
    id: BudgetLineId,
    line: &NewBudgetLine,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into budget_line (campaign_id, budget_line_id, position, kind, title, at_minimum_minor,
                                  at_full_plan_minor)
         values ($1, $2, (select coalesce(max(position), 0) + 1 from budget_line where campaign_id = $1),
             $3, $4, $5, $6)
         on conflict (campaign_id, budget_line_id) do update
         set kind = $3, title = $4, at_minimum_minor = $5, at_full_plan_minor = $6",
        campaign.as_uuid(),
        id.as_uuid(),
        line.kind().as_str(),
        line.title(),
        line.at_minimum().minor(),
        line.at_full_plan().minor(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn put_reward(
    conn: &mut PgConnection,
    campaign: CampaignId,
    id: RewardId,
    reward: &NewReward,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into reward (campaign_id, reward_id, position, title, description, price_minor, delivery,
            is_sale)
         values ($1, $2, (select coalesce(max(position), 0) + 1 from reward where campaign_id = $1), $3,
             $4, $5, $6, $7)
         on conflict (campaign_id, reward_id) do update
         set title = $3, description = $4, price_minor = $5, delivery = $6, is_sale = $7",
        campaign.as_uuid(),
        id.as_uuid(),
        reward.title(),
        reward.description(),
        reward.price().minor(),
        reward.delivery(),
        reward.is_sale(),
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into reward_stock (campaign_id, reward_id, stock_limit) values ($1, $2, $3)
         on conflict (campaign_id, reward_id) do update set stock_limit = $3",
        campaign.as_uuid(),
        id.as_uuid(),
        reward
            .limit()
            .map(|limit| i32::try_from(limit).unwrap_or(i32::MAX)),
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn put_return(
    conn: &mut PgConnection,
    campaign: CampaignId,
    id: CommonsReturnId,
    new: &NewCommonsReturn,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into commons_return (campaign_id, commons_return_id, position, kind, title, licence, due,
            place)
         values ($1, $2, (select coalesce(max(position), 0) + 1 from commons_return where campaign_id = $1),
                 $3, $4, $5, $6, $7)
         on conflict (campaign_id, commons_return_id) do update
         set kind = $3, title = $4, licence = $5, due = $6, place = $7",
        campaign.as_uuid(),
        id.as_uuid(),
        new.kind().as_str(),
        new.title(),
        new.licence().as_str(),
        new.due(),
        new.place(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn remove_budget_line(
    conn: &mut PgConnection,
    campaign: CampaignId,
    id: BudgetLineId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from budget_line where campaign_id = $1 and budget_line_id = $2",
        campaign.as_uuid(),
        id.as_uuid(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn remove_reward(conn: &mut PgConnection, campaign: CampaignId, id: RewardId) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from reward_stock where campaign_id = $1 and reward_id = $2",
        campaign.as_uuid(),
        id.as_uuid()
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "delete from reward where campaign_id = $1 and reward_id = $2",
        campaign.as_uuid(),
        id.as_uuid()
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn remove_return(
    conn: &mut PgConnection,
    campaign: CampaignId,
    id: CommonsReturnId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from commons_return where campaign_id = $1 and commons_return_id = $2",
        campaign.as_uuid(),
        id.as_uuid(),
    )
    .execute(conn)
    .await?;
    Ok(())
}
