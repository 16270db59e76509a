//! What a payment costs, by a published schedule: gross, the provider's cost, the platform's fee, net.

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use time::{Date, macros::date};

use crate::{
    money::{Currency, Money, MoneyError, sum},
    named::named,
    rate::Rate,
};

named! {
    /// What a fee may be taken of.
    pub enum FeeKind {
        /// What is given to a campaign.
        Gift => "gift",
        /// What is given to the platform on top.
        Tip => "tip",
    }
}

/// A published schedule of fees. A new one gets a new version; campaigns launched before keep theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeSchedule {
    /// The number under which it was published.
    pub version: u32,
    /// The first day of campaigns it holds for.
    pub valid_from: Date,
    /// The platform's fee, of the amount given. Its tax is within it.
    pub platform: Rate,
    /// The tax within the fee, of the fee without it.
    pub tax: Rate,
    /// Where that tax is paid: two capital letters of ISO 3166.
    pub tax_country: &'static str,
    /// The part of the provider's cost that grows with the amount: an estimate until the charge.
    pub provider_rate: Rate,
}

/// Every schedule that was published, the oldest first.
pub const PUBLISHED: &[FeeSchedule] = &[FeeSchedule {
    version: 1,
    valid_from: date!(2026 - 01 - 01),
    platform: Rate::from_basis_points(110),
    tax: Rate::from_basis_points(2400),
    tax_country: "IS",
    provider_rate: Rate::from_basis_points(150),
}];

/// The schedule in force: the one that campaigns launched now are given.
pub const CURRENT: FeeSchedule = PUBLISHED[PUBLISHED.len() - 1];

/// What becomes of an amount given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Net {
    /// What the backer gives.
    pub gross: Money,
    /// What the payment provider keeps.
    pub provider_cost: Money,
    /// What the platform keeps, tax and all.
    pub platform_fee: Money,
    /// What the project gets.
    pub net: Money,
}

/// What becomes of `amount` under the schedule in force.
#[must_use]
pub fn net(amount: Money) -> Net {
    CURRENT.net(amount)
}

/// The schedule that was published under this number.
#[must_use]
pub fn published(version: u32) -> Option<&'static FeeSchedule> {
    PUBLISHED.iter().find(|schedule| schedule.version == version)
}

/// The schedule that campaigns launched on a day are given.
#[must_use]
pub fn in_force(on: Date) -> &'static FeeSchedule {
    let begun = PUBLISHED.iter().rev().find(|schedule| schedule.valid_from <= on);
    begun.unwrap_or(&PUBLISHED[0])
}

impl FeeSchedule {
    /// The platform's fee on what is given in this way.
    #[must_use]
    pub const fn rate(&self, kind: FeeKind) -> Rate {
        match kind {
            FeeKind::Gift => self.platform,
            // A tip is the platform's already.
            FeeKind::Tip => Rate::from_basis_points(0),
        }
    }

    /// The part of the provider's cost that each charge has, whatever its amount. Source: the
    /// published European price list of the provider; about a quarter of a euro elsewhere.
    #[must_use]
    pub fn provider_fixed(&self, currency: Currency) -> Money {
        let minor = match currency.code() {
            "EUR" => 25,
            "USD" | "CHF" => 30,
            "GBP" => 20,
            "SEK" | "DKK" => 180,
            "NOK" => 200,
            "PLN" => 100,
            "CZK" => 650,
            "ISK" => 35,
            "JPY" => 40,
            "KWD" => 85,
            _ => currency.minor_per_major() / 4,
        };
        Money::from_minor(minor, currency)
    }

    /// What becomes of `amount`: an estimate before the charge, since only the provider knows its
    /// cost. Fees are rounded half to even, and together never above the amount.
    #[must_use]
    pub fn net(&self, amount: Money) -> Net {
        let currency = amount.currency();
        let gross = amount.minor().max(0);
        let part = |rate: Rate| {
            // More than can be counted is more than the amount; the cap below takes care of it.
            rate.of(amount).map_or(i64::MAX, Money::minor)
        };
        let provider_cost = part(self.provider_rate)
            .saturating_add(self.provider_fixed(currency).minor())
            .clamp(0, gross);
        let platform_fee = part(self.platform).clamp(0, gross - provider_cost);
        Net {
            gross: amount,
            provider_cost: Money::from_minor(provider_cost, currency),
            platform_fee: Money::from_minor(platform_fee, currency),
            net: Money::from_minor(amount.minor() - provider_cost - platform_fee, currency),
        }
    }

