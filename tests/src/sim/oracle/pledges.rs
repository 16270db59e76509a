//! I8, I11, I12: a pledge's life is a path, what people were told is so, and who was refused left no trace.

use std::collections::HashMap;

use sqlx::{PgPool, Row};
use uuid::Uuid;

use super::{Memory, Rule, View, When, boxed, code, sql};
use crate::sim::model::Known;

pub const RULES: &[Rule] = &[
    sql(
        "a pledge has what its state needs",
        When::Always,
        "select format('pledge %s is %s, its campaign %s', pledge_id, pledge.state, campaign.state)
         from pledge join campaign using (campaign_id)
         where (pledge.state = 'paid' and not exists (
                    select from entry where book_id = campaign_id and kind = 'charge' and cause_id = charge_ref))
            or (pledge.state in ('draft', 'card_saved', 'expired', 'cancelled') and intent_ref is not null)
            or (pledge.state in ('expired', 'cancelled', 'released', 'dropped') and pledge.ended_at is null)
            or (pledge.state in ('due', 'charging', 'needs_you', 'retry_later')
                and campaign.state not in ('collecting', 'suspended')
                and not (campaign.state = 'open' and way = 'keep_what_comes'))
            or (pledge.state in ('stopping', 'paid', 'dropped') and campaign.state in ('draft', 'open', 'failed')
                and way = 'all_or_nothing')
            or (pledge.state = 'released' and campaign.state not in ('failed', 'cancelled'))",
    ),
    sql(
        "a card that counts was saved before the deadline",
        When::Always,
        "select format('pledge %s: %s', pledge_id, card_saved_at) from pledge join campaign using (campaign_id)
         where card_saved_at >= deadline_at",
    ),
    sql(
        "a decided campaign has no promise that waits",
        When::Always,
        "select format('pledge %s is %s, its campaign %s', pledge_id, pledge.state, campaign.state)
         from pledge join campaign using (campaign_id)
         where pledge.state in ('draft', 'card_saved') and decided_at is not null",
    ),
    code("no pledge and no campaign goes back", When::Always, |view| boxed(forward(view))),
    code("what somebody was told is so", When::Always, |view| boxed(as_told(view))),
];

/// How far on a state is. Among equals a pledge may go to and fro; from an end it goes nowhere.
fn rank(state: &str) -> (u8, bool) {
    match state {
        "draft" => (0, false),
        "card_saved" => (1, false),
        "due" | "charging" | "needs_you" | "retry_later" => (3, false),
        "stopping" => (4, false),
        _ => (5, true),
    }
}

/// Where a campaign may be seen after it was seen in a state, however much happened in between.
fn may_follow(before: &str, now: &str) -> bool {
    const LATER: [&str; 4] = ["funded", "short", "unwound", "closed"];
    let is_later = LATER.contains(&now);
    match before {
        "draft" | "in_review" | "changes_asked" | "scheduled" => true,
        "open" => is_later || matches!(now, "collecting" | "failed" | "suspended" | "cancelled"),
        "suspended" => is_later || matches!(now, "open" | "collecting" | "failed" | "cancelled"),
        "collecting" => is_later || matches!(now, "suspended" | "cancelled"),
        "short" => matches!(now, "funded" | "unwound" | "closed"),
        "funded" => matches!(now, "closed" | "unpayable" | "unwound"),
        "unpayable" => matches!(now, "funded" | "unwound" | "closed"),
        _ => false,
    }
}

async fn forward(view: &View<'_>) -> anyhow::Result<Vec<String>> {
    let mut problems = Vec::new();
    for (id, now) in states(view.db, "pledge").await? {
        let Some(before) = view.memory.pledges.get(&id) else {
            continue;
        };
        let ((was, was_over), (is, _)) = (rank(before), rank(&now));
        if *before != now && (was_over || is < was) {
            problems.push(format!("pledge {id} was {before} and is {now}"));
        }
    }
    for (id, now) in states(view.db, "campaign").await? {
        let before = view.memory.campaigns.get(&id);
        if let Some(before) = before.filter(|before| **before != now && !may_follow(before, &now)) {
            problems.push(format!("campaign {id} was {before} and is {now}"));
        }
    }
    Ok(problems)
}

/// Keeps what stands now for the next look.
///
/// # Errors
/// When the database cannot be asked.
pub async fn remember(db: &PgPool, memory: &mut Memory) -> anyhow::Result<()> {
    memory.pledges = states(db, "pledge").await?;
    memory.campaigns = states(db, "campaign").await?;
    Ok(())
}

async fn states(db: &PgPool, noun: &str) -> anyhow::Result<HashMap<Uuid, String>> {
    let sql = sqlx::AssertSqlSafe(format!("select {noun}_id, state from {noun}"));
    let rows: Vec<(Uuid, String)> = sqlx::query_as(sql).fetch_all(db).await?;
    Ok(rows.into_iter().collect())
}

async fn as_told(view: &View<'_>) -> anyhow::Result<Vec<String>> {
    let sql = "select request_key, state, amount_minor, tip_minor from pledge";
    let mut rows = HashMap::new();
    for row in sqlx::query(sql).fetch_all(view.db).await? {
        let key: Uuid = row.try_get("request_key")?;
        let amounts: (i64, i64) = (row.try_get("amount_minor")?, row.try_get("tip_minor")?);
        let state: String = row.try_get("state")?;
        if rows.insert(key, (amounts, state)).is_some() {
            return Ok(vec![format!("the form {key} made two pledges")]);
        }
    }
    let mut problems = Vec::new();
    for (number, gift) in view.model.gifts.iter().enumerate() {
        match (gift.made, rows.get(&gift.key)) {
            (Known::Yes, None) => problems.push(format!("gift {number} was taken, and is not there")),
            (Known::No, Some((_, state))) => {
                problems.push(format!("gift {number} was refused, and is {state}"))
            }
            (_, Some((amounts, state))) => {
                if !gift.may_be.contains(amounts) {
                    problems.push(format!(
                        "gift {number} should be {:?}, and is {amounts:?}",
                        gift.may_be
                    ));
                }
                if gift.cancelled == Known::Yes && state != "cancelled" {
                    problems.push(format!("gift {number} was taken back, and is {state}"));
                }
                if gift.cancelled == Known::No && state == "cancelled" {
                    problems.push(format!("gift {number} was never taken back, and is cancelled"));
                }
            }
            (_, None) => {}
        }
    }
    Ok(problems)
}
