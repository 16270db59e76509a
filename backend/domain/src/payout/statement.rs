//! The statement of a payout: how what is held came to be, from the last payout to this one, and what became of it.
//!
//! Built from the ledger's movements alone, and refused when the sums do not agree.

use super::Breakdown;
use crate::{
    ledger::EntryKind,
    money::{Money, MoneyError, sum},
};

/// What entries of one kind changed what is held by, since the payout before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// What was booked.
    pub kind: EntryKind,
    /// More than zero if it came in.
    pub by: Money,
    /// How many entries.
    pub entries: u64,
}

/// A payout's statement. `carried` and `changes` together are `gross` and `left`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What was held after the payout before.
    pub carried: Money,
    /// What changed it since, kind by kind.
    pub changes: Vec<Change>,
    /// What stays held for later parts.
    pub left: Money,
    /// What this payout took, and its parts.
    pub parts: Breakdown,
}

/// The ledger and the payout do not agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// What was there is not what was taken and left.
    #[error("held {before} before the payout, but {taken} was taken and {left} left")]
    Held {
        /// Carried over, and what changed it.
        before: Money,
        /// The payout's gross.
        taken: Money,
        /// Held after it.
        left: Money,
    },
    /// The parts are not the whole.
    #[error("the parts of {0} do not add up to it")]
    Parts(Money),
    /// Sums that cannot be.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Statement {
    /// The statement, if everything adds up.
    ///
    /// # Errors
    /// [`Mismatch`].
    pub fn new(
        carried: Money,
        changes: Vec<Change>,
        left: Money,
        parts: Breakdown,
    ) -> Result<Self, Mismatch> {
        if !parts.holds() {
            return Err(Mismatch::Parts(parts.gross));
        }
        let by = sum(changes.iter().map(|change| change.by), carried.currency())?;
        let before = carried.checked_add(by)?;
        if parts.gross.checked_add(left)? != before {
            return Err(Mismatch::Held {
                before,
                taken: parts.gross,
                left,
            });
        }
        Ok(Self {
            carried,
            changes,
            left,
            parts,
        })
    }

    /// What entries of these kinds changed together.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn of_kinds(&self, kinds: &[EntryKind]) -> Result<Money, MoneyError> {
        let of = self.changes.iter().filter(|change| kinds.contains(&change.kind));
        sum(of.map(|change| change.by), self.carried.currency())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{fee, money::Currency};

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    fn change(kind: EntryKind, by: i64) -> Change {
        Change {
            kind,
            by: eur(by),
            entries: 1,
        }
    }

    #[test]
    fn a_statement_that_is_off_by_a_cent_is_refused() {
        let parts = Breakdown::of(eur(900), eur(0), eur(10), &fee::CURRENT).unwrap();
        let changes = || vec![change(EntryKind::Charge, 1000), change(EntryKind::Refund, -50)];
        assert!(Statement::new(eur(0), changes(), eur(50), parts).is_ok());
        let off = Statement::new(eur(0), changes(), eur(51), parts);
        assert!(matches!(off, Err(Mismatch::Held { .. })));
        let torn = Breakdown { net: eur(1), ..parts };
        assert_eq!(
            Statement::new(eur(0), changes(), eur(50), torn),
            Err(Mismatch::Parts(eur(900)))
        );
    }

    proptest! {
        #[test]
        fn net_is_gross_less_costs_fees_refunds_and_disputes(
            carried in 0_i64..1_000_000,
            gifts in prop::collection::vec(1_i64..1_000_000, 1..8),
            refunds in prop::collection::vec(1_i64..10_000, 0..4),
            left in 0_i64..1_000_000,
            costs in 0_i64..50_000,
        ) {
            let changes: Vec<_> = gifts.iter().map(|&gift| change(EntryKind::Charge, gift))
                .chain(refunds.iter().map(|&refund| change(EntryKind::Refund, -refund)))
                .collect();
            let before = carried + gifts.iter().sum::<i64>() - refunds.iter().sum::<i64>();
            prop_assume!(before >= 0);
            let left = left.min(before);
            let parts = Breakdown::of(eur(before - left), eur(0), eur(costs), &fee::CURRENT).unwrap();
            let statement = Statement::new(eur(carried), changes, eur(left), parts).unwrap();
            let came = statement.of_kinds(&[EntryKind::Charge]).unwrap().minor();
            let went = statement.of_kinds(&[EntryKind::Refund]).unwrap().minor();
            let kept = parts.costs.minor() + parts.fee.minor() + parts.tax.minor();
            prop_assert_eq!(parts.net.minor(), carried + came + went - left - kept);
        }
    }
}
