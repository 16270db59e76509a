//! Mails about an account and about following a campaign.

use time::OffsetDateTime;

use super::{AboutCampaign, Letter, Mail};
use crate::words::Lang;

/// Asks whether an address belongs to the person who typed it.
#[derive(Debug, Clone)]
pub struct ConfirmAddress {
    pub link: String,
    pub ends: OffsetDateTime,
}

impl ConfirmAddress {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        Letter::new(lang, lang.t("mail-confirm-subject").to_owned(), "mail-why-asked")
            .words(lang.t1("mail-confirm", "when", lang.date_time(self.ends, "UTC")))
            .link("mail-confirm-link", &self.link)
            .words(lang.t("mail-not-you"))
            .mail()
    }
}

/// Somebody signed up with an address that has an account. The page says the same to everybody.
#[derive(Debug, Clone)]
pub struct AddressHasAccount {
    pub sign_in: String,
    pub reset: String,
}

impl AddressHasAccount {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        Letter::new(
            lang,
            lang.t("mail-has-account-subject").to_owned(),
            "mail-why-asked",
        )
        .words(lang.t("mail-has-account"))
        .link("mail-sign-in-link", &self.sign_in)
        .link("mail-reset-link", &self.reset)
        .words(lang.t("mail-not-you"))
        .mail()
    }
}

/// A link that lets somebody choose a new password, once.
#[derive(Debug, Clone)]
pub struct ResetPassword {
    pub link: String,
    pub ends: OffsetDateTime,
}

impl ResetPassword {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        Letter::new(lang, lang.t("mail-reset-subject").to_owned(), "mail-why-asked")
            .words(lang.t1("mail-reset", "when", lang.date_time(self.ends, "UTC")))
            .link("mail-reset-link", &self.link)
            .words(lang.t("mail-not-you"))
            .mail()
    }
}

/// Tells the owner of an account that its password is another one now.
#[derive(Debug, Clone)]
pub struct PasswordChanged {
    pub at: OffsetDateTime,
    /// Where a link for another new password is asked for.
    pub reset: String,
}

impl PasswordChanged {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        Letter::new(
            lang,
            lang.t("mail-password-changed-subject").to_owned(),
            "mail-why-account",
        )
        .words(lang.t1("mail-password-changed", "when", lang.date_time(self.at, "UTC")))
        .words(lang.t("mail-password-changed-not-you"))
        .link("mail-reset-link", &self.reset)
        .mail()
    }
}

/// To an address that refused mail before: it works again.
#[derive(Debug, Clone)]
pub struct AddressWorks {
    /// The whole address of the account's page.
    pub link: String,
}

impl AddressWorks {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let subject = lang.t("mail-address-works-subject").to_owned();
        Letter::new(lang, subject, "mail-why-account")
            .words(lang.t("mail-address-works"))
            .link("account-title", &self.link)
            .mail()
    }
}

/// Asks whether an address wants to follow a campaign.
#[derive(Debug, Clone)]
pub struct ConfirmFollow {
    pub campaign: AboutCampaign,
    pub link: String,
}

impl ConfirmFollow {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let campaign = self.campaign.named();
        Letter::new(
            lang,
            lang.t_with("mail-follow-subject", [campaign.clone()]),
            "mail-why-asked",
        )
        .words(lang.t_with("mail-follow", [campaign]))
        .link("mail-follow-link", &self.link)
        .words(lang.t("mail-not-you"))
        .mail()
    }
}
