//! The entries of expenses: a memo pair beside the money, which left with its payout.

use time::OffsetDateTime;

use crate::{
    ids::{BookId, ExpenseId},
    ledger::{AccountCode, Cause, EntryError, EntryKind, Movement, NewEntry},
    money::Money,
};

/// An expense was entered with its voucher.
///
/// # Errors
/// [`EntryError::NotPositive`].
pub fn vouched(
    book: BookId,
    id: ExpenseId,
    amount: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let movement = Movement::new(AccountCode::Spent, AccountCode::Vouched, amount)?;
    let cause = Cause::new(EntryKind::ExpenseVouched, id.to_string());
    NewEntry::new(book, cause, at, vec![movement])
}

/// It was withdrawn: the mirror of [`vouched`].
///
/// # Errors
/// [`EntryError::NotPositive`].
pub fn withdrawn(
    book: BookId,
    id: ExpenseId,
    amount: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let movement = Movement::new(AccountCode::Vouched, AccountCode::Spent, amount)?;
    let cause = Cause::new(EntryKind::ExpenseWithdrawn, id.to_string());
    NewEntry::new(book, cause, at, vec![movement])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;
    use crate::money::Currency;

    #[test]
    fn an_expense_stands_on_a_pair_that_nets_to_zero_and_withdrawing_leaves_nothing() {
        let book = BookId::from_uuid(Uuid::from_u128(1));
        let id = ExpenseId::from_uuid(Uuid::from_u128(2));
        let (amount, at) = (
            Money::from_minor(1250, Currency::EUR),
            datetime!(2027-03-01 12:00 UTC),
        );
        let entered = vouched(book, id, amount, at).unwrap();
        let mut balances = BTreeMap::new();
        let mut take = |entry: &NewEntry| {
            for (account, change) in entry.balance_changes().unwrap() {
                *balances.entry(account.code()).or_insert(0) += change.minor();
            }
            balances.clone()
        };
        let after = take(&entered);
        assert_eq!(
            (after[&AccountCode::Spent], after[&AccountCode::Vouched]),
            (1250, -1250)
        );
        let after = take(&withdrawn(book, id, amount, at).unwrap());
        assert!(after.values().all(|balance| *balance == 0));
    }
}
