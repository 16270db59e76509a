//! A reward: a thank-you with a price.

use time::Date;

use crate::{
    money::{Currency, Money},
    pledge::{largest, smallest},
    text,
    words::{FieldRefusal, Refusal, Refusals, Words},
};

const REWARD_LIMIT_MAX: u32 = 100_000;

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
            Self::Limit => Words::new("reward-limit-out-of-range").with("max", REWARD_LIMIT_MAX),
            Self::DeliveryNotFirstOfMonth => Words::new("reward-delivery-not-a-month"),
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
                ("limit", "reward-limit-out-of-range"),
                ("delivery", "reward-delivery-not-a-month")
            ]
        );
        assert_eq!(
            decide(eur(1_000_001), None, date!(2027 - 05 - 01)).unwrap_err(),
            [("price", "amount-above-largest")]
        );
    }
}
