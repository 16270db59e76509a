//! What a country allows, as data: caps, tests, days, the highest rate. One set is in force per installation, with other
//! ones for some countries (`FELAG_LENDING`); the country is that of the project's legal holder. A loan keeps the set it
//! was written under, word for word.
//!
//! A set is written as the name of a known one and what differs from it: `european reflection_days=14 rate_max=12.5`.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, prelude::ToPrimitive};
use time::Duration;

use crate::money::{Currency, Money};

/// A set of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// The known set it began as.
    pub name: &'static str,
    /// Hundredths of a percent a year.
    pub rate_max_bp: u32,
    /// Days in which a lender may revoke, free: Regulation (EU) 2020/1503, article 22.
    pub reflection_days: u16,
    /// Whether the entry knowledge test and the loss simulation are asked for: article 21.
    pub has_tests: bool,
    /// The most a project may ask for in twelve months, in major units; article 1(2)(c) of the same regulation.
    pub project_cap_major: i64,
    /// The most one lender may lend to one loan, in major units; 0 for no limit.
    pub lender_cap_major: i64,
    /// The same, in percent of what somebody said they own; 0 for no limit.
    pub lender_worth_percent: u16,
    /// A warning stands before more than this, in major units, or before more than a twentieth of what somebody owns.
    pub warning_above_major: i64,
    /// Only a legal person may borrow at interest.
    pub interest_needs_legal_person: bool,
    /// Whether the operator may keep what lenders were repaid, so that they lend it again: that needs a licence.
    pub may_hold_balances: bool,
    /// How long before its day an instalment is announced; from then on a payment is for it. The SEPA rulebook wants 14
    /// days unless both sides agree on fewer, as the loan agreement does. See [`NOTICE_LEAST`].
    pub notice_days: u16,
    /// How long a debit from a bank account is not split after the provider had it. See [`PENDING_LEAST`].
    pub pending_days: u16,
    /// How long a payment waits for somebody whom a bank wants to see.
    pub confirm_days: u16,
    /// How long lenders may vote about a new plan.
    pub vote_days: u16,
}

/// The mandate that people give the payment provider promises a notice two days before a debit at the latest.
pub const NOTICE_LEAST: u16 = 2;
/// Five working days, in which a bank returns a debit without much ado (SEPA rulebook, returns).
pub const PENDING_LEAST: u16 = 7;

/// Crowdfunding by the rules of the European Union: the default.
pub const EUROPEAN: Policy = Policy {
    name: "european",
    rate_max_bp: 1_500,
    reflection_days: 4,
    has_tests: true,
    project_cap_major: 5_000_000,
    lender_cap_major: 0,
    lender_worth_percent: 0,
    warning_above_major: 1_000,
    interest_needs_legal_person: true,
    may_hold_balances: false,
    notice_days: 5,
    pending_days: 7,
    confirm_days: 5,
    vote_days: 14,
};

/// Loans without interest only.
pub const INTEREST_FREE: Policy = Policy {
    name: "interest-free",
    rate_max_bp: 0,
    ..EUROPEAN
};

/// Every known set.
pub const ALL: [Policy; 2] = [EUROPEAN, INTEREST_FREE];

/// A set that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// It does not begin with the name of a known one.
    #[error("{0} is no set of rules: european or interest-free")]
    Unknown(String),
    /// Something in it is no rule, or has no such value.
    #[error("{0} is no rule of lending, or has no such value")]
    Rule(String),
    /// Rules for something that is no country.
    #[error("{0} is not two capital letters of ISO 3166")]
    Country(String),
}

/// The set that is written so; the European one for what a later version wrote.
#[must_use]
pub fn named(text: &str) -> Policy {
    text.parse().unwrap_or(EUROPEAN)
}

impl Policy {
    /// So many major units in this currency.
    #[must_use]
    pub fn money(&self, major: i64, currency: Currency) -> Money {
        Money::from_minor(major.saturating_mul(currency.minor_per_major()), currency)
    }

    /// The amount above which somebody is warned, who owns `net_worth` as far as they said.
    #[must_use]
    pub fn warning_above(&self, net_worth: Option<Money>, currency: Currency) -> Money {
        let fixed = self.money(self.warning_above_major, currency);
        let twentieth = net_worth
            .filter(|worth| worth.currency() == currency)
            .map_or(0, |worth| worth.minor() / 20);
        Money::from_minor(fixed.minor().max(twentieth), currency)
    }

    /// The most that somebody may lend to one loan, who owns `net_worth` as far as they said. `None` without a limit.
    /// Where the limit is a part of what somebody owns and they did not say, nothing may be lent.
    #[must_use]
    pub fn lender_most(&self, net_worth: Option<Money>, currency: Currency) -> Option<Money> {
        let cap = (self.lender_cap_major > 0).then(|| self.money(self.lender_cap_major, currency).minor());
        let part = (self.lender_worth_percent > 0).then(|| {
            let worth = net_worth.filter(|worth| worth.currency() == currency);
            let part = worth.map_or(0, |worth| {
                i128::from(worth.minor()) * i128::from(self.lender_worth_percent) / 100
            });
            i64::try_from(part).unwrap_or(i64::MAX)
        });
        let most = match (cap, part) {
            (Some(cap), Some(part)) => cap.min(part),
            (one, other) => one.or(other)?,
        };
        Some(Money::from_minor(most, currency))
    }

    /// How long before its day an instalment is announced.
    #[must_use]
    pub fn notice(&self) -> Duration {
        Duration::days(self.notice_days.into())
    }

    /// How long a debit waits to be trusted.
    #[must_use]
    pub fn pending(&self) -> Duration {
        Duration::days(self.pending_days.into())
    }

