//! Paying, and taking back what was paid.

use time::Date;

use super::{Account, AllocationError, Future, Line, Payment, Piece, Pieces, Taken};
use crate::loan::factor::half_even;

impl Account {
    /// Pays `amount` on a day; the number of the payment, for what may come back.
    ///
    /// # Errors
    /// [`AllocationError::Amount`], [`AllocationError::WrittenOff`].
    pub fn pay(&mut self, on: Date, amount: i64) -> Result<usize, AllocationError> {
        if amount <= 0 {
            return Err(AllocationError::Amount);
        }
        if self.written_off.total() > 0 {
            return Err(AllocationError::WrittenOff);
        }
        let mut payment = Payment {
            on,
            amount,
            credit: 0,
            taken: Vec::new(),
        };
        let mut left = amount;
        for line in 0..self.lines.len() {
            for piece in self.order.due {
                left -= self.take(&mut payment, line, piece, left, true);
            }
        }
        if left > 0 {
            left = self.ahead(&mut payment, left);
        }
        payment.credit = left;
        self.payments.push(payment);
        Ok(self.payments.len() - 1)
    }

    fn ahead(&mut self, payment: &mut Payment, mut left: i64) -> i64 {
        let coming = (0..self.lines.len()).filter(|&at| self.lines[at].due_on > payment.on);
        let mut coming: Vec<usize> = coming.collect();
        match self.order.future {
            Future::Next => {}
            Future::Last => coming.reverse(),
            Future::Reamortise => return self.share_out(payment, &coming, left),
            Future::Stand => return left,
        }
        for line in coming {
            for piece in self.order.ahead {
                left -= self.take(payment, line, piece, left, false);
            }
        }
        left
    }

    /// Equal parts to the rows to come, the last absorbs; what a row has no room for goes round again.
    fn share_out(&mut self, payment: &mut Payment, coming: &[usize], mut left: i64) -> i64 {
        loop {
            let open: Vec<usize> = coming
                .iter()
                .copied()
                .filter(|&line| self.lines[line].outstanding() > 0)
                .collect();
            let Ok(count) = i64::try_from(open.len()) else {
                return left;
            };
            if count == 0 || left == 0 {
                return left;
            }
            let each = half_even(i128::from(left), i128::from(count));
            let each = i64::try_from(each).unwrap_or(left);
            for (index, &line) in open.iter().enumerate() {
                let is_last = index + 1 == open.len();
                let mut part = if is_last { left } else { each.min(left) };
                for piece in self.order.ahead {
                    let taken = self.take(payment, line, piece, part, false);
                    part -= taken;
                    left -= taken;
                }
            }
        }
    }

    /// Takes up to `left` for one piece of a row: of what is due on the payment's day, or of what is not.
    fn take(&mut self, payment: &mut Payment, line: usize, piece: Piece, left: i64, due: bool) -> i64 {
        let row = &mut self.lines[line];
        let mut sum = 0;
        let own = row.owed.of(piece) - (row.paid.of(piece) - charged(row, piece));
        let is_due = row.due_on <= payment.on;
        if is_due == due {
            let amount = own.clamp(0, left.max(0));
            sum += amount;
            payment.note(Taken {
                line,
                charge: None,
                piece,
                amount,
            });
        }
        for index in 0..row.charges.len() {
            let charge = &mut row.charges[index];
            if charge.piece != piece || (charge.due_on <= payment.on) != due {
                continue;
            }
            let amount = (charge.amount - charge.paid).clamp(0, (left - sum).max(0));
            charge.paid += amount;
            sum += amount;
            payment.note(Taken {
                line,
                charge: Some(index),
                piece,
                amount,
            });
        }
        row.paid.add(piece, sum);
        if payment.on < row.due_on {
            row.in_advance += sum;
        } else if payment.on > row.due_on {
            row.late += sum;
        }
        if sum > 0 && row.outstanding() == 0 {
            row.paid_off_on = Some(payment.on);
        }
        sum
    }

    /// A payment comes back, all that is here of it: what it paid is open again.
    ///
    /// # Errors
    /// [`AllocationError::NoPayment`].
    pub fn returned(&mut self, payment: usize) -> Result<Pieces, AllocationError> {
        let found = self.payments.get_mut(payment).filter(|found| found.amount > 0);
        let found = found.ok_or(AllocationError::NoPayment)?;
        let amount = found.amount;
        self.take_back(payment, amount)
    }

    /// A part of what was paid comes back, from the latest payment on: credit first, then what was paid last.
    ///
    /// # Errors
    /// [`AllocationError::Amount`], [`AllocationError::TooMuch`].
    pub fn charged_back(&mut self, amount: i64) -> Result<Pieces, AllocationError> {
        if amount <= 0 {
            return Err(AllocationError::Amount);
        }
        if amount > self.payments.iter().map(|payment| payment.amount).sum() {
            return Err(AllocationError::TooMuch);
        }
        let (mut sum, mut left) = (Pieces::default(), amount);
        for payment in (0..self.payments.len()).rev() {
            let part = self.payments[payment].amount.min(left);
            if part > 0 {
                let back = self.take_back(payment, part)?;
                for &piece in Piece::ALL {
                    sum.add(piece, back.of(piece));
                }
                left -= part;
            }
        }
        Ok(sum)
    }

    fn take_back(&mut self, payment: usize, amount: i64) -> Result<Pieces, AllocationError> {
        let payment = self.payments.get_mut(payment).ok_or(AllocationError::NoPayment)?;
        payment.amount -= amount;
        let credit = payment.credit.min(amount);
        payment.credit -= credit;
        let (mut left, mut sum) = (amount - credit, Pieces::default());
        while left > 0 {
            let Some(taken) = payment.taken.last_mut() else {
                return Err(AllocationError::TooMuch);
            };
            let part = taken.amount.min(left);
            let row = &mut self.lines[taken.line];
            if let Some(index) = taken.charge {
                row.charges[index].paid -= part;
            }
            row.paid.add(taken.piece, -part);
            if payment.on < row.due_on {
                row.in_advance -= part;
            } else if payment.on > row.due_on {
                row.late -= part;
            }
            row.paid_off_on = None;
            sum.add(taken.piece, part);
            left -= part;
            taken.amount -= part;
            if taken.amount == 0 {
                payment.taken.pop();
            }
        }
        Ok(sum)
    }
}

/// What of a row's paid penalty or fee was for its charges.
fn charged(row: &Line, piece: Piece) -> i64 {
    row.charges
        .iter()
        .filter(|charge| charge.piece == piece)
        .map(|charge| charge.paid)
        .sum()
}

impl Payment {
    fn note(&mut self, taken: Taken) {
        if taken.amount > 0 {
            self.taken.push(taken);
        }
    }
}
