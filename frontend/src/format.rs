//! The one formatter of money, dates, durations and shares. Pages and mails write none of them
//! themselves.

use felag_domain::money::Money;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use time::{Date, Duration, OffsetDateTime, UtcOffset};

use crate::html::SafeHtml;
use crate::words::{Lang, Value};

const NO_BREAK_SPACE: char = '\u{a0}';
const MINUS: char = '\u{2212}';

/// A small value, however many references the loops and patterns of a template put before it.
pub trait Read<T> {
    /// The value itself.
    fn read(self) -> T;
}

impl<T: Copy> Read<T> for T {
    fn read(self) -> T {
        self
    }
}

impl<T: Copy> Read<T> for &T {
    fn read(self) -> T {
        *self
    }
}

impl<T: Copy> Read<T> for &&T {
    fn read(self) -> T {
        **self
    }
}

impl Lang {
    /// An amount with all decimals of its currency: `€1,234.50`, `¥700`, `SEK 50.00`.
    pub fn money(self, money: impl Read<Money>) -> String {
        let money = &money.read();
        self.amount(money, money.currency().exponent() as usize)
    }

    /// For headlines, where whole amounts lose their zeros: `€50`, but `€49.50`.
    pub fn money_short(self, money: impl Read<Money>) -> String {
        let money = &money.read();
        let whole = money.minor() % money.currency().minor_per_major() == 0;
        self.amount(
            money,
            if whole {
                0
            } else {
                money.currency().exponent() as usize
            },
        )
    }

    fn amount(self, money: &Money, decimals: usize) -> String {
        let per_major = money.currency().minor_per_major().unsigned_abs();
        let minor = money.minor().unsigned_abs();
        let major = grouped(&(minor / per_major).to_string());
        let rest = minor % per_major;
        let number = if decimals == 0 {
            major
        } else {
            format!("{major}.{rest:0decimals$}")
        };
        let sign = if money.minor() < 0 {
            MINUS.to_string()
        } else {
            String::new()
        };
        format!("{sign}{}{number}", currency_sign(money))
    }

    /// `14 December 2026`
    pub fn date(self, at: impl Read<OffsetDateTime>) -> String {
        self.date_of(at.read().to_offset(UtcOffset::UTC).date())
    }

    /// `14 Dec`, for tables; the year goes elsewhere.
    pub fn date_short(self, at: impl Read<OffsetDateTime>) -> String {
        self.day_short(at.read().to_offset(UtcOffset::UTC).date())
    }

    /// The same of a calendar day.
    pub fn day_short(self, day: impl Read<Date>) -> String {
        let date = day.read();
        let month = self.t(SHORT_MONTHS[usize::from(u8::from(date.month())) - 1]);
        self.t2("date-short", "day", i64::from(date.day()), "month", month)
    }

    /// `14 December 2026`, of a calendar day.
    pub fn day(self, day: impl Read<Date>) -> String {
        self.date_of(day.read())
    }

    /// `December 2026`, for estimates.
    pub fn month(self, day: impl Read<Date>) -> String {
        let day = day.read();
        let month = self.t(MONTHS[usize::from(u8::from(day.month())) - 1]);
        self.t2("date-month", "month", month, "year", day.year().to_string())
    }

    fn date_of(self, date: Date) -> String {
        let month = self.t(MONTHS[usize::from(u8::from(date.month())) - 1]);
        let year = date.year().to_string();
        self.t3(
            "date-long",
            "day",
            i64::from(date.day()),
            "month",
            month,
            "year",
            year,
        )
    }

    /// `Monday 14 December 2026, 20:00 UTC`, or with a zone
    /// `Monday 14 December 2026, 21:00 (Europe/Paris, UTC+1)`. An unknown zone name shows UTC.
    pub fn date_time(self, at: impl Read<OffsetDateTime>, zone: &str) -> String {
        let (local, zone) = in_zone(at.read(), zone);
        let weekday = self.t(WEEKDAYS[usize::from(local.weekday().number_days_from_monday())]);
        let clock = format!("{:02}:{:02}", local.hour(), local.minute());
        self.t_with(
            "date-time",
            [
                ("weekday", weekday.into()),
                ("date", self.date_of(local.date()).into()),
                ("clock", clock.into()),
                ("zone", zone.into()),
            ],
        )
    }

    /// `<time datetime="…">14 December 2026</time>`
    pub fn time(self, at: impl Read<OffsetDateTime>) -> SafeHtml {
        let at = at.read();
        time_element(at, &self.date(at))
    }

    /// `<time datetime="…">14 Dec</time>`
    pub fn time_short(self, at: impl Read<OffsetDateTime>) -> SafeHtml {
        let at = at.read();
        time_element(at, &self.date_short(at))
    }

    /// `<time datetime="…">Monday 14 December 2026, 20:00 UTC</time>`
    pub fn time_exact(self, at: impl Read<OffsetDateTime>, zone: &str) -> SafeHtml {
        let at = at.read();
        time_element(at, &self.date_time(at, zone))
    }

    /// `22 days left`, `5 hours left`, `less than an hour left`, or that it is over.
    pub fn left(self, now: &OffsetDateTime, until: &OffsetDateTime) -> String {
        match Left::between(*now, *until) {
            Left::Over => self.t("left-over").to_owned(),
            Left::Minutes => self.t("left-minutes").to_owned(),
            Left::Hours(hours) => self.t1("left-hours", "hours", hours),
            Left::Days(days) => self.t1("left-days", "days", days),
        }
    }

