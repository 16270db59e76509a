//! What stewards do: read submitted campaigns, and approve them or ask for changes. What that changes is
//! done by `campaigns`.

mod audit;
mod factors;
mod store;
pub mod web;
