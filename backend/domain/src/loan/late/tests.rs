//! Being late and new plans: worked by hand.

use proptest::prelude::*;
use time::macros::date;

use super::*;
use crate::{
    loan::{Asked, Grace, Kind, Terms, allocation::Order},
    money::{Currency, Money},
};

const BEGUN: Date = date!(2027 - 01 - 01);

/// 1 000.00 at 12 % in four monthly instalments of 256.28 (interest 10.00, 7.54, 5.05, 2.54).
fn account() -> Account {
    let terms = Terms::new(Asked {
        principal: Money::from_minor(100_000, Currency::EUR),
        rate: Rate::from_basis_points(1_200),
        count: 4,
        period: Period::Monthly,
        kind: Kind::EqualInstalments,
        grace: Grace::NONE,
        day_count: DayCount::Thirty360,
        paid_out_on: BEGUN,
        first_due_on: None,
        fee: Money::zero(Currency::EUR),
    })
    .unwrap();
    let rows = terms.schedule().rows;
    let lines = rows
        .iter()
        .zip(terms.factors())
        .map(|(row, factor)| Line::new(row.due_on, row.principal.minor(), row.interest.minor(), *factor));
    let mut account = Account::new(lines.collect(), Order::CONTRACT);
    account.instalment = Some(25_628);
    account
}

#[test]
fn late_interest_is_simple_on_principal_past_due_and_rounded_once() {
    let account = account();
    let rate = Rate::from_basis_points(1_200);
    // February's principal is 256.28 − 10.00 = 246.28. Twelve days late: 24 628 × 0.12 × 12 / 365 = 97.16 cents.
    assert_eq!(
        account.late_interest(rate, BEGUN, date!(2027 - 02 - 13)),
        Some(97)
    );
    // On 11 March also ten days of 248.74: 24 628 × 38 + 24 874 × 10 = 1 184 604 cent-days; × 0.12 / 365 = 389.46.
    assert_eq!(
        account.late_interest(rate, BEGUN, date!(2027 - 03 - 11)),
        Some(389)
    );
    // Paid on the day: none. At 0 %: none.
    assert_eq!(account.late_interest(rate, BEGUN, date!(2027 - 02 - 01)), Some(0));
    assert_eq!(
        account.late_interest(Rate::from_basis_points(0), BEGUN, date!(2027 - 03 - 11)),
        Some(0)
    );
}

#[test]
fn paying_off_early_costs_principal_and_the_interest_of_the_days_gone() {
    let mut account = account();
    account.pay(date!(2027 - 02 - 01), 25_628).unwrap();
    // 1 000.00 − 246.28 = 753.72 owed. 16 February is 15 of 30 days into March's period: 754 / 2 = 377 cents.
    let cost = account
        .pay_off(BEGUN, date!(2027 - 02 - 16), DayCount::Thirty360)
        .unwrap();
    assert_eq!(
        (cost.principal, cost.interest, cost.total()),
        (75_372, 377, 75_749)
    );
    // On the due date the whole month's interest is owed, and nothing of April's.
    let cost = account
        .pay_off(BEGUN, date!(2027 - 03 - 01), DayCount::Thirty360)
        .unwrap();
    assert_eq!((cost.principal, cost.interest), (75_372, 754));
}

#[test]
fn a_part_paid_ahead_reduces_principal_that_day_and_shortens_the_term() {
    let mut account = account();
    account.pay(date!(2027 - 02 - 01), 25_628).unwrap();
    // 300.00 on 16 February: 753.72 − 300.00 = 453.72 owed. March's interest: 15 days on 753.72 (377 of 754 cents) and
    // 15 days on 453.72 (454 − 227 = 227): 604. Principal 256.28 − 6.04 = 250.24; 203.48 left.
    account
        .pay_and_recast(BEGUN, date!(2027 - 02 - 16), 30_000, DayCount::Thirty360)
        .unwrap();
    let open: Vec<_> = account.lines[1..]
        .iter()
        .map(|line| (line.open(Piece::Principal), line.open(Piece::Interest)))
        .collect();
    assert_eq!(open, [(25_024, 604), (20_348, 203), (0, 0)]);
}

#[test]
fn a_holiday_moves_the_end_and_its_interest_waits() {
    let mut account = account();
    account.pay(date!(2027 - 02 - 01), 25_628).unwrap();
    let plan = NewPlan {
        from: date!(2027 - 03 - 01),
        starts_on: None,
        period: Period::Monthly,
        extra: 0,
        holiday: 1,
    };
    account.reschedule(plan).unwrap();
    assert_eq!(account.lines.len(), 5);
    assert_eq!(account.lines[1].outstanding(), 0);
    // Two months of 1 % on 753.72: 754 + 754 cents with April's row.
    assert_eq!(
        (account.lines[2].due_on, account.lines[2].owed.interest),
        (date!(2027 - 04 - 01), 1_508)
    );
    let principal: i64 = account.lines.iter().map(|line| line.owed.principal).sum();
    assert_eq!(principal, 100_000);
}

#[test]
fn a_pause_stops_the_age_and_overlapping_pauses_count_once() {
    let due = date!(2027 - 02 - 01);
    let pause = |from, until| Pause { from, until };
    let pauses = [
        pause(date!(2027 - 02 - 11), Some(date!(2027 - 02 - 21))),
        pause(date!(2027 - 02 - 16), Some(date!(2027 - 02 - 26))),
    ];
    assert_eq!(age(due, date!(2027 - 03 - 03), &[]), 30);
    assert_eq!(age(due, date!(2027 - 03 - 03), &pauses), 15);
    assert_eq!(
        age(due, date!(2027 - 03 - 03), &[pause(date!(2027 - 01 - 01), None)]),
        0
    );
    assert_eq!(defaults_on(due), date!(2027 - 05 - 03));
}

proptest! {
    #[test]
    fn whatever_is_paid_ahead_principal_stays_whole(amount in 1_i64..120_000, day in 0_i64..140) {
        let mut account = account();
        let on = BEGUN + Duration::days(day);
        account.pay_and_recast(BEGUN, on, amount, DayCount::Thirty360).unwrap();
        let principal: i64 = account.lines.iter().map(|line| line.owed.principal).sum();
        prop_assert_eq!(principal, 100_000);
        for line in &account.lines {
            prop_assert!(Piece::ALL.iter().all(|&piece| line.open(piece) >= 0));
        }
        let off = account.pay_off(BEGUN, on, DayCount::Thirty360).unwrap();
        prop_assert!(off.total() >= 0);
    }
}
