//! Public books in words, and what a project's members see of their campaign: where it stands, who backs it.
//!
//! Names are not in the ledger. They are put beside its entries here, and only those that their holders chose
//! to show to everybody.

pub mod export;
pub mod lines;
pub mod safe;
mod store;
pub mod web;

pub use lines::latest;
