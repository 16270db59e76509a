//! Tests of the whole server over HTTP.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod abuse;
mod access;
mod books;
mod campaigns;
mod currencies;
mod demo;
mod disputes;
mod endings;
mod expenses;
mod golden;
mod keep_what_comes;
mod loans;
mod mail;
mod members;
mod payouts;
mod people;
mod pledges;
mod projects;
mod quote;
mod reconciliation;
mod refunds;
mod repayments;
mod search;
mod stewards;
mod support;
mod world;
