//! Loans: terms, schedules, what they cost, what a repayment pays, and who gets which cent of it.
//!
//! ```text
//! Conditions ── Terms::new ──> Terms ── schedule ──> Schedule { rows, totals }
//! a repayment's principal (and, apart, its interest) ── split ──> cents per lender; mirror takes it back
//! ```
//!
//! - [`Conditions`], [`Terms`], [`Period`], [`Kind`], [`Grace`], [`DayCount`], [`LoanError`]: checked input.
//! - [`schedule`], [`Schedule`], [`Row`], [`Totals`]; [`plan`] with [`Spell`] and [`Shape`] is the same over
//!   any dates.
//! - [`split`], [`mirror`]: shares of a repayment (domain.md §3, rule 2).
