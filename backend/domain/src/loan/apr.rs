//! What a loan costs in a year: by the equation of the EU (Directive 2008/48/EC, Annex I, kept by (EU) 2023/2225) and by
//! the actuarial method of the United States (Regulation Z, 12 CFR 1026, Appendix J).

mod of_terms;

use rust_decimal::{Decimal, RoundingStrategy};
use time::{Date, Duration};

use super::{
    Factor, add_months, months_back,
    power::{exp, power},
};

/// An amount at a time, in years. What the borrower gets stands above zero, what is paid below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flow {
    /// How much, in units of the currency.
    pub amount: Decimal,
    /// When, in years after the first drawdown; may lie before it.
    pub years: Decimal,
}

/// The time between two dates as Annex I counts it: whole units counted back from the later date, the odd days at the
/// start, over the length of the year that ends where they end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// Whole units.
    pub units: u32,
    /// Days before them.
    pub odd_days: i64,
    /// What they are divided by: 365 or 366.
    pub days_in_year: i64,
}

/// A unit in which the time between payments is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Years.
    Year,
    /// Equal months, a twelfth of a year each.
    Month,
    /// Equal weeks, 52 a year.
    Week,
}

/// The interval between two dates.
#[must_use]
pub fn interval(unit: Unit, from: Date, to: Date) -> Interval {
    let (units, reached) = match unit {
        Unit::Month => months_back(from, to),
        Unit::Year => {
            let years = months_back(from, to).0 / 12;
            let back = i32::try_from(years * 12)
                .ok()
                .and_then(|months| add_months(to, -months));
            (years, back.unwrap_or(to))
        }
        Unit::Week => {
            let weeks = ((to - from).whole_days() / 7).max(0);
            (u32::try_from(weeks).unwrap_or(0), to - Duration::weeks(weeks))
        }
    };
    let year_before = add_months(reached, -12).unwrap_or(reached);
    Interval {
        units,
        odd_days: (reached - from).whole_days(),
        days_in_year: (reached - year_before).whole_days(),
    }
}

impl Interval {
    /// In years.
    #[must_use]
    pub fn years(self, unit: Unit) -> Decimal {
        let a_year = match unit {
            Unit::Year => 1,
            Unit::Month => 12,
            Unit::Week => 52,
        };
        let odd = Decimal::from(self.odd_days)
            .checked_div(Decimal::from(self.days_in_year))
            .unwrap_or(Decimal::ZERO);
        Decimal::from(self.units) / Decimal::from(a_year) + odd
    }
}

/// The annual rate, as a factor, at which the flows come to nothing: Annex I, part I. Unrounded. `None` if there is no
/// such rate between −99.99 % and a million percent.
#[must_use]
pub fn eu(flows: &[Flow]) -> Option<Decimal> {
    // The unknown is the logarithm of 1 + X: then each flow is worth amount · e^(−r · years).
    let worth = |r: Decimal| {
        flows.iter().try_fold(Decimal::ZERO, |sum, flow| {
            let exponent = (-r).checked_mul(flow.years)?;
            sum.checked_add(flow.amount.checked_mul(exp(exponent)?)?)
        })
    };
    let root = bracket(&worth).and_then(|(low, high)| narrow(&worth, low, high))?;
    Some(exp(root)? - Decimal::ONE)
}

/// Steps outward from zero until the sign changes, on either side: the root nearest to zero is the one that counts.
fn bracket(worth: &impl Fn(Decimal) -> Option<Decimal>) -> Option<(Decimal, Decimal)> {
    let step = Decimal::new(5, 2);
    let at_zero = worth(Decimal::ZERO)?;
    if at_zero.is_zero() {
        return Some((Decimal::ZERO, Decimal::ZERO));
    }
    let (mut up, mut down) = ((Decimal::ZERO, Some(at_zero)), (Decimal::ZERO, Some(at_zero)));
    for _ in 0..184 {
        for (side, by) in [(&mut up, step), (&mut down, -step)] {
            let Some(before) = side.1 else { continue };
            let next = side.0 + by;
            let value = worth(next);
            if let Some(value) = value
                && (value.is_zero() || value.is_sign_negative() != before.is_sign_negative())
            {
                return Some((side.0, next));
            }
            *side = (next, value);
        }
    }
    None
}

