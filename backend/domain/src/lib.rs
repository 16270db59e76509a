//! The rules of Felag: money, campaigns, pledges and the ledger.
//!
//! Nothing here reads a clock, a file, a database or the network, and nothing draws random numbers:
//! time and ids come in as parameters, so every rule can be tested as a plain function.

mod named;

pub use named::UnknownName;

pub mod amount;
pub mod bearing;
pub mod campaign;
pub mod currency;
pub mod dispute;
pub mod entries;
pub mod expense;
pub mod fee;
pub mod figures;
pub mod ids;
pub mod ledger;
pub mod lending;
pub mod licence;
pub mod loan;
pub mod money;
pub mod payout;
pub mod payout_account;
pub mod person;
pub mod pledge;
pub mod project;
pub mod rate;
pub mod reconciliation;
pub mod refund;
pub mod repaying;
pub mod support;
pub mod text;
pub mod update;
pub mod words;
