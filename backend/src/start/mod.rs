//! How a server is put together, kept running, and ended: database, sandbox, web, workers.

pub mod database;
pub mod heartbeat;
pub mod sandbox;
mod signals;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::serve::ListenerExt;
use felag_postgres::Role;
use felag_sandbox::Sandbox;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::clock::{Clock, pause, wall};
use crate::config::{Config, ProviderSetting, SANDBOX_KEY, Secret};
use crate::ctx::{Ctx, Parts};
use crate::demo::ground::{self, Ground};
use crate::mail::transport::Mailer;
use crate::payments::provider::Provider;
use crate::web::cache::PageCache;
use crate::{db, demo, payments, random, wiring, workers};

pub use database::Database;
use heartbeat::Heartbeat;
pub use signals::asked_to_stop;

/// How long requests and a round of the workers may take to end.
const DRAIN: Duration = Duration::from_millis(2_500);
/// How long connections to the database may take to close.
const CLOSE: Duration = Duration::from_millis(500);

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Pages, workers, and the sandbox unless the provider is a real one.
    Serve,
    /// Workers only.
    Work,
}

/// A process at work. End it with [`Running::stop`].
pub struct Running {
    pub ctx: Ctx,
    stop: CancellationToken,
    /// Ended first, together: the web, the workers, the sign of life.
    tasks: Vec<JoinHandle<()>>,
    /// Ended after them: they may still need it.
    sandbox: Option<JoinHandle<()>>,
    stop_sandbox: CancellationToken,
    database: Database,
}

/// A context and its database, for a command that serves nothing.
///
/// # Errors
/// When the database cannot be had.
pub async fn command(config: Config) -> anyhow::Result<(Ctx, Database)> {
    let database = Database::open(&config, Role::Guest).await?;
    let base_url = sandbox_url(config.sandbox_listen);
    let ctx = context(
        config,
        database.options.clone(),
        Clock::new(),
        base_url,
        PageCache::default(),
    )
    .await?;
    ctx.clock.refresh(&ctx.db).await?;
    Ok((ctx, database))
}

/// Starts everything that `what` consists of.
///
/// # Errors
/// Says what is taken, missing or refused, and what to do about it.
pub async fn start(mut config: Config, what: What) -> anyhow::Result<Running> {
    config.check_exposure()?;
    // First of all: whoever waits for the port may connect from now on, and a taken one is said at once.
    let listener = match what {
        What::Serve => Some(listen(&mut config).await?),
        What::Work => None,
    };
    let database = Database::open(&config, Role::Owner).await?;
    let (clock, moved) = (Clock::new(), Arc::new(Notify::new()));
    clock.refresh(&one_connection(&database.options).await?).await?;
    let ground = ground(&config, &database.options).await?;
    let own = match what {
        What::Serve if config.has_sandbox() => {
            let settings = sandbox::settings(&config, database.options.clone(), clock.clone());
            Some((own_sandbox(&settings, &database.options).await?, settings))
        }
        What::Serve | What::Work => None,
    };
    let base_url = match &own {
        Some((Some(started), _)) => started.base_url(),
        _ => sandbox_url(config.sandbox_listen),
    };
    let pages = PageCache::living(Duration::from_millis(config.page_life_ms));
    let ctx = context(config, database.options.clone(), clock, base_url, pages).await?;
    let (stop, stop_sandbox) = (ctx.stopping.clone(), CancellationToken::new());
    let played = to_play(&ctx, ground, own.as_ref())?;
    wiring::standing_jobs(&ctx).await?;
    database.look_after(&stop);
    let kind = if what == What::Serve { "serve" } else { "work" };
    let heartbeat = Heartbeat::begin(&ctx, kind).await?;
    let keeper = own.map(|own| {
        let (moved, demo, stop) = (moved.clone(), ctx.demo.clone(), stop_sandbox.clone());
        match own {
            (Some(started), _) => tokio::spawn(sandbox::keep(started, moved, demo, stop)),
            (None, settings) => tokio::spawn(sandbox::succeed(settings, moved, demo, stop)),
        }
    });
    let mut tasks = vec![
        tokio::spawn(heartbeat.run(ctx.clone(), moved, stop.clone())),
        tokio::spawn(work(ctx.clone(), played, what, stop.clone())),
    ];
    if let Some(listener) = listener {
        tasks.push(tokio::spawn(serve(listener, ctx.clone(), stop.clone())));
    }
    Ok(Running {
        ctx,
        stop,
        tasks,
        sandbox: keeper,
        stop_sandbox,
        database,
    })
}

