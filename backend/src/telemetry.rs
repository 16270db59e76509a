//! What the log says, and where: one line a happening, on the standard error.

use std::io::stderr;

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use crate::config::Config;

/// Starts the log, once per process.
///
/// # Errors
/// When `FELAG_LOG` cannot be read.
pub fn start(config: &Config) -> anyhow::Result<()> {
    let filter =
        EnvFilter::try_new(&config.log).context("FELAG_LOG must look like info or info,felag=debug")?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr);
    let started = if config.log_is_json {
        log.json().try_init()
    } else {
        log.with_target(false).try_init()
    };
    started.map_err(|cause| anyhow::anyhow!("the log cannot be started: {cause}"))
}
