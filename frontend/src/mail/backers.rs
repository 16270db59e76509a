//! Mails to the person behind a pledge. Receipts and payment problems always arrive.

use felag_domain::money::Money;
use time::OffsetDateTime;

use super::{AboutPledge, Letter, Mail};
use crate::words::Lang;

/// The card is saved: the receipt of a promise.
#[derive(Debug, Clone)]
pub struct PledgeMade {
    pub pledge: AboutPledge,
}

impl PledgeMade {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let pledge = &self.pledge;
        let total = ("total", pledge.total.into());
        let subject = lang.t_with("mail-pledge-subject", [total.clone(), pledge.campaign.named()]);
        Letter::new(lang, subject, "mail-why-pledge")
            .words(lang.t_with(
                "mail-pledge",
                [total, ("minimum", pledge.campaign.minimum.into())],
            ))
            .facts(with_deadline(lang, pledge))
            .words(lang.t("mail-pledge-change"))
            .link("mail-pledge-link", &pledge.link)
            .mail()
    }
}

/// Amount, tip, name or visibility were changed by the backer.
#[derive(Debug, Clone)]
pub struct PledgeChanged {
    pub pledge: AboutPledge,
    /// What would have been charged before.
    pub total_before: Money,
}

impl PledgeChanged {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let pledge = &self.pledge;
        let subject = lang.t_with("mail-changed-subject", [pledge.campaign.named()]);
        Letter::new(lang, subject, "mail-why-pledge")
            .words(lang.t2("mail-changed", "before", self.total_before, "total", pledge.total))
            .facts(with_deadline(lang, pledge))
            .link("mail-pledge-link", &pledge.link)
            .mail()
    }
}

/// The backer took the promise back.
#[derive(Debug, Clone)]
pub struct PledgeCancelled {
    pub pledge: AboutPledge,
}

impl PledgeCancelled {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let pledge = &self.pledge;
        let subject = lang.t_with("mail-cancelled-subject", [pledge.campaign.named()]);
        Letter::new(lang, subject, "mail-why-pledge")
            .words(lang.t1("mail-cancelled", "total", pledge.total))
            .link("mail-campaign-link", &pledge.campaign.link)
            .mail()
    }
}

/// 48 hours before the deadline.
#[derive(Debug, Clone)]
pub struct DeadlineNear {
    pub pledge: AboutPledge,
    pub unsubscribe: String,
}

impl DeadlineNear {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let pledge = &self.pledge;
        let subject = lang.t_with("mail-deadline-subject", [pledge.campaign.named()]);
        Letter::new(lang, subject, "mail-why-pledge")
            .stoppable(&self.unsubscribe)
            .words(super::followers::standing(lang, &pledge.campaign))
            .words(lang.t2(
                "mail-deadline-backer",
                "total",
                pledge.total,
                "when",
                pledge.campaign.deadline(lang),
            ))
            .link("mail-pledge-link", &pledge.link)
            .mail()
    }
}

/// The minimum was promised: the card is charged now.
#[derive(Debug, Clone)]
pub struct MinimumReached {
    pub pledge: AboutPledge,
}

impl MinimumReached {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let pledge = &self.pledge;
        let subject = lang.t_with("mail-reached-subject", [pledge.campaign.named()]);
        let raised = pledge.campaign.raised;
        Letter::new(lang, subject, "mail-why-pledge")
            .words(lang.t2(
                "mail-reached",
                "raised",
                raised,
                "minimum",
                pledge.campaign.minimum,
            ))
            .facts(pledge.facts(lang))
            .words(lang.t1("mail-reached-charge", "total", pledge.total))
            .link("mail-pledge-link", &pledge.link)
            .mail()
    }
}

/// The minimum was not promised: nothing is charged.
#[derive(Debug, Clone)]
pub struct NotFunded {
    pub pledge: AboutPledge,
}

impl NotFunded {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let campaign = &self.pledge.campaign;
        let subject = lang.t_with("mail-not-funded-subject", [campaign.named()]);
        Letter::new(lang, subject, "mail-why-pledge")
            .words(lang.t2(
                "mail-not-funded",
                "raised",
                campaign.raised,
                "minimum",
                campaign.minimum,
            ))
            .words(lang.t1("mail-nothing-charged", "total", self.pledge.total))
            .link("mail-campaign-link", &campaign.link)
            .mail()
    }
}

/// The campaign was cancelled or unwound: nothing is charged.
#[derive(Debug, Clone)]
pub struct Released {
    pub pledge: AboutPledge,
}

impl Released {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let campaign = &self.pledge.campaign;
        let subject = lang.t_with("mail-released-subject", [campaign.named()]);
        Letter::new(lang, subject, "mail-why-pledge")
            .words(lang.t_with("mail-released", [campaign.named()]))
            .words(lang.t1("mail-nothing-charged", "total", self.pledge.total))
            .link("mail-campaign-link", &campaign.link)
            .mail()
    }
}

