//! Paying back, by hand-worked cases and by whatever comes.

use proptest::prelude::*;
use time::macros::date;

use super::*;

const AGREED: Agreed = Agreed {
    rate_bp: 600,
    period: Period::Monthly,
    begun_on: date!(2027 - 01 - 15),
    notice: Duration::days(5),
};

/// 1 200.00 at 6 % over three months: 6.00, 4.01, 2.01 interest.
fn rows() -> Vec<Instalment> {
    vec![
        Instalment::new(1, date!(2027 - 02 - 15), 39_801, 600),
        Instalment::new(2, date!(2027 - 03 - 15), 40_000, 401),
        Instalment::new(3, date!(2027 - 04 - 15), 40_199, 201),
    ]
}

fn principal(rows: &[Instalment]) -> i64 {
    rows.iter().map(|row| row.owed.principal).sum()
}

#[test]
fn what_is_due_is_paid_in_the_order_of_the_contract() {
    let mut rows = rows();
    let paid = pay(&mut rows, AGREED, date!(2027 - 02 - 15), 1_000);
    assert_eq!(
        (paid.total.interest, paid.total.principal, paid.beyond),
        (600, 400, 0)
    );
    let rest = pay(&mut rows, AGREED, date!(2027 - 02 - 15), 39_401);
    assert_eq!(rest.total.principal, 39_401);
    assert!(rows[0].is_paid() && !rows[1].is_paid());
}

#[test]
fn an_announced_instalment_may_be_paid_before_its_day() {
    let mut rows = rows();
    let paid = pay(&mut rows, AGREED, date!(2027 - 02 - 10), 40_401);
    assert_eq!(
        paid.rows,
        [(
            1,
            Parts {
                interest: 600,
                principal: 39_801,
                ..Parts::default()
            }
        )]
    );
    assert_eq!(principal(&rows), 120_000);
}

#[test]
fn an_instalment_is_due_for_a_payment_from_the_day_its_contract_announces_it() {
    let early = Agreed {
        notice: Duration::days(14),
        ..AGREED
    };
    let on = date!(2027 - 02 - 01);
    assert_eq!(due(&rows(), early, on).total(), Some(40_401));
    assert_eq!(due(&rows(), AGREED, on).total(), Some(0));
    let paid = pay(&mut rows(), early, on, 40_401);
    assert_eq!((paid.total.interest, paid.total.principal), (600, 39_801));
    // Ahead of that day it is a payment ahead: of 30 days 16 are gone, and 6.00 × 16 / 30 = 3.20.
    assert_eq!(pay(&mut rows(), AGREED, on, 40_401).total.interest, 320);
}

#[test]
fn interest_runs_on_principal_past_due_by_the_day_and_not_on_interest() {
    // 398.01 × 6 % × 20 / 365 = 1.3085…
    let rows = rows();
    assert_eq!(late_interest(&rows, 600, date!(2027 - 03 - 07)), [131, 0, 0]);
    assert_eq!(due(&rows, AGREED, date!(2027 - 03 - 07)).late, 131);
    let mut paying = rows.clone();
    let paid = pay(&mut paying, AGREED, date!(2027 - 03 - 07), 731);
    assert_eq!(
        (paid.total.late, paid.total.interest, paid.total.principal),
        (131, 600, 0)
    );
    assert_eq!(
        late_interest(&paying, 600, date!(2027 - 03 - 07))[0],
        0,
        "counted once"
    );
}

#[test]
fn paying_off_costs_the_principal_and_the_interest_of_the_days_gone() {
    // Half of the first month: 15 of 30 days of 6.00.
    let mut rows = rows();
    let today = date!(2027 - 01 - 30);
    let cost = pay_off(&rows, AGREED, today);
    assert_eq!((cost.principal, cost.interest, cost.late), (120_000, 300, 0));
    let paid = pay(&mut rows, AGREED, today, 120_300);
    assert_eq!((paid.total, paid.beyond), (cost, 0));
    assert!(is_over(&rows));
}

#[test]
fn a_payment_ahead_of_time_reduces_principal_and_shortens_the_term() {
    let mut rows = rows();
    let paid = pay(&mut rows, AGREED, date!(2027 - 01 - 15), 60_000);
    assert_eq!((paid.total.principal, paid.total.interest), (60_000, 0));
    assert_eq!(principal(&rows), 120_000, "nothing of the principal is lost");
    // 600.00 left: 3.00 interest in the first month, and the instalment of 404.01 as before.
    assert_eq!(
        (rows[0].due_on, rows[0].owed.interest),
        (date!(2027 - 02 - 15), 300)
    );
    assert_eq!(rows[0].owed.interest + rows[0].owed.principal, 40_401);
    assert!(rows[2].is_paid(), "the last row fell away");
}

