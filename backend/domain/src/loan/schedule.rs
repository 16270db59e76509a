//! The rows of a loan: what falls due when, and what is outstanding after.
//!
//! The level instalment is fixed once, from unrounded maths; interest is rounded per row, half to
//! even; the last row takes the whole remaining principal and its interest (domain.md §5).

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};
use time::Date;

use super::{
    Conditions, DayCount, Kind, LoanError, Terms,
    days::{self, Part, half_even},
    powers::power,
};
use crate::{
    money::{Currency, Money},
    rate::Rate,
};

/// One due row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// From 1.
    pub number: u16,
    /// When it falls due.
    pub due: Date,
    /// Principal due.
    pub principal: Money,
    /// Interest due.
    pub interest: Money,
    /// Fee due.
    pub fee: Money,
    /// All of it.
    pub total: Money,
    /// Principal outstanding after it.
    pub outstanding: Money,
}

/// The rows together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// What was borrowed.
    pub principal: Money,
    /// All interest.
    pub interest: Money,
    /// All fees due with rows; the one at the start is not among them.
    pub fee: Money,
    /// All that falls due.
    pub total: Money,
}

/// All rows of a loan, in order, and their sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The rows.
    pub rows: Vec<Row>,
    /// Their sums.
    pub totals: Totals,
}

/// One period: when its row falls due, and which part of the balance its interest is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    /// When its row falls due.
    pub due: Date,
    /// Interest of the period as a part of the balance: rate times part of the year.
    pub interest: Part,
}

/// How the rows are shaped, whatever their dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// How principal and interest share the rows.
    pub kind: Kind,
    /// Rows at the start without principal.
    pub without_principal: u16,
    /// Rows at the start whose interest waits.
    pub interest_waits: u16,
    /// The level instalment is a multiple of so many minor units; 1 for cents.
    pub multiple: i64,
    /// A fixed instalment instead of the level one: after a prepayment it stays as it was.
    pub instalment: Option<i64>,
    /// Due with every row, in minor units.
    pub fee: i64,
}

/// The interest of a period as a part of the balance: `rate` times `part` of a year.
///
/// # Errors
/// [`LoanError::TooLarge`].
pub fn interest_part(rate: Rate, part: Part) -> Result<Part, LoanError> {
    let factor = rate.factor();
    let over = u128::try_from(factor.mantissa())
        .ok()
        .and_then(|mantissa| mantissa.checked_mul(part.over));
    let under = 10_u128
        .checked_pow(factor.scale())
        .and_then(|scale| scale.checked_mul(part.under));
    match (over, under) {
        (Some(over), Some(under)) => Ok(Part::new(over, under)),
        (None, _) | (_, None) => Err(LoanError::TooLarge),
    }
}

/// The whole schedule of a loan.
///
/// # Errors
/// [`LoanError::Dates`], [`LoanError::TooLarge`]: not for terms within the limits.
pub fn schedule(terms: &Terms) -> Result<Schedule, LoanError> {
    let conditions = terms.conditions();
    let spells = spells(terms)?;
    let shape = Shape {
        kind: conditions.kind,
        without_principal: conditions.grace.rows(),
        interest_waits: conditions.grace.deferred(),
        multiple: 1,
        instalment: None,
        fee: conditions.fee_each.minor(),
    };
    plan(conditions.principal, &spells, &shape)
}

/// The periods of a loan: under 30/360 a regular month is exactly 1/12, a broken first period its days over 360.
fn spells(terms: &Terms) -> Result<Vec<Spell>, LoanError> {
    let Conditions { closing, first_due, period, day_count, rate, count, .. } = *terms.conditions();
    let day = days::original_day(closing, first_due, period);
    let exact_months = match day_count {
        DayCount::Thirty360 => period.months(),
        DayCount::ThirtyE360
        | DayCount::Actual360
        | DayCount::Actual365
        | DayCount::Actual364
        | DayCount::ActualActual => None,
    };
    let regular = match exact_months {
        Some(months) => Some(interest_part(rate, Part::new(u128::from(months), 12))?),
        None => None,
    };
    let mut from = closing;
    let mut spells = Vec::with_capacity(usize::from(count));
    for index in 0..count {
        let due = days::due_date(first_due, index, period, day)?;
        let interest = match regular {
            Some(part) if index > 0 || terms.starts_regularly() => part,
            Some(_) | None => interest_part(rate, days::year_part(from, due, day_count))?,
        };
        spells.push(Spell { due, interest });
        from = due;
    }
    Ok(spells)
}

