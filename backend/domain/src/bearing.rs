//! Who bears money that goes back: rule 8 of domain.md §3.

use crate::money::{Money, MoneyError};

/// An amount that left a campaign, by the account it was taken from. Stored with what caused it, and
/// mirrored when it comes back: a stored split is never recomputed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Borne {
    /// From what was collected and not yet paid out.
    pub held: Money,
    /// From what was approved for payout and not yet sent.
    pub payable: Money,
    /// What the project now owes back.
    pub receivable: Money,
}

impl Borne {
    /// Everything together.
    ///
    /// # Errors
    /// [`MoneyError`], which no split of [`bear`] causes.
    pub fn total(&self) -> Result<Money, MoneyError> {
        self.held.checked_add(self.payable)?.checked_add(self.receivable)
    }
}

/// Splits `amount`: first `held`, then `payable`, and what is left the project owes back.
///
/// # Errors
/// [`MoneyError::MixedCurrencies`].
pub fn bear(amount: Money, held: Money, payable: Money) -> Result<Borne, MoneyError> {
    let from_held = part(amount, held)?;
    let rest = amount.checked_sub(from_held)?;
    let from_payable = part(rest, payable)?;
    Ok(Borne {
        held: from_held,
        payable: from_payable,
        receivable: rest.checked_sub(from_payable)?,
    })
}

/// As much of `amount` as `there` covers. A balance below zero covers nothing.
fn part(amount: Money, there: Money) -> Result<Money, MoneyError> {
    amount.checked_sub(there)?;
    let minor = amount.minor().min(there.minor()).max(0);
    Ok(Money::from_minor(minor, amount.currency()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::money::Currency;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    #[test]
    fn held_money_goes_first_then_approved_money_then_the_project_owes() {
        let of = |amount, held, payable| {
            let borne = bear(eur(amount), eur(held), eur(payable)).unwrap();
            [borne.held, borne.payable, borne.receivable].map(Money::minor)
        };
        assert_eq!(of(100, 500, 500), [100, 0, 0]);
        assert_eq!(of(100, 60, 500), [60, 40, 0]);
        assert_eq!(of(100, 60, 30), [60, 30, 10]);
        assert_eq!(of(100, 0, 0), [0, 0, 100]);
        assert_eq!(of(100, -5, 0), [0, 0, 100]);
        assert!(bear(eur(1), Money::zero(Currency::USD), eur(1)).is_err());
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nobody_pays_more_than_is_there(
            amount in 0_i64..1_000_000_000, held in 0_i64..1_000_000_000, payable in 0_i64..1_000_000_000,
        ) {
            let borne = bear(eur(amount), eur(held), eur(payable)).unwrap();
            prop_assert_eq!(borne.total(), Ok(eur(amount)));
            prop_assert!(borne.held.minor() <= held && borne.payable.minor() <= payable);
            prop_assert!(borne.receivable.is_zero() || borne.held.minor() + borne.payable.minor() == held + payable);
        }
    }
}
