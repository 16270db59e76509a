//! Functions of the time value of money.

use anyhow::Context;
use felag_domain::loan::apr::{Flow, eu};
use felag_domain::loan::tvm::{Annuity, Dated, effective, irr, nominal, xirr, xnpv};
use felag_domain::loan::{Factor, level_instalment};
use rust_decimal::Decimal;
use serde_json::Value;

use super::value::{Span, count, date, field, field_or, minor, number, span};
use super::{Outcome, near, outcome};

pub fn check(case: &Value) -> anyhow::Result<Outcome> {
    let (input, expected) = (&case["input"], &case["expected"]);
    let function = input["function"].as_str().context("a function")?;
    let Some(got) = value(function, input)? else {
        return Ok(Outcome::Skipped(format!("we have no function {function}")));
    };
    if expected["error_or_nan"] == true || !expected["error"].is_null() {
        return Ok(match got {
            None => Outcome::Passed,
            Some(value) => Outcome::Failed(format!("expected an error, got {value}")),
        });
    }
    let tolerance = field_or(expected, "tolerance", Decimal::new(1, 6))?;
    let value = got.context("expected a value, got none")?;
    Ok(outcome([near(
        function,
        field(expected, "value")?,
        value,
        tolerance,
    )]))
}

/// The function's value, or none where it has none; `None` for a function we do not have.
fn value(function: &str, input: &Value) -> anyhow::Result<Option<Option<Decimal>>> {
    let got = match function {
        "pmt" => annuity(input)?.payment(),
        "ipmt" => annuity(input)?.interest_of(count(input, "per")?),
        "ppmt" => annuity(input)?.principal_of(count(input, "per")?),
        "fv" => annuity(input)?.future_value(count(input, "nper")?, field(input, "pmt")?),
        "irr" => irr(&flows(&input["cashflows"])?),
        "xirr" => xirr(&dated(input)?),
        "xnpv" => xnpv(field(input, "rate")?, &dated(input)?),
        "effect" | "effective" => {
            let name = if input["nominal"].is_null() {
                "rate"
            } else {
                "nominal"
            };
            effective(field(input, name)?, count(input, "periods")?)
        }
        "nominal" => {
            let name = if input["effective"].is_null() {
                "effect"
            } else {
                "effective"
            };
            nominal(field(input, name)?, count(input, "periods")?)
        }
        "eu_apr" => eu(&level(input)?),
        "nominal_irr" => {
            let amounts: Vec<Decimal> = level_amounts(input)?;
            let every = span(&input["instalments"]["every"])?;
            irr(&amounts).map(|rate| rate * a_year(every))
        }
        "level_instalment" => level_payment(input)?,
        _ => return Ok(None),
    };
    Ok(Some(got))
}

fn annuity(input: &Value) -> anyhow::Result<Annuity> {
    let begin = match &input["when"] {
        Value::Null => false,
        Value::String(text) if text == "begin" || text == "end" => text == "begin",
        when => !number(when)?.is_zero(),
    };
    Ok(Annuity {
        rate: field(input, "rate")?,
        count: count(input, "nper")?,
        present: field_or(input, "pv", Decimal::ZERO)?,
        future: field_or(input, "fv", Decimal::ZERO)?,
        begin,
    })
}

fn flows(list: &Value) -> anyhow::Result<Vec<Decimal>> {
    list.as_array().context("flows")?.iter().map(number).collect()
}

fn dated(input: &Value) -> anyhow::Result<Vec<Dated>> {
    let one = |flow: &Value| {
        Ok(Dated {
            on: date(&flow["date"])?,
            amount: field(flow, "amount")?,
        })
    };
    input["flows"]
        .as_array()
        .context("flows")?
        .iter()
        .map(one)
        .collect()
}

fn a_year(every: Span) -> Decimal {
    match every {
        Span::Months(months) => Decimal::from(12) / Decimal::from(months),
        Span::Days(days) => Decimal::from(364) / Decimal::from(days),
    }
}

/// What is advanced and then paid back in level instalments, one flow a period.
fn level_amounts(input: &Value) -> anyhow::Result<Vec<Decimal>> {
    let instalments = &input["instalments"];
    let times = usize::try_from(count(instalments, "count")?)?;
    let mut amounts = vec![-field(input, "advance")?];
    amounts.extend(vec![field(instalments, "amount")?; times]);
    Ok(amounts)
}

fn level(input: &Value) -> anyhow::Result<Vec<Flow>> {
    let instalments = &input["instalments"];
    let years = |value: &Value| -> anyhow::Result<Decimal> {
        Ok(match span(value)? {
            Span::Months(months) => Decimal::from(months) / Decimal::from(12),
            Span::Days(days) if days % 7 == 0 => Decimal::from(days / 7) / Decimal::from(52),
            Span::Days(days) => Decimal::from(days) / Decimal::from(365),
        })
    };
    let every = years(&instalments["every"])?;
    let first = if instalments["first_after"].is_null() {
        every
    } else {
        years(&instalments["first_after"])?
    };
    let amounts = level_amounts(input)?;
    let at = |n: usize| {
        if n == 0 {
            Decimal::ZERO
        } else {
            first + every * Decimal::from(n - 1)
        }
    };
    Ok(amounts
        .into_iter()
        .enumerate()
        .map(|(n, amount)| Flow { amount, years: at(n) })
        .collect())
}

fn level_payment(input: &Value) -> anyhow::Result<Option<Decimal>> {
    let rate = Factor::of_decimal(field(input, "annual_nominal_rate")?);
    let every = if input["every"].is_null() {
        Span::Months(1)
    } else {
        span(&input["every"])?
    };
    let factor = match every {
        Span::Months(months) => Factor::new(rate.numerator() * i128::from(months), rate.denominator() * 12),
        Span::Days(days) => Factor::new(rate.numerator() * i128::from(days), rate.denominator() * 364),
    };
    let factors = vec![factor; usize::try_from(count(input, "count")?)?];
    let got = level_instalment(minor(&input["advance"])?, &factors, 1);
    Ok(got.map(|minor| Decimal::new(minor, 2)))
}
