//! What a campaign says before it opens, checked: the basics, budget lines and rewards.

use std::ops::RangeInclusive;

use time::Date;

use crate::{
    money::{Currency, Money},
    named::named,
    pledge::{largest, smallest},
    text,
    words::{FieldRefusal, Refusal, Refusals, Words},
};

/// How many days a campaign may be open.
pub const DURATION_DAYS: RangeInclusive<u16> = 1..=60;

/// The largest full plan, in major units of its currency: 5,000,000, what the European crowdfunding
/// regulation allows a project in twelve months (Regulation (EU) 2020/1503, Article 1(2)(c)).
pub const FULL_PLAN_MAX_MAJOR: i64 = 5_000_000;

const REWARD_LIMIT_MAX: u32 = 100_000;

fn full_plan_max(currency: Currency) -> Money {
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
            Self::Duration => Words::new("campaign-duration")
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

named! {
    /// What a budget line pays for.
    pub enum BudgetKind {
        /// Work.
        Task => "task",
        /// Things that are used up or built in.
        Material => "material",
        /// Tools, rooms, servers.
        Infrastructure => "infrastructure",
    }
}

/// A line of a campaign's budget, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBudgetLine {
    kind: BudgetKind,
    title: String,
    at_minimum: Money,
    at_full_plan: Money,
}

/// Why a budget line's amounts were refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BudgetRefusal {
    /// The amount at the minimum is below zero.
    #[error("the amount at the minimum is negative")]
    AtMinimumNegative,
    /// The line costs nothing even at the full plan.
    #[error("the amount at the full plan is not above zero")]
    AtFullPlanNotPositive,
    /// The line costs more at the minimum than at the full plan.
    #[error("the amount at the minimum is above {0}, that at the full plan")]
    AtMinimumAboveFullPlan(Money),
    /// Not the campaign's currency.
    #[error("the campaign is held in {0}")]
    WrongCurrency(Currency),
    /// More than a whole campaign may ask for.
    #[error("a campaign may ask for {0} at most")]
    TooLarge(Money),
}

impl Refusal for BudgetRefusal {
    fn words(&self) -> Words {
        match *self {
            Self::AtMinimumNegative => Words::new("budget-line-at-minimum-negative"),
            Self::AtFullPlanNotPositive => Words::new("budget-line-at-full-plan-not-positive"),
            Self::AtMinimumAboveFullPlan(at_full_plan) => {
                Words::new("budget-line-at-minimum-above-full-plan").with("full", at_full_plan)
            }
            Self::WrongCurrency(currency) => {
                Words::new("budget-line-wrong-currency").with("expected", currency)
            }
            Self::TooLarge(largest) => Words::new("amount-above-largest").with("largest", largest),
        }
    }
}

impl NewBudgetLine {
    /// Checks a line of the budget of a campaign held in `currency`.
    ///
    /// # Errors
    /// All that is wrong, beside the fields `title`, `at_minimum` and `at_full_plan`.
    pub fn decide(
        currency: Currency,
        kind: BudgetKind,
        title: &str,
        at_minimum: Money,
        at_full_plan: Money,
    ) -> Result<Self, Vec<FieldRefusal>> {
        let mut refusals = Refusals::new();
        let title = refusals.keep("title", text::line(title, 3, 120));
        if at_minimum.currency() != currency || at_full_plan.currency() != currency {
            refusals.note("at_full_plan", &BudgetRefusal::WrongCurrency(currency));
        } else if at_minimum.is_negative() {
            refusals.note("at_minimum", &BudgetRefusal::AtMinimumNegative);
        } else if !at_full_plan.is_positive() {
            refusals.note("at_full_plan", &BudgetRefusal::AtFullPlanNotPositive);
        } else if at_minimum.minor() > at_full_plan.minor() {
            refusals.note("at_minimum", &BudgetRefusal::AtMinimumAboveFullPlan(at_full_plan));
        } else if at_full_plan.minor() > full_plan_max(currency).minor() {
            refusals.note("at_full_plan", &BudgetRefusal::TooLarge(full_plan_max(currency)));
        }
        match title {
            Some(title) if refusals.is_empty() => Ok(Self {
                kind,
                title,
                at_minimum,
                at_full_plan,
            }),
            Some(_) | None => Err(refusals.into_vec()),
        }
    }

    /// What the line pays for.
    #[must_use]
    pub fn kind(&self) -> BudgetKind {
        self.kind
    }

    /// What it is called.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What it gets when only the minimum comes in.
    #[must_use]
    pub fn at_minimum(&self) -> Money {
        self.at_minimum
    }

    /// What it gets when everything comes in.
    #[must_use]
    pub fn at_full_plan(&self) -> Money {
        self.at_full_plan
    }
}

/// A reward of a campaign, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReward {
    title: String,
    description: String,
    price: Money,
    limit: Option<u32>,
    delivery: Date,
    is_sale: bool,
}

