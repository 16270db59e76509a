//! A project lost its payout account, or has one again: what that means for its funded campaigns.

use felag_domain::campaign::{CampaignEvent, CampaignState, UNPAYABLE_MAX, next};
use felag_domain::ids::{CampaignId, ProjectId};
use felag_domain::person::Role;
use felag_frontend::Lang;
use felag_frontend::mail::AboutCampaign;
use felag_frontend::mail::endings::{Ended, Ending};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::schedule;
use super::store::{self, Campaign};
use crate::ctx::Ctx;
use crate::jobs::enqueue_named;
use crate::mail::{NewMessage, queue};

/// The payout account of a project cannot be used any more: its funded campaigns wait for another one, 60 days at
/// most. Again changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn payout_account_lost(
    conn: &mut PgConnection,
    ctx: &Ctx,
    project: ProjectId,
) -> anyhow::Result<()> {
    let now = ctx.now();
    for campaign in held(conn, project, CampaignState::Funded).await? {
        let to = next(campaign.state, CampaignEvent::PayoutLost)?;
        set_state(conn, campaign.id, to, Some(now)).await?;
        let ends = now + UNPAYABLE_MAX;
        let key = format!(
            "{} {} {}",
            schedule::END_UNPAYABLE,
            campaign.id,
            ends.unix_timestamp()
        );
        let payload = json!({ "campaign": campaign.id });
        enqueue_named(conn, ctx, schedule::END_UNPAYABLE, payload, ends, Some(&key)).await?;
        tracing::warn!(campaign.id = %campaign.id, "campaign {} cannot be paid out", campaign.slug);
        tell(conn, ctx, &campaign, Ending::Unpayable, Some(ends)).await?;
    }
    Ok(())
}

/// The project can be paid out again. Again changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn payout_account_regained(
    conn: &mut PgConnection,
    ctx: &Ctx,
    project: ProjectId,
) -> anyhow::Result<()> {
    for campaign in held(conn, project, CampaignState::Unpayable).await? {
        let to = next(campaign.state, CampaignEvent::PayoutRestored)?;
        set_state(conn, campaign.id, to, None).await?;
        tell(conn, ctx, &campaign, Ending::Payable, None).await?;
    }
    Ok(())
}

/// The campaigns of a project in one state, held in the order of their ids.
async fn held(
    conn: &mut PgConnection,
    project: ProjectId,
    state: CampaignState,
) -> sqlx::Result<Vec<Campaign>> {
    let ids = sqlx::query_scalar!(
        r#"select campaign_id as "id: CampaignId" from campaign where project_id = $1 and state = $2
           order by campaign_id"#,
        project as _,
        state.as_str(),
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut campaigns = Vec::with_capacity(ids.len());
    for id in ids {
        // It may have moved on while we waited for it.
        campaigns.extend(
            store::lock(conn, id)
                .await?
                .filter(|campaign| campaign.state == state),
        );
    }
    Ok(campaigns)
}

async fn set_state(
    conn: &mut PgConnection,
    id: CampaignId,
    to: CampaignState,
    unpayable_at: Option<OffsetDateTime>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update campaign set state = $2, unpayable_at = $3 where campaign_id = $1",
        id as _,
        to.as_str(),
        unpayable_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn tell(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    ending: Ending,
    until: Option<OffsetDateTime>,
) -> anyhow::Result<()> {
    let mut people = store::members_emails(&mut *conn, campaign.id, Role::Owner).await?;
    people.extend(store::members_emails(&mut *conn, campaign.id, Role::Treasurer).await?);
    people.sort();
    people.dedup();
    let total = store::total(&mut *conn, campaign).await?;
    let page = format!("{}/campaigns/{}", ctx.config.public_url, campaign.slug);
    let mail = Ended {
        link: format!("{page}/owner"),
        campaign: AboutCampaign {
            title: campaign.title.clone(),
            project: String::new(),
            link: page,
            minimum: campaign.minimum,
            raised: total.figures.collected,
            deadline: campaign.deadline_at.unwrap_or(campaign.created_at),
            zone: campaign.time_zone.clone(),
        },
        ending,
        until,
        words: String::new(),
        to_steward: false,
    }
    .mail(Lang::En);
    let kind = match ending {
        Ending::Unpayable => "ending_unpayable",
        _ => "ending_payable",
    };
    let event = format!("{} {}", campaign.id, ctx.now().unix_timestamp());
    let messages = people.iter().map(|recipient| NewMessage {
        kind,
        event: event.clone(),
        recipient,
        mail: mail.clone(),
        sender: None,
        list: None,
    });
    queue(conn, ctx, messages.collect()).await?;
    Ok(())
}
