//! The two places where the sandbox looks at the wall clock: everything else follows the clock it was given.

use std::time::Duration;

use time::OffsetDateTime;

/// Unix seconds on the wall. Only a webhook's signature carries it: foreign libraries compare its `t` with
/// their own clock, which does not move with ours.
#[expect(
    clippy::disallowed_methods,
    reason = "a signature's t is wall time, or foreign libraries refuse it"
)]
pub(crate) fn unix_seconds() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

/// Waits in real time.
#[expect(
    clippy::disallowed_methods,
    reason = "the polling loop and the held answers of a fault wait in real time"
)]
pub(crate) async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}
