//! Money on its way to projects: the payout account, a campaign's payouts, one payout with its statement, the
//! stewards' page, and what the platform takes.

use askama::Template;
use felag_domain::fee::FeeSchedule;
use felag_domain::money::{Currency, Money};
use felag_domain::payout::{Breakdown, PayoutSource, PayoutState};
use felag_domain::payout_account::AccountState;
use time::OffsetDateTime;

use crate::form::{Control, Refused};
use crate::page::Page;
use crate::wizard::{Form, Link, Part, Typed, area, text};
use crate::words::Lang;

/// `GET /projects/<slug>/payout-account`
#[derive(Debug, Template)]
#[template(path = "payouts/account.html")]
pub struct AccountPage {
    pub page: Page,
    /// Where its button sends to.
    pub action: String,
    /// The project's name.
    pub name: String,
    /// None before it was begun.
    pub state: Option<AccountState>,
    /// How many answers the provider still wants.
    pub asked: usize,
    pub checked_at: Option<OffsetDateTime>,
    pub bank: Option<BankShown>,
    /// Bank details were changed: nothing is sent before this.
    pub waits_until: Option<OffsetDateTime>,
    pub has_holder: bool,
    pub holder_link: String,
    /// Owners and treasurers.
    pub may_start: bool,
}

/// A bank account, as far as anybody needs to see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankShown {
    pub last4: String,
    pub country: String,
}

/// `GET /campaigns/<slug>/payouts`
#[derive(Debug, Template)]
#[template(path = "payouts/payouts.html")]
pub struct PayoutsPage {
    pub page: Page,
    pub slug: String,
    pub title: String,
    /// Collected and not paid out.
    pub held: Money,
    /// What the plan lets out now.
    pub released: Money,
    /// What the project owes back: repaid first.
    pub owed: Money,
    /// What stands in the way, each in a sentence.
    pub frozen: Vec<String>,
    pub plan: Vec<Planned>,
    /// The latest first.
    pub payouts: Vec<Line>,
    /// For owners and treasurers, when something may be asked for.
    pub ask: Option<Form>,
    pub account: Link,
}

/// A planned part.
#[derive(Debug, Clone)]
pub struct Planned {
    pub percent: u8,
    pub days: u16,
    /// Known from the end of collection on.
    pub due: Option<OffsetDateTime>,
    pub amount: Option<Money>,
}

/// A payout in a list.
#[derive(Debug, Clone)]
pub struct Line {
    pub number: u32,
    pub state: PayoutState,
    pub amount: Money,
    pub at: OffsetDateTime,
}

/// `GET /campaigns/<slug>/payouts/<number>`
#[derive(Debug, Template)]
#[template(path = "payouts/payout.html")]
pub struct PayoutPage {
    pub page: Page,
    /// Where it belongs: the campaign's payouts, or the stewards' page.
    pub back: Link,
    pub slug: String,
    pub number: u32,
    pub state: PayoutState,
    pub parts: Breakdown,
    /// The parts are fixed by the second approval.
    pub is_estimate: bool,
    /// Who asked and approved, and when: in order.
    pub history: Vec<(String, OffsetDateTime)>,
    /// Where it goes, in words.
    pub to: Option<String>,
    pub frozen: Vec<String>,
    /// What comes next, in a sentence.
    pub next: String,
    pub approve: Option<Form>,
    pub withdraw: Option<Form>,
    pub statement: Option<StatementShown>,
}

/// A statement: how what was held came to be, and what became of it.
#[derive(Debug, Clone)]
pub struct StatementShown {
    pub lines: Vec<StatementLine>,
    pub bank_reference: Option<String>,
    pub entry_number: u64,
    pub entry_hash: String,
    /// Below this page's address.
    pub csv: String,
    pub pdf: String,
}

/// One line of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    pub label: String,
    pub amount: Money,
    /// A sum of the lines above it.
    pub is_sum: bool,
}

/// `GET /payouts`
#[derive(Debug, Template)]
#[template(path = "payouts/queue.html")]
pub struct QueuePage {
    pub page: Page,
    /// What is under way, the oldest first.
    pub under_way: Vec<QueueLine>,
    /// Payouts of loans that came back and were not made up for yet.
    pub came_back: Vec<QueueLine>,
    /// Campaigns whose money is held longer than the policy allows.
    pub held_too_long: Vec<HeldLine>,
}

/// A payout that is under way.
#[derive(Debug, Clone)]
pub struct QueueLine {
    pub slug: String,
    pub number: u32,
    pub campaign: String,
    pub project: String,
    pub state: PayoutState,
    pub amount: Money,
    pub since: OffsetDateTime,
}

/// Money that is held too long.
#[derive(Debug, Clone)]
pub struct HeldLine {
    pub slug: String,
    pub campaign: String,
    pub held: Money,
    pub collected_at: OffsetDateTime,
}

/// `GET /fees`
#[derive(Debug, Template)]
#[template(path = "payouts/fees.html")]
pub struct FeesPage {
    pub page: Page,
    /// The newest first.
    pub schedules: Vec<&'static FeeSchedule>,
    pub rows: Vec<FeeRow>,
}

/// What a gift costs in one currency, under the newest schedule.
#[derive(Debug, Clone)]
pub struct FeeRow {
    pub currency: Currency,
    /// The least that may be given.
    pub smallest: Money,
    /// What the provider keeps of each gift, whatever its amount.
    pub fixed: Money,
    pub example: Money,
    pub net: Money,
}