/// Halves the bracket until a decimal holds nothing smaller that matters.
pub(super) fn narrow(
    worth: &impl Fn(Decimal) -> Option<Decimal>,
    mut low: Decimal,
    mut high: Decimal,
) -> Option<Decimal> {
    let is_below = worth(low)?.is_sign_negative();
    for _ in 0..64 {
        let middle = (low + high) / Decimal::TWO;
        let value = worth(middle)?;
        if value.is_zero() {
            return Some(middle);
        }
        if value.is_sign_negative() == is_below {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some((low + high) / Decimal::TWO)
}

/// A rate as it is told: in percent, with one decimal, a half rounded up (Annex I, part I, remark (d)).
#[must_use]
pub fn percent_told(rate: Decimal) -> Decimal {
    (rate * Decimal::ONE_HUNDRED).round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero)
}

/// A unit-period of Appendix J, (b)(4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitPeriod {
    /// So many months: odd days count as thirtieths of a month.
    Months(u32),
    /// So many days.
    Days(u32),
    /// Half a month: fifteen days, and so the 30th part of odd days of a month.
    HalfMonth,
}

/// A flow at a time counted in unit-periods after the first advance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnitFlow {
    /// Advances stand above zero, payments below, in units of the currency.
    pub amount: Decimal,
    /// Full unit-periods.
    pub full: u32,
    /// The fraction of one before them.
    pub odd: Factor,
}

/// Full unit-periods and the fraction from the first advance to a date, as Appendix J, (b)(5) counts: back from the
/// later date.
#[must_use]
pub fn unit_periods(unit: UnitPeriod, from: Date, to: Date) -> (u32, Factor) {
    match unit {
        UnitPeriod::Months(each) => {
            let each = each.max(1);
            let (months, _) = months_back(from, to);
            let full = months / each;
            let whole = i32::try_from(full * each).unwrap_or(0);
            let reached = add_months(to, -whole).unwrap_or(to);
            // Of what is left, whole months count as such: half a year of a year is six twelfths.
            let (rest, start) = months_back(from, reached);
            let days = i128::from((start - from).whole_days());
            (
                full,
                Factor::new(i128::from(rest) * 30 + days, i128::from(each) * 30),
            )
        }
        UnitPeriod::HalfMonth => {
            let (months, start) = months_back(from, to);
            let days = (start - from).whole_days();
            let full = 2 * months + u32::from(days >= 15);
            (full, Factor::new(i128::from(days % 15), 15))
        }
        UnitPeriod::Days(each) => {
            let each = i64::from(each.max(1));
            let days = (to - from).whole_days().max(0);
            (
                u32::try_from(days / each).unwrap_or(0),
                Factor::new(i128::from(days % each), i128::from(each)),
            )
        }
    }
}

/// The nominal annual rate of Appendix J, as a factor: the rate of a unit-period times how many there are in a year.
/// Each flow is worth amount / ((1 + f · i)(1 + i)^t). `None` if there is none between −99 % and 1000 % a unit-period.
#[must_use]
pub fn us(flows: &[UnitFlow], unit_periods_a_year: Decimal) -> Option<Decimal> {
    let worth = |i: Decimal| {
        flows.iter().try_fold(Decimal::ZERO, |sum, flow| {
            let odd = Decimal::ONE + flow.odd.to_decimal().checked_mul(i)?;
            let growth = odd.checked_mul(power(Decimal::ONE + i, flow.full)?)?;
            sum.checked_add(flow.amount.checked_div(growth)?)
        })
    };
    let root = bracket_rate(&worth).and_then(|(low, high)| narrow(&worth, low, high))?;
    root.checked_mul(unit_periods_a_year)
}

