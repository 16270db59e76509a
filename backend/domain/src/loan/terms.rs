//! What a loan is agreed on, checked once: whatever is built from [`Terms`] cannot fail for their sake.

use time::Date;

use super::{DayCount, Factor, Period, Schedule, add_months, due_dates, schedule};
use crate::{
    money::Money,
    named::named,
    rate::Rate,
    words::{Refusal, Words},
};

/// The most instalments a loan may have.
pub const MOST_INSTALMENTS: u32 = 600;
/// The most that is lent, in minor units: a thousand million of the largest unit there is.
pub const MOST_PRINCIPAL: i64 = 100_000_000_000_000;

named! {
    /// How a loan is paid back.
    pub enum Kind {
        /// The same amount each time.
        EqualInstalments => "equal_instalments",
        /// The same part of the principal each time, and interest on what is left.
        EqualPrincipal => "equal_principal",
        /// Interest on the whole principal to the end. For comparisons and quotes only: it hides what a loan costs.
        Flat => "flat",
        /// Interest each time, the principal at the end.
        Bullet => "bullet",
        /// Without interest.
        InterestFree => "interest_free",
    }
}

/// How many first rows ask for less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Grace {
    /// Rows without principal.
    pub principal: u32,
    /// Rows without interest, which falls due together in the row after them.
    pub interest: u32,
}

impl Grace {
    /// None.
    pub const NONE: Self = Self {
        principal: 0,
        interest: 0,
    };

    /// Interest only, so many times.
    #[must_use]
    pub const fn interest_only(rows: u32) -> Self {
        Self {
            principal: rows,
            interest: 0,
        }
    }

    /// Nothing at all, so many times; the interest of that time is due with the row after.
    #[must_use]
    pub const fn deferred(rows: u32) -> Self {
        Self {
            principal: rows,
            interest: rows,
        }
    }
}

/// What somebody asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// How much is lent.
    pub principal: Money,
    /// A year's interest.
    pub rate: Rate,
    /// How many instalments.
    pub count: u32,
    /// How often.
    pub period: Period,
    /// How it is paid back.
    pub kind: Kind,
    /// Its first rows.
    pub grace: Grace,
    /// How days are counted.
    pub day_count: DayCount,
    /// When interest begins.
    pub paid_out_on: Date,
    /// When the first instalment falls due; one period later if it is not said.
    pub first_due_on: Option<Date>,
    /// What the borrower pays when it is paid out.
    pub fee: Money,
}

/// Why terms cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// Nothing, or more than is lent.
    #[error("the amount is above zero and at most {} minor units", MOST_PRINCIPAL)]
    Principal,
    /// Above 1000 % a year.
    #[error("the rate is at most 1000 % a year")]
    Rate,
    /// Interest on a loan without interest.
    #[error("a loan without interest has a rate of 0")]
    InterestFree,
    /// None, or too many.
    #[error("there are between 1 and {} instalments", MOST_INSTALMENTS)]
    Count,
    /// Grace to the last row.
    #[error("grace ends before the last instalment")]
    Grace,
    /// Due before it is paid out.
    #[error("the first instalment falls due after the loan is paid out")]
    FirstDue,
    /// The calendar ends before the loan.
    #[error("the last instalment falls due beyond the calendar")]
    TooLate,
    /// Below zero, more than the principal, or another currency.
    #[error("the fee is between zero and the amount, in its currency")]
    Fee,
    /// Interest that cannot be counted.
    #[error("the interest is more than can be counted")]
    Overflow,
}

impl Refusal for TermsError {
    fn words(&self) -> Words {
        match self {
            Self::Principal => Words::new("loan-terms-principal"),
            Self::Rate => Words::new("loan-terms-rate"),
            Self::InterestFree => Words::new("loan-terms-interest-free"),
            Self::Count => Words::new("loan-terms-count").with("most", MOST_INSTALMENTS),
            Self::Grace => Words::new("loan-grace-too-long"),
            Self::FirstDue => Words::new("loan-terms-first-due"),
            Self::TooLate => Words::new("loan-terms-too-late"),
            Self::Fee => Words::new("loan-terms-fee"),
            Self::Overflow => Words::new("loan-terms-overflow"),
        }
    }
}

