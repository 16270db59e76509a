//! Rare states a simulation must have reached: counted, so that a run that never got there says so.

use std::collections::BTreeMap;

use felag::crash::CrashPoint;

/// How often each was reached.
#[derive(Debug, Default, Clone)]
pub struct Rare {
    counts: BTreeMap<&'static str, u64>,
    deaths: BTreeMap<&'static str, u64>,
}

impl Rare {
    /// It happened.
    pub fn saw(&mut self, what: &'static str) {
        self.saw_times(what, 1);
    }

    /// It happened so often.
    pub fn saw_times(&mut self, what: &'static str, times: u64) {
        *self.counts.entry(what).or_default() += times;
    }

    /// A process died there.
    pub fn died_at(&mut self, point: CrashPoint) {
        *self.deaths.entry(point.name()).or_default() += 1;
    }

    /// Both together.
    pub fn add(&mut self, other: &Rare) {
        for (what, times) in &other.counts {
            self.saw_times(what, *times);
        }
        for (point, times) in &other.deaths {
            *self.deaths.entry(point).or_default() += times;
        }
    }

    /// How often it was reached.
    pub fn count(&self, what: &str) -> u64 {
        self.counts.get(what).copied().unwrap_or(0)
    }

    /// By name, with how often.
    pub fn states(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.counts.iter().map(|(what, times)| (*what, *times))
    }

    /// Crash points at which a simulated process died, with how often.
    pub fn deaths(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.deaths.iter().map(|(point, times)| (*point, *times))
    }
}
