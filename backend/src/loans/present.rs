//! The lender is there: they come back from a hosted page, try again with their bank, or give another card.

use felag_domain::campaign::CampaignState;
use felag_domain::ids::{CampaignId, CommitmentId};
use felag_domain::lending::CommitmentState;
use serde_json::Value;
use time::Duration;

use super::{Commitment, card, charge, lend, store, store_batch as batch};
use crate::campaigns::store as campaigns;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::payments::objects::Intent;
use crate::payments::operations::{perform, write_to_perform};
use crate::payments::{Kind, Outcome, Progress, events, requests};
use crate::web::limits::Limit;

/// How often one commitment may be tried with the person present.
const TRIES_PER_COMMITMENT: Limit = Limit::new("commitment.try", 5, Duration::HOUR);

/// Asks the provider how things stand with a commitment: its checkout, then its payment.
pub async fn look_up(ctx: &Ctx, commitment: &Commitment) -> anyhow::Result<()> {
    if commitment.checkout_url.is_some() {
        card::look_up(ctx, commitment).await?;
    }
    look_up_payment(ctx, commitment.campaign, commitment.id).await?;
    Ok(())
}

/// Asks how a payment stands and acts on it. Whether the provider has still not decided.
pub async fn look_up_payment(ctx: &Ctx, campaign: CampaignId, id: CommitmentId) -> anyhow::Result<bool> {
    let found = store::by_id(&ctx.db, campaign, id).await?;
    let open = found.filter(|one| one.state.is_unresolved() || one.charge.is_none());
    let Some((commitment, intent)) = open.and_then(|one| {
        let intent = one.intent.clone()?;
        Some((one, intent))
    }) else {
        return Ok(false);
    };
    let Some(object) = events::object(ctx, &events::intent_path(&intent)).await? else {
        return Ok(false);
    };
    let progress = Progress::of_intent(&object)?;
    if matches!(progress, Progress::Pending) {
        return Ok(matches!(
            commitment.state,
            CommitmentState::Charging | CommitmentState::Stopping
        ));
    }
    let mut tx = ctx.db.begin().await?;
    charge::apply(&mut tx, ctx, campaign, &[(id, progress)]).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(false)
}

/// Confirms the payment with the person present. Where to send them: the bank's page, or back.
///
/// # Errors
/// [`Error::Gone`] when nothing waits for the person, [`Error::TooMany`], [`Error::ProviderAway`].
pub async fn try_again(ctx: &Ctx, token: &str) -> Result<Option<String>, Error> {
    let commitment = waiting(ctx, token).await?;
    let (Some(intent), Some(method)) = (&commitment.intent, &commitment.method) else {
        return Err(Error::Gone);
    };
    let open = events::object(ctx, &events::intent_path(intent)).await;
    let open = open.map_err(|_| Error::ProviderAway)?;
    if let Some(url) = open.as_ref().and_then(bank_page) {
        return Ok(Some(url));
    }
    let mut tx = ctx.db.begin().await?;
    batch::lock(&mut tx, commitment.campaign, commitment.id).await?;
    let back = format!("{}/my/commitments/{token}/return", ctx.config.public_url);
    let operation = write_to_perform(
        &mut tx,
        ctx,
        commitment.subject(),
        Kind::ConfirmIntentPresent,
        |_| requests::confirm_intent_present(intent, method, &back),
    )
    .await?;
    tx.commit().await?;
    match perform(ctx, operation).await? {
        Some(Outcome::Done(object)) => Ok(bank_page(&object)),
        Some(Outcome::Refused(_)) | None => Ok(None),
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
    let commitment = waiting(ctx, token).await?;
    lend::open_checkout(ctx, commitment).await
}

async fn waiting(ctx: &Ctx, token: &str) -> Result<Commitment, Error> {
    let commitment = store::by_token(&ctx.db, token).await?.ok_or(Error::NotFound)?;
    if !matches!(
        commitment.state,
        CommitmentState::NeedsYou | CommitmentState::RetryLater
    ) {
        return Err(Error::Gone);
    }
    let campaign = campaigns::find(&ctx.db, commitment.campaign).await?;
    if campaign.is_none_or(|campaign| campaign.state == CampaignState::Suspended) {
        return Err(Error::Gone);
    }
    if !TRIES_PER_COMMITMENT.take(ctx, &commitment.id.to_string()).await? {
        return Err(Error::TooMany);
    }
    Ok(commitment)
}
