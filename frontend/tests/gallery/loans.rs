//! Loans: what a lender reads and signs, what a project owes and pays, a lender's own page, and the published figures.

use felag_domain::lending::LoanState;
use felag_domain::money::{Currency, Money};
use felag_frontend::Lang;
use felag_frontend::form::{Refused, Tick};
use felag_frontend::loans::{LoanPage, Section, Table as Schedule};
use felag_frontend::parts::{MonthRow, Months};
use felag_frontend::repayments::{self as pages, LoanPage as RepaymentsPage, Table};
use felag_frontend::wizard::{Form, Link, Part, Second, text};
use time::macros::date;

use crate::people::{euro, page, signed_in};
use crate::{Shown, shown};

const LANG: Lang = Lang::En;

/// Every page.
pub fn pages() -> Vec<Shown> {
    vec![
        shown("loan", asked()),
        shown("loan-review", review()),
        shown("loan-repayments", owed()),
        shown("loan-plan", plan()),
        shown("loan-lent", lent()),
        shown("loan-vote", vote()),
        shown("loan-account", account()),
        shown("loan-gift", gift()),
        shown("loan-statistics", statistics()),
    ]
}

fn warned() -> Section {
    Section::new("risk", LANG.t("loan-risk"))
        .warning(LANG.t("loan-risk-warning"))
        .warning(LANG.t("loan-no-guarantee"))
}

fn schedule() -> Section {
    let heads = ["loan-due", "loan-principal", "loan-interest", "loan-left"];
    let row = |day: time::Date, left: i64| {
        let sums = [100, 3, left].map(|major| LANG.money(euro(major)));
        [vec![LANG.day(day)], sums.to_vec()].concat()
    };
    Section {
        table: Some(Schedule {
            caption: LANG.t("loan-schedule-caption").to_owned(),
            head: heads.map(|id| LANG.t(id).to_owned()).to_vec(),
            rows: vec![row(date!(2026 - 12 - 15), 100), row(date!(2027 - 01 - 15), 0)],
        }),
        ..Section::new("schedule", LANG.t("loan-schedule"))
    }
}

fn asked() -> LoanPage {
    let terms = Section::new("terms", LANG.t("loan-terms"))
        .fact(LANG.t("loan-amount"), LANG.money(euro(2_000)))
        .fact(LANG.t("loan-rate"), LANG.t1("loan-rate-a-year", "percent", "3.5"))
        .words(LANG.t("loan-apr-means"));
    let said = Section::new("purpose", LANG.t("loan-purpose")).text("The printed hub and **a second mast**.");
    let lend = Section::new("lend", LANG.t("loan-lend"))
        .link(Link::new("/campaigns/vindur/loan/lend", LANG.t("loan-lend-now")));
    LoanPage {
        page: page("Loan: Vindur"),
        back: Some(Link::new("/campaigns/vindur", "Vindur")),
        state: Some(("next", LANG.t("loan-state-open").to_owned())),
        lead: String::new(),
        sections: vec![warned(), lend, terms, schedule(), said],
    }
}

fn review() -> LoanPage {
    let frame = signed_in(LANG.t("loan-review-title"));
    let typed = |_: &str| String::new();
    let refused = Refused::none();
    let parts = vec![
        Part::Tick(Tick {
            name: "understood",
            label: LANG.t("loan-large-understood").to_owned(),
            hint: None,
            error: None,
            ticked: false,
        }),
        Part::Field(text("signed_name", LANG.t("loan-signed-name"), &typed, &refused)),
    ];
    let form = Form::new(
        &frame,
        "/campaigns/vindur/loan/commitments",
        parts,
        LANG.t("loan-sign"),
    );
    let sign = Section::new("sign", LANG.t("loan-sign-heading"))
        .words(LANG.t("loan-not-qualified"))
        .form(form);
    LoanPage {
        page: frame,
        back: Some(Link::new("/campaigns/vindur/loan", LANG.t("loan-back"))),
        state: None,
        lead: LANG.t("loan-review-lead").to_owned(),
        sections: vec![warned(), schedule(), sign],
    }
}

