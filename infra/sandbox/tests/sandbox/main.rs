//! The sandbox over real HTTP: what a client of Stripe relies on.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should say where it stopped"
)]

mod accounts;
mod book;
mod cards;
mod checkout;
mod debits;
mod disputes;
mod faults;
mod idempotency;
mod objects;
mod payouts;
mod refunds;
mod refusals;
mod transfers;
mod webhooks;
mod world;
