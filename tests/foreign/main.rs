//! Foreign software: Stripe's own Python package drives our sandbox, and our client drives a sandbox of others.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod books;
mod localstripe;
mod stripe_sdk;
mod worlds;
