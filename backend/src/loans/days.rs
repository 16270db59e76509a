//! Calendar days of a campaign's own time zone.

use felag_domain::lending;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use time::{Date, OffsetDateTime};

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// The day on the calendars of `zone`. An unknown zone is UTC.
pub fn day_in(at: OffsetDateTime, name: &str) -> Date {
    let local = Timestamp::from_second(at.unix_timestamp())
        .ok()
        .map(|instant| instant.to_zoned(zone(name)).date());
    local
        .and_then(|day| {
            let month = time::Month::try_from(u8::try_from(day.month()).ok()?).ok()?;
            Date::from_calendar_date(day.year().into(), month, u8::try_from(day.day()).ok()?).ok()
        })
        .unwrap_or_else(|| at.date())
}

/// The first moment of a day in `zone`.
pub fn begin_of(day: Date, name: &str) -> OffsetDateTime {
    let civil = i16::try_from(day.year()).ok().and_then(|year| {
        let month = i8::try_from(u8::from(day.month())).ok()?;
        jiff::civil::Date::new(year, month, i8::try_from(day.day()).ok()?).ok()
    });
    civil
        .and_then(|civil| civil.to_zoned(zone(name)).ok())
        .and_then(|begin| OffsetDateTime::from_unix_timestamp(begin.timestamp().as_second()).ok())
        .unwrap_or_else(|| day.midnight().assume_utc())
}

/// Until when what is made at `at` may be revoked: the end of its last day.
pub fn revocable_until(at: OffsetDateTime, days: u16, zone: &str) -> OffsetDateTime {
    let last = lending::last_day(day_in(at, zone), days).unwrap_or(Date::MAX);
    begin_of(last.next_day().unwrap_or(Date::MAX), zone)
}

/// When lending closes, for a campaign that ends at `deadline`.
pub fn lending_ends(deadline: OffsetDateTime, days: u16, zone: &str) -> OffsetDateTime {
    let closes = lending::closes_on(day_in(deadline, zone), days).unwrap_or(Date::MIN);
    begin_of(closes, zone).min(deadline)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn the_fourth_day_ends_at_midnight_where_the_campaign_is_at_home() {
        // 23:30 UTC is the next day in Berlin; clocks there go back on 25 October.
        let made = datetime!(2026-10-22 23:30 UTC);
        assert_eq!(revocable_until(made, 4, "UTC"), datetime!(2026-10-27 00:00 UTC));
        let berlin = revocable_until(made, 4, "Europe/Berlin");
        assert_eq!(day_in(made, "Europe/Berlin"), time::macros::date!(2026 - 10 - 23));
        // Unknown zones, and machines without a time zone database, fall back to UTC.
        assert!(
            berlin == datetime!(2026-10-27 23:00 UTC) || berlin == datetime!(2026-10-27 00:00 UTC),
            "{berlin}"
        );
    }

    #[test]
    fn whoever_commits_last_has_had_their_days_at_the_deadline() {
        let deadline = datetime!(2026-11-30 18:00 UTC);
        let ends = lending_ends(deadline, 4, "UTC");
        assert_eq!(ends, datetime!(2026-11-26 00:00 UTC));
        let last = ends - time::Duration::SECOND;
        assert!(revocable_until(last, 4, "UTC") <= deadline);
    }
}
