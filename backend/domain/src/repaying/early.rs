//! Paying ahead of time: what closing the loan costs today, and what a payment beyond what is due changes. The only
//! place with this rule (domain §5): published cases are silent on it, so the worked ones stand in this module's tests.
//!
//! The interest that ran up to the day is settled first, and only then is principal reduced: so the days before bear
//! interest on what was owed before, those after on what is owed now, however often a project pays ahead within one
//! period, and a payment of all that is owed costs the same as the sum of its parts. Interest of days to come is never
//! owed. Days are those of the loan's day count, 30/360 for every loan of ours: thirtieths of a month; for a loan that is
//! paid back by the week, which has no such parts, real days.

use time::{Date, Month};

use super::{Agreed, Instalment, Parts, late_interest};
use crate::loan::{Period, half_even};

/// What pays the loan off on `today`: all that is open in due rows, late interest, the principal of the others, and
/// the interest accrued on it up to this day. Interest of days to come is never owed.
#[must_use]
pub fn pay_off(rows: &[Instalment], agreed: Agreed, today: Date) -> Parts {
    let late: i64 = late_interest(rows, agreed.rate_bp, today).iter().sum();
    let mut sum = Parts {
        late,
        ..Parts::default()
    };
    for row in rows {
        sum = sum.plus(if row.is_due(today, agreed.notice) {
            row.open()
        } else {
            Parts {
                interest: 0,
                ..row.open()
            }
        });
    }
    sum.plus(Parts {
        interest: accrued(rows, agreed, today),
        ..Parts::default()
    })
}

/// The interest of the period that runs on `today`, up to this day and not yet paid: in proportion to its days.
/// Rounded half to even.
#[must_use]
pub fn accrued(rows: &[Instalment], agreed: Agreed, today: Date) -> i64 {
    let Some(row) = running(rows, agreed, today) else {
        return 0;
    };
    let (gone, all) = period(rows, agreed, row, today);
    (part(row.owed.interest, gone, all) - row.paid.interest).max(0)
}

/// The first row that no payment of this day is for: its period runs.
fn running(rows: &[Instalment], agreed: Agreed, today: Date) -> Option<&Instalment> {
    to_come(rows, agreed, today).min_by_key(|row| (row.due_on, row.number))
}

/// How many days of a row's period are over, and how many it has. Rows that ask for nothing, those of a grace, end no
/// period: their interest is in the row after them.
fn period(rows: &[Instalment], agreed: Agreed, row: &Instalment, today: Date) -> (i64, i64) {
    let earlier = rows
        .iter()
        .filter(|other| other.due_on < row.due_on && !other.owed.is_nothing());
    let from = earlier.map(|other| other.due_on).max().unwrap_or(agreed.begun_on);
    let days = |to: Date| match agreed.period {
        Period::Weekly | Period::TwoWeekly => (to - from).whole_days(),
        Period::Monthly | Period::Quarterly => days_360(from, to),
    };
    (days(today).max(0), days(row.due_on).max(1))
}

/// Days of two dates when every month has 30.
fn days_360(from: Date, to: Date) -> i64 {
    let ordinal = |date: Date| {
        let (year, month, day) = date.to_calendar_date();
        let is_last = day == month.length(year);
        let day = if is_last && (month == Month::February || day > 30) {
            30
        } else {
            day
        };
        i64::from(year) * 360 + i64::from(u8::from(month)) * 30 + i64::from(day)
    };
    ordinal(to) - ordinal(from)
}

/// `amount` × `of` / `all`, half to even; at most `amount`.
fn part(amount: i64, of: i64, all: i64) -> i64 {
    let all = all.max(1);
    let exact = i128::from(amount) * i128::from(of.clamp(0, all));
    i64::try_from(half_even(exact, i128::from(all))).unwrap_or(amount)
}

/// A payment beyond what is due: it pays the interest that ran up to this day, then principal. It is a row of its own,
/// paid at once; the rows to come shrink. The instalment stays, so the term gets shorter and the last row takes what is
/// left. Returns what was paid by row, and what nobody was owed.
pub(super) fn ahead(
    rows: &mut Vec<Instalment>,
    agreed: Agreed,
    today: Date,
    amount: i64,
) -> (Vec<(i32, Parts)>, i64) {
    let interest = accrued(rows, agreed, today);
    let principal: i64 = to_come(rows, agreed, today).map(|row| row.open().principal).sum();
    let Some((number, gone, all)) = running(rows, agreed, today).map(|row| {
        let (gone, all) = period(rows, agreed, row, today);
        (row.number, gone, all)
    }) else {
        return (Vec::new(), amount);
    };
    if amount <= interest {
        let paid = Parts {
            interest: amount,
            ..Parts::default()
        };
        if let Some(row) = rows.iter_mut().find(|row| row.number == number) {
            row.paid = row.paid.plus(paid);
        }
        return (vec![(number, paid)], 0);
    }
    let parts = Parts {
        interest,
        principal: principal.min(amount - interest),
        ..Parts::default()
    };
    let beyond = amount - interest - parts.principal;
    // Of the period that runs, the interest of the days gone is paid with this.
    if let Some(row) = rows.iter_mut().find(|row| row.number == number) {
        let left = row.owed.interest - part(row.owed.interest, gone, all);
        row.owed.interest = row.paid.interest + left;
    }
    shrink(rows, agreed, today, parts.principal);
    let extra = rows.iter().map(|row| row.number).max().unwrap_or(0) + 1;
    rows.push(Instalment {
        owed: parts,
        paid: parts,
        ..Instalment::new(extra, today, 0, 0)
    });
    (vec![(extra, parts)], beyond)
}

fn to_come(rows: &[Instalment], agreed: Agreed, today: Date) -> impl Iterator<Item = &Instalment> {
    rows.iter()
        .filter(move |row| !row.is_paid() && !row.is_due(today, agreed.notice))
}

/// Takes `less` principal off the rows to come: interest on a smaller balance is less in proportion, each row pays as
/// much as before, and the last ones fall away.
fn shrink(rows: &mut [Instalment], agreed: Agreed, today: Date, less: i64) {
    let mut before: i64 = to_come(rows, agreed, today).map(|row| row.open().principal).sum();
    let mut after = before - less;
    let mut last = None;
    for (index, row) in rows.iter_mut().enumerate() {
        if row.is_paid() || row.is_due(today, agreed.notice) {
            continue;
        }
        let was = row.open();
        let interest = part(was.interest, after, before);
        let room = (was.principal + was.interest - interest).max(0);
        let principal = if was.principal == 0 { 0 } else { room.min(after) };
        before -= was.principal;
        after -= principal;
        row.owed.interest = row.paid.interest + interest;
        row.owed.principal = row.paid.principal + principal;
        last = Some(index);
    }
    // Whatever rounding left over stands in the last row.
    if let Some(row) = last.and_then(|index| rows.get_mut(index)) {
        row.owed.principal += after;
    }
}
