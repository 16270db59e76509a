//! The rows of a loan: made once, shown to everybody before they sign, and paid.
//!
//! The instalment is worked out once from unrounded mathematics and rounded; interest is rounded row by row; the last
//! row takes all principal that is left, and so absorbs every cent.

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use time::Date;

use super::{Asked, Factor, Kind, power::power};
use crate::money::Money;

/// How principal is spread over the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amortisation {
    /// The same instalment each time, interest on the balance.
    EqualInstalments,
    /// The same principal each time, interest on the balance.
    EqualPrincipal,
    /// Interest on the first balance in every row.
    Flat,
    /// The principal with the last row.
    Bullet,
}

/// What the rows of a schedule are worked out from: plain numbers, one currency.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// What is owed at the start, in minor units.
    pub principal: i64,
    /// The interest of each period for each unit of the balance: as many as there are rows.
    pub factors: &'a [Factor],
    /// How principal is spread.
    pub amortisation: Amortisation,
    /// First rows without principal.
    pub principal_grace: u32,
    /// First rows without interest, which falls due with the row after them.
    pub interest_grace: u32,
    /// The instalment is a multiple of so many minor units; 1 where nothing is said.
    pub multiple: i64,
}

/// A row in minor units: principal, interest.
type Bare = (i64, i64);

/// One due row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// From 1.
    pub number: u32,
    /// When it falls due.
    pub due_on: Date,
    /// The part that pays the loan back.
    pub principal: Money,
    /// The part that is interest.
    pub interest: Money,
    /// What is owed after it.
    pub left: Money,
}

impl Row {
    /// What is to be paid.
    #[must_use]
    pub fn total(&self) -> Money {
        Money::from_minor(
            self.principal.minor().saturating_add(self.interest.minor()),
            self.principal.currency(),
        )
    }
}

/// All rows, and what they come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// In order.
    pub rows: Vec<Row>,
    /// What was lent.
    pub principal: Money,
    /// All interest.
    pub interest: Money,
    /// All that is paid back.
    pub total: Money,
}

/// The rows that follow from what was asked. `None` if they cannot be counted.
pub(super) fn of(asked: &Asked, due: &[Date], factors: &[Factor]) -> Option<Schedule> {
    let plan = Plan {
        principal: asked.principal.minor(),
        factors,
        amortisation: match asked.kind {
            Kind::EqualInstalments | Kind::InterestFree => Amortisation::EqualInstalments,
            Kind::EqualPrincipal => Amortisation::EqualPrincipal,
            Kind::Flat => Amortisation::Flat,
            Kind::Bullet => Amortisation::Bullet,
        },
        principal_grace: asked.grace.principal,
        interest_grace: asked.grace.interest,
        multiple: 1,
    };
    let bare = rows(&plan)?;
    let currency = asked.principal.currency();
    let money = |minor| Money::from_minor(minor, currency);
    let mut left = asked.principal.minor();
    let mut interest_sum = 0_i64;
    let mut list = Vec::with_capacity(bare.len());
    for ((number, &due_on), (principal, interest)) in (1..).zip(due).zip(bare) {
        left -= principal;
        interest_sum = interest_sum.checked_add(interest)?;
        list.push(Row {
            number,
            due_on,
            principal: money(principal),
            interest: money(interest),
            left: money(left),
        });
    }
    Some(Schedule {
        rows: list,
        principal: asked.principal,
        interest: money(interest_sum),
        total: money(asked.principal.minor().checked_add(interest_sum)?),
    })
}

