//! What happens when the minimum was promised and not collected: said before launch, carried out by itself.

use std::ops::RangeInclusive;

use rust_decimal::Decimal;
use time::Duration;

use crate::{
    money::{Money, MoneyError},
    words::{Refusal, Words},
};

/// Below half of its minimum no campaign goes on; at the whole of it none is short.
pub const GO_ON_PERCENT: RangeInclusive<u8> = 50..=99;
/// How long a short campaign waits for a steward before its rule is carried out.
pub const SHORT_WAIT: Duration = Duration::days(2);
/// How long backers of a campaign that goes on may take their money back, free.
pub const TAKE_BACK: Duration = Duration::days(7);
/// How long a campaign whose payout account was lost waits for another before everything is refunded.
pub const UNPAYABLE_MAX: Duration = Duration::days(60);

/// The published rule of a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IfShort {
    /// Everything collected goes back.
    #[default]
    Unwind,
    /// It goes on if at least so many percent of the minimum were collected.
    GoOnFrom(Percent),
}

/// Of the minimum: one of [`GO_ON_PERCENT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent(u8);

impl Percent {
    /// The number.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

/// A percentage no campaign may go on from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a campaign goes on from {} to {} percent", GO_ON_PERCENT.start(), GO_ON_PERCENT.end())]
pub struct PercentRefused;

impl Refusal for PercentRefused {
    fn words(&self) -> Words {
        Words::new("campaign-go-on-percent")
            .with("min", u16::from(*GO_ON_PERCENT.start()))
            .with("max", u16::from(*GO_ON_PERCENT.end()))
    }
}

impl TryFrom<u8> for Percent {
    type Error = PercentRefused;

    fn try_from(percent: u8) -> Result<Self, PercentRefused> {
        if GO_ON_PERCENT.contains(&percent) {
            Ok(Self(percent))
        } else {
            Err(PercentRefused)
        }
    }
}

/// What becomes of a short campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShortDecision {
    /// It goes on, once everybody could take the money back.
    GoOn,
    /// Everything goes back.
    Unwind,
}

impl IfShort {
    /// The rule as a number to be stored; none for [`IfShort::Unwind`].
    #[must_use]
    pub const fn percent(self) -> Option<u8> {
        match self {
            Self::Unwind => None,
            Self::GoOnFrom(percent) => Some(percent.0),
        }
    }

    /// The rule that was stored.
    ///
    /// # Errors
    /// [`PercentRefused`].
    pub fn of_percent(percent: Option<u8>) -> Result<Self, PercentRefused> {
        percent.map_or(Ok(Self::Unwind), |percent| {
            Percent::try_from(percent).map(Self::GoOnFrom)
        })
    }

    /// What the rule says of what was collected. Exact: no percentage is rounded.
    ///
    /// # Errors
    /// [`MoneyError::MixedCurrencies`].
    pub fn decide(self, collected: Money, minimum: Money) -> Result<ShortDecision, MoneyError> {
        collected.checked_sub(minimum)?;
        let goes_on = match self {
            Self::Unwind => false,
            Self::GoOnFrom(percent) => {
                let needed = Decimal::from(minimum.minor()) * Decimal::from(percent.0);
                Decimal::from(collected.minor()) * Decimal::ONE_HUNDRED >= needed
            }
        };
        Ok(if goes_on {
            ShortDecision::GoOn
        } else {
            ShortDecision::Unwind
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    fn from(percent: u8) -> IfShort {
        IfShort::of_percent(Some(percent)).unwrap()
    }

    #[test]
    fn a_campaign_goes_on_from_its_percentage_to_the_cent() {
        assert_eq!(from(80).decide(eur(8_000), eur(10_000)), Ok(ShortDecision::GoOn));
        assert_eq!(
            from(80).decide(eur(7_999), eur(10_000)),
            Ok(ShortDecision::Unwind)
        );
        // A third of a cent too little is too little.
        assert_eq!(from(67).decide(eur(66), eur(99)), Ok(ShortDecision::Unwind));
        assert_eq!(from(67).decide(eur(67), eur(99)), Ok(ShortDecision::GoOn));
        assert_eq!(
            from(99).decide(eur(i64::MAX), eur(i64::MAX)),
            Ok(ShortDecision::GoOn)
        );
    }

    #[test]
    fn without_a_percentage_everything_goes_back() {
        assert_eq!(IfShort::default().percent(), None);
        assert_eq!(
            IfShort::Unwind.decide(eur(9_999), eur(10_000)),
            Ok(ShortDecision::Unwind)
        );
    }

    #[test]
    fn percentages_hold_at_their_edges() {
        for percent in 0..=u8::MAX {
            let rule = IfShort::of_percent(Some(percent));
            assert_eq!(rule.is_ok(), (50..=99).contains(&percent), "{percent}");
            if let Ok(rule) = rule {
                assert_eq!(rule.percent(), Some(percent));
            }
        }
    }
}
