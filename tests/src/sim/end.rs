//! The end of a seed: all trouble stops, time passes, and everything must have come to its end.

use serde_json::json;
use time::Duration;

use super::actions::clock::play_to;
use super::dice::Dice;
use super::oracle::{self, When};
use super::run::{Sim, Wrong};

/// A collection window, the wait for its last tries, and a week in which nothing more may be open.
const LONG: Duration = Duration::days(7 + 1 + 7);
/// A suspension ends after two weeks, money may be taken back for one.
const LONGER: Duration = Duration::days(14 + 7 + 7);

/// How long a collected loan may wait, with its windows.
const LENT: Duration = Duration::days(30 + 7 + 4);

/// Stops all trouble and lets time pass until everything must be over.
///
/// # Errors
/// [`Wrong`] when something is not, or not right.
pub async fn come_to_the_end(sim: &mut Sim) -> anyhow::Result<()> {
    sim.dice = Dice::of(sim.seed, u64::MAX);
    sim.knobs.trouble.clear();
    sim.knobs.crash_points = false;
    let faults = format!("{}_ctl/faults", sim.world.sandbox.base_url());
    sim.http.delete(faults).send().await?.error_for_status()?;
    sim.control("webhooks", &json!({ "mode": "normal" })).await?;
    for place in 0..sim.processes.len() {
        sim.dies(place).await?;
    }
    let last = sim.model.campaigns.iter().map(|campaign| campaign.deadline).max();
    let waits =
        "select count(*) from campaign where state in ('suspended', 'short') or go_on_until is not null";
    let waiting: i64 = sqlx::query_scalar(waits).fetch_one(&sim.world.owner).await?;
    // A collected loan that nobody pays out goes back after a month.
    let lent: i64 =
        sqlx::query_scalar("select count(*) from loan where state in ('signed', 'collecting', 'collected')")
            .fetch_one(&sim.world.owner)
            .await?;
    let mut long = if waiting > 0 { LONG + LONGER } else { LONG };
    if lent > 0 {
        long = long.max(LONG + LENT);
    }
    let to = last.unwrap_or(sim.now()).max(sim.now()) + long;
    let played = play_to(sim, to).await;
    sim.trace.push(format!("the end, {to}"));
    let mut wrong: Vec<String> = played
        .err()
        .map(|cause| format!("{cause:#}"))
        .into_iter()
        .collect();
    for when in [When::Always, When::AtRest, When::AtTheEnd] {
        wrong.extend(oracle::look(sim, when).await?);
    }
    oracle::rare::count(sim).await?;
    if wrong.is_empty() {
        Ok(())
    } else {
        wrong.insert(0, "at the end:".into());
        Err(Wrong(wrong).into())
    }
}
