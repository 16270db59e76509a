//! The private cluster against real Postgres processes: started, killed, shared and cloned.
//! Times are printed (`--nocapture`), never asserted: they depend on the machine.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails where something is not as it should be"
)]

mod application;
mod crashes;
mod databases;
mod folder;
mod lifecycle;
mod sharing;
