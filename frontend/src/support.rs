//! Supporting a project: the form, the check, the support as its backer sees it, and the project's list.

use askama::Template;
use felag_domain::money::{Currency, Money};
use felag_domain::pledge::PledgeState;
use felag_domain::support::{Period, SupportState};
use time::OffsetDateTime;

use crate::form::{Choice, Control, Field, Radios, Refused};
use crate::format::{Read, currency_sign};
use crate::give::{tip, visibility};
use crate::page::Page;
use crate::refunds::RefundRow;
use crate::wizard::{Form, Part, Typed};
use crate::words::Lang;

/// `GET /supports/<token>`
#[derive(Debug, Template)]
#[template(path = "support/support.html")]
pub struct SupportPage {
    pub page: Page,
    pub token: String,
    pub project: String,
    pub slug: String,
    pub state: SupportState,
    pub period: Period,
    pub gift: Money,
    pub tip: Money,
    pub total: Money,
    pub email: String,
    /// In words: who sees the name.
    pub visibility: String,
    pub next_due: Option<OffsetDateTime>,
    /// The charge that waits for the person, and what the bank said of it.
    pub waits: Option<Waiting>,
    /// The newest first.
    pub contributions: Vec<ContributionRow>,
    pub refunds: Vec<RefundRow>,
    /// Another amount, from the next charge on.
    pub change: Option<Form>,
}

/// A charge that needs the person.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub declined: Option<String>,
    pub until: OffsetDateTime,
}

/// One charge.
#[derive(Debug, Clone)]
pub struct ContributionRow {
    pub at: OffsetDateTime,
    pub total: Money,
    pub state: PledgeState,
    /// Its entry's number in the project's book.
    pub entry: Option<u64>,
    /// Where it is given back, for those who may.
    pub refund: Option<String>,
}

impl ContributionRow {
    fn mark(&self) -> &'static str {
        crate::states::pledge_mark(self.state)
    }

    fn word(&self, lang: &Lang) -> &'static str {
        lang.t(crate::states::pledge_word(self.state))
    }
}

impl SupportPage {
    fn word(&self) -> &'static str {
        self.page.t(state_word(self.state))
    }

    fn mark(&self) -> &'static str {
        mark(self.state)
    }

    fn title(&self) -> String {
        self.page.t2(
            "support-of",
            "amount",
            every(self.page.lang, self.period, self.total),
            "project",
            &self.project,
        )
    }

    /// What happens next and when.
    fn next(&self) -> String {
        let lang = self.page.lang;
        let when = |at: OffsetDateTime| lang.date(at);
        match (self.state, self.next_due) {
            (SupportState::Draft, _) => lang.t("support-next-draft").to_owned(),
            (SupportState::Expired, _) => lang.t("support-next-expired").to_owned(),
            (SupportState::Starting, _) => lang.t1("support-next-starting", "total", self.total),
            (SupportState::Active, Some(due)) => {
                lang.t2("support-next-active", "total", self.total, "when", when(due))
            }
            (SupportState::PastDue, _) => lang.t1("support-next-past-due", "total", self.total),
            (SupportState::Paused, _) => lang.t("support-next-paused").to_owned(),
            (SupportState::Ended | SupportState::Active, _) => lang.t("support-next-ended").to_owned(),
        }
    }

    fn unfinished(&self) -> bool {
        self.state == SupportState::Draft
    }

    fn can_pause(&self) -> bool {
        self.state == SupportState::Active
    }

    fn can_resume(&self) -> bool {
        self.state == SupportState::Paused
    }

    fn can_end(&self) -> bool {
        self.state.goes_on() || self.can_resume()
    }
}

/// `GET /my/support`
#[derive(Debug, Template)]
#[template(path = "support/mine.html")]
pub struct MySupportPage {
    pub page: Page,
    /// The newest first.
    pub rows: Vec<MyRow>,
}

/// One of a person's supports.
#[derive(Debug, Clone)]
pub struct MyRow {
    pub token: String,
    pub project: String,
    pub slug: String,
    pub total: Money,
    pub period: Period,
    pub state: SupportState,
    pub next_due: Option<OffsetDateTime>,
}

impl MyRow {
    fn word(&self, lang: &Lang) -> &'static str {
        lang.t(state_word(self.state))
    }

    fn mark(&self) -> &'static str {
        mark(self.state)
    }

    fn every(&self, lang: &Lang) -> String {
        every(*lang, self.period, self.total)
    }
}

/// `GET /projects/<slug>/supporters`, for the members who answer for its money.
#[derive(Debug, Template)]
#[template(path = "support/supporters.html")]
pub struct SupportersPage {
    pub page: Page,
    pub project: String,
    pub slug: String,
    pub standing: Option<Supported>,
    pub rows: Vec<SupporterRow>,
}

