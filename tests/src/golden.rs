//! Published numbers nobody here wrote, checked against our mathematics: `cargo run -p felag-tests --bin golden -- DIR`.
//!
//! Each file is a JSON array of cases; what a case is about is told by its fields, so that it may stand in any file.

mod allocation;
mod apr;
mod day_count;
mod instalments;
mod lifecycle;
mod repayments;
mod schedules;
mod told;
mod tvm;
mod value;

use std::path::Path;

use serde_json::Value;

/// What became of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It came out as published.
    Passed,
    /// It did not: what was expected, and what came out.
    Failed(String),
    /// It needs a feature we do not offer.
    Skipped(String),
}

/// Counts of a run, and its lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
    /// Failures and skips, one a line.
    pub lines: Vec<String>,
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        write!(
            f,
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.skipped
        )
    }
}

/// Checks every `*.json` of a folder, in the order of their names.
///
/// # Errors
/// When the folder cannot be read, or a file is not a list of cases.
pub fn run(folder: &Path) -> anyhow::Result<Report> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .map_err(|cause| anyhow::anyhow!("{}: {cause}", folder.display()))?
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect();
    files.sort();
    anyhow::ensure!(!files.is_empty(), "{} holds no *.json", folder.display());
    let mut report = Report::default();
    for file in files {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let text = std::fs::read_to_string(&file)?;
        let cases: Vec<Value> =
            serde_json::from_str(&text).map_err(|cause| anyhow::anyhow!("{name}: {cause}"))?;
        for case in &cases {
            let id = case["id"].as_str().unwrap_or("a case without an id");
            match check(case) {
                Outcome::Passed => report.passed += 1,
                Outcome::Failed(why) => {
                    report.failed += 1;
                    report.lines.push(format!("FAILED {name} {id}: {why}"));
                }
                Outcome::Skipped(why) => {
                    report.skipped += 1;
                    report.lines.push(format!("skipped {name} {id}: {why}"));
                }
            }
        }
    }
    Ok(report)
}

/// Checks one case. A case that cannot be read has failed, and says so.
#[must_use]
pub fn check(case: &Value) -> Outcome {
    let input = &case["input"];
    let has = |field: &str| !input[field].is_null();
    let convention = input["convention"].as_str().unwrap_or_default();
    let outcome = if has("method") {
        allocation::check(case)
    } else if has("function") {
        tvm::check(case)
    } else if has("strategy") || (has("events") && has("allocation_order")) {
        Ok(repayments::check(case))
    } else if has("events") {
        Ok(lifecycle::check(case))
    } else if has("drawdowns") {
        apr::check_eu(case)
    } else if has("advances") || convention.starts_with("US_") {
        apr::check_us(case)
    } else if has("convention") {
        day_count::check(case)
    } else if has("amortization") || has("disbursements") {
        schedules::check(case)
    } else if has("principal") {
        instalments::check(case)
    } else {
        Err(anyhow::anyhow!("no kind of case has these fields"))
    };
    outcome.unwrap_or_else(|cause| Outcome::Failed(format!("{cause:#}")))
}

/// Compares what was expected with what came out, within a tolerance.
fn near(
    what: &str,
    expected: rust_decimal::Decimal,
    got: rust_decimal::Decimal,
    tolerance: rust_decimal::Decimal,
) -> Result<(), String> {
    if (expected - got).abs() <= tolerance {
        return Ok(());
    }
    Err(format!(
        "{what}: expected {expected}, got {}",
        got.round_dp(12).normalize()
    ))
}

fn outcome(checks: impl IntoIterator<Item = Result<(), String>>) -> Outcome {
    let wrong: Vec<String> = checks.into_iter().filter_map(Result::err).collect();
    if wrong.is_empty() {
        Outcome::Passed
    } else {
        Outcome::Failed(wrong.join("; "))
    }
}
