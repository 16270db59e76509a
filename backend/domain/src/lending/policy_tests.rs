//! What sets of rules allow, and how they are written.

use super::*;

fn eur(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

#[test]
fn a_warning_stands_before_more_than_a_thousand_or_a_twentieth_of_what_somebody_owns() {
    let above = |worth| EUROPEAN.warning_above(worth, Currency::EUR);
    assert_eq!(above(None), eur(100_000));
    assert_eq!(above(Some(eur(1_000_000))), eur(100_000));
    assert_eq!(above(Some(eur(4_000_000))), eur(200_000));
}

#[test]
fn a_policy_that_is_not_known_is_the_european_one() {
    assert_eq!(named("interest-free"), INTEREST_FREE);
    assert_eq!(named("of tomorrow"), EUROPEAN);
}

#[test]
fn a_set_is_written_as_a_known_one_and_what_differs() {
    let text = "european rate_max=12.5 reflection_days=14 lender_cap=10000";
    let policy: Policy = text.parse().unwrap();
    assert_eq!((policy.rate_max_bp, policy.reflection_days), (1_250, 14));
    assert_eq!((policy.lender_cap_major, policy.has_tests), (10_000, true));
    assert_eq!(policy.to_string(), text);
    assert_eq!(EUROPEAN.to_string(), "european");
    assert_eq!(
        "reflection_days=14".parse(),
        "european reflection_days=14".parse::<Policy>()
    );
    for bad in [
        "",
        "asian",
        "european rate_max=-1",
        "european rate_max=12.345",
        "european rate_max=101",
        "european tests=perhaps",
        "european reflection_days=61",
        "european project_cap=-5",
        "european lender_worth_percent=101",
        "european notice_days=1",
        "european notice_days=31",
        "european pending_days=6",
        "european pending_days=81",
        "european confirm_days=0",
        "european vote_days=2",
        "european colour=blue",
        "european reflection_days",
    ] {
        assert!(bad.parse::<Policy>().is_err(), "{bad}");
    }
}

#[test]
fn days_of_repaying_are_rules_and_a_loan_of_before_has_the_ones_it_was_made_under() {
    let old = named("european rate_max=12.5");
    let days = |one: &Policy| (one.notice_days, one.pending_days, one.confirm_days, one.vote_days);
    assert_eq!(days(&old), (5, 7, 5, 14));
    let text = "european notice_days=14 pending_days=10 confirm_days=3 vote_days=21";
    let policy: Policy = text.parse().unwrap();
    assert_eq!(days(&policy), (14, 10, 3, 21));
    assert_eq!(policy.to_string(), text);
    assert_eq!(
        (policy.notice(), policy.pending()),
        (Duration::days(14), Duration::days(10))
    );
}

#[test]
fn countries_have_sets_of_their_own() {
    let text = "european; IS: european reflection_days=14; NO: interest-free may_hold_balances=yes";
    let policies: Policies = text.parse().unwrap();
    assert_eq!(policies.of("IS").reflection_days, 14);
    assert_eq!(
        (policies.of("NO").rate_max_bp, policies.of("NO").may_hold_balances),
        (0, true)
    );
    assert_eq!((policies.of("DE"), policies.of("")), (&EUROPEAN, &EUROPEAN));
    assert_eq!(policies.to_string(), text);
    for bad in [
        "",
        "european; Iceland: interest-free",
        "european; IS",
        "european; IS:",
        "; is: european",
    ] {
        assert!(bad.parse::<Policies>().is_err(), "{bad}");
    }
}

#[test]
fn a_limit_is_the_cap_or_a_part_of_what_somebody_owns_whichever_is_less() {
    let policy: Policy = "lender_cap=1000 lender_worth_percent=10".parse().unwrap();
    let most = |worth| policy.lender_most(worth, Currency::EUR);
    assert_eq!(most(Some(eur(500_000))), Some(eur(50_000)));
    assert_eq!(most(Some(eur(5_000_000))), Some(eur(100_000)));
    assert_eq!(most(None), Some(eur(0)));
    assert_eq!(EUROPEAN.lender_most(None, Currency::EUR), None);
}
