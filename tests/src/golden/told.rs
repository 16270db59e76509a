//! What comparing the books of a loan with a case says.

use rust_decimal::Decimal;
use serde_json::Value;
use time::Date;

use super::{Outcome, value};

/// Why a case did not pass.
#[derive(Debug)]
pub enum Miss {
    /// It asks for something that Felag does not offer.
    Skipped(String),
    /// It came out otherwise.
    Wrong {
        what: String,
        expected: String,
        got: String,
    },
    /// It is not in a known form.
    Unread(String),
}

/// What comparing says.
pub type Told = Result<(), Miss>;

pub fn unread(what: &str, value: &Value) -> Miss {
    Miss::Unread(format!("{what}: {value}"))
}

pub fn skip<T>(reason: impl Into<String>) -> Result<T, Miss> {
    Err(Miss::Skipped(reason.into()))
}

pub fn wrong(what: &str, expected: impl ToString, got: impl ToString) -> Miss {
    Miss::Wrong {
        what: what.into(),
        expected: expected.to_string(),
        got: got.to_string(),
    }
}

impl From<anyhow::Error> for Miss {
    fn from(cause: anyhow::Error) -> Self {
        Self::Unread(format!("{cause:#}"))
    }
}

/// What became of the case.
pub fn outcome(told: Told) -> Outcome {
    match told {
        Ok(()) => Outcome::Passed,
        Err(Miss::Skipped(reason)) => Outcome::Skipped(reason),
        Err(Miss::Unread(why)) => Outcome::Failed(format!("cannot be read: {why}")),
        Err(Miss::Wrong { what, expected, got }) => {
            Outcome::Failed(format!("{what}: expected {expected}, got {got}"))
        }
    }
}

/// An amount with two decimals, in cents.
pub fn cents(amount: &Value) -> Result<i64, Miss> {
    Ok(value::minor(amount)?)
}

pub fn date(day: &Value) -> Result<Date, Miss> {
    Ok(value::date(day)?)
}

/// A whole number, with something for what is not given.
pub fn whole_or(number: &Value, or: u32) -> Result<u32, Miss> {
    if number.is_null() {
        return Ok(or);
    }
    u32::try_from(value::number(number)?).map_err(|_| unread("a whole number", number))
}

/// Cents as they are written in cases.
pub fn money(cents: i64) -> String {
    Decimal::new(cents, 2).to_string()
}

pub fn list(value: &Value) -> Result<&Vec<Value>, Miss> {
    value.as_array().ok_or_else(|| unread("a list", value))
}

/// The amount is the published one, where there is one.
pub fn same_cents(what: &str, expected: &Value, got: i64) -> Told {
    if expected.is_null() || cents(expected)? == got {
        return Ok(());
    }
    Err(wrong(what, expected, money(got)))
}

/// Days with amounts, such as `[["2023-08-01", "1000.00"]]`.
pub fn pairs(rows: &Value) -> Result<Vec<(Date, i64)>, Miss> {
    let read = |pair: &Value| Ok((date(&pair[0])?, cents(&pair[1])?));
    list(rows)?.iter().map(read).collect()
}
