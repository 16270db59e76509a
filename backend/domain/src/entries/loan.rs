//! The entries of a loan that is paid back. What lenders get moves to an account of each share; what they are owed
//! stands in a memo pair beside the money.

use std::collections::BTreeMap;

use time::OffsetDateTime;
use uuid::Uuid;

use super::share::TakenOver;
use super::unless_zero;
use crate::{
    ids::{BookId, CommitmentId},
    ledger::{
        Account,
        AccountCode::{
            Claim, Debt, InTransit, Lender, Pending, PlatformFees, PlatformProviderCosts, Provider,
            Receivable, WrittenOff,
        },
        Cause, EntryError, EntryKind, Movement, NewEntry,
    },
    money::Money,
};

/// What one share gets of a repayment, or gives back of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Portion {
    /// Whose.
    pub share: CommitmentId,
    /// Of what was lent.
    pub principal: Money,
    /// Interest, that for being late included.
    pub interest: Money,
}

fn lender(share: CommitmentId) -> Account {
    Account::of_share(Lender, share.as_uuid())
}

fn claim(share: CommitmentId) -> Account {
    Account::of_share(Claim, share.as_uuid())
}

/// The loan was paid out: the project owes each share what it lent. `agreement` is the hash of what both sides signed: it
/// is the entry's cause, so that the public book holds it.
///
/// # Errors
/// [`EntryError::Empty`] without a share, [`EntryError::NotPositive`].
pub fn loan_begun(
    book: BookId,
    agreement: &str,
    shares: &[(CommitmentId, Money)],
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let movements = shares
        .iter()
        .map(|(share, amount)| Movement::new(Debt, claim(*share), *amount))
        .collect::<Result<Vec<_>, _>>()?;
    let cause = Cause::new(EntryKind::LoanBegun, agreement);
    NewEntry::new(book, cause, at, movements)
}

/// The bank sent the loan's payout back: what [`loan_begun`] wrote is undone. `cause` tells one such return from another.
///
/// # Errors
/// [`EntryError::Empty`] without a share, [`EntryError::NotPositive`].
pub fn loan_unbegun(
    book: BookId,
    cause: &str,
    shares: &[(CommitmentId, Money)],
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let movements = shares
        .iter()
        .map(|(share, amount)| Movement::new(claim(*share), Debt, *amount))
        .collect::<Result<Vec<_>, _>>()?;
    NewEntry::new(book, Cause::new(EntryKind::LoanUnbegun, cause), at, movements)
}

/// A repayment came in by the charge `charge`, of which the provider kept `cost`. It may still come back.
///
/// # Errors
/// [`EntryError::NotPositive`].
pub fn repayment_received(
    book: BookId,
    charge: &str,
    amount: Money,
    cost: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let mut movements = vec![Movement::new(Provider, Pending, amount)?];
    movements.extend(unless_zero(PlatformProviderCosts, Provider, cost)?);
    NewEntry::new(
        book,
        Cause::new(EntryKind::RepaymentReceived, charge),
        at,
        movements,
    )
}

/// A repayment can be trusted: what the project owed the platform comes first, then a fee, then each share's portion. Of the
/// portion of a share that was taken over, or of which a part is made up for, goes to whoever bore that what `taken` says.
///
/// # Errors
/// [`EntryError::NotPositive`] if a part is below zero, [`EntryError::Empty`] if all are zero.
pub fn repayment_credited(
    book: BookId,
    repayment: Uuid,
    (owed, fee): (Money, Money),
    portions: &[Portion],
    taken: &BTreeMap<CommitmentId, TakenOver>,
    is_given_up: bool,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let mut movements = Vec::with_capacity(portions.len().saturating_mul(2).saturating_add(2));
    movements.extend(unless_zero(Pending, Receivable, owed)?);
    movements.extend(unless_zero(Pending, PlatformFees, fee)?);
    for portion in portions {
        let amount = portion.principal.checked_add(portion.interest)?;
        if let Some(taken) = taken.get(&portion.share) {
            movements.extend(unless_zero(Pending, Receivable, taken.receivable)?);
            movements.extend(unless_zero(Pending, PlatformFees, taken.fees)?);
            let rest = amount.checked_sub(taken.receivable)?.checked_sub(taken.fees)?;
            movements.extend(unless_zero(Pending, lender(portion.share), rest)?);
        } else if !amount.is_zero() {
            movements.push(Movement::new(Pending, lender(portion.share), amount)?);
        }
    }
    for portion in portions.iter().filter(|portion| !portion.principal.is_zero()) {
        // What was given up is no claim any more; what comes in all the same is that much less lost.
        movements.push(if is_given_up {
            Movement::new(WrittenOff, Debt, portion.principal)?
        } else {
            Movement::new(claim(portion.share), Debt, portion.principal)?
        });
    }
    let cause = Cause::new(EntryKind::RepaymentCredited, repayment.to_string());
    NewEntry::new(book, cause, at, movements)
}

/// A bank kept a repayment before it was credited, and the project owes it: what stands as pending makes up for that.
///
/// # Errors
/// [`EntryError::NotPositive`].
pub fn repayment_untrusted(
    book: BookId,
    repayment: Uuid,
    amount: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let cause = Cause::new(EntryKind::RepaymentReturned, repayment.to_string());
    NewEntry::new(book, cause, at, vec![Movement::new(Pending, Receivable, amount)?])
}

/// What is undone of one share's portion when a credited repayment comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undone {
    /// Taken from the share's balance.
    pub taken: Portion,
    /// Already with the lender: the platform fronts it, the project owes it.
    pub fronted: Money,
}

