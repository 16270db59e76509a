//! Accounts, through the pages people use.

mod abuse;
mod account;
mod forms;
mod links;
mod signing;
pub mod site;
mod upkeep;