/// A schedule over any periods.
///
/// # Errors
/// [`LoanError::Count`] without periods, [`LoanError::Grace`], [`LoanError::Principal`] below zero,
/// [`LoanError::TooLarge`].
pub fn plan(principal: Money, spells: &[Spell], shape: &Shape) -> Result<Schedule, LoanError> {
    let count = u16::try_from(spells.len()).map_err(|_| LoanError::Count)?;
    if count == 0 {
        return Err(LoanError::Count);
    }
    if shape.without_principal >= count || shape.interest_waits >= count {
        return Err(LoanError::Grace);
    }
    if principal.is_negative() {
        return Err(LoanError::Principal);
    }
    let borrowed = principal.minor();
    let repaying = i64::from(count - shape.without_principal);
    let level = match (shape.kind, shape.instalment) {
        (Kind::EqualInstalments, Some(fixed)) => fixed,
        (Kind::EqualInstalments, None) => {
            let amortising = &spells[usize::from(shape.without_principal)..];
            level_instalment(borrowed, amortising, shape.multiple)?
        }
        (Kind::EqualPrincipal | Kind::Flat | Kind::Bullet | Kind::InterestFree, _) => 0,
    };
    let flat = match shape.kind {
        Kind::Flat => flat_total(borrowed, spells)?,
        Kind::EqualInstalments | Kind::EqualPrincipal | Kind::Bullet | Kind::InterestFree => 0,
    };
    let sums = Sums { borrowed, repaying, level, flat };
    rows(sums, spells, shape, principal.currency())
}

/// What the rows are made from, in minor units.
#[derive(Clone, Copy)]
struct Sums {
    borrowed: i64,
    repaying: i64,
    level: i64,
    flat: i64,
}

fn rows(sums: Sums, spells: &[Spell], shape: &Shape, currency: Currency) -> Result<Schedule, LoanError> {
    let money = |minor: i64| Money::from_minor(minor, currency);
    let (mut balance, mut waiting) = (sums.borrowed, 0_i64);
    let (mut all_interest, mut all_fees, mut charged) = (0_i64, 0_i64, 0_i64);
    let mut rows = Vec::with_capacity(spells.len());
    let mut number = 0_u16;
    for (index, spell) in spells.iter().enumerate() {
        number += 1;
        let last = index + 1 == spells.len();
        let accrued = match shape.kind {
            Kind::InterestFree => 0,
            Kind::Flat if last => (sums.flat - charged).max(0),
            Kind::Flat => spell.interest.of(sums.borrowed)?,
            Kind::EqualInstalments | Kind::EqualPrincipal | Kind::Bullet => spell.interest.of(balance)?,
        };
        charged = charged.checked_add(accrued).ok_or(LoanError::TooLarge)?;
        let principal = if last {
            balance
        } else if number <= shape.without_principal {
            0
        } else {
            row_principal(&sums, shape, accrued).clamp(0, balance)
        };
        waiting = waiting.checked_add(accrued).ok_or(LoanError::TooLarge)?;
        let interest = if number <= shape.interest_waits { 0 } else { std::mem::take(&mut waiting) };
        balance -= principal;
        let total = principal
            .checked_add(interest)
            .and_then(|sum| sum.checked_add(shape.fee))
            .ok_or(LoanError::TooLarge)?;
        all_interest = all_interest.checked_add(interest).ok_or(LoanError::TooLarge)?;
        all_fees = all_fees.checked_add(shape.fee).ok_or(LoanError::TooLarge)?;
        rows.push(Row {
            number,
            due: spell.due,
            principal: money(principal),
            interest: money(interest),
            fee: money(shape.fee),
            total: money(total),
            outstanding: money(balance),
        });
    }
    let total = sums
        .borrowed
        .checked_add(all_interest)
        .and_then(|sum| sum.checked_add(all_fees))
        .ok_or(LoanError::TooLarge)?;
    let totals = Totals {
        principal: money(sums.borrowed),
        interest: money(all_interest),
        fee: money(all_fees),
        total: money(total),
    };
    Ok(Schedule { rows, totals })
}

