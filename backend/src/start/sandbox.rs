//! The payment sandbox inside this process, or the one of another process on the same data.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use felag_sandbox::{Sandbox, Settings};
use sqlx::postgres::PgConnectOptions;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::within;
use crate::clock::{Clock, pause};
use crate::config::{Config, SANDBOX_KEY};
use crate::demo_state::DemoState;

/// How often it looks for what is due, woken or not.
const POLL: Duration = Duration::from_millis(200);
/// How long it may take to stop.
const STOP: Duration = Duration::from_secs(1);

/// How the sandbox of this installation is started: on its database, by its clock.
pub fn settings(config: &Config, database: PgConnectOptions, clock: Clock) -> Settings {
    Settings {
        listen: config.sandbox_listen,
        database,
        secret_key: SANDBOX_KEY.into(),
        now: Arc::new(move || clock.now()),
        live_key_present: !config.has_sandbox(),
    }
}

/// Whether somebody listens there already.
pub fn is_taken(cause: &anyhow::Error) -> bool {
    cause.chain().any(|one| {
        one.downcast_ref::<io::Error>()
            .is_some_and(|cause| cause.kind() == io::ErrorKind::AddrInUse)
    })
}

/// Does what is due at the sandbox until `stop`, then stops it. `moved` wakes it. While the demo is played, its player
/// does what is due.
pub async fn keep(sandbox: Sandbox, moved: Arc<Notify>, demo: DemoState, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if demo.is_loading() {
            tokio::select! {
                () = stop.cancelled() => {}
                () = pause(POLL) => {}
            }
            continue;
        }
        match sandbox.run_once().await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(cause) => tracing::warn!("the sandbox could not do what is due: {cause:#}"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = moved.notified() => {}
            () = pause(POLL) => {}
        }
    }
    if let Err(cause) = within(STOP, sandbox.stop()).await.and_then(|stopped| stopped) {
        tracing::warn!("the sandbox did not stop cleanly: {cause:#}");
    }
}

/// Waits for the other process's sandbox to end and then takes its place.
pub async fn succeed(settings: Settings, moved: Arc<Notify>, demo: DemoState, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match felag_sandbox::start(settings.clone()).await {
            Ok(sandbox) => return keep(sandbox, moved, demo, stop).await,
            Err(cause) if is_taken(&cause) => {}
            Err(cause) => tracing::warn!("the sandbox cannot be started: {cause:#}"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = pause(Duration::from_secs(1)) => {}
        }
    }
}
