//! Who is told that money goes back, by what was paid with it: given by `wiring`, as in [`super::Hears`].

use std::pin::Pin;

use felag_domain::ids::{BookId, RefundId};
use felag_domain::ledger::AccountCode;
use felag_domain::money::Money;
use felag_domain::refund::RefundWhy;
use sqlx::PgConnection;

use super::Subject;
use crate::ctx::Ctx;

/// What of a payment counts as collected has changed by so many minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub of: Subject,
    pub minor: i64,
}

/// How far a refund is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Asked,
    Pending,
    Succeeded,
    Failed,
}

/// A refund that took a step.
#[derive(Debug, Clone)]
pub struct Return {
    pub of: Subject,
    pub id: RefundId,
    pub gift: Money,
    pub tip: Money,
    pub why: RefundWhy,
    /// What the person who asked for it wrote; may be empty.
    pub words: String,
    pub step: Step,
}

impl Return {
    /// Gift and tip.
    ///
    /// # Errors
    /// Never for parts of one payment.
    pub fn total(&self) -> anyhow::Result<Money> {
        Ok(self.gift.checked_add(self.tip)?)
    }
}

/// What a slice does with news of money that goes back.
pub type Done<'a> = Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send + 'a>>;

/// What the slice that was paid does when money goes back, in the transaction that books it.
#[derive(Clone, Copy)]
pub struct Returns {
    /// The figures follow.
    pub counted: for<'a> fn(&'a mut PgConnection, BookId, &'a [Counted]) -> Done<'a>,
    /// The people concerned are told.
    pub tell: for<'a> fn(&'a Ctx, &'a mut PgConnection, BookId, &'a [Return]) -> Done<'a>,
    /// What a bank does about it, where more follows from that than figures.
    pub bank: Option<Bank>,
}

/// What a bank took of a payment.
#[derive(Debug, Clone)]
pub struct Away {
    pub of: Subject,
    /// The dispute, by the provider's id.
    pub dispute: String,
    /// What of it the project owes now.
    pub owed: Money,
}

type OfBank = for<'a> fn(&'a Ctx, &'a mut PgConnection, &'a Away) -> Done<'a>;
/// See [`Bank::lands`].
pub type Landing<'a> = Pin<Box<dyn Future<Output = anyhow::Result<Vec<(AccountCode, Money)>>> + Send + 'a>>;

/// What the slice that was paid does when a bank asks for the money. Everything here may be called twice.
#[derive(Clone, Copy)]
pub struct Bank {
    /// The money was taken; nothing is decided yet.
    pub taken: OfBank,
    /// Decided against the project: that money will not come again.
    pub lost: OfBank,
    /// Decided for the project: the money is about to be booked back.
    pub won: OfBank,
    /// Where so much of it stands, which the project had made up for meanwhile.
    pub lands: for<'a> fn(&'a Ctx, &'a mut PgConnection, &'a Away, Money) -> Landing<'a>,
    /// It was booked; so much of it stands as pending.
    pub came: for<'a> fn(&'a Ctx, &'a mut PgConnection, &'a Away, Money) -> Done<'a>,
}