/// What the database holds of a demo, if one is wanted here. Without that wish, half a demo is in the way.
async fn ground(config: &Config, owner: &PgConnectOptions) -> anyhow::Result<Option<Ground>> {
    if config.demo {
        return Ok(Some(ground::clear(owner).await?));
    }
    let mut conn = PgConnection::connect_with(owner).await?;
    ground::refuse_half(&mut conn).await?;
    conn.close().await?;
    Ok(None)
}

/// A demo to be played: by which sandbox, and the connection that keeps other players away meanwhile.
type Played = (Sandbox, PgConnection);

/// Says from the first moment on that the demo is being played, if it will be.
fn to_play(
    ctx: &Ctx,
    ground: Option<Ground>,
    own: Option<&(Option<Sandbox>, felag_sandbox::Settings)>,
) -> anyhow::Result<Option<Played>> {
    match (ground, own) {
        (None, _) => Ok(None),
        (Some(Ground::Finished), _) => {
            ctx.demo.finish_loading();
            Ok(None)
        }
        (Some(Ground::Empty(alone)), Some((Some(sandbox), _))) => {
            ctx.demo.start_loading();
            Ok(Some((sandbox.clone(), alone)))
        }
        (Some(Ground::Empty(_)), _) => {
            anyhow::bail!("another server works on this data; stop it while the demo is made")
        }
    }
}

impl Running {
    /// Ends within five seconds: requests drained, jobs given back, sandbox and Postgres stopped.
    ///
    /// # Errors
    /// When Postgres does not stop; everything else is only told to the log.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.stop.cancel();
        self.ctx.wake_workers();
        let all = futures::future::join_all(self.tasks.iter_mut());
        if within(DRAIN, all).await.is_err() {
            tracing::warn!("requests or workers did not end in time; they are cut off");
            self.tasks.iter().for_each(JoinHandle::abort);
        }
        self.stop_sandbox.cancel();
        if let Some(keeper) = self.sandbox {
            keeper.await.context("the sandbox")?;
        }
        if within(CLOSE, self.ctx.db.close()).await.is_err() {
            tracing::debug!("connections to the database are cut off");
        }
        self.database.stop().await
    }
}

/// `what`, but not longer than `limit`.
pub async fn within<T>(limit: Duration, what: impl Future<Output = T>) -> anyhow::Result<T> {
    tokio::time::timeout(limit, what)
        .await
        .context("it takes too long")
}

async fn listen(config: &mut Config) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(config.listen).await.with_context(|| {
        format!(
            "{} cannot be listened on; choose another address with --listen",
            config.listen
        )
    })?;
    config.bound_to(listener.local_addr()?);
    Ok(listener)
}

fn sandbox_url(listen: SocketAddr) -> String {
    format!("http://{listen}/")
}

async fn one_connection(options: &PgConnectOptions) -> anyhow::Result<sqlx::PgPool> {
    Ok(sqlx::postgres::PgPoolOptions::new()
        .max_connections(1)
        .connect_with(options.clone())
        .await?)
}

/// Our own sandbox, or none when another server on the same data has one at this address.
async fn own_sandbox(
    settings: &felag_sandbox::Settings,
    database: &PgConnectOptions,
) -> anyhow::Result<Option<Sandbox>> {
    let taken = match felag_sandbox::start(settings.clone()).await {
        Ok(started) => return Ok(Some(started)),
        Err(cause) if sandbox::is_taken(&cause) => cause,
        Err(cause) => return Err(cause),
    };
    let db = one_connection(database).await?;
    let others = heartbeat::alive(&db, 0).await?.servers;
    db.close().await;
    if others == 0 {
        return Err(taken.context("set FELAG_SANDBOX_LISTEN to a free address of this machine"));
    }
    tracing::info!("the payment sandbox of another server on the same data is used");
    Ok(None)
}

