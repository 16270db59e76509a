//! A quote: what a loan would cost, from terms as somebody typed them. One function stands behind the command and the
//! page, so both refuse the same and show the same. No policy is asked: a quote compares, it offers nothing.

mod reading;

use rust_decimal::{Decimal, RoundingStrategy};
use time::Date;

use super::{Grace, Row, Terms, TermsError, apr::percent_told};
use crate::{
    money::Money,
    named::named,
    words::{FieldRefusal, Refusal},
};

/// The fields a quote is read from, in the order a form shows them. All are texts; those left empty have a usual value.
pub const FIELDS: [&str; 12] = [
    "principal",
    "currency",
    "rate",
    "count",
    "period",
    "kind",
    "grace_kind",
    "grace",
    "day_count",
    "paid_out_on",
    "first_due_on",
    "fees",
];

named! {
    /// What the first rows leave out.
    pub enum GraceKind {
        /// Nothing.
        None => "none",
        /// The principal.
        InterestOnly => "interest_only",
        /// Principal and interest; the interest falls due together in the row after them.
        Deferred => "deferred_interest",
    }
}

impl GraceKind {
    /// So many rows of it.
    #[must_use]
    pub const fn rows(self, count: u32) -> Grace {
        match self {
            Self::None => Grace::NONE,
            Self::InterestOnly => Grace::interest_only(count),
            Self::Deferred => Grace::deferred(count),
        }
    }

    /// What a grace is called.
    #[must_use]
    pub const fn of(grace: Grace) -> Self {
        match (grace.principal, grace.interest) {
            (0, 0) => Self::None,
            (_, 0) => Self::InterestOnly,
            _ => Self::Deferred,
        }
    }
}

/// Terms, and all that follows from them.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// What was asked for, checked.
    pub terms: Terms,
    /// Every instalment.
    pub rows: Vec<Row>,
    /// What the borrower gets: the principal less the fees.
    pub paid_out: Money,
    /// All interest.
    pub interest: Money,
    /// Interest and fees.
    pub cost: Money,
    /// All that is paid back.
    pub total: Money,
    /// By the equation of the EU, as a factor, unrounded. `None` where there is none: nothing is paid out, say.
    pub apr: Option<Decimal>,
    /// By Appendix J of the US, as a factor, unrounded.
    pub apr_us: Option<Decimal>,
}

impl Quote {
    /// The APR of the EU as it is told: in percent, one decimal, a half up.
    #[must_use]
    pub fn apr_told(&self) -> Option<Decimal> {
        self.apr.map(percent_told)
    }

    /// The APR of the US as it is told: in percent, two decimals. Half to even; Appendix J leaves it open.
    #[must_use]
    pub fn apr_us_told(&self) -> Option<Decimal> {
        let percent = self.apr_us?.checked_mul(Decimal::ONE_HUNDRED)?;
        let mut told = percent.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven);
        told.rescale(2);
        Some(told)
    }
}

/// What a loan costs, by the fields of [`FIELDS`] as they were typed. Without a day on which it is paid out, that is one
/// period before the first instalment; without that too, it is `today`.
///
/// # Errors
/// All that has to be put right, each beside its field.
pub fn quote<'a>(typed: impl Fn(&'static str) -> &'a str, today: Date) -> Result<Quote, Vec<FieldRefusal>> {
    let asked = reading::read(&typed, today)?;
    let beside = |refused: TermsError| {
        vec![FieldRefusal {
            field: field_of(refused),
            words: refused.words(),
        }]
    };
    let terms = Terms::new(asked).map_err(beside)?;
    let schedule = terms.schedule();
    let too_much = |_| beside(TermsError::Overflow);
    Ok(Quote {
        paid_out: asked.principal.checked_sub(asked.fee).map_err(too_much)?,
        cost: schedule.interest.checked_add(asked.fee).map_err(too_much)?,
        interest: schedule.interest,
        total: schedule.total,
        rows: schedule.rows,
        apr: terms.apr(),
        apr_us: terms.apr_us(),
        terms,
    })
}

/// The field that has to be put right.
const fn field_of(refused: TermsError) -> &'static str {
    match refused {
        TermsError::Principal => "principal",
        TermsError::Rate | TermsError::InterestFree | TermsError::Overflow => "rate",
        TermsError::Count | TermsError::TooLate => "count",
        TermsError::Grace => "grace",
        TermsError::FirstDue => "first_due_on",
        TermsError::Fee => "fees",
    }
}

#[cfg(test)]
mod tests;
