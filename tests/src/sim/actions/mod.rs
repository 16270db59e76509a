//! What can happen in a step: one file a kind. A new kind is a file with a list `ACTIONS`, and a line in [`all`].

pub mod change;
pub mod clock;
pub mod dispute;
pub mod ending;
pub mod give;
pub mod hosted;
pub mod lend;
pub mod payout;
pub mod present;
pub mod provider;
pub mod refund;
pub mod repay;
pub mod support;
pub mod work;

use futures::future::LocalBoxFuture;

use super::plan::Trouble;
use super::run::Sim;

/// What the campaigns are at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Any,
    /// One takes gifts.
    Open,
    /// One is past its deadline, and money may still move.
    Collecting,
    /// One has what it needed, and pays it out.
    PayingOut,
    /// One may be lent to.
    Lending,
    /// A loan waits for the project's signature.
    Signing,
    /// A loan waits for its payout.
    LoanWaits,
    /// A loan is being paid back, or should be.
    Repaying,
}

/// Something that may happen.
pub struct Action {
    pub name: &'static str,
    /// How likely beside the others.
    pub weight: u32,
    /// When it is likely at all.
    pub phase: Phase,
    /// It may happen in every seed, whatever else is left out.
    pub always: bool,
    /// Only in seeds with this kind of trouble.
    pub trouble: Option<Trouble>,
    /// Does it, with the dice of this step. Says what it did.
    pub run: for<'a> fn(&'a mut Sim) -> LocalBoxFuture<'a, anyhow::Result<String>>,
}

/// Every action there is.
pub fn all() -> impl Iterator<Item = &'static Action> {
    [
        give::ACTIONS,
        change::ACTIONS,
        present::ACTIONS,
        work::ACTIONS,
        clock::ACTIONS,
        provider::ACTIONS,
        ending::ACTIONS,
        refund::ACTIONS,
        dispute::ACTIONS,
        payout::ACTIONS,
        lend::ACTIONS,
        repay::ACTIONS,
        support::ACTIONS,
    ]
    .into_iter()
    .flatten()
}

/// What an action says when there is nothing it could act on.
pub fn nothing() -> anyhow::Result<String> {
    Ok("nothing to act on".into())
}
