//! A Felag of a test's own: its own database, payment sandbox, clock and server, all on this machine.

use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use felag::clock::Clock;
use felag::config::Config;
use felag::crash::CrashAt;
use felag::ctx::Ctx;
use felag::jobs::Kinds;
use felag::random::Random;
use felag::web::cache::PageCache;
use felag::{db, ledger, payments, start, telemetry, wiring, workers};
use felag_domain::ids::PersonId;
use felag_postgres::testing::{Template, TestDatabase, database};
use felag_sandbox::Sandbox;
use sqlx::PgPool;
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::net::TcpListener;
use tokio::sync::OnceCell;
use tokio::task::JoinHandle;
use tower::ServiceExt;

use crate::browser::Browser;

/// When every world begins: a Monday morning.
pub const START: OffsetDateTime = datetime!(2026-03-02 09:00 UTC);

/// Everything, as a server has it. Nothing works by itself: a test says when ([`World::quiet`],
/// [`World::advance_by`]).
pub struct World {
    pub ctx: Ctx,
    pub kinds: Kinds,
    pub sandbox: Sandbox,
    /// A way into the database as the owner of the tables, to look at what no page shows.
    pub owner: PgPool,
    /// Where the server is, such as `http://127.0.0.1:40123`.
    pub base: String,
    /// The steward who approves campaigns, once there is one.
    pub(crate) reviewer: OnceCell<PersonId>,
    /// Who answers at `base`: it may be another process's turn.
    front: Arc<RwLock<Router>>,
    settings: Vec<(String, String)>,
    server: JoinHandle<()>,
    _database: TestDatabase,
}

/// A mail that went out, or waits to.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Mail {
    pub kind: String,
    pub subject: String,
    pub text_body: String,
    pub html_body: String,
    pub state: String,
    pub reply_to: Option<String>,
}

impl Mail {
    /// The first address in it that contains `part`, without the host.
    #[track_caller]
    pub fn link(&self, part: &str) -> String {
        let word = self
            .text_body
            .split_whitespace()
            .find(|word| word.starts_with("http") && word.contains(part));
        let url = word.unwrap_or_else(|| panic!("no address with {part} in: {}", self.text_body));
        let path = url
            .splitn(4, '/')
            .nth(3)
            .unwrap_or_default()
            .trim_end_matches(['.', ',', ')']);
        format!("/{path}")
    }
}

/// The migrated database that worlds are cloned from. Its seed is what the migrations say.
pub fn template() -> Template {
    let seed: String = db::MIGRATOR
        .iter()
        .map(|one| hex::encode(&one.checksum))
        .collect();
    Template::new(format!("felag {seed}"), |options| async move {
        db::migrate(&options).await
    })
}

