//! What a run tells: seeds, rare states, deaths, and for a seed that broke a rule its last actions and how to see it
//! again.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use felag::crash::CrashPoint;

use super::rare::Rare;
use super::run::play;

/// How many of the last actions are shown.
const LAST: usize = 30;

/// What came of a seed.
pub struct Played {
    pub seed: u64,
    pub steps: usize,
    pub took: Duration,
    pub rare: Rare,
    pub trace: Vec<String>,
    /// Empty when no rule was broken.
    pub wrong: Vec<String>,
}

impl Played {
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            steps: 0,
            took: Duration::ZERO,
            rare: Rare::default(),
            trace: Vec::new(),
            wrong: Vec::new(),
        }
    }

    /// The rules it broke, its last actions, and how to play it again.
    pub fn story(&self) -> String {
        let mut text = format!("seed {} broke a rule {}\n", self.seed, self.wrong.join("\n  "));
        let first = self.trace.len().saturating_sub(LAST);
        for line in &self.trace[first..] {
            writeln!(text, "  {line}").ok();
        }
        let again = "again: FELAG_SIM_SEED";
        writeln!(text, "{again}={} cargo test -p felag-tests --test sim", self.seed).ok();
        text
    }
}

/// What came of many seeds.
#[derive(Default)]
pub struct Run {
    pub seeds: u64,
    pub steps: usize,
    pub rare: Rare,
    /// What happened in all of them, a line a step.
    pub traces: Vec<String>,
    pub failed: Vec<Played>,
}

impl Run {
    /// Plays these seeds, so many at the same time, until one fails or `until` says that it is enough.
    pub fn of(
        seeds: impl Iterator<Item = u64> + Send,
        threads: usize,
        enough: impl Fn(&Run) -> bool + Sync,
    ) -> Run {
        let (seeds, run) = (Mutex::new(seeds), Mutex::new(Run::default()));
        let stop = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..threads.max(1) {
                scope.spawn(|| {
                    while stop.load(Ordering::Acquire) == 0 {
                        let Some(seed) = seeds.lock().ok().and_then(|mut seeds| seeds.next()) else {
                            return;
                        };
                        let played = play(seed);
                        let Ok(mut run) = run.lock() else { return };
                        run.add(played);
                        if enough(&run) {
                            stop.store(1, Ordering::Release);
                        }
                    }
                });
            }
        });
        run.into_inner().unwrap_or_default()
    }

    fn add(&mut self, played: Played) {
        let end = if played.wrong.is_empty() {
            ""
        } else {
            ", and broke a rule"
        };
        println!(
            "seed {}: {} steps in {:.1} s{end}",
            played.seed,
            played.steps,
            played.took.as_secs_f64()
        );
        self.seeds += 1;
        self.steps += played.steps;
        self.rare.add(&played.rare);
        self.traces
            .extend(played.trace.iter().map(|line| format!("{}: {line}", played.seed)));
        if !played.wrong.is_empty() {
            self.failed.push(played);
        }
    }

    /// The figures, for a log.
    pub fn table(&self) -> String {
        let mut text = format!(
            "{} seeds, {} steps, {} failed\n",
            self.seeds,
            self.steps,
            self.failed.len()
        );
        text.push_str("rare states reached:\n");
        for (state, times) in self.rare.states() {
            writeln!(text, "  {times:>6}  {state}").ok();
        }
        let died: BTreeSet<&str> = self.rare.deaths().map(|(point, _)| point).collect();
        writeln!(
            text,
            "simulated processes died at {} of {} crash points:",
            died.len(),
            CrashPoint::ALL.len()
        )
        .ok();
        for (point, times) in self.rare.deaths() {
            writeln!(text, "  {times:>6}  {point}").ok();
        }
        text
    }
}
