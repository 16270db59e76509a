//! The test IBANs of SEPA debits: Stripe's public ones of two countries, and what a debit from each comes to.

use time::OffsetDateTime;

use crate::{
    bank::is_iban,
    test_card::{DebitEnd, Effect},
};

/// A bank account that can be debited.
#[derive(Debug)]
pub(crate) struct TestDebit {
    pub iban: &'static str,
    /// `pm_…`; `pm_sepaDebit_…` with the same ending means the same account.
    pub token: &'static str,
    pub effect: Effect,
    /// What the hosted page says it does.
    pub label: &'static str,
}

impl TestDebit {
    /// The number in groups of four, as it is read.
    pub(crate) fn spaced(&self) -> String {
        let groups = self.iban.as_bytes().chunks(4);
        let groups: Vec<&str> = groups.filter_map(|four| std::str::from_utf8(four).ok()).collect();
        groups.join(" ")
    }

    pub(crate) fn country(&self) -> &'static str {
        &self.iban[..2]
    }

    pub(crate) fn last4(&self) -> &'static str {
        &self.iban[self.iban.len() - 4..]
    }

    /// The bank's code inside the number: eight digits in Germany, five in Austria.
    pub(crate) fn bank_code(&self) -> &'static str {
        let digits = if self.country() == "DE" { 8 } else { 5 };
        &self.iban[4..4 + digits]
    }
}

const fn debit(
    iban: &'static str,
    token: &'static str,
    days: i64,
    end: DebitEnd,
    label: &'static str,
) -> TestDebit {
    let effect = Effect::Debits { days, end };
    TestDebit {
        iban,
        token,
        effect,
        label,
    }
}

const REFUSED: DebitEnd = DebitEnd::Fails("refer_to_customer");
const NO_FUNDS: DebitEnd = DebitEnd::Fails("insufficient_funds");
const TOO_MUCH: DebitEnd = DebitEnd::Fails("charge_exceeds_source_limit");
const TOO_OFTEN: DebitEnd = DebitEnd::Fails("charge_exceeds_weekly_limit");

pub(crate) const DEBITS: &[TestDebit] = &[
    debit(
        "AT611904300234573201",
        "success_at",
        5,
        DebitEnd::Pays,
        "paid after five days",
    ),
    debit(
        "AT321904300235473204",
        "successDelayed_at",
        12,
        DebitEnd::Pays,
        "paid after twelve days",
    ),
    debit(
        "AT861904300235473202",
        "failed_at",
        3,
        REFUSED,
        "fails after three days",
    ),
    debit(
        "AT051904300235473205",
        "failedDelayed_at",
        14,
        REFUSED,
        "fails after a fortnight",
    ),
    debit(
        "AT591904300235473203",
        "disputed_at",
        5,
        DebitEnd::Disputed,
        "paid, then called back",
    ),
    debit(
        "AT981904300000343434",
        "exceedsWeeklyVolumeLimit_at",
        1,
        TOO_MUCH,
        "fails: more than the account may give a week",
    ),
    debit(
        "AT601904300000121212",
        "exceedsWeeklyTransactionLimit_at",
        1,
        TOO_OFTEN,
        "fails: too many debits a week",
    ),
    debit(
        "AT981904300002222227",
        "insufficientFunds_at",
        3,
        NO_FUNDS,
        "fails: not enough money",
    ),
    debit(
        "DE89370400440532013000",
        "success_de",
        5,
        DebitEnd::Pays,
        "paid after five days",
    ),
    debit(
        "DE08370400440532013003",
        "successDelayed_de",
        12,
        DebitEnd::Pays,
        "paid after twelve days",
    ),
    debit(
        "DE62370400440532013001",
        "failed_de",
        3,
        REFUSED,
        "fails after three days",
    ),
    debit(
        "DE78370400440532013004",
        "failedDelayed_de",
        14,
        REFUSED,
        "fails after a fortnight",
    ),
    debit(
        "DE35370400440532013002",
        "disputed_de",
        5,
        DebitEnd::Disputed,
        "paid, then called back",
    ),
    debit(
        "DE65370400440000343434",
        "exceedsWeeklyVolumeLimit_de",
        1,
        TOO_MUCH,
        "fails: more than the account may give a week",
    ),
    debit(
        "DE27370400440000121212",
        "exceedsWeeklyTransactionLimit_de",
        1,
        TOO_OFTEN,
        "fails: too many debits a week",
    ),
    debit(
        "DE65370400440002222227",
        "insufficientFunds_de",
        3,
        NO_FUNDS,
        "fails: not enough money",
    ),
];

/// The account behind a test token: `pm_success_de`, `pm_sepaDebit_success_de`.
pub(crate) fn from_token(token: &str) -> Option<&'static TestDebit> {
    let name = token
        .strip_prefix("pm_sepaDebit_")
        .or_else(|| token.strip_prefix("pm_"))?;
    DEBITS.iter().find(|debit| debit.token == name)
}

/// The account of that IBAN, blanks and small letters allowed.
///
/// # Errors
/// What is wrong with it, in words for a form.
pub(crate) fn find(typed: &str) -> Result<&'static TestDebit, &'static str> {
    let letters = typed.chars().filter(|c| !matches!(c, ' ' | '-'));
    let iban = letters.collect::<String>().to_ascii_uppercase();
    if let Some(debit) = DEBITS.iter().find(|debit| debit.iban == iban) {
        return Ok(debit);
    }
    match (iban.is_empty(), is_iban(&iban)) {
        (true, _) => Err("Choose a test account or type an IBAN."),
        (_, false) => Err("This IBAN is not valid. Check the letters and digits."),
        (_, true) => Err(
            "This is not a test account. The sandbox takes only the numbers listed here; never type a real one.",
        ),
    }
}

/// A mandate's reference, as it stands on statements.
pub(crate) fn reference(word: &str, now: OffsetDateTime) -> String {
    let word: String = word.chars().take(10).collect();
    format!("SBX{}{}", now.year(), word.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_iban_on_the_list_has_its_check_digits_and_its_token() {
        for debit in DEBITS {
            assert!(is_iban(debit.iban), "{}", debit.iban);
            assert!(from_token(&format!("pm_{}", debit.token)).is_some());
            assert_eq!(find(&debit.spaced()).unwrap().iban, debit.iban);
        }
        assert_eq!(DEBITS[8].bank_code(), "37040044");
        assert!(from_token("pm_card_visa").is_none());
    }
}