/// Terms that were checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    asked: Asked,
    due: Vec<Date>,
    factors: Vec<Factor>,
    schedule: Schedule,
}

impl Terms {
    /// Checks what was asked for.
    ///
    /// # Errors
    /// [`TermsError`], the first that applies.
    pub fn new(asked: Asked) -> Result<Self, TermsError> {
        check(&asked)?;
        let (first, day) = first_due(&asked)?;
        let due = due_dates(first, day, asked.period, asked.count).ok_or(TermsError::TooLate)?;
        let factors: Vec<Factor> = std::iter::once(asked.paid_out_on)
            .chain(due.iter().copied())
            .zip(due.iter().copied())
            .map(|(from, to)| year_part(&asked, from, to).at(asked.rate))
            .collect();
        // A rate and a term may ask for more than can be counted.
        let schedule = schedule::of(&asked, &due, &factors).ok_or(TermsError::Overflow)?;
        Ok(Self {
            asked,
            due,
            factors,
            schedule,
        })
    }

    /// What was asked.
    #[must_use]
    pub const fn asked(&self) -> &Asked {
        &self.asked
    }

    /// The rows that follow from the terms.
    #[must_use]
    pub fn schedule(&self) -> Schedule {
        self.schedule.clone()
    }

    /// When each instalment falls due, in order.
    #[must_use]
    pub fn due(&self) -> &[Date] {
        &self.due
    }

    /// The interest of each period for each unit of the balance.
    #[must_use]
    pub fn factors(&self) -> &[Factor] {
        &self.factors
    }
}

fn check(asked: &Asked) -> Result<(), TermsError> {
    if !(1..=MOST_PRINCIPAL).contains(&asked.principal.minor()) {
        return Err(TermsError::Principal);
    }
    if asked.rate > Rate::from_basis_points(100_000) {
        return Err(TermsError::Rate);
    }
    if asked.kind == Kind::InterestFree && !asked.rate.factor().is_zero() {
        return Err(TermsError::InterestFree);
    }
    if !(1..=MOST_INSTALMENTS).contains(&asked.count) {
        return Err(TermsError::Count);
    }
    if asked.grace.principal.max(asked.grace.interest) >= asked.count {
        return Err(TermsError::Grace);
    }
    let fee = asked.fee;
    let is_part = (0..=asked.principal.minor()).contains(&fee.minor());
    if !is_part || fee.currency() != asked.principal.currency() {
        return Err(TermsError::Fee);
    }
    Ok(())
}

/// The first due date and the original day of the month: that of the payout where the first date follows from it.
fn first_due(asked: &Asked) -> Result<(Date, u8), TermsError> {
    let from = asked.paid_out_on;
    let usual = asked.period.after(from, from.day()).ok_or(TermsError::TooLate)?;
    let first = asked.first_due_on.unwrap_or(usual);
    if first <= from {
        return Err(TermsError::FirstDue);
    }
    let follows = (1..=24).any(|months| add_months(from, months) == Some(first));
    let day = if follows { from.day() } else { first.day() };
    Ok((first, day))
}

/// The part of a year of a row. Under 30/360 a whole month is a twelfth whatever its dates, and the odd days of a
/// broken first period are thirtieths of a month (domain §5). From 28 February to 31 March is a month too: the loan
/// falls due on the 31st, and February has no such day.
fn year_part(asked: &Asked, from: Date, to: Date) -> Factor {
    if asked.day_count != DayCount::Thirty360 {
        return asked.day_count.years(from, to);
    }
    let Some(months) = asked.period.months() else {
        return Factor::new(i128::from((to - from).whole_days()), 360);
    };
    if from != asked.paid_out_on {
        return Factor::new(i128::from(months), 12);
    }
    let is_whole =
        |months: &i32| add_months(from, *months) == Some(to) || add_months(to, -months) == Some(from);
    match (1..=120).find(is_whole) {
        Some(whole) => Factor::new(i128::from(whole), 12),
        None => asked.day_count.years(from, to),
    }
}
