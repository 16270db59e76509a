//! What those who answer for a project's money, and the stewards, are told of disputes.

use felag_domain::dispute::DisputeState;
use felag_domain::ids::{BookId, CampaignId};
use felag_domain::money::Money;
use felag_frontend::Lang;
use felag_frontend::mail::AboutCampaign;
use felag_frontend::mail::disputes::{Disputed, Step};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::Dispute;
use crate::campaigns::store as campaigns;
use crate::ctx::Ctx;
use crate::mail::{self, NewMessage};

const LANG: Lang = Lang::En;

/// A bank asks, or has taken the money.
pub async fn opened(conn: &mut PgConnection, ctx: &Ctx, dispute: &Dispute) -> anyhow::Result<()> {
    let step = match dispute.state {
        DisputeState::Inquiry => Step::Inquiry,
        DisputeState::Open | DisputeState::Won | DisputeState::Lost => Step::Opened,
    };
    tell(conn, ctx, dispute, step).await
}

/// Its time to answer is nearly over.
pub async fn due(conn: &mut PgConnection, ctx: &Ctx, dispute: &Dispute) -> anyhow::Result<()> {
    tell(conn, ctx, dispute, Step::Due).await
}

/// The bank has decided.
pub async fn decided(conn: &mut PgConnection, ctx: &Ctx, dispute: &Dispute) -> anyhow::Result<()> {
    let step = match dispute.state {
        DisputeState::Lost => Step::Lost,
        _ if dispute.taken_at.is_none() => Step::Dropped,
        _ => Step::Won,
    };
    tell(conn, ctx, dispute, step).await
}

async fn tell(conn: &mut PgConnection, ctx: &Ctx, dispute: &Dispute, step: Step) -> anyhow::Result<()> {
    let Some((campaign, slug)) = about(conn, ctx, dispute.book).await? else {
        return Ok(());
    };
    let kind = match step {
        Step::Inquiry => "dispute_inquiry",
        Step::Opened => "dispute_opened",
        Step::Due => "dispute_due",
        Step::Won => "dispute_won",
        Step::Dropped => "dispute_inquiry_over",
        Step::Lost => "dispute_lost",
    };
    let link = format!(
        "{}/campaigns/{slug}/disputes/{}",
        ctx.config.public_url, dispute.id
    );
    let words = Disputed {
        campaign,
        amount: dispute.disputed,
        fee: dispute.fee.total()?,
        reason: dispute.reason.clone(),
        due: dispute.due_at.filter(|_| !dispute.state.is_decided()),
        link,
        step,
        to_steward: false,
    };
    let to_steward = Disputed {
        to_steward: true,
        ..words.clone()
    }
    .mail(LANG);
    let words = words.mail(LANG);
    let people = recipients(conn, CampaignId::from_uuid(dispute.book.as_uuid())).await?;
    let messages = people.iter().map(|(email, is_steward)| NewMessage {
        kind,
        event: dispute.id.to_string(),
        recipient: email,
        mail: if *is_steward {
            to_steward.clone()
        } else {
            words.clone()
        },
        sender: None,
        list: None,
    });
    mail::queue(conn, ctx, messages.collect()).await?;
    Ok(())
}

/// Owners and treasurers, then the stewards; nobody twice.
async fn recipients(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<Vec<(String, bool)>> {
    let rows = sqlx::query!(
        r#"select email as "email!", bool_and(is_steward) as "is_steward!" from (
               select email, false as is_steward from member join campaign using (project_id)
               join person using (person_id)
               where campaign_id = $1 and role in ('owner', 'treasurer')
               union all select email, true from person where is_steward) as everybody
           group by email order by 2, 1"#,
        campaign as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.email, row.is_steward)).collect())
}

/// The campaign of a book, as mails speak of it, and its address; none for the book of something else.
async fn about(
    conn: &mut PgConnection,
    ctx: &Ctx,
    book: BookId,
) -> sqlx::Result<Option<(AboutCampaign, String)>> {
    let campaign = CampaignId::from_uuid(book.as_uuid());
    let Some(campaign) = campaigns::find(&mut *conn, campaign).await? else {
        return Ok(None);
    };
    let total = campaigns::total(&mut *conn, &campaign).await?;
    let project = sqlx::query_scalar!(
        "select name from project where project_id = $1",
        campaign.project_id as _
    )
    .fetch_one(conn)
    .await?;
    let raised: Money = total.raised(campaign.way, campaign.state);
    let about = AboutCampaign {
        title: campaign.title,
        project,
        link: format!("{}/campaigns/{}", ctx.config.public_url, campaign.slug),
        minimum: campaign.minimum,
        raised,
        deadline: campaign.deadline_at.unwrap_or(OffsetDateTime::UNIX_EPOCH),
        zone: campaign.time_zone,
    };
    Ok(Some((about, campaign.slug)))
}
