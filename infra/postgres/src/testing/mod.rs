//! Databases for tests: one throw-away cluster for all test processes, one database per test.
//!
//! A [`Template`] is built once per seed (say, the checksum of the migrations) and cloned for every test,
//! which takes a fraction of a second. The cluster is neither durable nor kept alive: it stops by itself when
//! the last test process is gone, however that one died (see `lease`).
//!
//! The cluster is kept in `pg-test` below `FELAG_TEST_PG_DIR`, else below the workspace's `var`. With
//! `TEST_DATABASE_URL` nothing is started: the databases are made on that server, which must let us.

mod host;
mod lease;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use anyhow::Result;
use sqlx::postgres::PgConnectOptions;

use host::Host;

type Prepared = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

/// What every test database of a kind starts from.
#[derive(Clone)]
pub struct Template {
    seed: String,
    prepare: Arc<dyn Fn(PgConnectOptions) -> Prepared + Send + Sync>,
}

impl Template {
    /// A template that `prepare` fills once, given the way into an empty database. Every process that names
    /// the same seed shares the result, so the seed must change when `prepare` does other work.
    pub fn new<F, P>(seed: impl Into<String>, prepare: F) -> Template
    where
        F: Fn(PgConnectOptions) -> P + Send + Sync + 'static,
        P: Future<Output = Result<()>> + Send + 'static,
    {
        Template {
            seed: seed.into(),
            prepare: Arc::new(move |options| Box::pin(prepare(options))),
        }
    }

    /// An empty database.
    pub fn plain() -> Template {
        Template::new("plain", |_| std::future::ready(Ok(())))
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Template")
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}

/// A database of a test's own. Dropping this drops the database, connections or not, in the background; what
/// remains when the process ends is dropped by the next one.
pub struct TestDatabase {
    /// The way in, as superuser.
    pub options: PgConnectOptions,
    /// Its name on the server.
    pub name: String,
    host: Arc<Host>,
}

/// Clones a database for one test.
///
/// # Errors
/// No Postgres (the message says what to do), or a template whose preparation failed.
pub async fn database(template: &Template) -> Result<TestDatabase> {
    let template = template.clone();
    // On a runtime that outlives the test's own: its connections are shared by all tests of the process.
    let made = host::runtime()?.spawn(async move {
        let host = Host::shared().await?;
        let name = host.clone_template(&template).await?;
        anyhow::Ok(TestDatabase {
            options: host.options(&name),
            name,
            host,
        })
    });
    made.await?
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (host, name) = (Arc::clone(&self.host), std::mem::take(&mut self.name));
        if let Ok(runtime) = host::runtime() {
            runtime.spawn(async move { host.drop_database(&name).await });
        }
    }
}
