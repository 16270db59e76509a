//! Campaigns: drafted, submitted, reviewed, opened. What happens to their money is `pledges`.

pub mod access;
pub mod books;
pub mod cards;
pub mod curve;
pub mod draft;
pub mod draft_store;
pub mod import;
pub mod jobs;
pub mod lifecycle;
pub mod lists;
mod mail;
pub mod plan;
pub mod ready;
pub mod schedule;
pub mod shown;
pub mod shows;
pub mod store;
pub mod unpayable;
pub mod web;

pub use shows::{Budget, Lines, Shows};
pub use store::{is_member, members_emails};
