//! Amounts as people type them: `25`, `25.50`, `25,50`, `€25`, `25 EUR`.
//!
//! What could be meant in two ways is refused, never guessed: `1,000` in euro is not a thousand.

use crate::{
    money::{Currency, Money},
    words::{Refusal, Words},
};

/// Why what was typed is not an amount to go on with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Nothing was typed.
    #[error("no amount was given")]
    Empty,
    /// Not a plain number: letters, grouped thousands, digits of other scripts.
    #[error("that is not a plain number")]
    NotANumber,
    /// Less than nothing.
    #[error("the amount is negative")]
    Negative,
    /// Nothing.
    #[error("the amount is zero")]
    Zero,
    /// More decimals than the currency has.
    #[error("the amount has more than {allowed} decimals")]
    TooManyDecimals {
        /// How many decimals the currency has.
        allowed: u32,
    },
    /// More than can be counted.
    #[error("the amount is too large")]
    TooLarge,
    /// Another currency's sign or code.
    #[error("the amount is not in {expected}")]
    ForeignCurrency {
        /// The currency asked for.
        expected: Currency,
    },
}

impl Refusal for AmountError {
    fn words(&self) -> Words {
        match *self {
            Self::Empty => Words::new("amount-empty"),
            Self::NotANumber => Words::new("amount-not-a-number"),
            Self::Negative => Words::new("amount-negative"),
            Self::Zero => Words::new("amount-zero"),
            Self::TooManyDecimals { allowed: 0 } => Words::new("amount-no-decimals"),
            Self::TooManyDecimals { allowed } => {
                Words::new("amount-too-many-decimals").with("allowed", allowed)
            }
            Self::TooLarge => Words::new("amount-too-large"),
            Self::ForeignCurrency { expected } => {
                Words::new("amount-foreign-currency").with("expected", expected)
            }
        }
    }
}

/// The amount above zero that `text` says, in `currency`.
///
/// Takes blanks around it, one decimal mark (`.` or `,`), and the currency's own sign or code before
/// or after the number.
///
/// # Errors
/// See [`AmountError`].
pub fn parse(text: &str, currency: Currency) -> Result<Money, AmountError> {
    let amount = parse_with_zero(text, currency)?;
    if amount.is_zero() {
        Err(AmountError::Zero)
    } else {
        Ok(amount)
    }
}

/// As [`parse`], for fields where nothing may be given: a tip, a budget line's part at the minimum.
/// An empty field is still [`AmountError::Empty`]; the caller knows what leaving it empty means.
///
/// # Errors
/// See [`AmountError`], without [`AmountError::Zero`].
pub fn parse_with_zero(text: &str, currency: Currency) -> Result<Money, AmountError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(AmountError::Empty);
    }
    let (text, minus_before) = without_minus(text);
    let (number, minus_after) = without_minus(without_mark(text, currency)?);
    if minus_before && minus_after {
        return Err(AmountError::NotANumber);
    }
    let amount = unsigned(number, currency);
    if minus_before || minus_after {
        return match amount {
            Ok(amount) if amount.is_zero() => Ok(amount),
            Ok(_) | Err(AmountError::TooManyDecimals { .. } | AmountError::TooLarge) => {
                Err(AmountError::Negative)
            }
            Err(other) => Err(other),
        };
    }
    amount
}

fn without_minus(text: &str) -> (&str, bool) {
    match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (rest.trim_start(), true),
        None => (text, false),
    }
}

/// Takes one currency mark off one side of the number.
fn without_mark(text: &str, currency: Currency) -> Result<&str, AmountError> {
    let is_mark = |c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+' | '\u{2212}'));
    let after = text.trim_start_matches(is_mark);
    let before = text.trim_end_matches(is_mark);
    let (number, mark) = match (after.len() < text.len(), before.len() < text.len()) {
        (false, false) => return Ok(text),
        (true, false) => (after, &text[..text.len() - after.len()]),
        (false, true) => (before, &text[before.len()..]),
        (true, true) => return Err(AmountError::NotANumber),
    };
    let mark = mark.trim();
    if mark.eq_ignore_ascii_case(currency.code()) || mark == currency.symbol() {
        return Ok(number);
    }
    let is_foreign = mark.parse::<Currency>().is_ok()
        || Currency::OFFERED
            .iter()
            .any(|other| mark.eq_ignore_ascii_case(other.symbol()))
        || mark
            .chars()
            .any(|c| matches!(c, '$' | '£' | '¥' | '\u{20A0}'..='\u{20CF}'));
    Err(if is_foreign {
        AmountError::ForeignCurrency { expected: currency }
    } else {
        AmountError::NotANumber
    })
}

