//! Deciding about a campaign that has opened: cancel, pause, go on, pay everything back.

use askama::Template;
use felag_domain::money::Money;

use crate::form::Refused;
use crate::page::Page;
use crate::wizard::{Form, Part, Typed, area};
use crate::words::Lang;

/// `GET /campaigns/<slug>/decision`
#[derive(Debug, Template)]
#[template(path = "owner/decision.html")]
pub struct DecisionPage {
    pub page: Page,
    pub slug: String,
    pub campaign: String,
    /// In words.
    pub state: &'static str,
    pub collected: Money,
    pub backers: u64,
    pub possible: Vec<Possible>,
}

/// Something that can be decided now.
#[derive(Debug)]
pub struct Possible {
    pub title: &'static str,
    pub means: &'static str,
    pub form: Form,
}

/// The message that names a decision, by its name in the address.
pub fn word(name: &str) -> &'static str {
    match name {
        "suspend" => "decision-suspend",
        "resume" => "decision-resume",
        "unwind" => "decision-unwind",
        "go-on" => "decision-go-on",
        _ => "decision-cancel",
    }
}

/// The message that says what a decision leads to.
pub fn means(name: &str) -> &'static str {
    match name {
        "suspend" => "decision-suspend-means",
        "resume" => "decision-resume-means",
        "unwind" => "decision-unwind-means",
        "go-on" => "decision-go-on-means",
        _ => "decision-cancel-means",
    }
}

/// The field of a decision's reason. Several forms stand on one page, so each has a name of its own.
pub fn reason_field(name: &str) -> &'static str {
    match name {
        "suspend" => "reason-suspend",
        "resume" => "reason-resume",
        "unwind" => "reason-unwind",
        "go-on" => "reason-go-on",
        _ => "reason-cancel",
    }
}

/// The one field of a decision.
pub fn reason_form(lang: Lang, name: &str, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    let reason = area(reason_field(name), lang.t("decision-reason"), 3, typed, refused);
    vec![Part::Field(reason.hint(lang.t("decision-reason-hint")))]
}
