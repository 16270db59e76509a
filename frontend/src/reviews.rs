//! The steward's queue, and the review of one campaign.

use askama::Template;
use felag_domain::campaign::CampaignState;
use felag_domain::money::Money;
use time::OffsetDateTime;

use crate::form::{Control, Refused};
use crate::page::Page;
use crate::wizard::{Form, Part, Typed, area, text};
use crate::words::Lang;

/// `GET /reviews`
#[derive(Debug, Template)]
#[template(path = "reviews/queue.html")]
pub struct QueuePage {
    pub page: Page,
    /// The one waiting longest first.
    pub waiting: Vec<Waiting>,
}

/// A campaign to be read.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub slug: String,
    pub title: String,
    pub project: String,
    pub minimum: Money,
    pub submitted_at: OffsetDateTime,
}

/// `GET /reviews/<slug>`
#[derive(Debug, Template)]
#[template(path = "reviews/review.html")]
pub struct ReviewPage {
    pub page: Page,
    pub slug: String,
    pub state: CampaignState,
    /// What a steward looks at: each point with whether it holds, and the facts.
    pub checks: Vec<Check>,
    /// What was decided before, the latest first.
    pub history: Vec<Decided>,
    /// The steward is a member of the project, so another one decides.
    pub own: bool,
    pub approval: Option<Form>,
    pub changes: Option<Form>,
    pub exception: Option<Form>,
}

impl ReviewPage {
    fn word(&self) -> &'static str {
        self.page.t(crate::states::campaign_word(self.state))
    }
}

/// One point of the checklist.
#[derive(Debug, Clone)]
pub struct Check {
    pub label: String,
    pub holds: bool,
    pub lines: Vec<String>,
    /// A document to read.
    pub file: Option<crate::wizard::Link>,
}

/// An earlier decision.
#[derive(Debug, Clone)]
pub struct Decided {
    pub at: OffsetDateTime,
    pub steward: String,
    /// In words: approved, changes asked, exception.
    pub decision: &'static str,
    pub words: String,
}

/// The field `opens_at`: a day, or nothing for at once.
pub fn approval(lang: Lang, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    let opens = text("opens_at", lang.t("review-opens"), typed, refused).typed_in(Control::Date);
    vec![Part::Field(opens.hint(lang.t("review-opens-hint")))]
}

/// The field `words`.
pub fn changes(lang: Lang, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    vec![Part::Field(
        area("words", lang.t("review-words"), 6, typed, refused).hint(lang.t("review-words-hint")),
    )]
}

/// The field `reason`.
pub fn exception(lang: Lang, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    vec![Part::Field(
        area("reason", lang.t("review-reason"), 4, typed, refused).hint(lang.t("review-reason-hint")),
    )]
}
