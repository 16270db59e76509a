//! The hosted pages as plain data; their words stand in the templates.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

use crate::{bank::TestBank, test_card::TestCard, test_debit::TestDebit};

/// What stands beside a field that is wrong.
#[derive(Debug, Default)]
pub(crate) struct Wrong {
    /// `number`, `exp_month`, `exp_year`, `cvc`; empty if it belongs to the whole form.
    pub field: &'static str,
    pub message: String,
}

/// The page where a card is chosen or typed.
#[derive(Template)]
#[template(path = "pay.html")]
pub(crate) struct Pay<'a> {
    pub id: &'a str,
    pub token: &'a str,
    /// What is set up, in the shop's words.
    pub purpose: &'a str,
    pub currency: String,
    pub cards: &'a [TestCard],
    pub chosen: String,
    /// Accounts to debit; none if the session takes cards only.
    pub debits: &'a [TestDebit],
    /// The chosen account; empty: a card.
    pub debit: String,
    pub expiry: String,
    pub name: String,
    pub cancel_url: Option<&'a str>,
    pub wrong: Option<Wrong>,
}

impl Pay<'_> {
    fn is_wrong(&self, field: &str) -> bool {
        self.wrong.as_ref().is_some_and(|wrong| wrong.field == field)
    }

    fn is_expiry_wrong(&self) -> bool {
        self.is_wrong("exp_month") || self.is_wrong("exp_year")
    }

    fn message(&self) -> &str {
        self.wrong.as_ref().map_or("", |wrong| &wrong.message)
    }
}

/// The bank asks the holder of the card.
#[derive(Template)]
#[template(path = "bank.html")]
pub(crate) struct Bank<'a> {
    pub path: String,
    /// `30.00 EUR`, or nothing when a card is only saved.
    pub amount: Option<String>,
    pub last4: &'a str,
}

/// The page where a project says who it is and where its money goes.
#[derive(Template)]
#[template(path = "onboard.html")]
pub(crate) struct Onboard<'a> {
    pub path: String,
    pub visit: &'a str,
    /// The platform's name for the account.
    pub who: &'a str,
    /// The bank account there is: country, currency, last four digits.
    pub now: Option<String>,
    /// Whether only the bank account is asked for: the check is over.
    pub only_bank: bool,
    pub banks: &'a [TestBank],
    pub currencies: Vec<String>,
    pub currency: String,
    pub chosen: String,
    pub name: String,
    pub kinds: &'a [(&'a str, &'a str)],
    pub kind: String,
    /// The ways the check can end: name and words.
    pub ends: &'a [(&'a str, &'a str)],
    pub end: String,
    pub wrong: Option<Wrong>,
}

impl Onboard<'_> {
    fn is_wrong(&self, field: &str) -> bool {
        self.wrong.as_ref().is_some_and(|wrong| wrong.field == field)
    }

    fn message(&self) -> &str {
        self.wrong.as_ref().map_or("", |wrong| &wrong.message)
    }
}

/// Nothing can be done here any more, in words.
#[derive(Template)]
#[template(path = "gone.html")]
pub(crate) struct Gone<'a> {
    pub title: &'a str,
    pub words: &'a str,
    /// Where to go from here.
    pub onward: Option<&'a str>,
}

/// The page with its headers. A form's answer may lead on to `onward`, which browsers check too.
pub(crate) fn show(status: StatusCode, page: &impl Template, onward: &[&str]) -> Response {
    let Ok(html) = page.render() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut targets = String::from("'self'");
    for origin in onward.iter().filter_map(|url| origin(url)) {
        targets = format!("{targets} {origin}");
    }
    let policy = format!(
        "default-src 'none'; style-src 'self'; form-action {targets}; base-uri 'none'; frame-ancestors 'none'"
    );
    let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ];
    (status, headers, html).into_response()
}

/// `https://host:port` of an address.
fn origin(url: &str) -> Option<String> {
    let uri: Uri = url.replace(['{', '}'], "_").parse().ok()?;
    Some(format!(
        "{}://{}",
        uri.scheme_str()?,
        uri.authority()?.as_str().rsplit('@').next()?
    ))
}
