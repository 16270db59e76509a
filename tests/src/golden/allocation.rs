//! Splits of an amount by weights.

use anyhow::Context;
use felag_domain::money::{Currency, Money};
use rust_decimal::Decimal;
use serde_json::Value;

use super::Outcome;

/// The whole amount, in minor units: given as such, or with the decimals of its currency.
fn amount(input: &Value) -> anyhow::Result<Money> {
    match (input["amount_minor"].as_i64(), &input["amount"]) {
        (Some(minor), _) => Ok(Money::from_minor(minor, Currency::EUR)),
        (None, text) => {
            let currency: Currency = input["currency"].as_str().unwrap_or("EUR").parse()?;
            Ok(Money::from_minor(minor(text, currency)?, currency))
        }
    }
}

fn minor(value: &Value, currency: Currency) -> anyhow::Result<i64> {
    let minor = super::value::number(value)? * Decimal::from(currency.minor_per_major());
    anyhow::ensure!(minor.is_integer(), "{value} has too many decimals");
    Ok(i64::try_from(minor)?)
}

/// Weights as whole numbers: `1/3` and `2/3` are 1 and 2.
fn whole_weights(ratios: &[String]) -> anyhow::Result<Vec<u64>> {
    let parse = |text: &str| -> anyhow::Result<(u128, u128)> {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let scale = 10_u128.pow(u32::try_from(decimals.len())?);
        Ok((format!("{whole}{decimals}").parse()?, scale))
    };
    let mut fractions = Vec::new();
    for text in ratios {
        let (over, under) = text.split_once('/').unwrap_or((text, "1"));
        let ((over, over_scale), (under, under_scale)) = (parse(over)?, parse(under)?);
        fractions.push((over * under_scale, under * over_scale));
    }
    let denominator = fractions
        .iter()
        .map(|&(_, under)| under)
        .fold(1, least_common_multiple);
    let whole = fractions
        .iter()
        .map(|&(over, under)| u64::try_from(over * (denominator / under)));
    Ok(whole.collect::<Result<_, _>>()?)
}

fn least_common_multiple(a: u128, b: u128) -> u128 {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    a / x * b
}

fn expected(case: &Value, currency: Currency) -> anyhow::Result<Vec<i64>> {
    let expected = &case["expected"];
    match (expected["parts_minor"].as_array(), expected["parts"].as_array()) {
        (Some(parts), _) => parts.iter().map(|part| part.as_i64().context("a part")).collect(),
        (None, Some(parts)) => parts.iter().map(|part| minor(part, currency)).collect(),
        (None, None) => anyhow::bail!("no parts are expected"),
    }
}

fn same(expected: &[i64], got: Option<Vec<Money>>) -> Outcome {
    let got: Option<Vec<i64>> = got.map(|parts| parts.into_iter().map(Money::minor).collect());
    if got.as_deref() == Some(expected) {
        Outcome::Passed
    } else {
        Outcome::Failed(format!("expected {expected:?}, got {got:?}"))
    }
}

pub fn check(case: &Value) -> anyhow::Result<Outcome> {
    let input = &case["input"];
    let amount = amount(input)?;
    let ratios = input["ratios"].as_array().context("ratios")?.iter();
    let ratios: Vec<String> = ratios
        .map(|ratio| ratio.as_str().map_or_else(|| ratio.to_string(), str::to_string))
        .collect();
    let method = input["method"].as_str().context("a method")?;
    if matches!(method, "LARGEST_RATIO" | "FLOOR_SEPARATE") {
        return Ok(Outcome::Skipped(format!(
            "we split by largest remainder, not by {method}"
        )));
    }
    let weights = whole_weights(&ratios)?;
    Ok(match method {
        _ if case["expected"]["error"].is_string() => {
            let got = (amount.split(&weights), amount.split_rest_first(&weights));
            if got == (None, None) {
                Outcome::Passed
            } else {
                Outcome::Failed(format!("expected an error, got {got:?}"))
            }
        }
        "LARGEST_REMAINDER" => {
            let expected = expected(case, amount.currency())?;
            let decimals: Result<Vec<Decimal>, _> = ratios.iter().map(|ratio| ratio.parse()).collect();
            match decimals {
                Ok(decimals) if amount.split_by(&decimals) != amount.split(&weights) => {
                    Outcome::Failed("decimals and whole numbers split differently".into())
                }
                _ => same(&expected, amount.split(&weights)),
            }
        }
        "FLOOR_TO_FIRST" => {
            let expected = expected(case, amount.currency())?;
            let is_even = weights.iter().all(|weight| Some(weight) == weights.first());
            let split = amount.split_rest_first(&weights);
            if is_even && amount.split_equally(weights.len()) != split {
                return Ok(Outcome::Failed("equal parts split differently".into()));
            }
            same(&expected, split)
        }
        "SUM_PRESERVING_ONLY" => sum_only(case, amount, &weights)?,
        other => Outcome::Skipped(format!("we do not split by {other}")),
    })
}

fn sum_only(case: &Value, amount: Money, weights: &[u64]) -> anyhow::Result<Outcome> {
    let parts = amount.split(weights).context("nothing to split by")?;
    let total: i128 = weights.iter().map(|&weight| i128::from(weight)).sum();
    let sum: i64 = parts.iter().map(|part| part.minor()).sum();
    let expected = case["expected"]["sum_minor"].as_i64().context("a sum")?;
    let is_near = |(part, weight): (&Money, &u64)| {
        let off_by = i128::from(part.minor()) * total - i128::from(amount.minor()) * i128::from(*weight);
        off_by.abs() <= total
    };
    Ok(if sum == expected && parts.iter().zip(weights).all(is_near) {
        Outcome::Passed
    } else {
        Outcome::Failed(format!("expected {expected} in all, got {parts:?}"))
    })
}
