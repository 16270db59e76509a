//! Mails about who belongs to a project.

use felag_domain::person::Role;
use time::OffsetDateTime;

use super::{Letter, Mail};
use crate::members::{role_may, role_word};
use crate::words::{Lang, Value};

/// Asks somebody into a project.
#[derive(Debug, Clone)]
pub struct Invited {
    pub project: String,
    /// Who asks, by the name they show.
    pub by: String,
    pub role: Role,
    pub ends: OffsetDateTime,
    /// The whole address of the invitation.
    pub link: String,
}

impl Invited {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let subject = lang.t2("mail-invited-subject", "by", &self.by, "project", &self.project);
        let words = lang.t_with(
            "mail-invited",
            [
                ("by", Value::from(&self.by)),
                ("role", lang.t(role_word(self.role)).into()),
                ("project", Value::from(&self.project)),
                ("when", lang.date_time(self.ends, "UTC").into()),
            ],
        );
        Letter::new(lang, subject, "mail-why-asked")
            .words(words)
            .words(format!("{}.", lang.t(role_may(self.role))))
            .link("mail-invited-link", &self.link)
            .words(lang.t("mail-not-you"))
            .mail()
    }
}

/// Somebody's place in a project began or ended.
#[derive(Debug, Clone)]
pub struct Changed {
    pub project: String,
    pub name: String,
    pub role: Role,
    /// Who did it, by the name they show.
    pub by: String,
    /// The whole address of the page to look at.
    pub link: String,
}

impl Changed {
    fn named<'a>(&'a self, lang: Lang) -> [(&'static str, Value<'a>); 4] {
        [
            ("name", Value::from(&self.name)),
            ("role", lang.t(role_word(self.role)).into()),
            ("project", Value::from(&self.project)),
            ("by", Value::from(&self.by)),
        ]
    }

    /// To every member: somebody who may decide about money came in.
    pub fn added(&self, lang: Lang) -> Mail {
        let subject = lang.t_with("mail-member-added-subject", self.named(lang));
        Letter::new(lang, subject, "mail-why-owner")
            .words(lang.t_with("mail-member-added", self.named(lang)))
            .words(lang.t("mail-members-wrong"))
            .link("mail-members-link", &self.link)
            .mail()
    }

    /// To every member: somebody who may decide about money is gone.
    pub fn removed(&self, lang: Lang) -> Mail {
        let subject = lang.t_with("mail-member-removed-subject", self.named(lang));
        Letter::new(lang, subject, "mail-why-owner")
            .words(lang.t_with("mail-member-removed", self.named(lang)))
            .words(lang.t("mail-members-wrong"))
            .link("mail-members-link", &self.link)
            .mail()
    }

    /// To whoever is gone.
    pub fn you_left(&self, lang: Lang) -> Mail {
        let subject = lang.t_with("mail-you-left-subject", self.named(lang));
        Letter::new(lang, subject, "mail-why-no-member")
            .words(lang.t_with("mail-you-left", self.named(lang)))
            .link("mail-project-link", &self.link)
            .mail()
    }
}
