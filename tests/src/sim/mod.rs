//! The platform simulation: a whole Felag with real people's carelessness, a provider that fails, clocks that jump and
//! processes that die, all drawn from one seed; and an oracle that reads the tables and the provider's own book.
//!
//! `plan` draws what happens next, `actions` do it (one file a kind), `oracle` looks whether anything is wrong (one
//! file a subject), `drill` kills real processes at every crash point. See infra/docs/simulation.md.

pub mod actions;
pub mod dice;
pub mod drill;
pub mod end;
pub mod ground;
pub mod model;
pub mod oracle;
pub mod plan;
#[cfg(feature = "planted")]
pub mod plants;
pub mod process;
pub mod rare;
pub mod report;
pub mod run;
pub mod visitor;

pub use run::Sim;
