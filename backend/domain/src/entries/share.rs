//! The entries of a share whose lender's bank took their charge back: whoever bore the loss takes it over.

use time::OffsetDateTime;

use super::unless_zero;
use crate::{
    ids::{BookId, CommitmentId},
    ledger::{
        Account,
        AccountCode::{Lender, PlatformFees, Receivable},
        Cause, EntryError, EntryKind, NewEntry,
    },
    money::Money,
};

/// What went to whoever bore the loss: off what the project owes for it, and what is beyond that to the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenOver {
    /// Off the project's receivable.
    pub receivable: Money,
    /// To the platform, which fronted the money.
    pub fees: Money,
}

/// What stands on the share's account is whose who bore the loss.
///
/// # Errors
/// [`EntryError::Empty`] when nothing stands there, [`EntryError::NotPositive`] if a part is below zero.
pub fn share_taken_over(
    book: BookId,
    cause: &str,
    share: CommitmentId,
    taken: &TakenOver,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let lender = Account::of_share(Lender, share.as_uuid());
    let mut movements = Vec::with_capacity(2);
    movements.extend(unless_zero(lender, Receivable, taken.receivable)?);
    movements.extend(unless_zero(lender, PlatformFees, taken.fees)?);
    NewEntry::new(book, Cause::new(EntryKind::ShareTakenOver, cause), at, movements)
}

/// The bank decided for the project after all: everything that was taken over of the share is its lender's again.
///
/// # Errors
/// As [`share_taken_over`].
pub fn share_given_back(
    book: BookId,
    cause: &str,
    share: CommitmentId,
    taken: &TakenOver,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let lender = Account::of_share(Lender, share.as_uuid());
    let mut movements = Vec::with_capacity(2);
    movements.extend(unless_zero(Receivable, lender, taken.receivable)?);
    movements.extend(unless_zero(PlatformFees, lender, taken.fees)?);
    NewEntry::new(book, Cause::new(EntryKind::ShareGivenBack, cause), at, movements)
}
