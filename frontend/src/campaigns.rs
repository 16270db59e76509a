//! A campaign's public page and its books.

use askama::Template;
use felag_domain::campaign::{CampaignState, Way};
pub use felag_domain::figures::Figures;
use felag_domain::money::Money;
use time::{Date, OffsetDateTime};

use crate::form::{Control, Field, Refused};
use crate::give::AmountForm;
use crate::html::SafeHtml;
use crate::page::{Notice, Page};
use crate::parts::{Curve, Drawing, Tally, width};
use crate::words::Lang;

mod standing;

/// `GET /campaigns/<slug>`
#[derive(Debug, Template)]
#[template(path = "campaigns/campaign.html")]
pub struct CampaignPage {
    pub page: Page,
    pub slug: String,
    pub title: String,
    pub summary: String,
    pub project: ProjectLine,
    pub state: CampaignState,
    /// The steward's words, shown to the project's members when changes were asked.
    pub review_words: Option<String>,
    /// When gifts are charged.
    pub way: Way,
    /// What happens when the minimum is promised and not collected, in a sentence.
    pub if_short: String,
    /// Short and going on: until when backers may take their money back.
    pub go_on_until: Option<OffsetDateTime>,
    /// Where a steward decides about the campaign; none for everybody else.
    pub decide: Option<String>,
    /// The address of the owner's page, for members of the project.
    pub manage: Option<String>,
    pub minimum: Money,
    pub full_plan: Money,
    pub figures: Figures,
    /// What the project's own members promised or gave: shown, not counted.
    pub own_gifts: Money,
    pub backers: u64,
    pub opens_at: Option<OffsetDateTime>,
    pub deadline: Option<OffsetDateTime>,
    /// Until when cards are tried after the deadline.
    pub window_ends: Option<OffsetDateTime>,
    /// The campaign's time zone, by its IANA name.
    pub zone: String,
    pub story: SafeHtml,
    pub risks: SafeHtml,
    pub budget: Vec<BudgetLine>,
    /// What became of it, once money was paid out.
    pub accounts: Option<crate::expenses::Accounts>,
    /// When the money leaves: parts in percent, each so many days after collection ends.
    pub plan: Vec<(i32, i32)>,
    pub rewards: Vec<Reward>,
    pub curve: Option<Curve>,
    /// The latest lines; all of them are on [`crate::books::BooksPage`].
    pub books: Vec<BookLine>,
    pub entries: u64,
    pub updates: Vec<Update>,
    pub returns: Vec<CommonsReturn>,
    /// Why a steward let the campaign open without a commons return.
    pub exception: Option<String>,
    /// SPDX expressions of the project as it is.
    pub licences: Vec<String>,
    /// The loan it asks for beside gifts.
    pub loan: Option<crate::loans::LoanBeside>,
    /// Absent when nothing can be given now.
    pub give: Option<AmountForm>,
    /// The field `email`; absent when there is nothing more to wait for.
    pub follow: Option<Field>,
}

/// The project behind a campaign, and who answers for its money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectLine {
    pub slug: String,
    pub name: String,
    /// The legal holder's registered name.
    pub holder: String,
    /// Town or country; empty if not given.
    pub place: String,
}

/// One line of the budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetLine {
    pub title: String,
    pub at_minimum: Money,
    pub at_full_plan: Money,
}

/// A thank-you.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reward {
    /// What the form sends as `reward`.
    pub id: String,
    pub title: String,
    pub description: String,
    pub price: Money,
    /// Limit and how many are left, if it is limited.
    pub stock: Option<Stock>,
    /// The first day of the estimated month.
    pub delivery: Date,
}

/// How many of a limited reward there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stock {
    pub left: u64,
    pub limit: u64,
}

/// One line of a public book, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookLine {
    pub at: OffsetDateTime,
    /// The entry's number in its book.
    pub number: u64,
    pub text: String,
    /// The name the backer chose to show.
    pub who: Option<String>,
    pub amount: Money,
    /// What the payment provider kept of it.
    pub cost: Option<Money>,
    pub flow: Flow,
    /// The first characters of the entry's hash; empty where it is not shown.
    pub hash: String,
    /// What stood on the main accounts it changed, right after it; empty where it is not shown.
    pub after: Vec<AccountLine>,
}

