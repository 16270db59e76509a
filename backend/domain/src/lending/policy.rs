//! What a country allows, as data: caps, tests, days, the highest rate. One set is in force per installation
//! (`FELAG_LENDING`); a loan keeps the set it was written under.

use crate::money::{Currency, Money};

/// A set of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// What settings and loans call it.
    pub name: &'static str,
    /// Hundredths of a percent a year.
    pub rate_max_bp: u32,
    /// Days in which a lender may revoke, free: Regulation (EU) 2020/1503, article 22.
    pub reflection_days: u16,
    /// Whether the entry knowledge test and the loss simulation are asked for: article 21.
    pub has_tests: bool,
    /// The most a project may ask for in twelve months, in major units; article 1(2)(c) of the same regulation.
    pub project_cap_major: i64,
    /// A warning stands before more than this, in major units, or before more than a twentieth of what somebody owns.
    pub warning_above_major: i64,
    /// Only a legal person may borrow at interest.
    pub interest_needs_legal_person: bool,
}

/// Crowdfunding by the rules of the European Union: the default.
pub const EUROPEAN: Policy = Policy {
    name: "european",
    rate_max_bp: 1_500,
    reflection_days: 4,
    has_tests: true,
    project_cap_major: 5_000_000,
    warning_above_major: 1_000,
    interest_needs_legal_person: true,
};

/// Loans without interest only.
pub const INTEREST_FREE: Policy = Policy {
    name: "interest-free",
    rate_max_bp: 0,
    ..EUROPEAN
};

/// Every set there is.
pub const ALL: [Policy; 2] = [EUROPEAN, INTEREST_FREE];

/// The set of this name; the European one for a name of a later version.
#[must_use]
pub fn named(name: &str) -> Policy {
    ALL.into_iter()
        .find(|policy| policy.name == name)
        .unwrap_or(EUROPEAN)
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_stands_before_more_than_a_thousand_or_a_twentieth_of_what_somebody_owns() {
        let eur = |minor| Money::from_minor(minor, Currency::EUR);
        assert_eq!(EUROPEAN.warning_above(None, Currency::EUR), eur(100_000));
        assert_eq!(
            EUROPEAN.warning_above(Some(eur(1_000_000)), Currency::EUR),
            eur(100_000)
        );
        assert_eq!(
            EUROPEAN.warning_above(Some(eur(4_000_000)), Currency::EUR),
            eur(200_000)
        );
    }

    #[test]
    fn a_policy_that_is_not_known_is_the_european_one() {
        assert_eq!(named("interest-free"), INTEREST_FREE);
        assert_eq!(named("of tomorrow"), EUROPEAN);
    }
}
