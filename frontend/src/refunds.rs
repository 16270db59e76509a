//! Giving money back: one payment, what went back of it, and the form that gives back more.

use askama::Template;
use felag_domain::money::Money;
use felag_domain::refund::{RefundState, RefundWhy};
use time::OffsetDateTime;

use crate::form::{Choice, Control, Radios, Refused};
use crate::page::Page;
use crate::wizard::{Form, Part, Typed, area, text};
use crate::words::Lang;

/// `GET /campaigns/<slug>/backers/<pledge>/refund`
#[derive(Debug, Template)]
#[template(path = "refunds/refund.html")]
pub struct RefundPage {
    pub page: Page,
    pub slug: String,
    pub campaign: String,
    /// None for those who gave no name, or keep it from the project.
    pub who: Option<String>,
    pub gift: Money,
    pub tip: Money,
    /// What may still go back of both.
    pub gift_left: Money,
    pub tip_left: Money,
    pub charged_at: OffsetDateTime,
    /// The campaign's time zone, by its IANA name.
    pub zone: String,
    /// The oldest first.
    pub history: Vec<RefundRow>,
    /// Why nothing can go back now; none while it can.
    pub cannot: Option<String>,
    pub form: Option<Form>,
}

/// One refund, wherever refunds are listed.
#[derive(Debug, Clone)]
pub struct RefundRow {
    pub at: OffsetDateTime,
    pub amount: Money,
    pub state: RefundState,
    pub why: RefundWhy,
    /// What whoever asked for it wrote; may be empty.
    pub words: String,
}

/// The message that names a refund's state.
pub fn state_word(state: RefundState) -> &'static str {
    match state {
        RefundState::Asked | RefundState::Sent => "refund-state-asked",
        RefundState::Pending => "refund-state-pending",
        RefundState::Succeeded => "refund-state-succeeded",
        RefundState::Failed => "refund-state-failed",
    }
}

/// The message that says why money goes back.
pub fn why_word(why: RefundWhy) -> &'static str {
    match why {
        RefundWhy::LatePayment => "refund-why-late-payment",
        RefundWhy::Project => "refund-why-project",
        RefundWhy::Steward => "refund-why-steward",
        RefundWhy::Cancelled => "refund-why-cancelled",
        RefundWhy::Unwound => "refund-why-unwound",
        RefundWhy::TakenBack => "refund-why-taken-back",
        RefundWhy::Overpaid => "refund-why-overpaid",
    }
}

impl RefundRow {
    /// The mark before its state, as the style sheet names them.
    fn mark(&self) -> &'static str {
        match self.state {
            RefundState::Succeeded => "done",
            RefundState::Failed => "late",
            RefundState::Asked | RefundState::Sent | RefundState::Pending => "next",
        }
    }

    fn word(&self, lang: &Lang) -> &'static str {
        lang.t(state_word(self.state))
    }

    /// For the backer, in a sentence.
    pub fn sentence(&self, page: &Page) -> String {
        let why = page.t(why_word(self.why));
        match self.state {
            RefundState::Succeeded => page.t3(
                "pledge-refund-done",
                "amount",
                self.amount,
                "day",
                page.date(self.at),
                "why",
                why,
            ),
            RefundState::Failed => page.t2("pledge-refund-failed", "amount", self.amount, "why", why),
            RefundState::Asked | RefundState::Sent | RefundState::Pending => {
                page.t2("pledge-refund-on-its-way", "amount", self.amount, "why", why)
            }
        }
    }

    fn reason(&self, lang: &Lang) -> &'static str {
        lang.t(why_word(self.why))
    }
}

impl RefundPage {
    fn name(&self) -> String {
        self.who
            .clone()
            .unwrap_or_else(|| self.page.t("backers-no-name").to_owned())
    }
}

/// The fields `how` (`whole`, `part`), `amount` and `words`.
pub fn refund_form(lang: Lang, left: Money, whole: Money, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    let chosen = match typed("how") {
        how if how == "part" => how,
        _ => "whole".to_owned(),
    };
    let how = Radios {
        name: "how",
        legend: lang.t("refund-how").to_owned(),
        hint: None,
        error: refused.of("how"),
        options: vec![
            Choice::new("whole", lang.t1("refund-how-whole", "amount", whole), &chosen),
            Choice::new("part", lang.t("refund-how-part"), &chosen).hint(lang.t1(
                "refund-how-part-hint",
                "left",
                left,
            )),
        ],
        as_buttons: false,
    };
    let amount = text("amount", lang.t("refund-amount"), typed, refused)
        .typed_in(Control::Money(crate::format::currency_sign(&left)))
        .hint(lang.t("refund-amount-hint"));
    let words = area("words", lang.t("refund-words"), 3, typed, refused).hint(lang.t("refund-words-hint"));
    vec![Part::Radios(how), Part::Field(amount), Part::Field(words)]
}
