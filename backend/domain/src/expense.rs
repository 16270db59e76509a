//! An expense: money that a project spent of what was paid out to it, against a line of its budget, with a voucher.
//!
//! Expenses never come to more than was paid out. One that was wrong is withdrawn with a reason, and stays in the list.

pub mod entries;

use time::{Date, format_description::BorrowedFormatItem, macros::format_description};

use crate::{
    amount,
    ids::BudgetLineId,
    money::{Currency, Money},
    named::named,
    text,
    words::{FieldRefusal, Refusal, Refusals, Words},
};

/// The most bytes a voucher may have, as it is sent.
pub const VOUCHER_MAX: usize = 10 * 1024 * 1024;
/// The most characters of an explanation.
pub const EXPLANATION_MAX: usize = 1000;

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

named! {
    /// What a voucher is, known by its content.
    pub enum VoucherKind {
        /// A document of pages.
        Pdf => "pdf",
        /// A photograph.
        Jpeg => "jpeg",
        /// A picture, such as one of a screen.
        Png => "png",
        /// A picture.
        Webp => "webp",
    }
}

impl VoucherKind {
    /// The kind of a file that begins with `bytes`: names and what a browser says of a file prove nothing.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => None,
        }
    }

    /// Its media type, as in `Content-Type`.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }
}

/// The fields of the form, as they were typed.
#[derive(Debug, Clone, Copy)]
pub struct TypedExpense<'a> {
    /// The id of a line of the budget.
    pub line: &'a str,
    /// An amount.
    pub amount: &'a str,
    /// A day.
    pub spent_on: &'a str,
    /// Who was paid.
    pub payee: &'a str,
    /// What for.
    pub purpose: &'a str,
    /// Whether the voucher holds personal data.
    pub is_closed: bool,
    /// Why it is not shown to everybody.
    pub closed_reason: &'a str,
}

/// An expense that may be entered, if its voucher may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExpense {
    /// The line of the budget it falls to.
    pub line: BudgetLineId,
    /// What was paid.
    pub amount: Money,
    /// When.
    pub spent_on: Date,
    /// Who was paid.
    pub payee: String,
    /// What for.
    pub purpose: String,
    /// Why the voucher is shown to members and stewards only; `None` when it is shown to everybody.
    pub closed: Option<String>,
}

/// Why an expense cannot be entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExpenseRefusal {
    /// Not a line of this budget.
    #[error("that is no line of the budget")]
    Line,
    /// Not a day.
    #[error("that is no day")]
    Day,
    /// A day that is not there yet.
    #[error("that day has not come")]
    Future,
    /// Nobody was named.
    #[error("an expense says who was paid, in at most 120 characters")]
    Payee,
    /// Nothing was said.
    #[error("an expense says what for, in 3 to 200 characters")]
    Purpose,
    /// A voucher is kept from the public without a reason.
    #[error("a voucher is shown unless there is a reason, in 5 to 300 characters")]
    ClosedReason,
    /// Nothing was paid out.
    #[error("nothing was paid out yet")]
    NothingPaidOut,
    /// More than is left of it.
    #[error("{left} is left of what was paid out")]
    MoreThanPaidOut {
        /// What was paid out and is not vouched for.
        left: Money,
    },
}

impl Refusal for ExpenseRefusal {
    fn words(&self) -> Words {
        match *self {
            Self::Line => Words::new("expense-refused-line"),
            Self::Day => Words::new("expense-refused-day"),
            Self::Future => Words::new("expense-refused-future"),
            Self::Payee => Words::new("expense-refused-payee"),
            Self::Purpose => Words::new("expense-refused-purpose"),
            Self::ClosedReason => Words::new("expense-refused-closed-reason"),
            Self::NothingPaidOut => Words::new("expense-refused-nothing-paid-out"),
            Self::MoreThanPaidOut { left } => Words::new("expense-refused-more").with("left", left),
        }
    }
}