/// What a returned repayment undoes of a portion when `unpaid` still stands on the share's account. Principal is
/// undone first: it had been paid last.
///
/// # Errors
/// Mixed currencies.
pub fn undone(portion: Portion, unpaid: Money) -> Result<Undone, EntryError> {
    let whole = portion.principal.checked_add(portion.interest)?;
    let can = whole.minor().min(unpaid.minor()).max(0);
    let principal = portion.principal.minor().min(can);
    let money = |minor| Money::from_minor(minor, whole.currency());
    Ok(Undone {
        taken: Portion {
            share: portion.share,
            principal: money(principal),
            interest: money(can.saturating_sub(principal)),
        },
        fronted: money(whole.minor().saturating_sub(can)),
    })
}

/// A credited repayment came back: its stored split is mirrored, from each share's unpaid balance; what nobody holds
/// any more the project owes.
///
/// # Errors
/// [`EntryError::NotPositive`] if a part is below zero.
pub fn repayment_returned(
    book: BookId,
    repayment: Uuid,
    undone: &[Undone],
    rest: Money,
    is_given_up: bool,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let mut movements = Vec::with_capacity(undone.len().saturating_mul(2).saturating_add(1));
    let mut owed = rest;
    for one in undone {
        let taken = one.taken.principal.checked_add(one.taken.interest)?;
        owed = owed.checked_add(one.fronted)?;
        if !taken.is_zero() {
            movements.push(Movement::new(lender(one.taken.share), Provider, taken)?);
        }
    }
    movements.extend(unless_zero(Receivable, Provider, owed)?);
    for one in undone.iter().filter(|one| !one.taken.principal.is_zero()) {
        movements.push(if is_given_up {
            Movement::new(Debt, WrittenOff, one.taken.principal)?
        } else {
            Movement::new(Debt, claim(one.taken.share), one.taken.principal)?
        });
    }
    let cause = Cause::new(EntryKind::RepaymentReturned, repayment.to_string());
    NewEntry::new(book, cause, at, movements)
}

/// A bank kept a credited repayment, and the project owes it: of that, each share gives back what was `taken` of its
/// portion.
///
/// # Errors
/// [`EntryError::Empty`] when no share gives anything back.
pub fn repayment_lost(
    book: BookId,
    repayment: Uuid,
    taken: &[Portion],
    is_given_up: bool,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let mut movements = Vec::with_capacity(taken.len().saturating_mul(2));
    for one in taken {
        let amount = one.principal.checked_add(one.interest)?;
        if !amount.is_zero() {
            movements.push(Movement::new(lender(one.share), Receivable, amount)?);
        }
    }
    for one in taken.iter().filter(|one| !one.principal.is_zero()) {
        movements.push(if is_given_up {
            Movement::new(Debt, WrittenOff, one.principal)?
        } else {
            Movement::new(Debt, claim(one.share), one.principal)?
        });
    }
    let cause = Cause::new(EntryKind::RepaymentReturned, repayment.to_string());
    NewEntry::new(book, cause, at, movements)
}

/// What a share has is about to be sent to its lender.
///
/// # Errors
/// [`EntryError::NotPositive`].
pub fn lender_sending(
    book: BookId,
    id: Uuid,
    share: CommitmentId,
    amount: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let cause = Cause::new(EntryKind::LenderSending, id.to_string());
    NewEntry::new(
        book,
        cause,
        at,
        vec![Movement::new(lender(share), InTransit, amount)?],
    )
}

/// The provider transferred it. `transfer` is the provider's id.
///
/// # Errors
/// [`EntryError::NotPositive`].
pub fn lender_sent(
    book: BookId,
    transfer: &str,
    amount: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let cause = Cause::new(EntryKind::LenderSent, transfer);
    NewEntry::new(book, cause, at, vec![Movement::new(InTransit, Provider, amount)?])
}

/// The provider refused to send it.
///
/// # Errors
/// [`EntryError::NotPositive`].
pub fn lender_refused(
    book: BookId,
    id: Uuid,
    share: CommitmentId,
    amount: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let cause = Cause::new(EntryKind::LenderReturned, id.to_string());
    NewEntry::new(
        book,
        cause,
        at,
        vec![Movement::new(InTransit, lender(share), amount)?],
    )
}

/// The lender's bank did not take it, and the transfer was taken back. `reversal` is the provider's id.
///
/// # Errors
/// [`EntryError::NotPositive`].
pub fn lender_returned(
    book: BookId,
    reversal: &str,
    share: CommitmentId,
    amount: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let cause = Cause::new(EntryKind::LenderReturned, reversal);
    NewEntry::new(
        book,
        cause,
        at,
        vec![Movement::new(Provider, lender(share), amount)?],
    )
}

/// The loan is given up: what shares are still owed is lost to them. The debt stands.
///
/// # Errors
/// [`EntryError::Empty`] when nothing is owed.
pub fn loan_written_off(
    book: BookId,
    lost: &[(CommitmentId, Money)],
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let movements = lost
        .iter()
        .filter(|(_, amount)| !amount.is_zero())
        .map(|(share, amount)| Movement::new(claim(*share), WrittenOff, *amount))
        .collect::<Result<Vec<_>, _>>()?;
    let cause = Cause::new(EntryKind::LoanWrittenOff, book.to_string());
    NewEntry::new(book, cause, at, movements)
}

#[cfg(test)]
mod tests;
