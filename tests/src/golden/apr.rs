//! Annual percentage rates of the EU and of the United States.

use anyhow::Context;
use felag_domain::loan::Factor;
use felag_domain::loan::add_months;
use felag_domain::loan::apr::{Flow, UnitFlow, UnitPeriod, eu, unit_periods, us};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;
use time::{Date, Duration};

use super::value::{Span, date, field, field_or, span};
use super::{Outcome, near, outcome};

pub fn check_eu(case: &Value) -> anyhow::Result<Outcome> {
    let (input, expected) = (&case["input"], &case["expected"]);
    let mut flows = Vec::new();
    for (list, sign) in [("drawdowns", Decimal::ONE), ("payments", Decimal::NEGATIVE_ONE)] {
        for flow in input[list].as_array().context("flows")? {
            expand(flow, sign, &mut flows)?;
        }
    }
    let rate = eu(&flows).context("there is no such rate")? * Decimal::ONE_HUNDRED;
    let mut checks = Vec::new();
    if !expected["apr_percent"].is_null() {
        let tolerance = field_or(expected, "tolerance_pp", Decimal::new(1, 6))?;
        checks.push(near("APR", field(expected, "apr_percent")?, rate, tolerance));
    }
    for (name, places) in [("apr_percent_1dp", 1), ("apr_percent_2dp", 2)] {
        if !expected[name].is_null() {
            let told = rate.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
            checks.push(near(name, field(expected, name)?, told, Decimal::ZERO));
        }
    }
    anyhow::ensure!(!checks.is_empty(), "nothing is expected that we know");
    Ok(outcome(checks))
}

fn years(at: &Value) -> anyhow::Result<Decimal> {
    let part = |name: &str| field_or(at, name, Decimal::ZERO);
    let days = part("days")?.checked_div(field_or(at, "days_in_year", Decimal::from(365))?);
    Ok(part("years")?
        + part("months")? / Decimal::from(12)
        + part("weeks")? / Decimal::from(52)
        + days.context("a year of no days")?)
}

fn expand(flow: &Value, sign: Decimal, into: &mut Vec<Flow>) -> anyhow::Result<()> {
    let count = u32::try_from(field_or(flow, "count", Decimal::ONE)?)?;
    let every = if flow["every"].is_null() {
        Decimal::ZERO
    } else {
        years(&flow["every"])?
    };
    let first = if flow["at"].is_null() {
        Decimal::ZERO
    } else {
        years(&flow["at"])?
    };
    let (amount, step) = (
        field(flow, "amount")?,
        field_or(flow, "amount_step", Decimal::ZERO)?,
    );
    for n in 0..count {
        let n = Decimal::from(n);
        into.push(Flow {
            amount: sign * (amount + step * n),
            years: first + every * n,
        });
    }
    Ok(())
}

pub fn check_us(case: &Value) -> anyhow::Result<Outcome> {
    let (input, expected) = (&case["input"], &case["expected"]);
    let unit_name = input["unit_period"].as_str().context("a unit-period")?;
    let advances = input["advances"].as_array().context("advances")?;
    let start = date(&advances.first().context("an advance")?["date"])?;
    let mut flows = Vec::new();
    for (list, sign) in [
        (advances, Decimal::ONE),
        (
            input["payments"].as_array().context("payments")?,
            Decimal::NEGATIVE_ONE,
        ),
    ] {
        for flow in list {
            let amount = sign * field(flow, "amount")?;
            for on in dates(flow, start)? {
                let (full, odd) = match unit_name {
                    "the term" => (u32::from(on != start), Factor::ZERO),
                    "semimonth" | "half month" => unit_periods(UnitPeriod::HalfMonth, start, on),
                    other => {
                        let unit = match span(&Value::from(other))? {
                            Span::Months(months) => UnitPeriod::Months(months),
                            Span::Days(days) => UnitPeriod::Days(days),
                        };
                        unit_periods(unit, start, on)
                    }
                };
                flows.push(UnitFlow { amount, full, odd });
            }
        }
    }
    let rate = us(&flows, field(input, "unit_periods_per_year")?).context("there is no such rate")?;
    let tolerance = field_or(expected, "tolerance_pp", Decimal::new(5, 3))?;
    let got = rate * Decimal::ONE_HUNDRED;
    Ok(outcome([near(
        "APR",
        field(expected, "apr_percent")?,
        got,
        tolerance,
    )]))
}

fn dates(flow: &Value, start: Date) -> anyhow::Result<Vec<Date>> {
    let first = if flow["date"].is_null() {
        let days = i64::try_from(field(flow, "days_after_advance")?)?;
        start + Duration::days(days)
    } else {
        date(&flow["date"])?
    };
    let count = i32::try_from(field_or(flow, "count", Decimal::ONE)?)?;
    let months = i32::try_from(field_or(flow, "every_months", Decimal::ZERO)?)?;
    let weeks = i64::try_from(field_or(flow, "every_weeks", Decimal::ZERO)?)?;
    let days = i64::try_from(field_or(flow, "every_days", Decimal::ZERO)?)? + 7 * weeks;
    (0..count)
        .map(|n| {
            let on = add_months(first, n * months).context("beyond the calendar")?;
            Ok(on + Duration::days(i64::from(n) * days))
        })
        .collect()
}
