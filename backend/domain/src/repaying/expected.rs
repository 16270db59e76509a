//! What one share may expect of what a whole loan still owes: shown to its lender, never booked. What is booked is
//! split over all shares, and may differ from this by a cent.

use time::Date;

use super::Instalment;

/// What is to come for one share on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// The day it is due.
    pub due_on: Date,
    /// Of what was lent.
    pub principal: i64,
    /// Interest, that for being late so far included.
    pub interest: i64,
}

/// What of each amount falls to `part` of `whole`. The parts add up to what falls to it of all amounts together.
#[must_use]
pub fn parts_of(amounts: &[i64], part: i64, whole: i64) -> Vec<i64> {
    let (mut sum, mut given) = (0_i128, 0_i128);
    let each = amounts.iter().map(|amount| {
        sum = sum.saturating_add(i128::from(*amount));
        // Rounded to the nearest: whole is at least 1, so half of it is added before the division.
        let whole = i128::from(whole.max(1));
        let due = sum
            .saturating_mul(i128::from(part))
            .saturating_mul(2)
            .saturating_add(whole)
            / (2 * whole);
        let next = due - given;
        given = due;
        i64::try_from(next).unwrap_or(i64::MAX)
    });
    each.collect()
}

/// What a share of `weight` in a loan of `whole` may expect, when so much of the share is outstanding: all of that,
/// and interest by weight. `rows` are those of the whole loan, in the order of their days.
#[must_use]
pub fn expected(rows: &[Instalment], (weight, whole): (i64, i64), outstanding: i64) -> Vec<Expected> {
    let open: Vec<_> = rows.iter().filter(|row| !row.is_paid()).collect();
    let principal: Vec<i64> = open.iter().map(|row| row.open().principal).collect();
    let interest: Vec<i64> = open
        .iter()
        .map(|row| row.open().interest.saturating_add(row.open().late))
        .collect();
    let all = principal.iter().fold(0_i64, |sum, one| sum.saturating_add(*one));
    let parts = parts_of(&principal, outstanding, all).into_iter();
    open.iter()
        .zip(parts.zip(parts_of(&interest, weight, whole)))
        .map(|(row, (principal, interest))| Expected {
            due_on: row.due_on,
            principal,
            interest,
        })
        .filter(|one| one.principal > 0 || one.interest > 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::super::Parts;
    use super::*;

    fn rows() -> Vec<Instalment> {
        vec![
            Instalment::new(1, date!(2026 - 04 - 15), 39_801, 600),
            Instalment::new(2, date!(2026 - 05 - 15), 40_000, 401),
            Instalment::new(3, date!(2026 - 06 - 15), 40_199, 201),
        ]
    }

    #[test]
    fn parts_add_up_though_each_is_rounded() {
        // 33.33, 66.67 and 100 in all.
        assert_eq!(parts_of(&[100, 100, 100], 1, 3), [33, 34, 33]);
        assert_eq!(parts_of(&[100], 1, 0), [100]);
        assert_eq!(parts_of(&[], 1, 3), [0_i64; 0]);
        assert_eq!(parts_of(&[i64::MAX, i64::MAX], 1, 2).len(), 2);
    }

    #[test]
    fn a_share_expects_exactly_what_is_outstanding_of_it() {
        // 500.00 of 1 200.00: 398.01 × 5/12 = 165.84; 798.01 × 5/12 = 332.50; all of it 500.00.
        let expected = expected(&rows(), (50_000, 120_000), 50_000);
        let principal: Vec<i64> = expected.iter().map(|one| one.principal).collect();
        assert_eq!(principal, [16_584, 16_666, 16_750]);
        assert_eq!(principal.iter().sum::<i64>(), 50_000);
        let interest: Vec<i64> = expected.iter().map(|one| one.interest).collect();
        assert_eq!(interest, [250, 167, 84]);
    }

    #[test]
    fn what_is_paid_is_not_expected_again_and_a_part_of_a_row_is() {
        let mut rows = rows();
        rows[0].paid = rows[0].owed;
        rows[1].paid = Parts {
            principal: 10_000,
            interest: 401,
            ..Parts::default()
        };
        // 500.00 less 165.83 and 41.67. Of 701.99 that are open, 300.00 are due first.
        let expected = expected(&rows, (50_000, 120_000), 29_250);
        let shown: Vec<_> = expected
            .iter()
            .map(|one| (one.due_on, one.principal, one.interest))
            .collect();
        assert_eq!(
            shown,
            [
                (date!(2026 - 05 - 15), 12_500, 0),
                (date!(2026 - 06 - 15), 16_750, 84)
            ]
        );
    }

    #[test]
    fn nothing_is_expected_of_a_loan_that_is_over() {
        let mut rows = rows();
        for row in &mut rows {
            row.paid = row.owed;
        }
        assert!(expected(&rows, (50_000, 120_000), 0).is_empty());
    }
}
