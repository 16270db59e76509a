//! How often a support is charged, and on which days: always counted from the first one, never from the last.

use time::{Date, Duration, Month, OffsetDateTime};

use crate::{
    money::{Currency, Money},
    named::named,
};

/// How long before an automatic yearly charge its backer is told.
pub const NOTICE: Duration = Duration::days(14);

named! {
    /// How often a support is charged.
    pub enum Period {
        /// Every seven days.
        Weekly => "weekly",
        /// On the first charge's day of every month.
        Monthly => "monthly",
        /// On the first charge's day of every year.
        Yearly => "yearly",
    }
}

impl Period {
    /// When charge number `number` is due; the first one, number 0, was at `first`. A month that has no such day takes
    /// its last one, and the next month has the original day again.
    #[must_use]
    pub fn due(self, first: OffsetDateTime, number: u32) -> OffsetDateTime {
        match self {
            Self::Weekly => first + Duration::weeks(number.into()),
            Self::Monthly => months_after(first, number),
            Self::Yearly => months_after(first, number.saturating_mul(12)),
        }
    }

    /// The number of the latest charge that is due at `now`, none of which was made before `from`. After an outage the
    /// ones between are never charged. `None` while not even `from` is due.
    #[must_use]
    pub fn latest(self, first: OffsetDateTime, from: u32, now: OffsetDateTime) -> Option<u32> {
        if self.due(first, from) > now {
            return None;
        }
        let mut number = from;
        while self.due(first, number.saturating_add(1)) <= now && number < u32::MAX {
            number += 1;
        }
        Some(number)
    }

    /// Whether its backer is told before each charge.
    #[must_use]
    pub const fn is_announced(self) -> bool {
        matches!(self, Self::Yearly)
    }
}

fn months_after(first: OffsetDateTime, months: u32) -> OffsetDateTime {
    let date = first.date();
    let since = i64::from(date.year()) * 12 + i64::from(u8::from(date.month())) - 1 + i64::from(months);
    let year = i32::try_from(since.div_euclid(12)).unwrap_or(i32::MAX);
    let month = u8::try_from(since.rem_euclid(12) + 1).unwrap_or(1);
    let month = Month::try_from(month).unwrap_or(Month::January);
    let day = date.day().min(month.length(year));
    // Beyond the calendar's end nothing is ever charged.
    Date::from_calendar_date(year, month, day)
        .map_or(first.replace_date(Date::MAX), |day| first.replace_date(day))
}

/// What supporters give in a month all together, from the sums of each period in minor units: a year is 52 weeks and 12
/// months. Rounded half to even; shown, never charged.
#[must_use]
pub fn monthly_of(currency: Currency, weekly: i64, monthly: i64, yearly: i64) -> Money {
    let yearly = i128::from(weekly) * 52 + i128::from(monthly) * 12 + i128::from(yearly);
    let (whole, rest) = (yearly.div_euclid(12), yearly.rem_euclid(12));
    let up = rest > 6 || (rest == 6 && whole % 2 != 0);
    let minor = whole + i128::from(up);
    Money::from_minor(i64::try_from(minor).unwrap_or(i64::MAX), currency)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_month_without_that_day_takes_its_last_one_and_the_next_has_it_again() {
        let first = datetime!(2027-01-31 10:30 UTC);
        let days: Vec<_> = (0..5).map(|number| Period::Monthly.due(first, number)).collect();
        assert_eq!(
            days,
            [
                datetime!(2027-01-31 10:30 UTC),
                datetime!(2027-02-28 10:30 UTC),
                datetime!(2027-03-31 10:30 UTC),
                datetime!(2027-04-30 10:30 UTC),
                datetime!(2027-05-31 10:30 UTC),
            ]
        );
        let leap = datetime!(2028-02-29 08:00 UTC);
        assert_eq!(Period::Yearly.due(leap, 1), datetime!(2029-02-28 08:00 UTC));
        assert_eq!(Period::Yearly.due(leap, 4), datetime!(2032-02-29 08:00 UTC));
        assert_eq!(Period::Weekly.due(first, 2), datetime!(2027-02-14 10:30 UTC));
    }

    #[test]
    fn after_an_outage_only_the_latest_is_due() {
        let first = datetime!(2027-01-31 10:30 UTC);
        let latest = |now| Period::Monthly.latest(first, 1, now);
        assert_eq!(latest(datetime!(2027-02-28 10:29 UTC)), None);
        assert_eq!(latest(datetime!(2027-02-28 10:30 UTC)), Some(1));
        assert_eq!(latest(datetime!(2027-06-01 00:00 UTC)), Some(4));
    }

    #[test]
    fn what_they_give_in_a_month_is_rounded_half_to_even() {
        let eur = |weekly, monthly, yearly| monthly_of(Currency::EUR, weekly, monthly, yearly).minor();
        assert_eq!(eur(0, 500, 1_200), 600);
        assert_eq!(eur(300, 0, 0), 1_300);
        assert_eq!(eur(0, 0, 6), 0);
        assert_eq!(eur(0, 0, 18), 2);
    }

    proptest! {
        #[test]
        fn due_days_only_go_forward_and_keep_their_day(
            seconds in 0_i64..4_000_000_000,
            number in 0_u32..600,
            period in prop::sample::select(Period::ALL),
        ) {
            let first = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            let (this, after) = (period.due(first, number), period.due(first, number + 1));
            prop_assert!(this < after);
            prop_assert_eq!(this.time(), first.time());
            prop_assert_eq!(period.latest(first, 0, this), Some(number));
            if period != Period::Weekly {
                let last = this.month().length(this.year());
                prop_assert_eq!(this.day(), first.day().min(last));
            }
        }
    }
}
