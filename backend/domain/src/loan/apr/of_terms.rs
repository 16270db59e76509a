//! What checked terms cost in a year, by both methods.

use rust_decimal::Decimal;
use time::Date;

use super::{Flow, Interval, Unit, UnitFlow, UnitPeriod, eu, interval, unit_periods, us};
use crate::loan::{Factor, Period, Terms, add_months};

impl Terms {
    /// The annual percentage rate of the EU, as a factor: what the borrower gets, less the fee, against every row. A
    /// schedule whose dates are whole periods after the payout counts in those periods; odd days count as days.
    /// `None` if there is none.
    #[must_use]
    pub fn apr(&self) -> Option<Decimal> {
        let unit = match self.asked().period {
            Period::Monthly | Period::Quarterly => Unit::Month,
            Period::Weekly | Period::TwoWeekly => Unit::Week,
        };
        let mut flows = vec![Flow {
            amount: self.paid_out()?,
            years: Decimal::ZERO,
        }];
        flows.extend(self.schedule().rows.iter().map(|row| Flow {
            amount: -Decimal::from(row.total().minor()),
            years: self.interval(unit, row.due_on).years(unit),
        }));
        eu(&flows)
    }

    /// The nominal annual rate of Appendix J, as a factor: the unit-period is the loan's period, and the fee is a
    /// prepaid finance charge, which comes off what is advanced. `None` if there is none.
    #[must_use]
    pub fn apr_us(&self) -> Option<Decimal> {
        let period = self.asked().period;
        let mut flows = vec![UnitFlow {
            amount: self.paid_out()?,
            full: 0,
            odd: Factor::ZERO,
        }];
        flows.extend(self.schedule().rows.iter().map(|row| {
            let (full, odd) = self.unit_periods(row.due_on);
            UnitFlow {
                amount: -Decimal::from(row.total().minor()),
                full,
                odd,
            }
        }));
        us(&flows, Decimal::from(period.a_year()))
    }

    /// What the borrower gets, in minor units.
    fn paid_out(&self) -> Option<Decimal> {
        let asked = self.asked();
        let paid_out = asked.principal.checked_sub(asked.fee).ok()?;
        Some(Decimal::from(paid_out.minor()))
    }

    fn interval(&self, unit: Unit, due_on: Date) -> Interval {
        let from = self.asked().paid_out_on;
        let counted = interval(unit, from, due_on);
        if unit == Unit::Month && self.is_clamped(counted.units, due_on) {
            return Interval {
                units: counted.units + 1,
                odd_days: 0,
                days_in_year: counted.days_in_year,
            };
        }
        counted
    }

    fn unit_periods(&self, due_on: Date) -> (u32, Factor) {
        let (from, period) = (self.asked().paid_out_on, self.asked().period);
        let Some(each) = period.months() else {
            return unit_periods(UnitPeriod::Days(period.days().unwrap_or(7)), from, due_on);
        };
        let months = interval(Unit::Month, from, due_on).units;
        if self.is_clamped(months, due_on) {
            let whole = months + 1;
            let odd = Factor::new(i128::from(whole % each), i128::from(each));
            return (whole / each, odd);
        }
        unit_periods(UnitPeriod::Months(each), from, due_on)
    }

    /// Whether so many months and one more end on a clamped date: from 31 January to 28 February is one month.
    fn is_clamped(&self, months: u32, due_on: Date) -> bool {
        let one_more = i32::try_from(months).unwrap_or(i32::MAX).saturating_add(1);
        add_months(self.asked().paid_out_on, one_more) == Some(due_on)
    }
}
