//! Level instalments, and how long a fixed payment takes.

use anyhow::Context;
use felag_domain::loan::{Factor, level_instalment, run_off, tvm};
use rust_decimal::Decimal;
use serde_json::Value;

use super::value::{Span, count, field, field_or, minor, span};
use super::{Outcome, near, outcome};

pub fn check(case: &Value) -> anyhow::Result<Outcome> {
    let (input, expected) = (&case["input"], &case["expected"]);
    let principal = minor(&input["principal"])?;
    let every = if input["every"].is_null() {
        Span::Months(1)
    } else {
        span(&input["every"])?
    };
    let factor = factor(input, every)?;
    if !input["fixed_monthly_payment"].is_null() || !input["fixed_payment"].is_null() {
        let name = if input["fixed_payment"].is_null() {
            "fixed_monthly_payment"
        } else {
            "fixed_payment"
        };
        let payment = minor(&input[name])?;
        let (times, last) = run_off(principal, factor, payment).context("it never ends")?;
        let tolerance = expected["tolerance_last"]
            .as_str()
            .and_then(|text| text.split(' ').next()?.parse().ok());
        let mut checks = vec![
            near(
                "last",
                field(expected, "last")?,
                Decimal::new(last, 2),
                tolerance.unwrap_or(Decimal::ZERO),
            ),
            near(
                "count",
                field(expected, "count")?,
                Decimal::from(times),
                Decimal::ZERO,
            ),
        ];
        if !expected["first"].is_null() {
            let first = Decimal::new(payment.min(last.max(payment)), 2);
            checks.push(near("first", field(expected, "first")?, first, Decimal::ZERO));
        }
        return Ok(outcome(checks));
    }
    let rows = count(input, "count")?;
    let mut factors = vec![factor; usize::try_from(rows)?];
    if let Some(text) = input["first_interval"].as_str() {
        *factors.first_mut().context("no rows")? = first_interval(text, factor)?;
    }
    let got = level_instalment(principal, &factors, 1).context("it cannot be counted")?;
    let tolerance = field_or(expected, "tolerance", Decimal::ZERO)?;
    Ok(outcome([near(
        "instalment",
        field(expected, "instalment")?,
        Decimal::new(got, 2),
        tolerance,
    )]))
}

/// The interest of a period for each unit of the balance, from a nominal or an effective rate.
pub fn factor(input: &Value, every: Span) -> anyhow::Result<Factor> {
    let (over, under) = match every {
        Span::Months(months) => (i128::from(months), 12),
        Span::Days(days) if days % 7 == 0 => (i128::from(days / 7), 52),
        Span::Days(days) => (i128::from(days), 365),
    };
    let part = Decimal::from(over) / Decimal::from(under);
    let effective = &input["annual_EFFECTIVE_rate_percent"];
    if effective.is_null() {
        let rate = field(input, "annual_nominal_rate_percent")? / Decimal::ONE_HUNDRED;
        let exact = Factor::of_decimal(rate);
        return Ok(Factor::new(exact.numerator() * over, exact.denominator() * under));
    }
    let rate = field(input, "annual_EFFECTIVE_rate_percent")? / Decimal::ONE_HUNDRED;
    let times = (Decimal::ONE / part).round();
    let nominal = tvm::nominal(rate, u32::try_from(times)?).context("an effective rate")?;
    Ok(Factor::of_decimal(nominal / times))
}

/// `first interval 1 month + 3/365 year`, compounded at the monthly rate.
fn first_interval(text: &str, month: Factor) -> anyhow::Result<Factor> {
    let mut months = Decimal::ZERO;
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    for pair in words.windows(2) {
        let Ok(number) = super::value::number(&Value::from(pair[0])) else {
            continue;
        };
        let unit = pair[1].trim_end_matches('s');
        months += match unit {
            "year" => number * Decimal::from(12),
            "month" => number,
            "day" => number * Decimal::from(12) / Decimal::from(365),
            _ => continue,
        };
    }
    anyhow::ensure!(!months.is_zero(), "{text} is not an interval");
    let grown = tvm::grown(month.to_decimal(), months).context("a first interval")?;
    Ok(Factor::of_decimal(grown - Decimal::ONE))
}