/// The card was declined, or the bank wants the person. Sent at 0, 48, 96 and 144 hours.
#[derive(Debug, Clone)]
pub struct CardNeedsYou {
    pub pledge: AboutPledge,
    /// What the bank said, in words.
    pub reason: Option<String>,
    /// When the card is tried again by itself; none if only the person can go on.
    pub next_try: Option<OffsetDateTime>,
    /// When the collection window ends.
    pub until: OffsetDateTime,
}

impl CardNeedsYou {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let (pledge, campaign) = (&self.pledge, &self.pledge.campaign);
        let subject = lang.t_with(
            "mail-card-subject",
            [("total", pledge.total.into()), campaign.named()],
        );
        let mut letter =
            Letter::new(lang, subject, "mail-why-pledge").words(lang.t1("mail-card", "total", pledge.total));
        if let Some(reason) = &self.reason {
            letter = letter.words(lang.t1("pledge-declined", "reason", reason));
        }
        letter = match self.next_try {
            Some(at) => letter.words(lang.t1("mail-card-next", "when", campaign.when(lang, at))),
            None => letter.words(lang.t("mail-card-no-next")),
        };
        letter
            .words(lang.t1("mail-card-until", "when", campaign.when(lang, self.until)))
            .facts(pledge.facts(lang))
            .link("mail-card-link", &pledge.link)
            .mail()
    }
}

/// The receipt: equal to the charge, to the cent.
#[derive(Debug, Clone)]
pub struct Charged {
    pub pledge: AboutPledge,
    pub charged_at: OffsetDateTime,
    /// Who got the money: the project's legal holder.
    pub holder: String,
    /// Address, country, register and tax numbers: a line each.
    pub holder_lines: Vec<String>,
    pub entry_number: u64,
    pub entry_hash: String,
}

impl Charged {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let (pledge, campaign) = (&self.pledge, &self.pledge.campaign);
        let subject = lang.t_with(
            "mail-charged-subject",
            [("total", pledge.total.into()), campaign.named()],
        );
        let holder =
            std::iter::once(self.holder.as_str()).chain(self.holder_lines.iter().map(String::as_str));
        let mut facts = pledge.facts(lang);
        facts.extend([
            (
                lang.t("receipt-charged").to_owned(),
                campaign.when(lang, self.charged_at),
            ),
            (
                lang.t("receipt-holder").to_owned(),
                holder.collect::<Vec<_>>().join(", "),
            ),
            (
                lang.t("receipt-entry").to_owned(),
                lang.t1("books-number", "number", self.entry_number),
            ),
            (lang.t("mail-entry-hash").to_owned(), self.entry_hash.clone()),
        ]);
        Letter::new(lang, subject, "mail-why-pledge")
            .words(lang.t1("mail-charged", "total", pledge.total))
            .facts(facts)
            .words(lang.t("receipt-keep"))
            .link("mail-pledge-link", &pledge.link)
            .mail()
    }
}

/// The card could not be charged within the window: the promise ended.
#[derive(Debug, Clone)]
pub struct Dropped {
    pub pledge: AboutPledge,
}

impl Dropped {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let campaign = &self.pledge.campaign;
        let subject = lang.t_with("mail-dropped-subject", [campaign.named()]);
        Letter::new(lang, subject, "mail-why-pledge")
            .words(lang.t("mail-dropped"))
            .words(lang.t1("mail-nothing-charged", "total", self.pledge.total))
            .link("mail-campaign-link", &campaign.link)
            .mail()
    }
}

/// Money came in after the pledge had ended, and went back.
#[derive(Debug, Clone)]
pub struct PaidBack {
    pub pledge: AboutPledge,
    pub amount: Money,
}

impl PaidBack {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let campaign = &self.pledge.campaign;
        let subject = lang.t_with(
            "mail-paid-back-subject",
            [("amount", self.amount.into()), campaign.named()],
        );
        Letter::new(lang, subject, "mail-why-pledge")
            .words(lang.t1("mail-paid-back", "amount", self.amount))
            .link("mail-pledge-link", &self.pledge.link)
            .mail()
    }
}

/// After the window less than the minimum was collected. The money stays until it is decided.
#[derive(Debug, Clone)]
pub struct CampaignShort {
    pub pledge: AboutPledge,
}

impl CampaignShort {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let campaign = &self.pledge.campaign;
        let subject = lang.t_with("mail-short-subject", [campaign.named()]);
        Letter::new(lang, subject, "mail-why-pledge")
            .words(lang.t2(
                "mail-short",
                "raised",
                campaign.raised,
                "minimum",
                campaign.minimum,
            ))
            .facts(self.pledge.facts(lang))
            .link("mail-pledge-link", &self.pledge.link)
            .mail()
    }
}

fn with_deadline(lang: Lang, pledge: &AboutPledge) -> Vec<(String, String)> {
    let mut facts = pledge.facts(lang);
    facts.push((lang.t("mail-deadline").to_owned(), pledge.campaign.deadline(lang)));
    facts
}
