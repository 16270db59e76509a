//! The rows of a loan: made once, shown to everybody before they sign, and paid.
//!
//! The instalment is worked out once from unrounded mathematics and rounded; interest is rounded row by row; the last
//! row takes all principal that is left, and so absorbs every cent.

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use time::Date;

use super::{Factor, Kind, Terms, power::power};
use crate::money::Money;

/// How principal is spread over the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amortisation {
    /// The same instalment each time, interest on the balance.
    EqualInstalments,
    /// The same principal each time, interest on the balance.
    EqualPrincipal,
    /// Interest on the first balance in every row.
    Flat,
    /// The principal with the last row.
    Bullet,
}

/// What the rows of a schedule are worked out from: plain numbers, one currency.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    /// What is owed at the start, in minor units.
    pub principal: i64,
    /// The interest of each period for each unit of the balance: as many as there are rows.
    pub factors: &'a [Factor],
    /// How principal is spread.
    pub amortisation: Amortisation,
    /// First rows without principal.
    pub principal_grace: u32,
    /// First rows without interest, which falls due with the row after them.
    pub interest_grace: u32,
    /// The instalment is a multiple of so many minor units; 1 where nothing is said.
    pub multiple: i64,
}

/// A row in minor units: principal, interest.
type Bare = (i64, i64);

/// One due row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// From 1.
    pub number: u32,
    /// When it falls due.
    pub due_on: Date,
    /// The part that pays the loan back.
    pub principal: Money,
    /// The part that is interest.
    pub interest: Money,
    /// What is owed after it.
    pub left: Money,
}

impl Row {
    /// What is to be paid.
    #[must_use]
    pub fn total(&self) -> Money {
        Money::from_minor(
            self.principal.minor().saturating_add(self.interest.minor()),
            self.principal.currency(),
        )
    }
}

/// All rows, and what they come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// In order.
    pub rows: Vec<Row>,
    /// What was lent.
    pub principal: Money,
    /// All interest.
    pub interest: Money,
    /// All that is paid back.
    pub total: Money,
}

impl Terms {
    /// The rows that follow from the terms.
    #[must_use]
    pub fn schedule(&self) -> Schedule {
        // That it can be counted was found out when the terms were checked.
        self.try_schedule().unwrap_or_else(|| {
            let nothing = Money::zero(self.asked().principal.currency());
            Schedule {
                rows: Vec::new(),
                principal: nothing,
                interest: nothing,
                total: nothing,
            }
        })
    }

    pub(super) fn try_schedule(&self) -> Option<Schedule> {
        let asked = self.asked();
        let plan = Plan {
            principal: asked.principal.minor(),
            factors: self.factors(),
            amortisation: match asked.kind {
                Kind::EqualInstalments | Kind::InterestFree => Amortisation::EqualInstalments,
                Kind::EqualPrincipal => Amortisation::EqualPrincipal,
                Kind::Flat => Amortisation::Flat,
                Kind::Bullet => Amortisation::Bullet,
            },
            principal_grace: asked.grace.principal,
            interest_grace: asked.grace.interest,
            multiple: 1,
        };
        let bare = rows(&plan)?;
        let currency = asked.principal.currency();
        let money = |minor| Money::from_minor(minor, currency);
        let mut left = asked.principal.minor();
        let mut interest_sum = 0_i64;
        let mut list = Vec::with_capacity(bare.len());
        for ((number, &due_on), (principal, interest)) in (1..).zip(self.due()).zip(bare) {
            left -= principal;
            interest_sum = interest_sum.checked_add(interest)?;
            list.push(Row {
                number,
                due_on,
                principal: money(principal),
                interest: money(interest),
                left: money(left),
            });
        }
        Some(Schedule {
            rows: list,
            principal: asked.principal,
            interest: money(interest_sum),
            total: money(asked.principal.minor().checked_add(interest_sum)?),
        })
    }
}