/// Which way the money of a line went, seen from the campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    In,
    Out,
    /// A promise, or its end: no money moved.
    Noted,
}

impl Flow {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Flow::In => "in",
            Flow::Out => "out",
            Flow::Noted => "",
        }
    }

    pub(crate) fn strand(self) -> &'static str {
        match self {
            Flow::In | Flow::Noted => "c-gift",
            Flow::Out => "c-rest",
        }
    }
}

/// What a project told its followers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// For the anchor `#update-<id>`.
    pub id: String,
    pub title: String,
    pub at: OffsetDateTime,
    pub body: SafeHtml,
}

/// What everybody gets from a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommonsReturn {
    /// In words: design, code, manual, data, service.
    pub kind: String,
    pub title: String,
    /// An SPDX expression.
    pub licence: String,
    pub due: Date,
    /// Where it will be: a repository or a place. Linked if it is a web address.
    pub place: String,
}

impl CommonsReturn {
    fn is_address(&self) -> bool {
        crate::projects::is_web_address(&self.place)
    }
}

/// An account of a book, in words, and its balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountLine {
    pub name: String,
    pub balance: Money,
}

/// The form that asks to be told without paying, with the field `email`.
pub fn follow_field(lang: Lang, typed: &str, refused: &Refused) -> Field {
    Field::new("email", lang.t("follow-email"), typed)
        .typed_in(Control::Email)
        .autocomplete("email")
        .hint(lang.t("follow-hint"))
        .error(refused.of("email"))
}

impl CampaignPage {
    /// What counts towards the minimum: promised until the deadline is decided, collected afterwards.
    fn raised(&self) -> Money {
        if self.way == Way::KeepWhatComes {
            return self.figures.collected;
        }
        match self.state {
            CampaignState::Collecting
            | CampaignState::Funded
            | CampaignState::Closed
            | CampaignState::Short
            | CampaignState::Unwound
            | CampaignState::Unpayable => self.figures.collected,
            CampaignState::Draft
            | CampaignState::InReview
            | CampaignState::ChangesAsked
            | CampaignState::Scheduled
            | CampaignState::Open
            | CampaignState::Failed
            | CampaignState::Cancelled
            | CampaignState::Suspended => self.figures.promised,
        }
    }

    /// Where the campaign's book is.
    fn path(&self) -> String {
        format!("/campaigns/{}/books", self.slug)
    }

    fn tally(&self) -> Tally {
        Tally::new(self.page.lang, self.raised(), self.minimum, self.full_plan, true)
    }

    fn drawing(&self) -> Drawing {
        Drawing::of(&self.slug)
    }

    /// The budget's bars are drawn against its largest line.
    fn bar(&self, amount: &Money) -> String {
        let longest = self.budget.iter().max_by_key(|line| line.at_full_plan.minor());
        width(*amount, longest.map_or(*amount, |line| line.at_full_plan))
    }

    /// Whether the deadline is still to come.
    fn is_running(&self) -> bool {
        self.deadline.is_none_or(|deadline| deadline > self.page.now)
    }

    /// What is said of a sum that is missing: it may still come, or it did not.
    fn missing_words(&self) -> &'static str {
        match (self.way, self.is_running()) {
            (Way::AllOrNothing, true) => "fund-missing",
            (Way::AllOrNothing, false) => "fund-short",
            (Way::KeepWhatComes, true) => "fund-missing-aim",
            (Way::KeepWhatComes, false) => "fund-short-aim",
        }
    }

    fn met_words(&self) -> &'static str {
        match self.way {
            Way::AllOrNothing => "fund-met",
            Way::KeepWhatComes => "fund-met-aim",
        }
    }

    fn when_charged(&self) -> &'static str {
        crate::give::when_charged(self.way)
    }

    fn missing_to_minimum(&self) -> Option<Money> {
        let missing = self.minimum.checked_sub(self.raised()).ok()?;
        missing.is_positive().then_some(missing)
    }

    fn standing(&self) -> Option<Notice> {
        standing::of(self)
    }
}
