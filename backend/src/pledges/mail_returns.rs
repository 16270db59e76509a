//! What people are told when money of a pledge goes back, or does not arrive.

use felag_domain::ids::CampaignId;
use felag_frontend::Lang;
use felag_frontend::mail::endings::{AllGoesBack, GoesOn};
use felag_frontend::mail::returns::{How, MoneyBack, NotArrived};
use felag_frontend::mail::{AboutPledge, Mail};
use sqlx::PgConnection;

use super::mail::{Raised, about, about_campaign, message};
use super::{Ask, Pledge, ask, endings};
use crate::ctx::Ctx;
use crate::mail::{self, NewMessage};
use crate::payments::{Return, Step};

const LANG: Lang = Lang::En;

/// A refund took a step: its backer is told; what did not arrive is the project's and the stewards' matter, too.
pub async fn stepped(
    conn: &mut PgConnection,
    ctx: &Ctx,
    pledge: &Pledge,
    told: &Return,
) -> anyhow::Result<()> {
    let (how, kind) = match told.step {
        Step::Asked => return Ok(()),
        Step::Pending => (How::OnItsWay, "refund_on_its_way"),
        Step::Succeeded => (How::Done, "refund_done"),
        Step::Failed => (How::Failed, "refund_failed"),
    };
    let ask = Ask::read(conn, pledge.campaign).await?;
    let campaign = about_campaign(conn, ctx, &ask, Raised::Collected).await?;
    let words = MoneyBack {
        pledge: about(conn, ctx, &campaign, pledge).await?,
        amount: told.total()?,
        why: told.why,
        words: told.words.clone(),
        how,
    }
    .mail(LANG);
    mail::queue(conn, ctx, vec![message(kind, told.id.to_string(), pledge, words)]).await?;
    if told.step == Step::Failed {
        not_arrived(conn, ctx, &ask, pledge, told).await?;
    }
    Ok(())
}

async fn not_arrived(
    conn: &mut PgConnection,
    ctx: &Ctx,
    ask: &Ask,
    pledge: &Pledge,
    told: &Return,
) -> anyhow::Result<()> {
    let campaign = about_campaign(conn, ctx, ask, Raised::Collected).await?;
    let link = format!(
        "{}/campaigns/{}/backers/{}/refund",
        ctx.config.public_url, ask.slug, pledge.id
    );
    let mail = |to_steward| {
        NotArrived {
            campaign: campaign.clone(),
            amount: told.total().unwrap_or(told.gift),
            link: link.clone(),
            to_steward,
        }
        .mail(LANG)
    };
    let members = ask::money_people(conn, ask.project_id).await?;
    let stewards = ask::stewards(conn).await?;
    let to = |recipient, to_steward| NewMessage {
        kind: "refund_not_arrived",
        event: told.id.to_string(),
        recipient,
        mail: mail(to_steward),
        sender: None,
        list: None,
    };
    let messages = members
        .iter()
        .map(|member| to(member.as_str(), false))
        .chain(stewards.iter().map(|steward| to(steward.as_str(), true)));
    mail::queue(conn, ctx, messages.collect()).await?;
    Ok(())
}

/// Everybody who paid: the campaign goes on below its minimum, and the money may be taken back.
pub async fn goes_on(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    pledges: &[Pledge],
) -> anyhow::Result<()> {
    let Some(going) = endings::going(conn, campaign).await? else {
        return Ok(());
    };
    tell_all(conn, ctx, campaign, pledges, "campaign_goes_on", |pledge| {
        GoesOn {
            pledge,
            until: going.until,
        }
        .mail(LANG)
    })
    .await
}

/// Everybody who paid: all of it goes back.
pub async fn all_goes_back(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    pledges: &[Pledge],
    cancelled: bool,
) -> anyhow::Result<()> {
    tell_all(conn, ctx, campaign, pledges, "all_goes_back", |pledge| {
        AllGoesBack { pledge, cancelled }.mail(LANG)
    })
    .await
}

async fn tell_all(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    pledges: &[Pledge],
    kind: &'static str,
    write: impl Fn(AboutPledge) -> Mail,
) -> anyhow::Result<()> {
    if pledges.is_empty() {
        return Ok(());
    }
    let ask = Ask::read(conn, campaign).await?;
    let about_all = about_campaign(conn, ctx, &ask, Raised::Collected).await?;
    let mut messages = Vec::with_capacity(pledges.len());
    for pledge in pledges {
        let mail = write(about(conn, ctx, &about_all, pledge).await?);
        messages.push(message(kind, pledge.id.to_string(), pledge, mail));
    }
    mail::queue(conn, ctx, messages).await?;
    Ok(())
}
