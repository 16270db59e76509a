//! Paying back, by hand-worked cases and by whatever comes.

use proptest::prelude::*;
use time::macros::date;

use super::*;

const AGREED: Agreed = Agreed {
    rate_bp: 600,
    begun_on: date!(2027 - 01 - 15),
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
    assert_eq!(days_late(&rows(), date!(2027 - 03 - 20)), 33);
    assert_eq!(days_late(&rows(), date!(2027 - 02 - 15)), 0);
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
}
