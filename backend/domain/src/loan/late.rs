//! Being late, and changing the plan: ages, buckets with their edges as data, late interest, new plans.

use time::{Date, Duration};

use super::{
    Factor, Period,
    allocation::{Account, AllocationError, Line, Piece},
    factor::half_even,
    level_instalment,
};
use crate::rate::Rate;

/// The days from which each bucket begins where nothing else is said.
pub const EDGES: [i64; 5] = [1, 16, 31, 61, 91];
/// A loan that is late for more than this is in default.
pub const DEFAULT_AFTER: Duration = Duration::days(90);

/// A time in which nothing ages: from a day up to, and without, another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// The first day that does not count.
    pub from: Date,
    /// The first day that counts again; none while it lasts.
    pub until: Option<Date>,
}

/// How many days a row is past its day, without those of pauses; pauses may overlap. 0 if it is not.
#[must_use]
pub fn age(due_on: Date, today: Date, pauses: &[Pause]) -> i64 {
    let mut pauses: Vec<(Date, Date)> = pauses
        .iter()
        .map(|pause| (pause.from.max(due_on), pause.until.unwrap_or(today).min(today)))
        .filter(|(from, until)| from < until)
        .collect();
    pauses.sort_unstable();
    let (mut still, mut through) = (0, due_on);
    for (from, until) in pauses {
        let from = from.max(through);
        still += (until - from).whole_days().max(0);
        through = through.max(until);
    }
    ((today - due_on).whole_days() - still).max(0)
}

/// How rows to come are planned anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewPlan {
    /// Rows due before this day stay as they are.
    pub from: Date,
    /// When the first of the new rows falls due; the day of the first old one if it is not said.
    pub starts_on: Option<Date>,
    /// How often they fall due.
    pub period: Period,
    /// How many rows more.
    pub extra: u32,
    /// Rows of nothing first, whose interest falls due with the row after them; they come on top.
    pub holiday: u32,
}

impl Account {
    /// What is open in rows past their day, by bucket: the first day of the bucket, and how much. Each row is classed
    /// by its own age. Buckets with nothing are left out.
    #[must_use]
    pub fn buckets(&self, today: Date, edges: &[i64], pauses: &[Pause]) -> Vec<(i64, i64)> {
        let mut edges = edges.to_vec();
        edges.sort_unstable();
        let mut found: Vec<(i64, i64)> = edges.iter().map(|&edge| (edge, 0)).collect();
        for line in &self.lines {
            let days = age(line.due_on, today, pauses);
            if let Some(bucket) = found.iter_mut().rev().find(|(edge, _)| days > 0 && days >= *edge) {
                bucket.1 += line.outstanding();
            }
        }
        found.retain(|(_, amount)| *amount > 0);
        found
    }

    /// A new plan for rows to come: their principal over as many rows and some more; rows before stay untouched.
    ///
    /// # Errors
    /// [`AllocationError::NothingToCome`], [`AllocationError::TooLarge`].
    pub fn reschedule(&mut self, plan: NewPlan) -> Result<(), AllocationError> {
        let NewPlan {
            from,
            starts_on,
            period,
            extra,
            holiday,
        } = plan;
        let first = self
            .lines
            .iter()
            .position(|line| line.due_on >= from && line.outstanding() > 0)
            .ok_or(AllocationError::NothingToCome)?;
        let old = self.lines[first..].to_vec();
        let principal: i64 = old.iter().map(|line| line.open(Piece::Principal)).sum();
        let factor = old.last().map_or(Factor::ZERO, |line| line.factor);
        let rows = u32::try_from(old.len()).map_err(|_| AllocationError::TooLarge)?;
        let rows = rows
            .checked_add(extra)
            .and_then(|rows| rows.checked_add(holiday))
            .filter(|&rows| rows <= super::terms::MOST_INSTALMENTS * 2)
            .ok_or(AllocationError::TooLarge)?;
        let start = starts_on.unwrap_or(old[0].due_on);
        let day = match starts_on {
            Some(start) => start.day(),
            None => old
                .iter()
                .map(|line| line.due_on.day())
                .max()
                .unwrap_or(start.day()),
        };
        let days = super::due_dates(start, day, period, rows).ok_or(AllocationError::TooLarge)?;
        let mut factors: Vec<Factor> = old.iter().map(|line| line.factor).collect();
        factors.resize(days.len(), factor);
        let made = super::rows(&super::Plan {
            principal,
            factors: &factors,
            amortisation: super::Amortisation::EqualInstalments,
            principal_grace: holiday,
            interest_grace: holiday,
            multiple: 1,
        })
        .ok_or(AllocationError::TooLarge)?;
        // Nothing is changed before all of it could be worked out.
        self.lines.truncate(first);
        let paying = usize::try_from(holiday).ok().and_then(|skip| factors.get(skip..));
        self.instalment = paying.and_then(|paying| level_instalment(principal, paying, 1));
        for (index, (due_on, (principal, interest))) in days.into_iter().zip(made).enumerate() {
            // What was paid ahead, and charges, stay with the row they were for.
            let mut line = old
                .get(index)
                .cloned()
                .unwrap_or_else(|| Line::new(due_on, 0, 0, factor));
            line.due_on = due_on;
            line.owed.principal = line.paid.principal + principal;
            line.owed.interest = line.paid.interest.max(interest);
            self.lines.push(line);
        }
        Ok(())
    }
}

/// What being late costs, row by row, from the principal past due and the days it was: the contract's rate per day,
/// actual/365F, simple, never on interest. Rounded half to even, once for all rows together: each row takes what the
/// sum up to it rounds to beyond the rows before. `None` if it cannot be counted.
#[must_use]
pub fn late_interest(rate: Rate, rows: impl IntoIterator<Item = (i64, i64)>) -> Option<Vec<i64>> {
    let day = Factor::new(1, 365).at(rate);
    let (mut cent_days, mut given) = (0_i128, 0_i64);
    rows.into_iter()
        .map(|(principal, days)| {
            let more = i128::from(principal.max(0)) * i128::from(days.max(0));
            cent_days = cent_days.checked_add(more)?;
            let exact = cent_days.checked_mul(day.numerator())?;
            let rounded = i64::try_from(half_even(exact, day.denominator())).ok()?;
            let part = rounded - given;
            given = rounded;
            Some(part)
        })
        .collect()
}

#[cfg(test)]
mod tests;
