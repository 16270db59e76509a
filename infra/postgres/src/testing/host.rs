//! The server that test databases are made on, and what one test process knows about it.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Mutex;

use super::Template;
use super::lease::Lease;
use crate::Settings;
use crate::cluster::options;
use crate::postmaster::State;
use crate::server::Server;

/// The first half of our advisory locks' keys. The second half is a process's number; 0 guards the templates.
const LOCKS: i32 = 0x0FE1_A600;
/// So many templates are kept: those of a few branches, at about 10 MB each.
const KEPT_TEMPLATES: i64 = 6;
const ADMIN: &str = "postgres";

/// The runtime of everything that outlives a single test. It ends with the process.
pub(super) fn runtime() -> Result<&'static Runtime> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    // When two tests come at once the second one's runtime is thrown away, unused, on its own blocking
    // thread.
    if let Err(unused) = RUNTIME.set(runtime) {
        unused.shutdown_background();
    }
    RUNTIME.get().context("the runtime for test databases is gone")
}

pub(super) struct Host {
    base: PgConnectOptions,
    admin: PgPool,
    /// Unique among the processes that ever used this server; part of our databases' names.
    process: i32,
    made: AtomicU32,
    /// Holds the advisory lock of `process`: while it is held, our databases are in use.
    _sign_of_life: Mutex<PgConnection>,
    private: Option<(Server, Lease)>,
}

impl Host {
    /// The one of this process, made at first use and again if its server has gone.
    pub(super) async fn shared() -> Result<Arc<Host>> {
        static SHARED: Mutex<Option<Arc<Host>>> = Mutex::const_new(None);
        let mut shared = SHARED.lock().await;
        if let Some(host) = shared.as_ref().filter(|host| host.is_alive()) {
            return Ok(Arc::clone(host));
        }
        let host = Arc::new(Host::open().await?);
        *shared = Some(Arc::clone(&host));
        let sweeper = Arc::clone(&host);
        tokio::spawn(async move { sweeper.sweep().await });
        Ok(host)
    }

