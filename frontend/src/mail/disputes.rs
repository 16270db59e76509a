//! Mails about disputes, to the people who answer for a project's money and to stewards.

use felag_domain::money::Money;
use time::OffsetDateTime;

use super::{AboutCampaign, Letter, Mail};
use crate::words::Lang;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The bank asks; no money has moved.
    Inquiry,
    /// The bank took the money.
    Opened,
    /// Evidence is due soon, and none was sent.
    Due,
    Won,
    /// An inquiry that ended without a dispute.
    Dropped,
    Lost,
}

/// A dispute took a step.
#[derive(Debug, Clone)]
pub struct Disputed {
    pub campaign: AboutCampaign,
    pub amount: Money,
    /// What it cost besides.
    pub fee: Money,
    /// The provider's code.
    pub reason: String,
    /// Until when the bank listens.
    pub due: Option<OffsetDateTime>,
    /// The whole address of its page.
    pub link: String,
    pub step: Step,
    pub to_steward: bool,
}

impl Disputed {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let (subject, words) = match self.step {
            Step::Inquiry => ("mail-inquiry-subject", "mail-inquiry"),
            Step::Opened => ("mail-dispute-opened-subject", "mail-dispute-opened"),
            Step::Due => ("mail-dispute-due-subject", "mail-dispute-due"),
            Step::Won => ("mail-dispute-won-subject", "mail-dispute-won"),
            Step::Dropped => ("mail-inquiry-over-subject", "mail-inquiry-over"),
            Step::Lost => ("mail-dispute-lost-subject", "mail-dispute-lost"),
        };
        let subject = lang.t_with(subject, [("amount", self.amount.into()), self.campaign.named()]);
        let reason = if self.to_steward {
            "mail-why-steward"
        } else {
            "mail-why-owner"
        };
        let mut facts = vec![(lang.t("dispute-amount").to_owned(), lang.money(self.amount))];
        if !self.fee.is_zero() {
            facts.push((lang.t("dispute-fee").to_owned(), lang.money(self.fee)));
        }
        facts.push((
            lang.t("dispute-reason").to_owned(),
            lang.t(crate::disputes::reason_word(&self.reason)).to_owned(),
        ));
        if let Some(due) = self.due {
            facts.push((lang.t("dispute-due").to_owned(), self.campaign.when(lang, due)));
        }
        Letter::new(lang, subject, reason)
            .words(lang.t1(words, "amount", self.amount))
            .facts(facts)
            .link("mail-dispute-link", &self.link)
            .mail()
    }
}
