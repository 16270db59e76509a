//! The entries of money that came back to a lender and that they kept: given to the project, in the book it stands in, or
//! lent to another loan, which has a book of its own.

use time::OffsetDateTime;
use uuid::Uuid;

use super::unless_zero;
use crate::{
    bearing::Borne,
    ids::{BookId, CommitmentId},
    ledger::{
        Account,
        AccountCode::{Between, Held, HeldLoan, Lender, Payable, Receivable},
        Cause, EntryError, EntryKind, Movement, NewEntry,
    },
    money::Money,
};

/// A lender gives `amount` of what stands on their share: it is held for the project from now on.
///
/// # Errors
/// [`EntryError::NotPositive`].
pub fn lender_gave(
    book: BookId,
    gift: Uuid,
    share: CommitmentId,
    amount: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let lender = Account::of_share(Lender, share.as_uuid());
    let cause = Cause::new(EntryKind::LenderGave, gift.to_string());
    NewEntry::new(book, cause, at, vec![Movement::new(lender, Held, amount)?])
}

/// The campaign came to nothing after all: the gift is the lender's again, borne as any gift that goes back is.
///
/// # Errors
/// [`EntryError::Empty`] when nothing was given, [`EntryError::NotPositive`] if a part is below zero.
pub fn lender_gift_returned(
    book: BookId,
    gift: Uuid,
    share: CommitmentId,
    borne: &Borne,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let lender = Account::of_share(Lender, share.as_uuid());
    let mut movements = Vec::with_capacity(3);
    movements.extend(unless_zero(Held, lender, borne.held)?);
    movements.extend(unless_zero(Payable, lender, borne.payable)?);
    movements.extend(unless_zero(Receivable, lender, borne.receivable)?);
    let cause = Cause::new(EntryKind::LenderGiftReturned, gift.to_string());
    NewEntry::new(book, cause, at, movements)
}

fn one(
    book: BookId,
    cause: (EntryKind, Uuid),
    debit: impl Into<Account>,
    credit: impl Into<Account>,
    amount: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let cause = Cause::new(cause.0, cause.1.to_string());
    NewEntry::new(book, cause, at, vec![Movement::new(debit, credit, amount)?])
}

/// `amount` of what stands on a share is lent again, by the commitment `to` of another book: the other half is
/// [`loan_from_kept`].
///
/// # Errors
/// [`EntryError::NotPositive`].
pub fn lender_lent_again(
    book: BookId,
    to: Uuid,
    share: CommitmentId,
    amount: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let lender = Account::of_share(Lender, share.as_uuid());
    one(
        book,
        (EntryKind::LenderLentAgain, to),
        lender,
        Between,
        amount,
        at,
    )
}

/// It stands to the share's credit again: the other half is [`loan_to_kept`].
///
/// # Errors
/// [`EntryError::NotPositive`].
pub fn lender_has_again(
    book: BookId,
    to: Uuid,
    share: CommitmentId,
    amount: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let lender = Account::of_share(Lender, share.as_uuid());
    one(book, (EntryKind::LenderHasAgain, to), Between, lender, amount, at)
}

/// The commitment `of` was paid from what its lender keeps of other loans: it is held for this one.
///
/// # Errors
/// [`EntryError::NotPositive`].
pub fn loan_from_kept(
    book: BookId,
    of: Uuid,
    amount: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    one(book, (EntryKind::LoanFromKept, of), Between, HeldLoan, amount, at)
}

/// The loan did not come about: it goes back to where it was kept.
///
/// # Errors
/// [`EntryError::NotPositive`].
pub fn loan_to_kept(
    book: BookId,
    of: Uuid,
    amount: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    one(book, (EntryKind::LoanToKept, of), HeldLoan, Between, amount, at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;
    use crate::{bearing::bear, money::Currency};

    const AT: OffsetDateTime = datetime!(2027-03-01 12:00 UTC);
    const BOOK: BookId = BookId::from_uuid(Uuid::from_u128(1));
    const SHARE: CommitmentId = CommitmentId::from_uuid(Uuid::from_u128(2));
    const GIFT: Uuid = Uuid::from_u128(3);

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    fn change(entry: &NewEntry, account: impl Into<Account>) -> i64 {
        let account = account.into();
        let changes = entry.balance_changes().unwrap();
        let found = changes.iter().find(|(one, _)| *one == account);
        found.map_or(0, |(_, change)| change.minor())
    }

    #[test]
    fn a_gift_leaves_the_lender_and_is_held_for_the_project() {
        let entry = lender_gave(BOOK, GIFT, SHARE, eur(1_500), AT).unwrap();
        let lender = Account::of_share(Lender, SHARE.as_uuid());
        assert_eq!((change(&entry, lender), change(&entry, Held)), (-1_500, 1_500));
        assert!(lender_gave(BOOK, GIFT, SHARE, eur(0), AT).is_err());
    }

    #[test]
    fn what_is_lent_again_sums_to_zero_over_both_books_and_back() {
        let other = BookId::from_uuid(Uuid::from_u128(9));
        let lender = Account::of_share(Lender, SHARE.as_uuid());
        let out = lender_lent_again(BOOK, GIFT, SHARE, eur(700), AT).unwrap();
        let into = loan_from_kept(other, GIFT, eur(700), AT).unwrap();
        assert_eq!((change(&out, lender), change(&into, HeldLoan)), (-700, 700));
        assert_eq!(change(&out, Between) + change(&into, Between), 0);
        let away = loan_to_kept(other, GIFT, eur(700), AT).unwrap();
        let home = lender_has_again(BOOK, GIFT, SHARE, eur(700), AT).unwrap();
        assert_eq!((change(&home, lender), change(&away, HeldLoan)), (700, -700));
        assert_eq!(change(&away, Between) + change(&home, Between), 0);
    }

    proptest! {
        #[test]
        fn a_gift_that_goes_back_is_the_lenders_again_to_the_cent(
            amount in 1_i64..1_000_000, held in 0_i64..1_000_000, payable in 0_i64..1_000_000,
        ) {
            let borne = bear(eur(amount), eur(held), eur(payable)).unwrap();
            let entry = lender_gift_returned(BOOK, GIFT, SHARE, &borne, AT).unwrap();
            let lender = Account::of_share(Lender, SHARE.as_uuid());
            prop_assert_eq!(change(&entry, lender), amount);
            let owed = change(&entry, Receivable);
            prop_assert_eq!(owed - change(&entry, Held) - change(&entry, Payable), amount);
            prop_assert!(-change(&entry, Held) <= held && -change(&entry, Payable) <= payable);
        }
    }
}
