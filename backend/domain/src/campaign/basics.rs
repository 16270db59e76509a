//! The basics of a campaign: title, ask and length.

use std::ops::RangeInclusive;

use crate::{
    money::{Currency, Money},
    text,
    words::{FieldRefusal, Refusal, Refusals, Words},
};

/// How many days a campaign may be open.
pub const DURATION_DAYS: RangeInclusive<u16> = 1..=60;

/// The largest full plan, in major units of its currency: 5,000,000, what the European crowdfunding
/// regulation allows a project in twelve months (Regulation (EU) 2020/1503, Article 1(2)(c)).
pub const FULL_PLAN_MAX_MAJOR: i64 = 5_000_000;

/// The largest full plan in a currency.
pub(super) fn full_plan_max(currency: Currency) -> Money {
    Money::from_minor(FULL_PLAN_MAX_MAJOR * currency.minor_per_major(), currency)
}

/// A campaign's title, ask and length, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basics {
    title: String,
    summary: String,
    minimum: Money,
    full_plan: Money,
    duration_days: u16,
}

/// Why a campaign's ask or length was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BasicsRefusal {
    /// The minimum is nothing, or less.
    #[error("the minimum is not above zero")]
    MinimumNotPositive,
    /// The full plan asks for less than the minimum.
    #[error("the full plan is below the minimum of {0}")]
    FullPlanBelowMinimum(Money),
    /// Minimum and full plan are in different currencies.
    #[error("minimum and full plan are in different currencies")]
    DifferentCurrencies,
    /// The full plan asks for more than a campaign may.
    #[error("a campaign may ask for {0} at most")]
    FullPlanTooLarge(Money),
    /// Shorter or longer than [`DURATION_DAYS`].
    #[error("a campaign is open for {} to {} days", DURATION_DAYS.start(), DURATION_DAYS.end())]
    Duration,
}

impl Refusal for BasicsRefusal {
    fn words(&self) -> Words {
        match *self {
            Self::MinimumNotPositive => Words::new("campaign-minimum-not-positive"),
            Self::FullPlanBelowMinimum(minimum) => {
                Words::new("campaign-full-plan-below-minimum").with("minimum", minimum)
            }
            Self::DifferentCurrencies => Words::new("campaign-different-currencies"),
            Self::FullPlanTooLarge(largest) => {
                Words::new("campaign-full-plan-too-large").with("largest", largest)
            }
            Self::Duration => Words::new("campaign-duration-out-of-range")
                .with("min", *DURATION_DAYS.start())
                .with("max", *DURATION_DAYS.end()),
        }
    }
}

impl Basics {
    /// Checks the basics of a campaign.
    ///
    /// # Errors
    /// All that is wrong, beside the fields `title`, `summary`, `minimum`, `full_plan` and
    /// `duration_days`.
    pub fn decide(
        title: &str,
        summary: &str,
        minimum: Money,
        full_plan: Money,
        duration_days: u16,
    ) -> Result<Self, Vec<FieldRefusal>> {
        let mut refusals = Refusals::new();
        let title = refusals.keep("title", text::line(title, 3, 80));
        let summary = refusals.keep("summary", text::line(summary, 10, 200));
        if !minimum.is_positive() {
            refusals.note("minimum", &BasicsRefusal::MinimumNotPositive);
        }
        if minimum.currency() != full_plan.currency() {
            refusals.note("full_plan", &BasicsRefusal::DifferentCurrencies);
        } else if full_plan.minor() < minimum.minor() {
            refusals.note("full_plan", &BasicsRefusal::FullPlanBelowMinimum(minimum));
        } else if full_plan.minor() > full_plan_max(full_plan.currency()).minor() {
            refusals.note(
                "full_plan",
                &BasicsRefusal::FullPlanTooLarge(full_plan_max(full_plan.currency())),
            );
        }
        if !DURATION_DAYS.contains(&duration_days) {
            refusals.note("duration_days", &BasicsRefusal::Duration);
        }
        match (title, summary) {
            (Some(title), Some(summary)) if refusals.is_empty() => Ok(Self {
                title,
                summary,
                minimum,
                full_plan,
                duration_days,
            }),
            (_, _) => Err(refusals.into_vec()),
        }
    }

    /// The title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// One or two sentences about it.
    #[must_use]
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// What must be collected for anything to happen.
    #[must_use]
    pub fn minimum(&self) -> Money {
        self.minimum
    }

    /// What everything planned costs.
    #[must_use]
    pub fn full_plan(&self) -> Money {
        self.full_plan
    }

    /// How many days it will be open.
    #[must_use]
    pub fn duration_days(&self) -> u16 {
        self.duration_days
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    fn fields(refused: Vec<FieldRefusal>) -> Vec<(&'static str, &'static str)> {
        refused
            .into_iter()
            .map(|refusal| (refusal.field, refusal.words.id))
            .collect()
    }

    fn basics(minimum: Money, full_plan: Money, days: u16) -> Result<Basics, Vec<FieldRefusal>> {
        Basics::decide(
            "A solar oven",
            "An oven anybody can build.",
            minimum,
            full_plan,
            days,
        )
    }

    #[test]
    fn basics_hold_at_their_edges() {
        assert!(basics(eur(1), eur(1), 1).is_ok());
        assert!(basics(eur(1), eur(500_000_000), 60).is_ok());
        let refused = |minimum, full_plan, days| fields(basics(minimum, full_plan, days).unwrap_err());
        assert_eq!(
            refused(eur(0), eur(5), 30),
            [("minimum", "campaign-minimum-not-positive")]
        );
        assert_eq!(
            refused(eur(6), eur(5), 30),
            [("full_plan", "campaign-full-plan-below-minimum")]
        );
        assert_eq!(
            refused(eur(1), eur(500_000_001), 30),
            [("full_plan", "campaign-full-plan-too-large")]
        );
        assert_eq!(
            refused(eur(1), eur(2), 0),
            [("duration_days", "campaign-duration-out-of-range")]
        );
        assert_eq!(
            refused(eur(1), eur(2), 61),
            [("duration_days", "campaign-duration-out-of-range")]
        );
        let usd = Money::from_minor(5, Currency::USD);
        assert_eq!(
            refused(eur(1), usd, 30),
            [("full_plan", "campaign-different-currencies")]
        );
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let refused = Basics::decide("A", "", eur(-1), eur(-2), 99).unwrap_err();
        let named: Vec<_> = refused.iter().map(|refusal| refusal.field).collect();
        assert_eq!(
            named,
            ["title", "summary", "minimum", "full_plan", "duration_days"]
        );
    }
}
