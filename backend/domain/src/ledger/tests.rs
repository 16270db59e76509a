//! What a movement and an entry may be.

use time::macros::datetime;
use uuid::Uuid;

use super::*;
use crate::money::Currency;

fn eur(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

#[test]
fn a_movement_takes_something_from_one_account_to_another() {
    use AccountCode::*;
    assert!(Movement::new(Provider, Held, eur(1)).is_ok());
    assert_eq!(
        Movement::new(Provider, Held, eur(0)),
        Err(EntryError::NotPositive(eur(0)))
    );
    assert_eq!(
        Movement::new(Provider, Held, eur(-1)),
        Err(EntryError::NotPositive(eur(-1)))
    );
    assert_eq!(
        Movement::new(Held, Held, eur(1)),
        Err(EntryError::SameAccount(Held.into()))
    );
    let mixed = EntryError::MemoAgainstMoney {
        debit: Promise.into(),
        credit: Held.into(),
    };
    assert_eq!(Movement::new(Promise, Held, eur(1)), Err(mixed));
    assert!(Movement::new(Promise, Promised, eur(1)).is_ok());
}

#[test]
fn a_lenders_account_is_that_of_one_share() {
    use AccountCode::*;
    let of = |share| Account::of_share(Lender, Uuid::from_u128(share));
    assert!(Movement::new(Pending, of(1), eur(1)).is_ok());
    assert!(Movement::new(of(1), of(2), eur(1)).is_ok());
    assert_eq!(
        Movement::new(Pending, Lender, eur(1)),
        Err(EntryError::WhichAccount(Lender.into()))
    );
    let held = Account::of_share(Held, Uuid::from_u128(1));
    assert_eq!(
        Movement::new(Provider, held, eur(1)),
        Err(EntryError::WhichAccount(held))
    );
}

#[test]
fn balances_grow_in_the_usual_direction_of_their_account() {
    assert_eq!(balance_change(AccountCode::Provider, Side::Debit, eur(5)), 5);
    assert_eq!(balance_change(AccountCode::Held, Side::Credit, eur(5)), 5);
    assert_eq!(balance_change(AccountCode::Held, Side::Debit, eur(5)), -5);
    assert_eq!(balance_change(AccountCode::PlatformTips, Side::Credit, eur(5)), 5);
    assert_eq!(
        balance_change(AccountCode::PlatformProviderCosts, Side::Debit, eur(5)),
        5
    );
    assert_eq!(balance_change(AccountCode::Promised, Side::Credit, eur(5)), -5);
}

#[test]
fn only_what_is_owed_may_not_go_below_zero() {
    let fixed: Vec<_> = AccountCode::ALL
        .iter()
        .copied()
        .filter(|&code| !may_go_negative(code))
        .collect();
    assert_eq!(
        fixed,
        [
            AccountCode::Held,
            AccountCode::Tax,
            AccountCode::Payable,
            AccountCode::HeldLoan,
            AccountCode::Pending,
            AccountCode::Lender
        ]
    );
}

#[test]
fn an_entry_has_movements_and_a_cause_of_one_word() {
    let book = BookId::from_uuid(Uuid::from_u128(1));
    let at = datetime!(2026-11-22 13:00:00.123456789 +01:00);
    let movement = Movement::new(AccountCode::Provider, AccountCode::Held, eur(1)).unwrap();
    let build = |id: &str, movements| NewEntry::new(book, Cause::new(EntryKind::Charge, id), at, movements);
    assert_eq!(build("ch_1", vec![]), Err(EntryError::Empty));
    for id in ["", "ch 1", "ch\n1", "þ"] {
        assert_eq!(build(id, vec![movement]), Err(EntryError::Cause), "{id:?}");
    }
    let entry = build("ch_1", vec![movement]).unwrap();
    assert_eq!(entry.at(), datetime!(2026-11-22 12:00:00.123456 UTC));
    assert_eq!(entry.at().offset(), UtcOffset::UTC);
}
