//! What a project's members see of their campaign: where it stands, what comes next, who backs it.

use askama::Template;
use felag_domain::campaign::CampaignState;
use felag_domain::figures::Figures;
use felag_domain::money::Money;
use felag_domain::pledge::PledgeState;
use time::OffsetDateTime;

use crate::page::Page;
use crate::parts::{Curve, Tally};
use crate::wizard::Link;
use crate::words::Lang;

mod standing;

/// `GET /campaigns/<slug>/owner`
#[derive(Debug, Template)]
#[template(path = "owner/owner.html")]
pub struct OwnerPage {
    pub page: Page,
    pub slug: String,
    pub title: String,
    pub state: CampaignState,
    /// Everybody may see the campaign's page, its books and updates.
    pub is_public: bool,
    /// Answers for the money: may see disputes.
    pub may_move_money: bool,
    /// The owner may decide about the campaign now.
    pub may_decide: bool,
    /// May write updates and change the draft.
    pub may_edit: bool,
    /// May cancel it.
    pub is_owner: bool,
    pub minimum: Money,
    pub full_plan: Money,
    pub figures: Figures,
    /// What counts towards the minimum: promised before the deadline, collected after it.
    pub raised: Money,
    /// What the project's own members promised, and what of it was collected: shown, not counted.
    pub own: Money,
    pub own_collected: Money,
    /// What the payment provider kept so far.
    pub cost: Money,
    pub backers: u64,
    pub opens_at: Option<OffsetDateTime>,
    pub deadline: Option<OffsetDateTime>,
    pub window_ends: Option<OffsetDateTime>,
    pub ended_at: Option<OffsetDateTime>,
    /// The campaign's time zone, by its IANA name.
    pub zone: String,
    pub curve: Option<Curve>,
    /// Where it goes on with its loan, if it asks for one.
    pub loan: Vec<crate::wizard::Link>,
}

/// `GET /campaigns/<slug>/backers?state=&before=`
#[derive(Debug, Template)]
#[template(path = "owner/backers.html")]
pub struct BackersPage {
    pub page: Page,
    pub slug: String,
    pub title: String,
    pub wanted: Wanted,
    /// How many back the campaign, whatever is shown.
    pub backers: u64,
    /// The newest first.
    pub list: Vec<Backer>,
    /// This member may give money back.
    pub may_refund: bool,
    /// Addresses of the neighbouring pages.
    pub newer: Option<String>,
    pub older: Option<String>,
}

/// Somebody's pledge, as far as the project may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backer {
    /// The pledge, for the address of its refunds.
    pub id: String,
    /// None for those who stay anonymous towards the project, or gave no name.
    pub name: Option<String>,
    /// None for those who stay anonymous towards the project, and for pledges that ended.
    pub email: Option<String>,
    /// The thank-you's title.
    pub reward: Option<String>,
    pub amount: Money,
    /// What of it went back, or is on its way back.
    pub refunded: Money,
    pub state: PledgeState,
    /// A member of the project: shown, not counted.
    pub is_own: bool,
    pub promised_at: OffsetDateTime,
}

/// Which pledges a list of backers shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wanted {
    #[default]
    All,
    Promised,
    Charging,
    Waiting,
    Paid,
    Ended,
}

impl Wanted {
    /// In the order they are offered.
    pub const ALL: [Wanted; 6] = [
        Wanted::All,
        Wanted::Promised,
        Wanted::Charging,
        Wanted::Waiting,
        Wanted::Paid,
        Wanted::Ended,
    ];

    /// What stands in the address.
    pub fn name(self) -> &'static str {
        match self {
            Wanted::All => "all",
            Wanted::Promised => "promised",
            Wanted::Charging => "charging",
            Wanted::Waiting => "waiting",
            Wanted::Paid => "paid",
            Wanted::Ended => "ended",
        }
    }

    /// Of these names; anything else shows all.
    pub fn named(name: &str) -> Wanted {
        Wanted::ALL
            .into_iter()
            .find(|wanted| wanted.name() == name)
            .unwrap_or_default()
    }

    /// The states of pledges it shows. Checkouts that were never finished are nobody's promise.
    pub fn states(self) -> &'static [PledgeState] {
        use PledgeState as S;
        match self {
            Wanted::All => &[
                S::CardSaved,
                S::Due,
                S::Charging,
                S::NeedsYou,
                S::RetryLater,
                S::Stopping,
                S::Paid,
                S::Cancelled,
                S::Released,
                S::Dropped,
            ],
            Wanted::Promised => &[S::CardSaved],
            Wanted::Charging => &[S::Due, S::Charging, S::Stopping],
            Wanted::Waiting => &[S::NeedsYou, S::RetryLater],
            Wanted::Paid => &[S::Paid],
            Wanted::Ended => &[S::Cancelled, S::Released, S::Dropped],
        }
    }

    fn word(self) -> &'static str {
        match self {
            Wanted::All => "backers-all",
            Wanted::Promised => "backers-promised",
            Wanted::Charging => "backers-charging",
            Wanted::Waiting => "backers-waiting",
            Wanted::Paid => "backers-paid",
            Wanted::Ended => "backers-ended",
        }
    }
}

/// A pledge's state as its project reads it.
pub fn pledge_word(lang: Lang, state: PledgeState) -> &'static str {
    match state {
        PledgeState::Cancelled => lang.t("backers-state-cancelled"),
        PledgeState::NeedsYou => lang.t("backers-state-needs-you"),
        other => lang.t(crate::states::pledge_word(other)),
    }
}

impl Backer {
    fn is_paid(&self) -> bool {
        self.state == PledgeState::Paid
    }

    /// For people who hear links without their row.
    fn refund_of(&self, lang: &Lang) -> String {
        let who = self.name.as_deref().unwrap_or(lang.t("backers-no-name"));
        lang.t1("backers-refund-of", "who", who)
    }

    fn mark(&self) -> &'static str {
        crate::states::pledge_mark(self.state)
    }

    fn word(&self, lang: &Lang) -> &'static str {
        pledge_word(*lang, self.state)
    }
}

impl BackersPage {
    fn filters(&self) -> [(Wanted, &'static str); 6] {
        Wanted::ALL.map(|wanted| (wanted, self.page.t(wanted.word())))
    }

    fn is_wanted(&self, wanted: &Wanted) -> bool {
        *wanted == self.wanted
    }
}

impl OwnerPage {
    fn word(&self) -> &'static str {
        self.page.t(crate::states::campaign_word(self.state))
    }

    fn tally(&self) -> Tally {
        Tally::new(self.page.lang, self.raised, self.minimum, self.full_plan, true)
    }

    fn standing(&self) -> String {
        standing::of(self)
    }

    fn dates(&self) -> Vec<(&'static str, OffsetDateTime)> {
        standing::dates(self)
    }

    fn steps(&self) -> Vec<Link> {
        standing::steps(self)
    }
}
