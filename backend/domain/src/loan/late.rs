//! Being late, and changing the plan: ages, buckets with their edges as data, late interest, early pay-off, new plans.

use time::{Date, Duration};

use super::{
    DayCount, Factor, Period,
    allocation::{Account, AllocationError, Future, Line, Piece, Pieces},
    factor::half_even,
    level_instalment,
};
use crate::rate::Rate;

/// The days from which each bucket begins where nothing else is said.
pub const EDGES: [i64; 5] = [1, 16, 31, 61, 91];

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

    /// Interest for being late that runs from `since` (or the row's day, if that is later) to `today`, on principal
    /// past due: the contract's rate, actual/365F, simple, never on interest; rounded once, half to even. Books call
    /// it at each payment with the day of the one before, and enter it as a charge of its own.
    #[must_use]
    pub fn late_interest(&self, rate: Rate, since: Date, today: Date) -> Option<i64> {
        let mut cent_days = 0_i128;
        for line in &self.lines {
            let days = (today - line.due_on.max(since)).whole_days().max(0);
            cent_days += i128::from(line.open(Piece::Principal).max(0)) * i128::from(days);
        }
        let year = Factor::new(1, 365).at(rate);
        let exact = cent_days.checked_mul(year.numerator())?;
        i64::try_from(half_even(exact, year.denominator())).ok()
    }

    /// What pays all of it on `today`: what is open in due rows and due charges, principal to come, and the interest of
    /// the running period up to this day. Interest and charges to come are not owed.
    #[must_use]
    pub fn pay_off(&self, begun_on: Date, today: Date, count: DayCount) -> Option<Pieces> {
        let mut sum = Pieces::default();
        let mut from = begun_on;
        for line in &self.lines {
            let ahead = line.due_on > today;
            for &piece in Piece::ALL {
                let charges: i64 = line
                    .charges
                    .iter()
                    .filter(|charge| charge.piece == piece && charge.due_on > today)
                    .map(|charge| charge.amount - charge.paid)
                    .sum();
                let open = line.open(piece) - charges;
                if !ahead || piece != Piece::Interest {
                    sum.add(piece, open);
                }
            }
            if ahead && from < today {
                let accrued = part_of(line.owed.interest, from, today, line.due_on, count)?;
                sum.add(Piece::Interest, (accrued - line.paid.interest).max(0));
            }
            from = line.due_on;
        }
        Some(sum)
    }

    /// Works out the rows to come again after principal was reduced on `today`: the running row keeps the interest of
    /// the days before on what was owed before, and bears the rest on what is owed now; the instalment stays, the term
    /// shortens, the last row absorbs. `before` is the principal that was to come before the reduction.
    ///
    /// # Errors
    /// [`AllocationError::TooLarge`].
    pub fn recast(
        &mut self,
        begun_on: Date,
        today: Date,
        before: i64,
        count: DayCount,
    ) -> Result<(), AllocationError> {
        let Some(first) = self.lines.iter().position(|line| line.due_on > today) else {
            return Ok(());
        };
        let from = if first == 0 {
            begun_on
        } else {
            self.lines[first - 1].due_on
        };
        let instalment = self.instalment;
        let mut left: i64 = self.lines[first..]
            .iter()
            .map(|line| line.open(Piece::Principal))
            .sum();
        let last = self.lines.len() - 1;
        for (at, line) in self.lines.iter_mut().enumerate().skip(first) {
            let whole = line.factor.of(left).ok_or(AllocationError::TooLarge)?;
            let interest = if at == first {
                let old = line.factor.of(before).ok_or(AllocationError::TooLarge)?;
                let gone = |amount| part_of(amount, from, today, line.due_on, count);
                gone(old)
                    .zip(gone(whole))
                    .map(|(old, new)| old + whole - new)
                    .ok_or(AllocationError::TooLarge)?
            } else {
                whole
            };
            line.owed.interest = interest.max(line.paid.interest);
            let principal = match instalment {
                _ if at == last => left,
                Some(instalment) => (instalment - interest).clamp(0, left),
                None => line.open(Piece::Principal).min(left),
            };
            line.owed.principal = line.paid.principal + principal;
            left -= principal;
        }
        Ok(())
    }

    /// Pays `amount` on `today` and, where that reduced principal to come, works out the rows again.
    ///
    /// # Errors
    /// [`AllocationError`].
    pub fn pay_and_recast(
        &mut self,
        begun_on: Date,
        today: Date,
        amount: i64,
        count: DayCount,
    ) -> Result<usize, AllocationError> {
        let to_come = |lines: &[Line]| -> i64 {
            lines
                .iter()
                .filter(|line| line.due_on > today)
                .map(|line| line.open(Piece::Principal))
                .sum()
        };
        let before = to_come(&self.lines);
        let number = self.pay(today, amount)?;
        if self.order.future == Future::Reduce && to_come(&self.lines) < before {
            self.recast(begun_on, today, before, count)?;
        }
        Ok(number)
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

/// A period's interest up to a day of it, in proportion to its days under the loan's day count (30/360: days over 30
/// of a month's); half to even.
fn part_of(interest: i64, from: Date, to: Date, due_on: Date, count: DayCount) -> Option<i64> {
    let to = to.min(due_on);
    if to <= from {
        return Some(0);
    }
    let (gone, all) = (count.days(from, to), count.days(from, due_on));
    let exact = i128::from(interest).checked_mul(i128::from(gone.clamp(0, all.max(1))))?;
    i64::try_from(half_even(exact, i128::from(all.max(1)))).ok()
}

/// The day after which something is in default: more than 90 days past due.
#[must_use]
pub fn defaults_on(due_on: Date) -> Date {
    due_on.saturating_add(Duration::days(91))
}

#[cfg(test)]
mod tests;
