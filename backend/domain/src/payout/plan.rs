//! When a campaign's money leaves: tranches planned before launch, each a part of it, on a day.

use time::{Duration, OffsetDateTime};

use super::TRANCHE_LATEST_DAYS;
use crate::{
    money::Money,
    named::named,
    words::{FieldRefusal, Refusal, Refusals, Words},
};

/// The most tranches a plan has.
pub const TRANCHES_MAX: usize = 6;

/// The fields of each line of the form: the part in percent, and its day.
pub const TRANCHE_FIELDS: [(&str, &str); TRANCHES_MAX] = [
    ("percent1", "days1"),
    ("percent2", "days2"),
    ("percent3", "days3"),
    ("percent4", "days4"),
    ("percent5", "days5"),
    ("percent6", "days6"),
];

named! {
    /// What a tranche waits for.
    pub enum Condition {
        /// A day, counted from the end of collection.
        Date => "date",
    }
}

/// One planned part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tranche {
    /// Of what was collected, in percent.
    pub percent: u8,
    /// How many days after collection ends it falls due.
    pub days: u16,
}

/// A line of the form, as it was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypedTranche<'a> {
    /// The part in percent.
    pub percent: &'a str,
    /// Days after collection ends.
    pub days: &'a str,
}

/// Tranches that together are everything, in the order of their days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan(Vec<Tranche>);

/// Why a plan cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PlanRefusal {
    /// No tranche at all.
    #[error("a plan has at least one part")]
    Empty,
    /// More than [`TRANCHES_MAX`].
    #[error("a plan has at most {0} parts")]
    TooMany(usize),
    /// Not a whole number from 1 to 100.
    #[error("a part is a whole number of percent")]
    Percent,
    /// Not a whole number of days.
    #[error("that is no number of days")]
    Days,
    /// Later than the policy allows.
    #[error("no part may wait longer than {0} days")]
    TooLate(u16),
    /// Not later than the part before it.
    #[error("each part falls due later than the one before")]
    Order,
    /// The parts are not everything.
    #[error("the parts add up to {0} percent")]
    Sum(u32),
}

impl Refusal for PlanRefusal {
    fn words(&self) -> Words {
        match *self {
            Self::Empty => Words::new("plan-empty"),
            Self::TooMany(most) => Words::new("plan-too-many").with("most", most),
            Self::Percent => Words::new("plan-percent"),
            Self::Days => Words::new("plan-days"),
            Self::TooLate(most) => Words::new("plan-too-late").with("most", most),
            Self::Order => Words::new("plan-order"),
            Self::Sum(sum) => Words::new("plan-sum").with("sum", sum),
        }
    }
}

impl Default for Plan {
    /// Everything, right after the collection window.
    fn default() -> Self {
        Self(vec![Tranche {
            percent: 100,
            days: 0,
        }])
    }
}

impl Plan {
    /// The plan of these tranches.
    ///
    /// # Errors
    /// [`PlanRefusal`]; the first that holds.
    pub fn new(tranches: Vec<Tranche>) -> Result<Self, PlanRefusal> {
        if tranches.is_empty() {
            return Err(PlanRefusal::Empty);
        }
        if tranches.len() > TRANCHES_MAX {
            return Err(PlanRefusal::TooMany(TRANCHES_MAX));
        }
        if tranches.iter().any(|one| !(1..=100).contains(&one.percent)) {
            return Err(PlanRefusal::Percent);
        }
        if tranches.iter().any(|one| one.days > TRANCHE_LATEST_DAYS) {
            return Err(PlanRefusal::TooLate(TRANCHE_LATEST_DAYS));
        }
        if !tranches.is_sorted_by(|one, next| one.days < next.days) {
            return Err(PlanRefusal::Order);
        }
        match tranches.iter().map(|one| u32::from(one.percent)).sum() {
            100 => Ok(Self(tranches)),
            sum => Err(PlanRefusal::Sum(sum)),
        }
    }

