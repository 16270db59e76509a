//! Loans month by month: what came back to a lender and what is to come, as a drawing and as a table.

use askama::Template;
use felag_domain::money::Money;
use time::Date;

use crate::html::part;
use crate::words::Lang;

part!(Months);

/// One month. All amounts are of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthRow {
    /// Its first day.
    pub month: Date,
    pub principal: Money,
    pub interest: Money,
    /// Past due and not paid.
    pub late: Money,
    pub expected: Money,
}

/// A lender's months in one currency. Months without anything are there too, so that the drawing is true to time.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/months.html")]
pub struct Months {
    pub lang: Lang,
    pub title: String,
    /// In order, and never empty.
    pub rows: Vec<MonthRow>,
    /// What lies before the first month and after the last one shown; for the table.
    pub before: Option<MonthRow>,
    pub after: Option<MonthRow>,
}

const LEFT: i128 = 2;
const WIDTH: i128 = 716;
const GROUND: i128 = 272;
const TOP: i128 = 40;
/// A month is never wider than this part of the drawing.
const SLOTS: i128 = 6;
/// Nor a bar, with what is beside it.
const BAR: i128 = 56;

impl MonthRow {
    /// A month in which nothing happened.
    pub const fn nothing(month: Date, nothing: Money) -> Self {
        Self {
            month,
            principal: nothing,
            interest: nothing,
            late: nothing,
            expected: nothing,
        }
    }

    fn parts(&self) -> [Money; 4] {
        [self.principal, self.interest, self.late, self.expected]
    }

    fn sum(&self) -> i128 {
        self.parts().iter().map(|part| i128::from(part.minor())).sum()
    }

    /// The same month with another's amounts on top.
    #[must_use]
    pub fn plus(self, other: &Self) -> Self {
        let add = |one: Money, more: Money| {
            Money::from_minor(one.minor().saturating_add(more.minor()), one.currency())
        };
        Self {
            month: self.month,
            principal: add(self.principal, other.principal),
            interest: add(self.interest, other.interest),
            late: add(self.late, other.late),
            expected: add(self.expected, other.expected),
        }
    }
}

/// A part of a bar.
struct Piece {
    class: &'static str,
    x: i128,
    y: i128,
    width: i128,
    height: i128,
}

impl Months {
    /// Of the page: a person may have one for each currency.
    pub(crate) fn id(&self) -> String {
        let code = self
            .rows
            .first()
            .map_or("", |row| row.principal.currency().code());
        format!("months-{}", code.to_lowercase())
    }

    fn highest(&self) -> i128 {
        self.rows.iter().map(MonthRow::sum).max().unwrap_or(0).max(1)
    }

    /// Where a month begins.
    fn x(&self, index: usize) -> i128 {
        let count = i128::try_from(self.rows.len()).unwrap_or(1).max(SLOTS);
        LEFT + WIDTH * i128::try_from(index).unwrap_or(0) / count
    }

    fn width(&self, index: usize) -> i128 {
        ((self.x(index + 1) - self.x(index)) * 3 / 4).clamp(2, BAR)
    }

    /// Where the last bar ends.
    fn end(&self) -> i128 {
        let last = self.rows.len().saturating_sub(1);
        self.x(last) + self.width(last)
    }

    /// The bars, part by part from the ground up. Each edge is rounded from the sum below it, so that no gap shows.
    fn pieces(&self) -> Vec<Piece> {
        let highest = self.highest();
        let level = |sum: i128| GROUND - (GROUND - TOP) * sum / highest;
        let mut pieces = Vec::new();
        for (index, row) in self.rows.iter().enumerate() {
            let mut sum = 0;
            for (class, part) in ["f-loan", "f-match", "late", "open"].into_iter().zip(row.parts()) {
                let below = level(sum);
                sum += i128::from(part.minor());
                let y = level(sum);
                if y < below {
                    pieces.push(Piece {
                        class,
                        x: self.x(index),
                        y,
                        width: self.width(index),
                        height: below - y,
                    });
                }
            }
        }
        pieces
    }

    /// The largest month: its amount, where that stands, and to which side the words go.
    fn peak(&self) -> Option<(String, i128, &'static str)> {
        let highest = self.highest();
        let index = self.rows.iter().position(|row| row.sum() == highest)?;
        let row = self.rows.get(index)?;
        let minor = i64::try_from(highest).unwrap_or(i64::MAX);
        let words = self
            .lang
            .money(Money::from_minor(minor, row.principal.currency()));
        if index * 2 < self.rows.len() {
            Some((words, self.x(index), "start"))
        } else {
            Some((words, self.x(index) + self.width(index), "end"))
        }
    }

