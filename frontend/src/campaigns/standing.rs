//! What a campaign's state means for the money, in words.

use felag_domain::campaign::{CampaignState, Way};
use time::OffsetDateTime;

use super::CampaignPage;
use crate::page::{Notice, Tone};

/// What to say on top of a campaign's page. Nothing while it is simply open.
pub(super) fn of(campaign: &CampaignPage) -> Option<Notice> {
    if let Some(text) = kept(campaign) {
        return Some(Notice {
            tone: Tone::Plain,
            text,
        });
    }
    by_state(campaign)
}

fn by_state(campaign: &CampaignPage) -> Option<Notice> {
    let lang = campaign.page.lang;
    let when = |at: Option<OffsetDateTime>| at.map_or(String::new(), |at| lang.date_time(at, &campaign.zone));
    let (tone, text) = match campaign.state {
        CampaignState::Draft => (Tone::Plain, lang.t("standing-draft").to_owned()),
        CampaignState::InReview => (Tone::Plain, lang.t("standing-in-review").to_owned()),
        CampaignState::ChangesAsked => (Tone::Late, lang.t("standing-changes-asked").to_owned()),
        CampaignState::Scheduled => (
            Tone::Plain,
            lang.t1("standing-scheduled", "when", when(campaign.opens_at)),
        ),
        CampaignState::Open
            if campaign
                .deadline
                .is_some_and(|deadline| deadline <= campaign.page.now) =>
        {
            (Tone::Plain, lang.t("standing-deciding").to_owned())
        }
        CampaignState::Open => return None,
        CampaignState::Collecting => (
            Tone::Plain,
            lang.t3(
                "standing-collecting",
                "promised",
                campaign.figures.promised,
                "collected",
                campaign.figures.collected,
                "when",
                when(campaign.window_ends),
            ),
        ),
        CampaignState::Funded | CampaignState::Closed => (
            Tone::Done,
            lang.t1("standing-funded", "collected", campaign.figures.collected),
        ),
        CampaignState::Failed => (
            Tone::Late,
            lang.t1("standing-failed", "minimum", campaign.minimum),
        ),
        CampaignState::Short if campaign.go_on_until.is_some() => (
            Tone::Late,
            lang.t3(
                "standing-goes-on",
                "minimum",
                campaign.minimum,
                "collected",
                campaign.figures.collected,
                "when",
                when(campaign.go_on_until),
            ),
        ),
        CampaignState::Short => (
            Tone::Late,
            lang.t2(
                "standing-short",
                "minimum",
                campaign.minimum,
                "collected",
                campaign.figures.collected,
            ),
        ),
        CampaignState::Unwound => (Tone::Late, lang.t("standing-unwound").to_owned()),
        CampaignState::Cancelled => (Tone::Late, lang.t("standing-cancelled").to_owned()),
        CampaignState::Suspended => (Tone::Late, lang.t("standing-suspended").to_owned()),
        CampaignState::Unpayable => (Tone::Late, lang.t("standing-unpayable").to_owned()),
    };
    Some(Notice { tone, text })
}

/// What is said otherwise where gifts are charged at once.
fn kept(campaign: &CampaignPage) -> Option<String> {
    let lang = campaign.page.lang;
    let is_past = campaign
        .deadline
        .is_some_and(|deadline| deadline <= campaign.page.now);
    match campaign.state {
        _ if campaign.way == Way::AllOrNothing => None,
        CampaignState::Open if is_past => Some(lang.t("standing-kept-deciding").to_owned()),
        CampaignState::Collecting => Some(lang.t1(
            "standing-kept-collecting",
            "collected",
            campaign.figures.collected,
        )),
        CampaignState::Closed if campaign.figures.collected.is_zero() && campaign.own_gifts.is_zero() => {
            Some(lang.t("standing-nothing-came").to_owned())
        }
        _ => None,
    }
}
