//! What a loan would cost: a form that anybody may play with, and below it the schedule, the sums and the APR.

use askama::Template;
use felag_domain::loan::quote::{GraceKind, Quote};
use felag_domain::loan::{DayCount, Kind, Period};
use felag_domain::money::Currency;

use crate::form::{Control, Refused};
use crate::page::Page;
use crate::wizard::{Part, Typed, select, text};
use crate::words::Lang;

/// The page, before and after something was asked.
#[derive(Debug, Template)]
#[template(path = "loans/quote.html")]
pub struct QuotePage {
    pub page: Page,
    pub fields: Vec<Part>,
    pub result: Option<Quote>,
}

impl QuotePage {
    /// The page with what has to be put right on top.
    pub fn new(mut page: Page, typed: Typed<'_>, refused: &Refused, result: Option<Quote>) -> QuotePage {
        let fields = fields(page.lang, typed, refused);
        page.errors = crate::form::errors(fields.iter().map(|part| part as &dyn crate::form::Problem));
        QuotePage { page, fields, result }
    }

    fn percent(&self, told: Option<impl ToString>) -> String {
        let lang = self.page.lang;
        match told {
            Some(told) => lang.t1("loan-rate-a-year", "percent", told.to_string()),
            None => lang.t("quote-apr-none").to_owned(),
        }
    }

    fn is_flat(&self, quote: &Quote) -> bool {
        quote.terms.asked().kind == Kind::Flat
    }
}

fn fields(lang: Lang, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    let line = |name, label, hint| Part::Field(text(name, lang.t(label), typed, refused).hint(lang.t(hint)));
    let number = |name, label, hint| {
        let field = text(name, lang.t(label), typed, refused).typed_in(Control::Number);
        Part::Field(field.hint(lang.t(hint)))
    };
    let date = |name, label, hint| {
        let field = text(name, lang.t(label), typed, refused).typed_in(Control::Date);
        Part::Field(field.hint(lang.t(hint)))
    };
    let choice = |name, label, options| Part::Select(select(name, lang.t(label), options, typed, refused));
    let currencies = Currency::OFFERED.iter().map(|one| one.code());
    vec![
        line("principal", "loan-amount", "quote-principal-hint"),
        choice(
            "currency",
            "basics-currency",
            currencies
                .map(|code| (code.to_owned(), code.to_owned()))
                .collect(),
        ),
        line("rate", "loan-rate", "quote-rate-hint"),
        number("count", "loan-instalments", "quote-count-hint"),
        choice("period", "loan-period", named(lang, Period::ALL, period)),
        choice("kind", "loan-kind", named(lang, Kind::ALL, kind)),
        choice("grace_kind", "loan-grace", named(lang, GraceKind::ALL, grace)),
        number("grace", "loan-grace-count", "loan-grace-hint"),
        choice(
            "day_count",
            "quote-day-count",
            named(lang, DayCount::ALL, day_count),
        ),
        date("paid_out_on", "quote-paid-out-on", "quote-paid-out-on-hint"),
        date("first_due_on", "loan-first-date", "quote-first-due-hint"),
        line("fees", "quote-fees", "quote-fees-hint"),
    ]
}

/// Every value of a list with its words.
fn named<T: Copy + std::fmt::Display>(
    lang: Lang,
    all: &[T],
    words: impl Fn(T) -> &'static str,
) -> Vec<(String, String)> {
    all.iter()
        .map(|one| (one.to_string(), lang.t(words(*one)).to_owned()))
        .collect()
}

fn period(period: Period) -> &'static str {
    match period {
        Period::Weekly => "loan-period-weekly",
        Period::TwoWeekly => "loan-period-two-weekly",
        Period::Monthly => "loan-period-monthly",
        Period::Quarterly => "loan-period-quarterly",
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::EqualInstalments => "loan-kind-equal-instalments",
        Kind::EqualPrincipal => "loan-kind-equal-principal",
        Kind::Flat => "quote-kind-flat",
        Kind::Bullet => "loan-kind-bullet",
        Kind::InterestFree => "quote-kind-interest-free",
    }
}

fn grace(grace: GraceKind) -> &'static str {
    match grace {
        GraceKind::None => "loan-grace-none",
        GraceKind::InterestOnly => "loan-grace-interest-only",
        GraceKind::Deferred => "loan-grace-deferred",
    }
}

fn day_count(count: DayCount) -> &'static str {
    match count {
        DayCount::Thirty360 => "quote-days-30-360",
        DayCount::ThirtyE360 => "quote-days-30e-360",
        DayCount::Actual360 => "quote-days-actual-360",
        DayCount::Actual365Fixed => "quote-days-actual-365",
        DayCount::Actual364 => "quote-days-actual-364",
        DayCount::NoLeap365 => "quote-days-nl-365",
        DayCount::ActualActual => "quote-days-actual-actual",
    }
}
