//! What a campaign's page shows beside the campaign itself, in one statement: no page is asked for more often, and a
//! trip to the database costs more than a list of a few rows. Lists come as arrays of rows.

use felag_domain::campaign::BudgetKind;
use felag_domain::figures::Figures;
use felag_domain::ids::{BudgetLineId, CommonsReturnId, RewardId, UpdateId};
use felag_domain::licence::CommonsReturnKind;
use felag_domain::money::Money;
use sqlx::PgExecutor;
use time::{Date, OffsetDateTime};

use super::curve::Added;
use super::lists::{BudgetLine, CommonsReturn};
use super::store::{Campaign, Reward, Total, Update};

/// Everything but the lines of the book.
pub struct Shown {
    pub story: String,
    pub risks: String,
    pub project: ProjectFacts,
    /// Why a steward let the campaign do without a commons return.
    pub exception: Option<String>,
    pub total: Total,
    /// Entries in the campaign's book.
    pub entries: u64,
    /// When its money leaves: parts in percent, each so many days after collection ends.
    pub plan: Vec<(i32, i32)>,
    pub budget: Vec<BudgetLine>,
    pub rewards: Vec<Reward>,
    pub returns: Vec<CommonsReturn>,
    pub updates: Vec<Update>,
    /// What each day added to the promises.
    pub days: Vec<Added>,
}

/// What is said of the project.
pub struct ProjectFacts {
    pub slug: String,
    pub name: String,
    pub place: String,
    /// Who answers for the money; the project itself until it says.
    pub holder: String,
    pub licences: Vec<String>,
}

type BudgetRow = (BudgetLineId, BudgetKind, String, i64, i64);
type RewardRow = (RewardId, String, String, i64, Date, bool, Option<i32>, i32);
type ReturnRow = (CommonsReturnId, CommonsReturnKind, String, String, Date, String);
type UpdateRow = (UpdateId, String, String, OffsetDateTime);
type DayRow = (Date, i64, i32);

/// Reads it all. Each list has its own function where it is wanted alone, in the same order: see [`super::lists`],
/// [`super::store`] and [`super::curve`].
pub async fn read(db: impl PgExecutor<'_>, campaign: &Campaign) -> sqlx::Result<Shown> {
    let row = sqlx::query!(
        r#"select project.slug, project.name, project.place, project.licences,
                  coalesce(holder_name, project.name) as "holder!", campaign.story, risks,
                  (select words from review where review.campaign_id = $1
                   and decision = 'commons_exception' order by review_id desc limit 1) as exception,
                  coalesce(promised_minor, 0) as "promised!", coalesce(collected_minor, 0) as "collected!",
                  coalesce(at_risk_minor, 0) as "at_risk!", coalesce(lost_minor, 0) as "lost!",
                  coalesce(own_minor, 0) as "own!", coalesce(own_collected_minor, 0) as "own_collected!",
                  coalesce(backers, 0) as "backers!",
                  coalesce((select number from book_head where book_id = $1), 0) as "entries!",
                  array(select (percent, days) from tranche where campaign_id = $1 order by position)
                      as "plan!: Vec<(i32, i32)>",
                  array(select (budget_line_id, kind, title, at_minimum_minor, at_full_plan_minor)
                        from budget_line where campaign_id = $1 order by position, budget_line_id)
                      as "budget!: Vec<BudgetRow>",
                  array(select (reward_id, title, description, price_minor, delivery, is_sale, stock_limit,
                                coalesce(taken, 0))
                        from reward left join reward_stock using (campaign_id, reward_id)
                        where campaign_id = $1 order by position, reward_id) as "rewards!: Vec<RewardRow>",
                  array(select (commons_return_id, kind, title, licence, due, place)
                        from commons_return where campaign_id = $1 order by position, commons_return_id)
                      as "returns!: Vec<ReturnRow>",
                  array(select (update_id, title, body, created_at) from campaign_update
                        where campaign_id = $1 order by update_id desc limit 20) as "updates!: Vec<UpdateRow>",
                  array(select (day, promised_minor, backers) from campaign_day
                        where campaign_id = $1 order by day) as "days!: Vec<DayRow>"
           from campaign join project using (project_id) left join campaign_total using (campaign_id)
           where campaign_id = $1"#,
        campaign.id.as_uuid(),
    )
    .fetch_one(db)
    .await?;
    let money = |minor| Money::from_minor(minor, campaign.currency);
    let plan = match row.plan.is_empty() {
        true => vec![(100, 0)],
        false => row.plan,
    };
    Ok(Shown {
        story: row.story,
        risks: row.risks,
        project: ProjectFacts {
            slug: row.slug,
            name: row.name,
            place: row.place,
            holder: row.holder,
            licences: row.licences,
        },
        exception: row.exception,
        total: Total {
            figures: Figures {
                promised: money(row.promised),
                collected: money(row.collected),
                at_risk: money(row.at_risk),
                lost: money(row.lost),
            },
            own: money(row.own),
            own_collected: money(row.own_collected),
            backers: row.backers,
        },
        entries: u64::try_from(row.entries).unwrap_or(0),
        plan,
        budget: each(row.budget, |row| budget_line(row, &money)),
        rewards: each(row.rewards, |row| reward(row, &money)),
        returns: each(row.returns, commons_return),
        updates: each(row.updates, update),
        days: each(row.days, day),
    })
}

fn each<Row, Item>(rows: Vec<Row>, item: impl FnMut(Row) -> Item) -> Vec<Item> {
    rows.into_iter().map(item).collect()
}

fn budget_line(
    (id, kind, title, minimum, full_plan): BudgetRow,
    money: &impl Fn(i64) -> Money,
) -> BudgetLine {
    BudgetLine {
        id,
        kind,
        title,
        at_minimum: money(minimum),
        at_full_plan: money(full_plan),
    }
}

fn reward(
    (id, title, description, price, delivery, is_sale, limit, taken): RewardRow,
    money: &impl Fn(i64) -> Money,
) -> Reward {
    Reward {
        id,
        title,
        description,
        price: money(price),
        delivery,
        is_sale,
        limit,
        taken,
    }
}

fn commons_return((id, kind, title, licence, due, place): ReturnRow) -> CommonsReturn {
    CommonsReturn {
        id,
        kind,
        title,
        licence,
        due,
        place,
    }
}

fn update((id, title, body, at): UpdateRow) -> Update {
    Update { id, title, body, at }
}

fn day((day, promised_minor, backers): DayRow) -> Added {
    Added {
        day,
        promised_minor,
        backers,
    }
}