impl FeesPage {
    fn rate(&self, schedule: &FeeSchedule) -> String {
        schedule.platform.percent().to_string()
    }

    fn tax(&self, schedule: &FeeSchedule) -> String {
        schedule.tax.percent().to_string()
    }

    fn provider_rate(&self, schedule: &FeeSchedule) -> String {
        schedule.provider_rate.percent().to_string()
    }

    fn country(&self, schedule: &FeeSchedule) -> &str {
        crate::project_edit::country(self.page.lang, schedule.tax_country)
    }
}

/// The message that names a payout's state.
pub fn state_word(state: PayoutState) -> &'static str {
    match state {
        PayoutState::Proposed => "payout-state-proposed",
        PayoutState::Asked => "payout-state-asked",
        PayoutState::Approved => "payout-state-approved",
        PayoutState::Sending => "payout-state-sending",
        PayoutState::OnItsWay => "payout-state-on-its-way",
        PayoutState::Paid => "payout-state-paid",
        PayoutState::Failed => "payout-state-failed",
        PayoutState::Returned => "payout-state-returned",
        PayoutState::Withdrawn => "payout-state-withdrawn",
    }
}

/// The mark before a payout's state.
pub fn state_mark(state: PayoutState) -> &'static str {
    match state {
        PayoutState::Paid => "done",
        PayoutState::Proposed | PayoutState::Asked | PayoutState::Failed => "late",
        PayoutState::Returned | PayoutState::Withdrawn => "lost",
        PayoutState::Approved | PayoutState::Sending | PayoutState::OnItsWay => "next",
    }
}

/// The message that names where a payout account stands.
pub fn account_word(state: Option<AccountState>) -> &'static str {
    match state {
        None => "payout-account-none",
        Some(AccountState::Pending) => "payout-account-pending",
        Some(AccountState::Enabled) => "payout-account-is-enabled",
        Some(AccountState::Restricted) => "payout-account-restricted",
        Some(AccountState::Rejected) => "payout-account-rejected",
        Some(AccountState::Lost) => "payout-account-lost",
    }
}

impl AccountPage {
    fn word(&self) -> &'static str {
        self.page.t(account_word(self.state))
    }

    fn mark(&self) -> &'static str {
        match self.state {
            Some(AccountState::Enabled) => "done",
            Some(AccountState::Rejected | AccountState::Lost) => "lost",
            Some(AccountState::Restricted) => "late",
            Some(AccountState::Pending) | None => "next",
        }
    }

    fn means(&self) -> &'static str {
        self.page.t(match self.state {
            None => "payout-account-none-means",
            Some(AccountState::Pending) => "payout-account-pending-means",
            Some(AccountState::Enabled) => "payout-account-enabled-means",
            Some(AccountState::Restricted) => "payout-account-restricted-means",
            Some(AccountState::Rejected) => "payout-account-rejected-means",
            Some(AccountState::Lost) => "payout-account-lost-means",
        })
    }

    fn button(&self) -> &'static str {
        self.page.t(match self.state {
            None => "payout-account-start",
            Some(AccountState::Pending | AccountState::Restricted) => "payout-account-go-on",
            Some(AccountState::Enabled) => "payout-account-change",
            Some(AccountState::Rejected | AccountState::Lost) => "payout-account-start-again",
        })
    }
}

impl Line {
    fn word(&self, lang: &Lang) -> &'static str {
        lang.t(state_word(self.state))
    }

    fn mark(&self) -> &'static str {
        state_mark(self.state)
    }
}

impl QueueLine {
    fn word(&self, lang: &Lang) -> &'static str {
        lang.t(state_word(self.state))
    }

    fn mark(&self) -> &'static str {
        state_mark(self.state)
    }
}

impl PayoutPage {
    fn word(&self) -> &'static str {
        self.page.t(state_word(self.state))
    }

    fn mark(&self) -> &'static str {
        state_mark(self.state)
    }

    /// The parts that are not nothing, each with its words.
    fn taken(&self) -> Vec<(&'static str, Money)> {
        let page = &self.page;
        let costs = match self.parts.source {
            PayoutSource::Gifts => "payout-part-costs",
            PayoutSource::Loan => "payout-part-costs-loan",
        };
        [
            (page.t("payout-part-repaid"), self.parts.repaid),
            (page.t(costs), self.parts.costs),
            (page.t("payout-part-fee"), self.parts.fee),
            (page.t("payout-part-tax"), self.parts.tax),
        ]
        .into_iter()
        .filter(|(_, amount)| !amount.is_zero())
        .collect()
    }
}

/// The field `amount`.
pub fn ask(lang: Lang, currency: Currency, most: Money, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    let sign = crate::format::currency_sign(&Money::zero(currency));
    let amount = text("amount", lang.t("payout-ask-amount"), typed, refused)
        .typed_in(Control::Money(sign))
        .hint(lang.t1("payout-ask-amount-hint", "most", most));
    vec![Part::Field(amount)]
}

/// The field `reason`.
pub fn withdraw(lang: Lang, typed: Typed<'_>, refused: &Refused) -> Vec<Part> {
    vec![Part::Field(
        area("reason", lang.t("payout-withdraw-reason"), 3, typed, refused)
            .hint(lang.t("payout-withdraw-reason-hint")),
    )]
}