    /// The plan that was typed; lines with nothing in them are left out.
    ///
    /// # Errors
    /// What cannot be read and what does not fit, beside the fields `percent` and `days` with the line's number.
    pub fn decide(typed: &[TypedTranche<'_>]) -> Result<Self, Vec<FieldRefusal>> {
        let mut refusals = Refusals::new();
        let mut tranches = Vec::new();
        for (line, (percent_field, days_field)) in typed.iter().zip(TRANCHE_FIELDS) {
            if line.percent.trim().is_empty() && line.days.trim().is_empty() {
                continue;
            }
            let percent = number(line.percent.trim().trim_end_matches('%').trim_end());
            let percent = percent.and_then(|number| u8::try_from(number).ok());
            let percent = percent.filter(|percent| (1..=100).contains(percent));
            let percent = refusals.keep(percent_field, percent.ok_or(PlanRefusal::Percent));
            let days = number(line.days.trim()).ok_or(PlanRefusal::Days);
            let days = days.and_then(|days| match u16::try_from(days) {
                Ok(days) if days <= TRANCHE_LATEST_DAYS => Ok(days),
                _ => Err(PlanRefusal::TooLate(TRANCHE_LATEST_DAYS)),
            });
            let days = refusals.keep(days_field, days);
            tranches.extend(percent.zip(days).map(|(percent, days)| Tranche { percent, days }));
        }
        if !refusals.is_empty() {
            return Err(refusals.into_vec());
        }
        match Self::new(tranches) {
            Ok(plan) => Ok(plan),
            Err(refusal) => {
                refusals.note("", &refusal);
                Err(refusals.into_vec())
            }
        }
    }

    /// The tranches, in the order of their days.
    #[must_use]
    pub fn tranches(&self) -> &[Tranche] {
        &self.0
    }

    /// When a tranche falls due, collection having ended at `ended`.
    #[must_use]
    pub fn due_at(tranche: Tranche, ended: OffsetDateTime) -> OffsetDateTime {
        ended + Duration::days(i64::from(tranche.days))
    }

    /// How `total` is divided over the tranches: to the cent, by largest remainder.
    #[must_use]
    pub fn parts(&self, total: Money) -> Vec<Money> {
        let weights: Vec<u64> = self.0.iter().map(|one| u64::from(one.percent)).collect();
        // A plan has a part above zero, so there is always a split.
        total.split(&weights).unwrap_or_default()
    }

    /// What may leave at `now`: the parts of `held` and `taken` together that are due, less what was `taken` for
    /// earlier payouts; never below zero, never more than is held.
    #[must_use]
    pub fn released(&self, held: Money, taken: Money, ended: OffsetDateTime, now: OffsetDateTime) -> Money {
        let zero = Money::zero(held.currency());
        let Ok(total) = held.checked_add(taken) else {
            return zero;
        };
        let due = self.0.iter().zip(self.parts(total));
        let due = due.filter(|(tranche, _)| Self::due_at(**tranche, ended) <= now);
        let due = due.map(|(_, part)| part.minor()).fold(0, i64::saturating_add);
        let free = due.saturating_sub(taken.minor()).clamp(0, held.minor().max(0));
        Money::from_minor(free, held.currency())
    }
}

fn number(typed: &str) -> Option<u32> {
    let is_plain = !typed.is_empty() && typed.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| typed.parse().unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;
    use crate::money::{Currency, sum};

    const ENDED: OffsetDateTime = datetime!(2027-03-01 12:00 UTC);

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    fn plan(tranches: &[(u8, u16)]) -> Result<Plan, PlanRefusal> {
        Plan::new(
            tranches
                .iter()
                .map(|&(percent, days)| Tranche { percent, days })
                .collect(),
        )
    }

    fn typed(lines: &[(&str, &str)]) -> Result<Plan, Vec<(&'static str, &'static str)>> {
        let lines: Vec<_> = lines
            .iter()
            .map(|(percent, days)| TypedTranche { percent, days })
            .collect();
        Plan::decide(&lines).map_err(|refusals| {
            refusals
                .into_iter()
                .map(|refusal| (refusal.field, refusal.words.id))
                .collect()
        })
    }

    #[test]
    fn a_plan_is_everything_in_order_and_in_time() {
        assert!(plan(&[(60, 0), (40, 80)]).is_ok());
        assert_eq!(plan(&[]), Err(PlanRefusal::Empty));
        assert_eq!(plan(&[(60, 0), (40, 81)]), Err(PlanRefusal::TooLate(80)));
        assert_eq!(plan(&[(60, 10), (40, 10)]), Err(PlanRefusal::Order));
        assert_eq!(plan(&[(60, 0), (30, 10)]), Err(PlanRefusal::Sum(90)));
        assert_eq!(plan(&[(0, 0), (100, 10)]), Err(PlanRefusal::Percent));
        let seven: Vec<(u8, u16)> = (0..7).map(|nth| (10, nth)).collect();
        assert_eq!(plan(&seven), Err(PlanRefusal::TooMany(6)));
    }

    #[test]
    fn what_is_typed_is_read_or_refused_beside_its_field() {
        let read = typed(&[("60 %", "0"), ("", ""), ("40", "30")]);
        assert_eq!(read, Ok(plan(&[(60, 0), (40, 30)]).unwrap()));
        let wrong = typed(&[("60.5", "0"), ("-1", "0x1"), ("40", "90"), ("101", "99999999999")]);
        let expected = [
            ("percent1", "plan-percent"),
            ("percent2", "plan-percent"),
            ("days2", "plan-days"),
            ("days3", "plan-too-late"),
            ("percent4", "plan-percent"),
            ("days4", "plan-too-late"),
        ];
        assert_eq!(wrong.unwrap_err(), expected);
        assert_eq!(typed(&[("", "")]).unwrap_err(), [("", "plan-empty")]);
        assert_eq!(typed(&[("50", "0")]).unwrap_err(), [("", "plan-sum")]);
    }

    #[test]
    fn parts_leave_on_their_days() {
        let plan = plan(&[(33, 0), (67, 30)]).unwrap();
        let after = |days| ENDED + Duration::days(days);
        let released = |held, taken, now| plan.released(eur(held), eur(taken), ENDED, now).minor();
        assert_eq!(released(1000, 0, ENDED - Duration::SECOND), 0);
        assert_eq!(released(1000, 0, ENDED), 330);
        assert_eq!(released(670, 330, after(29)), 0);
        assert_eq!(released(670, 330, after(30)), 670);
        // A refund between the two makes the rest smaller, never less than nothing.
        assert_eq!(released(570, 330, after(30)), 570);
        assert_eq!(released(100, 330, after(29)), 0);
    }

    proptest! {
        #[test]
        fn whatever_is_planned_everything_leaves_and_never_more_than_is_held(
            total in 0_i64..1_000_000_000,
            cuts in prop::collection::btree_set(1_u8..100, 0..5),
            gaps in prop::collection::vec(1_u16..14, 6),
            refunded in 0_i64..1_000_000_000,
        ) {
            let mut edges: Vec<u8> = std::iter::once(0).chain(cuts).collect();
            edges.push(100);
            let mut days = 0;
            let tranches: Vec<_> = edges.windows(2).zip(gaps).map(|(edge, gap)| {
                days += gap;
                Tranche { percent: edge[1] - edge[0], days }
            }).collect();
            let plan = Plan::new(tranches).unwrap();
            prop_assert_eq!(sum(plan.parts(eur(total)), Currency::EUR), Ok(eur(total)));
            let (mut held, mut taken) = (total, 0);
            for (nth, tranche) in plan.tranches().iter().enumerate() {
                if nth == 1 {
                    held -= refunded.min(held);
                }
                let free = plan.released(eur(held), eur(taken), ENDED, Plan::due_at(*tranche, ENDED)).minor();
                prop_assert!((0..=held).contains(&free));
                (held, taken) = (held - free, taken + free);
            }
            prop_assert_eq!(held, 0, "after the last day nothing is left");
        }
    }
}
