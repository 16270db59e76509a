//! The entries of payouts: which accounts each step moves.
//!
//! Approved, the money is payable, and costs, fee and tax are taken. From the moment the transfer is sent until the
//! provider's answer it is in transit, so that nothing else can claim it. What comes back mirrors what was taken.

use time::OffsetDateTime;

use super::Breakdown;
use crate::{
    entries::unless_zero,
    ids::BookId,
    ledger::{
        AccountCode::{
            self, Between, InTransit, Payable, PlatformFees, PlatformProviderCosts, Provider, Receivable, Tax,
        },
        Cause, EntryError, EntryKind, Movement, NewEntry,
    },
    money::Money,
};

/// Two people approved the payout `id`: its money is off what is held. Of what it repays, `elsewhere` is owed in
/// other books of the project: see [`repaid`].
///
/// # Errors
/// [`EntryError::NotPositive`] if a part is below zero, [`EntryError::Empty`] if all are zero.
pub fn approved(
    book: BookId,
    id: &str,
    parts: &Breakdown,
    elsewhere: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let held = parts.source.account();
    let moved = [
        (Payable, held, parts.net),
        (Receivable, held, parts.repaid.checked_sub(elsewhere)?),
        (Between, held, elsewhere),
        (PlatformProviderCosts, held, parts.costs),
        (PlatformFees, held, parts.fee),
        (Tax, held, parts.tax),
    ];
    entry(book, EntryKind::PayoutApproved, id, &moved, at)
}

/// The payout `id` of another book of the project repays what is owed in this one.
///
/// # Errors
/// [`EntryError::NotPositive`].
pub fn repaid(book: BookId, id: &str, amount: Money, at: OffsetDateTime) -> Result<NewEntry, EntryError> {
    entry(
        book,
        EntryKind::PayoutRepaid,
        id,
        &[(Receivable, Between, amount)],
        at,
    )
}

/// The transfer is about to be sent.
///
/// # Errors
/// [`EntryError::NotPositive`].
pub fn sending(book: BookId, id: &str, net: Money, at: OffsetDateTime) -> Result<NewEntry, EntryError> {
    entry(
        book,
        EntryKind::PayoutSending,
        id,
        &[(InTransit, Payable, net)],
        at,
    )
}

/// The provider transferred it. `transfer` is the provider's id.
///
/// # Errors
/// [`EntryError::NotPositive`].
pub fn sent(book: BookId, transfer: &str, net: Money, at: OffsetDateTime) -> Result<NewEntry, EntryError> {
    entry(
        book,
        EntryKind::PayoutSent,
        transfer,
        &[(Provider, InTransit, net)],
        at,
    )
}

/// Called off before it was sent, of which `payable` is still there: a refund may have taken some of it.
///
/// # Errors
/// [`EntryError::NotPositive`] if a part is below zero.
pub fn withdrawn(
    book: BookId,
    id: &str,
    parts: &Breakdown,
    payable: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let moved = returning(Payable, payable, parts);
    entry(book, EntryKind::PayoutWithdrawn, id, &moved, at)
}

/// The provider refused to transfer it.
///
/// # Errors
/// [`EntryError::NotPositive`] if a part is below zero.
pub fn refused(
    book: BookId,
    id: &str,
    parts: &Breakdown,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let moved = returning(InTransit, parts.net, parts);
    entry(book, EntryKind::PayoutRefused, id, &moved, at)
}

/// The transfer was taken back after the bank had refused the money. `reversal` is the provider's id.
///
/// # Errors
/// [`EntryError::NotPositive`] if a part is below zero.
pub fn returned(
    book: BookId,
    reversal: &str,
    parts: &Breakdown,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let moved = returning(Provider, parts.net, parts);
    entry(book, EntryKind::PayoutReturned, reversal, &moved, at)
}

/// What is held again: the net from where it stood, and all that was taken with it. What was repaid stays repaid,
/// out of what is held again: it was owed.
fn returning(from: AccountCode, net: Money, parts: &Breakdown) -> [(AccountCode, AccountCode, Money); 4] {
    let held = parts.source.account();
    [
        (held, from, net),
        (held, PlatformProviderCosts, parts.costs),
        (held, PlatformFees, parts.fee),
        (held, Tax, parts.tax),
    ]
}

