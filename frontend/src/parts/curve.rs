//! The funding curve: what was promised by the end of each day, as a drawing and as a table.

use std::fmt::Write as _;

use askama::Template;
use felag_domain::money::Money;
use time::{Date, Duration};

use crate::html::part;
use crate::words::Lang;

part!(Curve);

/// The total at the end of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurveDay {
    pub day: Date,
    pub total: Money,
    pub backers: u64,
}

/// A funding curve. Days without a change may be left out.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/curve.html")]
pub struct Curve {
    pub lang: Lang,
    /// In order.
    pub days: Vec<CurveDay>,
    pub minimum: Money,
    pub full_plan: Money,
    pub opened: Date,
    pub deadline: Date,
}

const LEFT: i128 = 2;
const RIGHT: i128 = 718;
const GROUND: i128 = 272;
const TOP: i128 = 44;
/// How high a line of words is on a small screen.
const WORDS: i128 = 26;

impl Curve {
    fn latest(&self) -> Money {
        self.days
            .last()
            .map_or(Money::zero(self.minimum.currency()), |day| day.total)
    }

    fn highest(&self) -> i128 {
        let top = self
            .full_plan
            .minor()
            .max(self.days.iter().map(|day| day.total.minor()).max().unwrap_or(0));
        i128::from(top).max(1)
    }

    /// Where a day begins. A day has a width of its own, so that the first one can be seen.
    fn x(&self, day: &Date) -> i128 {
        let days = i128::from((self.deadline - self.opened).whole_days()).max(0) + 1;
        let passed = i128::from((*day - self.opened).whole_days()).clamp(0, days);
        LEFT + (RIGHT - LEFT) * passed / days
    }

    fn y(&self, amount: &Money) -> i128 {
        GROUND - (GROUND - TOP) * i128::from(amount.minor()).max(0) / self.highest()
    }

    /// The words of the minimum stand above its line, or below it where those of the full plan leave no room.
    fn minimum_words(&self) -> i128 {
        let line = self.y(&self.minimum);
        let is_crowded = self.minimum != self.full_plan && line - self.y(&self.full_plan) < WORDS + 8;
        if is_crowded { line + WORDS } else { line - 8 }
    }

    /// The area under the curve, rising in steps of a day.
    fn area(&self) -> String {
        let mut path = format!("M{LEFT} {GROUND}");
        let mut level = GROUND;
        for day in &self.days {
            // An empty buffer cannot fail to be written to.
            let _ = write!(path, "L{} {level}", self.x(&day.day));
            level = self.y(&day.total);
            let _ = write!(path, "V{level}");
        }
        if let Some(tomorrow) = self.days.last().and_then(|last| last.day.next_day()) {
            let _ = write!(path, "H{}", self.x(&tomorrow));
        }
        let _ = write!(path, "V{GROUND}z");
        path
    }

    /// About eight rows: every day of a short curve, every few days of a long one, and the last.
    fn rows(&self) -> Vec<&CurveDay> {
        let step = Duration::days((self.deadline - self.opened).whole_days() / 8 + 1);
        let mut rows: Vec<&CurveDay> = Vec::new();
        for day in &self.days {
            if rows.last().is_none_or(|last| day.day - last.day >= step) {
                rows.push(day);
            }
        }
        if let (Some(last), Some(shown)) = (self.days.last(), rows.last())
            && last.day != shown.day
        {
            rows.push(last);
        }
        rows
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

    fn curve(days: Vec<CurveDay>) -> Curve {
        let (opened, deadline) = (date!(2026 - 11 - 01), date!(2026 - 11 - 30));
        Curve {
            lang: Lang::En,
            days,
            minimum: euro(500),
            full_plan: euro(1_000),
            opened,
            deadline,
        }
    }

    #[test]
    fn it_begins_at_nothing_and_reaches_the_top_at_the_full_plan() {
        let days = vec![
            CurveDay {
                day: date!(2026 - 11 - 01),
                total: euro(500),
                backers: 5,
            },
            CurveDay {
                day: date!(2026 - 11 - 30),
                total: euro(1_000),
                backers: 9,
            },
        ];
        assert_eq!(curve(days).area(), "M2 272L2 272V158L694 158V44H718V272z");
    }

    #[test]
    fn a_campaign_of_one_day_fills_the_drawing() {
        let day = date!(2026 - 11 - 01);
        let mut curve = curve(vec![CurveDay {
            day,
            total: euro(1_000),
            backers: 1,
        }]);
        curve.deadline = day;
        assert_eq!(curve.area(), "M2 272L2 272V44H718V272z");
        assert_eq!(curve.rows().len(), 1);
    }

    #[test]
    fn words_of_close_lines_do_not_lie_on_each_other() {
        let mut curve = curve(Vec::new());
        assert!(curve.minimum_words() < curve.y(&curve.minimum));
        curve.minimum = euro(950);
        assert!(curve.minimum_words() > curve.y(&curve.minimum));
    }

    #[test]
    fn an_empty_curve_still_draws() {
        let html = curve(Vec::new()).to_string();
        assert!(html.contains("M2 272V272z"), "{html}");
    }

    #[test]
    fn the_table_ends_with_the_last_day() {
        let days: Vec<_> = (0..30)
            .map(|n| CurveDay {
                day: date!(2026 - 11 - 01) + Duration::days(n),
                total: euro(n),
                backers: 1,
            })
            .collect();
        let curve = curve(days);
        let rows = curve.rows();
        assert!(rows.len() <= 10);
        assert_eq!(rows.last().unwrap().day, date!(2026 - 11 - 30));
    }
}
