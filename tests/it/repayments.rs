//! Loans that are paid back: on time, late, in default, given up, taken back by a bank; and what lenders get and see.

mod complaining;
mod crossing;
mod debits;
mod keeping;
mod lender;
mod lending;
mod lending_again;
mod paying;
mod sending;
mod trouble;
mod voting;
