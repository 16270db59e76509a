//! The instalments of a new plan, worked out from all that is owed on the day it begins.

use felag_domain::loan::{Asked, DayCount, Grace, Kind, Period, Terms, TermsError};
use felag_domain::money::Money;
use felag_domain::rate::Rate;
use felag_domain::repaying::{self, Instalment};
use time::Date;

use crate::repayments::store::Running;

/// What stays of the contract in every plan.
#[derive(Debug, Clone, Copy)]
pub struct Contract {
    pub kind: Kind,
    pub period: Period,
    pub day_count: DayCount,
}

/// What the project proposes. Until the first day nothing is due: that is a holiday from payment.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    pub first_due_on: Date,
    pub instalments: u32,
}

/// A plan, and the day its interest begins.
#[derive(Debug, Clone)]
pub struct NewPlan {
    pub rows: Vec<Instalment>,
    pub begins_on: Date,
}

/// The plan if it begins on this day: the principal that is owed, on the terms of the contract. Interest, late interest
/// and fees that are owed already are due with its first instalment; no interest runs on them.
///
/// # Errors
/// When the wish makes no schedule.
pub fn new_plan(
    loan: &Running,
    contract: Contract,
    old: &[Instalment],
    wish: Wish,
    on: Date,
) -> Result<NewPlan, TermsError> {
    let owed = repaying::pay_off(old, loan.agreed(), on);
    // What was announced is owed with the interest of its whole period, so the new plan begins after it.
    let announced = old
        .iter()
        .filter(|row| row.is_due(on, loan.policy.notice()))
        .map(|row| row.due_on)
        .max();
    let begins_on = announced.map_or(on, |day| day.max(on));
    let rate_bp = u32::try_from(loan.rate_bp).unwrap_or(0);
    let is_free = rate_bp == 0 && contract.kind == Kind::EqualInstalments;
    let terms = Terms::new(Asked {
        principal: loan.money(owed.principal),
        rate: Rate::from_basis_points(rate_bp),
        count: wish.instalments,
        period: contract.period,
        kind: if is_free {
            Kind::InterestFree
        } else {
            contract.kind
        },
        grace: Grace::NONE,
        day_count: contract.day_count,
        paid_out_on: begins_on,
        first_due_on: Some(wish.first_due_on),
        fee: Money::zero(loan.currency),
    })?;
    let mut rows: Vec<Instalment> = (1..)
        .zip(terms.schedule().rows)
        .map(|(number, row)| Instalment::new(number, row.due_on, row.principal.minor(), row.interest.minor()))
        .collect();
    if let Some(first) = rows.first_mut() {
        first.owed.late = owed.late.saturating_add(owed.interest);
        first.owed.fee = owed.fee;
    }
    Ok(NewPlan { rows, begins_on })
}
