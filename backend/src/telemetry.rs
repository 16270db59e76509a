//! What the log says, and where: one line a happening, on the standard error.

use std::io::{IsTerminal, stderr};

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use crate::config::Config;

/// Servers tell what they do; short commands only what is wrong. "… already exists, skipping" is no news.
const OF_SERVERS: &str = "info,sqlx::postgres::notice=off";
const OF_COMMANDS: &str = "warn,sqlx::postgres::notice=off";

/// Starts the log, once per process.
///
/// # Errors
/// When `FELAG_LOG` cannot be read.
pub fn start(config: &Config, is_server: bool) -> anyhow::Result<()> {
    let default = if is_server { OF_SERVERS } else { OF_COMMANDS };
    let filter = EnvFilter::try_new(config.log.as_deref().unwrap_or(default))
        .context("FELAG_LOG must look like info or info,felag=debug")?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr);
    let started = if config.log_is_json {
        log.json().try_init()
    } else {
        log.with_target(false)
            .with_ansi(stderr().is_terminal())
            .try_init()
    };
    started.map_err(|cause| anyhow::anyhow!("the log cannot be started: {cause}"))
}