impl NewExpense {
    /// The expense that was typed. `lines` are those of the budget; `today` is the day where the campaign is.
    ///
    /// # Errors
    /// Everything that has to be put right, beside its field.
    pub fn decide(
        typed: &TypedExpense<'_>,
        lines: &[BudgetLineId],
        currency: Currency,
        today: Date,
    ) -> Result<Self, Vec<FieldRefusal>> {
        let mut refusals = Refusals::new();
        let line = typed.line.parse().ok().filter(|line| lines.contains(line));
        let line = refusals.keep("line", line.ok_or(ExpenseRefusal::Line));
        let amount = refusals.keep("amount", amount::parse(typed.amount, currency));
        let day = Date::parse(typed.spent_on.trim(), DAY).map_err(|_| ExpenseRefusal::Day);
        let day = day.and_then(|day| (day <= today).then_some(day).ok_or(ExpenseRefusal::Future));
        let spent_on = refusals.keep("spent_on", day);
        let payee = text::line(typed.payee, 1, 120).map_err(|_| ExpenseRefusal::Payee);
        let payee = refusals.keep("payee", payee);
        let purpose = text::line(typed.purpose, 3, 200).map_err(|_| ExpenseRefusal::Purpose);
        let purpose = refusals.keep("purpose", purpose);
        let closed = typed.is_closed.then(|| text::line(typed.closed_reason, 5, 300));
        let closed = closed.transpose().map_err(|_| ExpenseRefusal::ClosedReason);
        let closed = refusals.keep("closed_reason", closed);
        match (line, amount, spent_on, payee, purpose, closed) {
            (Some(line), Some(amount), Some(spent_on), Some(payee), Some(purpose), Some(closed)) => {
                Ok(Self {
                    line,
                    amount,
                    spent_on,
                    payee,
                    purpose,
                    closed,
                })
            }
            _ => Err(refusals.into_vec()),
        }
    }
}

/// Whether `amount` may be entered, `paid_out` having reached the project and `spent` of it being vouched for.
///
/// # Errors
/// [`ExpenseRefusal::NothingPaidOut`], [`ExpenseRefusal::MoreThanPaidOut`].
pub fn may_spend(amount: Money, paid_out: Money, spent: Money) -> Result<(), ExpenseRefusal> {
    if !paid_out.is_positive() {
        return Err(ExpenseRefusal::NothingPaidOut);
    }
    let left = paid_out.minor().saturating_sub(spent.minor()).max(0);
    if amount.minor() > left {
        let left = Money::from_minor(left, paid_out.currency());
        return Err(ExpenseRefusal::MoreThanPaidOut { left });
    }
    Ok(())
}

