//! An exact fraction: a part of a year, or the interest of a period for each unit of the balance.

use rust_decimal::Decimal;

use crate::rate::Rate;

/// A numerator over a denominator above zero. Kept as it is made: nothing is rounded before there is money.
#[derive(Debug, Clone, Copy)]
pub struct Factor {
    over: i128,
    under: i128,
}

impl Factor {
    /// Nothing.
    pub const ZERO: Self = Self { over: 0, under: 1 };

    /// `over` / `under`; a denominator that is not above zero is taken as 1.
    #[must_use]
    pub const fn new(over: i128, under: i128) -> Self {
        let under = if under > 0 { under } else { 1 };
        Self { over, under }
    }

    /// A decimal with at most 18 places, exactly; longer ones are cut there.
    #[must_use]
    pub fn of_decimal(value: Decimal) -> Self {
        let short = value.round_dp(18).normalize();
        Self::new(short.mantissa(), 10_i128.pow(short.scale()))
    }

    /// The numerator.
    #[must_use]
    pub const fn numerator(self) -> i128 {
        self.over
    }

    /// The denominator.
    #[must_use]
    pub const fn denominator(self) -> i128 {
        self.under
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.over == 0
    }

    /// This part of a year at an annual rate: the interest of the period for each unit of the balance.
    #[must_use]
    pub fn at(self, rate: Rate) -> Self {
        let rate = Self::of_decimal(rate.factor());
        let (over, under) = (
            self.over.checked_mul(rate.over),
            self.under.checked_mul(rate.under),
        );
        match (over, under) {
            (Some(over), Some(under)) => Self::new(over, under),
            _ => Self::of_decimal(self.to_decimal() * rate.to_decimal()),
        }
    }

    /// As a decimal, to 28 digits.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        let small = |value: i128| Decimal::try_from_i128_with_scale(value, 0).unwrap_or(Decimal::MAX);
        small(self.over)
            .checked_div(small(self.under))
            .unwrap_or(Decimal::ZERO)
    }

    /// This part of `minor`, rounded half to even. `None` if it cannot be counted.
    #[must_use]
    pub fn of(self, minor: i64) -> Option<i64> {
        let exact = i128::from(minor).checked_mul(self.over)?;
        i64::try_from(half_even(exact, self.under)).ok()
    }
}

impl PartialEq for Factor {
    fn eq(&self, other: &Self) -> bool {
        // Both denominators are above zero. What is too long to be compared crosswise is compared as written.
        match (
            self.over.checked_mul(other.under),
            other.over.checked_mul(self.under),
        ) {
            (Some(one), Some(two)) => one == two,
            _ => (self.over, self.under) == (other.over, other.under),
        }
    }
}

/// `over` / `under` to the nearest whole number, a half to the even one. `under` is above zero.
pub(crate) const fn half_even(over: i128, under: i128) -> i128 {
    let (whole, rest) = (over.div_euclid(under), over.rem_euclid(under));
    let twice = rest.saturating_mul(2);
    if twice > under || (twice == under && whole % 2 != 0) {
        whole + 1
    } else {
        whole
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::RoundingStrategy;

    use super::*;

    #[test]
    fn a_half_goes_to_the_even_cent() {
        // 5 % over a year of twelve months: 120 cents bear exactly half a cent a month, 360 one and a half.
        let month = Factor::new(1, 12).at(Rate::from_basis_points(500));
        assert_eq!(month.of(120), Some(0));
        assert_eq!(month.of(360), Some(2));
        assert_eq!(month.of(-120), Some(0));
    }

    #[test]
    fn what_cannot_be_counted_is_none() {
        assert_eq!(Factor::new(i128::MAX, 1).of(2), None);
        assert_eq!(Factor::new(3, 1).of(i64::MAX), None);
    }

    proptest! {
        #[test]
        fn rounding_is_that_of_decimals(over in -1_000_000_i64..1_000_000, minor in 0_i64..1_000_000) {
            let factor = Factor::new(i128::from(over), 1_000);
            let exact = Decimal::from(over) * Decimal::from(minor) / Decimal::ONE_THOUSAND;
            let rounded = exact.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven);
            prop_assert_eq!(factor.of(minor).map(Decimal::from), Some(rounded));
        }
    }
}
