//! Mails to people who follow a campaign. Each can be stopped by one click.

use super::{AboutCampaign, Letter, Mail};
use crate::words::Lang;

/// 48 hours before the deadline, to somebody who has not given.
#[derive(Debug, Clone)]
pub struct DeadlineNear {
    pub campaign: AboutCampaign,
    pub unsubscribe: String,
}

impl DeadlineNear {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let subject = lang.t_with("mail-deadline-subject", [self.campaign.named()]);
        Letter::new(lang, subject, "mail-why-follow")
            .stoppable(&self.unsubscribe)
            .words(standing(lang, &self.campaign))
            .words(lang.t1("mail-deadline-follower", "when", self.campaign.deadline(lang)))
            .link("mail-campaign-link", &self.campaign.link)
            .mail()
    }
}

/// The project cancelled the campaign, to somebody who has not given.
#[derive(Debug, Clone)]
pub struct Cancelled {
    pub campaign: AboutCampaign,
    pub unsubscribe: String,
}

impl Cancelled {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let subject = lang.t_with("mail-released-subject", [self.campaign.named()]);
        Letter::new(lang, subject, "mail-why-follow")
            .stoppable(&self.unsubscribe)
            .words(lang.t_with("mail-released", [self.campaign.named()]))
            .words(lang.t("mail-cancelled-follower"))
            .link("mail-campaign-link", &self.campaign.link)
            .mail()
    }
}

/// What a project tells the people who follow or back its campaign. Sent in the project's name.
#[derive(Debug, Clone)]
pub struct CampaignUpdate {
    pub campaign: AboutCampaign,
    pub title: String,
    /// Markdown, as it was written.
    pub body: String,
    /// The whole address of the update.
    pub link: String,
    pub unsubscribe: String,
}

impl CampaignUpdate {
    /// The mail.
    pub fn mail(&self, lang: Lang) -> Mail {
        let subject = lang.t2(
            "mail-update-subject",
            "title",
            &self.title,
            "project",
            &self.campaign.project,
        );
        Letter::new(lang, subject, "mail-why-update")
            .stoppable(&self.unsubscribe)
            .story(&self.body)
            .link("mail-update-link", &self.link)
            .mail()
    }
}

/// How far a campaign is from its minimum.
pub(super) fn standing(lang: Lang, campaign: &AboutCampaign) -> String {
    match campaign.minimum.checked_sub(campaign.raised) {
        Ok(missing) if missing.is_positive() => lang.t3(
            "mail-standing-missing",
            "raised",
            campaign.raised,
            "minimum",
            campaign.minimum,
            "missing",
            missing,
        ),
        _ => lang.t2(
            "mail-standing-met",
            "raised",
            campaign.raised,
            "minimum",
            campaign.minimum,
        ),
    }
}
