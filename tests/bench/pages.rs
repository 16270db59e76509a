//! The campaign page from the cache, and made anew for each request, against nginx serving the same bytes.

use crate::Bench;
use crate::ground::{self, Plan};
use crate::load::{Nginx, program, requests_per_second};
use crate::report::{Goal, Report};
use crate::server::Server;

const CONNECTIONS: u32 = 64;
const PAGE: &str = "/campaigns/open-oven";

pub async fn run(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let (wrk, nginx) = match (program("wrk", "wrk"), program("nginx", "nginx-light")) {
        (Ok(wrk), Ok(nginx)) => (wrk, nginx),
        (Err(why), _) | (_, Err(why)) => {
            report.skip("campaign page against nginx", &why);
            return Ok(());
        }
    };
    ground::database(bench, "bench_pages").await?;
    ground::campaign(bench, "bench_pages", &Plan::open(10_000)).await?;
    let cached = Server::start(bench, "bench_pages", &[]).await?;
    let fresh = Server::start(bench, "bench_pages", &[("FELAG_PAGE_LIFE_MS", "0")]).await?;
    let page = cached.get(PAGE, None).await?;
    let folder = bench.folder.join("nginx");
    std::fs::create_dir_all(folder.join("pages"))?;
    std::fs::write(folder.join("pages/page.html"), &page)?;
    let nginx = Nginx::start(&nginx, &folder)?;
    let sides = [
        format!("{}/page.html", nginx.url),
        format!("{}{PAGE}", cached.url),
        format!("{}{PAGE}", fresh.url),
    ];
    let mut rates = [Vec::new(), Vec::new(), Vec::new()];
    for round in 0..=bench.rounds {
        for (url, rates) in sides.iter().zip(&mut rates) {
            let seconds = if round == 0 { 1 } else { bench.seconds };
            let rate = requests_per_second(&wrk, url, CONNECTIONS, seconds, &[])?;
            // The first round warms everything up.
            if round > 0 {
                rates.push(rate);
            }
        }
    }
    drop(nginx);
    std::fs::remove_dir_all(&folder)?;
    let [theirs, cached, fresh] = rates;
    let name = format!("campaign page ({} bytes) from the cache : nginx", page.len());
    report.ratio(&name, Goal::AtLeast(0.90), &cached, &theirs, "requests/s");
    report.ratio(
        "campaign page made anew each time : nginx",
        Goal::AtLeast(0.09),
        &fresh,
        &theirs,
        "requests/s",
    );
    Ok(())
}
