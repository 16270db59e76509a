//! `felag loan quote`: JSON in, a table or JSON out, and words for what cannot be quoted.

use std::fs;

use felag_tests::program::{Program, Said};
use serde_json::Value;

use super::felag;

/// Quotes the terms from a file.
fn quote(felag: &Program, terms: &str, more: &[&str]) -> Said {
    let file = felag.data_dir.join("terms.json");
    fs::write(&file, terms).unwrap();
    let file = file.display().to_string();
    felag.run(&[&["loan", "quote", &file], more].concat())
}

#[test]
fn terms_become_a_table_or_json_to_the_cent() {
    let felag = felag();
    let terms = r#"{"principal": "1200.00", "rate": 6, "count": 3, "paid_out_on": "2027-01-15"}"#;
    let table = quote(&felag, terms, &[]).ok();
    for words in [
        "1  2027-02-15     398.01      6.00      404.01  801.99",
        "3  2027-04-15     401.99      2.01      404.00    0.00",
        "Paid back     1212.02 EUR",
        "APR (EU)      6.2 %",
        "APR (US)      6.00 %",
    ] {
        assert!(table.contains(words), "{words}\n{table}");
    }
    let json: Value = serde_json::from_str(&quote(&felag, terms, &["--json"]).ok()).unwrap();
    assert_eq!(json["rows"][2]["principal"], "401.99");
    assert_eq!(json["rows"][2]["left"], "0.00");
    assert_eq!(json["totals"]["interest"], "12.02");
    assert_eq!(json["apr"]["eu_percent"], "6.2");
    assert_eq!(json["terms"]["kind"], "equal_instalments");
    assert!(!felag.data_dir.join("postgres").exists(), "it needs no database");
}

#[test]
fn every_term_can_be_said_and_grace_is_an_object() {
    let felag = felag();
    let terms = r#"{"principal": 90000, "currency": "JPY", "rate": "12", "count": 4, "period": "two-weekly",
        "kind": "equal-principal", "grace": {"kind": "deferred-interest", "count": 1}, "day-count": "actual/364",
        "first due date": "2027-02-15", "fees": 900}"#;
    let json: Value = serde_json::from_str(&quote(&felag, terms, &["--json"]).ok()).unwrap();
    assert_eq!(json["terms"]["paid_out_on"], "2027-02-01");
    assert_eq!(json["terms"]["grace"]["count"], 1);
    // 14 days of 364 are a 26th: 90 000 × 0.12 / 26 = 415.38; two of them fall due with the second row.
    assert_eq!(
        (&json["rows"][0]["interest"], &json["rows"][1]["interest"]),
        (&"0".into(), &"830".into())
    );
    assert_eq!(json["totals"]["paid_out"], "89100");
}

#[test]
fn what_cannot_be_quoted_is_refused_in_words_with_exit_code_1() {
    let felag = felag();
    let cases = [
        ("{", "the terms are not JSON"),
        ("[1]", "one JSON object"),
        (
            r#"{"principal": 1, "rente": 5}"#,
            "rente is no key of a quote; the keys are principal",
        ),
        (r#"{"grace": {"months": 5}}"#, "months is no key of grace"),
        (r#"{"principal": [1]}"#, "principal is a text or a number"),
        (r#"{"fee": 1, "fees": 1}"#, "is given twice"),
        (r#"{"principal": 1234567890123.4567}"#, "write it as a text"),
        (
            r#"{"principal": 1000, "rate": 5, "count": 0}"#,
            "count: There are 1 to 600 instalments.",
        ),
        (
            r#"{"principal": 1000, "rate": 5, "count": -3}"#,
            "count: Write how many",
        ),
        (
            r#"{"principal": 1000, "rate": -5, "count": 3}"#,
            "rate: Write the rate in percent",
        ),
        (
            r#"{"principal": 1000, "rate": 1e300, "count": 3}"#,
            "rate: Write the rate in percent",
        ),
        (
            r#"{"principal": 1000, "rate": 1001, "count": 3}"#,
            "rate: The rate is 1000 % a year at most.",
        ),
        (
            r#"{"principal": 1000, "rate": 1000, "count": 600, "period": "quarterly"}"#,
            "rate: The interest of these terms is more than can be counted.",
        ),
        (
            r#"{"principal": "1e30", "rate": 5, "count": 3}"#,
            "principal: Write the amount as a plain number",
        ),
        (r#"{"principal": 9e18, "rate": 5, "count": 3}"#, "principal:"),
        (
            r#"{"principal": 1000, "rate": 5, "count": 3, "first_due_on": "99999-01-01"}"#,
            "first_due_on: Write a day from 1900 to 2200",
        ),
        (
            r#"{"principal": "10.005", "rate": 5, "count": 3}"#,
            "principal: Write at most 2 decimals.",
        ),
    ];
    for (terms, words) in cases {
        let said = quote(&felag, terms, &[]).refused(1);
        assert!(said.contains(words), "{terms}: {said}");
        assert!(!said.contains("panicked"), "{said}");
    }
    let said = felag.run(&["loan", "quote", "nowhere.json"]).refused(1);
    assert!(said.contains("nowhere.json"), "{said}");
}
