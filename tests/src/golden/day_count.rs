//! Days and parts of a year between dates.

use anyhow::Context;
use felag_domain::loan::{DayCount, Factor, add_months, apr};
use felag_domain::rate::Rate;
use rust_decimal::Decimal;
use serde_json::Value;

use super::value::{count, date, field, field_or, number};
use super::{Outcome, near, outcome};

/// The convention a text begins with.
pub fn convention(text: &str) -> Option<DayCount> {
    let text = text.to_lowercase();
    let known = [
        ("30e/360", DayCount::ThirtyE360),
        ("eurobond", DayCount::ThirtyE360),
        ("30/360", DayCount::Thirty360),
        ("actual/360", DayCount::Actual360),
        ("act/360", DayCount::Actual360),
        ("actual/364", DayCount::Actual364),
        ("act/364", DayCount::Actual364),
        ("actual/365", DayCount::Actual365Fixed),
        ("act/365", DayCount::Actual365Fixed),
        ("actual/actual", DayCount::ActualActual),
        ("act/act", DayCount::ActualActual),
        ("nl/365", DayCount::NoLeap365),
    ];
    known
        .iter()
        .find(|(begin, _)| text.starts_with(begin))
        .map(|(_, found)| *found)
}

pub fn check(case: &Value) -> anyhow::Result<Outcome> {
    let (input, expected) = (&case["input"], &case["expected"]);
    let name = input["convention"].as_str().context("a convention")?;
    let from = date(&input["from"])?;
    if name == "EU_APR_INTERVAL" {
        return interval(input, expected);
    }
    let Some(found) = convention(name) else {
        return Ok(Outcome::Skipped(format!("no loan of ours counts days by {name}")));
    };
    if let Some(factors) = expected["rate_factors"].as_array() {
        let rate = Rate::from_percent(field(input, "annual_rate_percent")?).context("a rate")?;
        let tolerance = field_or(expected, "tolerance", Decimal::new(1, 12))?;
        let mut checks = Vec::new();
        for (n, factor) in (1_i32..).zip(
            factors
                .iter()
                .take(usize::try_from(count(input, "monthly_periods")?)?),
        ) {
            let at = |months| add_months(from, months).context("beyond the calendar");
            let got = found.years(at(n - 1)?, at(n)?).at(rate).to_decimal();
            checks.push(near(&format!("month {n}"), number(factor)?, got, tolerance));
        }
        return Ok(outcome(checks));
    }
    let to = date(&input["to"])?;
    let mut checks = Vec::new();
    if !expected["days"].is_null() {
        let got = Decimal::from(found.days(from, to));
        checks.push(near("days", field(expected, "days")?, got, Decimal::ZERO));
        if !expected["denominator"].is_null() {
            let under = field(expected, "denominator")?;
            let years = Factor::new(i128::try_from(got)?, i128::try_from(under)?);
            if found.years(from, to) != years {
                checks.push(Err(format!("{name} is not over {under}")));
            }
        }
    }
    if !expected["year_fraction"].is_null() {
        let tolerance = field_or(expected, "tolerance", Decimal::new(1, 10))?;
        let got = found.years(from, to).to_decimal();
        checks.push(near(
            "year fraction",
            field(expected, "year_fraction")?,
            got,
            tolerance,
        ));
    }
    anyhow::ensure!(!checks.is_empty(), "nothing is expected that we know");
    Ok(outcome(checks))
}

fn interval(input: &Value, expected: &Value) -> anyhow::Result<Outcome> {
    let unit = match input["unit"].as_str() {
        Some("year") => apr::Unit::Year,
        Some("month") => apr::Unit::Month,
        Some("week") => apr::Unit::Week,
        other => anyhow::bail!("the unit {other:?}"),
    };
    let got = apr::interval(unit, date(&input["from"])?, date(&input["to"])?);
    let all = [
        ("whole_units", Decimal::from(got.units)),
        ("odd_days", Decimal::from(got.odd_days)),
        ("days_in_year", Decimal::from(got.days_in_year)),
    ];
    let mut checks = Vec::new();
    for (name, got) in all {
        if !expected[name].is_null() {
            checks.push(near(name, field(expected, name)?, got, Decimal::ZERO));
        }
    }
    Ok(outcome(checks))
}
