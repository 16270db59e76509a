//! When instalments fall due: always from the original day of the month, never chained from a clamped one, so that
//! 31 January is followed by 28 February and then by 31 March.

use time::{Date, Duration, Month, util::days_in_month};

use crate::named::named;

named! {
    /// How often an instalment falls due.
    pub enum Period {
        /// Every seven days.
        Weekly => "weekly",
        /// Every fourteen days.
        TwoWeekly => "two_weekly",
        /// Every month.
        Monthly => "monthly",
        /// Every three months.
        Quarterly => "quarterly",
    }
}

impl Period {
    /// Its months; `None` for one that is counted in days.
    #[must_use]
    pub const fn months(self) -> Option<u32> {
        match self {
            Self::Weekly | Self::TwoWeekly => None,
            Self::Monthly => Some(1),
            Self::Quarterly => Some(3),
        }
    }

    /// Its days; `None` for one that is counted in months.
    #[must_use]
    pub const fn days(self) -> Option<u32> {
        match self {
            Self::Weekly => Some(7),
            Self::TwoWeekly => Some(14),
            Self::Monthly | Self::Quarterly => None,
        }
    }

    /// How many of them are in a year, as the EU Annex I counts: 52 weeks, 26 fortnights, 12 months, 4 quarters.
    #[must_use]
    pub const fn a_year(self) -> u32 {
        match self {
            Self::Weekly => 52,
            Self::TwoWeekly => 26,
            Self::Monthly => 12,
            Self::Quarterly => 4,
        }
    }

    /// The date one period after `date`, on day `day` of its month where months count.
    #[must_use]
    pub fn after(self, date: Date, day: u8) -> Option<Date> {
        match (self.months(), self.days()) {
            (Some(months), _) => in_months(date, i32::try_from(months).ok()?, day),
            (None, days) => date.checked_add(Duration::days(i64::from(days?))),
        }
    }
}

/// `date` and so many months, on the same day of the month or the last one before it.
#[must_use]
pub fn add_months(date: Date, months: i32) -> Option<Date> {
    in_months(date, months, date.day())
}

fn in_months(date: Date, months: i32, day: u8) -> Option<Date> {
    let month0 = i64::from(u8::from(date.month())) - 1 + i64::from(date.year()) * 12 + i64::from(months);
    let year = i32::try_from(month0.div_euclid(12)).ok()?;
    let month = Month::try_from(u8::try_from(month0.rem_euclid(12)).ok()? + 1).ok()?;
    Date::from_calendar_date(year, month, day.min(days_in_month(month, year))).ok()
}

/// The dates of `count` instalments of which the first falls due on `first`; `day` is the original day of the month.
/// `None` beyond the calendar.
#[must_use]
pub fn due_dates(first: Date, day: u8, period: Period, count: u32) -> Option<Vec<Date>> {
    let nth = |n: u32| match (period.months(), period.days()) {
        (Some(months), _) => in_months(first, i32::try_from(n.checked_mul(months)?).ok()?, day),
        (None, days) => first.checked_add(Duration::days(i64::from(n) * i64::from(days?))),
    };
    // The first is what was agreed, even if it is not on the original day.
    (0..count)
        .map(|n| if n == 0 { Some(first) } else { nth(n) })
        .collect()
}

/// How many whole months lie between two dates, counted back from the later one, and the date they reach back to.
#[must_use]
pub fn months_back(from: Date, to: Date) -> (u32, Date) {
    let far =
        (to.year() - from.year()) * 12 + i32::from(u8::from(to.month())) - i32::from(u8::from(from.month()));
    let reached = |months: i32| add_months(to, -months).filter(|date| *date >= from);
    match (reached(far), reached(far - 1)) {
        (Some(date), _) => (u32::try_from(far).unwrap_or(0), date),
        (None, Some(date)) => (u32::try_from(far - 1).unwrap_or(0), date),
        (None, None) => (0, to),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    #[test]
    fn due_dates_keep_the_original_day_of_the_month() {
        let dates = due_dates(date!(2027 - 01 - 31), 31, Period::Monthly, 4).unwrap();
        assert_eq!(
            dates,
            [
                date!(2027 - 01 - 31),
                date!(2027 - 02 - 28),
                date!(2027 - 03 - 31),
                date!(2027 - 04 - 30)
            ]
        );
        let quarters = due_dates(date!(2027 - 11 - 30), 30, Period::Quarterly, 3).unwrap();
        assert_eq!(quarters[1..], [date!(2028 - 02 - 29), date!(2028 - 05 - 30)]);
        let weeks = due_dates(date!(2027 - 02 - 25), 25, Period::TwoWeekly, 2).unwrap();
        assert_eq!(weeks[1], date!(2027 - 03 - 11));
    }

    #[test]
    fn months_are_counted_back_from_the_later_date() {
        assert_eq!(
            months_back(date!(2013 - 02 - 25), date!(2013 - 03 - 28)),
            (1, date!(2013 - 02 - 28))
        );
        assert_eq!(
            months_back(date!(1978 - 02 - 10), date!(1978 - 04 - 01)),
            (1, date!(1978 - 03 - 01))
        );
        assert_eq!(
            months_back(date!(2027 - 01 - 31), date!(2027 - 02 - 28)),
            (0, date!(2027 - 02 - 28))
        );
    }

    #[test]
    fn beyond_the_calendar_there_is_no_date() {
        assert_eq!(due_dates(date!(9999 - 12 - 01), 1, Period::Monthly, 2), None);
    }

    proptest! {
        #[test]
        fn dates_follow_one_another(
            day in 1_u8..=31, month in 1_u8..=12, year in 1990_i32..2200, count in 1_u32..400, which in 0_usize..4,
        ) {
            let month = Month::try_from(month).unwrap();
            let first = Date::from_calendar_date(year, month, day.min(days_in_month(month, year))).unwrap();
            let dates = due_dates(first, day, Period::ALL[which], count).unwrap();
            prop_assert!(dates.is_sorted_by(|a, b| a < b));
            prop_assert!(Period::ALL[which].months().is_none()
                || dates.iter().all(|date| date.day() == day.min(days_in_month(date.month(), date.year()))));
        }
    }
}
