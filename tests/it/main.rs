//! Tests of the whole server over HTTP.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod abuse;
mod access;
mod books;
mod campaigns;
mod demo;
mod disputes;
mod endings;
mod mail;
mod members;
mod payouts;
mod people;
mod pledges;
mod projects;
mod refunds;
mod repayments;
mod search;
mod stewards;
mod world;