/// Digits with at most one decimal mark among them.
fn unsigned(text: &str, currency: Currency) -> Result<Money, AmountError> {
    let (whole, decimals) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(decimals) || (whole.is_empty() && decimals.is_empty()) {
        return Err(AmountError::NotANumber);
    }
    let allowed = currency.exponent();
    let missing = (allowed as usize)
        .checked_sub(decimals.len())
        .ok_or(AmountError::TooManyDecimals { allowed })?;
    let digits = whole
        .bytes()
        .chain(decimals.bytes())
        .chain(std::iter::repeat_n(b'0', missing));
    let append = |minor: i64, digit: u8| minor.checked_mul(10)?.checked_add(i64::from(digit - b'0'));
    let minor = digits
        .map(Some)
        .try_fold(0_i64, |minor, digit| append(minor, digit?));
    Ok(Money::from_minor(minor.ok_or(AmountError::TooLarge)?, currency))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{AmountError::*, *};

    fn euro(text: &str) -> Result<i64, AmountError> {
        parse(text, Currency::EUR).map(Money::minor)
    }

    #[test]
    fn people_type_amounts_in_many_ways() {
        for text in [
            "25", "25.00", "25,0", " 25 ", "€25", "25 €", "EUR 25", "25eur", "0025", "25.", "\u{a0}25",
        ] {
            assert_eq!(euro(text), Ok(2500), "{text}");
        }
        assert_eq!(euro(".5"), Ok(50));
        assert_eq!(parse("1,005", Currency::KWD).unwrap().minor(), 1005);
        assert_eq!(parse("700 kr", Currency::ISK).unwrap().minor(), 700);
    }

    #[test]
    fn what_is_not_a_plain_number_is_refused() {
        for text in [
            "1e2",
            "５０",
            "5０",
            "٣",
            "1.000.000",
            "1 000",
            "1'000",
            "0x1F",
            "abc",
            "€",
            ".",
            ",",
            "+5",
            "5-",
            "--5",
            "€5€",
            "1.5,0",
            "5 euros",
            "NaN",
            "inf",
            "-",
            "½",
        ] {
            assert_eq!(euro(text), Err(NotANumber), "{text}");
        }
    }

    #[test]
    fn each_reason_has_its_own_words() {
        assert_eq!(euro("  "), Err(Empty));
        assert_eq!(euro("0,00"), Err(Zero));
        assert_eq!(euro("-0"), Err(Zero));
        for text in ["-5", "\u{2212}5", "€ -5", "-€5", "-1.234"] {
            assert_eq!(euro(text), Err(Negative), "{text}");
        }
        assert_eq!(euro("1,000"), Err(TooManyDecimals { allowed: 2 }));
        assert_eq!(parse("5.0", Currency::JPY), Err(TooManyDecimals { allowed: 0 }));
        assert_eq!(euro("92233720368547758.07"), Ok(i64::MAX));
        assert_eq!(euro("92233720368547758.08"), Err(TooLarge));
        assert_eq!(euro(&"9".repeat(5000)), Err(TooLarge));
        for text in ["$5", "5 USD", "usd5", "5 kr", "US$5", "£ 5", "5₽"] {
            assert_eq!(
                euro(text),
                Err(ForeignCurrency {
                    expected: Currency::EUR
                }),
                "{text}"
            );
        }
    }

    #[test]
    fn a_tip_may_be_zero_but_not_negative() {
        assert_eq!(
            parse_with_zero("0", Currency::EUR),
            Ok(Money::zero(Currency::EUR))
        );
        assert_eq!(parse_with_zero("-1", Currency::EUR), Err(Negative));
        assert_eq!(parse_with_zero("", Currency::EUR), Err(Empty));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            for &currency in Currency::OFFERED {
                if let Ok(amount) = parse(&text, currency) {
                    prop_assert!(amount.is_positive());
                }
            }
        }

        #[test]
        fn near_numbers_do_not_make_it_panic(text in "[-+0-9.,€$ krEUR]{0,24}") {
            if let Ok(amount) = parse(&text, Currency::EUR) {
                prop_assert!(amount.is_positive());
            }
        }

        #[test]
        fn an_amount_reads_back_from_how_it_is_shown(
            minor in 1..=i64::MAX,
            currency in prop::sample::select(Currency::OFFERED),
        ) {
            let money = Money::from_minor(minor, currency);
            prop_assert_eq!(parse(&money.to_string(), currency), Ok(money));
            prop_assert_eq!(parse(&money.to_string().replace('.', ","), currency), Ok(money));
        }
    }
}
