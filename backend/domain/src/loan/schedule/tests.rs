//! Schedules: worked by hand, and laws that hold for any terms.

use proptest::prelude::*;
use time::macros::date;

use super::*;
use crate::loan::{DayCount, Grace, Period, Terms, TermsError};
use crate::{money::Currency, rate::Rate};

fn eur(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

fn asked(principal: i64, basis_points: u32, count: u32) -> Asked {
    Asked {
        principal: eur(principal),
        rate: Rate::from_basis_points(basis_points),
        count,
        period: Period::Monthly,
        kind: Kind::EqualInstalments,
        grace: Grace::NONE,
        day_count: DayCount::Thirty360,
        paid_out_on: date!(2027 - 01 - 31),
        first_due_on: None,
        fee: eur(0),
    }
}

fn bare(asked: Asked) -> Vec<(i64, i64)> {
    let schedule = Terms::new(asked).unwrap().schedule();
    let row = |row: &Row| (row.principal.minor(), row.interest.minor());
    schedule.rows.iter().map(row).collect()
}

#[test]
fn the_last_instalment_absorbs_every_cent() {
    // 1000.00 at 12 % in three months: the instalment is 340.022…, and the last row pays what is left.
    let rows = bare(asked(100_000, 1_200, 3));
    assert_eq!(rows, [(33_002, 1_000), (33_332, 670), (33_666, 337)]);
    assert_eq!(33_666 + 337, 34_003, "a cent more than the others");
}

#[test]
fn each_kind_pays_back_in_its_own_way() {
    let of = |kind| {
        bare(Asked {
            kind,
            ..asked(90_000, 1_200, 3)
        })
    };
    assert_eq!(
        of(Kind::EqualPrincipal),
        [(30_000, 900), (30_000, 600), (30_000, 300)]
    );
    assert_eq!(of(Kind::Flat), [(30_000, 900), (30_000, 900), (30_000, 900)]);
    assert_eq!(of(Kind::Bullet), [(0, 900), (0, 900), (90_000, 900)]);
    let free = Asked {
        kind: Kind::InterestFree,
        ..asked(100_000, 0, 3)
    };
    assert_eq!(bare(free), [(33_333, 0), (33_333, 0), (33_334, 0)]);
}

#[test]
fn grace_asks_for_less_at_first() {
    let of = |grace| {
        bare(Asked {
            grace,
            kind: Kind::EqualPrincipal,
            ..asked(90_000, 1_200, 4)
        })
    };
    assert_eq!(
        of(Grace::interest_only(1)),
        [(0, 900), (30_000, 900), (30_000, 600), (30_000, 300)]
    );
    assert_eq!(
        of(Grace::deferred(2)),
        [(0, 0), (0, 0), (45_000, 2_700), (45_000, 450)]
    );
}

#[test]
fn a_broken_first_period_bears_its_own_days() {
    // From 31 January to 15 March under 30/360: 45 days, 45/360 of 12 % on 1000.00 is 15.00.
    let asked = Asked {
        first_due_on: Some(date!(2027 - 03 - 15)),
        kind: Kind::Bullet,
        ..asked(100_000, 1_200, 2)
    };
    assert_eq!(bare(asked), [(0, 1_500), (100_000, 1_000)]);
}

#[test]
fn terms_that_make_no_sense_are_refused() {
    let refused = |asked| Terms::new(asked).unwrap_err();
    let good = asked(100_000, 500, 12);
    assert_eq!(
        refused(Asked {
            principal: eur(0),
            ..good
        }),
        TermsError::Principal
    );
    assert_eq!(refused(Asked { count: 0, ..good }), TermsError::Count);
    assert_eq!(
        refused(Asked {
            grace: Grace::deferred(12),
            ..good
        }),
        TermsError::Grace
    );
    assert_eq!(
        refused(Asked {
            kind: Kind::InterestFree,
            ..good
        }),
        TermsError::InterestFree
    );
    let early = Some(date!(2027 - 01 - 31));
    assert_eq!(
        refused(Asked {
            first_due_on: early,
            ..good
        }),
        TermsError::FirstDue
    );
    assert_eq!(refused(Asked { fee: eur(-1), ..good }), TermsError::Fee);
}

#[test]
fn a_payment_that_does_not_cover_the_interest_never_ends() {
    let month = Factor::new(1, 12).at(Rate::from_basis_points(1_200));
    assert_eq!(run_off(100_000, month, 1_000), None);
    assert_eq!(run_off(100_000, month, 101_000), Some((1, 101_000)));
}

fn any_asked() -> impl Strategy<Value = Asked> {
    let kind = prop::sample::select(Kind::ALL);
    let period = prop::sample::select(Period::ALL);
    let day_count = prop::sample::select(DayCount::ALL);
    (
        1_i64..50_000_000,
        0_u32..20_000,
        1_u32..120,
        kind,
        period,
        day_count,
        0_u32..6,
        0_u32..6,
        1_i64..100,
    )
        .prop_map(
            |(principal, rate, count, kind, period, day_count, grace, silent, first)| Asked {
                rate: Rate::from_basis_points(if kind == Kind::InterestFree { 0 } else { rate }),
                period,
                kind,
                grace: Grace {
                    principal: grace.min(count - 1),
                    interest: silent.min(count - 1),
                },
                day_count,
                first_due_on: (first % 2 == 0).then(|| date!(2027 - 01 - 31) + time::Duration::days(first)),
                ..asked(principal, rate, count)
            },
        )
}

proptest! {
    #[test]
    fn every_schedule_pays_back_exactly_what_was_lent(asked in any_asked()) {
        let schedule = Terms::new(asked).unwrap().schedule();
        let sum = |of: fn(&Row) -> i64| schedule.rows.iter().map(of).sum::<i64>();
        prop_assert_eq!(schedule.rows.len(), asked.count as usize);
        prop_assert_eq!(sum(|row| row.principal.minor()), asked.principal.minor());
        prop_assert_eq!(sum(|row| row.interest.minor()), schedule.interest.minor());
        prop_assert!(schedule.rows.iter().all(|row| row.principal.minor() >= 0 && row.interest.minor() >= 0));
        prop_assert!(schedule.rows.iter().all(|row| row.left.minor() >= 0));
        prop_assert!(schedule.rows.last().is_some_and(|row| row.left.is_zero()));
    }

    #[test]
    fn no_terms_panic(principal in any::<i64>(), rate in any::<u32>(), count in 0_u32..700, grace in any::<u32>()) {
        let asked = Asked { grace: Grace { principal: grace, interest: grace / 2 }, ..asked(principal, rate, count) };
        let _ = Terms::new(asked).map(|terms| terms.schedule());
    }
}
