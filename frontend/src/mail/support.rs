//! Mails to the person behind a support. Receipts, notices and payment problems always arrive.

use felag_domain::money::Money;
use felag_domain::refund::RefundWhy;
use felag_domain::support::Period;
use time::OffsetDateTime;

use super::returns::How;
use super::{Letter, Mail};
use crate::support::every;
use crate::words::Lang;

/// A support, as mails speak of it.
#[derive(Debug, Clone)]
pub struct AboutSupport {
    pub project: String,
    /// The whole address of the project's page.
    pub project_link: String,
    pub gift: Money,
    pub tip: Money,
    /// Gift and tip: what is charged each time.
    pub total: Money,
    pub period: Period,
    /// The whole address of the support's own page.
    pub link: String,
}

impl AboutSupport {
    fn facts(&self, lang: Lang) -> Vec<(String, String)> {
        vec![
            (
                lang.t1("give-to", "project", &self.project),
                lang.money(self.gift),
            ),
            (lang.t("receipt-tip").to_owned(), lang.money(self.tip)),
            (lang.t("mail-total").to_owned(), lang.money(self.total)),
        ]
    }

    fn letter(&self, lang: Lang, subject: &'static str) -> Letter {
        let subject = lang.t2(subject, "total", self.total, "project", &self.project);
        Letter::new(lang, subject, "mail-why-support")
    }
}

/// A receipt: a contribution was charged.
#[derive(Debug, Clone)]
pub struct Charged {
    pub support: AboutSupport,
    pub charged_at: OffsetDateTime,
    pub next_at: Option<OffsetDateTime>,
    /// Who got the money: the project's legal holder.
    pub holder: String,
    pub holder_lines: Vec<String>,
    pub entry_number: u64,
    pub entry_hash: String,
}

impl Charged {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let support = &self.support;
        let holder =
            std::iter::once(self.holder.as_str()).chain(self.holder_lines.iter().map(String::as_str));
        let holder = holder.collect::<Vec<_>>().join(", ");
        let mut facts = support.facts(lang);
        facts.extend([
            (lang.t("receipt-charged").to_owned(), lang.date(self.charged_at)),
            (lang.t("receipt-holder").to_owned(), holder),
            (
                lang.t("receipt-entry").to_owned(),
                lang.t1("books-number", "number", self.entry_number),
            ),
            (lang.t("mail-entry-hash").to_owned(), self.entry_hash.clone()),
        ]);
        let letter = support
            .letter(lang, "mail-support-charged-subject")
            .words(lang.t2(
                "mail-support-charged",
                "total",
                support.total,
                "project",
                &support.project,
            ))
            .facts(facts)
            .words(lang.t("receipt-keep"));
        let letter = match self.next_at {
            Some(at) => letter.words(lang.t1("mail-support-next", "when", lang.date(at))),
            None => letter,
        };
        letter.link("mail-support-link", &support.link).mail()
    }
}

/// The card was declined, or the bank wants the person.
#[derive(Debug, Clone)]
pub struct NeedsYou {
    pub support: AboutSupport,
    /// What the bank said, in words.
    pub reason: Option<String>,
    pub next_try: Option<OffsetDateTime>,
    pub until: OffsetDateTime,
}

impl NeedsYou {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let support = &self.support;
        let mut letter = support.letter(lang, "mail-card-support-subject").words(lang.t1(
            "mail-card",
            "total",
            support.total,
        ));
        if let Some(reason) = &self.reason {
            letter = letter.words(lang.t1("pledge-declined", "reason", reason));
        }
        letter = match self.next_try {
            Some(at) => letter.words(lang.t1("mail-card-next", "when", lang.date(at))),
            None => letter.words(lang.t("mail-card-no-next")),
        };
        letter
            .words(lang.t1("mail-support-until", "when", lang.date(self.until)))
            .facts(support.facts(lang))
            .link("mail-card-link", &support.link)
            .mail()
    }
}

/// A yearly charge comes soon.
#[derive(Debug, Clone)]
pub struct Notice {
    pub support: AboutSupport,
    pub due: OffsetDateTime,
}

impl Notice {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let support = &self.support;
        let when = lang.date(self.due);
        support
            .letter(lang, "mail-support-notice-subject")
            .words(lang.t3(
                "mail-support-notice",
                "total",
                support.total,
                "project",
                &support.project,
                "when",
                when,
            ))
            .facts(support.facts(lang))
            .link("mail-support-link", &support.link)
            .mail()
    }
}

/// The amount was changed.
#[derive(Debug, Clone)]
pub struct Changed {
    pub support: AboutSupport,
    /// What each charge took before.
    pub before: Money,
    pub next_at: Option<OffsetDateTime>,
}

impl Changed {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let support = &self.support;
        let now = every(lang, support.period, support.total);
        let letter = support
            .letter(lang, "mail-support-changed-subject")
            .words(lang.t2("mail-support-changed", "before", self.before, "now", now));
        let letter = match self.next_at {
            Some(at) => letter.words(lang.t1("mail-support-next", "when", lang.date(at))),
            None => letter,
        };
        letter
            .facts(support.facts(lang))
            .link("mail-support-link", &support.link)
            .mail()
    }
}

/// Why a support is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverWhy {
    ByBacker,
    /// The card could not be charged.
    NotPaid,
}

/// It is over.
#[derive(Debug, Clone)]
pub struct Over {
    pub support: AboutSupport,
    pub why: OverWhy,
}

impl Over {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let words = match self.why {
            OverWhy::ByBacker => "mail-support-ended",
            OverWhy::NotPaid => "mail-support-not-paid",
        };
        self.support
            .letter(lang, "mail-support-ended-subject")
            .words(lang.t1(words, "project", &self.support.project))
            .link("mail-support-project-link", &self.support.project_link)
            .mail()
    }
}

/// A refund of a contribution took a step.
#[derive(Debug, Clone)]
pub struct PaidBack {
    pub support: AboutSupport,
    pub amount: Money,
    pub why: RefundWhy,
    /// What whoever gave it back wrote; may be empty.
    pub words: String,
    pub how: How,
}

impl PaidBack {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let (subject, words) = match self.how {
            How::OnItsWay => ("mail-refund-pending-subject", "mail-refund-pending"),
            How::Done => ("mail-refund-done-subject", "mail-refund-done"),
            How::Failed => ("mail-refund-failed-subject", "mail-refund-failed"),
        };
        let subject = lang.t2(subject, "amount", self.amount, "campaign", &self.support.project);
        let mut letter = Letter::new(lang, subject, "mail-why-support")
            .words(lang.t1(words, "amount", self.amount))
            .facts(vec![(
                lang.t("refund-why").to_owned(),
                lang.t(crate::refunds::why_word(self.why)).to_owned(),
            )]);
        if !self.words.is_empty() {
            letter = letter.quote(&self.words);
        }
        letter.link("mail-support-link", &self.support.link).mail()
    }
}
