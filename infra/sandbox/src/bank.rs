//! Bank accounts that payouts go to: the test numbers, and what the bank behind each of them does.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What becomes of a payout to a bank account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Paid after a day.
    Paid,
    /// Fails after a day, with this code.
    Fails(&'static str),
    /// Paid after a day, and comes back three days later with this code.
    ComesBack(&'static str),
    /// Never leaves `in_transit`.
    Stays,
}

/// A bank account of the sandbox.
#[derive(Debug)]
pub(crate) struct TestBank {
    pub number: &'static str,
    pub country: &'static str,
    pub fate: Fate,
    /// What the hosted page says it does.
    pub label: &'static str,
}

impl TestBank {
    /// The number in groups of four, as it is read.
    pub(crate) fn spaced(&self) -> String {
        let mut text = String::with_capacity(self.number.len() + 8);
        for (at, letter) in self.number.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push(' ');
            }
            text.push(letter);
        }
        text
    }

    pub(crate) fn last4(&self) -> &'static str {
        &self.number[self.number.len() - 4..]
    }

    /// The same for the same number, for ever, and nothing of the number in it.
    pub(crate) fn fingerprint(&self) -> String {
        fingerprint("bank account", self.number)
    }
}

/// A short keyed hash of a number that must not be shown.
pub(crate) fn fingerprint(what: &str, number: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(format!("felag-sandbox {what} fingerprint").as_bytes())
    else {
        return String::new();
    };
    mac.update(number.as_bytes());
    hex::encode(mac.finalize().into_bytes())[..16].to_owned()
}

const fn bank(number: &'static str, country: &'static str, fate: Fate, label: &'static str) -> TestBank {
    TestBank {
        number,
        country,
        fate,
        label,
    }
}

/// Stripe's public numbers for payouts; what the last two do is the sandbox's own.
pub(crate) const BANKS: &[TestBank] = &[
    bank("DE89370400440532013000", "DE", Fate::Paid, "payouts arrive"),
    bank("AT611904300234573201", "AT", Fate::Paid, "payouts arrive"),
    bank("FR1420041010050500013M02606", "FR", Fate::Paid, "payouts arrive"),
    bank("000123456789", "US", Fate::Paid, "payouts arrive"),
    bank(
        "DE62370400440532013001",
        "DE",
        Fate::Fails("no_account"),
        "payouts fail: there is no such account",
    ),
    bank(
        "000111111116",
        "US",
        Fate::Fails("no_account"),
        "payouts fail: there is no such account",
    ),
    bank(
        "DE35370400440532013002",
        "DE",
        Fate::Fails("account_closed"),
        "payouts fail: the account is closed",
    ),
    bank(
        "000111111113",
        "US",
        Fate::Fails("account_closed"),
        "payouts fail: the account is closed",
    ),
    bank(
        "DE08370400440532013003",
        "DE",
        Fate::ComesBack("account_frozen"),
        "payouts arrive and come back three days later",
    ),
    bank(
        "DE78370400440532013004",
        "DE",
        Fate::Stays,
        "payouts stay on their way",
    ),
];

/// The test account of that number, blanks and small letters allowed.
///
/// # Errors
/// What is wrong with the number, in words for a form.
pub(crate) fn find(typed: &str) -> Result<&'static TestBank, &'static str> {
    let number: String = typed
        .chars()
        .filter(|c| !matches!(c, ' ' | '-'))
        .collect::<String>()
        .to_ascii_uppercase();
    if number.is_empty() {
        return Err("Choose a test account or type a number.");
    }
    if let Some(bank) = BANKS.iter().find(|bank| bank.number == number) {
        return Ok(bank);
    }
    match number
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic())
        && !is_iban(&number)
    {
        true => Err("This IBAN is not valid. Check the letters and digits."),
        false => Err(
            "This is not a test account. The sandbox takes only the numbers listed here; never type a real one.",
        ),
    }
}

/// The check digits of ISO 13616: the rearranged number leaves 1 when divided by 97.
pub(crate) fn is_iban(number: &str) -> bool {
    let shaped = (15..=34).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !shaped || !number[..2].bytes().all(|byte| byte.is_ascii_uppercase()) {
        return false;
    }
    let rearranged = number[4..].chars().chain(number[..4].chars());
    let rest = rearranged
        .filter_map(|letter| letter.to_digit(36))
        .fold(0, |rest, digit| match digit {
            0..=9 => (rest * 10 + digit) % 97,
            _ => (rest * 100 + digit) % 97,
        });
    rest == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_iban_on_the_list_has_its_check_digits() {
        for bank in BANKS {
            assert!(
                bank.country == "US" || is_iban(bank.number),
                "{} is not an IBAN",
                bank.number
            );
        }
    }

    #[test]
    fn a_typed_number_may_have_blanks_and_small_letters() {
        assert_eq!(find("de89 3704 0044 0532 0130 00").unwrap().last4(), "3000");
        assert!(find("DE89370400440532013001").unwrap_err().contains("not valid"));
        assert!(
            find("GB82WEST12345698765432")
                .unwrap_err()
                .contains("not a test account")
        );
        assert!(find("").is_err() && find("999").is_err() && find("ÄÖ").is_err());
    }
}
