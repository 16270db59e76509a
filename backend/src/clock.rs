//! The one clock. In the sandbox it can be moved; deadlines, retries, webhooks and mails move with it.
//!
//! How far it stands ahead of wall time is one row (`clock`), so that every process of an installation agrees;
//! each process keeps the last value it read, and says in `worker` which version that was.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sqlx::{PgConnection, PgExecutor};
use time::OffsetDateTime;

/// Cheap to clone; all clones show the same time.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<Hands>);

#[derive(Debug, Default)]
struct Hands {
    ahead_micros: AtomicI64,
    version: AtomicI64,
    /// Set while the clock stands: microseconds since 1970. Else 0.
    stands_at: AtomicI64,
}

impl Clock {
    /// A clock that shows wall time until it is moved.
    pub fn new() -> Self {
        Self::default()
    }

    /// The time, in UTC.
    pub fn now(&self) -> OffsetDateTime {
        if self.0.stands_at.load(Ordering::Acquire) != 0 {
            let micros = self.0.stands_at.fetch_add(1, Ordering::AcqRel);
            return OffsetDateTime::UNIX_EPOCH + time::Duration::microseconds(micros);
        }
        wall() + time::Duration::microseconds(self.0.ahead_micros.load(Ordering::Acquire))
    }

    /// Today's date in UTC.
    pub fn today(&self) -> time::Date {
        self.now().date()
    }

    /// Makes this process's clock show `at` now. Only tests and the demo, which plays the past, move it so;
    /// an installation is moved by [`move_to`].
    pub fn show(&self, at: OffsetDateTime) {
        let ahead = (at - wall()).whole_microseconds();
        self.0
            .ahead_micros
            .store(i64::try_from(ahead).unwrap_or(i64::MAX), Ordering::Release);
    }

    /// Makes this process's clock stand at `at`: however long something takes, it shows one microsecond more each
    /// time it is asked, so that later is still later. For simulations, which must not depend on how fast the machine is.
    pub fn stand(&self, at: OffsetDateTime) {
        let micros = (at - OffsetDateTime::UNIX_EPOCH).whole_microseconds();
        self.0
            .stands_at
            .store(i64::try_from(micros).unwrap_or(i64::MAX), Ordering::Release);
    }

    /// The version of the `clock` row this process has seen.
    pub fn version(&self) -> i64 {
        self.0.version.load(Ordering::Acquire)
    }

    /// Reads the shared row, so that this process agrees with the others.
    pub async fn refresh(&self, conn: impl PgExecutor<'_>) -> sqlx::Result<()> {
        let row = sqlx::query!("select ahead_micros, version from clock")
            .fetch_one(conn)
            .await?;
        self.0.ahead_micros.store(row.ahead_micros, Ordering::Release);
        self.0.version.store(row.version, Ordering::Release);
        Ok(())
    }
}

/// The channel on which a moved clock is announced. Only a wake-up: the row is the truth, and is polled.
pub const MOVED: &str = "felag_clock";

/// Moves the installation's clock forward to `at`, for every process; never backwards. Returns the row's version.
pub async fn move_to(conn: &mut PgConnection, at: OffsetDateTime) -> sqlx::Result<i64> {
    let ahead = i64::try_from((at - wall()).whole_microseconds()).unwrap_or(i64::MAX);
    let version = sqlx::query_scalar!(
        "update clock set ahead_micros = greatest(ahead_micros, $1), version = version + 1 returning version",
        ahead,
    )
    .fetch_one(&mut *conn)
    .await?;
    sqlx::query!("select pg_notify($1, '')", MOVED)
        .execute(conn)
        .await?;
    Ok(version)
}

/// Wall time. Only for what the outside world judges by its own clock: the tolerance of a webhook's signature.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the machine's clock"
)]
pub fn wall() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// Waits in real time, between two rounds of a loop that has nothing to do.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that waits; workers themselves never do"
)]
pub async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}
