//! The person is there: they come back from a hosted page, try again with their bank, or give another card.

use felag_domain::campaign::CampaignState;
use felag_domain::ids::{CampaignId, PledgeId};
use felag_domain::pledge::PledgeState;
use serde_json::Value;
use time::Duration;

use super::charge::{Payment, apply_together};
use super::{Ask, Pledge, card, give, store};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::payments::objects::Intent;
use crate::payments::operations::{perform, write_to_perform};
use crate::payments::{Kind, Outcome, events, requests};
use crate::web::limits::Limit;

/// How often one pledge may be tried with the person present: a bot that holds a link gets no further.
const TRIES_PER_PLEDGE: Limit = Limit::new("pledge.try", 5, Duration::HOUR);

/// Asks the provider how things stand with a pledge: its checkout, then its payment. For the return page, so that
/// a person who comes back sees what happened even if no webhook came.
pub async fn look_up(ctx: &Ctx, pledge: &Pledge) -> anyhow::Result<()> {
    if pledge.checkout_url.is_some() {
        card::look_up(ctx, pledge).await?;
    }
    look_up_payment(ctx, pledge.campaign, pledge.id).await?;
    Ok(())
}

/// Whether there is something left to ask about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    Settled,
    /// A charge or a cancellation is with the provider, which has not decided.
    StillOpen,
}

/// Asks how a payment stands and acts on it, as a webhook would.
pub async fn look_up_payment(ctx: &Ctx, campaign: CampaignId, id: PledgeId) -> anyhow::Result<Stands> {
    use PledgeState::{Charging, NeedsYou, RetryLater, Stopping};
    let Some(pledge) = store::by_id(&ctx.db, campaign, id).await? else {
        return Ok(Stands::Settled);
    };
    let Some(intent) = &pledge.intent else {
        return Ok(Stands::Settled);
    };
    let is_open = matches!(pledge.state, Charging | NeedsYou | RetryLater | Stopping);
    if !is_open && pledge.charge.is_some() {
        return Ok(Stands::Settled);
    }
    let Some(object) = events::object(ctx, &events::intent_path(intent)).await? else {
        return Ok(Stands::Settled);
    };
    let payment = Payment::of_intent(&object)?;
    if matches!(payment, Payment::Pending) {
        let is_waited_for = matches!(pledge.state, Charging | Stopping);
        return Ok(if is_waited_for {
            Stands::StillOpen
        } else {
            Stands::Settled
        });
    }
    let mut tx = ctx.db.begin().await?;
    apply_together(&mut tx, ctx, campaign, &[(id, payment)]).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(Stands::Settled)
}

/// Confirms the payment with the person present. Where to send them: the bank's page, or back to the pledge.
///
/// # Errors
/// [`Error::Gone`] when nothing waits for the person, [`Error::TooMany`], [`Error::ProviderAway`].
pub async fn try_again(ctx: &Ctx, token: &str) -> Result<Option<String>, Error> {
    let pledge = waiting(ctx, token).await?;
    let (Some(intent), Some(method)) = (&pledge.intent, &pledge.method) else {
        return Err(Error::Gone);
    };
    if let Some(url) = open_bank_page(ctx, intent).await? {
        return Ok(Some(url));
    }
    let mut tx = ctx.db.begin().await?;
    store::lock(&mut tx, pledge.campaign, pledge.id).await?;
    let return_url = format!("{}/pledges/{token}/return", ctx.config.public_url);
    let operation = write_to_perform(&mut tx, ctx, pledge.subject(), Kind::ConfirmIntentPresent, |_| {
        requests::confirm_intent_present(intent, method, &return_url)
    })
    .await?;
    tx.commit().await?;
    match perform(ctx, operation).await? {
        Some(Outcome::Done(object)) => Ok(bank_page(&object)),
        Some(Outcome::Refused(_)) | None => Ok(None),
    }
}

/// The bank's page of an earlier try that is still open.
async fn open_bank_page(ctx: &Ctx, intent: &str) -> Result<Option<String>, Error> {
    match events::object(ctx, &events::intent_path(intent)).await {
        Ok(object) => Ok(object.as_ref().and_then(bank_page)),
        Err(_) => Err(Error::ProviderAway),
    }
}

fn bank_page(object: &Value) -> Option<String> {
    let intent = Intent::read(object)
        .ok()
        .filter(|intent| intent.status == "requires_action")?;
    Some(intent.next_action?.redirect_to_url?.url)
}

/// The hosted page that saves another card; the same payment is confirmed with it.
///
/// # Errors
/// As [`try_again`].
pub async fn another_card(ctx: &Ctx, token: &str) -> Result<String, Error> {
    let pledge = waiting(ctx, token).await?;
    let campaign = Ask::of(&ctx.db, pledge.campaign).await?;
    give::open_checkout(ctx, &campaign, pledge).await
}

async fn waiting(ctx: &Ctx, token: &str) -> Result<Pledge, Error> {
    let pledge = store::by_token(&ctx.db, token).await?.ok_or(Error::NotFound)?;
    if !matches!(pledge.state, PledgeState::NeedsYou | PledgeState::RetryLater) {
        return Err(Error::Gone);
    }
    // While the campaign is suspended nothing is charged, not even by hand.
    if Ask::of(&ctx.db, pledge.campaign).await?.state == CampaignState::Suspended {
        return Err(Error::Gone);
    }
    if !TRIES_PER_PLEDGE.take(ctx, &pledge.id.to_string()).await? {
        return Err(Error::TooMany);
    }
    Ok(pledge)
}