/// As [`bracket`], for a rate itself: it stays above −99 %.
pub(super) fn bracket_rate(worth: &impl Fn(Decimal) -> Option<Decimal>) -> Option<(Decimal, Decimal)> {
    let step = Decimal::new(1, 2);
    let mut up = (Decimal::ZERO, worth(Decimal::ZERO)?);
    let mut down = up;
    if up.1.is_zero() {
        return Some((Decimal::ZERO, Decimal::ZERO));
    }
    for n in 0..1_000 {
        let next = up.0 + step;
        if let Some(value) = worth(next) {
            if value.is_zero() || value.is_sign_negative() != up.1.is_sign_negative() {
                return Some((up.0, next));
            }
            up = (next, value);
        }
        let next = down.0 - step;
        if n < 99
            && let Some(value) = worth(next)
        {
            if value.is_zero() || value.is_sign_negative() != down.1.is_sign_negative() {
                return Some((next, down.0));
            }
            down = (next, value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;
    use crate::{
        loan::{Asked, DayCount, Grace, Kind, Period, Terms},
        money::{Currency, Money},
        rate::Rate,
    };

    fn flow(amount: i64, over: i64, under: i64) -> Flow {
        Flow {
            amount: Decimal::from(amount),
            years: Decimal::from(over) / Decimal::from(under),
        }
    }

    #[test]
    fn a_year_of_ten_percent_costs_ten_percent() {
        let rate = eu(&[flow(1_000, 0, 1), flow(-1_100, 1, 1)]).unwrap();
        assert_eq!(rate.round_dp(15), Decimal::new(1, 1));
        assert_eq!(percent_told(rate), Decimal::new(100, 1));
    }

    #[test]
    fn a_gift_costs_less_than_nothing_and_flows_of_one_sign_have_no_rate() {
        assert!(
            eu(&[flow(1_000, 0, 1), flow(-900, 1, 1)])
                .unwrap()
                .is_sign_negative()
        );
        assert_eq!(eu(&[flow(1_000, 0, 1), flow(100, 1, 1)]), None);
        assert_eq!(eu(&[]).map(|rate| rate.is_zero()), Some(true));
    }

    #[test]
    fn the_odd_days_lie_at_the_start() {
        let found = interval(Unit::Month, date!(2013 - 01 - 12), date!(2013 - 03 - 15));
        assert_eq!((found.units, found.odd_days, found.days_in_year), (2, 3, 366));
        let found = interval(Unit::Year, date!(2012 - 01 - 12), date!(2013 - 02 - 15));
        assert_eq!((found.units, found.odd_days, found.days_in_year), (1, 34, 365));
    }

    #[test]
    fn a_monthly_loan_costs_its_effective_rate_whatever_day_it_begins() {
        for day in [
            date!(2027 - 01 - 15),
            date!(2027 - 01 - 31),
            date!(2028 - 02 - 29),
        ] {
            let terms = Terms::new(Asked {
                principal: Money::from_minor(10_000_000, Currency::EUR),
                rate: Rate::from_basis_points(600),
                count: 36,
                period: Period::Monthly,
                kind: Kind::EqualInstalments,
                grace: Grace::NONE,
                day_count: DayCount::Thirty360,
                paid_out_on: day,
                first_due_on: None,
                fee: Money::zero(Currency::EUR),
            });
            // (1 + 0.06 / 12)^12 − 1 = 6.1678 %
            assert_eq!(
                (terms.unwrap().apr().unwrap() * Decimal::ONE_HUNDRED).round_dp(3),
                Decimal::new(6_168, 3)
            );
        }
    }

    #[test]
    fn a_fee_makes_a_loan_dearer() {
        let terms = |fee| {
            Terms::new(Asked {
                principal: Money::from_minor(100_000, Currency::EUR),
                rate: Rate::from_basis_points(0),
                count: 12,
                period: Period::Monthly,
                kind: Kind::InterestFree,
                grace: Grace::NONE,
                day_count: DayCount::Thirty360,
                paid_out_on: date!(2027 - 01 - 15),
                first_due_on: None,
                fee: Money::from_minor(fee, Currency::EUR),
            })
        };
        assert_eq!(percent_told(terms(0).unwrap().apr().unwrap()), Decimal::ZERO);
        assert!(percent_told(terms(2_000).unwrap().apr().unwrap()) > Decimal::from(3));
    }
}
