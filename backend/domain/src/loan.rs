//! The mathematics of loans: dates, interest, schedules, what a loan costs, how a repayment is taken and split.
//!
//! [`Terms`] are checked once; from them [`Terms::schedule`] makes the rows that everybody sees, signs and pays.
//! Interest of a row is an exact fraction of the balance, rounded once, half to even, to the minor unit; rates are
//! decimals, never binary floating point.

mod dates;
mod day_count;
mod factor;
mod power;
mod schedule;
mod split;
mod terms;

pub mod allocation;
pub mod apr;
pub mod late;
pub mod quote;
pub mod tvm;

pub use dates::{Period, add_months, due_dates, months_back};
pub use day_count::DayCount;
pub use factor::Factor;
pub(crate) use factor::half_even;
pub use power::power_of;
pub use schedule::{Amortisation, Plan, Row, Schedule, level_instalment, rows, run_off};
pub use split::{Running, Share, split_repayment};
pub use terms::{Asked, Grace, Kind, Terms, TermsError};
