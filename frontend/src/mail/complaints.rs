//! Mails to somebody who complained.

use time::OffsetDateTime;

use super::{Letter, Mail};
use crate::words::Lang;

/// The complaint arrived.
#[derive(Debug, Clone)]
pub struct Acknowledged {
    /// What it is known by.
    pub number: String,
    pub at: OffsetDateTime,
}

impl Acknowledged {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let words = lang.t2(
            "mail-complaint-received",
            "number",
            &self.number,
            "day",
            lang.date(self.at),
        );
        Letter::new(
            lang,
            lang.t("mail-complaint-received-subject").to_string(),
            "mail-why-complaint",
        )
        .words(words)
        .mail()
    }
}

/// A steward answered.
#[derive(Debug, Clone)]
pub struct Answered {
    pub number: String,
    /// What it was about, in the words of whoever complained.
    pub about: String,
    /// With its reasons.
    pub answer: String,
}

impl Answered {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let subject = lang.t("mail-complaint-answered-subject").to_string();
        let words = lang.t2(
            "mail-complaint-answered",
            "number",
            &self.number,
            "about",
            &self.about,
        );
        Letter::new(lang, subject, "mail-why-complaint")
            .words(words)
            .quote(&self.answer)
            .words(lang.t("mail-complaint-after"))
            .mail()
    }
}
