//! Rates: a part of an amount, exact until it is money.

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

use crate::money::{Money, MoneyError};

/// A rate with at least two decimals of a percent. Never binary floating point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(Decimal);

impl Rate {
    /// So many hundredths of a percent: 110 is 1.1 %.
    #[must_use]
    pub const fn from_basis_points(basis_points: u32) -> Self {
        Self(Decimal::from_parts(basis_points, 0, 0, false, 4))
    }

    /// The rate with so many percent: at least zero, with at most eight decimals.
    #[must_use]
    pub fn from_percent(percent: Decimal) -> Option<Self> {
        let percent = percent.normalize();
        let fits = !percent.is_sign_negative() && percent.scale() <= 8 && percent <= Decimal::from(1_000_000);
        fits.then(|| Self(percent / Decimal::ONE_HUNDRED))
    }

    /// The rate in percent, without zeros at the end: `1.1`.
    #[must_use]
    pub fn percent(self) -> Decimal {
        (self.0 * Decimal::ONE_HUNDRED).normalize()
    }

    /// The rate as a factor: 0.011 for 1.1 %.
    #[must_use]
    pub fn factor(self) -> Decimal {
        self.0
    }

    /// This part of `money`, rounded half to even to the minor unit.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn of(self, money: Money) -> Result<Money, MoneyError> {
        let exact = Decimal::from(money.minor())
            .checked_mul(self.0)
            .ok_or(MoneyError::Overflow)?;
        let rounded = exact.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven);
        let minor = rounded.to_i64().ok_or(MoneyError::Overflow)?;
        Ok(Money::from_minor(minor, money.currency()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::money::Currency;

    fn percent_of(basis_points: u32, minor: i64) -> i64 {
        Rate::from_basis_points(basis_points)
            .of(Money::from_minor(minor, Currency::EUR))
            .unwrap()
            .minor()
    }

    #[test]
    fn a_half_is_rounded_to_the_even_cent() {
        assert_eq!(percent_of(5000, 1), 0);
        assert_eq!(percent_of(5000, 3), 2);
        assert_eq!(percent_of(5000, 5), 2);
        assert_eq!(percent_of(5000, -3), -2);
        assert_eq!(percent_of(110, 3000), 33);
    }

    #[test]
    fn a_rate_is_shown_in_percent() {
        assert_eq!(Rate::from_basis_points(110).percent().to_string(), "1.1");
        assert_eq!(Rate::from_basis_points(2500).percent().to_string(), "25");
    }

    #[test]
    fn more_than_can_be_counted_is_an_error() {
        let most = Money::from_minor(i64::MAX, Currency::EUR);
        assert_eq!(
            Rate::from_basis_points(10_001).of(most),
            Err(MoneyError::Overflow)
        );
        assert_eq!(
            Rate::from_basis_points(u32::MAX).of(most),
            Err(MoneyError::Overflow)
        );
    }

    proptest! {
        #[test]
        fn a_part_is_never_more_than_half_a_cent_from_exact(
            basis_points in 0_u32..=10_000,
            minor in -1_000_000_000_000_i64..=1_000_000_000_000,
        ) {
            let part = i128::from(percent_of(basis_points, minor));
            let off_by = (part * 10_000 - i128::from(minor) * i128::from(basis_points)).abs();
            prop_assert!(off_by * 2 <= 10_000);
        }
    }
}
