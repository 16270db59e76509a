//! What a repayment pays: past due, the oldest first, then what is due, then the future by a rule that is data; inside
//! a row in an order that is data. The contract's default is penalty, fee, interest, principal (domain §5).
//!
//! Amounts are minor units of one currency. A payment keeps what it paid, piece by piece; what comes back mirrors
//! that, so paying, returning and paying again in any order leaves the same books.

mod paying;

use time::Date;

use super::Factor;
use crate::named::named;

named! {
    /// What an amount is owed for.
    pub enum Piece {
        /// For being late.
        Penalty => "penalty",
        /// A charge of the contract.
        Fee => "fee",
        /// Interest.
        Interest => "interest",
        /// What was lent.
        Principal => "principal",
    }
}

named! {
    /// Where money goes that is more than what is due.
    pub enum Future {
        /// To the row that falls due next.
        Next => "next",
        /// To the last row, and on towards the first.
        Last => "last",
        /// In equal parts to all rows to come; the last takes what is left over.
        Reamortise => "reamortise",
        /// To no row: it stands as a credit, for whoever asked to say what becomes of it.
        Stand => "stand",
    }
}

named! {
    /// How a loan stands.
    pub enum Standing {
        /// Something is owed.
        Active => "active",
        /// All is paid.
        Closed => "closed",
        /// More than all is paid: a credit stands.
        Overpaid => "overpaid",
        /// What was owed was given up.
        WrittenOff => "written_off",
    }
}

/// The rules of allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// Inside a row, for what is due.
    pub due: [Piece; 4],
    /// Inside a row, for what is not due yet.
    pub ahead: [Piece; 4],
    /// Which of the rows to come.
    pub future: Future,
}

impl Order {
    /// The contract's: penalty, fee, interest, principal. What is paid beyond what is due pays the running interest and
    /// reduces principal, with new rows to come: `repaying` does that, with the credit that stands here.
    pub const CONTRACT: Self = Self {
        due: [Piece::Penalty, Piece::Fee, Piece::Interest, Piece::Principal],
        ahead: [Piece::Penalty, Piece::Fee, Piece::Interest, Piece::Principal],
        future: Future::Stand,
    };
}

/// Amounts by what they are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Pieces {
    /// For being late.
    pub penalty: i64,
    /// Charges of the contract.
    pub fee: i64,
    /// Interest.
    pub interest: i64,
    /// What was lent.
    pub principal: i64,
}

impl Pieces {
    /// One of them.
    #[must_use]
    pub const fn of(&self, piece: Piece) -> i64 {
        match piece {
            Piece::Penalty => self.penalty,
            Piece::Fee => self.fee,
            Piece::Interest => self.interest,
            Piece::Principal => self.principal,
        }
    }

    /// All of it.
    #[must_use]
    pub const fn total(&self) -> i64 {
        self.penalty
            .saturating_add(self.fee)
            .saturating_add(self.interest)
            .saturating_add(self.principal)
    }

    pub(super) const fn add(&mut self, piece: Piece, amount: i64) {
        let at = match piece {
            Piece::Penalty => &mut self.penalty,
            Piece::Fee => &mut self.fee,
            Piece::Interest => &mut self.interest,
            Piece::Principal => &mut self.principal,
        };
        *at = at.saturating_add(amount);
    }
}

/// A penalty or fee: due from its own day, before which it is paid ahead of time with its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    /// Penalty or fee.
    pub piece: Piece,
    /// From which day it is due.
    pub due_on: Date,
    /// How much.
    pub amount: i64,
    /// What of it is paid.
    pub paid: i64,
}

/// A row of what is owed.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// When it falls due.
    pub due_on: Date,
    /// Interest and principal owed; charges stand beside it.
    pub owed: Pieces,
    /// What was paid of interest, principal and charges.
    pub paid: Pieces,
    /// Charges whose day lies in its period.
    pub charges: Vec<Charge>,
    /// What was paid before its day.
    pub in_advance: i64,
    /// What was paid after its day.
    pub late: i64,
    /// The day its last cent was paid.
    pub paid_off_on: Option<Date>,
    /// Interest of its period for each unit of the balance.
    pub factor: Factor,
}

impl Line {
    /// A row of a schedule.
    #[must_use]
    pub const fn new(due_on: Date, principal: i64, interest: i64, factor: Factor) -> Self {
        let none = Pieces {
            penalty: 0,
            fee: 0,
            interest: 0,
            principal: 0,
        };
        Self {
            due_on,
            owed: Pieces {
                interest,
                principal,
                ..none
            },
            paid: none,
            charges: Vec::new(),
            in_advance: 0,
            late: 0,
            paid_off_on: None,
            factor,
        }
    }

