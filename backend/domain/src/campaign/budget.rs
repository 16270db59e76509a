//! A line of a campaign's budget.

use super::basics::full_plan_max;
use crate::{
    money::{Currency, Money},
    named::named,
    text,
    words::{FieldRefusal, Refusal, Refusals, Words},
};

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
}