/// Everything a use case is given. `sandbox_url` is where payments go unless the settings name a live provider.
///
/// # Errors
/// When the database cannot be had, or a setting does not fit.
pub async fn context(
    config: Config,
    database: PgConnectOptions,
    clock: Clock,
    sandbox_url: String,
    pages: PageCache,
) -> anyhow::Result<Ctx> {
    let random = random::Random::from_system();
    context_with(config, database, clock, sandbox_url, pages, random).await
}

/// As [`context`], with ids and secrets drawn from a generator of one's own.
///
/// # Errors
/// As [`context`].
pub async fn context_with(
    config: Config,
    database: PgConnectOptions,
    clock: Clock,
    sandbox_url: String,
    pages: PageCache,
    random: random::Random,
) -> anyhow::Result<Ctx> {
    let db = db::pool(database, config.db_connections_max).await?;
    let timeout = Duration::from_secs(config.provider_timeout_seconds);
    let (base_url, key) = match &config.provider {
        ProviderSetting::Sandbox => (sandbox_url, Secret::new(SANDBOX_KEY)),
        ProviderSetting::Live {
            base_url, secret_key, ..
        } => (base_url.clone(), secret_key.clone()),
    };
    let mailer = Mailer::open(
        &config,
        &mut *db.acquire().await?,
        &random,
        clock.now(),
        wiring::words(),
    )
    .await?;
    Ok(Ctx::new(Parts {
        provider: Provider::new(base_url, key, timeout)?,
        mailer,
        db,
        clock,
        random,
        hears: wiring::hears,
        returns: wiring::returns,
        shows: wiring::shows(),
        files: crate::files::Files::open(&config.files, &config.data_dir)?,
        password_pool: Arc::new(Semaphore::new(config.passwords_at_once)),
        wake: Arc::new(Notify::new()),
        stopping: CancellationToken::new(),
        pages,
        demo: crate::demo_state::DemoState::default(),
        config,
    }))
}

async fn serve(listener: TcpListener, ctx: Ctx, stop: CancellationToken) {
    // Small answers must not wait for more to send.
    let listener = listener.tap_io(|stream| {
        if let Err(cause) = stream.set_nodelay(true) {
            tracing::debug!("a connection stays slow: {cause}");
        }
    });
    let app = wiring::app(ctx).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, app).with_graceful_shutdown(stop.cancelled_owned());
    if let Err(cause) = serving.await {
        tracing::error!("the web server ended: {cause}");
    }
}

/// Until the provider knows our address, the poller learns what it would have told.
async fn ask_for_webhooks(ctx: Ctx, stop: CancellationToken) {
    while let Err(cause) = payments::register_webhook(&ctx).await {
        tracing::warn!("the payment provider cannot be asked to tell us what happens: {cause:#}");
        tokio::select! {
            () = stop.cancelled() => return,
            () = pause(Duration::from_secs(10)) => {}
        }
    }
}

/// Plays the demo if there is one to play, and works from then on: never both at once, because the demo is played with
/// the clock in the past.
async fn work(ctx: Ctx, played: Option<Played>, what: What, stop: CancellationToken) {
    if what == What::Serve {
        let asking = tokio::spawn(ask_for_webhooks(ctx.clone(), stop.clone()));
        if played.is_some() && asking.await.is_err() {
            return;
        }
    }
    if let Some((sandbox, alone)) = played {
        let since = wall();
        let done = tokio::select! {
            () = stop.cancelled() => return,
            done = demo::ensure(&ctx, &sandbox) => done,
        };
        if let Err(cause) = done {
            return tracing::error!("the demo could not be made; the next start tries anew: {cause:#}");
        }
        drop(alone);
        tracing::info!(seconds = (wall() - since).whole_seconds(), "the demo is ready");
    }
    workers::run(ctx, wiring::job_kinds(), stop).await;
}