/// An entry that moves each amount to the first account from the second, as money flows.
fn entry(
    book: BookId,
    kind: EntryKind,
    id: &str,
    moved: &[(AccountCode, AccountCode, Money)],
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let mut movements: Vec<Movement> = Vec::with_capacity(moved.len());
    for (to, from, amount) in moved {
        movements.extend(unless_zero(*from, *to, *amount)?);
    }
    NewEntry::new(book, Cause::new(kind, id), at, movements)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;
    use crate::{entries::charge, fee, money::Currency};

    const AT: OffsetDateTime = datetime!(2027-03-01 12:00 UTC);
    const BOOK: BookId = BookId::from_uuid(Uuid::from_u128(1));

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    fn parts(gross: i64, costs: i64) -> Breakdown {
        Breakdown::of(eur(gross), eur(0), eur(costs), &fee::CURRENT).unwrap()
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
    fn a_payout_that_is_sent_leaves_the_platform_its_fee_and_nothing_else() {
        let parts = parts(3000, 70);
        let entries = [
            charge(BOOK, "ch_1", eur(3000), eur(0), eur(70), None, AT).unwrap(),
            approved(BOOK, "p1", &parts, eur(0), AT).unwrap(),
            sending(BOOK, "p1", parts.net, AT).unwrap(),
            sent(BOOK, "tr_1", parts.net, AT).unwrap(),
        ];
        let expected = [
            (AccountCode::Provider, 33),
            (AccountCode::PlatformFees, 27),
            (AccountCode::Tax, 6),
        ];
        assert_eq!(balances(&entries), BTreeMap::from(expected));
    }

    #[test]
    fn what_is_owed_is_repaid_in_its_own_book() {
        let parts = Breakdown::of(eur(3000), eur(700), eur(70), &fee::CURRENT).unwrap();
        let here = approved(BOOK, "p1", &parts, eur(500), AT).unwrap();
        let there = repaid(BookId::PLATFORM, "p1", eur(500), AT).unwrap();
        let of = |entry: &NewEntry, code| balances(std::slice::from_ref(entry)).get(&code).copied();
        assert_eq!(of(&here, AccountCode::Receivable), Some(-200));
        assert_eq!(of(&there, AccountCode::Receivable), Some(-500));
        assert_eq!(
            (of(&here, AccountCode::Between), of(&there, AccountCode::Between)),
            (Some(-500), Some(500))
        );
    }

    #[test]
    fn what_a_refund_took_of_the_payable_is_not_held_again() {
        let parts = parts(3000, 70);
        let payable = eur(parts.net.minor() - 1000);
        let entries = [
            approved(BOOK, "p1", &parts, eur(0), AT).unwrap(),
            withdrawn(BOOK, "p1", &parts, payable, AT).unwrap(),
        ];
        let expected = [(AccountCode::Held, -1000), (AccountCode::Payable, 1000)];
        assert_eq!(balances(&entries), BTreeMap::from(expected));
    }

    proptest! {
        #[test]
        fn whatever_comes_back_leaves_the_books_as_before(gross in 1_i64..1_000_000, costs in 0_i64..5_000) {
            let parts = parts(gross, costs);
            prop_assume!(parts.net.is_positive());
            let begun = [approved(BOOK, "p1", &parts, eur(0), AT).unwrap(), sending(BOOK, "p1", parts.net, AT).unwrap()];
            let mut is_refused = begun.to_vec();
            is_refused.push(refused(BOOK, "p1", &parts, AT).unwrap());
            prop_assert!(balances(&is_refused).is_empty());
            let mut came_back = begun.to_vec();
            came_back.push(sent(BOOK, "tr_1", parts.net, AT).unwrap());
            came_back.push(returned(BOOK, "trr_1", &parts, AT).unwrap());
            prop_assert!(balances(&came_back).is_empty());
        }
    }
}
