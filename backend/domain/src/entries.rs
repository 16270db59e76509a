//! The entries of Felag's money events: which accounts each of them moves, in one place.

mod given_back;
pub mod kept;
pub mod loan;
pub mod share;

pub use given_back::{Pot, Taken, dispute_opened, dispute_won, refund_asked, refund_failed, refund_left};

use time::OffsetDateTime;

use crate::{
    ids::{BookId, PledgeId},
    ledger::{Account, AccountCode, Cause, EntryError, EntryKind, Movement, NewEntry},
    money::Money,
};

/// A card was saved: the promise of `amount` is opened.
///
/// # Errors
/// [`EntryError::NotPositive`].
pub fn card_saved(
    book: BookId,
    pledge: PledgeId,
    amount: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let cause = Cause::new(EntryKind::CardSaved, pledge.to_string());
    NewEntry::new(book, cause, at, vec![open_promise(amount)?])
}

/// A promise was changed from one amount to another: the difference is booked. `None` if they are
/// the same. `cause` names this one change; a pledge may be changed many times.
///
/// # Errors
/// [`EntryError::Money`] if the amounts are in different currencies, [`EntryError::Cause`].
pub fn pledge_changed(
    book: BookId,
    cause: &str,
    from: Money,
    to: Money,
    at: OffsetDateTime,
) -> Result<Option<NewEntry>, EntryError> {
    let more = to.checked_sub(from)?;
    let movement = if more.is_positive() {
        open_promise(more)?
    } else if more.is_negative() {
        close_promise(from.checked_sub(to)?)?
    } else {
        return Ok(None);
    };
    NewEntry::new(
        book,
        Cause::new(EntryKind::PledgeChanged, cause),
        at,
        vec![movement],
    )
    .map(Some)
}

/// A promise of `amount` ended without a charge: cancelled, released or dropped.
///
/// # Errors
/// [`EntryError::NotPositive`].
pub fn pledge_ended(
    book: BookId,
    pledge: PledgeId,
    amount: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let cause = Cause::new(EntryKind::PledgeEnded, pledge.to_string());
    NewEntry::new(book, cause, at, vec![close_promise(amount)?])
}

/// A card was charged `amount` and `tip`, of which the provider kept `provider_fee`. `closes` is the
/// promise this charge fulfils; `None` for a payment nobody was waiting for, such as one that arrived
/// for an ended pledge.
///
/// # Errors
/// [`EntryError::NotPositive`] if the amount is not above zero or another part is below it,
/// [`EntryError::Cause`].
pub fn charge(
    book: BookId,
    charge_id: &str,
    amount: Money,
    tip: Money,
    provider_fee: Money,
    closes: Option<Money>,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let mut movements = vec![Movement::new(AccountCode::Provider, AccountCode::Held, amount)?];
    movements.extend(unless_zero(
        AccountCode::Provider,
        AccountCode::PlatformTips,
        tip,
    )?);
    movements.extend(unless_zero(
        AccountCode::PlatformProviderCosts,
        AccountCode::Provider,
        provider_fee,
    )?);
    if let Some(promise) = closes {
        movements.push(close_promise(promise)?);
    }
    NewEntry::new(book, Cause::new(EntryKind::Charge, charge_id), at, movements)
}

/// A lender's card was charged `amount`, of which the provider kept `provider_fee`: it is held for the loan.
///
/// # Errors
/// [`EntryError::NotPositive`] if the amount is not above zero or the fee is below it, [`EntryError::Cause`].
pub fn loan_charge(
    book: BookId,
    charge_id: &str,
    amount: Money,
    provider_fee: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let mut movements = vec![Movement::new(
        AccountCode::Provider,
        AccountCode::HeldLoan,
        amount,
    )?];
    movements.extend(unless_zero(
        AccountCode::PlatformProviderCosts,
        AccountCode::Provider,
        provider_fee,
    )?);
    NewEntry::new(book, Cause::new(EntryKind::LoanCharge, charge_id), at, movements)
}

fn open_promise(amount: Money) -> Result<Movement, EntryError> {
    Movement::new(AccountCode::Promise, AccountCode::Promised, amount)
}

