//! Campaigns: drafted, submitted, reviewed, opened. What happens to their money is `pledges`.

pub mod schedule;
pub mod store;

pub use store::{is_member, members_emails};
