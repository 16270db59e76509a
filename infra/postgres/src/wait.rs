//! Waiting for another program. This is wall time by nature, so the application's movable clock has no say
//! here.

use std::time::{Duration, Instant};

/// A span of wall time that began when it was made.
pub(crate) struct Patience {
    since: Instant,
    limit: Duration,
}

impl Patience {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long another process takes is wall time"
    )]
    pub(crate) fn of(limit: Duration) -> Self {
        Patience {
            since: Instant::now(),
            limit,
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.spent() > self.limit
    }

    pub(crate) fn spent(&self) -> Duration {
        self.since.elapsed()
    }
}

/// Lets a moment pass between two looks at another process.
#[expect(
    clippy::disallowed_methods,
    reason = "another process is given wall time to move"
)]
pub(crate) fn pause(milliseconds: u64) {
    std::thread::sleep(Duration::from_millis(milliseconds));
}
