//! The database: one that was named, or a private one that this process looks after.

use std::str::FromStr;
use std::time::Duration;

use anyhow::Context;
use felag_postgres::{Cluster, Role, Settings};
use sqlx::postgres::PgConnectOptions;
use tokio_util::sync::CancellationToken;

use super::within;
use crate::config::Config;
use crate::db;

/// The database's name in a private cluster.
const NAME: &str = "felag";
/// How long the private Postgres may take to stop.
const STOP: Duration = Duration::from_secs(3);

/// A database at its newest version.
pub struct Database {
    /// As the role that owns the tables.
    pub options: PgConnectOptions,
    cluster: Option<Cluster>,
}

impl Database {
    /// Opens it, brings it to the newest version, and in `role` looks after it if it is a private one.
    ///
    /// # Errors
    /// When there is no Postgres, or it refuses; the message says what to do.
    pub async fn open(config: &Config, role: Role) -> anyhow::Result<Self> {
        let database = match &config.database_url {
            Some(url) => {
                // The cause is left out: it may repeat the address, which holds a password.
                let options = PgConnectOptions::from_str(url.reveal()).map_err(|_| {
                    anyhow::anyhow!("DATABASE_URL must look like postgres://user:password@host/database")
                })?;
                Self {
                    options,
                    cluster: None,
                }
            }
            None => {
                let settings = Settings {
                    bin_dir: config.pg_bin.clone(),
                    run_as: config.pg_user.clone(),
                    ..Settings::new(&config.data_dir)
                };
                let cluster = Cluster::start_as(&settings, role).await?;
                Self {
                    options: cluster.ensure_database(NAME).await?,
                    cluster: Some(cluster),
                }
            }
        };
        db::migrate(&database.options).await?;
        Ok(database)
    }

    /// Starts a private Postgres again when it dies, until `stop`.
    pub fn look_after(&self, stop: &CancellationToken) {
        if let Some(cluster) = &self.cluster {
            tokio::spawn(cluster.watch(stop.clone().cancelled_owned()));
        }
    }

    /// Leaves it; a private Postgres stops with its last user.
    ///
    /// # Errors
    /// When it does not stop in time; the next start adopts it.
    pub async fn stop(self) -> anyhow::Result<()> {
        match self.cluster {
            Some(cluster) => within(STOP, cluster.stop())
                .await
                .context("Postgres does not stop")?,
            None => Ok(()),
        }
    }
}
