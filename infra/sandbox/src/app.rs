//! What every part of the running sandbox shares.

use std::{sync::atomic::AtomicI64, time::Duration};

use sqlx::PgPool;
use tokio::sync::Mutex;

use crate::{Now, control::Control, db::Tx, fault::Outcome, ids};

pub(crate) struct App {
    pub pool: PgPool,
    pub key: String,
    /// Its own address, ending in a slash.
    pub base: String,
    pub control: Control,
    /// Delivers webhooks.
    pub client: reqwest::Client,
    /// Held while what is due is done, so that two callers do not do it twice.
    pub turn: Mutex<()>,
    /// When old answers were last deleted, by the sandbox's clock.
    pub swept: AtomicI64,
    now: Now,
}

impl App {
    pub(crate) fn new(pool: PgPool, key: String, now: Now, base: String) -> anyhow::Result<Self> {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(10))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        let (control, turn, swept) = (Control::default(), Mutex::new(()), AtomicI64::new(0));
        Ok(Self {
            pool,
            key,
            base,
            control,
            client,
            turn,
            swept,
            now,
        })
    }

    /// The sandbox's clock, unix seconds.
    pub(crate) fn now(&self) -> i64 {
        (self.now)().unix_timestamp()
    }

    /// A transaction that no API call stands behind: a page, or the clock.
    pub(crate) async fn begin(&self) -> Outcome<Tx> {
        Tx::begin(&self.pool, self.now(), ids::fresh("req"), None).await
    }
}