    /// `in 22 days`, `in 5 hours`, `in less than an hour`, or that it has passed.
    pub fn in_days(self, now: &OffsetDateTime, then: &OffsetDateTime) -> String {
        match Left::between(*now, *then) {
            Left::Over => self.t("in-over").to_owned(),
            Left::Minutes => self.t("in-minutes").to_owned(),
            Left::Hours(hours) => self.t1("in-hours", "hours", hours),
            Left::Days(days) => self.t1("in-days", "days", days),
        }
    }

    /// A value as it stands in a sentence: `1,240`, `€5.00`, a text as it is.
    pub fn show<'a>(self, value: impl Into<Value<'a>>) -> String {
        match value.into() {
            Value::Text(text) => text.into_owned(),
            Value::Number(number) => grouped(&number.to_string()),
            Value::Money(money) => self.money(money),
        }
    }

    /// The share of an amount in whole percent, rounded down, so that 100% means all of it.
    pub fn percent(self, part: &Money, whole: &Money) -> String {
        let whole = i128::from(whole.minor());
        let share = if whole > 0 {
            i128::from(part.minor()) * 100 / whole
        } else {
            0
        };
        self.t1("percent", "share", i64::try_from(share).unwrap_or(i64::MAX))
    }
}

/// The amount as a person would type it: `50`, `49.50`. Reads back to the same amount.
pub fn typed(money: &Money) -> String {
    let per_major = money.currency().minor_per_major();
    let (major, rest) = (money.minor() / per_major, (money.minor() % per_major).abs());
    let decimals = money.currency().exponent() as usize;
    let sign = if money.minor() < 0 && major == 0 { "-" } else { "" };
    if rest == 0 {
        format!("{sign}{major}")
    } else {
        format!("{sign}{major}.{rest:0decimals$}")
    }
}

/// What stands before an amount: a sign of one's own (`€`), or the code where the sign is a word that
/// several currencies share (`kr`).
pub fn currency_sign(money: &Money) -> String {
    let symbol = money.currency().symbol();
    if symbol.chars().any(char::is_alphabetic) {
        format!("{}{NO_BREAK_SPACE}", money.currency().code())
    } else {
        symbol.to_owned()
    }
}

/// Digits in groups of three: `1,234,567`.
pub(crate) fn grouped(digits: &str) -> String {
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("\u{2212}", digits),
        None => ("", digits),
    };
    let mut text = String::from(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

enum Left {
    Over,
    Minutes,
    Hours(i64),
    Days(i64),
}

impl Left {
    /// Whole units, rounded down: nobody is promised more time than there is.
    fn between(now: OffsetDateTime, until: OffsetDateTime) -> Left {
        let left = until - now;
        if left <= Duration::ZERO {
            Left::Over
        } else if left < Duration::HOUR {
            Left::Minutes
        } else if left < Duration::days(2) {
            Left::Hours(left.whole_hours())
        } else {
            Left::Days(left.whole_days())
        }
    }
}

/// The instant as the clocks of a zone show it, and the words for that zone.
fn in_zone(at: OffsetDateTime, zone: &str) -> (OffsetDateTime, String) {
    let utc = (at.to_offset(UtcOffset::UTC), "UTC".to_owned());
    if matches!(zone, "" | "UTC" | "Etc/UTC") {
        return utc;
    }
    let (Ok(known), Ok(instant)) = (TimeZone::get(zone), Timestamp::from_second(at.unix_timestamp())) else {
        return utc;
    };
    let Ok(offset) = UtcOffset::from_whole_seconds(known.to_offset(instant).seconds()) else {
        return utc;
    };
    let name = known.iana_name().unwrap_or("UTC");
    if offset.is_utc() {
        return (at.to_offset(offset), format!("({name}, UTC)"));
    }
    let (hours, minutes, _) = offset.as_hms();
    let sign = if offset.is_negative() { MINUS } else { '+' };
    let minutes = if minutes == 0 {
        String::new()
    } else {
        format!(":{:02}", minutes.abs())
    };
    (
        at.to_offset(offset),
        format!("({name}, UTC{sign}{}{minutes})", hours.abs()),
    )
}

/// Inside are only words of ours, digits and a zone name the time zone database knows.
fn time_element(at: OffsetDateTime, text: &str) -> SafeHtml {
    let at = at.to_offset(UtcOffset::UTC);
    let (date, hour, minute) = (at.date(), at.hour(), at.minute());
    SafeHtml::trusted(format!(
        "<time datetime=\"{date}T{hour:02}:{minute:02}Z\">{text}</time>"
    ))
}

const WEEKDAYS: [&str; 7] = [
    "weekday-1",
    "weekday-2",
    "weekday-3",
    "weekday-4",
    "weekday-5",
    "weekday-6",
    "weekday-7",
];

const MONTHS: [&str; 12] = [
    "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8", "month-9",
    "month-10", "month-11", "month-12",
];

const SHORT_MONTHS: [&str; 12] = [
    "month-short-1",
    "month-short-2",
    "month-short-3",
    "month-short-4",
    "month-short-5",
    "month-short-6",
    "month-short-7",
    "month-short-8",
    "month-short-9",
    "month-short-10",
    "month-short-11",
    "month-short-12",
];

#[cfg(test)]
mod tests;
