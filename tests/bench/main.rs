//! Benchmarks: `infra/bench`, or `cargo bench -p felag-tests` after `cargo build --release -p felag`.
//!
//! Both sides of a ratio are measured in the same rounds, one after the other, at least five times; what counts is the
//! median of the rounds' ratios, because a machine is never quiet. Everything listens on 127.0.0.1, on a throw-away
//! Postgres with fsync on. Names after `--` pick benchmarks: pages settling memory growth updates refunds schedules
//! repayment.

mod ground;
mod growth;
mod load;
mod memory;
mod pages;
mod refunds;
mod repayment;
mod report;
mod schedules;
mod server;
mod settling;
mod updates;

use std::path::PathBuf;

use anyhow::Context;
use felag_postgres::{Cluster, Settings};

use report::Report;

/// What every benchmark needs: where it works, and a durable Postgres of its own.
pub struct Bench {
    /// The workspace.
    pub root: PathBuf,
    /// `var/bench`: the JSON file stays there, everything else goes.
    pub folder: PathBuf,
    pub cluster: Cluster,
    /// Rounds of each comparison.
    pub rounds: usize,
    /// Seconds one side is loaded in one round.
    pub seconds: u64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // `cargo test` builds and starts this as well, so that it cannot rot; only `cargo bench` passes `--bench`.
    if !std::env::args().any(|word| word == "--bench") {
        return Ok(());
    }
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    let wants = |name: &str| wanted.is_empty() || wanted.iter().any(|one| one == name);
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("the workspace")?
        .to_path_buf();
    let folder = root.join("var/bench");
    let data = folder.join("data");
    let cluster = Cluster::start(&Settings::new(&data))
        .await
        .context("starting a Postgres for the benchmarks")?;
    let bench = Bench {
        root,
        folder,
        cluster,
        rounds: 5,
        seconds: 3,
    };
    let mut report = Report::default();
    let done = run(&bench, wants, &mut report).await;
    let at = bench.data_directory().await;
    bench.cluster.stop().await?;
    if let Ok(home) = at {
        std::fs::remove_dir_all(home).context("taking the benchmarks' Postgres away")?;
    }
    report.write(&bench.folder)?;
    done
}

/// Runs what is wanted; what fails is told at the end, and the others go on.
async fn run(bench: &Bench, wants: impl Fn(&str) -> bool, report: &mut Report) -> anyhow::Result<()> {
    let mut failed = Vec::new();
    for name in [
        "memory",
        "pages",
        "settling",
        "updates",
        "refunds",
        "growth",
        "schedules",
        "repayment",
    ] {
        if !wants(name) {
            continue;
        }
        let done = match name {
            "memory" => memory::run(bench, report).await,
            "pages" => pages::run(bench, report).await,
            "settling" => settling::run(bench, report).await,
            "updates" => updates::run(bench, report).await,
            "refunds" => refunds::run(bench, report).await,
            "schedules" => schedules::run(bench, report),
            "repayment" => repayment::run(bench, report).await,
            _ => growth::run(bench, report).await,
        };
        if let Err(cause) = done {
            failed.push(format!("{name}: {cause:#}"));
        }
    }
    anyhow::ensure!(failed.is_empty(), "{}", failed.join("\n"));
    Ok(())
}

impl Bench {
    /// The folder that holds the cluster: beside its data stands the server's log.
    pub async fn data_directory(&self) -> anyhow::Result<PathBuf> {
        let mut admin = ground::admin(self, "postgres").await?;
        let shown: String = sqlx::query_scalar("show data_directory")
            .fetch_one(&mut admin)
            .await?;
        Ok(PathBuf::from(shown)
            .parent()
            .context("the cluster's folder")?
            .to_path_buf())
    }
}
