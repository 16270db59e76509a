//! Open books: public pages, permalinks, exports and ways to check them. And what a project's members see of their
//! campaign: where it stands, who backs it.
//!
//! Names are not in the ledger. They are put beside its entries here, and only those that their holders chose
//! to show to everybody.

pub mod backers_csv;
pub mod check;
mod document;
pub mod export;
pub mod heads;
mod latest;
pub mod lines;
pub mod open_book;
mod register;
pub mod safe;
mod store;
pub mod web;

pub use lines::latest;
