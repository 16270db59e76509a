//! The second factor, through the pages people use, with a phone that makes its own codes.

mod codes;
mod demo;
mod lost;
mod money;
mod setup;
