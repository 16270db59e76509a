//! The provider's balance beside the books: nothing yet, all fits, and something that does not.

use felag_domain::reconciliation::Difference;
use felag_frontend::Lang;
use felag_frontend::reconciliation::{DifferenceLine, ReconciliationPage, RunLine, RunShown, TotalLine};
use time::Duration;

use crate::people::{NOW, euro, signed_in};
use crate::{Shown, shown};

/// Every page.
pub fn pages() -> Vec<Shown> {
    let fits = vec![run(0)];
    let differs = vec![run(2), run(0)];
    vec![
        shown("reconciliation-none", of(Vec::new(), Vec::new(), true)),
        shown("reconciliation-fits", of(fits, Vec::new(), false)),
        shown("reconciliation-differs", of(differs, differences(), false)),
    ]
}

fn run(differences: i64) -> RunLine {
    RunLine {
        link: "/reconciliation?run=1".to_owned(),
        began_at: NOW,
        ended: true,
        trouble: String::new(),
        transactions: 412,
        entries: 411,
        differences,
        in_transit: 1,
    }
}

fn differences() -> Vec<DifferenceLine> {
    let line = |kind| DifferenceLine {
        kind,
        reference: "ch_3PqL0000000000000000000000".to_owned(),
        category: "charge".to_owned(),
        transaction: Some("txn_3PqL0000000000000000000000".to_owned()),
        at_provider: Some(euro(40)),
        in_books: None,
        entry: Some(("/campaigns/vindur/books/17".to_owned(), 17)),
        happened_at: NOW - Duration::DAY,
        first_at: NOW - Duration::HOUR,
        due_at: None,
    };
    vec![line(Difference::NoEntry), line(Difference::Amount)]
}

fn of(runs: Vec<RunLine>, differences: Vec<DifferenceLine>, late: bool) -> ReconciliationPage {
    let totals = vec![TotalLine {
        at_provider: euro(4_120),
        in_books: euro(4_080),
        apart: euro(40),
    }];
    let shown = runs.first().cloned().map(|run| RunShown {
        run,
        totals,
        in_transit: differences.iter().take(1).cloned().collect(),
        differences,
        more: None,
    });
    ReconciliationPage {
        page: signed_in(Lang::En.t("reconciliation-title")),
        late_since: late.then_some(NOW - Duration::days(3)),
        shown,
        runs,
    }
}
