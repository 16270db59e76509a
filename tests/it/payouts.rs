//! Money on its way to projects: their accounts at the provider, plans, two approvals, what goes wrong, statements.

mod account;
mod plan;
mod trouble;
pub mod two_people;
