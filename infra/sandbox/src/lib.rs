//! A tiny Stripe for development, tests and the demo: the same HTTP API on loopback, its own schema in
//! Postgres, its own transactions, a clock that can be moved, and no real money. It shares no code with the
//! platform on purpose: the two meet over HTTP only.

mod act;
mod api;
mod app;
mod bank;
mod card;
mod control;
mod currency;
mod db;
mod deliver;
mod due;
mod fault;
mod hosted;
mod http;
mod ids;
mod listen;
mod onboard;
mod page;
mod params;
mod plan;
mod test_card;
mod test_debit;
mod wall;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, bail};
use sqlx::{
    Connection, PgExecutor, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use time::OffsetDateTime;
use tokio::{net::TcpListener, sync::Mutex, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::app::App;

/// The clock the sandbox follows; it may be moved. Only a webhook signature's `t` does not ask it.
pub type Now = Arc<dyn Fn() -> OffsetDateTime + Send + Sync>;

/// The secret key that the demo and the tests use.
pub const SECRET_KEY: &str = "sk_test_felag_sandbox";

const CONNECTIONS: u32 = 5;
const GRACE: Duration = Duration::from_secs(2);
const FRESH: Duration = Duration::from_secs(1);
const POLL: Duration = Duration::from_millis(200);

/// What the sandbox needs to start.
#[derive(Clone)]
pub struct Settings {
    /// Where to listen; a loopback address. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The database that gets the schema `sandbox`.
    pub database: PgConnectOptions,
    /// The key that callers must show; starts with `sk_test_`.
    pub secret_key: String,
    /// The clock to follow.
    pub now: Now,
    /// Whether a live provider's key is configured beside it: then the sandbox refuses to start.
    pub live_key_present: bool,
}

/// A running sandbox. Clones are handles to the same one.
#[derive(Clone)]
pub struct Sandbox {
    app: Arc<App>,
    addr: SocketAddr,
    stop: CancellationToken,
    server: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// Prepares the schema, binds, and serves in the background. Nothing that is due is done until
/// [`Sandbox::run_once`] or [`Sandbox::run`].
///
/// # Errors
/// If the address is not loopback, a live key is there, the key is not a test key, or the database or the
/// port cannot be had.
pub async fn start(settings: Settings) -> anyhow::Result<Sandbox> {
    if settings.live_key_present {
        bail!("the payment sandbox does not start beside a live payment key");
    }
    if !settings.secret_key.starts_with("sk_test_") {
        bail!("the payment sandbox's key must start with sk_test_");
    }
    if !settings.listen.ip().is_loopback() {
        bail!(
            "the payment sandbox listens on loopback only, not on {}",
            settings.listen.ip()
        );
    }
    let pool = connect(settings.database).await?;
    prepare(&pool).await.context("preparing the sandbox's schema")?;
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("the payment sandbox cannot listen on {}", settings.listen))?;
    let addr = listener.local_addr()?;
    let app = Arc::new(App::new(
        pool,
        settings.secret_key,
        settings.now,
        format!("http://{addr}/"),
    )?);
    let stop = CancellationToken::new();
    let service = http::router(app.clone()).into_make_service_with_connect_info::<listen::Cut>();
    let stopped = stop.clone().cancelled_owned();
    let server = tokio::spawn(async move {
        let serving = axum::serve(listen::Loopback(listener), service).with_graceful_shutdown(stopped);
        if let Err(error) = serving.await {
            tracing::error!(%error, "the payment sandbox stopped serving");
        }
    });
    tracing::info!(%addr, "payment sandbox: no real money moves here");
    Ok(Sandbox {
        app,
        addr,
        stop,
        server: Arc::new(Mutex::new(Some(server))),
    })
}

/// Connections of its own. One that lay idle is tried before it is used: the server may have been restarted.
async fn connect(database: PgConnectOptions) -> anyhow::Result<PgPool> {
    let options = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .test_before_acquire(false);
    let options = options.before_acquire(|connection, meta| {
        Box::pin(async move {
            if meta.idle_for > FRESH {
                connection.ping().await?;
            }
            Ok(true)
        })
    });
    Ok(options.connect_with(database).await?)
}

/// Creates what is missing. Two starting at once wait for each other.
async fn prepare(pool: &PgPool) -> anyhow::Result<()> {
    let mut tx = pool.begin().await?;
    sqlx::query("select pg_advisory_xact_lock(1936876920, 0)")
        .execute(&mut *tx)
        .await?;
    sqlx::raw_sql(include_str!("schema.sql"))
        .execute(&mut *tx)
        .await?;
    // A delivery that was under way when a former process died is tried again.
    sqlx::query("update sandbox.delivery set state = 'pending' where state = 'sending'")
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

impl Sandbox {
    /// The address it listens on.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// What a client puts before `v1/…`: `http://127.0.0.1:PORT/`.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.app.base.clone()
    }

    /// Does what is due by the clock: expires sessions, lets delayed effects come, delivers webhooks and
    /// their retries. True if anything was done; call again until it is false.
    ///
    /// # Errors
    /// If the database fails. An endpoint that does not answer is not an error: it is tried again later.
    pub async fn run_once(&self) -> anyhow::Result<bool> {
        due::run_once(&self.app).await
    }

    /// Polls [`Sandbox::run_once`] every 200 ms of real time until told to stop.
    pub async fn run(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let pause = match self.run_once().await {
                Ok(true) => continue,
                Ok(false) => POLL,
                Err(error) => {
                    tracing::warn!(%error, "the payment sandbox could not do what is due");
                    POLL * 5
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = wall::pause(pause) => {}
            }
        }
    }

    /// The earliest time at which [`Sandbox::run_once`] has something to do.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn next_due(&self) -> anyhow::Result<Option<OffsetDateTime>> {
        next_due(&self.app.pool).await
    }

    /// Stops serving within about two seconds and closes the connections. Held answers are cut.
    ///
    /// # Errors
    /// If the server task panicked.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stop.cancel();
        if let Some(mut server) = self.server.lock().await.take() {
            let ended = tokio::time::timeout(GRACE, &mut server).await;
            match ended {
                Ok(result) => result.context("the payment sandbox's server task")?,
                Err(_) => server.abort(),
            }
        }
        self.app.pool.close().await;
        Ok(())
    }
}

/// As [`Sandbox::next_due`], for a process that only has the database. A delivery under way counts as due.
///
/// # Errors
/// If the database fails, or holds no sandbox yet.
pub async fn next_due(db: impl PgExecutor<'_>) -> anyhow::Result<Option<OffsetDateTime>> {
    let sql = "select least(
        (select min(due) from sandbox.object where due is not null),
        (select min(due) from sandbox.delivery where state in ('pending', 'sending')
            and not exists (select from sandbox.switch where name = 'webhooks' and value::jsonb->>'mode' = 'hold')))";
    let second: Option<i64> = sqlx::query_scalar(sql).fetch_one(db).await?;
    Ok(second.map(OffsetDateTime::from_unix_timestamp).transpose()?)
}
