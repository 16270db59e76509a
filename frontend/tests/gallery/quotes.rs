//! What a loan would cost: before, with a quote, and with something to put right.

use felag_domain::loan::quote::quote;
use felag_frontend::Lang;
use felag_frontend::form::Refused;
use felag_frontend::quotes::QuotePage;
use time::macros::date;

use crate::people::page;
use crate::{Shown, shown};

/// Every page.
pub fn pages() -> Vec<Shown> {
    vec![
        shown("quote", of(&|_| "")),
        shown("quote-result", of(&typed)),
        shown(
            "quote-refused",
            of(&|name| if name == "count" { "700" } else { typed(name) }),
        ),
    ]
}

fn typed(name: &str) -> &'static str {
    match name {
        "principal" => "25000",
        "rate" => "4.5",
        "count" => "36",
        "kind" => "flat",
        "grace_kind" => "interest_only",
        "grace" => "6",
        "fees" => "250",
        _ => "",
    }
}

fn of(typed: &dyn Fn(&str) -> &'static str) -> QuotePage {
    let frame = page(Lang::En.t("quote-title"));
    let was = |name: &str| typed(name).to_owned();
    if typed("principal").is_empty() {
        return QuotePage::new(frame, &was, &Refused::none(), None);
    }
    match quote(typed, date!(2026 - 11 - 23)) {
        Ok(made) => QuotePage::new(frame, &was, &Refused::none(), Some(made)),
        Err(refusals) => QuotePage::new(frame, &was, &Refused::new(Lang::En, &refusals), None),
    }
}
