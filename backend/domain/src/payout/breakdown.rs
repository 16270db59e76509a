//! What becomes of the money a payout takes off what is held: what is repaid, costs, fee, its tax, and what is sent.

use crate::{
    fee::FeeSchedule,
    ledger::AccountCode,
    money::{Currency, Money, MoneyError},
    named::named,
};

named! {
    /// What a payout is taken from.
    pub enum PayoutSource {
        /// What was given.
        Gifts => "gifts",
        /// What was lent.
        Loan => "loan",
    }
}

impl PayoutSource {
    /// The account it is held on until then.
    #[must_use]
    pub const fn account(self) -> AccountCode {
        match self {
            Self::Gifts => AccountCode::Held,
            Self::Loan => AccountCode::HeldLoan,
        }
    }
}

/// The parts of a payout. All of one currency, none below zero; together the last five are the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breakdown {
    /// What it is taken from.
    pub source: PayoutSource,
    /// What is taken off what is held.
    pub gross: Money,
    /// What the project owes back, repaid first (domain.md §3, rule 8).
    pub repaid: Money,
    /// What the payment provider kept of the gifts, passed on.
    pub costs: Money,
    /// The platform's fee, without its tax.
    pub fee: Money,
    /// The tax that the fee includes.
    pub tax: Money,
    /// What is sent to the project.
    pub net: Money,
}

/// The smallest amount that is sent, in minor units: three-decimal currencies go in steps of ten.
fn step(currency: Currency) -> i64 {
    if currency.exponent() == 3 { 10 } else { 1 }
}

impl Breakdown {
    /// What becomes of `gross`, of which `owed` is repaid first and `costs` are passed on, as far as it reaches. In
    /// three-decimal currencies the net is rounded up to a step of ten, out of the fee.
    ///
    /// # Errors
    /// [`MoneyError`] if the amounts are of several currencies or cannot be counted.
    pub fn of(gross: Money, owed: Money, costs: Money, schedule: &FeeSchedule) -> Result<Self, MoneyError> {
        let mut rest = gross;
        let mut take = |wanted: Money| -> Result<Money, MoneyError> {
            // Also refuses amounts of another currency.
            let short = rest.checked_sub(wanted)?.is_negative();
            let taken = if short { rest } else { wanted };
            rest = rest.checked_sub(taken)?;
            Ok(taken)
        };
        let repaid = take(owed)?;
        let costs = take(costs)?;
        let mut with_tax = take(schedule.platform.of(gross)?)?;
        // What no bank is sent goes to the project: the fee is less by it.
        let crumbs = (-rest.minor()).rem_euclid(step(gross.currency()));
        if crumbs <= with_tax.minor() {
            let crumbs = Money::from_minor(crumbs, gross.currency());
            with_tax = with_tax.checked_sub(crumbs)?;
            rest = rest.checked_add(crumbs)?;
        }
        let tax = schedule.tax_within(with_tax)?;
        Ok(Self {
            source: PayoutSource::Gifts,
            gross,
            repaid,
            costs,
            fee: with_tax.checked_sub(tax)?,
            tax,
            net: rest,
        })
    }

    /// The same parts, taken from this source.
    #[must_use]
    pub const fn taken_from(self, source: PayoutSource) -> Self {
        Self { source, ..self }
    }

    /// Whether the parts are the whole, and none of them is below zero.
    #[must_use]
    pub fn holds(&self) -> bool {
        let parts = [self.repaid, self.costs, self.fee, self.tax, self.net];
        let sum = crate::money::sum(parts, self.gross.currency());
        sum == Ok(self.gross) && parts.iter().all(|part| !part.is_negative())
    }
}

/// What a campaign's gifts cost so far. All of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostsSoFar {
    /// What the provider kept, for gifts and tips together.
    pub all: Money,
    /// The gifts it was kept of.
    pub gifts: Money,
    /// The tips it was kept of. Their part of the cost is the platform's own.
    pub tips: Money,
    /// What was passed on to the project with earlier payouts.
    pub passed_on: Money,
}

