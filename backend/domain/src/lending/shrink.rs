//! What becomes of a loan when the collection window is over.

use crate::money::{Money, MoneyError};

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// What was collected is the loan: all that was signed for, or as much as it may shrink to.
    Lent(Money),
    /// Too little was collected: all of it goes back.
    GoesBack,
}

/// What becomes of a loan of which `collected` came in, and which may shrink to `least`.
///
/// # Errors
/// [`MoneyError::MixedCurrencies`].
pub fn fate(collected: Money, least: Money) -> Result<Fate, MoneyError> {
    let reaches = !collected.checked_sub(least)?.is_negative();
    Ok(if reaches && collected.is_positive() {
        Fate::Lent(collected)
    } else {
        Fate::GoesBack
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn a_loan_shrinks_to_what_was_collected_and_not_below_what_it_may() {
        let eur = |minor| Money::from_minor(minor, Currency::EUR);
        assert_eq!(fate(eur(10_000), eur(10_000)), Ok(Fate::Lent(eur(10_000))));
        assert_eq!(fate(eur(7_000), eur(6_000)), Ok(Fate::Lent(eur(7_000))));
        assert_eq!(fate(eur(5_999), eur(6_000)), Ok(Fate::GoesBack));
        assert_eq!(fate(eur(0), eur(0)), Ok(Fate::GoesBack));
        assert!(fate(eur(1), Money::zero(Currency::USD)).is_err());
    }
}
