//! Following a campaign by e-mail, without paying. A guest confirms by a link; nobody is told who follows
//! what.

use felag_domain::campaign::CampaignState;
use felag_domain::ids::CampaignId;
use felag_domain::person::EmailAddress;
use sha2::{Digest, Sha256};
use time::Duration;
use uuid::Uuid;

use super::{mail, store};
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::mail::NewMessage;
use crate::people::Person;
use crate::people::visitor::token_hash;
use crate::web::limits::Limit;

/// Links mailed to one mailbox.
const MAILS_TO: Limit = Limit::new("follow.recipient", 3, Duration::HOUR);
/// Links asked for from one place.
const MAILS_FROM: Limit = Limit::new("follow.address", 10, Duration::HOUR);
/// How long a link works.
const LINK_LIFE: Duration = Duration::DAY;

/// The kinds of lists a follower of a campaign is on.
pub const LISTS: [&str; 3] = ["follow", "updates", "reminders"];

/// The names of those lists.
pub fn lists(campaign: CampaignId) -> [String; 3] {
    LISTS.map(|kind| format!("{kind}:{campaign}"))
}

/// Whether there is anything to wait for.
pub fn may_follow(campaign: &Campaign) -> bool {
    use CampaignState::{Cancelled, Closed, Failed, Unwound};
    campaign.is_public() && !matches!(campaign.state, Failed | Closed | Unwound | Cancelled)
}

/// Mails a guest the link that confirms the address, whether it follows already or not. `from` is the address
/// limits are counted by. A mailbox gets a few such mails an hour; further ones are not sent, and nobody is
/// told.
///
/// # Errors
/// [`Error::TooMany`] when `from` asked too often.
pub async fn ask(ctx: &Ctx, campaign: &Campaign, email: &EmailAddress, from: &str) -> Result<(), Error> {
    if !MAILS_FROM.take(ctx, from).await? {
        return Err(Error::TooMany);
    }
    // Not the address itself, which has no business in a table of attempts.
    if !MAILS_TO
        .take(ctx, &hex::encode(Sha256::digest(email.as_str())))
        .await?
    {
        return Ok(());
    }
    let token = ctx.random.token();
    let mail = mail::confirm_follow(ctx, campaign.id, &token)
        .await?
        .ok_or(Error::NotFound)?;
    let mut tx = ctx.db.begin().await?;
    let life = (ctx.now(), ctx.now() + LINK_LIFE);
    store::insert_link(&mut tx, &token_hash(&token), campaign.id, email.as_str(), life).await?;
    let message = NewMessage {
        kind: "confirm_follow",
        event: ctx.id::<Uuid>().to_string(),
        recipient: email.as_str(),
        mail,
        sender: None,
        list: None,
    };
    crate::mail::queue(&mut tx, ctx, vec![message]).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Somebody whose address is confirmed follows at once.
///
/// # Errors
/// When the database cannot be reached.
pub async fn follow(ctx: &Ctx, campaign: CampaignId, person: &Person) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    store::follow(&mut tx, campaign, &person.email, Some(person.id), ctx.now()).await?;
    crate::mail::store::join(&mut tx, &person.email, &lists(campaign)).await?;
    tx.commit().await?;
    Ok(())
}

/// What a mailed link is about, until it runs out. Changes nothing: mail programs open links by themselves.
///
/// # Errors
/// [`Error::Gone`] when it ran out or was used by somebody who no longer follows; or was never one.
pub async fn look_up(ctx: &Ctx, token: &str) -> Result<store::Link, Error> {
    let link = store::link(&ctx.db, &token_hash(token), ctx.now())
        .await?
        .ok_or(Error::Gone)?;
    if link.is_used && !store::follows(&ctx.db, link.campaign, &link.email).await? {
        return Err(Error::Gone);
    }
    Ok(link)
}

/// The holder of the mailbox says yes. The link works once; again it only shows what it did.
///
/// # Errors
/// As [`look_up`].
pub async fn confirm(ctx: &Ctx, token: &str) -> Result<store::Link, Error> {
    let link = look_up(ctx, token).await?;
    let mut tx = ctx.db.begin().await?;
    if store::use_link(&mut tx, &token_hash(token), ctx.now()).await? {
        store::follow(&mut tx, link.campaign, &link.email, None, ctx.now()).await?;
        crate::mail::store::join(&mut tx, &link.email, &lists(link.campaign)).await?;
    }
    tx.commit().await?;
    Ok(link)
}
