//! What payments pay of instalments, and what comes back: worked by hand, and laws for any payments.

use proptest::prelude::*;
use time::macros::date;

use super::*;

const ORDERS: [Future; 4] = [Future::Next, Future::Last, Future::Reamortise, Future::Stand];

/// Three rows of 100.00 principal and 5.00 interest on the first of February, March and April.
fn account(future: Future) -> Account {
    let days = [
        date!(2027 - 02 - 01),
        date!(2027 - 03 - 01),
        date!(2027 - 04 - 01),
    ];
    let lines = days.map(|day| Line::new(day, 10_000, 500, Factor::ZERO));
    Account::new(
        lines.to_vec(),
        Order {
            future,
            ..Order::CONTRACT
        },
    )
}

#[test]
fn past_due_is_paid_before_due_and_interest_before_principal() {
    let mut account = account(Future::Next);
    let paid = account.pay(date!(2027 - 03 - 01), 10_700).unwrap();
    // 105.00 of February, then 2.00 of March's interest.
    assert_eq!(
        account.payments[paid].pieces(),
        Pieces {
            interest: 700,
            principal: 10_000,
            ..Pieces::default()
        }
    );
    assert_eq!(
        (account.lines[0].late, account.lines[0].paid_off_on),
        (10_500, Some(date!(2027 - 03 - 01)))
    );
    assert_eq!(account.lines[1].outstanding(), 10_300);
}

#[test]
fn a_charge_counts_from_its_own_day() {
    let mut account = account(Future::Next);
    account.charge(Piece::Fee, date!(2027 - 01 - 20), 300);
    account.pay(date!(2027 - 01 - 10), 200).unwrap();
    assert_eq!(
        account.lines[0].paid,
        Pieces {
            fee: 200,
            ..Pieces::default()
        }
    );
    account.pay(date!(2027 - 01 - 20), 600).unwrap();
    assert_eq!(
        account.lines[0].paid,
        Pieces {
            fee: 300,
            interest: 500,
            ..Pieces::default()
        }
    );
}

#[test]
fn a_loan_written_off_takes_no_payment() {
    let mut account = account(Future::Stand);
    account.pay(date!(2027 - 02 - 01), 10_500).unwrap();
    let given_up = account.write_off();
    assert_eq!(
        given_up,
        Pieces {
            interest: 1_000,
            principal: 20_000,
            ..Pieces::default()
        }
    );
    assert_eq!(
        (account.outstanding(), account.standing()),
        (0, Standing::WrittenOff)
    );
    assert_eq!(
        account.pay(date!(2027 - 05 - 01), 1),
        Err(AllocationError::WrittenOff)
    );
}

#[test]
fn what_comes_back_takes_the_credit_first_and_opens_a_closed_loan() {
    let mut account = account(Future::Next);
    account.pay(date!(2027 - 01 - 10), 31_600).unwrap();
    assert_eq!((account.credit(), account.standing()), (100, Standing::Overpaid));
    account.charged_back(40).unwrap();
    assert_eq!((account.credit(), account.outstanding()), (60, 0));
    account.charged_back(160).unwrap();
    assert_eq!(
        (account.credit(), account.outstanding(), account.standing()),
        (0, 100, Standing::Active)
    );
    assert_eq!(account.charged_back(31_401), Err(AllocationError::TooMuch));
    assert_eq!(account.charged_back(0), Err(AllocationError::Amount));
}

proptest! {
    #[test]
    fn a_payment_that_comes_back_and_is_made_again_leaves_the_same_books(
        first in 1_i64..40_000, second in 1_i64..40_000, day in 0_i64..120, which in 0_usize..4,
    ) {
        let on = date!(2027 - 01 - 10) + time::Duration::days(day);
        let mut once = account(ORDERS[which]);
        let before = once.clone();
        let number = once.pay(on, first).unwrap();
        let paid = once.clone();
        once.returned(number).unwrap();
        prop_assert_eq!(&once.lines, &before.lines);
        prop_assert_eq!(once.returned(number), Err(AllocationError::NoPayment));
        once.pay(on, first).unwrap();
        prop_assert_eq!(&once.lines, &paid.lines);
        // Whichever of two goes back first, both back is nothing paid.
        let mut two = account(ORDERS[which]);
        let (a, b) = (two.pay(on, first).unwrap(), two.pay(on, second).unwrap());
        two.returned(a).unwrap();
        two.returned(b).unwrap();
        prop_assert_eq!(&two.lines, &before.lines);
    }

    #[test]
    fn no_cent_is_lost_and_none_is_owed_below_zero(
        amounts in prop::collection::vec((1_i64..15_000, 0_i64..150), 1..12), which in 0_usize..4,
    ) {
        let mut account = account(ORDERS[which]);
        let mut sum = 0;
        for (amount, day) in amounts {
            account.pay(date!(2027 - 01 - 10) + time::Duration::days(day), amount).unwrap();
            sum += amount;
        }
        let paid: i64 = account.lines.iter().map(|line| line.paid.total()).sum();
        prop_assert_eq!(paid + account.credit(), sum);
        prop_assert_eq!(account.outstanding(), 31_500 - paid);
        prop_assert!(ORDERS[which] == Future::Stand || paid == sum.min(31_500));
        for line in &account.lines {
            prop_assert!(Piece::ALL.iter().all(|&piece| line.open(piece) >= 0));
        }
    }
}
