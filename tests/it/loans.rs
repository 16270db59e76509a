//! Loans: asked for, lent, signed, collected, paid out; and what goes otherwise.

mod changed;
mod going_well;
mod otherwise;
mod papers;
