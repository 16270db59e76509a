//! Money that goes back to backers: refunds, and what their banks take.

use time::OffsetDateTime;

use super::unless_zero;
use crate::{
    bearing::Borne,
    ids::BookId,
    ledger::{AccountCode, Cause, EntryError, EntryKind, Movement, NewEntry},
    money::Money,
};

/// What the money was paid for: where it stands until it leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pot {
    /// It was given.
    Gifts,
    /// It was lent.
    Loan,
    /// It was to pay a loan back, and nobody was owed it.
    Repayments,
}

impl Pot {
    const fn account(self) -> AccountCode {
        match self {
            Self::Gifts => AccountCode::Held,
            Self::Loan => AccountCode::HeldLoan,
            Self::Repayments => AccountCode::Pending,
        }
    }
}

/// What was taken for a refund or a dispute, account by account: of the gift by rule 8 of domain.md §3, of the tip
/// from the tips.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Of the gift.
    pub gift: Borne,
    /// Of the tip.
    pub tip: Money,
    /// Where what is held of it stands.
    pub pot: Pot,
}

/// `taken` leaves what is held and is on its way to a backer, or to many at once. `cause` names the refund, or the
/// one act that asked for all of them.
///
/// # Errors
/// [`EntryError::Empty`] if there is nothing to take, [`EntryError::NotPositive`] if a part is below zero.
pub fn refund_asked(
    book: BookId,
    cause: &str,
    taken: &Taken,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let movements = out_to(AccountCode::InTransitRefund, taken)?;
    NewEntry::new(book, Cause::new(EntryKind::RefundAsked, cause), at, movements)
}

/// `total` left the provider for the backer. The provider's cost of the charge does not come back.
///
/// # Errors
/// [`EntryError::NotPositive`], [`EntryError::Cause`].
pub fn refund_left(
    book: BookId,
    refund_ref: &str,
    total: Money,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let movement = Movement::new(AccountCode::InTransitRefund, AccountCode::Provider, total)?;
    NewEntry::new(
        book,
        Cause::new(EntryKind::Refund, refund_ref),
        at,
        vec![movement],
    )
}

/// A refund did not arrive: what was taken stands where it stood. `had_left` says that it had left the provider, and
/// came back to it.
///
/// # Errors
/// As [`refund_asked`].
pub fn refund_failed(
    book: BookId,
    cause: &str,
    taken: &Taken,
    had_left: bool,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let back = back_from(AccountCode::InTransitRefund, taken)?;
    let mut movements = Vec::new();
    if had_left {
        let total = taken.gift.total()?.checked_add(taken.tip)?;
        movements.push(Movement::new(
            AccountCode::Provider,
            AccountCode::InTransitRefund,
            total,
        )?);
    }
    movements.extend(back);
    NewEntry::new(book, Cause::new(EntryKind::RefundFailed, cause), at, movements)
}

/// A backer's bank took `taken` and the provider its `fee` out of the provider's account.
///
/// # Errors
/// As [`refund_asked`].
pub fn dispute_opened(
    book: BookId,
    dispute_ref: &str,
    taken: &Taken,
    fee: &Borne,
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let mut movements = out_to(AccountCode::Provider, taken)?;
    movements.extend(borne_to(AccountCode::Provider, fee, taken.pot)?);
    NewEntry::new(
        book,
        Cause::new(EntryKind::DisputeOpened, dispute_ref),
        at,
        movements,
    )
}

/// The bank decided for the project: what was `taken` came back, and the provider's `fee`, if it gives that back. What the
/// project had made up for meanwhile is its own: it stands on the accounts of `beyond`.
///
/// # Errors
/// As [`refund_asked`].
pub fn dispute_won(
    book: BookId,
    dispute_ref: &str,
    taken: &Taken,
    fee: Option<&Borne>,
    beyond: &[(AccountCode, Money)],
    at: OffsetDateTime,
) -> Result<NewEntry, EntryError> {
    let mut movements = back_from(AccountCode::Provider, taken)?;
    for (account, amount) in beyond {
        movements.extend(unless_zero(AccountCode::Provider, *account, *amount)?);
    }
    if let Some(fee) = fee {
        movements.extend(borne_from(AccountCode::Provider, fee, taken.pot)?);
    }
    NewEntry::new(
        book,
        Cause::new(EntryKind::DisputeWon, dispute_ref),
        at,
        movements,
    )
}

fn out_to(to: AccountCode, taken: &Taken) -> Result<Vec<Movement>, EntryError> {
    let mut movements = borne_to(to, &taken.gift, taken.pot)?;
    movements.extend(unless_zero(AccountCode::PlatformTips, to, taken.tip)?);
    Ok(movements)
}

fn back_from(from: AccountCode, taken: &Taken) -> Result<Vec<Movement>, EntryError> {
    let mut movements = borne_from(from, &taken.gift, taken.pot)?;
    movements.extend(unless_zero(from, AccountCode::PlatformTips, taken.tip)?);
    Ok(movements)
}

/// The accounts of rule 8, in its order, each with its part.
fn accounts(borne: &Borne, pot: Pot) -> [(AccountCode, Money); 3] {
    [
        (pot.account(), borne.held),
        (AccountCode::Payable, borne.payable),
        (AccountCode::Receivable, borne.receivable),
    ]
}

