//! Quotes: worked by hand, refused in words, and never a panic whatever is typed.

use std::collections::HashMap;

use proptest::prelude::*;
use time::macros::date;

use super::*;
use crate::loan::{DayCount, Kind, Period};

const TODAY: Date = date!(2027 - 01 - 15);

fn of(fields: &[(&'static str, &str)]) -> Result<Quote, Vec<FieldRefusal>> {
    let fields: HashMap<_, _> = fields.iter().copied().collect();
    quote(|name| fields.get(name).copied().unwrap_or_default(), TODAY)
}

fn refused(fields: &[(&'static str, &str)]) -> Vec<(&'static str, &'static str)> {
    let refusals = of(fields).unwrap_err();
    refusals.iter().map(|one| (one.field, one.words.id)).collect()
}

#[test]
fn what_is_left_empty_has_its_usual_value() {
    let quote = of(&[("principal", "1200"), ("rate", "6"), ("count", "3")]).unwrap();
    let asked = quote.terms.asked();
    assert_eq!(
        (asked.period, asked.kind, asked.day_count, asked.paid_out_on),
        (
            Period::Monthly,
            Kind::EqualInstalments,
            DayCount::Thirty360,
            TODAY
        )
    );
    // 0.5 % a month of 1 200.00 is 6.00; the instalment is 120 000 × 0.005 / (1 − 1.005⁻³) = 40 400.66 cents, 404.01.
    let rows: Vec<_> = quote
        .rows
        .iter()
        .map(|row| (row.principal.minor(), row.interest.minor()))
        .collect();
    assert_eq!(rows, [(39_801, 600), (40_000, 401), (40_199, 201)]);
    assert_eq!(
        (quote.total.minor(), quote.interest.minor(), quote.cost.minor()),
        (121_202, 1_202, 1_202)
    );
    // 1.005¹² − 1 is 6.1678 %; twelve times 0.5 % is 6 %.
    assert_eq!(quote.apr_told().unwrap().to_string(), "6.2");
    assert_eq!(quote.apr_us_told().unwrap().to_string(), "6.00");
}

#[test]
fn a_first_instalment_alone_says_when_interest_begins() {
    let of = |first, period| {
        let fields = [
            ("principal", "900"),
            ("rate", "12"),
            ("count", "3"),
            ("period", period),
            ("first_due_on", first),
        ];
        let quote = of(&fields).unwrap();
        (quote.terms.asked().paid_out_on, quote.rows[0].interest.minor())
    };
    assert_eq!(of("2027-03-15", "monthly"), (date!(2027 - 02 - 15), 900));
    // From 28 February to 31 March is one month: what falls due on the 31st falls due then in February.
    assert_eq!(of("2027-03-31", "monthly"), (date!(2027 - 02 - 28), 900));
    assert_eq!(of("2027-03-31", "quarterly"), (date!(2026 - 12 - 31), 2_700));
    // Fourteen days of 12 % on 900.00: 90 000 × 0.12 × 14 / 360 = 420 cents.
    assert_eq!(of("2027-03-15", "two-weekly"), (date!(2027 - 03 - 01), 420));
}

#[test]
fn fees_come_off_what_is_paid_out_and_count_in_what_it_costs() {
    let free = [
        ("principal", "1000"),
        ("count", "1"),
        ("kind", "interest-free"),
        ("fees", "10"),
    ];
    let quote = of(&free).unwrap();
    assert_eq!(
        (quote.paid_out.minor(), quote.cost.minor(), quote.total.minor()),
        (99_000, 1_000, 100_000)
    );
    // 1000 / 990 in one month: 12 × 1.0101 % by Appendix J, 1.010101…¹² − 1 = 12.8 % by Annex I.
    assert_eq!(quote.apr_us_told().unwrap().to_string(), "12.12");
    assert_eq!(quote.apr_told().unwrap().to_string(), "12.8");
    let nothing = of(&[
        ("principal", "1000"),
        ("rate", "1"),
        ("count", "1"),
        ("fees", "1000"),
    ])
    .unwrap();
    assert_eq!((nothing.paid_out.minor(), nothing.apr), (0, None));
}

#[test]
fn names_may_be_written_in_many_ways() {
    let typed = [
        ("principal", "1,000.5"),
        ("currency", "eur"),
        ("rate", "4,25 %"),
        ("count", "24"),
        ("period", "Two_Weekly"),
        ("kind", "Equal Principal"),
        ("grace_kind", "deferred-interest"),
        ("grace", "2"),
        ("day_count", "ACT/ACT ISDA"),
        ("paid_out_on", "2027-01-01"),
    ];
    assert_eq!(
        refused(&typed),
        [("principal", "amount-not-a-number")],
        "a thousand is not guessed"
    );
    let mut right = typed.to_vec();
    right[0].1 = "1000,50";
    let quote = of(&right).unwrap();
    let asked = quote.terms.asked();
    assert_eq!(
        (asked.period, asked.day_count, asked.grace),
        (Period::TwoWeekly, DayCount::ActualActual, Grace::deferred(2))
    );
    assert_eq!(GraceKind::of(asked.grace), GraceKind::Deferred);
}

#[test]
fn everything_that_is_wrong_is_said_at_once_beside_its_field() {
    let all = [
        ("principal", "-5"),
        ("rate", "1e3"),
        ("count", "many"),
        ("period", "yearly"),
        ("kind", "balloon"),
        ("grace_kind", "none"),
        ("grace", "3"),
        ("day_count", "30/365"),
        ("paid_out_on", "31.01.2027"),
        ("first_due_on", "2027-02-30"),
        ("fees", "no"),
    ];
    let expected = [
        ("principal", "amount-negative"),
        ("fees", "amount-not-a-number"),
        ("kind", "quote-kind-unknown"),
        ("rate", "quote-rate-not-a-number"),
        ("count", "quote-count-not-a-number"),
        ("period", "quote-period-unknown"),
        ("grace", "quote-grace-of-which-kind"),
        ("day_count", "quote-day-count-unknown"),
        ("paid_out_on", "quote-date-unreadable"),
        ("first_due_on", "quote-date-unreadable"),
    ];
    assert_eq!(refused(&all), expected);
    assert_eq!(
        refused(&[("currency", "XAU"), ("rate", "1"), ("count", "1")]),
        [("currency", "quote-currency-unknown")]
    );
}

#[test]
fn terms_that_cannot_be_are_refused_beside_the_field_to_change() {
    let with = |more: &[(&'static str, &'static str)]| {
        let mut fields = vec![("principal", "1000"), ("rate", "5"), ("count", "12")];
        fields.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        fields.extend(more);
        refused(&fields)
    };
    assert_eq!(
        with(&[("principal", "1000000000000.01")]),
        [("principal", "loan-terms-principal")]
    );
    assert_eq!(with(&[("rate", "1000.01")]), [("rate", "loan-terms-rate")]);
    assert_eq!(
        with(&[("kind", "interest-free")]),
        [("rate", "loan-terms-interest-free")]
    );
    assert_eq!(with(&[("count", "0")]), [("count", "loan-terms-count")]);
    assert_eq!(with(&[("count", "601")]), [("count", "loan-terms-count")]);
    assert_eq!(
        with(&[("grace_kind", "interest-only")]),
        [("grace", "quote-grace-not-a-number")]
    );
    assert_eq!(
        with(&[("grace_kind", "interest-only"), ("grace", "12")]),
        [("grace", "loan-grace-too-long")]
    );
    assert_eq!(with(&[("fees", "1000.01")]), [("fees", "loan-terms-fee")]);
    assert_eq!(
        with(&[("paid_out_on", "1066-10-14")]),
        [("paid_out_on", "quote-date-unreadable")]
    );
    let early = [("paid_out_on", "2027-02-01"), ("first_due_on", "2027-02-01")];
    assert_eq!(with(&early), [("first_due_on", "loan-terms-first-due")]);
    // 3.5 to the power of 599 is more than can be counted.
    let beyond = [("rate", "1000"), ("count", "600"), ("period", "quarterly")];
    assert_eq!(with(&beyond), [("rate", "loan-terms-overflow")]);
}

fn checked(quote: &Quote) {
    let sum = |of: fn(&Row) -> i64| quote.rows.iter().map(of).sum::<i64>();
    assert_eq!(
        sum(|row| row.principal.minor()),
        quote.terms.asked().principal.minor()
    );
    assert_eq!(sum(|row| row.interest.minor()), quote.interest.minor());
    assert_eq!(sum(|row| row.total().minor()), quote.total.minor());
    assert!(
        quote
            .rows
            .iter()
            .all(|row| row.principal.minor() >= 0 && row.interest.minor() >= 0)
    );
}

proptest! {
    // Each looks for two rates of up to 600 rows.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_makes_it_panic(texts in prop::collection::vec(any::<String>(), FIELDS.len())) {
        let fields: Vec<_> = FIELDS.into_iter().zip(texts.iter().map(String::as_str)).collect();
        if let Ok(quote) = of(&fields) {
            checked(&quote);
        }
    }

    #[test]
    fn no_rate_term_amount_or_day_makes_it_panic(
        principal in "[1-9][0-9]{0,15}(\\.[0-9]{2})?",
        rate in "[0-9]{1,4}(\\.[0-9]{0,8})?",
        count in 0_u32..620,
        which in prop::collection::vec(any::<prop::sample::Index>(), 4),
        grace in 0_u32..40,
        days in "(1[89]|2[0123])[0-9]{2}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])",
        first in prop::option::of("(1[89]|2[0123])[0-9]{2}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])"),
        fees in "[0-9]{0,10}",
    ) {
        let (count, grace) = (count.to_string(), grace.to_string());
        let fields = [
            ("principal", principal.as_str()),
            ("rate", &rate),
            ("count", &count),
            ("period", which[0].get(Period::ALL).as_str()),
            ("kind", which[1].get(Kind::ALL).as_str()),
            ("grace_kind", which[2].get(GraceKind::ALL).as_str()),
            ("grace", &grace),
            ("day_count", which[3].get(DayCount::ALL).as_str()),
            ("paid_out_on", &days),
            ("first_due_on", first.as_deref().unwrap_or_default()),
            ("fees", &fees),
        ];
        if let Ok(quote) = of(&fields) {
            checked(&quote);
        }
    }
}
