//! Money: whole minor units and a currency, checked arithmetic, and ways to divide that lose nothing.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use crate::currency::{Currency, UnknownCurrency};

/// An amount in one currency. May be negative; see [`Money::is_positive`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// Why two amounts could not be put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The amounts are in different currencies.
    #[error("{0} cannot be combined with {1}")]
    MixedCurrencies(Currency, Currency),
    /// The result does not fit into 64 bits of minor units.
    #[error("the amount is too large")]
    Overflow,
}

impl Money {
    /// So many minor units (cents) of a currency.
    #[must_use]
    pub const fn from_minor(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in a currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// The amount in minor units (cents).
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency of the amount.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether this is nothing at all.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Whether this is more than nothing.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.minor > 0
    }

    /// Whether this is less than nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// `self` and `other` together.
    ///
    /// # Errors
    /// [`MoneyError::MixedCurrencies`], [`MoneyError::Overflow`].
    pub fn checked_add(self, other: Money) -> Result<Money, MoneyError> {
        self.combine(other, i64::checked_add)
    }

    /// `self` without `other`; may be negative.
    ///
    /// # Errors
    /// [`MoneyError::MixedCurrencies`], [`MoneyError::Overflow`].
    pub fn checked_sub(self, other: Money) -> Result<Money, MoneyError> {
        self.combine(other, i64::checked_sub)
    }

    fn combine(self, other: Money, with: fn(i64, i64) -> Option<i64>) -> Result<Money, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::MixedCurrencies(self.currency, other.currency));
        }
        let minor = with(self.minor, other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Money { minor, ..self })
    }

    /// Shares `self` out by `weights` by the method of largest remainders, losing nothing.
    ///
    /// Each part is its exact share rounded towards zero; the units left over go one by one to the
    /// largest remainders, ties to the earlier part, and a zero weight gets nothing. A negative
    /// amount (something taken back) mirrors the split of the positive one. `None` if no weight is
    /// positive.
    #[must_use]
    pub fn split(self, weights: &[u64]) -> Option<Vec<Money>> {
        let mut shares = self.rounded_towards_zero(weights)?;
        // A stable sort keeps the order of equal remainders.
        shares.sort_by_key(|share| std::cmp::Reverse(share.remainder));
        self.hand_out_the_rest(shares)
    }

    /// As [`Money::split`], with weights that may have decimals: shares of a loan, percentages.
    ///
    /// `None` if a weight is negative, if none is positive, or if the weights are so far apart that
    /// as whole numbers in the same proportion they need more than 64 bits.
    #[must_use]
    pub fn split_by(self, weights: &[Decimal]) -> Option<Vec<Money>> {
        self.split(&whole_weights(weights)?)
    }

    /// Shares `self` out by `weights`, losing nothing, the rest to whoever comes first.
    ///
    /// Each part is its exact share rounded towards zero; the units left over go one each to the
    /// first parts with a weight above zero. Negative amounts mirror positive ones. `None` if no
    /// weight is positive.
    #[must_use]
    pub fn split_rest_first(self, weights: &[u64]) -> Option<Vec<Money>> {
        let shares = self.rounded_towards_zero(weights)?;
        self.hand_out_the_rest(shares)
    }

    /// `n` equal parts, losing nothing: the units left over go one each to the first parts.
    /// `None` if `n` is zero.
    #[must_use]
    pub fn split_equally(self, n: usize) -> Option<Vec<Money>> {
        self.split_rest_first(&vec![1; n])
    }

    fn rounded_towards_zero(self, weights: &[u64]) -> Option<Vec<Share>> {
        let total: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
        if total == 0 {
            return None;
        }
        let share = |(index, &weight): (usize, &u64)| {
            // At most 2^63 × (2^64 − 1): always fits.
            let exact = u128::from(self.minor.unsigned_abs()) * u128::from(weight);
            Share {
                index,
                weight,
                whole: exact / total,
                remainder: exact % total,
            }
        };
        Some(weights.iter().enumerate().map(share).collect())
    }

    /// Gives one unit each to the first shares with a weight until the whole is used up, and puts
    /// the parts back into the order of the weights.
    fn hand_out_the_rest(self, mut shares: Vec<Share>) -> Option<Vec<Money>> {
        let handed_out: u128 = shares.iter().map(|share| share.whole).sum();
        let mut left_over = u128::from(self.minor.unsigned_abs()) - handed_out;
        for share in &mut shares {
            if left_over > 0 && share.weight > 0 {
                share.whole += 1;
                left_over -= 1;
            }
        }
        debug_assert_eq!(
            left_over, 0,
            "fewer units are left over than there are positive weights"
        );
        shares.sort_by_key(|share| share.index);
        let signed = |share: Share| {
            let whole = i128::try_from(share.whole).ok()?;
            let minor = i64::try_from(if self.minor < 0 { -whole } else { whole }).ok()?;
            Some(Money { minor, ..self })
        };
        shares.into_iter().map(signed).collect()
    }
}

