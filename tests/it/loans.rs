//! Loans: asked for, lent, signed, collected, paid out; and what goes otherwise.

mod beside;
mod came_back;
mod changed;
mod corners;
mod disputed;
pub mod going_well;
mod otherwise;
mod papers;
mod taken_back;
