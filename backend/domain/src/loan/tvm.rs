//! The time value of money, as spreadsheets have it: money paid out is below zero. `begin` is true where payments fall at
//! the start of each period.

use rust_decimal::{Decimal, RoundingStrategy};
use time::Date;

use super::{
    apr::{Flow, bracket_rate, eu, narrow},
    power::{power, power_of},
};

/// What is paid or owed, period by period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Annuity {
    /// The rate of one period, as a factor.
    pub rate: Decimal,
    /// How many periods.
    pub count: u32,
    /// What it is worth now.
    pub present: Decimal,
    /// What is left at the end.
    pub future: Decimal,
    /// Whether payments fall at the start of each period.
    pub begin: bool,
}

impl Annuity {
    /// The level payment of each period. `None` without periods, or beyond what can be counted.
    #[must_use]
    pub fn payment(&self) -> Option<Decimal> {
        if self.count == 0 {
            return None;
        }
        if self.rate.is_zero() {
            let sum = self.present.checked_add(self.future)?;
            return (-sum).checked_div(Decimal::from(self.count));
        }
        let growth = power(Decimal::ONE + self.rate, self.count)?;
        let over = self.present.checked_mul(growth)?.checked_add(self.future)?;
        let under = self
            .first()
            .checked_mul(growth - Decimal::ONE)?
            .checked_div(self.rate)?;
        Some(-over.checked_div(under)?)
    }

    /// The part of payment `number`, from 1, that is interest. `None` if there is no such payment.
    #[must_use]
    pub fn interest_of(&self, number: u32) -> Option<Decimal> {
        if !(1..=self.count).contains(&number) {
            return None;
        }
        if self.begin && number == 1 {
            return Some(Decimal::ZERO);
        }
        let before = self.future_value(number - 1, self.payment()?)?;
        let interest = before.checked_mul(self.rate)?;
        if self.begin {
            interest.checked_div(Decimal::ONE + self.rate)
        } else {
            Some(interest)
        }
    }

    /// The part of payment `number` that is principal.
    #[must_use]
    pub fn principal_of(&self, number: u32) -> Option<Decimal> {
        Some(self.payment()? - self.interest_of(number)?)
    }

    /// What stands after so many payments.
    #[must_use]
    pub fn future_value(&self, count: u32, payment: Decimal) -> Option<Decimal> {
        if self.rate.is_zero() {
            return Some(-(self.present + payment.checked_mul(Decimal::from(count))?));
        }
        let growth = power(Decimal::ONE + self.rate, count)?;
        let paid = payment.checked_mul(self.first())?;
        let sum = paid.checked_mul((growth - Decimal::ONE).checked_div(self.rate)?)?;
        Some(-(self.present.checked_mul(growth)?.checked_add(sum)?))
    }

    fn first(&self) -> Decimal {
        if self.begin {
            Decimal::ONE + self.rate
        } else {
            Decimal::ONE
        }
    }
}

/// The rate of a period at which flows, one a period, come to nothing: of several, the one nearest to zero. `None` if
/// there is none between −99 % and 1000 %.
#[must_use]
pub fn irr(flows: &[Decimal]) -> Option<Decimal> {
    if !flows
        .iter()
        .any(|flow| flow.is_sign_negative() && !flow.is_zero())
        || !flows
            .iter()
            .any(|flow| flow.is_sign_positive() && !flow.is_zero())
    {
        return None;
    }
    let worth = |rate: Decimal| {
        // Horner, from the last flow to the first.
        flows.iter().rev().try_fold(Decimal::ZERO, |sum, flow| {
            sum.checked_div(Decimal::ONE + rate)?.checked_add(*flow)
        })
    };
    let (low, high) = bracket_rate(&worth)?;
    narrow(&worth, low, high)
}

/// A flow on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dated {
    /// When.
    pub on: Date,
    /// How much.
    pub amount: Decimal,
}

fn years(flows: &[Dated]) -> impl Iterator<Item = Flow> {
    let first = flows.first().map(|flow| flow.on);
    flows.iter().map(move |flow| {
        let days = first.map_or(0, |first| (flow.on - first).whole_days());
        Flow {
            amount: flow.amount,
            years: Decimal::from(days) / Decimal::from(365),
        }
    })
}

