//! Being late and new plans: worked by hand.

use time::macros::date;

use super::*;
use crate::{
    loan::{Asked, DayCount, Grace, Kind, Terms, allocation::Order},
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
    let rate = Rate::from_basis_points(1_200);
    // 246.28 twelve days late: 24 628 × 0.12 × 12 / 365 = 97.16 cents.
    assert_eq!(late_interest(rate, [(24_628, 12)]), Some(vec![97]));
    // And 248.74 ten days: 24 628 × 38 + 24 874 × 10 = 1 184 604 cent-days; × 0.12 / 365 = 389.46 in all. Of that the
    // first row has 307.68, so 308.
    assert_eq!(
        late_interest(rate, [(24_628, 38), (24_874, 10)]),
        Some(vec![308, 81])
    );
    // Paid on the day: none. At 0 %: none. Beyond what can be counted: nothing is guessed.
    assert_eq!(late_interest(rate, [(24_628, 0), (24_874, -3)]), Some(vec![0, 0]));
    assert_eq!(
        late_interest(Rate::from_basis_points(0), [(24_628, 38)]),
        Some(vec![0])
    );
    assert_eq!(late_interest(rate, [(i64::MAX, i64::MAX)]), None);
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
}
