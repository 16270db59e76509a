//! Disputes, for those who answer for a project's money and for stewards.

use askama::Template;
use felag_domain::dispute::DisputeState;
use felag_domain::money::Money;
use time::OffsetDateTime;

use crate::form::Refused;
use crate::page::Page;
use crate::wizard::{Form, Link, Part, Typed, area};
use crate::words::Lang;

/// `GET /campaigns/<slug>/disputes`, and `GET /disputes` for stewards.
#[derive(Debug, Template)]
#[template(path = "disputes/disputes.html")]
pub struct DisputesPage {
    pub page: Page,
    pub back: Option<Link>,
    /// Those that wait first, then the newest.
    pub list: Vec<DisputeRow>,
}

/// One dispute of a list.
#[derive(Debug, Clone)]
pub struct DisputeRow {
    pub link: String,
    /// The campaign's title.
    pub campaign: String,
    pub amount: Money,
    pub state: DisputeState,
    pub opened_at: OffsetDateTime,
    /// Until when the bank listens, while it does.
    pub due_at: Option<OffsetDateTime>,
}

/// `GET /campaigns/<slug>/disputes/<dispute>`
#[derive(Debug, Template)]
#[template(path = "disputes/dispute.html")]
pub struct DisputePage {
    pub page: Page,
    pub back: Link,
    pub row: DisputeRow,
    pub reason: &'static str,
    pub fee: Money,
    /// What the project owes because of it.
    pub owed: Money,
    pub evidence_at: Option<OffsetDateTime>,
    pub accepted_at: Option<OffsetDateTime>,
    pub decided_at: Option<OffsetDateTime>,
    /// Where the payment stands, and who made it.
    pub payment: Option<String>,
    pub zone: String,
    /// Present while the bank listens.
    pub evidence: Option<Form>,
    /// Where to let the backer have the money.
    pub accept: Option<String>,
}

/// The message that names a dispute's state.
pub fn state_word(state: DisputeState) -> &'static str {
    match state {
        DisputeState::Inquiry => "dispute-state-inquiry",
        DisputeState::Open => "dispute-state-open",
        DisputeState::Won => "dispute-state-won",
        DisputeState::Lost => "dispute-state-lost",
    }
}

/// The message that says what a bank's reason means, from the provider's code.
pub fn reason_word(code: &str) -> &'static str {
    match code {
        "fraudulent" => "dispute-reason-fraudulent",
        "product_not_received" => "dispute-reason-not-received",
        "product_unacceptable" => "dispute-reason-unacceptable",
        "duplicate" => "dispute-reason-duplicate",
        "subscription_canceled" | "credit_not_processed" => "dispute-reason-not-refunded",
        "unrecognized" => "dispute-reason-unrecognized",
        _ => "dispute-reason-general",
    }
}

impl DisputeRow {
    fn mark(&self) -> &'static str {
        match self.state {
            DisputeState::Inquiry => "next",
            DisputeState::Open => "late",
            DisputeState::Won => "done",
            DisputeState::Lost => "lost",
        }
    }

    fn word(&self, lang: &Lang) -> &'static str {
        lang.t(state_word(self.state))
    }

    fn means(&self, lang: &Lang) -> &'static str {
        match self.state {
            DisputeState::Inquiry => lang.t("dispute-means-inquiry"),
            DisputeState::Open => lang.t("dispute-means-open"),
            DisputeState::Won => lang.t("dispute-means-won"),
            DisputeState::Lost => lang.t("dispute-means-lost"),
        }
    }
}

/// The fields `product`, `communication` and `other`.
pub fn evidence_form(lang: Lang, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    let field =
        |name, label, hint| Part::Field(area(name, lang.t(label), 5, typed, refused).hint(lang.t(hint)));
    vec![
        field("product", "dispute-product", "dispute-product-hint"),
        field(
            "communication",
            "dispute-communication",
            "dispute-communication-hint",
        ),
        field("other", "dispute-other", "dispute-other-hint"),
    ]
}
