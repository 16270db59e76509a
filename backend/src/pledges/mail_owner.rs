//! What owners are told about their campaign: who is new, and how it ended. Stewards hear of what needs them.

use felag_domain::ids::CampaignId;
use felag_domain::money::Money;
use felag_frontend::Lang;
use felag_frontend::mail::Mail;
use felag_frontend::mail::projects::{Decided, NewBackers, Outcome, ShortForSteward};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::mail::{Raised, about_campaign};
use super::{Ask, ask, store_batch as batch};
use crate::ctx::Ctx;
use crate::mail::{self, NewMessage};

const LANG: Lang = Lang::En;

/// What became of the campaign, to its owners; a short one to the stewards as well.
pub async fn decided(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    outcome: Outcome,
) -> anyhow::Result<()> {
    let ask = Ask::read(conn, campaign).await?;
    let raised = match outcome {
        Outcome::Funded | Outcome::Short | Outcome::NothingCame => Raised::Collected,
        Outcome::Collecting | Outcome::Failed | Outcome::Cancelled => Raised::Promised,
    };
    let about = about_campaign(conn, ctx, &ask, raised).await?;
    let link = format!("{}/campaigns/{}/backers", ctx.config.public_url, ask.slug);
    let kind = match outcome {
        Outcome::Collecting => "owner_collecting",
        Outcome::Funded => "owner_funded",
        Outcome::Failed => "owner_failed",
        Outcome::Short => "owner_short",
        Outcome::Cancelled => "owner_cancelled",
        Outcome::NothingCame => "owner_nothing_came",
    };
    let is_short = matches!(outcome, Outcome::Short);
    let mail = Decided {
        campaign: about.clone(),
        outcome,
        link,
    }
    .mail(LANG);
    let owners = ask::members(conn, ask.project_id, "owner").await?;
    tell_addresses(conn, ctx, &owners, kind, campaign, &mail).await?;
    if is_short {
        let mail = ShortForSteward { campaign: about }.mail(LANG);
        let stewards = ask::stewards(conn).await?;
        tell_addresses(conn, ctx, &stewards, "steward_short", campaign, &mail).await?;
    }
    Ok(())
}

async fn tell_addresses(
    conn: &mut PgConnection,
    ctx: &Ctx,
    addresses: &[String],
    kind: &'static str,
    campaign: CampaignId,
    mail: &Mail,
) -> anyhow::Result<()> {
    let messages = addresses.iter().map(|recipient| NewMessage {
        kind,
        event: campaign.to_string(),
        recipient,
        mail: mail.clone(),
        sender: None,
        list: None,
    });
    mail::queue(conn, ctx, messages.collect()).await?;
    Ok(())
}

/// Who is new since then, to the owners.
pub async fn daily(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    since: OffsetDateTime,
) -> anyhow::Result<()> {
    let ask = Ask::read(conn, campaign).await?;
    let (count, minor) = batch::new_backers(conn, campaign, since).await?;
    if count == 0 {
        return Ok(());
    }
    let about = about_campaign(conn, ctx, &ask, Raised::Promised).await?;
    let list = format!("owner_daily:{campaign}");
    for owner in ask::members(conn, ask.project_id, "owner").await? {
        let mail = NewBackers {
            campaign: about.clone(),
            count: u64::try_from(count).unwrap_or(0),
            promised: Money::from_minor(minor, ask.currency),
            link: format!("{}/campaigns/{}/backers", ctx.config.public_url, ask.slug),
            unsubscribe: mail::tokens::unsubscribe_link(ctx, &owner, &list)?,
        }
        .mail(LANG);
        let message = NewMessage {
            kind: "owner_daily",
            event: format!("{campaign} {}", ctx.now().date()),
            recipient: &owner,
            mail,
            sender: None,
            list: Some(list.clone()),
        };
        mail::queue(conn, ctx, vec![message]).await?;
    }
    Ok(())
}