/// Principal of a row that is neither in grace nor the last, before it is held between nothing and the balance.
fn row_principal(sums: &Sums, shape: &Shape, interest: i64) -> i64 {
    let equal = |add: i64, multiple: i64| {
        let (multiple, repaying) = (multiple.max(1).unsigned_abs(), sums.repaying.max(1).unsigned_abs());
        let over = u128::from(sums.borrowed.unsigned_abs())
            + u128::from(add.unsigned_abs()) * u128::from(repaying);
        let under = u128::from(repaying) * u128::from(multiple);
        i64::try_from(half_even(over, under) * u128::from(multiple)).unwrap_or(i64::MAX)
    };
    match shape.kind {
        Kind::EqualInstalments => sums.level.saturating_sub(interest),
        Kind::EqualPrincipal | Kind::InterestFree => equal(0, 1),
        // The whole instalment is the multiple; in cents that is the same as a rounded principal.
        Kind::Flat => equal(interest, shape.multiple).saturating_sub(interest),
        Kind::Bullet => 0,
    }
}

/// Flat interest of the whole term, rounded once: the last row brings the rows to it.
fn flat_total(borrowed: i64, spells: &[Spell]) -> Result<i64, LoanError> {
    let same = spells.iter().all(|spell| spell.interest.under == spells[0].interest.under);
    if same {
        let over = spells
            .iter()
            .try_fold(0_u128, |sum, spell| sum.checked_add(spell.interest.over))
            .ok_or(LoanError::TooLarge)?;
        return Part::new(over, spells[0].interest.under).of(borrowed);
    }
    spells.iter().try_fold(0_i64, |sum, spell| {
        sum.checked_add(spell.interest.of(borrowed)?).ok_or(LoanError::TooLarge)
    })
}

/// The instalment, in minor units and rounded half to even to `multiple`, that repays `principal` over `spells`
/// exactly if nothing were rounded: P·r / (1 − (1+r)⁻ⁿ), or over unequal periods P / Σ Π 1/(1+r).
///
/// # Errors
/// [`LoanError::Count`], [`LoanError::TooLarge`].
pub fn level_instalment(principal: i64, spells: &[Spell], multiple: i64) -> Result<i64, LoanError> {
    let first = spells.first().ok_or(LoanError::Count)?;
    let count = u32::try_from(spells.len()).map_err(|_| LoanError::Count)?;
    let annuity = if spells.iter().all(|spell| spell.interest == first.interest) {
        let rate = decimal(first.interest)?;
        let discount = Decimal::ONE / (Decimal::ONE + rate);
        let present = Decimal::ONE - power(discount, count).unwrap_or(Decimal::ZERO);
        // A rate too small for 28 decimals is none.
        if rate.is_zero() || present.is_zero() {
            Decimal::from(count)
        } else {
            present / rate
        }
    } else {
        spells.iter().rev().try_fold(Decimal::ZERO, |annuity, spell| {
            Ok::<_, LoanError>((Decimal::ONE + annuity) / (Decimal::ONE + decimal(spell.interest)?))
        })?
    };
    let multiple = Decimal::from(multiple.max(1));
    Decimal::from(principal)
        .checked_div(annuity)
        .and_then(|exact| exact.checked_div(multiple))
        .map(|exact| exact.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven))
        .and_then(|whole| whole.checked_mul(multiple))
        .and_then(|whole| whole.to_i64())
        .ok_or(LoanError::TooLarge)
}

/// A part as a decimal.
fn decimal(part: Part) -> Result<Decimal, LoanError> {
    let read = |number: u128| i128::try_from(number).ok().and_then(|n| Decimal::try_from_i128_with_scale(n, 0).ok());
    read(part.over)
        .zip(read(part.under))
        .and_then(|(over, under)| over.checked_div(under))
        .ok_or(LoanError::TooLarge)
}
