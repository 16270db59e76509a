//! A lender's months: what came back in each, and what is to come. Sixty of them are drawn at most; what lies before
//! or after stands in the table.

use std::collections::BTreeMap;

use felag_domain::loan::add_months;
use felag_domain::money::{Currency, Money};
use felag_domain::repaying::Expected;
use felag_frontend::Lang;
use felag_frontend::parts::{MonthRow, Months};
use time::Date;

/// How many months back are drawn when there are more, and how many in all.
const BACK: i32 = 23;
const MOST: i32 = 60;

/// What a lender got and waits for in one currency, by the first day of the month.
#[derive(Debug)]
pub(super) struct ByMonth {
    currency: Currency,
    today: Date,
    months: BTreeMap<Date, MonthRow>,
}

impl ByMonth {
    pub(super) fn new(currency: Currency, today: Date) -> Self {
        Self {
            currency,
            today,
            months: BTreeMap::new(),
        }
    }

    fn add(&mut self, day: Date, parts: [i64; 4]) {
        let month = first_of(day);
        let [principal, interest, late, expected] =
            parts.map(|minor| Money::from_minor(minor, self.currency));
        let more = MonthRow {
            month,
            principal,
            interest,
            late,
            expected,
        };
        let nothing = MonthRow::nothing(month, Money::zero(self.currency));
        let row = self.months.entry(month).or_insert(nothing);
        *row = row.plus(&more);
    }

    /// Came back on that day.
    pub(super) fn got(&mut self, day: Date, principal: Money, interest: Money) {
        self.add(day, [principal.minor(), interest.minor(), 0, 0]);
    }

    /// Is due on its day, or was.
    pub(super) fn waits_for(&mut self, one: &Expected) {
        let sum = one.principal.saturating_add(one.interest);
        let parts = if one.due_on < self.today {
            [0, 0, sum, 0]
        } else {
            [0, 0, 0, sum]
        };
        self.add(one.due_on, parts);
    }

    /// The drawing; none of nothing.
    pub(super) fn draw(&self, lang: Lang, title: String) -> Option<Months> {
        let first = *self.months.first_key_value()?.0;
        let last = *self.months.last_key_value()?.0;
        let middle = first_of(self.today).min(last);
        let from = add_months(middle, -BACK)?.max(first);
        let until = add_months(from, MOST - 1).map_or(last, |end| end.min(last));
        let nothing = Money::zero(self.currency);
        let shown = std::iter::successors(Some(from), |month| add_months(*month, 1))
            .take_while(|month| *month <= until)
            .map(|month| {
                let found = self.months.get(&month).copied();
                found.unwrap_or_else(|| MonthRow::nothing(month, nothing))
            });
        let sum = |rows: Vec<&MonthRow>| {
            let mut rows = rows.into_iter();
            let start = *rows.next()?;
            Some(rows.fold(start, |sum, row| sum.plus(row)))
        };
        // The row of what came before bears the last of its months, so it is summed backwards.
        let before = sum(self.months.range(..from).rev().map(|(_, row)| row).collect());
        let after = sum(self.months.values().filter(|row| row.month > until).collect());
        Some(Months {
            lang,
            title,
            rows: shown.collect(),
            before,
            after,
        })
    }
}

fn first_of(day: Date) -> Date {
    day.replace_day(1).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::date;

    use super::*;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    fn due(due_on: Date) -> Expected {
        Expected {
            due_on,
            principal: 900,
            interest: 100,
        }
    }

    #[test]
    fn a_month_in_between_is_drawn_and_what_is_past_due_is_late() {
        let mut by_month = ByMonth::new(Currency::EUR, date!(2026 - 11 - 20));
        by_month.got(date!(2026 - 09 - 15), eur(900), eur(100));
        by_month.got(date!(2026 - 09 - 30), eur(100), eur(0));
        by_month.waits_for(&due(date!(2026 - 11 - 19)));
        by_month.waits_for(&due(date!(2026 - 11 - 20)));
        let drawn = by_month.draw(Lang::En, String::new()).unwrap();
        let rows: Vec<_> = drawn
            .rows
            .iter()
            .map(|row| (row.month, row.principal, row.late, row.expected))
            .collect();
        assert_eq!(
            rows,
            [
                (date!(2026 - 09 - 01), eur(1_000), eur(0), eur(0)),
                (date!(2026 - 10 - 01), eur(0), eur(0), eur(0)),
                (date!(2026 - 11 - 01), eur(0), eur(1_000), eur(1_000)),
            ]
        );
        assert!(drawn.before.is_none() && drawn.after.is_none());
    }

    #[test]
    fn many_years_are_cut_to_sixty_months_and_nothing_is_left_out_of_the_table() {
        let today = date!(2026 - 11 - 20);
        let mut by_month = ByMonth::new(Currency::EUR, today);
        for years in -5..=20 {
            by_month.waits_for(&due(today + Duration::days(365 * years)));
        }
        let drawn = by_month.draw(Lang::En, String::new()).unwrap();
        assert_eq!(drawn.rows.len(), 60);
        assert_eq!(drawn.rows[0].month, date!(2024 - 12 - 01));
        let (before, after) = (drawn.before.unwrap(), drawn.after.unwrap());
        assert_eq!(before.month, date!(2024 - 11 - 01));
        assert_eq!(after.month, date!(2030 - 11 - 01));
        let all: i64 = drawn
            .rows
            .iter()
            .chain([&before, &after])
            .map(|row| row.late.minor() + row.expected.minor())
            .sum();
        assert_eq!(all, 26 * 1_000);
    }

    #[test]
    fn of_nothing_nothing_is_drawn() {
        let by_month = ByMonth::new(Currency::EUR, date!(2026 - 11 - 20));
        assert!(by_month.draw(Lang::En, String::new()).is_none());
    }
}