/// The rows of a plan: principal and interest in minor units. `None` if they cannot be counted.
#[must_use]
pub fn rows(plan: &Plan<'_>) -> Option<Vec<Bare>> {
    let count = plan.factors.len();
    let grace = usize::try_from(plan.principal_grace).ok()?;
    let paying = plan.factors.get(grace..)?;
    let instalment = match plan.amortisation {
        Amortisation::EqualInstalments => level_instalment(plan.principal, paying, plan.multiple)?,
        // Of principal alone; with interest added for a flat loan whose instalment is a multiple.
        Amortisation::EqualPrincipal | Amortisation::Flat => {
            let each = Decimal::from(plan.principal).checked_div(Decimal::from(paying.len()))?;
            match plan.multiple {
                1 => to_multiple(each, 1)?,
                multiple => {
                    let interest = paying.first()?.of(plan.principal)?;
                    to_multiple(each + Decimal::from(interest), multiple)? - interest
                }
            }
        }
        Amortisation::Bullet => 0,
    };
    let mut list = Vec::with_capacity(count);
    let (mut left, mut deferred) = (plan.principal, 0_i64);
    for (index, factor) in plan.factors.iter().enumerate() {
        let base = match plan.amortisation {
            Amortisation::Flat => plan.principal,
            Amortisation::EqualInstalments | Amortisation::EqualPrincipal | Amortisation::Bullet => left,
        };
        let accrued = factor.of(base)?;
        let is_last = index + 1 == count;
        let principal = if is_last {
            left
        } else if index < grace {
            0
        } else {
            match plan.amortisation {
                // An instalment below the interest of a long first period pays no principal.
                Amortisation::EqualInstalments => (instalment - accrued).clamp(0, left),
                Amortisation::EqualPrincipal | Amortisation::Flat => instalment.clamp(0, left),
                Amortisation::Bullet => 0,
            }
        };
        deferred = deferred.checked_add(accrued)?;
        let is_silent = u32::try_from(index).ok()? < plan.interest_grace && !is_last;
        let interest = if is_silent {
            0
        } else {
            std::mem::take(&mut deferred)
        };
        left -= principal;
        list.push((principal, interest));
    }
    Some(list)
}

/// The instalment that pays `principal` back in as many rows as there are factors, as a multiple of `multiple` minor
/// units: principal / Σ Π 1 / (1 + factor), worked out to 28 digits and rounded once, half to even.
#[must_use]
pub fn level_instalment(principal: i64, factors: &[Factor], multiple: i64) -> Option<i64> {
    let (first, rest) = factors.split_first()?;
    let one = Decimal::ONE;
    let is_even = rest.windows(2).all(|pair| pair[0] == pair[1]);
    let tail = match rest.first() {
        None => Decimal::ZERO,
        Some(each) if each.is_zero() && is_even => Decimal::from(rest.len()),
        Some(each) if is_even => {
            let rate = each.to_decimal();
            let growth = power(one + rate, u32::try_from(rest.len()).ok()?)?;
            (one - one.checked_div(growth)?).checked_div(rate)?
        }
        Some(_) => {
            let (mut sum, mut discount) = (Decimal::ZERO, one);
            for factor in rest {
                discount = discount.checked_div(one + factor.to_decimal())?;
                sum += discount;
            }
            sum
        }
    };
    let annuity = (one + tail).checked_div(one + first.to_decimal())?;
    to_multiple(Decimal::from(principal).checked_div(annuity)?, multiple)
}

fn to_multiple(exact: Decimal, multiple: i64) -> Option<i64> {
    let multiple = Decimal::from(multiple);
    let times = exact
        .checked_div(multiple)?
        .round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven);
    (times * multiple).to_i64()
}

