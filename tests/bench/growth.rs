//! One campaign with 10,000 pledges and one with 1,000,000, page by page: how long the database works for each, and how
//! many pages a second come out. No page may sum a table.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use crate::Bench;
use crate::ground::{self, BACKER, OWNER, Plan};
use crate::load::{program, requests_per_second};
use crate::report::{Goal, Report, median};
use crate::server::Server;

/// Pledges of the small and of the large campaign.
const SIZES: [(&str, i64); 2] = [("bench_10k", 10_000), ("bench_1m", 1_000_000)];
/// Requests for a page in one round.
const REQUESTS: usize = 15;
/// What the database does for every page, whatever the size: a thousandth of a second is not told apart below this.
const STATEMENTS_KEPT: usize = 3;

/// Each page with the cookie it is asked with.
const PAGES: &[(&str, Option<&str>)] = &[
    ("/", None),
    ("/search", None),
    ("/search?q=open+oven&state=all", None),
    ("/campaigns/open-oven", None),
    ("/campaigns/open-oven/books", None),
    ("/campaigns/open-oven/give", None),
    ("/projects/oven", None),
    ("/campaigns/open-oven", Some(OWNER)),
    ("/campaigns/open-oven/owner", Some(OWNER)),
    ("/campaigns/open-oven/backers", Some(OWNER)),
    ("/pledges/10000000000000000000000000000001", None),
    ("/my/projects", Some(OWNER)),
    ("/my/gifts", Some(BACKER)),
];

pub async fn run(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    for (name, pledges) in SIZES {
        ground::database(bench, name).await?;
        ground::campaign(bench, name, &Plan::open(pledges)).await?;
        let mut admin = ground::admin(bench, name).await?;
        sqlx::raw_sql("vacuum analyze").execute(&mut admin).await?;
    }
    throughput(bench, report).await?;
    queries(bench, report).await
}

async fn start(bench: &Bench) -> anyhow::Result<[Server; 2]> {
    let fresh = [("FELAG_PAGE_LIFE_MS", "0")];
    Ok([
        Server::start(bench, SIZES[0].0, &fresh).await?,
        Server::start(bench, SIZES[1].0, &fresh).await?,
    ])
}

async fn throughput(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let wrk = match program("wrk", "wrk") {
        Ok(wrk) => wrk,
        Err(why) => {
            report.skip("page throughput with 1,000,000 pledges", &why);
            return Ok(());
        }
    };
    let [small, large] = start(bench).await?;
    let (mut with_few, mut with_many) = (Vec::new(), Vec::new());
    for round in 0..=bench.rounds {
        let rate = |server: &Server| {
            let url = format!("{}/campaigns/open-oven", server.url);
            requests_per_second(&wrk, &url, 64, bench.seconds, &[])
        };
        let rates = (rate(&small)?, rate(&large)?);
        if round > 0 {
            with_few.push(rates.0);
            with_many.push(rates.1);
        }
    }
    let name = "campaign pages made anew with 1,000,000 pledges : with 10,000";
    report.ratio(name, Goal::AtLeast(0.9), &with_many, &with_few, "requests/s");
    Ok(())
}

/// What the database's own log says each page's statements took.
async fn queries(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    for (name, _) in SIZES {
        let mut admin = ground::admin(bench, name).await?;
        let set = sqlx::AssertSqlSafe(format!(
            "alter database {name} set log_min_duration_statement = 0"
        ));
        sqlx::raw_sql(set).execute(&mut admin).await?;
    }
    let servers = start(bench).await?;
    let log = bench.data_directory().await?.join("log");
    for (page, cookie) in PAGES {
        let who = match *cookie {
            Some(OWNER) => " (owner)",
            Some(_) => " (backer)",
            None => "",
        };
        let name = format!("database time of {page}{who} with 1,000,000 pledges : with 10,000");
        if let Err(cause) = servers[0].get(page, *cookie).await {
            report.skip(&name, &format!("{cause:#}"));
            continue;
        }
        let mut times = [Vec::new(), Vec::new()];
        let mut slowest = BTreeMap::new();
        for round in 0..=bench.rounds {
            for (server, times) in servers.iter().zip(&mut times) {
                let statements = watch(&log, server, page, *cookie).await?;
                if round > 0 {
                    times.push(statements.values().sum());
                    slowest = statements;
                }
            }
        }
        let [small, large] = times;
        report.ratio(&name, Goal::AtMost(2.0), &large, &small, "ms");
        // Where a page falls short, its reader wants to know why.
        if median(&large) > 2.0 * median(&small) {
            let mut statements: Vec<(String, f64)> = slowest.into_iter().collect();
            statements.sort_by(|one, other| other.1.total_cmp(&one.1));
            for (statement, time) in statements.into_iter().take(STATEMENTS_KEPT) {
                println!("    {time:.3} ms  {statement}");
            }
        }
    }
    Ok(())
}

/// Asks for a page several times; the median time of each statement, in milliseconds, times how often a page runs it.
async fn watch(
    log: &Path,
    server: &Server,
    page: &str,
    cookie: Option<&str>,
) -> anyhow::Result<BTreeMap<String, f64>> {
    let from = File::open(log)?.metadata()?.len();
    for _ in 0..REQUESTS {
        server.get(page, cookie).await?;
    }
    let mut text = String::new();
    let mut file = File::open(log)?;
    file.seek(SeekFrom::Start(from))?;
    file.read_to_string(&mut text)?;
    let mut taken: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for (statement, time) in statements(&text) {
        taken.entry(statement).or_default().push(time);
    }
    // What the server does besides, such as its sign of life, comes less often than the page.
    taken.retain(|_, times| times.len() >= REQUESTS);
    Ok(taken
        .into_iter()
        .map(|(statement, times)| {
            let often = (times.len() as f64 / REQUESTS as f64).round();
            (statement, median(&times) * often)
        })
        .collect())
}

/// Lines such as `… LOG:  duration: 0.031 ms  execute sqlx_s_3: select …`, continued in lines that begin with a tab.
fn statements(log: &str) -> Vec<(String, f64)> {
    let mut found: Vec<(String, f64)> = Vec::new();
    let mut open = false;
    for line in log.lines() {
        if let Some(more) = line.strip_prefix('\t') {
            if let (true, Some((statement, _))) = (open, found.last_mut()) {
                statement.push(' ');
                statement.push_str(more.trim());
            }
            continue;
        }
        open = false;
        let Some((_, rest)) = line.split_once("LOG:  duration: ") else {
            continue;
        };
        let Some((time, rest)) = rest.split_once(" ms  ") else {
            continue;
        };
        // `bind sqlx_s_3: …`: the number of the prepared statement says nothing.
        let Some((what, statement)) = rest.split_once(": ") else {
            continue;
        };
        let Ok(time) = time.parse() else { continue };
        let step = what.split_whitespace().next().unwrap_or_default();
        found.push((format!("{step} {statement}"), time));
        open = true;
    }
    found
}
