//! A pledge as its backer sees it: receipt, change, cancel, and what to do when the bank asks.

use askama::Template;
use felag_domain::campaign::{CampaignState, Way};
use felag_domain::money::Money;
use felag_domain::pledge::PledgeState;
use time::OffsetDateTime;

use crate::form::{Control, Field, Problem, Radios, Refused};
use crate::format::currency_sign;
use crate::give::TypedDetails;
use crate::page::Page;
use crate::parts::Pager;
use crate::refunds::RefundRow;
use crate::words::Lang;

/// `GET /pledges/<token>`
#[derive(Debug, Template)]
#[template(path = "pledges/pledge.html")]
pub struct PledgePage {
    pub page: Page,
    pub token: String,
    pub pledge: Pledge,
    /// Present while amount, tip, name and visibility may be changed.
    pub change: Option<ChangeForm>,
    /// Whether the pledge may still be cancelled.
    pub can_cancel: bool,
    /// Present once the money was collected.
    pub receipt: Option<Receipt>,
    /// Until when the money may be taken back, because the campaign goes on below its minimum.
    pub take_back: Option<OffsetDateTime>,
    /// What went back, or is on its way: the oldest first.
    pub refunds: Vec<RefundRow>,
}

/// What is said about a pledge wherever it is shown alone.
#[derive(Debug, Clone)]
pub struct Pledge {
    pub state: PledgeState,
    pub slug: String,
    pub campaign: String,
    pub campaign_state: CampaignState,
    pub way: Way,
    pub project: String,
    pub minimum: Money,
    pub gift: Money,
    pub tip: Money,
    pub total: Money,
    /// The thank-you's title.
    pub reward: Option<String>,
    pub email: String,
    /// In words: who sees the name.
    pub visibility: String,
    pub made_at: OffsetDateTime,
    pub deadline: OffsetDateTime,
    pub window_ends: OffsetDateTime,
    /// When the card is tried again by itself, if it is.
    pub next_try: Option<OffsetDateTime>,
    /// What the bank said, in words, when the card was declined.
    pub declined: Option<String>,
    pub zone: String,
}

/// Equal to the charge, to the cent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub charged_at: OffsetDateTime,
    /// Who got the money: the project's legal holder.
    pub holder: String,
    /// Address, country, register and tax numbers: a line each.
    pub holder_lines: Vec<String>,
    pub entry_number: u64,
    pub entry_hash: String,
}

/// `POST /pledges/<token>/change`, with `own`, `tip`, `name`, `visibility`.
#[derive(Debug, Clone)]
pub struct ChangeForm {
    pub own: Field,
    pub tip: Field,
    pub name: Field,
    pub visibility: Radios,
}

impl ChangeForm {
    /// `gift` gives the currency; `amount` and the others are what was typed, or what holds now.
    pub fn new(
        lang: Lang,
        gift: Money,
        amount: &str,
        was: TypedDetails<'_>,
        refused: &Refused,
    ) -> ChangeForm {
        let own = Field::new("own", lang.t("pledge-change-amount"), amount)
            .typed_in(Control::Money(currency_sign(&gift)))
            .error(refused.of("own").or_else(|| refused.of("amount")));
        let name = Field::new("name", lang.t("give-name"), was.name)
            .autocomplete("name")
            .hint(lang.t("give-name-hint"))
            .error(refused.of("name"));
        ChangeForm {
            own,
            tip: crate::give::tip(lang, gift, was.tip, refused),
            name,
            visibility: crate::give::visibility(lang, was.visibility, refused),
        }
    }

    /// For the summary on top.
    pub fn problems(&self) -> Vec<&dyn Problem> {
        vec![&self.own, &self.tip, &self.name, &self.visibility]
    }
}

/// `GET /pledges/<token>/cancel`: what cancelling means, and the button that does it by `POST`.
#[derive(Debug, Template)]
#[template(path = "pledges/cancel.html")]
pub struct CancelPledgePage {
    pub page: Page,
    pub token: String,
    pub pledge: Pledge,
}

/// `GET /my/gifts`
#[derive(Debug, Template)]
#[template(path = "pledges/gifts.html")]
pub struct GiftsPage {
    pub page: Page,
    /// The newest first.
    pub gifts: Vec<Gift>,
    pub pager: Pager,
}

/// One row of a person's gifts.
#[derive(Debug, Clone)]
pub struct Gift {
    pub token: String,
    pub slug: String,
    pub campaign: String,
    pub total: Money,
    pub state: PledgeState,
    pub made_at: OffsetDateTime,
}

impl Pledge {
    fn mark(&self) -> &'static str {
        crate::states::pledge_mark(self.state)
    }

    /// The state alone, short.
    fn word(&self, lang: &Lang) -> &'static str {
        lang.t(crate::states::pledge_word(self.state))
    }

    /// What happens next and when, or what happened to the money.
    fn next(&self, lang: &Lang) -> String {
        let when = |at: OffsetDateTime| lang.date_time(at, &self.zone);
        match self.state {
            PledgeState::Draft => lang.t("pledge-next-draft").to_owned(),
            PledgeState::CardSaved => lang.t3(
                "pledge-next-card-saved",
                "minimum",
                lang.money_short(self.minimum),
                "total",
                self.total,
                "when",
                when(self.deadline),
            ),
            PledgeState::Expired => lang.t("pledge-next-expired").to_owned(),
            PledgeState::Cancelled => lang.t("pledge-next-cancelled").to_owned(),
            PledgeState::Released => lang.t("pledge-next-released").to_owned(),
            PledgeState::Due if self.way == Way::KeepWhatComes => {
                lang.t1("pledge-next-charging", "total", self.total)
            }
            PledgeState::Due => lang.t1("pledge-next-due", "total", self.total),
            PledgeState::Charging => lang.t1("pledge-next-charging", "total", self.total),
            PledgeState::NeedsYou => lang.t2(
                "pledge-next-needs-you",
                "total",
                self.total,
                "when",
                when(self.window_ends),
            ),
            PledgeState::RetryLater => lang.t3(
                "pledge-next-retry-later",
                "total",
                self.total,
                "next",
                when(self.next_try.unwrap_or(self.window_ends)),
                "when",
                when(self.window_ends),
            ),
            PledgeState::Stopping => lang.t("pledge-next-stopping").to_owned(),
            PledgeState::Paid => lang.t2("pledge-next-paid", "total", self.total, "project", &self.project),
            PledgeState::Dropped => lang.t("pledge-next-dropped").to_owned(),
        }
    }

    /// The person can pay now: by confirming with the bank, or with another card.
    fn can_try(&self) -> bool {
        matches!(self.state, PledgeState::NeedsYou | PledgeState::RetryLater)
    }

    fn unfinished(&self) -> bool {
        matches!(self.state, PledgeState::Draft)
    }

    fn paid(&self) -> bool {
        matches!(self.state, PledgeState::Paid)
    }
}

impl Gift {
    fn mark(&self) -> &'static str {
        crate::states::pledge_mark(self.state)
    }

    fn word(&self, lang: &Lang) -> &'static str {
        lang.t(crate::states::pledge_word(self.state))
    }
}