/// One part of a split while it is being worked out, in minor units without a sign.
struct Share {
    index: usize,
    weight: u64,
    whole: u128,
    remainder: u128,
}

/// Whole numbers in the same proportion as `weights`; `None` as [`Money::split_by`] says.
fn whole_weights(weights: &[Decimal]) -> Option<Vec<u64>> {
    let weights: Vec<Decimal> = weights.iter().map(Decimal::normalize).collect();
    let scale = weights.iter().map(Decimal::scale).max()?;
    let scaled = |weight: &Decimal| {
        let mantissa = u128::try_from(weight.mantissa()).ok()?;
        mantissa.checked_mul(10_u128.checked_pow(scale - weight.scale())?)
    };
    let scaled: Vec<u128> = weights.iter().map(scaled).collect::<Option<_>>()?;
    let divisor = scaled.iter().copied().fold(0, greatest_common_divisor).max(1);
    scaled
        .into_iter()
        .map(|weight| u64::try_from(weight / divisor).ok())
        .collect()
}

fn greatest_common_divisor(a: u128, b: u128) -> u128 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// All of `amounts` together.
///
/// # Errors
/// [`MoneyError::MixedCurrencies`] if one of them is not in `currency`, [`MoneyError::Overflow`].
pub fn sum(amounts: impl IntoIterator<Item = Money>, currency: Currency) -> Result<Money, MoneyError> {
    amounts
        .into_iter()
        .try_fold(Money::zero(currency), Money::checked_add)
}