impl World {
    /// A world with the usual settings.
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// A world with some settings of its own, such as `("FELAG_CRASH", "job.run:1")`.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        Self::build(settings, Random::from_system())
            .await
            .unwrap_or_else(|cause| panic!("no world: {cause:#}"))
    }

    /// A world that repeats: its ids come from `random`, and its clock stands until it is moved.
    ///
    /// # Errors
    /// When the database or a port cannot be had.
    pub async fn repeatable(settings: &[(&str, &str)], random: Random) -> anyhow::Result<Self> {
        let world = Self::build(settings, random).await?;
        world.ctx.clock.stand(START);
        Ok(world)
    }

    async fn build(settings: &[(&str, &str)], random: Random) -> anyhow::Result<Self> {
        let database = database(&template()).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let mut config = Config::read(|name| setting(settings, name))?;
        log_if_asked();
        config.bound_to(listener.local_addr()?);
        let clock = Clock::new();
        clock.show(START);
        let options = database.options.clone();
        let sandbox =
            felag_sandbox::start(start::sandbox::settings(&config, options.clone(), clock.clone())).await?;
        let pages = PageCache::living(Duration::ZERO);
        let ctx =
            start::context_with(config, options.clone(), clock, sandbox.base_url(), pages, random).await?;
        payments::register_webhook(&ctx).await?;
        let front = Arc::new(RwLock::new(wiring::app(ctx.clone())));
        let app = answering(front.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move {
            axum::serve(listener, app)
                .await
                .unwrap_or_else(|cause| panic!("the server ended: {cause}"));
        });
        let owner = sqlx::postgres::PgPoolOptions::new()
            .max_connections(2)
            .connect_with(options)
            .await?;
        let base = ctx.config.public_url.clone();
        let reviewer = OnceCell::new();
        Ok(Self {
            ctx,
            kinds: wiring::job_kinds(),
            sandbox,
            owner,
            base,
            reviewer,
            front,
            settings: settings
                .iter()
                .map(|(name, value)| ((*name).into(), (*value).into()))
                .collect(),
            server,
            _database: database,
        })
    }

    /// Another process of this installation, with the same settings and clock. `name` is how it is called in the
    /// database's list of connections; `crash` is where it dies.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn process(&self, name: &str, crash: Option<CrashAt>, random: Random) -> anyhow::Result<Ctx> {
        let settings: Vec<(&str, &str)> = self
            .settings
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let mut config = Config::read(|name| setting(&settings, name))?;
        config.bound_to(self.ctx.config.listen);
        config.crash = crash;
        let options = self._database.options.clone().application_name(name);
        let pages = PageCache::living(Duration::ZERO);
        let clock = self.ctx.clock.clone();
        start::context_with(config, options, clock, self.sandbox.base_url(), pages, random).await
    }

    /// From now on this process answers at the world's address, and is [`World::ctx`].
    pub fn answer_with(&mut self, ctx: Ctx) {
        *self.front.write().unwrap_or_else(PoisonError::into_inner) = wiring::app(ctx.clone());
        self.ctx = ctx;
    }

    /// The way into this world's database, as `DATABASE_URL` says it.
    pub fn database_url(&self) -> String {
        let options = &self._database.options;
        let socket = options
            .get_socket()
            .map_or_else(|| options.get_host().into(), Clone::clone);
        crate::program::database_url(&socket, options.get_username(), &self._database.name)
    }

    /// A browser with an empty cookie jar and an address of its own.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.base)
    }

    /// Works, the sandbox too, until nothing is due now.
    pub async fn quiet(&self) {
        let done = workers::until_quiet(&self.ctx, &self.kinds, &self.sandbox).await;
        done.unwrap_or_else(|cause| panic!("the work does not end well: {cause:#}"));
    }

    /// Plays the clock on, stopping wherever something is due, in order.
    pub async fn advance_by(&self, time: time::Duration) {
        self.advance_to(self.ctx.now() + time).await;
    }

    /// As [`World::advance_by`], to a moment.
    pub async fn advance_to(&self, to: OffsetDateTime) {
        let done = workers::play_to(&self.ctx, &self.kinds, &self.sandbox, to).await;
        done.unwrap_or_else(|cause| panic!("the clock cannot be played to {to}: {cause:#}"));
    }

    /// Every mail to an address, oldest first.
    pub async fn mails_to(&self, address: &str) -> Vec<Mail> {
        let sql = "select kind, subject, text_body, html_body, state, reply_to from message
                   where recipient = $1 order by created_at, message_id";
        let mails = sqlx::query_as(sql).bind(address).fetch_all(&self.owner).await;
        mails.unwrap_or_else(|cause| panic!("the outbox cannot be read: {cause}"))
    }

    /// The kinds of the mails to an address, oldest first.
    pub async fn kinds_of_mails_to(&self, address: &str) -> Vec<String> {
        self.mails_to(address)
            .await
            .into_iter()
            .map(|mail| mail.kind)
            .collect()
    }

    /// Recomputes every chain and balance.
    pub async fn ledger_verify(&self) -> ledger::verify::Verified {
        let verified = ledger::verify::run(&self.ctx.db).await;
        verified.unwrap_or_else(|cause| panic!("the ledger is wrong: {cause:#}"))
    }

    /// What the sandbox knows: objects, deliveries, balance, charges by payment intent.
    pub async fn sandbox_state(&self) -> serde_json::Value {
        let reply = self
            .browser()
            .get(&format!("{}_ctl/state", self.sandbox.base_url()))
            .await
            .expect(200);
        serde_json::from_str(&reply.text).unwrap_or_else(|cause| panic!("{cause}: {}", reply.text))
    }

    /// Tells the sandbox to behave in some way: see `felag_sandbox::control`.
    pub async fn sandbox_control(&self, path: &str, body: &serde_json::Value) -> serde_json::Value {
        let url = format!("{}_ctl/{path}", self.sandbox.base_url());
        let http = reqwest::Client::builder()
            .no_proxy()
            .build()
            .unwrap_or_else(|cause| panic!("{cause}"));
        let response = http
            .post(url)
            .json(body)
            .send()
            .await
            .unwrap_or_else(|cause| panic!("{cause}"));
        assert!(response.status().is_success(), "{path}: {}", response.status());
        response.json().await.unwrap_or_default()
    }

    /// One number from the database, for what no page shows.
    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(&self.owner)
            .await
            .unwrap_or_else(|cause| panic!("{sql}: {cause}"))
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Hands every request to whoever answers now.
fn answering(front: Arc<RwLock<Router>>) -> Router {
    Router::new().fallback(move |request: Request| {
        let app = front.read().unwrap_or_else(PoisonError::into_inner).clone();
        app.oneshot(request)
    })
}

fn setting(own: &[(&str, &str)], name: &str) -> Option<String> {
    let files = std::env::temp_dir().join(format!("felag-files-{}", std::process::id()));
    let files = files.display().to_string();
    let usual = [
        ("FELAG_LISTEN", "127.0.0.1:0"),
        ("FELAG_SANDBOX_LISTEN", "127.0.0.1:0"),
        // Browsers say themselves where they come from.
        ("FELAG_PROXY", "127.0.0.1"),
        ("FELAG_DB_CONNECTIONS_MAX", "8"),
        ("FELAG_FILES", &files),
    ];
    own.iter()
        .chain(&usual)
        .find(|(known, _)| *known == name)
        .map(|(_, value)| (*value).to_string())
}

/// `FELAG_LOG=debug cargo test` shows what the server logs.
fn log_if_asked() {
    if let Ok(config) = Config::from_environment(&[])
        && config.log.is_some()
    {
        telemetry::start(&config, true).ok();
    }
}