    /// What the provider will keep of a loan's instalments when each is collected by one charge. The project bears it
    /// (rule 9 of the domain): it comes off what is paid out, so that no lender's part is short of it later.
    ///
    /// # Errors
    /// [`MoneyError`] for instalments in another currency, and for more than can be counted.
    pub fn collecting(
        &self,
        instalments: impl IntoIterator<Item = Money>,
        currency: Currency,
    ) -> Result<Money, MoneyError> {
        let costs = instalments
            .into_iter()
            .filter(|instalment| instalment.is_positive())
            .map(|instalment| self.net(instalment).provider_cost);
        sum(costs, currency)
    }

    /// The tax within a fee: fee × rate / (1 + rate), rounded half to even.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn tax_within(&self, fee: Money) -> Result<Money, MoneyError> {
        let rate = self.tax.factor();
        let exact = Decimal::from(fee.minor())
            .checked_mul(rate)
            .and_then(|product| product.checked_div(Decimal::ONE + rate))
            .ok_or(MoneyError::Overflow)?;
        let rounded = exact.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven);
        let minor = rounded.to_i64().ok_or(MoneyError::Overflow)?;
        Ok(Money::from_minor(minor, fee.currency()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn of_30_euro_the_project_gets_28_97() {
        let net = net(Money::from_minor(3000, Currency::EUR));
        assert_eq!(net.provider_cost.to_string(), "0.70 EUR");
        assert_eq!(net.platform_fee.to_string(), "0.33 EUR");
        assert_eq!(net.net.to_string(), "28.97 EUR");
    }

    #[test]
    fn collecting_costs_what_each_instalment_costs_and_nothing_for_a_row_without_one() {
        let of = |minor: &[i64]| {
            let instalments = minor.iter().map(|minor| Money::from_minor(*minor, Currency::EUR));
            CURRENT.collecting(instalments, Currency::EUR).map(Money::minor)
        };
        // 25 cents and 1.5 %: 3.0 of 200.00 and 1.50 of 100.00.
        assert_eq!(of(&[20_000, 0, 10_000]), Ok(25 + 300 + 25 + 150));
        assert_eq!(of(&[]), Ok(0));
        let dollars = Money::from_minor(100, Currency::USD);
        assert!(CURRENT.collecting([dollars], Currency::EUR).is_err());
    }

    #[test]
    fn costs_never_exceed_what_was_given() {
        let net = net(Money::from_minor(100, Currency::CZK));
        assert_eq!(
            (
                net.provider_cost.minor(),
                net.platform_fee.minor(),
                net.net.minor()
            ),
            (100, 0, 0)
        );
    }

    #[test]
    fn schedules_are_numbered_from_one_and_each_begins_after_the_one_before() {
        for (version, schedule) in (1..).zip(PUBLISHED) {
            assert_eq!(schedule.version, version);
            assert_eq!(published(version), Some(schedule));
        }
        assert!(PUBLISHED.is_sorted_by(|one, next| one.valid_from < next.valid_from));
        assert_eq!(published(0), None);
        for schedule in PUBLISHED {
            assert_eq!(in_force(schedule.valid_from), schedule);
        }
        assert_eq!(in_force(Date::MIN), &PUBLISHED[0]);
    }

    #[test]
    fn the_tax_is_within_the_fee() {
        let of = |minor| {
            CURRENT
                .tax_within(Money::from_minor(minor, Currency::EUR))
                .map(Money::minor)
        };
        assert_eq!(of(124), Ok(24));
        assert_eq!(of(33), Ok(6));
        assert_eq!(of(0), Ok(0));
        assert_eq!(CURRENT.rate(FeeKind::Tip).percent(), Decimal::ZERO);
    }

    proptest! {
        #[test]
        fn net_and_costs_add_up_to_the_amount(
            minor in 0..=i64::MAX,
            currency in prop::sample::select(Currency::OFFERED),
        ) {
            let net = net(Money::from_minor(minor, currency));
            let parts = [net.net, net.provider_cost, net.platform_fee];
            prop_assert_eq!(crate::money::sum(parts, currency), Ok(net.gross));
            prop_assert!(parts.iter().all(|part| !part.is_negative()));
        }
    }
}
