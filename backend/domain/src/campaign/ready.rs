//! What a campaign still lacks before a steward can be asked to read it.

use crate::{
    money::Money,
    words::{Refusal, Words},
};

/// What is there of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checklist {
    /// The story was written.
    pub has_story: bool,
    /// The risks were written.
    pub has_risks: bool,
    /// The project named who answers for its money.
    pub has_legal_holder: bool,
    /// What must be collected for anything to happen.
    pub minimum: Money,
    /// What everything planned costs.
    pub full_plan: Money,
    /// The sum of the budget's lines at the minimum.
    pub budget_at_minimum: Money,
    /// The sum of the budget's lines at the full plan.
    pub budget_at_full_plan: Money,
    /// How many commons returns it has.
    pub commons_returns: u32,
    /// A steward gave a reason, in public, why it may do without.
    pub has_commons_exception: bool,
}

/// Something a draft lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// No story.
    #[error("the story is missing")]
    Story,
    /// No risks.
    #[error("the risks are missing")]
    Risks,
    /// Nobody answers for the money.
    #[error("the legal holder is missing")]
    LegalHolder,
    /// The budget at the minimum is not the minimum.
    #[error("the budget at the minimum adds up to {budget}, not {minimum}")]
    BudgetAtMinimum {
        /// What the lines add up to.
        budget: Money,
        /// What they should.
        minimum: Money,
    },
    /// The budget at the full plan is not the full plan.
    #[error("the budget at the full plan adds up to {budget}, not {full_plan}")]
    BudgetAtFullPlan {
        /// What the lines add up to.
        budget: Money,
        /// What they should.
        full_plan: Money,
    },
    /// Nothing for everybody.
    #[error("a commons return is missing")]
    CommonsReturn,
}

impl Refusal for Missing {
    fn words(&self) -> Words {
        match *self {
            Self::Story => Words::new("campaign-missing-story"),
            Self::Risks => Words::new("campaign-missing-risks"),
            Self::LegalHolder => Words::new("campaign-missing-legal-holder"),
            Self::BudgetAtMinimum { budget, minimum } => Words::new("campaign-missing-budget-at-minimum")
                .with("budget", budget)
                .with("minimum", minimum),
            Self::BudgetAtFullPlan { budget, full_plan } => {
                Words::new("campaign-missing-budget-at-full-plan")
                    .with("budget", budget)
                    .with("full", full_plan)
            }
            Self::CommonsReturn => Words::new("campaign-missing-commons-return"),
        }
    }
}

/// All that a draft lacks before it can be submitted, in the order of its pages; nothing if it is
/// ready.
#[must_use]
pub fn missing_before_submission(checklist: &Checklist) -> Vec<Missing> {
    let Checklist {
        minimum,
        full_plan,
        budget_at_minimum,
        budget_at_full_plan,
        ..
    } = *checklist;
    let has_commons = checklist.commons_returns > 0 || checklist.has_commons_exception;
    let conditions = [
        (checklist.has_story, Missing::Story),
        (checklist.has_risks, Missing::Risks),
        (
            budget_at_minimum == minimum,
            Missing::BudgetAtMinimum {
                budget: budget_at_minimum,
                minimum,
            },
        ),
        (
            budget_at_full_plan == full_plan,
            Missing::BudgetAtFullPlan {
                budget: budget_at_full_plan,
                full_plan,
            },
        ),
        (has_commons, Missing::CommonsReturn),
        (checklist.has_legal_holder, Missing::LegalHolder),
    ];
    conditions
        .into_iter()
        .filter(|(is_there, _)| !is_there)
        .map(|(_, missing)| missing)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    fn ready() -> Checklist {
        Checklist {
            has_story: true,
            has_risks: true,
            has_legal_holder: true,
            minimum: eur(100),
            full_plan: eur(200),
            budget_at_minimum: eur(100),
            budget_at_full_plan: eur(200),
            commons_returns: 1,
            has_commons_exception: false,
        }
    }

    #[test]
    fn a_campaign_with_everything_lacks_nothing() {
        assert_eq!(missing_before_submission(&ready()), []);
    }

    #[test]
    fn a_campaign_needs_something_for_everybody_or_a_reasoned_exception() {
        let without = Checklist {
            commons_returns: 0,
            ..ready()
        };
        assert_eq!(missing_before_submission(&without), [Missing::CommonsReturn]);
        let excepted = Checklist {
            has_commons_exception: true,
            ..without
        };
        assert_eq!(missing_before_submission(&excepted), []);
    }

    #[test]
    fn the_budget_adds_up_to_the_ask_to_the_cent() {
        let off = Checklist {
            budget_at_minimum: eur(99),
            budget_at_full_plan: eur(201),
            ..ready()
        };
        assert_eq!(
            missing_before_submission(&off),
            [
                Missing::BudgetAtMinimum {
                    budget: eur(99),
                    minimum: eur(100)
                },
                Missing::BudgetAtFullPlan {
                    budget: eur(201),
                    full_plan: eur(200)
                },
            ]
        );
    }

    #[test]
    fn everything_missing_is_said_at_once() {
        let empty = Checklist {
            has_story: false,
            has_risks: false,
            has_legal_holder: false,
            commons_returns: 0,
            ..ready()
        };
        assert_eq!(
            missing_before_submission(&empty),
            [
                Missing::Story,
                Missing::Risks,
                Missing::CommonsReturn,
                Missing::LegalHolder
            ]
        );
    }
}
