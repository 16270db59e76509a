//! What a campaign's page shows of slices above this one: functions that `wiring` gives, as for
//! [`crate::payments::Hears`].

use std::pin::Pin;

use felag_frontend::campaigns::BookLine;
use felag_frontend::expenses::Accounts;
use felag_frontend::loans::LoanBeside;

use super::store::Campaign;
use crate::ctx::Ctx;

/// Lines of a book, once they are read.
pub type Lines<'a> = Pin<Box<dyn Future<Output = anyhow::Result<Vec<BookLine>>> + Send + 'a>>;

/// What became of a budget, once it is read; nothing before anything was paid out.
pub type Budget<'a> = Pin<Box<dyn Future<Output = anyhow::Result<Option<Accounts>>> + Send + 'a>>;

/// Its loan, once it is read; nothing when it asks for none.
pub type Loan<'a> = Pin<Box<dyn Future<Output = anyhow::Result<Option<LoanBeside>>> + Send + 'a>>;

/// Who fills the parts of a campaign's page that are not the campaign's own.
#[derive(Debug, Clone, Copy)]
pub struct Shows {
    /// The latest lines of the campaign's book, so many at most, with the names people chose to show.
    pub book_lines: for<'a> fn(&'a Ctx, &'a Campaign, i64) -> Lines<'a>,
    /// What was collected, spent and left of each line of the budget.
    pub budget: for<'a> fn(&'a Ctx, &'a Campaign) -> Budget<'a>,
    /// The loan it asks for beside gifts.
    pub loan: for<'a> fn(&'a Ctx, &'a Campaign) -> Loan<'a>,
}
