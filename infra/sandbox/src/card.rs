//! A card as typed or chosen, and the checks a typed number goes through.

use time::OffsetDateTime;

use crate::{
    bank::fingerprint,
    test_card::{CARDS, TestCard, known},
};

/// A card as typed or chosen, checked.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    pub number: String,
    pub exp_month: i64,
    pub exp_year: i64,
}

/// Which field of a typed card is wrong, and why: for the API as a code, for the page as words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CardError {
    /// `number`, `exp_month`, `exp_year` or `cvc`.
    pub field: &'static str,
    pub code: &'static str,
    pub message: &'static str,
}

const fn wrong(field: &'static str, code: &'static str, message: &'static str) -> CardError {
    CardError { field, code, message }
}

const BAD_NUMBER: CardError = wrong(
    "number",
    "incorrect_number",
    "The card number is not valid. Check the digits.",
);
const REAL_NUMBER: CardError = wrong(
    "number",
    "card_declined",
    "This is not a test card. The sandbox takes only the test numbers listed here; never type a real card.",
);
const BAD_MONTH: CardError = wrong(
    "exp_month",
    "invalid_expiry_month",
    "The month is a number from 1 to 12.",
);
const BAD_YEAR: CardError = wrong(
    "exp_year",
    "invalid_expiry_year",
    "The card's expiry lies in the past.",
);
const FAR_YEAR: CardError = wrong(
    "exp_year",
    "invalid_expiry_year",
    "The year of expiry is not valid.",
);
const BAD_CVC: CardError = wrong("cvc", "invalid_cvc", "The security code has three digits.");

impl Card {
    /// Checks what was typed. Blanks and dashes inside the number are fine. `cvc` may be absent, as in the
    /// API.
    pub(crate) fn check(
        number: &str,
        month: &str,
        year: &str,
        cvc: Option<&str>,
        now: OffsetDateTime,
    ) -> Result<Self, CardError> {
        let number: String = number.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if !(12..=19).contains(&number.len()) || !luhn(&number) {
            return Err(BAD_NUMBER);
        }
        if known(&number).is_none() {
            return Err(REAL_NUMBER);
        }
        let exp_month: i64 = month
            .trim()
            .parse()
            .ok()
            .filter(|m| (1..=12).contains(m))
            .ok_or(BAD_MONTH)?;
        let year: i64 = year
            .trim()
            .parse()
            .ok()
            .filter(|y| (0..10_000).contains(y))
            .ok_or(FAR_YEAR)?;
        let exp_year = if year < 100 { 2000 + year } else { year };
        if exp_year > i64::from(now.year()) + 50 {
            return Err(FAR_YEAR);
        }
        if (exp_year, exp_month) < (i64::from(now.year()), i64::from(u8::from(now.month()))) {
            return Err(BAD_YEAR);
        }
        if cvc.is_some_and(|cvc| cvc.trim().len() != 3 || !cvc.trim().bytes().all(|b| b.is_ascii_digit())) {
            return Err(BAD_CVC);
        }
        Ok(Self {
            number,
            exp_month,
            exp_year,
        })
    }

    /// The card behind a test token: `pm_card_visa`, `tok_visa`.
    pub(crate) fn from_token(token: &str, now: OffsetDateTime) -> Option<Self> {
        let name = token
            .strip_prefix("pm_card_")
            .or_else(|| token.strip_prefix("tok_"))?;
        // Both spellings of Stripe's list: with and without the brand.
        let found = CARDS.iter().find(|card| {
            card.token == name
                || card
                    .token
                    .strip_prefix("visa_")
                    .is_some_and(|short| short == name)
        })?;
        Some(Self::of(found, now))
    }

    /// A chosen test card; it is good for three years more.
    pub(crate) fn of(card: &TestCard, now: OffsetDateTime) -> Self {
        Self {
            number: card.number.into(),
            exp_month: 12,
            exp_year: i64::from(now.year()) + 3,
        }
    }

    pub(crate) fn brand(&self) -> &'static str {
        known(&self.number).map_or("unknown", |card| card.brand)
    }

    pub(crate) fn last4(&self) -> &str {
        &self.number[self.number.len().saturating_sub(4)..]
    }

    /// The same for the same number, for ever, and nothing of the number in it.
    pub(crate) fn fingerprint(&self) -> String {
        fingerprint("card", &self.number)
    }
}

/// The check digit of ISO/IEC 7812.
fn luhn(number: &str) -> bool {
    let mut sum = 0;
    for (place, byte) in number.bytes().rev().enumerate() {
        if !byte.is_ascii_digit() {
            return false;
        }
        let digit = u32::from(byte - b'0');
        let doubled = if place % 2 == 1 { digit * 2 } else { digit };
        sum += if doubled > 9 { doubled - 9 } else { doubled };
    }
    sum % 10 == 0
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

    #[test]
    fn every_test_card_passes_its_own_check() {
        for card in CARDS {
            assert!(luhn(card.number), "{}", card.number);
            assert!(
                Card::check(card.number, "12", "29", Some("123"), NOW).is_ok(),
                "{}",
                card.number
            );
            assert!(Card::from_token(&format!("pm_card_{}", card.token), NOW).is_some());
        }
    }

    #[test]
    fn a_wrong_field_is_named() {
        let field = |number, month, year, cvc| {
            Card::check(number, month, year, Some(cvc), NOW)
                .unwrap_err()
                .field
        };
        assert_eq!(field("4242424242424241", "12", "29", "123"), "number");
        assert_eq!(field("4242", "12", "29", "123"), "number");
        assert_eq!(field("４２４２424242424242", "12", "29", "123"), "number");
        assert_eq!(field("4242 4242 4242 4242", "13", "29", "123"), "exp_month");
        assert_eq!(field("4242-4242-4242-4242", "10", "26", "123"), "exp_year");
        assert_eq!(field("4242424242424242", "12", "2029", "12"), "cvc");
        assert!(
            Card::check("4242424242424242", "11", "26", Some("123"), NOW).is_ok(),
            "this month still counts"
        );
    }

    #[test]
    fn a_number_that_is_not_a_test_card_is_refused() {
        assert_eq!(
            Card::check("4111111111111111", "12", "29", Some("123"), NOW)
                .unwrap_err()
                .code,
            "card_declined"
        );
    }

    #[test]
    fn a_fingerprint_belongs_to_the_number_alone() {
        let first = Card::check("4242424242424242", "12", "29", None, NOW).unwrap();
        let second = Card::check("4242 4242 4242 4242", "1", "30", None, NOW).unwrap();
        assert_eq!(first.fingerprint(), second.fingerprint());
        assert_ne!(first.fingerprint(), Card::of(&CARDS[1], NOW).fingerprint());
    }
}
