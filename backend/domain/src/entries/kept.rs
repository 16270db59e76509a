//! The entries of money that came back to a lender and that they kept: given to the project, in the book it stands in.

use time::OffsetDateTime;
use uuid::Uuid;

use super::unless_zero;
use crate::{
    bearing::Borne,
    ids::{BookId, CommitmentId},
    ledger::{
        Account,
        AccountCode::{Held, Lender, Payable, Receivable},
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
