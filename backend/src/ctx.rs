//! What every use case and worker is given: settings, database, clock, randomness, the payment provider.

use std::ops::Deref;
use std::sync::Arc;

use sqlx::PgPool;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::clock::Clock;
use crate::config::Config;
use crate::crash::CrashPoint;
use crate::payments::provider::Provider;
use crate::random::Random;

/// Cheap to clone.
#[derive(Clone)]
pub struct Ctx(Arc<Parts>);

/// The parts, reached through `ctx.`.
pub struct Parts {
    pub config: Config,
    pub db: PgPool,
    pub clock: Clock,
    pub random: Random,
    pub provider: Provider,
    /// Where mail goes, the key of its links, and who writes its words.
    pub mailer: crate::mail::transport::Mailer,
    /// Who acts on what the provider says of each kind of subject; set by `wiring`.
    pub hears: fn(crate::payments::SubjectKind) -> crate::payments::Hears,
    /// Who is told that money goes back, by what was paid with it; set by `wiring`.
    pub returns: fn(crate::payments::SubjectKind) -> Option<crate::payments::Returns>,
    /// Who fills the parts of a campaign's page that slices above it own; set by `wiring`.
    pub shows: crate::campaigns::Shows,
    /// Where vouchers are kept.
    pub files: crate::files::Files,
    /// Bounds how many passwords are hashed at once.
    pub password_pool: Arc<tokio::sync::Semaphore>,
    /// Wakes this process's workers; the tables remain the truth.
    pub wake: Arc<tokio::sync::Notify>,
    /// Cancelled when this process is asked to end: what was claimed and not begun is given back.
    pub stopping: CancellationToken,
    /// Rendered public pages, for visitors who are not signed in.
    pub pages: crate::web::cache::PageCache,
    /// What `/health` says of the demo, and whether pages answer 503 meanwhile.
    pub demo: crate::demo_state::DemoState,
}

impl Deref for Ctx {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Ctx {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The time, in UTC, by the one clock.
    pub fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// A fresh id of any kind: `ctx.id::<PledgeId>()`.
    pub fn id<Id: From<Uuid>>(&self) -> Id {
        Id::from(self.random.uuid(self.now()))
    }

    /// A place where a crash must do no harm. Does nothing, unless a test asked this process to die here.
    pub fn crash_point(&self, point: CrashPoint) {
        crate::crash::reached(point, self.config.crash.as_ref());
    }

    /// Tells this process's workers that there is something to do.
    pub fn wake_workers(&self) {
        self.wake.notify_one();
    }
}
