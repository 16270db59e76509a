//! What people are told when money of a pledge goes back, or does not arrive.

use felag_frontend::Lang;
use felag_frontend::mail::returns::{How, MoneyBack, NotArrived};
use sqlx::PgConnection;

use super::mail::{Raised, about, about_campaign, message};
use super::{Ask, Pledge, ask};
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