    /// All that is owed in it, charges included.
    #[must_use]
    pub fn due(&self) -> Pieces {
        let mut due = self.owed;
        for charge in &self.charges {
            due.add(charge.piece, charge.amount);
        }
        due
    }

    /// What of one piece is not paid.
    #[must_use]
    pub fn open(&self, piece: Piece) -> i64 {
        self.due().of(piece) - self.paid.of(piece)
    }

    /// What is not paid.
    #[must_use]
    pub fn outstanding(&self) -> i64 {
        self.due().total() - self.paid.total()
    }
}

/// What a payment paid of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Taken {
    line: usize,
    charge: Option<usize>,
    piece: Piece,
    amount: i64,
}

/// A payment, and where it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The day it came in.
    pub on: Date,
    /// How much is still here of it: less what came back.
    pub amount: i64,
    /// Beyond all that was owed.
    pub credit: i64,
    taken: Vec<Taken>,
}

impl Payment {
    /// What it paid, by what it was for.
    #[must_use]
    pub fn pieces(&self) -> Pieces {
        let mut sum = Pieces::default();
        for taken in &self.taken {
            sum.add(taken.piece, taken.amount);
        }
        sum
    }
}

/// What is owed of a loan, and what was paid.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Rows, in the order of their days.
    pub lines: Vec<Line>,
    /// The rules.
    pub order: Order,
    /// Payments, in the order they came.
    pub payments: Vec<Payment>,
    /// What was given up.
    pub written_off: Pieces,
    /// The level instalment, which stays after principal was reduced; none for other kinds.
    pub instalment: Option<i64>,
}

/// Why nothing was booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AllocationError {
    /// Zero or less.
    #[error("the amount must be above zero")]
    Amount,
    /// There is no such payment, or it came back already.
    #[error("there is no such payment to return")]
    NoPayment,
    /// More comes back than was paid.
    #[error("more comes back than was paid")]
    TooMuch,
    /// It was written off: what comes in is a recovery.
    #[error("the loan was written off")]
    WrittenOff,
    /// The sums or dates cannot be counted.
    #[error("the amounts or dates are too large")]
    TooLarge,
    /// No row to come.
    #[error("there is no instalment from that day on")]
    NothingToCome,
}

impl Account {
    /// A loan with these rows.
    #[must_use]
    pub fn new(mut lines: Vec<Line>, order: Order) -> Self {
        lines.sort_by_key(|line| line.due_on);
        Self {
            lines,
            order,
            payments: Vec::new(),
            written_off: Pieces::default(),
            instalment: None,
        }
    }

    /// All that is not paid and not given up.
    #[must_use]
    pub fn outstanding(&self) -> i64 {
        let open: i64 = self.lines.iter().map(Line::outstanding).sum();
        open - self.written_off.total()
    }

    /// More than was owed, and still here.
    #[must_use]
    pub fn credit(&self) -> i64 {
        self.payments.iter().map(|payment| payment.credit).sum()
    }

    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match (self.outstanding() > 0, self.credit() > 0) {
            (true, _) => Standing::Active,
            (false, _) if self.written_off.total() > 0 => Standing::WrittenOff,
            (false, true) => Standing::Overpaid,
            (false, false) => Standing::Closed,
        }
    }

    /// A penalty or fee, due from `due_on`: it belongs to the row in whose period that day lies; after the last row
    /// to a row of its own.
    pub fn charge(&mut self, piece: Piece, due_on: Date, amount: i64) {
        let charge = Charge {
            piece,
            due_on,
            amount: amount.max(0),
            paid: 0,
        };
        let at = self.lines.iter().position(|line| due_on <= line.due_on);
        let at = at.unwrap_or_else(|| {
            self.lines.push(Line::new(due_on, 0, 0, Factor::ZERO));
            self.lines.len() - 1
        });
        self.lines[at].charges.push(charge);
        self.lines[at].paid_off_on = None;
    }

    /// Gives up all that is owed; what it was, by piece. Nothing more is paid into it: what comes later is a recovery.
    pub fn write_off(&mut self) -> Pieces {
        for line in &self.lines {
            for &piece in Piece::ALL {
                let open = line.open(piece);
                self.written_off.add(piece, open);
            }
        }
        self.written_off
    }
}

#[cfg(test)]
mod tests;
