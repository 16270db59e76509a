//! The rules of the house, as tests.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod audit;
mod connections;
mod floors;
mod settings;
mod tidy;
mod tree;
