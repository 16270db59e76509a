//! Processes work: one loop of one process, two at the same time, all until they rest. Some die on the way, some
//! stand still until their leases have run out.

use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use futures::FutureExt;

use super::{Action, Phase};
use crate::sim::plan::Trouble;
use crate::sim::process::{Loop, mortal};
use crate::sim::run::Sim;

pub const ACTIONS: &[Action] = &[
    Action {
        name: "a process works",
        weight: 14,
        phase: Phase::Any,
        always: true,
        trouble: None,
        run: |sim| one(sim).boxed_local(),
    },
    Action {
        name: "two processes work at once",
        weight: 12,
        phase: Phase::Any,
        always: true,
        trouble: None,
        run: |sim| both(sim).boxed_local(),
    },
    Action {
        name: "all work until they rest",
        weight: 6,
        phase: Phase::Any,
        always: true,
        trouble: None,
        run: |sim| all(sim).boxed_local(),
    },
    Action {
        name: "a process is killed",
        weight: 6,
        phase: Phase::Any,
        always: false,
        trouble: Some(Trouble::Kills),
        run: |sim| killed(sim).boxed_local(),
    },
    Action {
        name: "a process stands still",
        weight: 8,
        phase: Phase::Any,
        always: false,
        trouble: Some(Trouble::Freezes),
        run: |sim| frozen(sim).boxed_local(),
    },
    Action {
        name: "the database cuts connections",
        weight: 5,
        phase: Phase::Any,
        always: false,
        trouble: Some(Trouble::Cuts),
        run: |sim| cut(sim).boxed_local(),
    },
];

/// Rounds after which work that never ends is called that.
const ROUNDS: u32 = 400;

async fn one(sim: &mut Sim) -> anyhow::Result<String> {
    let (place, work) = (sim.dice.below(sim.processes.len()), *sim.dice.pick(&Loop::ALL));
    let did = run(sim, place, work).await?;
    Ok(format!(
        "process {place}, {work:?}: {}",
        if did { "did something" } else { "idle" }
    ))
}

/// Runs a loop of a process once, and buries it if it died. Whether it did anything.
async fn run(sim: &mut Sim, place: usize, work: Loop) -> anyhow::Result<bool> {
    let (ctx, kinds) = (sim.processes[place].ctx.clone(), sim.kinds.clone());
    let done = mortal(work.run(&ctx, &kinds), None).await;
    let did = sim.went(done);
    sim.bury().await?;
    Ok(did)
}

async fn both(sim: &mut Sim) -> anyhow::Result<String> {
    let first = *sim.dice.pick(&Loop::ALL);
    let second = if sim.dice.percent(60) {
        first
    } else {
        *sim.dice.pick(&Loop::ALL)
    };
    let (a, b) = (sim.processes[0].ctx.clone(), sim.processes[1].ctx.clone());
    let kinds = &*sim.kinds.clone();
    let (done_a, done_b) = futures::join!(
        mortal(first.run(&a, kinds), None),
        mortal(second.run(&b, kinds), None)
    );
    let (did_a, did_b) = (sim.went(done_a), sim.went(done_b));
    sim.bury().await?;
    Ok(format!("{first:?} ({did_a}) and {second:?} ({did_b})"))
}

async fn all(sim: &mut Sim) -> anyhow::Result<String> {
    let rounds = until_rest(sim).await?;
    Ok(format!("{rounds} rounds"))
}

/// Works, the provider too, in any order, until nothing is due. How many rounds that took.
///
/// # Errors
/// When it does not end.
pub async fn until_rest(sim: &mut Sim) -> anyhow::Result<u32> {
    for round in 1..=ROUNDS {
        let mut turns: Vec<Option<(usize, Loop)>> = vec![None];
        for place in 0..sim.processes.len() {
            turns.extend(Loop::ALL.map(|work| Some((place, work))));
        }
        sim.dice.shuffle(&mut turns);
        let mut did = false;
        for turn in turns {
            did |= match turn {
                Some((place, work)) => run(sim, place, work).await?,
                None => provider(sim).await?,
            };
        }
        if !did {
            return Ok(round);
        }
    }
    anyhow::bail!("the work does not end: {ROUNDS} rounds and something is always due")
}