    async fn open() -> Result<Host> {
        let (base, private) = match env("TEST_DATABASE_URL") {
            Some(url) => (
                PgConnectOptions::from_str(&url).context("TEST_DATABASE_URL")?,
                None,
            ),
            None => {
                let (base, private) = tokio::task::spawn_blocking(start).await??;
                (base, Some(private))
            }
        };
        let admin_options = match base.get_database() {
            Some(_) => base.clone(),
            None => base.clone().database(ADMIN),
        };
        let mut sign_of_life = PgConnection::connect_with(&admin_options).await?;
        // Transaction numbers never repeat on a server: a number for this process without any randomness.
        let (process,): (i32,) =
            sqlx::query_as("select (pg_current_xact_id()::text::bigint % 2147483647 + 1)::int")
                .fetch_one(&mut sign_of_life)
                .await?;
        sqlx::query("select pg_advisory_lock($1, $2)")
            .bind(LOCKS)
            .bind(process)
            .execute(&mut sign_of_life)
            .await?;
        let admin = PgPoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(120))
            .connect_with(admin_options)
            .await?;
        Ok(Host {
            base,
            admin,
            process,
            made: AtomicU32::new(0),
            _sign_of_life: Mutex::new(sign_of_life),
            private,
        })
    }

    fn is_alive(&self) -> bool {
        match &self.private {
            Some((server, _)) => matches!(server.state(), State::Up { .. }),
            None => true,
        }
    }

    pub(super) fn options(&self, name: &str) -> PgConnectOptions {
        self.base.clone().database(name)
    }

    /// A new database like the template, which is built first if need be.
    pub(super) async fn clone_template(&self, template: &Template) -> Result<String> {
        let name = format!("t_{}_{}", self.process, self.made.fetch_add(1, Ordering::Relaxed));
        loop {
            let source = self.template(template).await?;
            // Copying files and a checkpoint without fsync is quicker than writing every block to the log.
            let create = format!("create database {name} template {source} strategy file_copy");
            match self.admin.execute(AssertSqlSafe(create)).await {
                Ok(_) => return Ok(name),
                Err(error) if self.has_template(&source).await? => {
                    return Err(error).context("cloning the template");
                }
                Err(_) => {} // another process has just dropped it as an old one
            }
        }
    }

    async fn template(&self, template: &Template) -> Result<String> {
        let digest = hex::encode(Sha256::digest(template.seed.as_bytes()));
        let name = format!("felag_template_{}", digest.chars().take(16).collect::<String>());
        if self.has_template(&name).await? {
            return Ok(name);
        }
        // One build at a time on the whole server; the lock goes with this connection if we fail.
        let mut lock = PgConnection::connect_with(&self.admin.connect_options()).await?;
        sqlx::query("select pg_advisory_lock($1, 0)")
            .bind(LOCKS)
            .execute(&mut lock)
            .await?;
        if !self.has_template(&name).await? {
            self.build(&name, template)
                .await
                .with_context(|| format!("preparing {name}"))?;
            self.drop_old_templates(&name).await;
        }
        lock.close().await?;
        Ok(name)
    }

    async fn has_template(&self, name: &str) -> Result<bool> {
        let found = sqlx::query("select from pg_database where datname = $1 and datistemplate")
            .bind(name)
            .fetch_optional(&self.admin)
            .await?;
        Ok(found.is_some())
    }

    async fn build(&self, name: &str, template: &Template) -> Result<()> {
        // Not marked as a template: left behind by a build that was interrupted.
        self.admin
            .execute(AssertSqlSafe(format!(
                "drop database if exists {name} with (force)"
            )))
            .await?;
        self.admin
            .execute(AssertSqlSafe(format!(
                "create database {name} template template0"
            )))
            .await?;
        (template.prepare)(self.options(name)).await?;
        // Nobody may be connected to what is cloned, not even a pool that the preparation forgot to close.
        self.admin
            .execute(AssertSqlSafe(format!(
                "alter database {name} with allow_connections false"
            )))
            .await?;
        sqlx::query("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1")
            .bind(name)
            .execute(&self.admin)
            .await?;
        self.admin
            .execute(AssertSqlSafe(format!(
                "alter database {name} with is_template true"
            )))
            .await?;
        Ok(())
    }

    /// Best effort: a template that is being cloned just now stays.
    async fn drop_old_templates(&self, current: &str) {
        let old: Result<Vec<String>, _> = sqlx::query_scalar(
            "select datname::text from pg_database
             where datname like 'felag\\_template\\_%' and datistemplate and datname <> $1
             order by oid desc offset $2",
        )
        .bind(current)
        .bind(KEPT_TEMPLATES)
        .fetch_all(&self.admin)
        .await;
        for name in old.unwrap_or_default() {
            let unmark = format!("alter database {name} with is_template false");
            let dropped = match self.admin.execute(AssertSqlSafe(unmark)).await {
                Ok(_) => {
                    self.admin
                        .execute(AssertSqlSafe(format!("drop database {name}")))
                        .await
                }
                Err(error) => Err(error),
            };
            if let Err(error) = dropped {
                tracing::debug!("the old template {name} stays: {error}");
            }
        }
    }

    pub(super) async fn drop_database(&self, name: &str) {
        let drop = format!("drop database if exists {name} with (force)");
        if let Err(error) = self.admin.execute(AssertSqlSafe(drop)).await {
            tracing::debug!("the test database {name} stays: {error}");
        }
    }

    /// Drops the databases of processes that are gone: their advisory lock is free.
    async fn sweep(&self) {
        let find = "select datname::text from pg_database where datname ~ '^t_[0-9]+_[0-9]+$'";
        let names: Vec<String> = sqlx::query_scalar(find)
            .fetch_all(&self.admin)
            .await
            .unwrap_or_default();
        for name in names {
            let Some(process) = name
                .split('_')
                .nth(1)
                .and_then(|number| number.parse::<i32>().ok())
            else {
                continue;
            };
            // Locked only for this one question, so that two sweepers may do the same work.
            let question = "select pg_try_advisory_xact_lock($1, $2)";
            let free = sqlx::query_scalar(question)
                .bind(LOCKS)
                .bind(process)
                .fetch_one(&self.admin)
                .await;
            if process != self.process && free.unwrap_or(false) {
                self.drop_database(&name).await;
            }
        }
    }
}

/// Starts or joins the throw-away cluster.
fn start() -> Result<(PgConnectOptions, (Server, Lease))> {
    let data_dir = env("FELAG_TEST_PG_DIR").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../var")),
        PathBuf::from,
    );
    let settings = Settings {
        bin_dir: env("FELAG_PG_BIN").map(PathBuf::from),
        run_as: env("FELAG_PG_USER"),
        durable: false,
        ..Settings::new(data_dir)
    };
    let server = Server::open(&settings, "pg-test")?;
    let _start = server.home.lock_start()?;
    let lease = Lease::take(&server)?;
    let running = server.bring_up()?;
    Ok((options(&running.socket_dir, ADMIN), (server, lease)))
}

fn env(name: &str) -> Option<String> {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no config.rs to read their settings"
    )]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
