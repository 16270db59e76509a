//! Mails about the second factor. They always arrive: whoever did not do it must hear of it.

use time::OffsetDateTime;

use super::{Letter, Mail};
use crate::words::Lang;

/// The factor was set up.
#[derive(Debug, Clone)]
pub struct SwitchedOn {
    pub link: String,
}

impl SwitchedOn {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        letter(
            lang,
            "mail-factor-on-subject",
            lang.t("mail-factor-on").to_owned(),
        )
        .words(lang.t("mail-factor-not-you"))
        .link("mail-factor-link", &self.link)
        .mail()
    }
}

/// The factor was switched off by its owner.
#[derive(Debug, Clone)]
pub struct SwitchedOff {
    pub link: String,
}

impl SwitchedOff {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        letter(
            lang,
            "mail-factor-off-subject",
            lang.t("mail-factor-off").to_owned(),
        )
        .words(lang.t("mail-factor-not-you"))
        .link("mail-factor-link", &self.link)
        .mail()
    }
}

/// To the owners of a project: somebody who may move its money has no second factor any more.
#[derive(Debug, Clone)]
pub struct MembersFactorOff {
    pub member: String,
    pub project: String,
    /// The project's log.
    pub link: String,
}

impl MembersFactorOff {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let subject = lang.t1("mail-member-factor-off-subject", "member", &self.member);
        let words = lang.t2(
            "mail-member-factor-off",
            "member",
            &self.member,
            "project",
            &self.project,
        );
        Letter::new(lang, subject, "mail-why-owner")
            .words(words)
            .link("mail-audit-link", &self.link)
            .mail()
    }
}

/// A recovery code was used.
#[derive(Debug, Clone)]
pub struct RecoveryCodeUsed {
    /// Codes of the set that are left.
    pub left: i64,
    pub link: String,
}

impl RecoveryCodeUsed {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let words = lang.t1("mail-recovery-used", "left", self.left);
        letter(lang, "mail-recovery-used-subject", words)
            .words(lang.t("mail-factor-not-you"))
            .link("mail-factor-link", &self.link)
            .mail()
    }
}

/// New recovery codes took the place of the old ones.
#[derive(Debug, Clone)]
pub struct RecoveryCodesMade {
    pub link: String,
}

impl RecoveryCodesMade {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        letter(
            lang,
            "mail-recovery-made-subject",
            lang.t("mail-recovery-made").to_owned(),
        )
        .words(lang.t("mail-factor-not-you"))
        .link("mail-factor-link", &self.link)
        .mail()
    }
}

/// Somebody who knows the password asks for the factor to be switched off.
#[derive(Debug, Clone)]
pub struct ResetAsked {
    /// When a steward may do it.
    pub ready: OffsetDateTime,
    pub link: String,
}

impl ResetAsked {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let words = lang.t1(
            "mail-factor-reset-asked",
            "when",
            lang.date_time(self.ready, "UTC"),
        );
        letter(lang, "mail-factor-reset-asked-subject", words)
            .words(lang.t("mail-factor-reset-not-you"))
            .link("mail-factor-reset-link", &self.link)
            .mail()
    }
}

/// As [`ResetAsked`], a day before a steward may do it.
#[derive(Debug, Clone)]
pub struct ResetSoon {
    pub ready: OffsetDateTime,
    pub link: String,
}

impl ResetSoon {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let words = lang.t1(
            "mail-factor-reset-soon",
            "when",
            lang.date_time(self.ready, "UTC"),
        );
        letter(lang, "mail-factor-reset-soon-subject", words)
            .words(lang.t("mail-factor-reset-not-you"))
            .link("mail-factor-reset-link", &self.link)
            .mail()
    }
}

/// A steward switched the factor off.
#[derive(Debug, Clone)]
pub struct ResetDone {
    /// The steward's words.
    pub reason: String,
    pub link: String,
}

impl ResetDone {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        letter(
            lang,
            "mail-factor-reset-done-subject",
            lang.t("mail-factor-reset-done").to_owned(),
        )
        .quote(&self.reason)
        .words(lang.t("mail-factor-not-you"))
        .link("mail-factor-link", &self.link)
        .mail()
    }
}

fn letter(lang: Lang, subject: &'static str, words: String) -> Letter {
    Letter::new(lang, lang.t(subject).to_owned(), "mail-why-account").words(words)
}