/// The rows of a plan: principal and interest in minor units. `None` if they cannot be counted.
#[must_use]
pub fn rows(plan: &Plan<'_>) -> Option<Vec<Bare>> {
    let count = plan.factors.len();
    let grace = usize::try_from(plan.principal_grace).ok()?;
    let paying = plan.factors.get(grace..)?;
    let instalment = match plan.amortisation {
        Amortisation::EqualInstalments => level_instalment(plan.principal, paying, plan.multiple)?,
        // Of principal alone; with interest added for a flat loan whose instalment is a multiple.
        Amortisation::EqualPrincipal | Amortisation::Flat => {
            let each = Decimal::from(plan.principal).checked_div(Decimal::from(paying.len()))?;
            match plan.multiple {
                1 => to_multiple(each, 1)?,
                multiple => {
                    let interest = paying.first()?.of(plan.principal)?;
                    to_multiple(each + Decimal::from(interest), multiple)? - interest
                }
            }
        }
        Amortisation::Bullet => 0,
    };
    let mut list = Vec::with_capacity(count);
    let (mut left, mut deferred) = (plan.principal, 0_i64);
    for (index, factor) in plan.factors.iter().enumerate() {
        let base = match plan.amortisation {
            Amortisation::Flat => plan.principal,
            Amortisation::EqualInstalments | Amortisation::EqualPrincipal | Amortisation::Bullet => left,
        };
        let accrued = factor.of(base)?;
        let is_last = index + 1 == count;
        let principal = if is_last {
            left
        } else if index < grace {
            0
        } else {
            match plan.amortisation {
                // An instalment below the interest of a long first period pays no principal.
                Amortisation::EqualInstalments => (instalment - accrued).clamp(0, left),
                Amortisation::EqualPrincipal | Amortisation::Flat => instalment.clamp(0, left),
                Amortisation::Bullet => 0,
            }
        };
        deferred = deferred.checked_add(accrued)?;
        let is_silent = u32::try_from(index).ok()? < plan.interest_grace && !is_last;
        let interest = if is_silent {
            0
        } else {
            std::mem::take(&mut deferred)
        };
        left -= principal;
        list.push((principal, interest));
    }
    Some(list)
}

/// The instalment that pays `principal` back in as many rows as there are factors, as a multiple of `multiple` minor
/// units: principal / Σ Π 1 / (1 + factor), worked out to 28 digits and rounded once, half to even.
#[must_use]
pub fn level_instalment(principal: i64, factors: &[Factor], multiple: i64) -> Option<i64> {
    let (first, rest) = factors.split_first()?;
    let one = Decimal::ONE;
    let is_even = rest.windows(2).all(|pair| pair[0] == pair[1]);
    let tail = match rest.first() {
        None => Decimal::ZERO,
        Some(each) if each.is_zero() && is_even => Decimal::from(rest.len()),
        Some(each) if is_even => {
            let rate = each.to_decimal();
            let growth = power(one + rate, u32::try_from(rest.len()).ok()?)?;
            (one - one.checked_div(growth)?).checked_div(rate)?
        }
        Some(_) => {
            let (mut sum, mut discount) = (Decimal::ZERO, one);
            for factor in rest {
                discount = discount.checked_div(one + factor.to_decimal())?;
                sum += discount;
            }
            sum
        }
    };
    let annuity = (one + tail).checked_div(one + first.to_decimal())?;
    to_multiple(Decimal::from(principal).checked_div(annuity)?, multiple)
}

fn to_multiple(exact: Decimal, multiple: i64) -> Option<i64> {
    let multiple = Decimal::from(multiple);
    let times = exact
        .checked_div(multiple)?
        .round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven);
    (times * multiple).to_i64()
}

/// How many payments of `payment` it takes until `principal` is paid back, and what the last one is. `None` if it
/// never is: the payment does not cover the interest.
#[must_use]
pub fn run_off(principal: i64, factor: Factor, payment: i64) -> Option<(u32, i64)> {
    let mut left = principal;
    for number in 1..=super::terms::MOST_INSTALMENTS * 4 {
        let owed = left.checked_add(factor.of(left)?)?;
        if owed <= payment {
            return Some((number, owed));
        }
        let after = owed - payment;
        if after >= left {
            return None;
        }
        left = after;
    }
    None
}

#[cfg(test)]
mod tests;
