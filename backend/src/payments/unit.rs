//! The provider's own unit for some currencies, converted at this one place (domain.md §3.1).
//!
//! Most currencies are sent in the minor units of ISO 4217. Stripe takes the Icelandic króna as a two-decimal
//! currency whose decimals are always 00, and wants a last digit of 0 in three-decimal currencies
//! (https://docs.stripe.com/currencies).

use felag_domain::money::{Currency, Money};
use felag_domain::pledge::smallest;

use crate::planted::{self, Plant};

/// `amount` in the provider's unit.
pub fn provider_amount(amount: Money) -> i64 {
    amount.minor().saturating_mul(factor(amount.currency()))
}

/// An amount of the provider in ours; `None` when it is no whole minor unit of `currency`, which no honest answer is.
pub fn our_amount(units: i64, currency: Currency) -> Option<Money> {
    let factor = factor(currency);
    (units % factor == 0).then(|| Money::from_minor(units / factor, currency))
}

/// Whether the provider can charge exactly this amount.
pub fn can_be_charged(amount: Money) -> bool {
    amount.currency().exponent() != 3 || amount.minor() % 10 == 0
}

/// The smallest amount not below `amount` that the provider can charge: what of it nobody is owed is to go back.
pub fn chargeable(amount: Money) -> Money {
    let currency = amount.currency();
    let least = smallest(currency).minor().max(amount.minor());
    let step = if currency.exponent() == 3 { 10 } else { 1 };
    let over = least % step;
    let up = if over == 0 { 0 } else { step - over };
    Money::from_minor(least.saturating_add(up), currency)
}

fn factor(currency: Currency) -> i64 {
    let yen_too = planted::is(Plant::YenTimesHundred) && currency == Currency::JPY;
    if currency == Currency::ISK || yen_too {
        100
    } else {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kronur_are_sent_a_hundredfold_and_yen_are_not() {
        assert_eq!(provider_amount(Money::from_minor(1_500, Currency::ISK)), 150_000);
        assert_eq!(provider_amount(Money::from_minor(1_500, Currency::JPY)), 1_500);
        assert_eq!(provider_amount(Money::from_minor(1_500, Currency::EUR)), 1_500);
    }

    #[test]
    fn what_is_too_little_to_be_charged_is_charged_as_the_least_that_can_be() {
        let of = |minor, currency| chargeable(Money::from_minor(minor, currency)).minor();
        assert_eq!((of(2, Currency::EUR), of(20_047, Currency::EUR)), (100, 20_047));
        assert_eq!((of(1, Currency::KWD), of(1_234, Currency::KWD)), (500, 1_240));
        assert_eq!(of(1_240, Currency::KWD), 1_240);
    }

    #[test]
    fn what_was_sent_comes_back_unchanged() {
        for currency in [Currency::EUR, Currency::ISK, Currency::JPY, Currency::KWD] {
            let amount = Money::from_minor(12_340, currency);
            assert_eq!(our_amount(provider_amount(amount), currency), Some(amount));
        }
        assert_eq!(our_amount(150_001, Currency::ISK), None);
    }

    #[test]
    fn a_third_decimal_other_than_zero_cannot_be_charged() {
        assert!(can_be_charged(Money::from_minor(1_230, Currency::KWD)));
        assert!(!can_be_charged(Money::from_minor(1_234, Currency::KWD)));
    }
}
