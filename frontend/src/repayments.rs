//! Loans that are paid back: what a project owes and pays, what each lender gets, and the published figures. One page
//! serves all of them: facts, tables, drawings with their tables, and forms.

use std::borrow::Cow;

use askama::Template;
use felag_domain::lending::LoanState;
use felag_domain::money::Money;
use felag_domain::repaying::{RepaymentState, TransferState};
use time::Date;

use crate::form::{Choice, Control, Radios, Refused, Tick};
use crate::page::Page;
use crate::parts::Months;
use crate::wizard::{Link, Part, Second, Typed, area, text};
use crate::words::Lang;

/// A page about loans.
#[derive(Debug, Template)]
#[template(path = "repayments/page.html")]
pub struct LoanPage {
    pub page: Page,
    pub back: Option<Link>,
    /// A state and its mark.
    pub state: Option<(&'static str, &'static str)>,
    pub lead: String,
    /// What has to be known first, each in a sentence.
    pub notes: Vec<String>,
    pub facts: Vec<(String, String)>,
    pub forms: Vec<Second>,
    /// What came back and what is to come, one for each currency.
    pub months: Vec<Months>,
    pub tables: Vec<Table>,
    /// Forms that may wait until the rest was read.
    pub forms_below: Vec<Second>,
    pub links: Vec<Link>,
}

/// A table under a heading. Its last columns may be amounts.
#[derive(Debug, Clone)]
pub struct Table {
    /// Of the page.
    pub id: Cow<'static, str>,
    pub title: String,
    pub heads: Vec<String>,
    /// From this column on amounts stand, to the right.
    pub amounts_from: usize,
    /// Each row, and where its first cell leads.
    pub rows: Vec<(Option<String>, Vec<String>)>,
    pub empty: String,
}

impl Table {
    fn is_amount(&self, column: &usize) -> bool {
        *column >= self.amounts_from
    }

    fn head(&self, column: &usize) -> &str {
        self.heads.get(*column).map_or("", String::as_str)
    }
}

/// The field `amount` of paying now; and `other_card`, where a card is saved already.
pub fn pay(lang: Lang, all: Money, has_card: bool, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    let sign = crate::format::currency_sign(&Money::zero(all.currency()));
    let amount = text("amount", lang.t("repay-amount"), typed, refused)
        .typed_in(Control::Money(sign))
        .hint(lang.t1("repay-amount-hint", "all", all));
    let other_card = has_card.then(|| {
        Part::Tick(Tick {
            name: "other_card",
            label: lang.t("repay-pay-other").to_string(),
            hint: Some(lang.t("repay-pay-other-means").to_string()),
            error: None,
            ticked: typed("other_card") == "yes",
        })
    });
    [Part::Field(amount)].into_iter().chain(other_card).collect()
}

/// The field `amount` of what is given, of what is kept.
pub fn gift(lang: Lang, kept: Money, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    let sign = crate::format::currency_sign(&Money::zero(kept.currency()));
    let amount = text("amount", lang.t("lender-gift-amount"), typed, refused)
        .typed_in(Control::Money(sign))
        .hint(lang.t1("lender-gift-amount-hint", "most", kept));
    vec![Part::Field(amount)]
}

/// The field `reason` of a steward's decision.
pub fn reason(lang: Lang, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    vec![Part::Field(
        area("reason", lang.t("repay-reason"), 3, typed, refused).hint(lang.t("repay-reason-hint")),
    )]
}

/// The fields `first_due_on`, `instalments` and `reason` of a plan that is proposed. `from` is the first day it may begin.
pub fn plan(lang: Lang, from: Date, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    let day = text("first_due_on", lang.t("plan-first-due"), typed, refused)
        .typed_in(Control::Date)
        .hint(lang.t1("plan-first-due-hint", "day", from.to_string()));
    let count = text("instalments", lang.t("plan-instalments"), typed, refused).typed_in(Control::Number);
    let reason = area("reason", lang.t("plan-reason"), 5, typed, refused).hint(lang.t("plan-reason-hint"));
    vec![Part::Field(day), Part::Field(count), Part::Field(reason)]
}

/// The question `vote` about a plan.
pub fn vote(lang: Lang, chosen: &str, refused: &Refused) -> Vec<Part> {
    let option = |value: &str, id: &'static str| Choice::new(value, lang.t(id), chosen);
    vec![Part::Radios(Radios {
        name: "vote",
        legend: lang.t("vote-question").to_string(),
        hint: None,
        error: refused.of("vote"),
        options: vec![option("agree", "vote-yes"), option("refuse", "vote-no")],
        as_buttons: false,
    })]
}

/// The field `country` of a lender's account.
pub fn country(lang: Lang, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    vec![Part::Field(
        text("country", lang.t("lender-account-country-label"), typed, refused)
            .hint(lang.t("lender-account-country-hint")),
    )]
}

/// The message that names a loan's state while it is paid back, and its mark.
pub fn loan_word(state: LoanState) -> (&'static str, &'static str) {
    match state {
        LoanState::Repaying => ("loan-is-repaying", "next"),
        LoanState::Late => ("loan-is-late", "late"),
        LoanState::Rescheduled => ("loan-is-rescheduled", "late"),
        LoanState::Defaulted => ("loan-is-defaulted", "lost"),
        LoanState::Recovering => ("loan-is-recovering", "lost"),
        LoanState::WrittenOff => ("loan-is-written-off", "lost"),
        LoanState::Ended => ("loan-is-ended", "done"),
        _ => ("loan-is-not-paid-out", "next"),
    }
}

/// The message that names where a repayment stands.
pub fn repayment_word(state: RepaymentState) -> &'static str {
    match state {
        RepaymentState::Asked => "repayment-asked",
        RepaymentState::Processing => "repayment-processing",
        RepaymentState::NeedsYou => "repayment-needs-you",
        RepaymentState::RetryLater => "repayment-retry-later",
        RepaymentState::Pending => "repayment-pending",
        RepaymentState::Credited => "repayment-credited",
        RepaymentState::Failed => "repayment-failed",
        RepaymentState::Returned => "repayment-returned",
    }
}

/// The message that names where money on its way to a lender stands.
pub fn transfer_word(state: TransferState) -> &'static str {
    match state {
        TransferState::Sending => "transfer-sending",
        TransferState::OnItsWay => "transfer-on-its-way",
        TransferState::Paid => "transfer-paid",
        TransferState::Failed => "transfer-failed",
        TransferState::Returned => "transfer-returned",
    }
}
