//! The provider's balance beside the books, for stewards.

use askama::Template;
use felag_domain::money::Money;
use felag_domain::reconciliation::Difference;
use time::OffsetDateTime;

use crate::page::Page;
use crate::words::Lang;

/// `GET /reconciliation?run=&after=`
#[derive(Debug, Template)]
#[template(path = "reconciliation/reconciliation.html")]
pub struct ReconciliationPage {
    pub page: Page,
    /// Since when nothing was compared, when that is too long ago.
    pub late_since: Option<OffsetDateTime>,
    /// The run that is shown; none before the first.
    pub shown: Option<RunShown>,
    /// The newest runs.
    pub runs: Vec<RunLine>,
}

/// What one run found.
#[derive(Debug, Clone)]
pub struct RunShown {
    pub run: RunLine,
    pub totals: Vec<TotalLine>,
    /// The oldest first.
    pub differences: Vec<DifferenceLine>,
    pub in_transit: Vec<DifferenceLine>,
    /// Where the page goes on.
    pub more: Option<String>,
}

/// One run.
#[derive(Debug, Clone)]
pub struct RunLine {
    pub link: String,
    pub began_at: OffsetDateTime,
    pub ended: bool,
    /// Why it broke off; empty otherwise.
    pub trouble: String,
    pub transactions: i64,
    pub entries: i64,
    pub differences: i64,
    pub in_transit: i64,
}

/// What both sides add up to in one currency.
#[derive(Debug, Clone)]
pub struct TotalLine {
    pub at_provider: Money,
    pub in_books: Money,
    /// The first less the second.
    pub apart: Money,
}

/// One thing that does not fit, or is on its way.
#[derive(Debug, Clone)]
pub struct DifferenceLine {
    pub kind: Difference,
    /// The provider's name of what it is about, and how its reports name what happened.
    pub reference: String,
    pub category: String,
    pub transaction: Option<String>,
    pub at_provider: Option<Money>,
    pub in_books: Option<Money>,
    /// Where the entry stands: its address, if it is in an open book, and its number.
    pub entry: Option<(String, i64)>,
    pub happened_at: OffsetDateTime,
    pub first_at: OffsetDateTime,
    pub due_at: Option<OffsetDateTime>,
}

impl RunLine {
    fn mark(&self) -> &'static str {
        match (self.ended, self.trouble.is_empty(), self.differences) {
            (true, _, 0) => "done",
            (false, true, _) => "next",
            _ => "late",
        }
    }

    fn word(&self, lang: &Lang) -> String {
        match (self.ended, self.trouble.is_empty()) {
            (true, _) if self.differences == 0 => lang.t("reconciliation-fits").to_owned(),
            (true, _) => lang.t1("reconciliation-differs", "count", self.differences),
            (false, true) => lang.t("reconciliation-running").to_owned(),
            (false, false) => lang.t("reconciliation-broke-off").to_owned(),
        }
    }
}

impl DifferenceLine {
    fn what(&self, lang: &Lang) -> &'static str {
        lang.t(difference_word(self.kind))
    }

    fn todo(&self, lang: &Lang) -> &'static str {
        match self.kind {
            Difference::NoEntry => lang.t("difference-todo-no-entry"),
            Difference::NoTransaction => lang.t("difference-todo-no-transaction"),
            Difference::Amount | Difference::Currency => lang.t("difference-todo-amount"),
            Difference::Twice => lang.t("difference-todo-twice"),
            Difference::Unreadable => lang.t("difference-todo-unreadable"),
        }
    }

    /// Whole days since it was first seen.
    fn age(&self, page: &Page) -> String {
        let days = (page.now - self.first_at).whole_days().max(0);
        page.t1("difference-age", "days", days)
    }
}

/// The message that says what does not fit.
pub fn difference_word(kind: Difference) -> &'static str {
    match kind {
        Difference::NoEntry => "difference-no-entry",
        Difference::NoTransaction => "difference-no-transaction",
        Difference::Amount => "difference-amount",
        Difference::Currency => "difference-currency",
        Difference::Twice => "difference-twice",
        Difference::Unreadable => "difference-unreadable",
    }
}
