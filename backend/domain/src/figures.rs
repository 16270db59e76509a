//! The four figures of a campaign, defined once: promised, collected, at risk, lost.
//!
//! From the deadline on, promised is frozen and equals the other three together. Tips and shipping
//! are in none of them.

use crate::{
    money::{Currency, Money, MoneyError},
    pledge::PledgeState,
};

/// Where a pledge's amount stands from the deadline on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// Paid, and neither refunded nor disputed.
    Collected,
    /// It may still come in.
    AtRisk,
    /// It will not come in, or went back.
    Lost,
}

/// Which of the figures a pledge is in from the deadline on; `None` if it never was promised, or was
/// taken back before.
#[must_use]
pub const fn bucket(state: PledgeState) -> Option<Bucket> {
    match state {
        PledgeState::Paid => Some(Bucket::Collected),
        PledgeState::Due | PledgeState::Charging | PledgeState::NeedsYou => Some(Bucket::AtRisk),
        PledgeState::RetryLater | PledgeState::Stopping => Some(Bucket::AtRisk),
        PledgeState::Dropped | PledgeState::Released => Some(Bucket::Lost),
        PledgeState::Draft | PledgeState::CardSaved => None,
        PledgeState::Expired | PledgeState::Cancelled => None,
    }
}

/// What of a payment counts as collected: the gift, less what went back or is on its way back, less what a bank
/// took. A bank may take what had gone back already; less than nothing is never collected.
#[must_use]
pub const fn collected_of(gift: Money, refunded: Money, disputed: Money) -> Money {
    let left = gift
        .minor()
        .saturating_sub(refunded.minor())
        .saturating_sub(disputed.minor());
    let left = if left < 0 { 0 } else { left };
    Money::from_minor(left, gift.currency())
}

/// The four figures of one campaign, all in its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// What backers promised; frozen at the deadline.
    pub promised: Money,
    /// What was paid, less refunds and open or lost disputes.
    pub collected: Money,
    /// What may still come in.
    pub at_risk: Money,
    /// What will not.
    pub lost: Money,
}

impl Figures {
    /// Nothing promised yet.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self {
            promised: zero,
            collected: zero,
            at_risk: zero,
            lost: zero,
        }
    }

    /// Whether promised = collected + at risk + lost, as it must from the deadline on.
    #[must_use]
    pub fn holds(&self) -> bool {
        let rest = self
            .collected
            .checked_add(self.at_risk)
            .and_then(|sum| sum.checked_add(self.lost));
        rest == Ok(self.promised)
    }

    /// The figures after `amount` went from one bucket to another; promised stays.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub fn moved(mut self, amount: Money, from: Bucket, to: Bucket) -> Result<Self, MoneyError> {
        let source = self.figure(from);
        *source = source.checked_sub(amount)?;
        let target = self.figure(to);
        *target = target.checked_add(amount)?;
        Ok(self)
    }

    fn figure(&mut self, bucket: Bucket) -> &mut Money {
        match bucket {
            Bucket::Collected => &mut self.collected,
            Bucket::AtRisk => &mut self.at_risk,
            Bucket::Lost => &mut self.lost,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::pledge::{PledgeEvent, next};

    #[test]
    fn a_promise_that_was_decided_on_never_leaves_the_figures() {
        for &from in PledgeState::ALL {
            for &event in PledgeEvent::ALL {
                if let Ok(to) = next(from, event) {
                    assert!(
                        bucket(from).is_none() || bucket(to).is_some(),
                        "{from} {event} {to}"
                    );
                }
            }
        }
    }

    #[test]
    fn figures_in_different_currencies_do_not_hold() {
        let mut figures = Figures::zero(Currency::EUR);
        assert!(figures.holds());
        figures.lost = Money::zero(Currency::USD);
        assert!(!figures.holds());
    }

    /// Gift, refunded, disputed: one payment of the property below.
    fn collected((gift, refunded, disputed): (i64, i64, i64)) -> i64 {
        let eur = |minor| Money::from_minor(minor, Currency::EUR);
        collected_of(eur(gift), eur(refunded), eur(disputed)).minor()
    }

    proptest! {
        #[test]
        fn what_goes_back_and_comes_back_moves_between_collected_and_lost(
            gifts in prop::collection::vec(1_i64..1_000_000, 1..6),
            happened in prop::collection::vec((0_usize..6, 0_u8..4, 0_i64..1_000_000), 0..60),
        ) {
            let eur = |minor| Money::from_minor(minor, Currency::EUR);
            let promised = eur(gifts.iter().sum());
            let mut figures = Figures { promised, collected: promised, ..Figures::zero(Currency::EUR) };
            let mut payments: Vec<(i64, i64, i64)> = gifts.into_iter().map(|gift| (gift, 0, 0)).collect();
            for (index, kind, minor) in happened {
                let index = index % payments.len();
                let before = payments[index];
                let (gift, refunded, disputed) = before;
                let after = match kind {
                    // A refund is asked of what is left, one fails, a dispute opens on everything, one is won.
                    0 => (gift, refunded + minor.min(gift - refunded), disputed),
                    1 => (gift, refunded - minor.min(refunded), disputed),
                    2 => (gift, refunded, gift),
                    _ => (gift, refunded, 0),
                };
                payments[index] = after;
                let change = collected(after) - collected(before);
                let (from, to) = if change < 0 {
                    (Bucket::Collected, Bucket::Lost)
                } else {
                    (Bucket::Lost, Bucket::Collected)
                };
                figures = figures.moved(eur(change.abs()), from, to).unwrap();
                prop_assert!(figures.holds());
                prop_assert_eq!(figures.collected.minor(), payments.iter().copied().map(collected).sum::<i64>());
                prop_assert!(!figures.lost.is_negative() && !figures.collected.is_negative());
            }
        }

        #[test]
        fn whatever_happens_after_the_deadline_the_figures_hold(
            amounts in prop::collection::vec(1_i64..1_000_000, 1..8),
            happened in prop::collection::vec((0_usize..8, prop::sample::select(PledgeEvent::ALL)), 0..40),
        ) {
            let eur = |minor| Money::from_minor(minor, Currency::EUR);
            let promised = eur(amounts.iter().sum());
            let mut figures = Figures { promised, at_risk: promised, ..Figures::zero(Currency::EUR) };
            let mut states = vec![PledgeState::Due; amounts.len()];
            for (index, event) in happened {
                let index = index % states.len();
                let Ok(to) = next(states[index], event) else { continue };
                let (before, after) = (bucket(states[index]).unwrap(), bucket(to).unwrap());
                figures = figures.moved(eur(amounts[index]), before, after).unwrap();
                states[index] = to;
                prop_assert!(figures.holds());
            }
        }
    }
}
