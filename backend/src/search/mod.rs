//! The first page, and finding a campaign. Totals come from narrow rows: no page sums pledges.

mod store;
pub mod web;
