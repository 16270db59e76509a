//! The sandbox over real HTTP: what a client of Stripe relies on.

mod cards;
mod checkout;
mod faults;
mod idempotency;
mod objects;
mod refusals;
mod webhooks;
mod world;
