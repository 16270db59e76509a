//! Open books: a campaign's, the platform's, one entry, the check, heads.

use felag_domain::words::{FieldRefusal, Words};
use felag_frontend::Lang;
use felag_frontend::books::{
    BooksPage, ChangedLine, CheckPage, Checked, EntryPage, FilterForm, HeadLine, HeadsPage, MovementLine,
    Standing,
};
use felag_frontend::campaigns::{AccountLine, BookLine, Figures};
use felag_frontend::form::{self, Refused};
use felag_frontend::wizard::Link;
use time::macros::date;

use crate::campaigns::book;
use crate::people::{NOW, cents, euro, page};
use crate::{Shown, shown};

const HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

pub fn pages() -> Vec<Shown> {
    let filtered = BooksPage {
        is_filtered: true,
        lines: Vec::new(),
        filter: filter(["refund", "2026-12-01", "2026-12-02"], &Refused::none()),
        ..campaign()
    };
    let platform = BooksPage {
        path: "/books".to_owned(),
        above: vec![Link::new("/", "Felag")],
        standing: None,
        all_files: files("/books", ""),
        ..campaign()
    };
    let empty = BooksPage {
        path: "/books".to_owned(),
        standing: None,
        entries: 0,
        lines: Vec::new(),
        ..campaign()
    };
    let results = [
        ("books-check", None),
        (
            "books-check-so",
            Some(Checked::So {
                first: 1,
                last: 1_000,
            }),
        ),
        (
            "books-check-end",
            Some(Checked::ToTheEnd {
                first: 1_001,
                last: 1_487,
                hash: HASH.to_owned(),
            }),
        ),
        ("books-check-wrong", Some(Checked::Wrong { number: 1_205 })),
    ];
    let mut pages = vec![
        shown("books", campaign()),
        shown("books-filtered", filtered),
        shown("books-refused", refused()),
        shown("books-platform", platform),
        shown("books-empty", empty),
        shown("books-entry", entry()),
        shown("books-heads", heads()),
    ];
    pages.extend(results.map(|(name, result)| shown(name, check(result))));
    pages
}

fn files(path: &str, query: &str) -> Vec<Link> {
    ["beancount", "journal", "csv", "json"]
        .map(|ending| Link::new(format!("{path}.{ending}{query}"), ending))
        .to_vec()
}

fn above() -> Vec<Link> {
    vec![Link::new("/campaigns/vindur", "Vindur")]
}

fn filter(typed: [&str; 3], refused: &Refused) -> FilterForm {
    let kinds = [
        ("card_saved", "Gift promised"),
        ("charge", "Gift collected"),
        ("refund", "Paid back"),
    ];
    FilterForm::new(Lang::En, &kinds, typed, refused)
}

fn account(name: &'static str, minor: i64) -> AccountLine {
    AccountLine {
        name: Lang::En.t(name).to_owned(),
        balance: cents(minor),
    }
}

fn campaign() -> BooksPage {
    let lines = book().into_iter().map(|line| BookLine {
        hash: HASH[..12].to_owned(),
        after: vec![
            account("account-provider", 1_930_125),
            account("account-held", 1_895_900),
        ],
        ..line
    });
    BooksPage {
        page: page("Open books"),
        path: "/campaigns/vindur/books".to_owned(),
        above: above(),
        standing: Some(Standing {
            figures: Figures {
                promised: euro(19_260),
                collected: euro(18_459),
                at_risk: euro(520),
                lost: euro(281),
            },
            is_decided: true,
            own_gifts: euro(500),
        }),
        filter: filter([""; 3], &Refused::none()),
        is_filtered: false,
        accounts: vec![
            account("account-provider", 1_930_125),
            account("account-promise", 52_000),
            account("account-held", 1_895_900),
            account("account-tips", 41_200),
            account("account-costs", 6_975),
        ],
        lines: lines.collect(),
        entries: 487,
        head: HASH.to_owned(),
        newer: Some("/campaigns/vindur/books".to_owned()),
        older: Some("/campaigns/vindur/books?before=438".to_owned()),
        files: files("/campaigns/vindur/books", ""),
        all_files: Vec::new(),
    }
}

fn refused() -> BooksPage {
    let refusal = |field, id| FieldRefusal {
        field,
        words: Words::new(id),
    };
    let refusals = [
        refusal("from", "books-day-unreadable"),
        refusal("until", "books-until-before-from"),
    ];
    let mut refused = BooksPage {
        is_filtered: true,
        lines: Vec::new(),
        filter: filter(["", "yesterday", ""], &Refused::new(Lang::En, &refusals)),
        ..campaign()
    };
    let form = &refused.filter;
    refused.page.errors = form::errors([&form.kind as &dyn form::Problem, &form.from, &form.until]);
    refused
}

fn entry() -> EntryPage {
    let movement = |credit: &'static str, debit: &'static str, minor| MovementLine {
        credit: Lang::En.t(credit).to_owned(),
        debit: Lang::En.t(debit).to_owned(),
        amount: cents(minor),
    };
    let changed = |name: &'static str, before, change| ChangedLine {
        name: Lang::En.t(name).to_owned(),
        before: cents(before),
        change: cents(change),
        after: cents(before + change),
    };
    EntryPage {
        page: page("Entry 486"),
        path: "/campaigns/vindur/books".to_owned(),
        above: above(),
        public_url: "https://felag.example".to_owned(),
        number: 486,
        text: "Gift collected".to_owned(),
        who: Some("Aðalheiður".to_owned()),
        amount: cents(20_000),
        at: NOW,
        movements: vec![
            movement("account-held", "account-provider", 20_000),
            movement("account-provider", "account-costs", 325),
            movement("account-promise", "account-promised", 20_000),
        ],
        more: 2,
        changed: vec![
            changed("account-provider", 1_910_450, 19_675),
            changed("account-promise", 20_000, -20_000),
        ],
        hash: HASH.to_owned(),
        previous: HASH.chars().rev().collect(),
        canonical: Some(format!(
            "felag-entry-v1\nbook 0192f0c1\nnumber 486\nprevious {HASH}\n"
        )),
        newer: Some("/campaigns/vindur/books/487".to_owned()),
        older: Some("/campaigns/vindur/books/485".to_owned()),
    }
}

fn check(result: Option<Checked>) -> CheckPage {
    let next = match &result {
        None => Some(0),
        Some(Checked::So { last, .. }) => Some(*last),
        Some(Checked::ToTheEnd { .. } | Checked::Wrong { .. }) => None,
    };
    CheckPage {
        page: page("How to check the book"),
        path: "/campaigns/vindur/books".to_owned(),
        above: above(),
        result,
        next,
        script: "import hashlib\n\nif 1 < 2:\n    print(\"right\")\n",
    }
}

fn heads() -> HeadsPage {
    let head = |day, title: &str, path: &str, number| HeadLine {
        day,
        title: title.to_owned(),
        path: path.to_owned(),
        number,
        hash: HASH.to_owned(),
    };
    HeadsPage {
        page: page("Heads, day by day"),
        above: vec![Link::new("/books", "Open books of Felag")],
        heads: vec![
            head(date!(2026 - 12 - 02), "Vindur", "/campaigns/vindur/books", 487),
            head(date!(2026 - 12 - 02), "Felag’s own book", "/books", 12),
            head(date!(2026 - 12 - 01), "Vindur", "/campaigns/vindur/books", 440),
        ],
        newer: None,
        older: Some("/books/heads?day=2026-12-01&book=7".to_owned()),
    }
}
