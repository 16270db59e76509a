//! Rounds become medians and ratios; a table for people and a JSON file for programs.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};

/// What a figure must reach.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    AtLeast(f64),
    AtMost(f64),
    /// Only shown.
    None,
}

impl Goal {
    fn holds(self, figure: f64) -> Option<bool> {
        match self {
            Goal::AtLeast(least) => Some(figure >= least),
            Goal::AtMost(most) => Some(figure <= most),
            Goal::None => None,
        }
    }

    fn words(self) -> String {
        match self {
            Goal::AtLeast(least) => format!("≥ {least}"),
            Goal::AtMost(most) => format!("≤ {most}"),
            Goal::None => String::new(),
        }
    }
}

/// One line of the table.
#[derive(Debug)]
struct Row {
    name: String,
    goal: Goal,
    figure: f64,
    /// Least and greatest of the rounds.
    range: (f64, f64),
    /// The two sides' medians, or what else a reader needs.
    detail: String,
    load: f64,
}

/// The whole result.
#[derive(Debug, Default)]
pub struct Report {
    rows: Vec<Row>,
    skipped: Vec<(String, String)>,
}

impl Report {
    /// A ratio of two sides that were measured in the same rounds.
    pub fn ratio(&mut self, name: &str, goal: Goal, ours: &[f64], theirs: &[f64], unit: &str) {
        let ratios: Vec<f64> = ours
            .iter()
            .zip(theirs)
            .map(|(ours, theirs)| ours / theirs)
            .collect();
        let detail = format!("{} : {} {unit}", short(median(ours)), short(median(theirs)));
        self.figures(name, goal, &ratios, detail);
    }

    /// A figure that stands for itself.
    pub fn figures(&mut self, name: &str, goal: Goal, rounds: &[f64], detail: String) {
        let figure = median(rounds);
        let least = rounds.iter().copied().fold(f64::INFINITY, f64::min);
        let most = rounds.iter().copied().fold(0.0, f64::max);
        let row = Row {
            name: name.into(),
            goal,
            figure,
            range: (least, most),
            detail,
            load: load(),
        };
        println!("{}", line(&row));
        self.rows.push(row);
    }

    /// What could not be measured here, and what to do about it.
    pub fn skip(&mut self, name: &str, why: &str) {
        println!("skipped: {name}: {why}");
        self.skipped.push((name.into(), why.into()));
    }

    /// Prints the table and writes `<folder>/bench.json` and `<folder>/bench.md`.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let mut table =
            String::from("| what | goal | median | rounds | sides | load |\n|---|---|---|---|---|---|\n");
        for row in &self.rows {
            writeln!(table, "{}", line(row))?;
        }
        for (name, why) in &self.skipped {
            writeln!(table, "| {name} | | skipped | | {why} | |")?;
        }
        println!("\n{table}");
        std::fs::write(folder.join("bench.md"), &table)?;
        let rows: Vec<Value> = self.rows.iter().map(json_of).collect();
        let skipped: Vec<Value> = self
            .skipped
            .iter()
            .map(|(name, why)| json!({ "name": name, "why": why }))
            .collect();
        let all = json!({ "rows": rows, "skipped": skipped });
        let path = folder.join("bench.json");
        std::fs::write(&path, serde_json::to_vec_pretty(&all)?)
            .with_context(|| path.display().to_string())?;
        println!("written: {}", path.display());
        Ok(())
    }
}

fn line(row: &Row) -> String {
    let verdict = match row.goal.holds(row.figure) {
        Some(true) => "",
        Some(false) => " (missed)",
        None => "",
    };
    format!(
        "| {} | {}{verdict} | {} | {}–{} | {} | {:.1} |",
        row.name,
        row.goal.words(),
        short(row.figure),
        short(row.range.0),
        short(row.range.1),
        row.detail,
        row.load
    )
}

fn json_of(row: &Row) -> Value {
    json!({
        "name": row.name, "goal": row.goal.words(), "holds": row.goal.holds(row.figure), "median": row.figure,
        "least": row.range.0, "most": row.range.1, "detail": row.detail, "load": row.load,
    })
}

/// Three figures that count.
pub fn short(figure: f64) -> String {
    match figure.abs() {
        big if big >= 100.0 => format!("{figure:.0}"),
        middle if middle >= 10.0 => format!("{figure:.1}"),
        _ => format!("{figure:.3}"),
    }
}

/// The middle one; of an even number, the mean of the two in the middle.
pub fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match (sorted.get(middle), sorted.len() % 2) {
        (None, _) => f64::NAN,
        (Some(one), 1) => *one,
        (Some(upper), _) => (upper + sorted.get(middle.wrapping_sub(1)).unwrap_or(upper)) / 2.0,
    }
}

/// The machine's load of the last minute, which every figure is read with; 0 where the system does not say.
pub fn load() -> f64 {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace()
        .next()
        .and_then(|first| first.parse().ok())
        .unwrap_or(0.0)
}
