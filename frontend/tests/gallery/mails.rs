//! A few mails, to see how a letter looks.

use felag_frontend::Lang;
use felag_frontend::mail::backers::{CardNeedsYou, Charged};
use felag_frontend::mail::followers::CampaignUpdate;
use felag_frontend::mail::{AboutCampaign, AboutPledge, Mail};
use time::macros::datetime;

use crate::people::{euro, holder};

/// Each with the name of its file.
pub fn mails() -> Vec<(&'static str, Mail)> {
    let charged = Charged {
        pledge: pledge(),
        charged_at: datetime!(2026-12-14 20:04 UTC),
        holder: holder().name,
        holder_lines: holder().lines,
        entry_number: 512,
        entry_hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
    };
    let needs_you = CardNeedsYou {
        pledge: pledge(),
        reason: Some("not enough money on the card.".to_owned()),
        next_try: Some(datetime!(2026-12-15 20:00 UTC)),
        until: datetime!(2026-12-21 20:00 UTC),
    };
    let update = CampaignUpdate {
        campaign: pledge().campaign,
        title: "Blade 3 survived 41 metres a second".to_owned(),
        body: "It ran through **last week’s storm**.\n\n- logs\n- one crack\n\n> It held.".to_owned(),
        link: "https://felag.example/campaigns/vindur#update-1".to_owned(),
        unsubscribe: "https://felag.example/unsubscribe/abc".to_owned(),
    };
    vec![
        ("mail-charged", charged.mail(Lang::En)),
        ("mail-card-needs-you", needs_you.mail(Lang::En)),
        ("mail-update", update.mail(Lang::En)),
    ]
}

fn pledge() -> AboutPledge {
    let campaign = AboutCampaign {
        title: "Vindur".to_owned(),
        project: "Ströndin".to_owned(),
        link: "https://felag.example/campaigns/vindur".to_owned(),
        minimum: euro(18_000),
        raised: euro(14_260),
        deadline: datetime!(2026-12-14 20:00 UTC),
        zone: "UTC".to_owned(),
    };
    let reward = Some("Printed build manual".to_owned());
    let link = "https://felag.example/pledges/abc".to_owned();
    AboutPledge {
        campaign,
        gift: euro(50),
        tip: euro(2),
        total: euro(52),
        reward,
        link,
    }
}
