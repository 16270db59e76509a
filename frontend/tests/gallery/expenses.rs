//! From promise to voucher: the list with the budget's accounts, one expense, the form.

use felag_domain::expense::VoucherKind;
use felag_domain::money::{Currency, Money};
use felag_frontend::Lang;
use felag_frontend::expenses::{self as pages, Accounts, ExpenseLine, ExpensePage, ExpensesPage, LineShown};
use felag_frontend::form::Refused;
use felag_frontend::wizard::{Form, FormPage, Link, Second};
use time::macros::date;

use crate::people::{NOW, euro, signed_in};
use crate::{Shown, shown};

const LANG: Lang = Lang::En;

/// Every page.
pub fn pages() -> Vec<Shown> {
    vec![
        shown("expenses", list()),
        shown("expense", one()),
        shown("expense-new", form()),
    ]
}

/// What became of a small budget.
pub fn accounts() -> Accounts {
    let line = |title: &str, least, full, spent, said: &[&str]| LineShown {
        title: title.to_owned(),
        at_minimum: euro(least),
        at_full_plan: euro(full),
        collected: euro(least),
        spent: euro(spent),
        left: Money::from_minor(euro(least).minor() - euro(spent).minor(), Currency::EUR),
        explanations: said.iter().map(|words| (NOW, (*words).to_owned())).collect(),
    };
    Accounts {
        slug: "vindur".to_owned(),
        lines: vec![
            line(
                "Mast, footing and field tests",
                3_300,
                5_900,
                3_450,
                &["The ground was softer than the survey said."],
            ),
            line("Rotor, blades and moulds", 4_200, 6_800, 1_200, &[]),
        ],
        collected: euro(7_500),
        paid_out: euro(7_290),
        spent: euro(4_650),
    }
}

fn expense(number: u32, is_open: bool, is_withdrawn: bool) -> ExpenseLine {
    ExpenseLine {
        number,
        line: "Mast, footing and field tests".to_owned(),
        amount: euro(3_450),
        spent_on: date!(2026 - 11 - 02),
        payee: "Steypustöðin hf.".to_owned(),
        purpose: "Concrete for the footing".to_owned(),
        is_open,
        is_withdrawn,
    }
}

fn list() -> ExpensesPage {
    ExpensesPage {
        page: signed_in(&LANG.t1("expenses-title", "campaign", "Vindur")),
        slug: "vindur".to_owned(),
        title: "Vindur".to_owned(),
        accounts: accounts(),
        expenses: vec![
            expense(3, true, false),
            expense(2, false, false),
            expense(1, false, true),
        ],
        may_enter: true,
    }
}

fn back() -> Link {
    Link::new(
        "/campaigns/vindur/expenses",
        LANG.t1("expenses-title", "campaign", "Vindur"),
    )
}

fn one() -> ExpensePage {
    let frame = signed_in(&LANG.t1("expense-title", "number", 1));
    let fields = pages::withdraw(LANG, &|_| String::new(), &Refused::none());
    let action = "/campaigns/vindur/expenses/1/withdrawal";
    ExpensePage {
        slug: "vindur".to_owned(),
        back: back(),
        expense: expense(1, true, false),
        entered_at: NOW,
        voucher: VoucherKind::Pdf,
        voucher_bytes: 84_210,
        voucher_hash: "5f".repeat(32),
        closed: Some("A private address stands on it.".to_owned()),
        withdrawn: None,
        withdraw: Some(Form::new(&frame, action, fields, LANG.t("expense-withdraw"))),
        page: frame,
    }
}

fn form() -> FormPage {
    let frame = signed_in(LANG.t("expense-new"));
    let lines = vec![("1".to_owned(), "Mast, footing and field tests".to_owned())];
    let (was, refused) = (|_: &str| String::new(), Refused::none());
    let parts = pages::enter(LANG, lines.clone(), Currency::EUR, &was, &refused);
    let mut form = Form::new(
        &frame,
        "/campaigns/vindur/expenses",
        parts,
        LANG.t("expense-enter"),
    );
    form.upload = true;
    let explain = pages::explain(LANG, lines, &was, &refused);
    let action = "/campaigns/vindur/expenses/explanations";
    let second = Form::new(&frame, action, explain, LANG.t("explanation-send"));
    let lead = LANG.t1("expense-new-lead", "left", euro(2_640));
    let mut page = FormPage::new(frame, lead, form, &refused).back(back());
    page.second = Some(Second {
        title: LANG.t("explanation-title").to_owned(),
        lead: LANG.t("explanation-lead").to_owned(),
        form: second,
    });
    page
}
