//! The platform simulation, as much of it as a change can wait for. Long runs: `make sim`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

use std::io::Write;
use std::path::Path;

use felag_tests::sim::drill;
use felag_tests::sim::report::Run;

/// How many seeds, and from which one.
const SEEDS: std::ops::Range<u64> = 1..33;
/// How many at the same time.
const AT_ONCE: usize = 4;

#[expect(
    clippy::disallowed_methods,
    reason = "which seeds to play is no setting of the server"
)]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|number| number.parse().unwrap())
}

/// `FELAG_SIM_SEED` plays one seed, `FELAG_SIM_FROM` and `FELAG_SIM_TO` some others.
fn seeds() -> std::ops::Range<u64> {
    match number("FELAG_SIM_SEED") {
        Some(seed) => seed..seed + 1,
        None => number("FELAG_SIM_FROM").unwrap_or(SEEDS.start)..number("FELAG_SIM_TO").unwrap_or(SEEDS.end),
    }
}

/// Past the harness, which shows only what a test that fails prints: how many seeds and points there were is always said.
fn say(figures: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{figures}").unwrap();
}

#[test]
fn no_seed_breaks_a_rule() {
    let run = Run::of(seeds(), AT_ONCE, |_| false);
    say(&run.table());
    let stories: Vec<String> = run.failed.iter().map(|played| played.story()).collect();
    assert!(stories.is_empty(), "{}", stories.join("\n"));
}

#[test]
fn a_program_killed_at_any_crash_point_loses_nothing_and_charges_nobody_twice() {
    let exe = Path::new(env!("CARGO_BIN_EXE_felag-sim"));
    let drilled = drill::all(exe, 1..=1, AT_ONCE);
    say(&drilled.table());
    assert!(drilled.wrong.is_empty(), "{}", drilled.table());
    assert!(
        drilled.points.iter().all(|(_, _, died)| *died),
        "{}",
        drilled.table()
    );
}
