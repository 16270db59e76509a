//! The platform simulation, as many seeds as a change can wait for. Long runs: `make sim`.

use felag_tests::sim::report::Run;

/// How many seeds, and from which one.
const SEEDS: std::ops::Range<u64> = 1..31;

#[test]
fn thirty_seeds_break_no_rule() {
    #[expect(
        clippy::disallowed_methods,
        reason = "a seed to play again is no setting of the server"
    )]
    let one = std::env::var("FELAG_SIM_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seeds = one.map_or(SEEDS, |seed: u64| seed..seed + 1);
    let run = Run::of(seeds, 2, |_| false);
    println!("{}", run.table());
    let stories: Vec<String> = run.failed.iter().map(|played| played.story()).collect();
    assert!(stories.is_empty(), "{}", stories.join("\n"));
}
