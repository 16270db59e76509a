//! People with an account: sign up, confirm the address, sign in and out, set a new password.

pub mod store;
pub mod visitor;
pub mod web;

pub use visitor::{Person, Posted, Steward, Visitor};
