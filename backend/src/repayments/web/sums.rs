//! What a lender's loans come to, currency by currency.

use std::collections::BTreeMap;

use felag_domain::money::{Currency, Money};
use felag_frontend::Lang;
use felag_frontend::repayments::Table;

use crate::repayments::lender_store::Share;

/// The figures of [`Share::figures`], by their words.
const FIGURES: [&str; 9] = [
    "lender-out",
    "lender-back",
    "lender-interest",
    "lender-lost",
    "lender-waits",
    "lender-kept",
    "lender-given",
    "lender-lent-again",
    "lender-net",
];

/// Left out where all of them are nothing: most lenders keep nothing.
const RARE: [&str; 3] = ["lender-kept", "lender-given", "lender-lent-again"];

/// What was lent, came back, was lost and so on, in one currency.
type Sums = (Currency, [i64; 9]);

/// Facts where there is one currency, and a table where there are several.
pub(super) fn shown(lang: Lang, shares: &[Share]) -> (Vec<(String, String)>, Vec<Table>) {
    let all = sums(shares);
    let shown = of_interest(&all);
    match all.as_slice() {
        [one] => (facts_of(lang, &shown, one), Vec::new()),
        several => (Vec::new(), several_currencies(lang, &shown, several)),
    }
}

/// Currency by currency. What a lender's bank gave them back for good, they do not lend.
fn sums(shares: &[Share]) -> Vec<Sums> {
    let mut by_currency: BTreeMap<Currency, [i64; 9]> = BTreeMap::new();
    for share in shares.iter().filter(|share| !share.is_taken_over()) {
        let sums = by_currency.entry(share.lent.currency()).or_insert([0; 9]);
        for (sum, minor) in sums.iter_mut().zip(share.figures()) {
            *sum += minor;
        }
    }
    by_currency.into_iter().collect()
}

/// The words that are shown.
fn of_interest(all: &[Sums]) -> Vec<&'static str> {
    let is_shown = |(at, id): &(usize, &'static str)| {
        !RARE.contains(id)
            || all
                .iter()
                .any(|(_, sums)| sums.get(*at).is_some_and(|sum| *sum != 0))
    };
    let shown = FIGURES.into_iter().enumerate().filter(is_shown);
    shown.map(|(_, id)| id).collect()
}

fn facts_of(lang: Lang, shown: &[&'static str], (currency, sums): &Sums) -> Vec<(String, String)> {
    let money = |minor: &i64| lang.money(Money::from_minor(*minor, *currency));
    let each = FIGURES.into_iter().zip(sums).filter(|(id, _)| shown.contains(id));
    each.map(|(id, minor)| (lang.t(id).to_string(), money(minor)))
        .collect()
}

/// A row for each currency; nothing for somebody who has lent nothing.
fn several_currencies(lang: Lang, shown: &[&'static str], all: &[Sums]) -> Vec<Table> {
    let line = |one: &Sums| {
        let amounts = facts_of(lang, shown, one).into_iter().map(|(_, amount)| amount);
        let cells = std::iter::once(one.0.code().to_string()).chain(amounts);
        (None, cells.collect())
    };
    let table = Table {
        id: "sums".into(),
        title: lang.t("lender-sums").to_string(),
        heads: std::iter::once("basics-currency")
            .chain(shown.iter().copied())
            .map(|id| lang.t(id).to_string())
            .collect(),
        amounts_from: 1,
        rows: all.iter().map(line).collect(),
        empty: String::new(),
    };
    (!all.is_empty()).then_some(table).into_iter().collect()
}
