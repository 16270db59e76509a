//! Mails to stewards about the provider's balance beside the books.

use time::OffsetDateTime;

use super::{Letter, Mail};
use crate::words::Lang;

/// A comparison found something new.
#[derive(Debug, Clone)]
pub struct Differs {
    pub new: i64,
    pub all: i64,
    /// The whole address of the page that lists them.
    pub link: String,
}

impl Differs {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        Letter::new(
            lang,
            lang.t1("mail-differs-subject", "count", self.new),
            "mail-why-steward",
        )
        .words(lang.t2("mail-differs", "new", self.new, "all", self.all))
        .link("mail-differs-link", &self.link)
        .mail()
    }
}

/// Nothing was compared for more than a day.
#[derive(Debug, Clone)]
pub struct Late {
    pub since: OffsetDateTime,
    /// The whole address of the page that lists the runs.
    pub link: String,
}

impl Late {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        Letter::new(
            lang,
            lang.t("mail-not-compared-subject").to_owned(),
            "mail-why-steward",
        )
        .words(lang.t1("mail-not-compared", "since", lang.date_time(self.since, "UTC")))
        .link("mail-differs-link", &self.link)
        .mail()
    }
}