/// The provider does what is due; a process may die while it is told.
async fn provider(sim: &mut Sim) -> anyhow::Result<bool> {
    let did = sim.world.sandbox.run_once().await?;
    sim.bury().await?;
    Ok(did)
}

async fn killed(sim: &mut Sim) -> anyhow::Result<String> {
    let (place, work) = (sim.dice.below(sim.processes.len()), *sim.dice.pick(&Loop::ALL));
    let polls = u32::try_from(sim.dice.between(1, 60)).unwrap_or(1);
    let (ctx, kinds) = (sim.processes[place].ctx.clone(), sim.kinds.clone());
    let done = mortal(work.run(&ctx, &kinds), Some(polls)).await;
    let died = done.is_none();
    sim.went(done);
    if died {
        sim.rare.saw("a process killed in the middle of its work");
    }
    sim.dies(place).await?;
    Ok(format!(
        "process {place}, {work:?}, {}",
        if died { "in the middle" } else { "at rest" }
    ))
}

/// A process stands still in the middle of its work, its leases run out, another does the same work, and then the
/// first goes on as if nothing had been.
async fn frozen(sim: &mut Sim) -> anyhow::Result<String> {
    /// A lock that the standing process holds keeps the other waiting: so long, then it goes on.
    const PATIENCE: Duration = Duration::from_millis(150);
    let work = if sim.dice.percent(50) {
        Loop::Jobs
    } else {
        *sim.dice.pick(&Loop::ALL)
    };
    let polls = sim.dice.between(2, 60);
    let (a, b) = (sim.processes[0].ctx.clone(), sim.processes[1].ctx.clone());
    let kinds = sim.kinds.clone();
    let mut standing = Box::pin(mortal(work.run(&a, &kinds), None));
    let stopped = poll_times(standing.as_mut(), polls).await;
    let done = match stopped {
        Some(done) => vec![done],
        None => {
            sim.leases_end().await?;
            let mut other = Box::pin(mortal(work.run(&b, &kinds), None));
            let first = tokio::time::timeout(PATIENCE, other.as_mut()).await;
            let (done_a, done_b) = match first {
                Ok(done) => (standing.await, done),
                Err(_) => futures::join!(standing, other),
            };
            sim.rare.saw("a lease ran out while its process stood still");
            vec![done_a, done_b]
        }
    };
    let did = done.into_iter().fold(false, |did, done| sim.went(done) | did);
    sim.bury().await?;
    Ok(format!("{work:?} after {polls} polls: {did}"))
}

/// The database ends all connections of a process in the middle of its work, or between two rounds. The round may end
/// in an error; what it had claimed is done when its leases have run out, by the same process.
async fn cut(sim: &mut Sim) -> anyhow::Result<String> {
    let (place, work) = (sim.dice.below(sim.processes.len()), *sim.dice.pick(&Loop::ALL));
    let polls = sim.dice.between(1, 60);
    let (ctx, kinds) = (sim.processes[place].ctx.clone(), sim.kinds.clone());
    let mut round = Box::pin(mortal(work.run(&ctx, &kinds), None));
    let stopped = poll_times(round.as_mut(), polls).await;
    let lost = sim.cut_connections(place).await?;
    let done = match stopped {
        Some(done) => done,
        None => round.await,
    };
    let mut failed = matches!(done, Some(Err(_)));
    // A pool finds out one connection after the other; it must be well again after as many tries as it had.
    for _ in 0..lost {
        failed |= matches!(mortal(work.run(&ctx, &kinds), None).await, Some(Err(_)));
    }
    if failed {
        sim.rare.saw("a round that ended because its connection was cut");
    }
    sim.leases_end().await?;
    sim.bury().await?;
    Ok(format!(
        "process {place}, {work:?} after {polls} polls: {lost} cut, {}",
        if failed { "an error" } else { "no error" }
    ))
}

/// Polls at most so many times, each time there is news. `None` when it is not done by then.
async fn poll_times<F: Future>(mut work: Pin<&mut F>, times: i64) -> Option<F::Output> {
    let mut left = times;
    std::future::poll_fn(move |cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        work.as_mut().poll(cx).map(Some)
    })
    .await
}