    /// How long a payment waits for somebody.
    #[must_use]
    pub fn confirm(&self) -> Duration {
        Duration::days(self.confirm_days.into())
    }

    /// How long a vote is open.
    #[must_use]
    pub fn vote(&self) -> Duration {
        Duration::days(self.vote_days.into())
    }

    /// Its rules, by their names, as they are written.
    fn rules(&self) -> [(&'static str, String); 13] {
        let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
        [
            (
                "rate_max",
                Decimal::new(self.rate_max_bp.into(), 2).normalize().to_string(),
            ),
            ("reflection_days", self.reflection_days.to_string()),
            ("tests", yes(self.has_tests)),
            ("project_cap", self.project_cap_major.to_string()),
            ("lender_cap", self.lender_cap_major.to_string()),
            ("lender_worth_percent", self.lender_worth_percent.to_string()),
            ("warning_above", self.warning_above_major.to_string()),
            (
                "interest_needs_legal_person",
                yes(self.interest_needs_legal_person),
            ),
            ("may_hold_balances", yes(self.may_hold_balances)),
            ("notice_days", self.notice_days.to_string()),
            ("pending_days", self.pending_days.to_string()),
            ("confirm_days", self.confirm_days.to_string()),
            ("vote_days", self.vote_days.to_string()),
        ]
    }

    /// Takes over one rule; `None` when there is none of that name, or no such value of it.
    fn rule(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "rate_max" => self.rate_max_bp = basis_points(value)?,
            "reflection_days" => self.reflection_days = days(value, 0, 60)?,
            "tests" => self.has_tests = yes(value)?,
            "project_cap" => self.project_cap_major = major(value)?,
            "lender_cap" => self.lender_cap_major = major(value)?,
            "lender_worth_percent" => {
                self.lender_worth_percent = value.parse().ok().filter(|percent: &u16| *percent <= 100)?;
            }
            "warning_above" => self.warning_above_major = major(value)?,
            "interest_needs_legal_person" => self.interest_needs_legal_person = yes(value)?,
            "may_hold_balances" => self.may_hold_balances = yes(value)?,
            "notice_days" => self.notice_days = days(value, NOTICE_LEAST, 30)?,
            "pending_days" => self.pending_days = days(value, PENDING_LEAST, 80)?,
            "confirm_days" => self.confirm_days = days(value, 1, 30)?,
            "vote_days" => self.vote_days = days(value, 3, 60)?,
            _ => return None,
        }
        Some(())
    }
}

fn yes(value: &str) -> Option<bool> {
    match value {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn days(value: &str, least: u16, most: u16) -> Option<u16> {
    value.parse().ok().filter(|days| (least..=most).contains(days))
}

fn major(value: &str) -> Option<i64> {
    value.parse().ok().filter(|major: &i64| *major >= 0)
}

/// Percent with two decimals at most, a hundred at most.
fn basis_points(value: &str) -> Option<u32> {
    let percent: Decimal = value.parse().ok()?;
    let points = percent.checked_mul(Decimal::ONE_HUNDRED)?;
    let is_rate = points.fract().is_zero() && !points.is_sign_negative();
    points.to_u32().filter(|points| is_rate && *points <= 10_000)
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        let known = ALL
            .iter()
            .find(|policy| policy.name == self.name)
            .unwrap_or(&EUROPEAN);
        for ((name, value), (_, usual)) in self.rules().iter().zip(known.rules()) {
            if *value != usual {
                write!(f, " {name}={value}")?;
            }
        }
        Ok(())
    }
}

impl FromStr for Policy {
    type Err = PolicyError;

    /// A name, then rules, separated by blanks or commas. Rules without a name change the European set.
    fn from_str(text: &str) -> Result<Self, PolicyError> {
        let mut words = text
            .split([' ', ',', '\n'])
            .filter(|word| !word.is_empty())
            .peekable();
        let mut policy = EUROPEAN;
        match words.peek() {
            Some(word) if !word.contains('=') => {
                let known = ALL.into_iter().find(|policy| policy.name == *word);
                policy = known.ok_or_else(|| PolicyError::Unknown((*word).to_owned()))?;
                words.next();
            }
            Some(_) => {}
            None => return Err(PolicyError::Unknown(text.to_owned())),
        }
        for word in words {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            policy
                .rule(name, value)
                .ok_or_else(|| PolicyError::Rule(word.to_owned()))?;
        }
        Ok(policy)
    }
}

/// The rules of an installation: one set, and others for some countries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policies {
    usual: Policy,
    /// By two capital letters of ISO 3166.
    countries: BTreeMap<String, Policy>,
}

impl Policies {
    /// The set for projects whose legal holder is in this country.
    #[must_use]
    pub fn of(&self, country: &str) -> &Policy {
        self.countries.get(country).unwrap_or(&self.usual)
    }
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            usual: EUROPEAN,
            countries: BTreeMap::new(),
        }
    }
}

impl fmt::Display for Policies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.usual)?;
        for (country, policy) in &self.countries {
            write!(f, "; {country}: {policy}")?;
        }
        Ok(())
    }
}

impl FromStr for Policies {
    type Err = PolicyError;

    /// The usual set, then a country, a colon and its set, each behind a semicolon.
    fn from_str(text: &str) -> Result<Self, PolicyError> {
        let mut parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
        let usual = parts.next().unwrap_or_default().parse()?;
        let mut countries = BTreeMap::new();
        for part in parts {
            let (country, rules) = part
                .split_once(':')
                .ok_or_else(|| PolicyError::Country(part.to_owned()))?;
            let country = country.trim();
            if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
                return Err(PolicyError::Country(country.to_owned()));
            }
            countries.insert(country.to_owned(), rules.parse()?);
        }
        Ok(Self { usual, countries })
    }
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