fn table(
    id: &'static str,
    title: &'static str,
    heads: &[&'static str],
    from: usize,
    rows: &[&[&str]],
) -> Table {
    let cells = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
    Table {
        id: id.into(),
        title: LANG.t(title).to_owned(),
        heads: heads.iter().map(|id| LANG.t(id).to_owned()).collect(),
        amounts_from: from,
        rows: rows.iter().map(|row| (None, cells(row))).collect(),
        empty: LANG.t("repay-history-none").to_owned(),
    }
}

fn instalments() -> Table {
    let heads = [
        "repay-column-due",
        "repay-column-state",
        "repay-column-principal",
        "repay-column-open",
    ];
    let rows: [&[&str]; 2] = [
        &["15 December 2026", "Paid", "€100.00", "€0.00"],
        &["15 January 2027", "To come", "€100.00", "€103.00"],
    ];
    table("instalments", "repay-instalments", &heads, 2, &rows)
}

fn blank(title: &str, state: LoanState) -> RepaymentsPage {
    RepaymentsPage {
        page: signed_in(title),
        back: Some(Link::new("/campaigns/vindur", "Vindur")),
        state: Some(pages::loan_word(state)),
        lead: LANG.t("repay-lead").to_owned(),
        notes: Vec::new(),
        facts: vec![(LANG.t("repay-outstanding").to_owned(), LANG.money(euro(100)))],
        forms: Vec::new(),
        months: Vec::new(),
        forms_below: Vec::new(),
        tables: vec![instalments()],
        links: vec![Link::new("/campaigns/vindur/loan/plan", LANG.t("plan-see"))],
    }
}

fn second(frame: &RepaymentsPage, title: &'static str, lead: &str, parts: Vec<Part>) -> Second {
    let action = "/campaigns/vindur/loan/repayments";
    Second {
        title: LANG.t(title).to_owned(),
        lead: lead.to_owned(),
        form: Form::new(&frame.page, action, parts, LANG.t(title)),
    }
}

/// With a card saved, a payment that waits for the bank, and a steward who may decide.
fn owed() -> RepaymentsPage {
    let mut shown = blank("Repaying: Vindur", LoanState::Defaulted);
    let (typed, refused) = (|_: &str| String::new(), Refused::none());
    let pay = pages::pay(LANG, euro(103), true, &typed, &refused);
    let reason = pages::reason(LANG, &typed, &refused);
    let confirm = LANG.t2("repay-confirm-means", "amount", euro(103), "days", 5);
    shown.forms = vec![
        second(&shown, "repay-pay", &LANG.t1("repay-pay-means", "days", 5), pay),
        second(&shown, "repay-confirm", &confirm, Vec::new()),
        second(&shown, "repay-write-off", LANG.t("repay-write-off-means"), reason),
    ];
    shown
        .tables
        .push(table("history", "repay-history", &["repay-column-day"], 1, &[]));
    shown
}

fn plan() -> RepaymentsPage {
    let mut shown = blank("A new plan: Vindur", LoanState::Late);
    let (typed, refused) = (|_: &str| String::new(), Refused::none());
    let parts = pages::plan(LANG, date!(2026 - 12 - 20), &typed, &refused);
    shown.forms = vec![second(&shown, "plan-propose", LANG.t("plan-rule"), parts)];
    shown.notes = vec![LANG.t("plan-none").to_owned()];
    // Old plan and new stand side by side there, not the instalments.
    shown.tables = Vec::new();
    shown
}

fn month(month: time::Date, principal: i64, interest: i64, late: i64, expected: i64) -> MonthRow {
    MonthRow {
        month,
        principal: euro(principal),
        interest: euro(interest),
        late: euro(late),
        expected: euro(expected),
    }
}

fn lent() -> RepaymentsPage {
    let mut shown = blank("Vindur", LoanState::Rescheduled);
    let months = |title: String, rows| Months {
        lang: LANG,
        title,
        rows,
        before: None,
        after: Some(month(date!(2027 - 03 - 01), 0, 0, 0, 300)),
    };
    let mut euros = months(
        LANG.t1("lender-months-in", "currency", "EUR"),
        vec![
            month(date!(2026 - 10 - 01), 100, 4, 0, 0),
            month(date!(2026 - 11 - 01), 60, 3, 40, 0),
            month(date!(2026 - 12 - 01), 0, 0, 0, 0),
            month(date!(2027 - 01 - 01), 0, 0, 0, 103),
        ],
    );
    let mut crowns = euros.clone();
    crowns.title = LANG.t1("lender-months-in", "currency", "ISK");
    for row in crowns.rows.iter_mut().chain(&mut crowns.after) {
        *row = MonthRow::nothing(row.month, Money::zero(Currency::ISK));
        row.expected = Money::from_minor(4_000, Currency::ISK);
    }
    euros.before = Some(month(date!(2026 - 09 - 01), 20, 1, 0, 0));
    shown.months = vec![euros, crowns];
    let pay = pages::country(LANG, &|_| String::new(), &Refused::none());
    shown.forms_below = vec![second(
        &shown,
        "lender-calendar",
        LANG.t("lender-calendar-means"),
        pay,
    )];
    shown
}

fn vote() -> RepaymentsPage {
    let mut shown = blank("Vote on a new plan: Vindur", LoanState::Late);
    let parts = pages::vote(LANG, "agree", &Refused::none());
    shown.forms = vec![second(&shown, "vote-send", LANG.t("plan-rule"), parts)];
    shown
}

fn account() -> RepaymentsPage {
    let mut shown = blank(LANG.t("lender-account-title"), LoanState::Repaying);
    let parts = pages::country(LANG, &|_| String::new(), &Refused::none());
    shown.forms = vec![second(
        &shown,
        "lender-account",
        LANG.t("lender-account-lead"),
        parts,
    )];
    (shown.state, shown.tables) = (None, Vec::new());
    shown
}

fn gift() -> RepaymentsPage {
    let mut shown = blank("Give to Vindur", LoanState::Repaying);
    let parts = pages::gift(LANG, euro(40), &|_| String::new(), &Refused::none());
    shown.forms = vec![second(&shown, "lender-gift", "lender-gift-means", parts)];
    shown.forms_below = vec![second(&shown, "lender-keep", "lender-keep-means", Vec::new())];
    (shown.state, shown.tables) = (None, Vec::new());
    shown
}

fn statistics() -> RepaymentsPage {
    let mut shown = blank(LANG.t("loan-statistics-title"), LoanState::Repaying);
    let rows: [&[&str]; 1] = [&["2026", "1", "5", "20.0 %"]];
    let heads = [
        "loan-statistics-year",
        "loan-statistics-defaulted",
        "loan-statistics-running",
        "loan-statistics-rate",
    ];
    let title = LANG.t1("loan-statistics-defaults", "currency", "EUR");
    shown.tables = vec![Table {
        title,
        ..table("defaults", "loan-statistics-year", &heads, 1, &rows)
    }];
    (shown.state, shown.back) = (None, None);
    shown
}
