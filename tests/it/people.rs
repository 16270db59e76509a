//! Accounts, through the pages people use.

mod abuse;
mod account;
mod audit;
mod forms;
mod links;
mod second_factor;
mod signing;
pub mod site;
mod upkeep;
