//! What may be pledged: how much, in which currency, with how large a tip.

use crate::{
    money::{Currency, Money, MoneyError},
    rate::Rate,
    words::{Refusal, Words},
};

/// The largest tip, in percent of the pledged amount.
pub const TIP_PERCENT_MAX: u32 = 25;

/// Where the payment provider charges no less than this, which is above the usual smallest pledge, in minor units.
/// Source: <https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>.
const PROVIDERS_MINIMUM: &[(Currency, i64)] = &[
    (Currency::CZK, 1_500),
    (Currency::DKK, 250),
    (Currency::NOK, 300),
    (Currency::PLN, 200),
    (Currency::SEK, 300),
];

/// The smallest pledge in a currency: 1.00 where there are two decimals, 100 where there are none,
/// 0.500 where there are three, and no less than the provider charges. Below that the card's costs
/// eat most of it.
#[must_use]
pub fn smallest(currency: Currency) -> Money {
    let usual = match currency.exponent() {
        3 => 500,
        0..=2 | 4.. => 100,
    };
    let known = PROVIDERS_MINIMUM.iter().find(|(of, _)| *of == currency);
    Money::from_minor(known.map_or(usual, |(_, minor)| *minor), currency)
}

/// The largest pledge in a currency: 10,000 units of it, 1,000,000 where there are no decimals, and
/// 750,000 krónur: the provider writes these with two decimals, and no charge with more than eight
/// digits. The largest tip fits on top.
#[must_use]
pub fn largest(currency: Currency) -> Money {
    let major = match currency.exponent() {
        0 if currency == Currency::ISK => 750_000,
        0 => 1_000_000,
        1.. => 10_000,
    };
    Money::from_minor(major * currency.minor_per_major(), currency)
}

/// What a campaign says about pledges to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The currency the campaign is held in.
    pub currency: Currency,
    /// Whether pledges are taken now.
    pub is_open: bool,
}

/// What a reward says about pledges for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RewardTerms {
    /// The least that must be pledged for it.
    pub price: Money,
    /// The currency the reward is offered in.
    pub currency: Currency,
}

/// A pledge that may be made: checked, not yet kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewPledge {
    amount: Money,
    tip: Money,
    charge: Money,
}

/// Why a pledge cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PledgeRefusal {
    /// The campaign takes no pledges now.
    #[error("the campaign is closed")]
    Closed,
    /// The amount, the tip or the reward is in another currency than the campaign.
    #[error("the campaign is held in {0}")]
    WrongCurrency(Currency),
    /// Less than the smallest pledge.
    #[error("the smallest pledge is {0}")]
    TooSmall(Money),
    /// More than the largest pledge.
    #[error("the largest pledge is {0}")]
    TooLarge(Money),
    /// The provider charges this currency in steps of ten minor units.
    #[error("the last digit must be 0")]
    LastDigit,
    /// Less than the chosen reward costs.
    #[error("the reward costs {0}")]
    BelowReward(Money),
    /// A tip of more than [`TIP_PERCENT_MAX`] percent.
    #[error("the largest tip on this amount is {0}")]
    TipTooLarge(Money),
    /// A tip of less than nothing.
    #[error("the tip is negative")]
    TipNegative,
}

impl Refusal for PledgeRefusal {
    fn words(&self) -> Words {
        match *self {
            Self::Closed => Words::new("pledge-closed"),
            Self::WrongCurrency(currency) => Words::new("pledge-wrong-currency").with("expected", currency),
            Self::TooSmall(smallest) => Words::new("amount-too-small").with("smallest", smallest),
            Self::TooLarge(largest) => Words::new("amount-above-largest").with("largest", largest),
            Self::LastDigit => Words::new("amount-last-digit"),
            Self::BelowReward(price) => Words::new("pledge-below-reward").with("price", price),
            Self::TipTooLarge(largest) => Words::new("tip-too-large").with("largest", largest),
            Self::TipNegative => Words::new("tip-negative"),
        }
    }
}

impl PledgeRefusal {
    /// The form's field the refusal belongs beside: `amount`, `tip`, or nothing for the whole form.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::Closed => None,
            Self::WrongCurrency(_)
            | Self::TooSmall(_)
            | Self::TooLarge(_)
            | Self::LastDigit
            | Self::BelowReward(_) => Some("amount"),
            Self::TipTooLarge(_) | Self::TipNegative => Some("tip"),
        }
    }
}

impl NewPledge {
    /// Checks a pledge of `amount` with a `tip` to the platform on top.
    ///
    /// # Errors
    /// [`PledgeRefusal`], worded for the backer.
    pub fn decide(
        terms: &Terms,
        amount: Money,
        reward: Option<&RewardTerms>,
        tip: Money,
    ) -> Result<Self, PledgeRefusal> {
        let currency = terms.currency;
        if !terms.is_open {
            return Err(PledgeRefusal::Closed);
        }
        let is_foreign = |other: Currency| other != currency;
        let reward_is_foreign =
            |reward: &RewardTerms| is_foreign(reward.currency) || is_foreign(reward.price.currency());
        if is_foreign(amount.currency())
            || is_foreign(tip.currency())
            || reward.is_some_and(reward_is_foreign)
        {
            return Err(PledgeRefusal::WrongCurrency(currency));
        }
        if amount.minor() < smallest(currency).minor() {
            return Err(PledgeRefusal::TooSmall(smallest(currency)));
        }
        if amount.minor() > largest(currency).minor() {
            return Err(PledgeRefusal::TooLarge(largest(currency)));
        }
        if let Some(reward) = reward
            && amount.minor() < reward.price.minor()
        {
            return Err(PledgeRefusal::BelowReward(reward.price));
        }
        if tip.is_negative() {
            return Err(PledgeRefusal::TipNegative);
        }
        let too_large = |_: MoneyError| PledgeRefusal::TooLarge(largest(currency));
        let largest_tip = Self::largest_tip(amount).map_err(too_large)?;
        if tip.minor() > largest_tip.minor() {
            return Err(PledgeRefusal::TipTooLarge(largest_tip));
        }
        Ok(Self {
            amount,
            tip,
            charge: amount.checked_add(tip).map_err(too_large)?,
        })
    }

