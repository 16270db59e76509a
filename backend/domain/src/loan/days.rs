//! Days: how many lie between two dates, what part of a year they are, and on which days rows fall due.

use time::{Date, Duration, Month};

use super::{DayCount, LoanError, Period};

/// An exact part: of a year, or of an amount. Never a rounded decimal, so that a row is rounded once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Above the line.
    pub over: u128,
    /// Below the line; never zero.
    pub under: u128,
}

impl Part {
    /// `over / under`; a zero below the line becomes nothing at all.
    #[must_use]
    pub const fn new(over: u128, under: u128) -> Self {
        if under == 0 {
            return Self { over: 0, under: 1 };
        }
        Self { over, under }
    }

    /// This part of `amount` minor units, half to even.
    ///
    /// # Errors
    /// [`LoanError::TooLarge`].
    pub fn of(self, amount: i64) -> Result<i64, LoanError> {
        let exact = u128::from(amount.unsigned_abs())
            .checked_mul(self.over)
            .ok_or(LoanError::TooLarge)?;
        let whole = i64::try_from(half_even(exact, self.under)).map_err(|_| LoanError::TooLarge)?;
        Ok(if amount < 0 { -whole } else { whole })
    }
}

/// `over / under` rounded half to even; `under` is above zero.
#[must_use]
pub fn half_even(over: u128, under: u128) -> u128 {
    let (whole, rest) = (over / under, over % under);
    match rest.cmp(&(under - rest)) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Greater => whole + 1,
        std::cmp::Ordering::Equal => whole + (whole & 1),
    }
}

/// `date` moved by `months`, on `day` of that month or on its last day where it has no such day.
///
/// # Errors
/// [`LoanError::Dates`] beyond the calendar.
pub fn months_later(date: Date, months: i32, day: u8) -> Result<Date, LoanError> {
    let count = date.year() * 12 + i32::from(u8::from(date.month())) - 1;
    let count = count.checked_add(months).ok_or(LoanError::Dates)?;
    let month = u8::try_from(count.rem_euclid(12) + 1)
        .ok()
        .and_then(|number| Month::try_from(number).ok())
        .ok_or(LoanError::Dates)?;
    let year = count.div_euclid(12);
    if !(1..=9999).contains(&year) {
        return Err(LoanError::Dates);
    }
    let day = day.min(month.length(year)).max(1);
    Date::from_calendar_date(year, month, day).map_err(|_| LoanError::Dates)
}

/// The day of the month that due dates follow: the first one's, or the closing's where the first
/// due date is that day moved by a period and clamped (31 January, 28 February, 31 March).
#[must_use]
pub fn original_day(closing: Date, first_due: Date, period: Period) -> u8 {
    let Some(months) = period.months() else {
        return first_due.day();
    };
    match months_later(closing, i32::from(months), closing.day()) {
        Ok(regular) if regular == first_due => closing.day(),
        Ok(_) | Err(_) => first_due.day(),
    }
}

/// The due date `steps` periods after the first, never chained from a clamped one.
///
/// # Errors
/// [`LoanError::Dates`].
pub fn due_date(first_due: Date, steps: u16, period: Period, day: u8) -> Result<Date, LoanError> {
    match period.months() {
        Some(months) => months_later(first_due, i32::from(months) * i32::from(steps), day),
        None => first_due
            .checked_add(Duration::days(i64::from(period.days()) * i64::from(steps)))
            .ok_or(LoanError::Dates),
    }
}

/// Days from one date to another as a convention counts them; negative if `to` is before `from`.
///
/// 30/360 is the bond basis of ISDA 2006 §4.16(f): the second day becomes 30 only after a first day
/// of 30 or 31. 30E/360 is §4.16(g): both become 30. The others count days of the calendar.
#[must_use]
pub fn days_between(from: Date, to: Date, count: DayCount) -> i64 {
    let thirty = |from_day: u8, to_day: u8| {
        360 * i64::from(to.year() - from.year())
            + 30 * (i64::from(u8::from(to.month())) - i64::from(u8::from(from.month())))
            + i64::from(to_day)
            - i64::from(from_day)
    };
    match count {
        DayCount::Thirty360 => {
            let first = from.day().min(30);
            let second = if first == 30 { to.day().min(30) } else { to.day() };
            thirty(first, second)
        }
        DayCount::ThirtyE360 => thirty(from.day().min(30), to.day().min(30)),
        DayCount::Actual360 | DayCount::Actual365 | DayCount::Actual364 | DayCount::ActualActual => {
            i64::from(to.to_julian_day()) - i64::from(from.to_julian_day())
        }
    }
}

/// The part of a year between two dates; nothing if `to` is not after `from`.
///
/// Actual/actual (ISDA 2006 §4.16(b)) counts days in leap years over 366, the others over 365.
#[must_use]
pub fn year_part(from: Date, to: Date, count: DayCount) -> Part {
    if to <= from {
        return Part::new(0, 1);
    }
    let days = u128::try_from(days_between(from, to, count)).unwrap_or(0);
    match count {
        DayCount::Thirty360 | DayCount::ThirtyE360 | DayCount::Actual360 => Part::new(days, 360),
        DayCount::Actual365 => Part::new(days, 365),
        DayCount::Actual364 => Part::new(days, 364),
        DayCount::ActualActual => {
            let leap = u128::try_from(leap_days(to) - leap_days(from)).unwrap_or(0);
            Part::new(leap * 365 + days.saturating_sub(leap) * 366, 365 * 366)
        }
    }
}

/// How many days before `date`, since the year 1, lie in leap years.
fn leap_days(date: Date) -> i64 {
    let before = i64::from(date.year()) - 1;
    let leap_years = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    let here = if time::util::is_leap_year(date.year()) {
        i64::from(date.ordinal()) - 1
    } else {
        0
    };
    leap_years * 366 + here
}

/// The interval of the EU Annex I equation: whole units, then odd days at the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// Whole units, counted back from the payment.
    pub whole_units: i32,
    /// Days left at the start.
    pub odd_days: i64,
    /// Length of the year that ends where the odd days end: 365 or 366.
    pub days_in_year: i64,
}

/// What whole units are counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// So many months.
    Months(u16),
    /// So many days.
    Days(u16),
}

/// Whole units counted back from `to`, and the odd days left at the start (DG FISMA, calculation of the
/// APRC, 2015). `to` is not before `from`; otherwise nothing lies between them.
///
/// # Errors
/// [`LoanError::Dates`].
pub fn eu_interval(from: Date, to: Date, unit: Unit) -> Result<Interval, LoanError> {
    let back = |units: i32| match unit {
        Unit::Months(months) => months_later(to, -units * i32::from(months.max(1)), to.day()),
        Unit::Days(days) => to
            .checked_sub(Duration::days(i64::from(units) * i64::from(days.max(1))))
            .ok_or(LoanError::Dates),
    };
    let days = (to - from).whole_days().max(0);
    let length = match unit {
        Unit::Months(months) => i64::from(months.max(1)) * 28,
        Unit::Days(days) => i64::from(days.max(1)),
    };
    let mut whole_units = i32::try_from(days / length).map_err(|_| LoanError::Dates)?;
    while whole_units > 0 && back(whole_units).map_or(true, |date| date < from) {
        whole_units -= 1;
    }
    let ends = back(whole_units)?;
    let year_before = months_later(ends, -12, ends.day())?;
    Ok(Interval {
        whole_units,
        odd_days: (ends - from).whole_days().max(0),
        days_in_year: (ends - year_before).whole_days(),
    })
}
