//! Mails about campaigns that end otherwise than planned, or pause.

use time::OffsetDateTime;

use super::{AboutCampaign, AboutPledge, Letter, Mail};
use crate::words::Lang;

/// What happened to a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Cancelled,
    Unwound,
    GoesOn,
    Suspended,
    Resumed,
    /// Its payout account was lost.
    Unpayable,
    /// The account is there again.
    Payable,
}

/// To those who answer for the campaign's money, and to stewards.
#[derive(Debug, Clone)]
pub struct Ended {
    pub campaign: AboutCampaign,
    pub ending: Ending,
    /// Until when something is waited for.
    pub until: Option<OffsetDateTime>,
    /// The reason, in the words of whoever decided; may be empty.
    pub words: String,
    /// The whole address of the owner's page.
    pub link: String,
    pub to_steward: bool,
}

impl Ended {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let (subject, words) = match self.ending {
            Ending::Cancelled => ("mail-ended-cancelled-subject", "mail-ended-cancelled"),
            Ending::Unwound => ("mail-ended-unwound-subject", "mail-ended-unwound"),
            Ending::GoesOn => ("mail-ended-goes-on-subject", "mail-ended-goes-on"),
            Ending::Suspended => ("mail-ended-suspended-subject", "mail-ended-suspended"),
            Ending::Resumed => ("mail-ended-resumed-subject", "mail-ended-resumed"),
            Ending::Unpayable => ("mail-ended-unpayable-subject", "mail-ended-unpayable"),
            Ending::Payable => ("mail-ended-payable-subject", "mail-ended-payable"),
        };
        let reason = if self.to_steward {
            "mail-why-steward"
        } else {
            "mail-why-owner"
        };
        let until = self
            .until
            .map_or(String::new(), |until| self.campaign.when(lang, until));
        let facts = vec![
            (lang.t("mail-raised").to_owned(), lang.money(self.campaign.raised)),
            (
                lang.t("mail-minimum").to_owned(),
                lang.money(self.campaign.minimum),
            ),
        ];
        let mut letter = Letter::new(lang, lang.t_with(subject, [self.campaign.named()]), reason)
            .words(lang.t1(words, "until", until))
            .facts(facts);
        if !self.words.is_empty() {
            letter = letter.words(lang.t("mail-ended-reason")).quote(&self.words);
        }
        letter.link("mail-manage-link", &self.link).mail()
    }
}

/// To somebody who paid: everything goes back.
#[derive(Debug, Clone)]
pub struct AllGoesBack {
    pub pledge: AboutPledge,
    /// The campaign was cancelled; else it was unwound.
    pub cancelled: bool,
}

impl AllGoesBack {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let (subject, words) = if self.cancelled {
            ("mail-back-cancelled-subject", "mail-back-cancelled")
        } else {
            ("mail-back-unwound-subject", "mail-back-unwound")
        };
        let pledge = &self.pledge;
        Letter::new(
            lang,
            lang.t_with(subject, [pledge.campaign.named()]),
            "mail-why-pledge",
        )
        .words(lang.t1(words, "total", pledge.total))
        .facts(pledge.facts(lang))
        .link("mail-pledge-link", &pledge.link)
        .mail()
    }
}

/// To somebody who paid: the campaign goes on below its minimum, and they may take the money back.
#[derive(Debug, Clone)]
pub struct GoesOn {
    pub pledge: AboutPledge,
    pub until: OffsetDateTime,
}

impl GoesOn {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let pledge = &self.pledge;
        let campaign = &pledge.campaign;
        let subject = lang.t_with("mail-goes-on-subject", [campaign.named()]);
        Letter::new(lang, subject, "mail-why-pledge")
            .words(lang.t2(
                "mail-goes-on",
                "raised",
                campaign.raised,
                "minimum",
                campaign.minimum,
            ))
            .words(lang.t2(
                "mail-goes-on-choice",
                "total",
                pledge.total,
                "until",
                campaign.when(lang, self.until),
            ))
            .link("mail-goes-on-link", &format!("{}/take-back", pledge.link))
            .link("mail-pledge-link", &pledge.link)
            .mail()
    }
}