    /// The largest tip that goes with `amount`: a quarter of it, cut down to the minor unit so that
    /// it is never above a quarter.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn largest_tip(amount: Money) -> Result<Money, MoneyError> {
        let share = amount
            .minor()
            .checked_mul(i64::from(TIP_PERCENT_MAX))
            .ok_or(MoneyError::Overflow)?;
        Ok(Money::from_minor(share.div_euclid(100), amount.currency()))
    }

    /// A part of `amount` to offer as a tip, never above the largest one.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn suggested_tip(amount: Money, rate: Rate) -> Result<Money, MoneyError> {
        let largest = Self::largest_tip(amount)?;
        let tip = rate.of(amount)?;
        Ok(if tip.minor() > largest.minor() {
            largest
        } else {
            tip
        })
    }

    /// What the campaign is promised.
    #[must_use]
    pub const fn amount(&self) -> Money {
        self.amount
    }

    /// What the platform is given on top.
    #[must_use]
    pub const fn tip(&self) -> Money {
        self.tip
    }

    /// What the card will be charged: amount and tip together.
    #[must_use]
    pub const fn charge(&self) -> Money {
        self.charge
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    const TERMS: Terms = Terms {
        currency: Currency::EUR,
        is_open: true,
    };

    fn decide(amount: i64, tip: i64) -> Result<i64, PledgeRefusal> {
        NewPledge::decide(&TERMS, eur(amount), None, eur(tip)).map(|pledge| pledge.charge().minor())
    }

    #[test]
    fn a_charge_is_the_amount_and_the_tip() {
        assert_eq!(decide(3000, 0), Ok(3000));
        assert_eq!(decide(3000, 750), Ok(3750));
    }

    #[test]
    fn limits_hold_at_their_edges() {
        assert_eq!(decide(99, 0), Err(PledgeRefusal::TooSmall(eur(100))));
        assert_eq!(decide(100, 0), Ok(100));
        assert_eq!(decide(1_000_000, 0), Ok(1_000_000));
        assert_eq!(decide(1_000_001, 0), Err(PledgeRefusal::TooLarge(eur(1_000_000))));
        assert_eq!(decide(-500, 0), Err(PledgeRefusal::TooSmall(eur(100))));
        assert_eq!(
            decide(i64::MAX, i64::MAX),
            Err(PledgeRefusal::TooLarge(eur(1_000_000)))
        );
        assert_eq!(decide(101, 26), Err(PledgeRefusal::TipTooLarge(eur(25))));
        assert_eq!(decide(3000, -1), Err(PledgeRefusal::TipNegative));
    }

    #[test]
    fn limits_fit_the_currencys_decimals() {
        assert_eq!(smallest(Currency::ISK).to_string(), "100 ISK");
        assert_eq!(smallest(Currency::KWD).to_string(), "0.500 KWD");
        assert_eq!(largest(Currency::JPY).to_string(), "1000000 JPY");
        assert_eq!(largest(Currency::KWD).to_string(), "10000.000 KWD");
    }

    #[test]
    fn a_closed_campaign_takes_nothing_and_says_so_first() {
        let closed = Terms {
            is_open: false,
            ..TERMS
        };
        assert_eq!(
            NewPledge::decide(&closed, eur(0), None, eur(-1)),
            Err(PledgeRefusal::Closed)
        );
    }

    #[test]
    fn another_currency_is_refused_wherever_it_stands() {
        let usd = Money::from_minor(3000, Currency::USD);
        let refused = Err(PledgeRefusal::WrongCurrency(Currency::EUR));
        assert_eq!(NewPledge::decide(&TERMS, usd, None, eur(0)), refused);
        assert_eq!(NewPledge::decide(&TERMS, eur(3000), None, usd), refused);
        let reward = RewardTerms {
            price: usd,
            currency: Currency::USD,
        };
        assert_eq!(
            NewPledge::decide(&TERMS, eur(3000), Some(&reward), eur(0)),
            refused
        );
    }

    #[test]
    fn a_reward_needs_its_price() {
        let reward = RewardTerms {
            price: eur(2500),
            currency: Currency::EUR,
        };
        let refused = Err(PledgeRefusal::BelowReward(eur(2500)));
        assert_eq!(
            NewPledge::decide(&TERMS, eur(2499), Some(&reward), eur(0)),
            refused
        );
        assert!(NewPledge::decide(&TERMS, eur(2500), Some(&reward), eur(0)).is_ok());
    }

    proptest! {
        #[test]
        fn whatever_is_accepted_is_charged_to_the_cent(amount in any::<i64>(), tip in any::<i64>()) {
            if let Ok(charge) = decide(amount, tip) {
                prop_assert_eq!(charge, amount + tip);
                prop_assert!(tip * 4 <= amount);
            }
        }
    }
}
