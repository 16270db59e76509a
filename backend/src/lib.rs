//! Felag: crowdfunding and social lending for open projects. The server.
//!
//! `wiring` is the whole application on one page; infra/docs/architecture.md has the map.

pub mod campaigns;
pub mod clock;
pub mod config;
pub mod crash;
pub mod ctx;
pub mod db;
pub mod demo_state;
pub mod error;
pub mod health;
pub mod jobs;
pub mod ledger;
pub mod mail;
pub mod payments;
pub mod people;
pub mod projects;
pub mod random;
pub mod search;
pub mod stewards;
pub mod web;
pub mod wiring;
pub mod workers;
