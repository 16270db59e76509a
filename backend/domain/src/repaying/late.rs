//! Being late: how long, in which bucket, and what interest runs meanwhile.

use rust_decimal::{Decimal, RoundingStrategy};
use time::{Date, Duration};

use super::Instalment;
use crate::named::named;

/// A loan that is late for more than this is in default.
pub const DEFAULT_AFTER: Duration = Duration::days(90);

named! {
    /// How late a loan is, by its oldest open instalment.
    pub enum Bucket {
        /// Nothing is past due.
        OnTime => "on_time",
        /// 1 to 15 days.
        To15 => "1-15",
        /// 16 to 30 days.
        To30 => "16-30",
        /// 31 to 60 days.
        To60 => "31-60",
        /// 61 to 90 days.
        To90 => "61-90",
        /// More than 90 days.
        Over90 => "over_90",
    }
}

impl Bucket {
    /// The first day of each bucket, the latest first: the edges are data.
    const EDGES: [(i64, Bucket); 5] = [
        (91, Bucket::Over90),
        (61, Bucket::To90),
        (31, Bucket::To60),
        (16, Bucket::To30),
        (1, Bucket::To15),
    ];

    /// The bucket of a loan that is so many days late.
    #[must_use]
    pub fn of(days: i64) -> Self {
        let found = Self::EDGES.iter().find(|(from, _)| days >= *from);
        found.map_or(Bucket::OnTime, |(_, bucket)| *bucket)
    }
}

/// How many days the oldest open row is past its day; 0 when none is.
#[must_use]
pub fn days_late(rows: &[Instalment], today: Date) -> i64 {
    rows.iter()
        .filter(|row| row.is_past_due(today))
        .map(|row| (today - row.due_on).whole_days())
        .max()
        .unwrap_or(0)
}

/// What being late has cost since it was last counted, row by row: the contract's rate on principal past due, per day,
/// actual/365, simple, from the day after the due date to `today`. Rounded half to even, once for all rows together.
#[must_use]
pub fn late_interest(rows: &[Instalment], rate_bp: i32, today: Date) -> Vec<i64> {
    let year = Decimal::from(365 * 10_000);
    let mut exact = Decimal::ZERO;
    let mut given = Decimal::ZERO;
    rows.iter()
        .map(|row| {
            let since = row.late_until.max(row.due_on);
            let days = (today - since).whole_days().max(0);
            let principal = row.open().principal.max(0);
            let cost = Decimal::from(principal)
                .checked_mul(Decimal::from(rate_bp))
                .and_then(|cost| cost.checked_mul(Decimal::from(days)))
                .unwrap_or(Decimal::ZERO);
            exact = exact.saturating_add(cost / year);
            let rounded = exact.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven);
            let part = rounded.saturating_sub(given);
            given = rounded;
            i64::try_from(part).unwrap_or(0)
        })
        .collect()
}
