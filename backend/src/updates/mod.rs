//! What a project tells the people who follow or back its campaign, and asking to be told.

pub mod follows;
pub mod jobs;
pub mod mail;
pub mod store;
pub mod web;

use felag_domain::ids::{CampaignId, PersonId, UpdateId};
use felag_domain::update::NewUpdate;
use felag_frontend::Lang;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::mail::Sender;
use crate::projects::store::Project;

/// How many updates a campaign can send in a day: each of them is a mail to everybody.
const A_DAY: i64 = 10;

/// Publishes an update, and writes its mail to everybody who follows or backs the campaign, all or nothing.
/// The same form sent again gives the same update and no second mail.
///
/// # Errors
/// In words, when there were ten of them in a day; otherwise when the database cannot be reached.
pub async fn publish(
    ctx: &Ctx,
    (campaign, project): (&Campaign, &Project),
    author: PersonId,
    new: &NewUpdate,
    request_key: Uuid,
) -> Result<UpdateId, Error> {
    let id: UpdateId = ctx.id();
    let mut tx = ctx.db.begin().await?;
    if !store::insert(&mut tx, (campaign.id, id, author), new, request_key, ctx.now()).await? {
        return Ok(store::of_request(&mut tx, campaign.id, request_key).await?);
    }
    if store::in_the_last_day(&mut tx, campaign.id, ctx.now()).await? > A_DAY {
        return Err(Error::Refused(Lang::En.t("update-too-many").to_string()));
    }
    let sender = Sender {
        name: &project.name,
        reply_to: &project.reply_to,
    };
    store::queue_for_readers(&mut tx, campaign.id, id, sender, ctx.now()).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(id)
}

/// Reminds the followers who have not given: 48 hours before the deadline. Again changes nothing. How many
/// mails were written.
///
/// # Errors
/// When the database cannot be reached.
pub async fn remind_followers(conn: &mut PgConnection, ctx: &Ctx, campaign: CampaignId) -> sqlx::Result<u64> {
    store::queue_for_followers(conn, campaign, mail::REMINDER, ctx.now()).await
}