fn borne_to(to: AccountCode, borne: &Borne, pot: Pot) -> Result<Vec<Movement>, EntryError> {
    let mut movements = Vec::new();
    for (account, part) in accounts(borne, pot) {
        movements.extend(unless_zero(account, to, part)?);
    }
    Ok(movements)
}

fn borne_from(from: AccountCode, borne: &Borne, pot: Pot) -> Result<Vec<Movement>, EntryError> {
    let mut movements = Vec::new();
    for (account, part) in accounts(borne, pot) {
        movements.extend(unless_zero(from, account, part)?);
    }
    Ok(movements)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;
    use crate::{bearing::bear, entries::charge, money::Currency};

    const AT: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);
    const BOOK: BookId = BookId::from_uuid(Uuid::from_u128(1));

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    fn taken(gift: i64, tip: i64, held: i64, payable: i64) -> Taken {
        Taken {
            gift: bear(eur(gift), eur(held), eur(payable)).unwrap(),
            tip: eur(tip),
            pot: Pot::Gifts,
        }
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
    fn a_refund_gives_everything_back_and_the_platform_bears_the_cost() {
        let back = taken(2500, 100, 2500, 0);
        let entries = [
            charge(BOOK, "ch_1", eur(2500), eur(100), eur(64), None, AT).unwrap(),
            refund_asked(BOOK, "refund-1", &back, AT).unwrap(),
            refund_left(BOOK, "re_1", eur(2600), AT).unwrap(),
        ];
        let expected = [
            (AccountCode::Provider, -64),
            (AccountCode::PlatformProviderCosts, 64),
        ];
        assert_eq!(balances(&entries), BTreeMap::from(expected));
    }

    #[test]
    fn what_was_paid_out_already_the_project_owes_back() {
        let back = taken(2500, 0, 1000, 500);
        let entry = refund_asked(BOOK, "refund-1", &back, AT).unwrap();
        let expected = [
            (AccountCode::Held, -1000),
            (AccountCode::Payable, -500),
            (AccountCode::Receivable, 1000),
            (AccountCode::InTransitRefund, -2500),
        ];
        assert_eq!(balances(&[entry]), BTreeMap::from(expected));
    }

    #[test]
    fn a_dispute_takes_its_fee_along_and_only_what_comes_back_is_booked_back() {
        let (away, fee) = (
            taken(2500, 100, 2500, 0),
            bear(eur(1500), eur(0), eur(0)).unwrap(),
        );
        let opened = dispute_opened(BOOK, "dp_1", &away, &fee, AT).unwrap();
        let expected = [
            (AccountCode::Provider, -4100),
            (AccountCode::Held, -2500),
            (AccountCode::PlatformTips, -100),
            (AccountCode::Receivable, 1500),
        ];
        assert_eq!(balances(std::slice::from_ref(&opened)), BTreeMap::from(expected));
        let won = dispute_won(BOOK, "dp_1", &away, None, &[], AT).unwrap();
        let left = [(AccountCode::Provider, -1500), (AccountCode::Receivable, 1500)];
        assert_eq!(balances(&[opened.clone(), won]), BTreeMap::from(left));
        let won = dispute_won(BOOK, "dp_1", &away, Some(&fee), &[], AT).unwrap();
        assert!(balances(&[opened, won]).is_empty());
    }

    #[test]
    fn nothing_and_less_cannot_be_booked() {
        let nothing = taken(0, 0, 10, 10);
        assert_eq!(
            refund_asked(BOOK, "refund-1", &nothing, AT),
            Err(EntryError::Empty)
        );
        assert!(refund_left(BOOK, "re_1", eur(0), AT).is_err());
    }

    proptest! {
        #[test]
        fn what_does_not_arrive_stands_where_it_stood(
            gift in 1_i64..1_000_000, tip in 0_i64..250_000,
            held in 0_i64..1_000_000, payable in 0_i64..1_000_000, had_left: bool,
        ) {
            let back = taken(gift, tip, held, payable);
            let mut entries = vec![refund_asked(BOOK, "refund-1", &back, AT).unwrap()];
            if had_left {
                entries.push(refund_left(BOOK, "re_1", eur(gift + tip), AT).unwrap());
            }
            entries.push(refund_failed(BOOK, "re_1", &back, had_left, AT).unwrap());
            prop_assert!(balances(&entries).is_empty());
        }

        #[test]
        fn a_dispute_that_is_won_with_its_fee_leaves_nothing(
            gift in 1_i64..1_000_000, tip in 0_i64..250_000, fee in 0_i64..5_000,
            held in 0_i64..1_000_000, payable in 0_i64..1_000_000,
        ) {
            let away = taken(gift, tip, held, payable);
            let fee = bear(eur(fee), eur(held - away.gift.held.minor()), eur(payable - away.gift.payable.minor()));
            let fee = fee.unwrap();
            let entries = [
                dispute_opened(BOOK, "dp_1", &away, &fee, AT).unwrap(),
                dispute_won(BOOK, "dp_1", &away, Some(&fee), &[], AT).unwrap(),
            ];
            prop_assert!(balances(&entries).is_empty());
        }
    }
}
