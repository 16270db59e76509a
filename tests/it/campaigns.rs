//! Campaigns, written through the pages people use.

mod access;
mod editing;
mod opening;
mod words;
pub mod writing;
