//! An amount of money as JSON writes it: decimal digits in major units, read without floats.

use felag_domain::currency::Currency;

/// The amount in minor units, or why it is none. `digits` is a number as it stands in the file: `3000`
/// is 3,000 euros, `12.50` is 12 euros and 50 cents.
pub(crate) fn minor_units(digits: &str, currency: Currency) -> Result<i64, &'static str> {
    let digits = digits.trim();
    if digits.starts_with('-') {
        return Err("an amount cannot be negative");
    }
    if digits.contains(['e', 'E']) {
        return Err("an amount must be written out, without an exponent");
    }
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    // In a number, unlike in a text, zeros at the end after a point say nothing: 3000.0 is 3000.
    let part = part.trim_end_matches('0');
    if whole.is_empty() || !whole.bytes().chain(part.bytes()).all(|b| b.is_ascii_digit()) {
        return Err("an amount must be a decimal number");
    }
    let decimals = currency.exponent() as usize;
    if part.len() > decimals {
        return Err("the amount has more decimals than its currency");
    }
    format!("{whole}{part:0<decimals$}")
        .parse()
        .map_err(|_| "the amount is too large")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_read_in_the_decimals_of_their_currency() {
        assert_eq!(minor_units("3000", Currency::EUR), Ok(300_000));
        assert_eq!(minor_units("12.5", Currency::EUR), Ok(1_250));
        assert_eq!(minor_units("0", Currency::USD), Ok(0));
        assert_eq!(minor_units("3000.00", Currency::JPY), Ok(3_000));
        assert_eq!(minor_units("1.234", Currency::KWD), Ok(1_234));
        assert_eq!(minor_units("92233720368547758.07", Currency::EUR), Ok(i64::MAX));
    }

    #[test]
    fn amounts_that_are_no_whole_minor_units_are_refused_with_a_reason() {
        let why = |digits| minor_units(digits, Currency::EUR).unwrap_err();
        assert_eq!(why("0.001"), "the amount has more decimals than its currency");
        assert_eq!(
            minor_units("1.5", Currency::JPY),
            Err("the amount has more decimals than its currency")
        );
        assert_eq!(why("-1"), "an amount cannot be negative");
        assert_eq!(why("1e2"), "an amount must be written out, without an exponent");
        assert_eq!(why("92233720368547758.08"), "the amount is too large");
        assert_eq!(why(""), "an amount must be a decimal number");
        assert_eq!(why("٣"), "an amount must be a decimal number");
    }

    proptest! {
        #[test]
        fn every_amount_in_cents_reads_back_from_its_digits(cents in 0..i64::MAX) {
            let digits = format!("{}.{:02}", cents / 100, cents % 100);
            prop_assert_eq!(minor_units(&digits, Currency::EUR), Ok(cents));
        }
    }
}
