//! The words of the mails to many, written once when they are sent; and what their lists are called.

use anyhow::bail;
use felag_domain::ids::{CampaignId, UpdateId};
use felag_frontend::Lang;
use felag_frontend::mail::people::ConfirmFollow;
use felag_frontend::mail::{AboutCampaign, Mail, followers};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{follows, store};
use crate::campaigns;
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::mail::tokens::Leaving;
use crate::mail::transport::Words;
use crate::mail::unsubscribe_later;
use crate::projects;

/// 48 hours before the deadline, to a follower.
pub const REMINDER: &str = "deadline_near_follower";
/// The project cancelled the campaign, to a follower.
pub const CANCELLED: &str = "cancelled_follower";

/// What the outbox asks this slice; for `wiring`.
pub fn words() -> Words {
    Words {
        write: |ctx, kind, about| Box::pin(async move { write(&ctx, &kind, about).await }),
        list: |ctx, list| Box::pin(async move { about_list(&ctx, &list).await }),
        left: |conn, ctx, leaving| Box::pin(left(conn, ctx, leaving)),
    }
}

async fn write(ctx: &Ctx, kind: &str, about: Uuid) -> anyhow::Result<Option<Mail>> {
    match kind {
        "campaign_update" => update(ctx, UpdateId::from_uuid(about)).await,
        REMINDER => reminder(ctx, CampaignId::from_uuid(about)).await,
        CANCELLED => cancelled(ctx, CampaignId::from_uuid(about)).await,
        _ => bail!("no mail to many is called {kind}"),
    }
}

async fn update(ctx: &Ctx, id: UpdateId) -> anyhow::Result<Option<Mail>> {
    let Some(update) = store::find(&ctx.db, id).await? else {
        return Ok(None);
    };
    let Some(campaign) = about(ctx, update.campaign).await? else {
        return Ok(None);
    };
    let link = format!("{}/updates/{id}", campaign.link);
    let mail = followers::CampaignUpdate {
        campaign,
        title: update.title,
        body: update.body,
        link,
        unsubscribe: unsubscribe_later(ctx),
    };
    Ok(Some(mail.mail(Lang::En)))
}

async fn reminder(ctx: &Ctx, id: CampaignId) -> anyhow::Result<Option<Mail>> {
    let campaign = about(ctx, id).await?;
    Ok(campaign.map(|campaign| {
        followers::DeadlineNear {
            campaign,
            unsubscribe: unsubscribe_later(ctx),
        }
        .mail(Lang::En)
    }))
}

async fn cancelled(ctx: &Ctx, id: CampaignId) -> anyhow::Result<Option<Mail>> {
    let campaign = about(ctx, id).await?;
    Ok(campaign.map(|campaign| {
        followers::Cancelled {
            campaign,
            unsubscribe: unsubscribe_later(ctx),
        }
        .mail(Lang::En)
    }))
}

/// Asks whether an address wants to follow.
pub async fn confirm_follow(ctx: &Ctx, campaign: CampaignId, token: &str) -> anyhow::Result<Option<Mail>> {
    let link = format!("{}/follows/{token}/confirmation", ctx.config.public_url);
    let campaign = about(ctx, campaign).await?;
    Ok(campaign.map(|campaign| ConfirmFollow { campaign, link }.mail(Lang::En)))
}

/// A campaign as mails speak of it.
async fn about(ctx: &Ctx, id: CampaignId) -> anyhow::Result<Option<AboutCampaign>> {
    let Some(campaign) = campaigns::store::find(&ctx.db, id).await? else {
        return Ok(None);
    };
    let Some(project) = projects::store::find(&ctx.db, campaign.project_id).await? else {
        return Ok(None);
    };
    let total = campaigns::store::total(&ctx.db, &campaign).await?;
    Ok(Some(AboutCampaign {
        link: address(ctx, &campaign),
        raised: total.raised(campaign.way, campaign.state),
        minimum: campaign.minimum,
        // Only what is public is written about, and that has a deadline.
        deadline: campaign.deadline_at.unwrap_or(campaign.created_at),
        zone: campaign.time_zone,
        project: project.name,
        title: campaign.title,
    }))
}

/// The whole address of a campaign's page.
pub fn address(ctx: &Ctx, campaign: &Campaign) -> String {
    format!("{}/campaigns/{}", ctx.config.public_url, campaign.slug)
}

fn campaign_of(list: &str) -> Option<(&str, CampaignId)> {
    let (kind, id) = list.split_once(':')?;
    Some((kind, id.parse().ok()?))
}

async fn about_list(ctx: &Ctx, list: &str) -> anyhow::Result<Option<String>> {
    let Some((_, id)) = campaign_of(list) else {
        return Ok(None);
    };
    Ok(campaigns::store::find(&ctx.db, id)
        .await?
        .map(|campaign| campaign.title))
}

/// One click ends it: whoever leaves any list of a campaign follows it no more, and unless they back it, gets
/// nothing more of it at all. Lists of owners are another matter.
async fn left(conn: &mut PgConnection, ctx: &Ctx, leaving: &Leaving) -> anyhow::Result<()> {
    let Some((kind, campaign)) = campaign_of(&leaving.list) else {
        return Ok(());
    };
    if !follows::LISTS.contains(&kind) {
        return Ok(());
    }
    store::unfollow(conn, campaign, &leaving.email).await?;
    if !store::backs(conn, campaign, &leaving.email).await? {
        for list in follows::lists(campaign) {
            crate::mail::store::leave(conn, &leaving.email, &list, ctx.now()).await?;
        }
    }
    Ok(())
}