#[test]
fn paying_ahead_settles_the_interest_of_the_days_gone_and_then_principal() {
    // 1 000.00 at 12 % in four instalments of 256.28; the first is paid. 753.72 are owed on 16 February, 15 of 30 days
    // into a period of 7.54: 3.77 of 300.00 are interest, 296.23 principal, and 457.49 are owed from then on.
    let agreed = Agreed {
        rate_bp: 1_200,
        period: Period::Monthly,
        begun_on: date!(2027 - 01 - 01),
        ..AGREED
    };
    let mut rows = vec![
        Instalment::new(1, date!(2027 - 02 - 01), 24_628, 1_000),
        Instalment::new(2, date!(2027 - 03 - 01), 24_874, 754),
        Instalment::new(3, date!(2027 - 04 - 01), 25_123, 505),
        Instalment::new(4, date!(2027 - 05 - 01), 25_375, 254),
    ];
    pay(&mut rows, agreed, date!(2027 - 02 - 01), 25_628);
    let paid = pay(&mut rows, agreed, date!(2027 - 02 - 16), 30_000);
    assert_eq!((paid.total.interest, paid.total.principal), (377, 29_623));
    // The other 15 days bear 3.77 × 457.49 / 753.72 = 2.29; of the instalment 3.77 are paid: 252.51 − 2.29 = 250.22.
    // Then 207.27 are owed for a month, 2.07, and the last row falls away.
    let open = |rows: &[Instalment]| -> Vec<_> {
        rows.iter()
            .map(|row| (row.open().principal, row.open().interest))
            .filter(|open| *open != (0, 0))
            .collect()
    };
    assert_eq!(open(&rows), [(25_022, 229), (20_727, 207)]);
    // On the 23rd 7 of the 15 days are gone: 2.29 × 7 / 15 = 1.07.
    assert_eq!(accrued(&rows, agreed, date!(2027 - 02 - 23)), 107);
    let cost = pay_off(&rows, agreed, date!(2027 - 02 - 23));
    assert_eq!((cost.principal, cost.interest), (45_749, 107));
}

#[test]
fn interest_of_a_grace_is_owed_by_the_day_even_before_a_row_asks_for_it() {
    // 900.00 at 12 %, nothing for two months: the third row asks for three months, 27.00. On 1 March 46 of its
    // 90 days are gone: 13.80.
    let agreed = Agreed {
        rate_bp: 1_200,
        period: Period::Monthly,
        begun_on: date!(2027 - 01 - 15),
        ..AGREED
    };
    let rows = vec![
        Instalment::new(1, date!(2027 - 02 - 15), 0, 0),
        Instalment::new(2, date!(2027 - 03 - 15), 0, 0),
        Instalment::new(3, date!(2027 - 04 - 15), 90_000, 2_700),
    ];
    let cost = pay_off(&rows, agreed, date!(2027 - 03 - 01));
    assert_eq!((cost.principal, cost.interest), (90_000, 1_380));
}

#[test]
fn a_month_has_thirty_days_also_at_its_end_and_a_week_seven() {
    let of = |period, (begun_on, due_on), today| {
        let agreed = Agreed {
            rate_bp: 600,
            period,
            begun_on,
            ..AGREED
        };
        accrued(&[Instalment::new(1, due_on, 10_000, 4_200)], agreed, today)
    };
    // 28 February to 31 March is a month; 15 March is 15 of its 30 days.
    let end = (date!(2027 - 02 - 28), date!(2027 - 03 - 31));
    assert_eq!(of(Period::Monthly, end, date!(2027 - 03 - 15)), 2_100);
    // 29 January to 5 February: 30 January is one day on.
    let week = (date!(2027 - 01 - 29), date!(2027 - 02 - 05));
    assert_eq!(of(Period::Weekly, week, date!(2027 - 01 - 30)), 600);
}

#[test]
fn a_payment_that_comes_back_opens_exactly_what_it_paid() {
    let before = rows();
    let mut rows = before.clone();
    let paid = pay(&mut rows, AGREED, date!(2027 - 02 - 15), 40_000);
    unpay(&mut rows, &paid.rows);
    assert_eq!(rows, before);
    // 0.07 for being late and 0.13 for a day of the second month are interest: the rest of it is principal.
    let early = pay(&mut rows, AGREED, date!(2027 - 02 - 16), 80_401);
    unpay(&mut rows, &early.rows);
    assert_eq!(due(&rows, AGREED, date!(2027 - 02 - 16)).principal, 79_781);
    assert_eq!(rows.iter().map(|row| row.open().principal).sum::<i64>(), 120_000);
}

