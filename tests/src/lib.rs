//! What the tests that cross crates stand on: a whole Felag of a test's own, and browsers that use it.

pub mod accounting;
pub mod asking;
pub mod browser;
pub mod form;
pub mod giving;
pub mod golden;
pub mod lending;
pub mod long;
pub mod paying_out;
pub mod people;
pub mod program;
pub mod proving;
pub mod python;
pub mod sim;
pub mod world;

pub use browser::{Browser, Reply};
pub use world::World;
