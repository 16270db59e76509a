//! Planted faults: each is put in place, and seeds are played until one breaks a rule. A fault that none finds says that
//! the oracle looks away.

use std::fmt::Write;

use felag::planted::{Plant, plant};

use super::report::Run;

/// How a fault was found, or that it was not.
pub struct Found {
    pub plant: Plant,
    /// How many seeds were played.
    pub seeds: u64,
    /// The seed that broke a rule, and the first rule it broke.
    pub by: Option<(u64, String)>,
}

/// One line a fault.
pub struct All(pub Vec<Found>);

/// Plants these faults one after the other, and plays at most so many seeds for each.
pub fn find(plants: impl Iterator<Item = Plant>, from: u64, seeds: u64, threads: usize) -> All {
    let mut all = Vec::new();
    for one in plants {
        plant(Some(one));
        let run = Run::of(from..from + seeds, threads, |run| !run.failed.is_empty());
        plant(None);
        let by = run.failed.first().map(|played| {
            let rule = played.wrong.iter().find(|line| !line.ends_with(':'));
            (played.seed, rule.cloned().unwrap_or_default())
        });
        let found = Found {
            plant: one,
            seeds: run.seeds,
            by,
        };
        println!("{}", found.line());
        all.push(found);
    }
    All(all)
}

impl Found {
    fn line(&self) -> String {
        let how = match &self.by {
            Some((seed, rule)) => format!("found by seed {seed}, {} played: {rule}", self.seeds),
            None => format!("NOT FOUND in {} seeds", self.seeds),
        };
        format!("{:<24}{how}", self.plant.name())
    }
}

impl All {
    /// The figures, for a log.
    pub fn table(&self) -> String {
        let found = self.0.iter().filter(|one| one.by.is_some()).count();
        let mut text = format!("{found} of {} planted faults found\n", self.0.len());
        for one in &self.0 {
            writeln!(text, "  {}", one.line()).ok();
        }
        text
    }
}
