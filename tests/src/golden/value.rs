//! Reading the fields of a case: numbers as text or as numbers, fractions, dates, spans of time.

use anyhow::Context;
use rust_decimal::Decimal;
use serde_json::Value;
use time::Date;
use time::macros::format_description;

/// A number: `"0.08/12"`, `"1.5"`, `1.5`.
pub fn number(value: &Value) -> anyhow::Result<Decimal> {
    let text = match value {
        Value::String(text) => text.trim().to_string(),
        Value::Number(number) => number.to_string(),
        other => anyhow::bail!("{other} is not a number"),
    };
    let one = |text: &str| {
        let text = text.trim().trim_end_matches('%');
        let read = text
            .parse::<Decimal>()
            .or_else(|_| Decimal::from_scientific(text));
        // Published with more digits than a decimal holds: cut.
        read.or_else(|_| text.chars().take(28).collect::<String>().parse::<Decimal>())
            .with_context(|| format!("{text} is not a number"))
    };
    match text.split_once('/') {
        Some((over, under)) => one(over)?
            .checked_div(one(under)?)
            .with_context(|| format!("{text} divides by zero")),
        None => one(&text),
    }
}

/// A field that is a number.
pub fn field(of: &Value, name: &str) -> anyhow::Result<Decimal> {
    number(&of[name]).with_context(|| format!("the field {name}"))
}

/// A field that may be missing.
pub fn field_or(of: &Value, name: &str, otherwise: Decimal) -> anyhow::Result<Decimal> {
    if of[name].is_null() {
        Ok(otherwise)
    } else {
        field(of, name)
    }
}

/// A field that is a whole number.
pub fn count(of: &Value, name: &str) -> anyhow::Result<u32> {
    let value = field(of, name)?;
    u32::try_from(value).with_context(|| format!("{name} is {value}"))
}

/// Money of two decimals, in minor units.
pub fn minor(value: &Value) -> anyhow::Result<i64> {
    let exact = number(value)? * Decimal::ONE_HUNDRED;
    anyhow::ensure!(exact.is_integer(), "{value} has more than two decimals");
    Ok(i64::try_from(exact)?)
}

/// A date.
pub fn date(value: &Value) -> anyhow::Result<Date> {
    let text = value.as_str().context("a date is text")?;
    Date::parse(text, format_description!("[year]-[month]-[day]")).with_context(|| text.to_string())
}

/// A span of time: months, or days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    Months(u32),
    Days(u32),
}

/// A span as text, `1 month`, `2 weeks`, or as an object, `{"months": 1}`.
pub fn span(value: &Value) -> anyhow::Result<Span> {
    let (number, unit) = match value {
        Value::Object(fields) => {
            let (unit, number) = fields.iter().next().context("an empty span")?;
            (u32::try_from(self::number(number)?)?, unit.clone())
        }
        Value::String(text) => {
            let mut words = text.split_whitespace();
            let first = words.next().unwrap_or_default();
            match first.parse::<u32>() {
                Ok(number) => (number, words.next().unwrap_or_default().to_string()),
                Err(_) => (1, first.to_string()),
            }
        }
        other => anyhow::bail!("{other} is not a span of time"),
    };
    let unit = unit.to_lowercase();
    Ok(match unit.trim_end_matches('s') {
        "day" => Span::Days(number),
        "week" => Span::Days(7 * number),
        "month" => Span::Months(number),
        "quarter" => Span::Months(3 * number),
        "year" => Span::Months(12 * number),
        _ => anyhow::bail!("{unit} is not a unit of time"),
    })
}
