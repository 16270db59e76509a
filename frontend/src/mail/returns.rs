//! Mails about money that goes back.

use felag_domain::money::Money;
use felag_domain::refund::RefundWhy;

use super::{AboutCampaign, AboutPledge, Letter, Mail};
use crate::words::Lang;

/// How far a refund is, as its backer is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The bank has it.
    OnItsWay,
    /// The provider says it is done.
    Done,
    /// It did not arrive.
    Failed,
}

/// To the backer: a refund took a step.
#[derive(Debug, Clone)]
pub struct MoneyBack {
    pub pledge: AboutPledge,
    pub amount: Money,
    pub why: RefundWhy,
    /// What whoever gave it back wrote; may be empty.
    pub words: String,
    pub how: How,
}

impl MoneyBack {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let (subject, words) = match self.how {
            How::OnItsWay => ("mail-refund-pending-subject", "mail-refund-pending"),
            How::Done => ("mail-refund-done-subject", "mail-refund-done"),
            How::Failed => ("mail-refund-failed-subject", "mail-refund-failed"),
        };
        let subject = lang.t_with(
            subject,
            [("amount", self.amount.into()), self.pledge.campaign.named()],
        );
        let mut letter = Letter::new(lang, subject, "mail-why-pledge")
            .words(lang.t1(words, "amount", self.amount))
            .facts(vec![
                (
                    lang.t("refund-why").to_owned(),
                    lang.t(crate::refunds::why_word(self.why)).to_owned(),
                ),
                (lang.t("mail-refund-of").to_owned(), lang.money(self.pledge.total)),
            ]);
        if !self.words.is_empty() {
            letter = letter.quote(&self.words);
        }
        letter.link("mail-pledge-link", &self.pledge.link).mail()
    }
}

/// To the project and to stewards: a refund did not arrive, and its money is held again.
#[derive(Debug, Clone)]
pub struct NotArrived {
    pub campaign: AboutCampaign,
    pub amount: Money,
    /// The whole address of the page that gives it back once more.
    pub link: String,
    pub to_steward: bool,
}

impl NotArrived {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let subject = lang.t_with(
            "mail-not-arrived-subject",
            [("amount", self.amount.into()), self.campaign.named()],
        );
        let reason = if self.to_steward {
            "mail-why-steward"
        } else {
            "mail-why-owner"
        };
        Letter::new(lang, subject, reason)
            .words(lang.t1("mail-not-arrived", "amount", self.amount))
            .link("mail-not-arrived-link", &self.link)
            .mail()
    }
}
