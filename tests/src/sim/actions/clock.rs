//! Time passes: while everybody works, or while nobody does; up to a deadline, and across it in the middle of a
//! request.

use felag::workers;
use futures::FutureExt;
use time::{Duration, OffsetDateTime};

use super::work::until_rest;
use super::{Action, Phase, nothing};
use crate::sim::plan::Trouble;
use crate::sim::run::Sim;

pub const ACTIONS: &[Action] = &[
    Action {
        name: "time passes",
        weight: 12,
        phase: Phase::Any,
        always: true,
        trouble: None,
        run: |sim| passes(sim).boxed_local(),
    },
    Action {
        name: "a deadline comes",
        weight: 2,
        phase: Phase::Open,
        always: true,
        trouble: None,
        run: |sim| to_deadline(sim).boxed_local(),
    },
    Action {
        name: "time passes and nobody works",
        weight: 4,
        phase: Phase::Any,
        always: false,
        trouble: Some(Trouble::Outages),
        run: |sim| outage(sim).boxed_local(),
    },
];

async fn passes(sim: &mut Sim) -> anyhow::Result<String> {
    let now = sim.now();
    // A loan's campaign is open for a week, and then little happens on most of its days.
    let someone_asks = sim
        .model
        .campaigns
        .iter()
        .any(|campaign| now < campaign.deadline && (!campaign.has_loan || sim.trace.len() < 40));
    let time = match (sim.dice.below(10), someone_asks) {
        (0..7, true) => Duration::minutes(sim.dice.between(1, 40)),
        (_, true) => Duration::hours(sim.dice.between(1, 7)),
        (0..4, false) => Duration::minutes(sim.dice.between(1, 40)),
        (4..9, false) => Duration::hours(sim.dice.between(1, 20)),
        _ => Duration::hours(sim.dice.between(12, 60)),
    };
    let to = now + time;
    play_to(sim, to).await?;
    Ok(format!("{time} on"))
}

async fn to_deadline(sim: &mut Sim) -> anyhow::Result<String> {
    let now = sim.now();
    let ahead: Vec<OffsetDateTime> = sim
        .model
        .campaigns
        .iter()
        .map(|campaign| campaign.deadline)
        .filter(|deadline| *deadline > now)
        .collect();
    let Some(deadline) = sim.dice.maybe(&ahead).copied() else {
        return nothing();
    };
    if super::lend::closes_before(sim, deadline).await? {
        // One after the other: a loan that its project could not sign fails.
        return super::lend::close(sim).await;
    }
    play_to(sim, (deadline - Duration::SECOND).max(now)).await?;
    sim.look("just before the deadline").await?;
    let after = [-1, 0, 0, 1, 60, 16 * 60][sim.dice.below(6)];
    let to = (deadline + Duration::seconds(after)).max(sim.now());
    // The clock is there, and nobody has done anything about it yet.
    sim.show(to);
    Ok(format!("{after} s after a deadline"))
}

async fn outage(sim: &mut Sim) -> anyhow::Result<String> {
    let time = match sim.dice.below(4) {
        0..2 => Duration::minutes(sim.dice.between(5, 120)),
        2 => Duration::hours(sim.dice.between(1, 12)),
        _ => Duration::hours(sim.dice.between(23, 60)),
    };
    let to = sim.now() + time;
    sim.show(to);
    if time >= Duration::hours(23) {
        sim.rare.saw("nobody worked for longer than a key lives");
    }
    Ok(format!("{time} on"))
}

/// Plays the clock to `to`, stopping wherever something is due, in order.
///
/// # Errors
/// When work does not end.
pub async fn play_to(sim: &mut Sim, to: OffsetDateTime) -> anyhow::Result<()> {
    until_rest(sim).await?;
    loop {
        let due = workers::next_due(&sim.processes[0].ctx, &sim.world.sandbox).await?;
        let Some(due) = due.filter(|due| *due <= to) else {
            break;
        };
        if due > sim.now() {
            sim.show(due);
        }
        until_rest(sim).await?;
    }
    if to > sim.now() {
        sim.show(to);
    }
    until_rest(sim).await?;
    Ok(())
}
