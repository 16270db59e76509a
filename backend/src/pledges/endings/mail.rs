//! What those who answer for a campaign's money, and the stewards, are told of its end. Backers are told page by page:
//! see `pledges::jobs::Tell`.

use felag_frontend::Lang;
use felag_frontend::mail::endings::{Ended, Ending};
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::ctx::Ctx;
use crate::mail::{self, NewMessage};
use crate::pledges::mail::{Raised, about_campaign};
use crate::pledges::{Ask, ask};

const LANG: Lang = Lang::En;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    Cancelled,
    Unwound,
    GoesOn { until: OffsetDateTime },
    Suspended { until: OffsetDateTime },
    Resumed,
}

/// To owners, treasurers and stewards; `words` is the reason, if a person gave one.
pub async fn to_members(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Ask,
    what: About,
    words: &str,
) -> anyhow::Result<()> {
    let (ending, kind, until) = match what {
        About::Cancelled => (Ending::Cancelled, "ending_cancelled", None),
        About::Unwound => (Ending::Unwound, "ending_unwound", None),
        About::GoesOn { until } => (Ending::GoesOn, "ending_goes_on", Some(until)),
        About::Suspended { until } => (Ending::Suspended, "ending_suspended", Some(until)),
        About::Resumed => (Ending::Resumed, "ending_resumed", None),
    };
    let about = about_campaign(conn, ctx, campaign, Raised::Collected).await?;
    let write = |to_steward| {
        Ended {
            campaign: about.clone(),
            ending,
            until,
            words: words.to_string(),
            link: format!("{}/campaigns/{}/owner", ctx.config.public_url, campaign.slug),
            to_steward,
        }
        .mail(LANG)
    };
    let members = ask::money_people(conn, campaign.project_id).await?;
    let stewards = ask::stewards(conn).await?;
    let (to_member, to_steward) = (write(false), write(true));
    // A campaign may be suspended more than once.
    let event = format!("{} {}", campaign.id, ctx.now().unix_timestamp());
    let messages = members
        .iter()
        .map(|email| (email, &to_member))
        .chain(
            stewards
                .iter()
                .filter(|steward| !members.contains(steward))
                .map(|email| (email, &to_steward)),
        )
        .map(|(recipient, mail)| NewMessage {
            kind,
            event: event.clone(),
            recipient,
            mail: mail.clone(),
            sender: None,
            list: None,
        });
    mail::queue(conn, ctx, messages.collect()).await?;
    Ok(())
}
