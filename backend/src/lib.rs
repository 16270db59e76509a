//! Felag: crowdfunding and social lending for open projects. The server.
//!
//! `wiring` is the whole application on one page; infra/docs/architecture.md has the map.

pub mod audit;
pub mod books;
pub mod campaigns;
pub mod cli;
pub mod clock;
pub mod clock_advance;
pub mod commands;
pub mod config;
pub mod crash;
pub mod ctx;
pub mod db;
pub mod demo;
pub mod demo_state;
pub mod disputes;
pub mod error;
pub mod expenses;
pub mod files;
pub mod health;
pub mod jobs;
pub mod ledger;
pub mod loans;
pub mod mail;
pub mod paper;
pub mod payments;
pub mod payout_accounts;
pub mod payouts;
pub mod people;
pub mod planted;
pub mod pledges;
pub mod projects;
pub mod random;
pub mod reconciliation;
pub mod refunds;
pub mod repayments;
pub mod search;
pub mod start;
pub mod stewards;
pub mod support;
pub mod telemetry;
pub mod updates;
pub mod web;
pub mod wiring;
pub mod workers;