/// How many payments of `payment` it takes until `principal` is paid back, and what the last one is. `None` if it
/// never is: the payment does not cover the interest.
#[must_use]
pub fn run_off(principal: i64, factor: Factor, payment: i64) -> Option<(u32, i64)> {
    let mut left = principal;
    for number in 1..=super::terms::MOST_INSTALMENTS * 4 {
        let owed = left.checked_add(factor.of(left)?)?;
        if owed <= payment {
            return Some((number, owed));
        }
        let after = owed - payment;
        if after >= left {
            return None;
        }
        left = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::super::{Asked, DayCount, Grace, Period, TermsError};
    use super::*;
    use crate::{money::Currency, rate::Rate};

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    fn asked(principal: i64, basis_points: u32, count: u32) -> Asked {
        Asked {
            principal: eur(principal),
            rate: Rate::from_basis_points(basis_points),
            count,
            period: Period::Monthly,
            kind: Kind::EqualInstalments,
            grace: Grace::NONE,
            day_count: DayCount::Thirty360,
            paid_out_on: date!(2027 - 01 - 31),
            first_due_on: None,
            fee: eur(0),
        }
    }

    fn bare(asked: Asked) -> Vec<(i64, i64)> {
        let schedule = Terms::new(asked).unwrap().schedule();
        let row = |row: &Row| (row.principal.minor(), row.interest.minor());
        schedule.rows.iter().map(row).collect()
    }

    #[test]
    fn the_last_instalment_absorbs_every_cent() {
        // 1000.00 at 12 % in three months: the instalment is 340.022…, and the last row pays what is left.
        let rows = bare(asked(100_000, 1_200, 3));
        assert_eq!(rows, [(33_002, 1_000), (33_332, 670), (33_666, 337)]);
        assert_eq!(33_666 + 337, 34_003, "a cent more than the others");
    }

    #[test]
    fn each_kind_pays_back_in_its_own_way() {
        let of = |kind| {
            bare(Asked {
                kind,
                ..asked(90_000, 1_200, 3)
            })
        };
        assert_eq!(
            of(Kind::EqualPrincipal),
            [(30_000, 900), (30_000, 600), (30_000, 300)]
        );
        assert_eq!(of(Kind::Flat), [(30_000, 900), (30_000, 900), (30_000, 900)]);
        assert_eq!(of(Kind::Bullet), [(0, 900), (0, 900), (90_000, 900)]);
        let free = Asked {
            kind: Kind::InterestFree,
            ..asked(100_000, 0, 3)
        };
        assert_eq!(bare(free), [(33_333, 0), (33_333, 0), (33_334, 0)]);
    }

    #[test]
    fn grace_asks_for_less_at_first() {
        let of = |grace| {
            bare(Asked {
                grace,
                kind: Kind::EqualPrincipal,
                ..asked(90_000, 1_200, 4)
            })
        };
        assert_eq!(
            of(Grace::interest_only(1)),
            [(0, 900), (30_000, 900), (30_000, 600), (30_000, 300)]
        );
        assert_eq!(
            of(Grace::deferred(2)),
            [(0, 0), (0, 0), (45_000, 2_700), (45_000, 450)]
        );
    }

    #[test]
    fn a_broken_first_period_bears_its_own_days() {
        // From 31 January to 15 March under 30/360: 45 days, 45/360 of 12 % on 1000.00 is 15.00.
        let asked = Asked {
            first_due_on: Some(date!(2027 - 03 - 15)),
            kind: Kind::Bullet,
            ..asked(100_000, 1_200, 2)
        };
        assert_eq!(bare(asked), [(0, 1_500), (100_000, 1_000)]);
    }

    #[test]
    fn terms_that_make_no_sense_are_refused() {
        let refused = |asked| Terms::new(asked).unwrap_err();
        let good = asked(100_000, 500, 12);
        assert_eq!(
            refused(Asked {
                principal: eur(0),
                ..good
            }),
            TermsError::Principal
        );
        assert_eq!(refused(Asked { count: 0, ..good }), TermsError::Count);
        assert_eq!(
            refused(Asked {
                grace: Grace::deferred(12),
                ..good
            }),
            TermsError::Grace
        );
        assert_eq!(
            refused(Asked {
                kind: Kind::InterestFree,
                ..good
            }),
            TermsError::InterestFree
        );
        let early = Some(date!(2027 - 01 - 31));
        assert_eq!(
            refused(Asked {
                first_due_on: early,
                ..good
            }),
            TermsError::FirstDue
        );
        assert_eq!(refused(Asked { fee: eur(-1), ..good }), TermsError::Fee);
    }

    #[test]
    fn a_payment_that_does_not_cover_the_interest_never_ends() {
        let month = Factor::new(1, 12).at(Rate::from_basis_points(1_200));
        assert_eq!(run_off(100_000, month, 1_000), None);
        assert_eq!(run_off(100_000, month, 101_000), Some((1, 101_000)));
    }

    fn any_asked() -> impl Strategy<Value = Asked> {
        let kind = prop::sample::select(Kind::ALL);
        let period = prop::sample::select(Period::ALL);
        let day_count = prop::sample::select(DayCount::ALL);
        (
            1_i64..50_000_000,
            0_u32..20_000,
            1_u32..120,
            kind,
            period,
            day_count,
            0_u32..6,
            0_u32..6,
            1_i64..100,
        )
            .prop_map(
                |(principal, rate, count, kind, period, day_count, grace, silent, first)| Asked {
                    rate: Rate::from_basis_points(if kind == Kind::InterestFree { 0 } else { rate }),
                    period,
                    kind,
                    grace: Grace {
                        principal: grace.min(count - 1),
                        interest: silent.min(count - 1),
                    },
                    day_count,
                    first_due_on: (first % 2 == 0)
                        .then(|| date!(2027 - 01 - 31) + time::Duration::days(first)),
                    ..asked(principal, rate, count)
                },
            )
    }

    proptest! {
        #[test]
        fn every_schedule_pays_back_exactly_what_was_lent(asked in any_asked()) {
            let schedule = Terms::new(asked).unwrap().schedule();
            let sum = |of: fn(&Row) -> i64| schedule.rows.iter().map(of).sum::<i64>();
            prop_assert_eq!(schedule.rows.len(), asked.count as usize);
            prop_assert_eq!(sum(|row| row.principal.minor()), asked.principal.minor());
            prop_assert_eq!(sum(|row| row.interest.minor()), schedule.interest.minor());
            prop_assert!(schedule.rows.iter().all(|row| row.principal.minor() >= 0 && row.interest.minor() >= 0));
            prop_assert!(schedule.rows.iter().all(|row| row.left.minor() >= 0));
            prop_assert!(schedule.rows.last().is_some_and(|row| row.left.is_zero()));
        }

        #[test]
        fn no_terms_panic(principal in any::<i64>(), rate in any::<u32>(), count in 0_u32..700, grace in any::<u32>()) {
            let asked = Asked { grace: Grace { principal: grace, interest: grace / 2 }, ..asked(principal, rate, count) };
            let _ = Terms::new(asked).map(|terms| terms.schedule());
        }
    }
}