/// The part of the provider's cost that is the project's and was not passed on yet.
#[must_use]
pub fn costs_due(so_far: &CostsSoFar) -> Money {
    let weight = |money: Money| u64::try_from(money.minor()).unwrap_or(0);
    let parts = so_far.all.split(&[weight(so_far.gifts), weight(so_far.tips)]);
    // Costs without a gift or a tip are the project's, too.
    let own = parts
        .and_then(|parts| parts.first().copied())
        .unwrap_or(so_far.all);
    let due = own.minor().saturating_sub(so_far.passed_on.minor()).max(0);
    Money::from_minor(due, so_far.all.currency())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fee;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    #[test]
    fn of_30_euro_28_97_are_sent_as_was_said_before_paying() {
        let parts = Breakdown::of(eur(3000), eur(0), eur(70), &fee::CURRENT).unwrap();
        assert_eq!(
            (parts.fee.minor() + parts.tax.minor(), parts.net.minor()),
            (33, 2897)
        );
        assert_eq!(parts.net, fee::net(eur(3000)).net);
    }

    #[test]
    fn what_is_owed_is_repaid_first_then_costs_then_the_fee() {
        let parts = |gross| Breakdown::of(eur(gross), eur(500), eur(70), &fee::CURRENT).unwrap();
        assert_eq!((parts(400).repaid, parts(400).net), (eur(400), eur(0)));
        assert_eq!((parts(530).repaid, parts(530).costs), (eur(500), eur(30)));
        assert_eq!((parts(572).costs, parts(572).net), (eur(70), eur(0)));
        assert!(Breakdown::of(eur(1), Money::zero(Currency::USD), eur(0), &fee::CURRENT).is_err());
    }

    #[test]
    fn three_decimal_money_is_sent_in_steps_of_ten_and_the_fee_gives_the_rest() {
        let kwd = |minor| Money::from_minor(minor, Currency::KWD);
        let parts = Breakdown::of(kwd(100_200), kwd(0), kwd(1_823), &fee::CURRENT).unwrap();
        // 1.1 % would be 1.102, and 97.275 the net.
        assert_eq!(
            (parts.fee.minor() + parts.tax.minor(), parts.net),
            (1_097, kwd(97_280))
        );
        assert!(parts.holds());
    }

    #[test]
    fn the_cost_of_tips_is_the_platforms_own() {
        let so_far = CostsSoFar {
            all: eur(90),
            gifts: eur(2000),
            tips: eur(1000),
            passed_on: eur(20),
        };
        assert_eq!(costs_due(&so_far), eur(40));
        let nothing = CostsSoFar {
            all: eur(0),
            gifts: eur(0),
            tips: eur(0),
            passed_on: eur(0),
        };
        assert_eq!(costs_due(&nothing), eur(0));
    }

    proptest! {
        #[test]
        fn the_parts_are_the_whole_and_none_is_below_zero(
            gross in 0_i64..1_000_000_000_000,
            owed in 0_i64..1_000_000_000,
            costs in 0_i64..1_000_000_000,
            currency in prop::sample::select(Currency::OFFERED),
        ) {
            let money = |minor| Money::from_minor(minor, currency);
            let parts = Breakdown::of(money(gross), money(owed), money(costs), &fee::CURRENT).unwrap();
            prop_assert!(parts.holds(), "{parts:?}");
            prop_assert!(parts.repaid.minor() <= owed && parts.costs.minor() <= costs);
        }

        #[test]
        fn over_all_payouts_the_project_bears_its_part_of_the_cost_and_no_cent_more(
            steps in prop::collection::vec((1_i64..100_000, 0_i64..25_000, 0_i64..2_000), 1..10),
        ) {
            let (mut all, mut gifts, mut tips, mut passed_on) = (0, 0, 0, 0);
            for (gift, tip, cost) in steps {
                (all, gifts, tips) = (all + cost, gifts + gift, tips + tip);
                let so_far = CostsSoFar { all: eur(all), gifts: eur(gifts), tips: eur(tips), passed_on: eur(passed_on) };
                passed_on += costs_due(&so_far).minor();
                prop_assert!(passed_on <= all);
            }
            prop_assert!(i128::from(passed_on) * i128::from(gifts + tips) + i128::from(gifts + tips)
                >= i128::from(all) * i128::from(gifts));
        }
    }
}
