//! Serves a sandbox by itself, on the wall's clock: `cargo run -p felag-sandbox --example serve -- DATABASE_URL
//! [ADDRESS]`. For trying foreign libraries against it.

use std::sync::Arc;

use anyhow::Context;
use felag_sandbox::{SECRET_KEY, Settings, start};
use tokio_util::sync::CancellationToken;

#[expect(
    clippy::disallowed_methods,
    reason = "this program has no clock but the wall's"
)]
fn now() -> time::OffsetDateTime {
    time::OffsetDateTime::now_utc()
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut words = std::env::args().skip(1);
    let database = words
        .next()
        .context("the first argument is the address of a database")?
        .parse()?;
    let listen = words.next().as_deref().unwrap_or("127.0.0.1:8081").parse()?;
    let settings = Settings {
        listen,
        database,
        secret_key: SECRET_KEY.into(),
        now: Arc::new(now),
        live_key_present: false,
    };
    let sandbox = start(settings).await?;
    println!("{}", sandbox.base_url());
    let stop = CancellationToken::new();
    let (runner, told) = (sandbox.clone(), stop.clone());
    let running = tokio::spawn(async move { runner.run(told).await });
    tokio::signal::ctrl_c().await?;
    stop.cancel();
    running.await?;
    sandbox.stop().await
}
