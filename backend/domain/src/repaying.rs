//! A loan that is paid back: what is due and when, what a payment is for, how it is split over the lenders, and what
//! a bank that takes it back undoes. Amounts are minor units of the loan's currency.
//!
//! The rules are those of the contract: past due, the oldest first, then what is due; inside an instalment late
//! interest, fee, interest, principal. What is paid beyond that reduces the principal on that day, without a penalty.
//!
//! The mathematics is that of [`crate::loan`], which published cases prove: what a payment pays of what is due
//! ([`crate::loan::allocation`]), the split over lenders ([`crate::loan::split_repayment`]), ages, buckets and late interest
//! ([`crate::loan::late`]). Three things are only here, on purpose, for the published cases know none of them:
//!
//! * An instalment is due for a payment from the day it is announced, some days ahead, because the project is asked to
//!   pay then; late it is only after its own day.
//! * What is paid ahead of time is a row of its own (see `early`): a bank may take it back, and then exactly that amount
//!   is open again, due at once and bearing late interest from the day it was paid, whatever became of the other rows.
//! * Rows are what the database keeps between payments, so a payment that comes back is mirrored from the parts that
//!   were stored with it ([`unpay`]), and never worked out again.

mod early;
mod expected;
mod keeping;
mod late;
mod split;
mod state;
mod vote;

pub use early::{accrued, pay_off};
pub use expected::{Expected, expected, parts_of};
pub use keeping::{GiftRefusal, Kept};
pub use late::{Bucket, DEFAULT_AFTER, days_late, late_interest};
pub use split::split;
pub use state::{RepaymentState, TransferState};
pub use vote::{ProposalState, Side, Tally, Vote, passes, quorum};

use time::{Date, Duration};

use crate::loan::allocation::{Account, Line, Order, Pieces};
use crate::loan::{Factor, Period};

/// Amounts by what they are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Parts {
    /// Interest for being late.
    pub late: i64,
    /// A fee of the contract.
    pub fee: i64,
    /// Interest.
    pub interest: i64,
    /// What was lent.
    pub principal: i64,
}

impl Parts {
    /// All of it together; `None` beyond what can be counted.
    #[must_use]
    pub fn total(self) -> Option<i64> {
        self.late
            .checked_add(self.fee)?
            .checked_add(self.interest)?
            .checked_add(self.principal)
    }

    /// Both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            late: self.late.saturating_add(other.late),
            fee: self.fee.saturating_add(other.fee),
            interest: self.interest.saturating_add(other.interest),
            principal: self.principal.saturating_add(other.principal),
        }
    }

    /// This without the other.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self {
            late: self.late.saturating_sub(other.late),
            fee: self.fee.saturating_sub(other.fee),
            interest: self.interest.saturating_sub(other.interest),
            principal: self.principal.saturating_sub(other.principal),
        }
    }

    /// Nothing at all.
    #[must_use]
    pub const fn is_nothing(self) -> bool {
        self.late == 0 && self.fee == 0 && self.interest == 0 && self.principal == 0
    }
}

impl From<Parts> for Pieces {
    fn from(parts: Parts) -> Self {
        Self {
            penalty: parts.late,
            fee: parts.fee,
            interest: parts.interest,
            principal: parts.principal,
        }
    }
}

impl From<Pieces> for Parts {
    fn from(pieces: Pieces) -> Self {
        Self {
            late: pieces.penalty,
            fee: pieces.fee,
            interest: pieces.interest,
            principal: pieces.principal,
        }
    }
}

/// One row of what a project owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instalment {
    /// From 1. Rows that payments ahead of time make come after those of the contract.
    pub number: i32,
    /// The day it is due.
    pub due_on: Date,
    /// What is owed in it.
    pub owed: Parts,
    /// What of that was paid.
    pub paid: Parts,
    /// Up to which day late interest is in [`Instalment::owed`].
    pub late_until: Date,
}

impl Instalment {
    /// As a schedule has it: nothing paid.
    #[must_use]
    pub const fn new(number: i32, due_on: Date, principal: i64, interest: i64) -> Self {
        Self {
            number,
            due_on,
            owed: Parts {
                late: 0,
                fee: 0,
                interest,
                principal,
            },
            paid: Parts {
                late: 0,
                fee: 0,
                interest: 0,
                principal: 0,
            },
            late_until: due_on,
        }
    }

    /// What of it is not paid.
    #[must_use]
    pub const fn open(&self) -> Parts {
        self.owed.minus(self.paid)
    }

