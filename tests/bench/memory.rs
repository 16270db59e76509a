//! What an idle `felag serve` holds, Postgres left out.

use anyhow::Context;

use crate::Bench;
use crate::ground;
use crate::load::rest;
use crate::report::{Goal, Report};
use crate::server::Server;

pub async fn run(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    ground::database(bench, "bench_memory").await?;
    let server = Server::start(bench, "bench_memory", &[]).await?;
    // A visitor has been there, and ten seconds have passed.
    server.get("/", None).await?;
    rest(std::time::Duration::from_secs(10));
    let Ok(status) = std::fs::read_to_string(format!("/proc/{}/status", server.pid)) else {
        report.skip("idle memory", "this system has no /proc");
        return Ok(());
    };
    let resident = mebibytes(&status, "VmRSS:").context("VmRSS")?;
    let rollup = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", server.pid)).unwrap_or_default();
    let own = mebibytes(&rollup, "Pss:").unwrap_or(resident);
    let detail = format!("MiB resident; {own:.1} MiB without what is shared (PSS)");
    report.figures(
        "idle memory of `felag serve`, MiB",
        Goal::AtMost(64.0),
        &[resident],
        detail,
    );
    Ok(())
}

/// A line such as `VmRSS:   12345 kB`.
fn mebibytes(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}
