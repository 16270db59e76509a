//! Tests of the whole server over HTTP.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod mail;
mod people;
mod world;