fn close_promise(amount: Money) -> Result<Movement, EntryError> {
    Movement::new(AccountCode::Promised, AccountCode::Promise, amount)
}

/// A movement, or none of nothing.
pub(crate) fn unless_zero(
    debit: impl Into<Account>,
    credit: impl Into<Account>,
    amount: Money,
) -> Result<Option<Movement>, EntryError> {
    if amount.is_zero() {
        Ok(None)
    } else {
        Movement::new(debit, credit, amount).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;
    use crate::money::Currency;

    const AT: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);
    const BOOK: BookId = BookId::from_uuid(Uuid::from_u128(1));
    const PLEDGE: PledgeId = PledgeId::from_uuid(Uuid::from_u128(2));

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    fn balances(entries: &[NewEntry]) -> BTreeMap<AccountCode, i64> {
        let mut balances = BTreeMap::new();
        for (code, change) in entries.iter().flat_map(|entry| entry.balance_changes().unwrap()) {
            *balances.entry(code.code()).or_default() += change.minor();
        }
        balances.retain(|_, balance| *balance != 0);
        balances
    }

    #[test]
    fn a_pledge_that_is_paid_leaves_money_and_no_promise() {
        let entries = [
            card_saved(BOOK, PLEDGE, eur(3000), AT).unwrap(),
            pledge_changed(BOOK, "change-1", eur(3000), eur(2000), AT)
                .unwrap()
                .unwrap(),
            pledge_changed(BOOK, "change-2", eur(2000), eur(2500), AT)
                .unwrap()
                .unwrap(),
            charge(BOOK, "ch_1", eur(2500), eur(100), eur(64), Some(eur(2500)), AT).unwrap(),
        ];
        let expected = [
            (AccountCode::Provider, 2536),
            (AccountCode::Held, 2500),
            (AccountCode::PlatformTips, 100),
            (AccountCode::PlatformProviderCosts, 64),
        ];
        assert_eq!(balances(&entries), BTreeMap::from(expected));
    }

    #[test]
    fn a_promise_that_ends_leaves_nothing() {
        let entries = [
            card_saved(BOOK, PLEDGE, eur(3000), AT).unwrap(),
            pledge_ended(BOOK, PLEDGE, eur(3000), AT).unwrap(),
        ];
        assert!(balances(&entries).is_empty());
    }

    #[test]
    fn a_change_to_the_same_amount_books_nothing() {
        assert_eq!(
            pledge_changed(BOOK, "change-1", eur(3000), eur(3000), AT),
            Ok(None)
        );
        let usd = Money::from_minor(1, Currency::USD);
        assert!(pledge_changed(BOOK, "change-1", eur(3000), usd, AT).is_err());
    }

    #[test]
    fn nothing_and_less_cannot_be_booked() {
        assert!(charge(BOOK, "ch_1", eur(0), eur(0), eur(0), None, AT).is_err());
        assert!(charge(BOOK, "ch_1", eur(1), eur(-1), eur(0), None, AT).is_err());
        assert!(charge(BOOK, "ch_1", eur(1), eur(0), eur(-1), None, AT).is_err());
    }

    proptest! {
        #[test]
        fn what_the_provider_has_is_what_came_in_less_its_cost(
            amount in 1_i64..1_000_000,
            tip in 0_i64..250_000,
            fee in 0_i64..10_000,
        ) {
            let entry = charge(BOOK, "ch_1", eur(amount), eur(tip), eur(fee), Some(eur(amount)), AT).unwrap();
            let balances = balances(&[entry]);
            let of = |code| balances.get(&code).copied().unwrap_or(0);
            prop_assert_eq!(of(AccountCode::Provider), amount + tip - fee);
            let owed = of(AccountCode::Held) + of(AccountCode::PlatformTips);
            prop_assert_eq!(of(AccountCode::Provider), owed - of(AccountCode::PlatformProviderCosts));
            prop_assert_eq!(of(AccountCode::Promise) + of(AccountCode::Promised), 0);
        }
    }
}