/// How what was collected falls to the lines of a budget, given as what each asks for at minimum and at full plan: up
/// to the sum of the minimums by the minimums, up to the full plan by what the full plan adds, and what is beyond it by
/// the full plan. To the cent, by largest remainder. What is not above zero falls to nobody.
///
/// So a campaign that collected exactly its minimum gives each line exactly what it asked for at minimum.
#[must_use]
pub fn falls_to(lines: &[(Money, Money)], collected: Money) -> Vec<Money> {
    let currency = collected.currency();
    let mut falls = vec![Money::zero(currency); lines.len()];
    let weight = |money: i64| u64::try_from(money).unwrap_or(0);
    let least: Vec<u64> = lines.iter().map(|(least, _)| weight(least.minor())).collect();
    let full: Vec<u64> = lines.iter().map(|(_, full)| weight(full.minor())).collect();
    let more: Vec<u64> = full
        .iter()
        .zip(&least)
        .map(|(full, least)| full.saturating_sub(*least))
        .collect();
    let mut rest = collected.minor().max(0);
    for (weights, is_last) in [(&least, false), (&more, false), (&full, true)] {
        let most = weights.iter().fold(0_u64, |sum, one| sum.saturating_add(*one));
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let part = if is_last { rest } else { rest.min(most) };
        let Some(split) = Money::from_minor(part, currency).split(weights) else {
            continue;
        };
        rest -= part;
        for (sum, one) in falls.iter_mut().zip(split) {
            *sum = Money::from_minor(sum.minor().saturating_add(one.minor()), currency);
        }
    }
    falls
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;
    use uuid::Uuid;

    use super::*;

    const LINE: BudgetLineId = BudgetLineId::from_uuid(Uuid::from_u128(7));
    const TODAY: Date = date!(2027 - 03 - 01);

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    fn decide(
        change: impl FnOnce(&mut TypedExpense<'_>),
    ) -> Result<NewExpense, Vec<(&'static str, &'static str)>> {
        let line = LINE.to_string();
        let mut typed = TypedExpense {
            line: &line,
            amount: "12,50",
            spent_on: "2027-03-01",
            payee: " Timber  yard ",
            purpose: "Oak boards",
            is_closed: false,
            closed_reason: "",
        };
        change(&mut typed);
        NewExpense::decide(&typed, &[LINE], Currency::EUR, TODAY)
            .map_err(|refusals| refusals.iter().map(|one| (one.field, one.words.id)).collect())
    }

    #[test]
    fn what_is_typed_is_read() {
        let read = decide(|_| {}).unwrap();
        assert_eq!((read.line, read.amount, read.spent_on), (LINE, eur(1250), TODAY));
        assert_eq!((read.payee.as_str(), read.closed), ("Timber yard", None));
        let closed = decide(|typed| {
            typed.is_closed = true;
            typed.closed_reason = "A private address stands on it";
        });
        assert_eq!(
            closed.unwrap().closed.as_deref(),
            Some("A private address stands on it")
        );
    }

    #[test]
    fn what_has_to_be_put_right_stands_beside_its_field() {
        let refused = decide(|typed| {
            *typed = TypedExpense {
                line: "0192f0c1-2345-7000-8000-0000000000ff",
                amount: "0",
                spent_on: "1.3.2027",
                payee: "  ",
                purpose: "a",
                is_closed: true,
                closed_reason: "no",
            };
        });
        let refused = refused.unwrap_err();
        let fields: Vec<&str> = refused.iter().map(|(field, _)| *field).collect();
        assert_eq!(
            fields,
            ["line", "amount", "spent_on", "payee", "purpose", "closed_reason"]
        );
        let tomorrow = decide(|typed| typed.spent_on = "2027-03-02").unwrap_err();
        assert_eq!(tomorrow, [("spent_on", "expense-refused-future")]);
    }

    #[test]
    fn a_file_is_what_it_begins_with() {
        assert_eq!(VoucherKind::of(b"%PDF-1.7\n"), Some(VoucherKind::Pdf));
        assert_eq!(
            VoucherKind::of(&[0xff, 0xd8, 0xff, 0xe0]),
            Some(VoucherKind::Jpeg)
        );
        assert_eq!(VoucherKind::of(b"\x89PNG\r\n\x1a\n"), Some(VoucherKind::Png));
        assert_eq!(VoucherKind::of(b"RIFF\0\0\0\0WEBPVP8 "), Some(VoucherKind::Webp));
        for other in [
            &b""[..],
            b"GIF89a",
            b"PK\x03\x04",
            b"<svg",
            b"RIFF\0\0\0\0WAVE",
            b" %PDF-1.7",
        ] {
            assert_eq!(VoucherKind::of(other), None);
        }
    }

    #[test]
    fn no_more_is_spent_than_was_paid_out() {
        assert_eq!(may_spend(eur(500), eur(1000), eur(500)), Ok(()));
        let left = eur(500);
        let more = Err(ExpenseRefusal::MoreThanPaidOut { left });
        assert_eq!(may_spend(eur(501), eur(1000), eur(500)), more);
        assert_eq!(
            may_spend(eur(1), eur(0), eur(0)),
            Err(ExpenseRefusal::NothingPaidOut)
        );
        // What was paid out came back after it was spent.
        let nothing = Err(ExpenseRefusal::MoreThanPaidOut { left: eur(0) });
        assert_eq!(may_spend(eur(1), eur(400), eur(500)), nothing);
    }

    proptest! {
        #[test]
        fn what_was_collected_falls_to_the_lines_to_the_cent(
            lines in prop::collection::vec((0_i64..1_000_000, 1_i64..1_000_000), 1..12),
            collected in 0_i64..30_000_000,
        ) {
            let lines: Vec<_> = lines.into_iter().map(|(least, more)| (eur(least), eur(least + more))).collect();
            let falls = falls_to(&lines, eur(collected));
            prop_assert_eq!(falls.iter().map(|one| one.minor()).sum::<i64>(), collected);
            prop_assert!(falls.iter().all(|one| !one.is_negative()));
        }

        #[test]
        fn at_minimum_and_at_full_plan_each_line_has_what_it_asked_for(
            lines in prop::collection::vec((0_i64..1_000_000, 0_i64..1_000_000), 1..12),
        ) {
            let lines: Vec<_> = lines.into_iter().map(|(least, more)| (eur(least), eur(least + more))).collect();
            let least: Vec<_> = lines.iter().map(|(least, _)| *least).collect();
            let full: Vec<_> = lines.iter().map(|(_, full)| *full).collect();
            let sum = |all: &[Money]| eur(all.iter().map(|one| one.minor()).sum());
            prop_assert_eq!(falls_to(&lines, sum(&least)), least);
            prop_assert_eq!(falls_to(&lines, sum(&full)), full);
        }

        #[test]
        fn whatever_is_entered_and_withdrawn_never_exceeds_what_was_paid_out(
            paid_out in 0_i64..10_000,
            steps in prop::collection::vec((1_i64..4_000, any::<bool>()), 0..20),
        ) {
            let mut entered: Vec<i64> = Vec::new();
            for (amount, withdraws) in steps {
                let spent: i64 = entered.iter().sum();
                if withdraws {
                    entered.pop();
                } else if may_spend(eur(amount), eur(paid_out), eur(spent)).is_ok() {
                    entered.push(amount);
                }
                prop_assert!(entered.iter().sum::<i64>() <= paid_out);
            }
        }
    }
}