    /// Whether nothing of it is open.
    #[must_use]
    pub const fn is_paid(&self) -> bool {
        self.open().is_nothing()
    }

    /// Whether its day is past and something is open.
    #[must_use]
    pub fn is_past_due(&self, today: Date) -> bool {
        self.due_on < today && !self.is_paid()
    }

    /// Whether a payment of this day is for it, when it is announced so long before.
    #[must_use]
    pub fn is_due(&self, today: Date, notice: Duration) -> bool {
        !self.is_paid() && self.due_on.saturating_sub(notice) <= today
    }
}

/// What is agreed about a loan, as far as paying it back goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreed {
    /// A year's interest in hundredths of a percent.
    pub rate_bp: i32,
    /// How often an instalment falls due.
    pub period: Period,
    /// The day it was paid out: the first interest counts from it.
    pub begun_on: Date,
    /// How long before its day an instalment is announced.
    pub notice: Duration,
}

/// What a payment did: for which rows, in all, and what nobody was owed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Payment {
    /// By the number of the row.
    pub rows: Vec<(i32, Parts)>,
    /// All rows together.
    pub total: Parts,
    /// More than was owed: it stands as a credit.
    pub beyond: i64,
}

/// What is due on `today`, late interest of that day included.
#[must_use]
pub fn due(rows: &[Instalment], agreed: Agreed, today: Date) -> Parts {
    let late = late_interest(rows, agreed.rate_bp, today);
    let open = rows
        .iter()
        .filter(|row| row.is_due(today, agreed.notice))
        .fold(Parts::default(), |sum, row| sum.plus(row.open()));
    open.plus(Parts {
        late: late.iter().sum(),
        ..Parts::default()
    })
}

/// Pays `amount` on `today`: the rows are changed, and what the payment was for is told.
pub fn pay(rows: &mut Vec<Instalment>, agreed: Agreed, today: Date, amount: i64) -> Payment {
    let late = late_interest(rows, agreed.rate_bp, today);
    for (row, late) in rows.iter_mut().zip(late) {
        if row.due_on < today {
            row.owed.late = row.owed.late.saturating_add(late);
            row.late_until = row.late_until.max(today);
        }
    }
    rows.sort_by_key(|row| (row.due_on, row.number));
    let mut payment = Payment::default();
    let mut left = pay_due(rows, agreed, today, amount, &mut payment);
    if left > 0 {
        let (early, beyond) = early::ahead(rows, agreed, today, left);
        payment.rows.extend(early);
        left = beyond;
    }
    payment.total = payment
        .rows
        .iter()
        .fold(Parts::default(), |sum, (_, parts)| sum.plus(*parts));
    payment.beyond = left;
    payment
}

/// Pays what is due by the rules of [`crate::loan::allocation`], to which an announced row is due today; what is left of
/// the amount.
fn pay_due(rows: &mut [Instalment], agreed: Agreed, today: Date, amount: i64, payment: &mut Payment) -> i64 {
    let mut due: Vec<&mut Instalment> = rows
        .iter_mut()
        .filter(|row| row.is_due(today, agreed.notice))
        .collect();
    let lines = due.iter().map(|row| Line {
        owed: row.owed.into(),
        paid: row.paid.into(),
        ..Line::new(row.due_on.min(today), 0, 0, Factor::ZERO)
    });
    let mut account = Account::new(lines.collect(), Order::CONTRACT);
    // An amount of nothing pays nothing.
    let Ok(number) = account.pay(today, amount) else {
        return 0;
    };
    for (row, line) in due.iter_mut().zip(&account.lines) {
        let taken = Parts::from(line.paid).minus(row.paid);
        if !taken.is_nothing() {
            row.paid = line.paid.into();
            payment.rows.push((row.number, taken));
        }
    }
    account.payments.get(number).map_or(0, |payment| payment.credit)
}

/// A payment came back, or `back` of it by row: exactly that is open again.
pub fn unpay(rows: &mut [Instalment], back: &[(i32, Parts)]) {
    for (number, parts) in back {
        if let Some(row) = rows.iter_mut().find(|row| row.number == *number) {
            row.paid = row.paid.minus(*parts);
        }
    }
}

/// Whether nothing is owed any more.
#[must_use]
pub fn is_over(rows: &[Instalment]) -> bool {
    rows.iter().all(Instalment::is_paid)
}

/// The first row with something open.
#[must_use]
pub fn next_open(rows: &[Instalment]) -> Option<&Instalment> {
    rows.iter()
        .filter(|row| !row.is_paid())
        .min_by_key(|row| (row.due_on, row.number))
}

#[cfg(test)]
mod tests;
