//! How the time between two dates is counted, as an exact fraction of a year.
//!
//! ISDA 2006 definitions §4.16: (f) 30/360, (g) 30E/360, (e) actual/360, (d) actual/365 fixed, (b) actual/actual.
//! Actual/364 is what weekly loans use: 52 equal weeks.

use time::{Date, util::is_leap_year};

use super::Factor;
use crate::named::named;

named! {
    /// A convention for counting days.
    pub enum DayCount {
        /// Every month has 30 days; a month of a schedule is exactly one twelfth of a year.
        Thirty360 => "30/360",
        /// The same, with the 31st always counted as the 30th.
        ThirtyE360 => "30E/360",
        /// Real days over 360.
        Actual360 => "actual/360",
        /// Real days over 365, in leap years too.
        Actual365Fixed => "actual/365F",
        /// Real days over 364.
        Actual364 => "actual/364",
        /// Real days but for 29 February, over 365.
        NoLeap365 => "NL/365",
        /// Real days, each over the days of its own year.
        ActualActual => "actual/actual",
    }
}

impl DayCount {
    /// The days from `from` to `to` as this convention counts them. Below zero if `to` is earlier.
    #[must_use]
    pub fn days(self, from: Date, to: Date) -> i64 {
        match self {
            Self::Thirty360 => {
                let first = from.day().min(30);
                // The 31st counts as the 30th only after a 30th or a 31st.
                let second = if first == 30 { to.day().min(30) } else { to.day() };
                thirty(from, to, first, second)
            }
            Self::ThirtyE360 => thirty(from, to, from.day().min(30), to.day().min(30)),
            Self::Actual360 | Self::Actual365Fixed | Self::Actual364 | Self::ActualActual => {
                (to - from).whole_days()
            }
            Self::NoLeap365 => (to - from).whole_days() - leap_days(from, to),
        }
    }

    /// The part of a year from `from` to `to`.
    #[must_use]
    pub fn years(self, from: Date, to: Date) -> Factor {
        let days = i128::from(self.days(from, to));
        match self {
            Self::Thirty360 | Self::ThirtyE360 | Self::Actual360 => Factor::new(days, 360),
            Self::Actual365Fixed | Self::NoLeap365 => Factor::new(days, 365),
            Self::Actual364 => Factor::new(days, 364),
            Self::ActualActual => actual_actual(from, to),
        }
    }
}

/// How many times 29 February lies after `from` and not after `to`; below zero if `to` is earlier.
fn leap_days(from: Date, to: Date) -> i64 {
    // Leap days up to and including a date, counted from the year 0.
    let up_to = |date: Date| {
        let is_past = is_leap_year(date.year()) && date.ordinal() >= 60;
        let before = i64::from(date.year()) - 1;
        before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400) + i64::from(is_past)
    };
    up_to(to) - up_to(from)
}

fn thirty(from: Date, to: Date, first: u8, second: u8) -> i64 {
    let months = i64::from(u8::from(to.month())) - i64::from(u8::from(from.month()));
    360 * i64::from(to.year() - from.year()) + 30 * months + i64::from(second) - i64::from(first)
}

fn actual_actual(from: Date, to: Date) -> Factor {
    if to < from {
        let back = actual_actual(to, from);
        return Factor::new(-back.numerator(), back.denominator());
    }
    let (mut leap, mut other) = (0_i128, 0_i128);
    let mut at = from;
    while at < to {
        let end = Date::from_ordinal_date(at.year() + 1, 1).map_or(to, |next| next.min(to));
        let days = i128::from((end - at).whole_days());
        if is_leap_year(at.year()) {
            leap += days;
        } else {
            other += days;
        }
        at = end;
    }
    Factor::new(leap * 365 + other * 366, 365 * 366)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    #[test]
    fn the_31st_counts_as_the_30th_after_a_30th_only() {
        assert_eq!(
            DayCount::Thirty360.days(date!(2008 - 02 - 28), date!(2008 - 03 - 31)),
            33
        );
        assert_eq!(
            DayCount::ThirtyE360.days(date!(2008 - 02 - 28), date!(2008 - 03 - 31)),
            32
        );
        assert_eq!(
            DayCount::Thirty360.days(date!(2006 - 09 - 30), date!(2006 - 10 - 31)),
            30
        );
    }

    #[test]
    fn a_day_counts_by_the_length_of_its_own_year() {
        let fraction = DayCount::ActualActual.years(date!(2003 - 11 - 01), date!(2004 - 05 - 01));
        // 61 days of 2003 and 121 of 2004, a leap year.
        assert_eq!(fraction, Factor::new(61 * 366 + 121 * 365, 365 * 366));
    }

    proptest! {
        #[test]
        fn time_adds_up(a in 0_i64..40_000, b in 0_i64..4_000, c in 0_i64..4_000) {
            let start = date!(1990 - 01 - 01);
            let at = |days: i64| start + time::Duration::days(days);
            let (first, second, third) = (at(a), at(a + b), at(a + b + c));
            for convention in [DayCount::Actual360, DayCount::ActualActual, DayCount::ThirtyE360] {
                prop_assert_eq!(
                    convention.days(first, second) + convention.days(second, third),
                    convention.days(first, third)
                );
            }
        }
    }
}
