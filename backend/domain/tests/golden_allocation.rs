//! Splits, against published cases nobody on this project wrote (`tests/golden/allocation.json`).

#![expect(clippy::unwrap_used, reason = "a test")]

use felag_domain::money::{Currency, Money};
use rust_decimal::Decimal;
use serde_json::Value;

const CASES: &str = include_str!("../../../tests/golden/allocation.json");

/// The whole amount, in minor units: given as such, or with the decimals of its currency.
fn amount(input: &Value) -> Money {
    match (input["amount_minor"].as_i64(), input["amount"].as_str()) {
        (Some(minor), _) => Money::from_minor(minor, Currency::EUR),
        (None, Some(text)) => {
            let currency = input["currency"].as_str().unwrap().parse().unwrap();
            Money::from_minor(minor(text, currency), currency)
        }
        (None, None) => panic!("a case without an amount: {input}"),
    }
}

fn minor(text: &str, currency: Currency) -> i64 {
    let minor = text.parse::<Decimal>().unwrap() * Decimal::from(currency.minor_per_major());
    assert!(minor.is_integer(), "{text}");
    i64::try_from(minor).unwrap()
}

/// Weights as whole numbers: `1/3` and `2/3` are 1 and 2.
fn whole_weights(ratios: &[String]) -> Vec<u64> {
    let parse = |text: &str| {
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let scale = 10_u128.pow(u32::try_from(decimals.len()).unwrap());
        (format!("{whole}{decimals}").parse::<u128>().unwrap(), scale)
    };
    let fraction = |text: &String| {
        let (over, under) = text.split_once('/').unwrap_or((text, "1"));
        let ((over, over_scale), (under, under_scale)) = (parse(over), parse(under));
        (over * under_scale, under * over_scale)
    };
    let fractions: Vec<(u128, u128)> = ratios.iter().map(fraction).collect();
    let denominator = fractions
        .iter()
        .map(|&(_, under)| under)
        .fold(1, least_common_multiple);
    fractions
        .iter()
        .map(|&(over, under)| u64::try_from(over * (denominator / under)).unwrap())
        .collect()
}

fn least_common_multiple(a: u128, b: u128) -> u128 {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    a / x * b
}

fn expected(case: &Value, currency: Currency) -> Vec<i64> {
    let expected = &case["expected"];
    match (expected["parts_minor"].as_array(), expected["parts"].as_array()) {
        (Some(parts), _) => parts.iter().map(|part| part.as_i64().unwrap()).collect(),
        (None, Some(parts)) => parts
            .iter()
            .map(|part| minor(part.as_str().unwrap(), currency))
            .collect(),
        (None, None) => panic!("a case without parts: {case}"),
    }
}

fn minors(parts: Option<Vec<Money>>) -> Vec<i64> {
    parts.unwrap().into_iter().map(Money::minor).collect()
}

/// Checks one case; whether its method is one of ours.
fn check(case: &Value) -> bool {
    let (id, input) = (&case["id"], &case["input"]);
    let amount = amount(input);
    let ratios: Vec<String> = input["ratios"]
        .as_array()
        .unwrap()
        .iter()
        .map(|ratio| ratio.as_str().unwrap().to_owned())
        .collect();
    let weights = whole_weights(&ratios);
    match input["method"].as_str().unwrap() {
        "LARGEST_REMAINDER" => {
            assert_eq!(
                minors(amount.split(&weights)),
                expected(case, amount.currency()),
                "{id}"
            );
            let decimals: Result<Vec<Decimal>, _> = ratios.iter().map(|ratio| ratio.parse()).collect();
            if let Ok(decimals) = decimals {
                assert_eq!(amount.split_by(&decimals), amount.split(&weights), "{id}");
            }
        }
        "FLOOR_TO_FIRST" => {
            let expected = expected(case, amount.currency());
            assert_eq!(minors(amount.split_rest_first(&weights)), expected, "{id}");
            if weights.iter().all(|weight| *weight == weights[0]) {
                assert_eq!(minors(amount.split_equally(weights.len())), expected, "{id}");
            }
        }
        "SUM_PRESERVING_ONLY" => {
            let parts = minors(amount.split(&weights));
            let total: i128 = weights.iter().map(|&weight| i128::from(weight)).sum();
            assert_eq!(
                parts.iter().sum::<i64>(),
                case["expected"]["sum_minor"].as_i64().unwrap(),
                "{id}"
            );
            for (part, weight) in parts.iter().zip(&weights) {
                let off_by = i128::from(*part) * total - i128::from(amount.minor()) * i128::from(*weight);
                assert!(off_by.abs() <= total, "{id}");
            }
        }
        "any" => {
            assert!(case["expected"]["error"].is_string(), "{id}");
            assert_eq!(
                (amount.split(&weights), amount.split_rest_first(&weights)),
                (None, None),
                "{id}"
            );
        }
        method @ ("LARGEST_RATIO" | "FLOOR_SEPARATE") => {
            println!("skipped {id}: Felag splits by largest remainder, not by {method}");
            return false;
        }
        method => panic!("{id}: unknown method {method}"),
    }
    true
}

#[test]
fn every_published_split_of_our_methods_comes_out_to_the_cent() {
    let cases: Vec<Value> = serde_json::from_str(CASES).unwrap();
    let checked = cases.iter().filter(|case| check(case)).count();
    assert!(
        checked >= 30,
        "only {checked} of {} cases were checked",
        cases.len()
    );
}