#[test]
fn buckets_begin_where_they_say() {
    for (days, bucket) in [
        (0, Bucket::OnTime),
        (1, Bucket::To15),
        (15, Bucket::To15),
        (16, Bucket::To30),
        (31, Bucket::To60),
        (61, Bucket::To90),
        (90, Bucket::To90),
        (91, Bucket::Over90),
    ] {
        assert_eq!(Bucket::of(days), bucket, "{days}");
    }
    assert_eq!(days_late(&rows(), date!(2027 - 03 - 20), 100), 33);
    assert_eq!(days_late(&rows(), date!(2027 - 02 - 15), 100), 0);
}

#[test]
fn a_rest_too_small_to_be_charged_is_late_only_when_no_instalment_is_to_come() {
    let mut rows = rows();
    let first = rows[0].owed.total().unwrap();
    let due = rows[0].due_on;
    pay(&mut rows, AGREED, due, first - 99);
    let day = due + time::Duration::days(10);
    assert_eq!(days_late(&rows, day, 100), 0);
    assert_eq!(days_late(&rows, day, 99), 10);
    let only = &rows[..1];
    assert_eq!(
        days_late(only, day, 100),
        10,
        "nothing is to come that could bring it"
    );
}

proptest! {
    #[test]
    fn however_it_is_paid_the_principal_comes_back_exactly(
        days in prop::collection::vec(0_i64..200, 1..12),
        amounts in prop::collection::vec(1_i64..60_000, 12),
    ) {
        let mut days = days;
        days.sort_unstable();
        let (mut rows, mut principal_paid) = (rows(), 0);
        for (day, amount) in days.iter().zip(amounts) {
            let today = date!(2027 - 01 - 15) + time::Duration::days(*day);
            let cost = pay_off(&rows, AGREED, today).total().unwrap();
            let paid = pay(&mut rows, AGREED, today, amount);
            prop_assert_eq!(paid.total.total().unwrap() + paid.beyond, amount);
            prop_assert!(paid.beyond <= (amount - cost).max(0));
            principal_paid += paid.total.principal;
            prop_assert_eq!(rows.iter().map(|row| row.open().principal).sum::<i64>() + principal_paid, 120_000);
            for row in &rows {
                let open = row.open();
                prop_assert!(open.late >= 0 && open.fee >= 0 && open.interest >= 0 && open.principal >= 0, "{row:?}");
            }
        }
        let last = date!(2027 - 12 - 01);
        let rest = pay_off(&rows, AGREED, last).total().unwrap();
        pay(&mut rows, AGREED, last, rest);
        prop_assert!(is_over(&rows));
    }

    #[test]
    fn a_payment_that_is_taken_back_and_made_again_leaves_the_same_books(
        day in 0_i64..130, first in 1_i64..130_000, second in 1_i64..60_000, back_first in any::<bool>(),
    ) {
        let today = date!(2027 - 01 - 15) + time::Duration::days(day);
        let sorted = |rows: &[Instalment]| {
            let mut rows = rows.to_vec();
            rows.sort_by_key(|row| row.number);
            rows
        };
        let mut rows = rows();
        let paid = pay(&mut rows, AGREED, today, first);
        let once = sorted(&rows);
        unpay(&mut rows, &paid.rows);
        prop_assert!(rows.iter().all(|row| row.paid.is_nothing()));
        let again = pay(&mut rows, AGREED, today, first);
        prop_assert_eq!(again.total, paid.total);
        prop_assert_eq!(again.beyond, paid.beyond);
        prop_assert_eq!(&sorted(&rows), &once);
        // Two payments go back in whichever order: then nothing is paid, and all that was lent is owed.
        let other = pay(&mut rows, AGREED, today, second);
        let (one, two) = if back_first { (&again, &other) } else { (&other, &again) };
        unpay(&mut rows, &one.rows);
        unpay(&mut rows, &two.rows);
        prop_assert!(rows.iter().all(|row| row.paid.is_nothing()));
        prop_assert_eq!(principal(&rows), 120_000);
    }

    #[test]
    fn no_rate_amount_or_day_makes_it_panic(
        rate_bp in any::<i32>(), owed in prop::collection::vec((any::<u32>(), any::<u32>(), -4_000_i64..4_000), 0..8),
        amount in any::<i64>(), day in -9_000_i64..9_000,
    ) {
        let agreed = Agreed { rate_bp, ..AGREED };
        let at = |day| date!(2027 - 01 - 15) + time::Duration::days(day);
        let mut rows: Vec<Instalment> = (1..)
            .zip(owed)
            .map(|(number, (principal, interest, day))| {
                Instalment::new(number, at(day), i64::from(principal), i64::from(interest))
            })
            .collect();
        let _ = (due(&rows, agreed, at(day)), pay_off(&rows, agreed, at(day)), days_late(&rows, at(day), 100));
        let paid = pay(&mut rows, agreed, at(day), amount);
        unpay(&mut rows, &paid.rows);
    }
}
