//! Mails about money on its way to a project, to those who may move it, and to stewards.

use felag_domain::money::Money;
use time::OffsetDateTime;

use super::{Letter, Mail};
use crate::words::Lang;

/// What happened to a project's payout account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountNews {
    Enabled,
    NeedsYou,
    Lost,
    /// Somebody changed where the money goes.
    BankChanged {
        last4: String,
        /// When money may be sent there.
        until: OffsetDateTime,
    },
}

/// Tells of a project's payout account.
#[derive(Debug, Clone)]
pub struct AccountTold {
    /// The project's name.
    pub project: String,
    pub news: AccountNews,
    /// The whole address of the account's page.
    pub link: String,
}

impl AccountTold {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let (subject, words) = match &self.news {
            AccountNews::Enabled => (
                "mail-account-enabled-subject",
                lang.t("mail-account-enabled").to_owned(),
            ),
            AccountNews::NeedsYou => (
                "mail-account-needs-you-subject",
                lang.t("mail-account-needs-you").to_owned(),
            ),
            AccountNews::Lost => (
                "mail-account-lost-subject",
                lang.t("mail-account-lost").to_owned(),
            ),
            AccountNews::BankChanged { last4, until } => (
                "mail-bank-changed-subject",
                lang.t2(
                    "mail-bank-changed",
                    "last",
                    last4,
                    "until",
                    lang.date_time(until, "UTC"),
                ),
            ),
        };
        Letter::new(lang, lang.t1(subject, "project", &self.project), "mail-why-owner")
            .words(words)
            .link("mail-account-link", &self.link)
            .mail()
    }
}

/// A campaign's day has come, and its project cannot be paid.
#[derive(Debug, Clone)]
pub struct WaitsForAccount {
    /// The campaign's title.
    pub title: String,
    /// The whole address of the account's page.
    pub link: String,
}

impl WaitsForAccount {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        Letter::new(
            lang,
            lang.t1("mail-waits-subject", "campaign", &self.title),
            "mail-why-owner",
        )
        .words(lang.t("mail-waits"))
        .link("mail-account-link", &self.link)
        .mail()
    }
}

/// What happened to a payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PayoutNews {
    /// A planned part is due: two people approve it.
    Proposed,
    /// Somebody asked for it: a second person approves it.
    Asked,
    /// Two people did.
    Approved,
    Paid,
    /// It came back, for this reason.
    Failed(String),
    /// Called off, for this reason.
    Withdrawn(String),
}

/// Tells of a payout.
#[derive(Debug, Clone)]
pub struct PayoutTold {
    /// The campaign's title.
    pub title: String,
    pub number: u32,
    /// What is or would be sent.
    pub amount: Money,
    pub news: PayoutNews,
    /// Who did it, where somebody did.
    pub who: String,
    /// The whole address of the payout's page.
    pub link: String,
    /// It goes to a steward.
    pub to_steward: bool,
}

impl PayoutTold {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let (subject, words) = match &self.news {
            PayoutNews::Proposed => (
                "mail-payout-proposed-subject",
                lang.t("mail-payout-proposed").to_owned(),
            ),
            PayoutNews::Asked => (
                "mail-payout-asked-subject",
                lang.t1("mail-payout-asked", "who", &self.who),
            ),
            PayoutNews::Approved => (
                "mail-payout-approved-subject",
                lang.t1("mail-payout-approved", "who", &self.who),
            ),
            PayoutNews::Paid => ("mail-payout-paid-subject", lang.t("mail-payout-paid").to_owned()),
            PayoutNews::Failed(reason) => (
                "mail-payout-failed-subject",
                lang.t1("mail-payout-failed", "reason", reason),
            ),
            PayoutNews::Withdrawn(reason) => (
                "mail-payout-withdrawn-subject",
                lang.t1("mail-payout-withdrawn", "reason", reason),
            ),
        };
        let why = if self.to_steward {
            "mail-why-steward"
        } else {
            "mail-why-owner"
        };
        let facts = vec![
            (lang.t("mail-payout-number").to_owned(), self.number.to_string()),
            (lang.t("mail-payout-amount").to_owned(), lang.money(self.amount)),
        ];
        Letter::new(lang, lang.t1(subject, "campaign", &self.title), why)
            .words(words)
            .facts(facts)
            .link("mail-payout-link", &self.link)
            .mail()
    }
}
