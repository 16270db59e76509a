//! Being late: how long, in which bucket, and what interest runs meanwhile, by the rules of [`crate::loan::late`].

use time::Date;

use super::Instalment;
use crate::loan::late::{self, EDGES, age};
use crate::named::named;
use crate::rate::Rate;

pub use crate::loan::late::DEFAULT_AFTER;

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
    /// Those of the late, in the order of [`EDGES`].
    const LATE: [Self; EDGES.len()] = [Self::To15, Self::To30, Self::To60, Self::To90, Self::Over90];

    /// The bucket of a loan that is so many days late.
    #[must_use]
    pub fn of(days: i64) -> Self {
        let begun = EDGES.into_iter().zip(Self::LATE).rev();
        begun
            .into_iter()
            .find(|(from, _)| days >= *from)
            .map_or(Self::OnTime, |(_, bucket)| bucket)
    }
}

/// How many days the oldest open row is past its day; 0 when none is. A rest below `least`, the smallest amount that can
/// be charged, is not late as long as an instalment is to come that brings it.
#[must_use]
pub fn days_late(rows: &[Instalment], today: Date, least: i64) -> i64 {
    let past = || rows.iter().filter(|row| row.is_past_due(today));
    let open = past().filter_map(|row| row.open().total());
    let is_little = open.fold(0, i64::saturating_add) < least;
    if is_little && rows.iter().any(|row| !row.is_paid() && row.due_on >= today) {
        return 0;
    }
    past().map(|row| age(row.due_on, today, &[])).max().unwrap_or(0)
}

/// What being late has cost since it was last counted, row by row: see [`late::late_interest`].
#[must_use]
pub fn late_interest(rows: &[Instalment], rate_bp: i32, today: Date) -> Vec<i64> {
    let rate = Rate::from_basis_points(u32::try_from(rate_bp).unwrap_or(0));
    let past_due = rows.iter().map(|row| {
        let since = row.late_until.max(row.due_on);
        (row.open().principal, (today - since).whole_days())
    });
    late::late_interest(rate, past_due).unwrap_or_else(|| vec![0; rows.len()])
}