/// Somebody who supports a project, as far as they show themselves to it.
#[derive(Debug, Clone)]
pub struct SupporterRow {
    pub name: Option<String>,
    pub email: Option<String>,
    pub gift: Money,
    pub period: Period,
    pub state: SupportState,
    pub contributions: Vec<ContributionRow>,
}

impl SupporterRow {
    fn word(&self, lang: &Lang) -> &'static str {
        lang.t(state_word(self.state))
    }

    fn mark(&self) -> &'static str {
        mark(self.state)
    }

    fn every(&self, lang: &Lang) -> String {
        every(*lang, self.period, self.gift)
    }
}

/// What stands on a project's page: how many support it, and what they give in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supported {
    pub supporters: u64,
    pub monthly: Money,
}

/// `€5 a month`
pub fn every(lang: Lang, period: Period, amount: Money) -> String {
    lang.t1(every_word(period), "amount", lang.money_short(amount))
}

const fn every_word(period: Period) -> &'static str {
    match period {
        Period::Weekly => "support-every-week",
        Period::Monthly => "support-every-month",
        Period::Yearly => "support-every-year",
    }
}

/// What the person agrees to, for the check and once more above the provider's button.
pub fn mandate(lang: Lang, period: Period, total: impl Read<Money>, project: &str) -> String {
    let total = lang.money(total.read());
    let id = match period {
        Period::Weekly => "support-mandate-weekly",
        Period::Monthly => "support-mandate-monthly",
        Period::Yearly => "support-mandate-yearly",
    };
    lang.t2(id, "total", total, "project", project)
}

const fn state_word(state: SupportState) -> &'static str {
    match state {
        SupportState::Draft => "support-state-draft",
        SupportState::Expired => "support-state-expired",
        SupportState::Starting => "support-state-starting",
        SupportState::Active => "support-state-active",
        SupportState::PastDue => "support-state-past-due",
        SupportState::Paused => "support-state-paused",
        SupportState::Ended => "support-state-ended",
    }
}

const fn mark(state: SupportState) -> &'static str {
    match state {
        SupportState::Active => "done",
        SupportState::PastDue => "late",
        SupportState::Draft
        | SupportState::Expired
        | SupportState::Starting
        | SupportState::Paused
        | SupportState::Ended => "",
    }
}

/// The word for how often a support is charged.
pub const fn period_word(period: Period) -> &'static str {
    match period {
        Period::Weekly => "period-weekly",
        Period::Monthly => "period-monthly",
        Period::Yearly => "period-yearly",
    }
}

/// The fields `amount`, `period`, `email` (guests only), `name`, `visibility`, `tip`.
pub fn parts(
    lang: Lang,
    currency: Currency,
    least: Money,
    signed_in: bool,
    typed: Typed<'_>,
    refused: &Refused,
) -> Vec<Part> {
    let chosen = typed("period");
    let period = Radios {
        name: "period",
        legend: lang.t("support-how-often").to_owned(),
        hint: None,
        error: refused.of("period"),
        options: Period::ALL
            .iter()
            .map(|period| Choice::new(period.as_str(), lang.t(period_word(*period)), &chosen))
            .collect(),
        as_buttons: true,
    };
    let email = Field::new("email", lang.t("give-email"), typed("email"))
        .typed_in(Control::Email)
        .autocomplete("email")
        .hint(lang.t("support-email-hint"))
        .error(refused.of("email"));
    let name = Field::new("name", lang.t("give-name"), typed("name"))
        .autocomplete("name")
        .hint(lang.t("give-name-hint"))
        .error(refused.of("name"));
    let mut parts = vec![
        Part::Field(amount(lang, currency, least, typed, refused)),
        Part::Radios(period),
    ];
    parts.extend((!signed_in).then_some(Part::Field(email)));
    let zero = Money::zero(currency);
    parts.extend([
        Part::Field(name),
        Part::Radios(visibility(lang, &typed("visibility"), refused)),
        Part::Field(tip(lang, zero, &typed("tip"), refused)),
    ]);
    parts
}

/// The fields `amount` and `tip`: what may be changed later.
pub fn change_parts(
    lang: Lang,
    currency: Currency,
    least: Money,
    typed: Typed<'_>,
    refused: &Refused,
) -> Vec<Part> {
    vec![
        Part::Field(amount(lang, currency, least, typed, refused)),
        Part::Field(tip(lang, Money::zero(currency), &typed("tip"), refused)),
    ]
}

fn amount(lang: Lang, currency: Currency, least: Money, typed: Typed<'_>, refused: &Refused) -> Field {
    Field::new("amount", lang.t("support-amount"), typed("amount"))
        .typed_in(Control::Money(currency_sign(&Money::zero(currency))))
        .hint(lang.t1("support-amount-hint", "least", lang.money_short(least)))
        .error(refused.of("amount").or_else(|| refused.of("own")))
}
