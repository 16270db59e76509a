//! The private cluster against real Postgres processes: started, killed, shared and cloned.
//! Times are printed (`--nocapture`), never asserted: they depend on the machine.

mod application;
mod crashes;
mod databases;
mod folder;
mod lifecycle;
mod sharing;
