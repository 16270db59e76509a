//! Reads the fields of a quote. What cannot be read is refused beside its field, all of it at once.

use rust_decimal::Decimal;
use time::{Date, Duration, Month};

use super::GraceKind;
use crate::{
    amount,
    loan::{Asked, DayCount, Kind, Period, add_months},
    money::{Currency, Money},
    rate::Rate,
    words::{FieldRefusal, Refusal, Refusals, Words},
};

/// Days before and after these are slips of the hand.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2200;

/// A field that says nothing that can be gone on with: the id of the sentence.
struct Unread(&'static str);

impl Refusal for Unread {
    fn words(&self) -> Words {
        Words::new(self.0)
    }
}

/// What was asked for.
pub(super) fn read<'a>(
    typed: &impl Fn(&'static str) -> &'a str,
    today: Date,
) -> Result<Asked, Vec<FieldRefusal>> {
    let text = |name| typed(name).trim();
    let mut refusals = Refusals::new();
    let currency = refusals.keep("currency", currency(text("currency")));
    let amounts = currency.map(|currency| {
        let principal = refusals.keep("principal", amount::parse(text("principal"), currency));
        (principal, refusals.keep("fees", fees(text("fees"), currency)))
    });
    let kind = choice(text("kind"), Kind::ALL, Kind::EqualInstalments);
    let kind = refusals.keep("kind", kind.ok_or(Unread("quote-kind-unknown")));
    let rate = match text("rate") {
        "" if kind == Some(Kind::InterestFree) => Ok(Rate::from_basis_points(0)),
        typed => rate(typed).ok_or(Unread("quote-rate-not-a-number")),
    };
    let rate = refusals.keep("rate", rate);
    let count = text("count").parse::<u32>();
    let count = refusals.keep("count", count.map_err(|_| Unread("quote-count-not-a-number")));
    let period = choice(text("period"), Period::ALL, Period::Monthly);
    let period = refusals.keep("period", period.ok_or(Unread("quote-period-unknown")));
    let grace_kind = choice(text("grace_kind"), GraceKind::ALL, GraceKind::None);
    let grace_kind = refusals.keep("grace_kind", grace_kind.ok_or(Unread("quote-grace-unknown")));
    let rows = refusals.keep("grace", grace_rows(text("grace"), grace_kind));
    let days = choice(text("day_count"), DayCount::ALL, DayCount::Thirty360);
    let day_count = refusals.keep("day_count", days.ok_or(Unread("quote-day-count-unknown")));
    let out = refusals.keep("paid_out_on", date(text("paid_out_on")));
    let first_due_on = refusals.keep("first_due_on", date(text("first_due_on")));
    let all = || {
        let (principal, fee) = amounts?;
        let (period, first_due_on) = (period?, first_due_on?);
        Some(Asked {
            principal: principal?,
            rate: rate?,
            count: count?,
            period,
            kind: kind?,
            grace: grace_kind?.rows(rows?),
            day_count: day_count?,
            paid_out_on: out?.or_else(|| before(first_due_on?, period)).unwrap_or(today),
            first_due_on,
            fee: fee?,
        })
    };
    all().ok_or_else(|| refusals.into_vec())
}

fn currency(typed: &str) -> Result<Currency, Unread> {
    match typed {
        "" => Ok(Currency::EUR),
        code => code
            .to_uppercase()
            .parse()
            .map_err(|_| Unread("quote-currency-unknown")),
    }
}

fn fees(typed: &str, currency: Currency) -> Result<Money, amount::AmountError> {
    match typed {
        "" => Ok(Money::zero(currency)),
        fees => amount::parse_with_zero(fees, currency),
    }
}

/// Percent a year: digits with at most one decimal mark among them.
fn rate(typed: &str) -> Option<Rate> {
    let plain = typed.trim_end_matches('%').trim_end().replace(',', ".");
    let is_plain = |c: char| c.is_ascii_digit() || c == '.';
    if !plain.chars().all(is_plain) || !plain.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Rate::from_percent(plain.parse::<Decimal>().ok()?)
}

/// How many rows of grace: at least one where there is grace, none where there is not.
fn grace_rows(typed: &str, kind: Option<GraceKind>) -> Result<u32, Unread> {
    let rows = match typed {
        "" => 0,
        digits => digits
            .parse::<u32>()
            .map_err(|_| Unread("quote-grace-not-a-number"))?,
    };
    match (kind, rows) {
        (Some(GraceKind::None), 1..) => Err(Unread("quote-grace-of-which-kind")),
        (Some(GraceKind::InterestOnly | GraceKind::Deferred), 0) => Err(Unread("quote-grace-not-a-number")),
        _ => Ok(rows),
    }
}

/// One of a list by its name, however it is written: `two-weekly`, `Two_Weekly`, `two weekly`, `act/360`.
fn choice<T: Copy + std::fmt::Display>(typed: &str, all: &[T], usual: T) -> Option<T> {
    if typed.is_empty() {
        return Some(usual);
    }
    let plain = |text: &str| {
        let text = text.to_lowercase().replace(['-', ' '], "_");
        let text = text
            .replace("act/act", "actual/actual")
            .replace("act/", "actual/");
        text.trim_end_matches("_isda").to_owned()
    };
    let wanted = plain(typed);
    all.iter().copied().find(|one| plain(&one.to_string()) == wanted)
}

/// A day as ISO 8601 writes it, `2027-01-31`; none where nothing was typed.
fn date(typed: &str) -> Result<Option<Date>, Unread> {
    if typed.is_empty() {
        return Ok(None);
    }
    iso_day(typed)
        .filter(|day| YEARS.contains(&day.year()))
        .map(Some)
        .ok_or(Unread("quote-date-unreadable"))
}

fn iso_day(typed: &str) -> Option<Date> {
    let mut parts = typed.split('-');
    let mut digits = |length: usize| {
        let part = parts.next()?;
        let is_number = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse::<u16>().ok()).flatten()
    };
    let (year, month, day) = (digits(4)?, digits(2)?, digits(2)?);
    if parts.next().is_some() {
        return None;
    }
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok()
}

/// One period earlier.
fn before(day: Date, period: Period) -> Option<Date> {
    match (period.months(), period.days()) {
        (Some(months), _) => add_months(day, -i32::try_from(months).ok()?),
        (None, days) => day.checked_sub(Duration::days(i64::from(days?))),
    }
}