/// Why a reward was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RewardRefusal {
    /// The price is below the smallest pledge.
    #[error("the smallest pledge is {0}")]
    PriceTooSmall(Money),
    /// The price is above the largest pledge.
    #[error("the largest pledge is {0}")]
    PriceTooLarge(Money),
    /// Not the campaign's currency.
    #[error("the campaign is held in {0}")]
    WrongCurrency(Currency),
    /// A limit of nothing, or beyond what can be sent.
    #[error("the limit is between 1 and {REWARD_LIMIT_MAX}")]
    Limit,
    /// The delivery is a month, written as its first day.
    #[error("the delivery is not the first of a month")]
    DeliveryNotFirstOfMonth,
}

impl Refusal for RewardRefusal {
    fn words(&self) -> Words {
        match *self {
            Self::PriceTooSmall(smallest) => Words::new("amount-too-small").with("smallest", smallest),
            Self::PriceTooLarge(largest) => Words::new("amount-above-largest").with("largest", largest),
            Self::WrongCurrency(currency) => Words::new("reward-wrong-currency").with("expected", currency),
            Self::Limit => Words::new("reward-limit").with("max", REWARD_LIMIT_MAX),
            Self::DeliveryNotFirstOfMonth => Words::new("reward-delivery"),
        }
    }
}

impl NewReward {
    /// Checks a reward of a campaign held in `currency`. `delivery` is the first day of the month in
    /// which it is estimated to arrive; `is_sale` says that the project sells it, tax included.
    ///
    /// # Errors
    /// All that is wrong, beside the fields `title`, `description`, `price`, `limit`, `delivery`.
    pub fn decide(
        currency: Currency,
        title: &str,
        description: &str,
        price: Money,
        limit: Option<u32>,
        delivery: Date,
        is_sale: bool,
    ) -> Result<Self, Vec<FieldRefusal>> {
        let mut refusals = Refusals::new();
        let title = refusals.keep("title", text::line(title, 3, 80));
        let description = refusals.keep("description", text::block(description, 0, 1000));
        if price.currency() != currency {
            refusals.note("price", &RewardRefusal::WrongCurrency(currency));
        } else if price.minor() < smallest(currency).minor() {
            refusals.note("price", &RewardRefusal::PriceTooSmall(smallest(currency)));
        } else if price.minor() > largest(currency).minor() {
            refusals.note("price", &RewardRefusal::PriceTooLarge(largest(currency)));
        }
        if limit.is_some_and(|limit| !(1..=REWARD_LIMIT_MAX).contains(&limit)) {
            refusals.note("limit", &RewardRefusal::Limit);
        }
        if delivery.day() != 1 {
            refusals.note("delivery", &RewardRefusal::DeliveryNotFirstOfMonth);
        }
        match (title, description) {
            (Some(title), Some(description)) if refusals.is_empty() => Ok(Self {
                title,
                description,
                price,
                limit,
                delivery,
                is_sale,
            }),
            (_, _) => Err(refusals.into_vec()),
        }
    }

    /// What it is called.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What it is.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The least that must be pledged for it.
    #[must_use]
    pub fn price(&self) -> Money {
        self.price
    }

    /// How many there are; `None` for as many as are asked for.
    #[must_use]
    pub fn limit(&self) -> Option<u32> {
        self.limit
    }

    /// The first day of the month in which it is estimated to arrive.
    #[must_use]
    pub fn delivery(&self) -> Date {
        self.delivery
    }

    /// Whether it is sold by the project, rather than given as thanks.
    #[must_use]
    pub fn is_sale(&self) -> bool {
        self.is_sale
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

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
            [("duration_days", "campaign-duration")]
        );
        assert_eq!(
            refused(eur(1), eur(2), 61),
            [("duration_days", "campaign-duration")]
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

    #[test]
    fn a_budget_line_costs_no_more_at_the_minimum_than_at_the_full_plan() {
        let decide = |at_minimum, at_full_plan| {
            let currency = Currency::EUR;
            NewBudgetLine::decide(currency, BudgetKind::Material, "Glass", at_minimum, at_full_plan)
                .map_err(fields)
        };
        assert!(decide(eur(0), eur(100)).is_ok());
        assert!(decide(eur(100), eur(100)).is_ok());
        assert_eq!(
            decide(eur(101), eur(100)).unwrap_err(),
            [("at_minimum", "budget-line-at-minimum-above-full-plan")]
        );
        assert_eq!(
            decide(eur(0), eur(0)).unwrap_err(),
            [("at_full_plan", "budget-line-at-full-plan-not-positive")]
        );
        assert_eq!(
            decide(eur(-1), eur(1)).unwrap_err(),
            [("at_minimum", "budget-line-at-minimum-negative")]
        );
    }

    #[test]
    fn a_reward_can_be_pledged_for() {
        let decide = |price, limit, delivery| {
            NewReward::decide(Currency::EUR, "A kit", "", price, limit, delivery, true).map_err(fields)
        };
        assert!(decide(eur(2500), Some(1), date!(2027 - 05 - 01)).is_ok());
        assert!(decide(eur(2500), None, date!(2027 - 05 - 01)).is_ok());
        assert_eq!(
            decide(eur(99), Some(0), date!(2027 - 05 - 02)).unwrap_err(),
            [
                ("price", "amount-too-small"),
                ("limit", "reward-limit"),
                ("delivery", "reward-delivery")
            ]
        );
        assert_eq!(
            decide(eur(1_000_001), None, date!(2027 - 05 - 01)).unwrap_err(),
            [("price", "amount-above-largest")]
        );
    }
}