/// The exact amount with all the decimals of its currency, then the code: `25.00 EUR`, `-0.05 EUR`,
/// `700 JPY`. Pages and mails write amounts in the reader's language instead.
impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let per_major = self.currency.minor_per_major().unsigned_abs();
        let (major, rest) = (
            self.minor.unsigned_abs() / per_major,
            self.minor.unsigned_abs() % per_major,
        );
        let sign = if self.minor < 0 { "-" } else { "" };
        let text = match self.currency.exponent() as usize {
            0 => format!("{sign}{major} {}", self.currency),
            decimals => format!("{sign}{major}.{rest:0decimals$} {}", self.currency),
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    fn minors(parts: Option<Vec<Money>>) -> Vec<i64> {
        parts.unwrap().into_iter().map(Money::minor).collect()
    }

    #[test]
    fn amounts_of_different_currencies_do_not_add_up() {
        let other = Money::from_minor(1, Currency::USD);
        let mixed = Err(MoneyError::MixedCurrencies(Currency::EUR, Currency::USD));
        assert_eq!(eur(1).checked_add(other), mixed);
        assert_eq!(eur(1).checked_sub(other), mixed);
        assert_eq!(sum([eur(1), other], Currency::EUR), mixed);
    }

    #[test]
    fn an_amount_too_large_is_an_error_and_not_a_wrong_amount() {
        assert_eq!(eur(i64::MAX).checked_add(eur(1)), Err(MoneyError::Overflow));
        assert_eq!(eur(i64::MIN).checked_sub(eur(1)), Err(MoneyError::Overflow));
    }

    #[test]
    fn amounts_show_all_decimals_of_their_currency() {
        assert_eq!(eur(2500).to_string(), "25.00 EUR");
        assert_eq!(eur(-5).to_string(), "-0.05 EUR");
        assert_eq!(Money::from_minor(700, Currency::JPY).to_string(), "700 JPY");
        assert_eq!(Money::from_minor(1005, Currency::KWD).to_string(), "1.005 KWD");
        assert_eq!(eur(i64::MIN).to_string(), "-92233720368547758.08 EUR");
    }

    #[test]
    fn money_is_minor_units_and_a_code_in_json() {
        let json = serde_json::json!({ "minor": 2500, "currency": "EUR" });
        assert_eq!(serde_json::to_value(eur(2500)).unwrap(), json);
        assert_eq!(serde_json::from_value::<Money>(json).unwrap(), eur(2500));
    }

    #[test]
    fn without_a_positive_weight_there_is_no_split() {
        assert_eq!(eur(100).split(&[]), None);
        assert_eq!(eur(100).split(&[0, 0]), None);
        assert_eq!(eur(100).split_equally(0), None);
        assert_eq!(eur(100).split_by(&[Decimal::new(-1, 0), Decimal::TWO]), None);
    }

    #[test]
    fn the_rest_goes_to_the_largest_remainder_or_to_the_first() {
        assert_eq!(
            minors(eur(10_000).split(&[30, 20, 40, 40])),
            [2308, 1538, 3077, 3077]
        );
        assert_eq!(
            minors(eur(10_000).split_rest_first(&[0, 30, 20, 40, 40])),
            [0, 2308, 1539, 3077, 3076]
        );
        assert_eq!(minors(eur(-101).split_equally(4)), [-26, -25, -25, -25]);
        assert_eq!(
            minors(eur(1).split_by(&[Decimal::new(33, 2), Decimal::new(660, 3)])),
            [0, 1]
        );
    }

    proptest! {
        #[test]
        fn splitting_neither_makes_nor_loses_money(
            minor in any::<i64>(),
            weights in prop::collection::vec(any::<u64>(), 1..20),
        ) {
            prop_assume!(weights.iter().any(|&weight| weight > 0));
            for parts in [eur(minor).split(&weights), eur(minor).split_rest_first(&weights)] {
                let parts = parts.unwrap();
                prop_assert_eq!(parts.len(), weights.len());
                let total: i128 = parts.iter().map(|part| i128::from(part.minor())).sum();
                prop_assert_eq!(total, i128::from(minor));
                for (part, weight) in parts.iter().zip(&weights) {
                    prop_assert!(part.minor() == 0 || part.is_negative() == (minor < 0));
                    prop_assert!(*weight > 0 || part.is_zero());
                }
            }
        }

        #[test]
        fn no_part_is_a_whole_unit_away_from_its_exact_share(
            minor in 0..=i64::MAX,
            weights in prop::collection::vec(0..=u64::from(u32::MAX), 1..20),
        ) {
            prop_assume!(weights.iter().any(|&weight| weight > 0));
            let total: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
            for (part, weight) in eur(minor).split(&weights).unwrap().iter().zip(&weights) {
                let exact_times_total = u128::from(minor.unsigned_abs()) * u128::from(*weight);
                let part_times_total = u128::from(part.minor().unsigned_abs()) * total;
                prop_assert!(part_times_total.abs_diff(exact_times_total) < total);
            }
        }

        #[test]
        fn decimal_weights_split_as_whole_ones_in_the_same_proportion(
            minor in any::<i64>(),
            weights in prop::collection::vec(0..=u32::MAX, 1..10),
            scale in 0_u32..=6,
        ) {
            let whole: Vec<u64> = weights.iter().map(|&weight| u64::from(weight)).collect();
            let decimal: Vec<Decimal> =
                weights.iter().map(|&weight| Decimal::new(i64::from(weight), scale)).collect();
            prop_assert_eq!(eur(minor).split_by(&decimal), eur(minor).split(&whole));
        }
    }
}
