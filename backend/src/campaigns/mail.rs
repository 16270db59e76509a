//! The mails before a campaign opens: to the stewards that it waits to be read, to the owners what was decided.

use felag_domain::person::Role;
use felag_frontend::Lang;
use felag_frontend::mail::AboutCampaign;
use felag_frontend::mail::payouts::WaitsForAccount;
use felag_frontend::mail::projects::{Approved, CancelledEarly, ChangesAsked, ToReview};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::store::{self, Campaign};
use crate::ctx::Ctx;
use crate::mail::{Mail, NewMessage, queue};

/// To every steward: a campaign waits to be read.
pub async fn to_review(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    project: &str,
) -> sqlx::Result<()> {
    let stewards =
        sqlx::query_scalar!("select email from person where is_steward order by person_id limit 100")
            .fetch_all(&mut *conn)
            .await?;
    let mail = ToReview {
        title: campaign.title.clone(),
        project: project.to_string(),
        link: format!("{}/reviews/{}", ctx.config.public_url, campaign.slug),
    };
    send(
        conn,
        ctx,
        "campaign_to_review",
        campaign,
        &stewards,
        &mail.mail(Lang::En),
    )
    .await
}

/// To the owners: a steward asked for changes.
pub async fn changes_asked(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    words: &str,
) -> sqlx::Result<()> {
    let owners = store::members_emails(&mut *conn, campaign.id, Role::Owner).await?;
    let mail = ChangesAsked {
        title: campaign.title.clone(),
        words: words.to_string(),
        link: format!("{}/campaigns/{}/edit", ctx.config.public_url, campaign.slug),
    };
    send(
        conn,
        ctx,
        "campaign_changes_asked",
        campaign,
        &owners,
        &mail.mail(Lang::En),
    )
    .await
}

/// To the owners: the campaign was approved.
pub async fn approved(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    project: &str,
    (opens, deadline): (OffsetDateTime, OffsetDateTime),
) -> sqlx::Result<()> {
    let owners = store::members_emails(&mut *conn, campaign.id, Role::Owner).await?;
    let about = AboutCampaign {
        title: campaign.title.clone(),
        project: project.to_string(),
        link: format!("{}/campaigns/{}", ctx.config.public_url, campaign.slug),
        minimum: campaign.minimum,
        raised: felag_domain::money::Money::zero(campaign.currency),
        deadline,
        zone: campaign.time_zone.clone(),
    };
    let mail = Approved {
        campaign: about,
        opens,
        words: String::new(),
    };
    send(
        conn,
        ctx,
        "campaign_approved",
        campaign,
        &owners,
        &mail.mail(Lang::En),
    )
    .await
}

/// To the owners: the campaign was cancelled before it opened.
pub async fn cancelled(conn: &mut PgConnection, ctx: &Ctx, campaign: &Campaign) -> sqlx::Result<()> {
    let owners = store::members_emails(&mut *conn, campaign.id, Role::Owner).await?;
    let mail = CancelledEarly {
        title: campaign.title.clone(),
        link: format!("{}/campaigns/{}/owner", ctx.config.public_url, campaign.slug),
    };
    send(
        conn,
        ctx,
        "owner_cancelled",
        campaign,
        &owners,
        &mail.mail(Lang::En),
    )
    .await
}

/// To the owners: the day has come, and the project cannot be paid yet.
pub async fn waits_for_account(conn: &mut PgConnection, ctx: &Ctx, campaign: &Campaign) -> sqlx::Result<()> {
    let owners = store::members_emails(&mut *conn, campaign.id, Role::Owner).await?;
    let project = sqlx::query_scalar!(
        "select slug from project where project_id = $1",
        campaign.project_id.as_uuid()
    )
    .fetch_one(&mut *conn)
    .await?;
    let mail = WaitsForAccount {
        title: campaign.title.clone(),
        link: format!("{}/projects/{project}/payout-account", ctx.config.public_url),
    };
    send(
        conn,
        ctx,
        "campaign_waits_for_account",
        campaign,
        &owners,
        &mail.mail(Lang::En),
    )
    .await
}

/// Once per recipient and version of the campaign: a campaign sent back and forth is mailed about each time.
async fn send(
    conn: &mut PgConnection,
    ctx: &Ctx,
    kind: &'static str,
    campaign: &Campaign,
    recipients: &[String],
    words: &felag_frontend::mail::Mail,
) -> sqlx::Result<()> {
    let message = |recipient| NewMessage {
        kind,
        event: format!("{} {}", campaign.id, campaign.version),
        recipient,
        mail: Mail {
            subject: words.subject.clone(),
            text: words.text.clone(),
            html: words.html.clone(),
        },
        sender: None,
        list: None,
    };
    queue(
        conn,
        ctx,
        recipients
            .iter()
            .map(|recipient| message(recipient.as_str()))
            .collect(),
    )
    .await
}