/// The annual rate at which dated flows come to nothing, over years of 365 days. `None` if there is none.
#[must_use]
pub fn xirr(flows: &[Dated]) -> Option<Decimal> {
    let flows: Vec<Flow> = years(flows).collect();
    eu(&flows).filter(|_| {
        flows.iter().any(|flow| flow.amount > Decimal::ZERO)
            && flows.iter().any(|flow| flow.amount < Decimal::ZERO)
    })
}

/// What dated flows are worth on the day of the first, at an annual rate, over years of 365 days.
#[must_use]
pub fn xnpv(rate: Decimal, flows: &[Dated]) -> Option<Decimal> {
    years(flows).try_fold(Decimal::ZERO, |sum, flow| {
        let growth = power_of(Decimal::ONE.checked_add(rate)?, flow.years)?;
        sum.checked_add(flow.amount.checked_div(growth)?)
    })
}

/// The rate of a year that a nominal rate, compounded so many times a year, comes to.
#[must_use]
pub fn effective(nominal: Decimal, times: u32) -> Option<Decimal> {
    let each = nominal.checked_div(Decimal::from(times))?;
    Some(power(Decimal::ONE + each, times)? - Decimal::ONE)
}

/// The nominal rate that, compounded so many times a year, comes to an effective one.
#[must_use]
pub fn nominal(effective: Decimal, times: u32) -> Option<Decimal> {
    let part = Decimal::ONE.checked_div(Decimal::from(times))?;
    let each = power_of(Decimal::ONE + effective, part)? - Decimal::ONE;
    each.checked_mul(Decimal::from(times))
}

/// What 1 grows to at a rate a period, over any number of periods.
#[must_use]
pub fn grown(rate: Decimal, periods: Decimal) -> Option<Decimal> {
    power_of(Decimal::ONE.checked_add(rate)?, periods)
}

/// Rounded to so many places, a half to the even digit.
#[must_use]
pub fn rounded(value: Decimal, places: u32) -> Decimal {
    value.round_dp_with_strategy(places, RoundingStrategy::MidpointNearestEven)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn loan(rate: &str, count: u32, present: i64) -> Annuity {
        Annuity {
            rate: d(rate),
            count,
            present: Decimal::from(present),
            future: Decimal::ZERO,
            begin: false,
        }
    }

    #[test]
    fn a_payment_is_its_interest_and_its_principal() {
        let loan = loan("0.01", 3, 1_000);
        assert_eq!(rounded(loan.payment().unwrap(), 2), d("-340.02"));
        assert_eq!(rounded(loan.interest_of(1).unwrap(), 2), d("-10.00"));
        assert_eq!(rounded(loan.principal_of(1).unwrap(), 2), d("-330.02"));
        assert_eq!(loan.interest_of(0), None);
        assert_eq!(loan.interest_of(4), None);
    }

    #[test]
    fn without_interest_only_principal_is_paid() {
        let loan = loan("0", 4, 1_000);
        assert_eq!(loan.payment(), Some(d("-250")));
        assert_eq!(loan.interest_of(2), Some(Decimal::ZERO));
    }

    #[test]
    fn of_several_rates_the_one_nearest_to_zero_counts() {
        let flows = ["-5", "10.5", "1", "-8", "1", "0", "0", "0"].map(d);
        assert_eq!(irr(&flows).unwrap().round_dp(4), d("0.0886"));
        assert_eq!(irr(&[d("1"), d("2")]), None);
        assert_eq!(irr(&[]), None);
    }

    proptest! {
        #[test]
        fn the_worth_at_its_own_rate_is_nothing(payments in prop::collection::vec(1_i64..1_000, 2..12)) {
            let sum: i64 = payments.iter().sum();
            let mut flows = vec![Decimal::from(-sum * 9 / 10 - 1)];
            flows.extend(payments.iter().copied().map(Decimal::from));
            let rate = irr(&flows).unwrap();
            let worth = flows.iter().rev().fold(Decimal::ZERO, |sum, flow| sum / (Decimal::ONE + rate) + flow);
            prop_assert!(worth.abs() < d("0.000000001"));
        }

        #[test]
        fn effective_and_nominal_undo_one_another(basis_points in 0_i64..20_000, times in 1_u32..53) {
            let rate = Decimal::new(basis_points, 4);
            let back = nominal(effective(rate, times).unwrap(), times).unwrap();
            prop_assert!((back - rate).abs() < d("0.000000000000001"));
        }
    }
}
