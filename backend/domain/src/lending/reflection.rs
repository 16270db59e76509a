//! The days in which a lender may take a commitment back, free and without a reason
//! (Regulation (EU) 2020/1503, article 22: four calendar days).

use time::Date;

/// The last of the days: a commitment made on `made_on` may be revoked until its end. Dates are those of the
/// campaign's published time zone. `None` beyond the calendar.
#[must_use]
pub fn last_day(made_on: Date, days: u16) -> Option<Date> {
    made_on.checked_add(time::Duration::days(days.into()))
}

/// The first day on which a commitment is too late: whoever commits on it still has days when the campaign is decided
/// on `deadline_on`. So lending closes when this day begins.
#[must_use]
pub fn closes_on(deadline_on: Date, days: u16) -> Option<Date> {
    deadline_on.checked_sub(time::Duration::days(days.into()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    #[test]
    fn four_whole_days_follow_the_day_of_the_commitment() {
        assert_eq!(last_day(date!(2026 - 11 - 22), 4), Some(date!(2026 - 11 - 26)));
        assert_eq!(last_day(date!(2026 - 12 - 30), 4), Some(date!(2027 - 01 - 03)));
        assert_eq!(last_day(Date::MAX, 4), None);
    }

    proptest! {
        #[test]
        fn whoever_commits_before_lending_closes_has_had_their_days_on_the_day_of_the_deadline(
            ordinal in 1_u16..365, days in 0_u16..30,
        ) {
            let deadline = Date::from_ordinal_date(2027, ordinal).unwrap();
            let closes = closes_on(deadline, days).unwrap();
            let last_commitment = closes.previous_day().unwrap();
            prop_assert!(last_day(last_commitment, days).unwrap() < deadline);
        }
    }
}
