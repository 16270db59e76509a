//! Mails to the people who run a campaign, and to stewards.

use felag_domain::money::Money;

use super::{AboutCampaign, Letter, Mail};
use crate::words::Lang;

/// Once a day, if there were new backers.
#[derive(Debug, Clone)]
pub struct NewBackers {
    pub campaign: AboutCampaign,
    pub count: u64,
    /// What they promised together.
    pub promised: Money,
    /// The whole address of the list of backers.
    pub link: String,
    pub unsubscribe: String,
}

impl NewBackers {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let subject = lang.t_with(
            "mail-backers-subject",
            [("count", self.count.into()), self.campaign.named()],
        );
        Letter::new(lang, subject, "mail-why-owner")
            .stoppable(&self.unsubscribe)
            .words(lang.t2("mail-backers", "count", self.count, "promised", self.promised))
            .words(super::followers::standing(lang, &self.campaign))
            .link("mail-backers-link", &self.link)
            .mail()
    }
}

/// What the deadline or the end of the window decided, for the owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The minimum was promised; cards are charged.
    Collecting,
    /// The minimum was collected.
    Funded,
    /// The minimum was not promised.
    Failed,
    /// The minimum was promised and not collected.
    Short,
    /// Called off.
    Cancelled,
    /// It keeps what comes, and nothing came.
    NothingCame,
}

/// Tells the owner of an outcome.
#[derive(Debug, Clone)]
pub struct Decided {
    pub campaign: AboutCampaign,
    pub outcome: Outcome,
    /// The whole address of the owner's page.
    pub link: String,
}

impl Decided {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let (subject, words) = match self.outcome {
            Outcome::Collecting => ("mail-owner-collecting-subject", "mail-owner-collecting"),
            Outcome::Funded => ("mail-owner-funded-subject", "mail-owner-funded"),
            Outcome::Failed => ("mail-owner-failed-subject", "mail-owner-failed"),
            Outcome::Short => ("mail-short-subject", "mail-owner-short"),
            Outcome::Cancelled => ("mail-released-subject", "mail-owner-cancelled"),
            Outcome::NothingCame => ("mail-owner-nothing-subject", "mail-owner-nothing"),
        };
        let facts = vec![
            (lang.t("mail-raised").to_owned(), lang.money(self.campaign.raised)),
            (
                lang.t("mail-minimum").to_owned(),
                lang.money(self.campaign.minimum),
            ),
        ];
        Letter::new(
            lang,
            lang.t_with(subject, [self.campaign.named()]),
            "mail-why-owner",
        )
        .words(lang.t(words))
        .facts(facts)
        .link("mail-manage-link", &self.link)
        .mail()
    }
}

/// Tells the owners that a campaign was called off before it opened.
#[derive(Debug, Clone)]
pub struct CancelledEarly {
    pub title: String,
    /// The whole address of the owner's page.
    pub link: String,
}

impl CancelledEarly {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let subject = lang.t1("mail-released-subject", "campaign", &self.title);
        Letter::new(lang, subject, "mail-why-owner")
            .words(lang.t("mail-owner-cancelled-early"))
            .link("mail-manage-link", &self.link)
            .mail()
    }
}

/// Tells a steward that a campaign is short and waits for a decision.
#[derive(Debug, Clone)]
pub struct ShortForSteward {
    pub campaign: AboutCampaign,
}

impl ShortForSteward {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let campaign = &self.campaign;
        Letter::new(
            lang,
            lang.t_with("mail-short-subject", [campaign.named()]),
            "mail-why-steward",
        )
        .words(lang.t2(
            "mail-short",
            "raised",
            campaign.raised,
            "minimum",
            campaign.minimum,
        ))
        .link("mail-campaign-link", &campaign.link)
        .mail()
    }
}

/// Tells a steward that a campaign waits to be read.
#[derive(Debug, Clone)]
pub struct ToReview {
    pub title: String,
    pub project: String,
    /// The whole address of the review.
    pub link: String,
}

impl ToReview {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        Letter::new(
            lang,
            lang.t1("mail-review-subject", "campaign", &self.title),
            "mail-why-steward",
        )
        .words(lang.t2("mail-review", "campaign", &self.title, "project", &self.project))
        .link("mail-review-link", &self.link)
        .mail()
    }
}

/// A steward asked the owner for changes.
#[derive(Debug, Clone)]
pub struct ChangesAsked {
    pub title: String,
    /// The steward's words.
    pub words: String,
    /// The whole address of the editor.
    pub link: String,
}

impl ChangesAsked {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        Letter::new(
            lang,
            lang.t1("mail-changes-subject", "campaign", &self.title),
            "mail-why-owner",
        )
        .words(lang.t("mail-changes"))
        .quote(&self.words)
        .link("mail-changes-link", &self.link)
        .mail()
    }
}

/// A steward approved a campaign.
#[derive(Debug, Clone)]
pub struct Approved {
    pub campaign: AboutCampaign,
    pub opens: time::OffsetDateTime,
    /// What the steward wrote; may be empty.
    pub words: String,
}

impl Approved {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let campaign = &self.campaign;
        let subject = lang.t_with("mail-approved-subject", [campaign.named()]);
        let (opens, closes) = (campaign.when(lang, self.opens), campaign.deadline(lang));
        let mut letter = Letter::new(lang, subject, "mail-why-owner").words(lang.t2(
            "mail-approved",
            "opens",
            opens,
            "closes",
            closes,
        ));
        if !self.words.is_empty() {
            letter = letter.quote(&self.words);
        }
        letter.link("mail-campaign-link", &campaign.link).mail()
    }
}