    fn edges(&self) -> Option<(&MonthRow, Option<&MonthRow>)> {
        let first = self.rows.first()?;
        Some((first, self.rows.last().filter(|last| last.month != first.month)))
    }

    /// What is in the drawing, for its key.
    fn has(&self) -> [bool; 4] {
        let mut has = [false; 4];
        for row in &self.rows {
            for (has, part) in has.iter_mut().zip(row.parts()) {
                *has |= part.is_positive();
            }
        }
        has
    }

    /// The marks of the key, and their words.
    fn key(&self) -> Vec<(&'static str, &'static str)> {
        let all = [
            ("c-loan", "months-principal"),
            ("c-match", "months-interest"),
            ("c-late", "months-late"),
            ("c-open", "months-expected"),
        ];
        let shown = all.into_iter().zip(self.has());
        shown.filter_map(|(one, has)| has.then_some(one)).collect()
    }

    /// The months of the table: those with something in them, and what lies beyond the drawing.
    fn lines(&self) -> Vec<(String, [Money; 4])> {
        let beyond = |row: &Option<MonthRow>, id: &'static str| {
            row.map(|row| (self.lang.t1(id, "month", self.lang.month(row.month)), row.parts()))
        };
        let mut lines: Vec<_> = beyond(&self.before, "months-before").into_iter().collect();
        let shown = self.rows.iter().filter(|row| row.sum() > 0);
        lines.extend(shown.map(|row| (self.lang.month(row.month), row.parts())));
        lines.extend(beyond(&self.after, "months-after"));
        lines
    }

    /// An amount of the table; a dash for nothing.
    fn amount(&self, amount: &Money) -> String {
        if amount.is_positive() {
            self.lang.money(*amount)
        } else {
            "–".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use felag_domain::currency::Currency;
    use time::macros::date;

    use super::*;

    fn euro(major: i64) -> Money {
        Money::from_minor(major * 100, Currency::EUR)
    }

    fn months(rows: Vec<MonthRow>) -> Months {
        Months {
            lang: Lang::En,
            title: "Month by month".into(),
            rows,
            before: None,
            after: None,
        }
    }

    fn row(month: Date, principal: i64, interest: i64, late: i64, expected: i64) -> MonthRow {
        MonthRow {
            month,
            principal: euro(principal),
            interest: euro(interest),
            late: euro(late),
            expected: euro(expected),
        }
    }

    #[test]
    fn a_bar_stands_on_the_ground_and_its_parts_on_each_other() {
        let drawn = months(vec![
            row(date!(2026 - 10 - 01), 90, 10, 0, 0),
            row(date!(2026 - 11 - 01), 20, 0, 30, 0),
            row(date!(2026 - 12 - 01), 0, 0, 0, 50),
        ]);
        let pieces = drawn.pieces();
        let shown: Vec<_> = pieces
            .iter()
            .map(|piece| (piece.class, piece.y, piece.height))
            .collect();
        assert_eq!(
            shown,
            [
                ("f-loan", 64, 208),
                ("f-match", 40, 24),
                ("f-loan", 226, 46),
                ("late", 156, 70),
                ("open", 156, 116)
            ]
        );
    }

    #[test]
    fn sixty_months_stay_inside_the_drawing_and_do_not_touch() {
        let first = date!(2026 - 01 - 01);
        let drawn = months((0..60).map(|_| row(first, 5, 0, 0, 0)).collect());
        let pieces = drawn.pieces();
        for pair in pieces.windows(2) {
            assert!(pair[0].x + pair[0].width < pair[1].x);
        }
        assert!(drawn.end() <= LEFT + WIDTH);
    }

    #[test]
    fn the_key_names_only_what_is_drawn_and_the_table_leaves_out_empty_months() {
        let drawn = months(vec![
            row(date!(2026 - 10 - 01), 90, 0, 0, 0),
            row(date!(2026 - 11 - 01), 0, 0, 0, 0),
            row(date!(2026 - 12 - 01), 0, 0, 0, 50),
        ]);
        let html = drawn.to_string();
        assert!(html.contains("c-loan") && html.contains("c-open"), "{html}");
        assert!(!html.contains("c-late") && !html.contains("c-match"), "{html}");
        assert!(!html.contains("November 2026"), "{html}");
        assert!(html.contains("id=\"months-eur-title\""), "{html}");
    }

    #[test]
    fn what_lies_beyond_the_drawing_stands_in_the_table() {
        let mut drawn = months(vec![row(date!(2026 - 10 - 01), 90, 0, 0, 0)]);
        drawn.after = Some(row(date!(2031 - 10 - 01), 0, 0, 0, 400));
        let html = drawn.to_string();
        assert!(html.contains("From October 2031"), "{html}");
        assert!(html.contains("€400.00"), "{html}");
    }
}
