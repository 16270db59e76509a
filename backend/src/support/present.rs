//! The person is there: they come back from a hosted page, confirm with their bank, or give another card.

use felag_domain::ids::{ContributionId, ProjectId};
use felag_domain::pledge::PledgeState;
use felag_domain::support::SupportState;
use time::Duration;

use super::charge::apply;
use super::{Contribution, Support, begin, card, store};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::payments::objects::Intent;
use crate::payments::operations::{perform, write_to_perform};
use crate::payments::{Kind, Outcome, events, requests};
use crate::pledges::Payment;
use crate::web::limits::Limit;

/// How often one support may be tried with the person present: a bot that holds a link gets no further.
const TRIES: Limit = Limit::new("support.try", 5, Duration::HOUR);

/// Whether there is something left to ask about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    Settled,
    StillOpen,
}

/// The person comes back from a hosted page: how things stand is asked for, and the first charge is confirmed with
/// them. Where to send them: their bank's page, if it wants to see them.
pub async fn look_up(ctx: &Ctx, support: &Support) -> anyhow::Result<Option<String>> {
    if support.checkout_url.is_some() {
        card::look_up(ctx, support).await?;
    }
    let open = store::under_way(&ctx.db, support.project, support.id).await?;
    let Some(one) = open else {
        return Ok(None);
    };
    if one.state == PledgeState::Due && one.number == 0 {
        return Ok(confirm(ctx, support, one).await?);
    }
    look_up_payment(ctx, support.project, one.id).await?;
    Ok(None)
}

/// Asks how a payment stands and acts on it, as a webhook would.
pub async fn look_up_payment(ctx: &Ctx, project: ProjectId, id: ContributionId) -> anyhow::Result<Stands> {
    use PledgeState::{Charging, NeedsYou, RetryLater, Stopping};
    let Some(one) = store::contribution(&ctx.db, project, id).await? else {
        return Ok(Stands::Settled);
    };
    let is_open = matches!(one.state, Charging | NeedsYou | RetryLater | Stopping);
    let Some(intent) = one.intent.as_ref().filter(|_| is_open) else {
        return Ok(Stands::Settled);
    };
    let Some(object) = events::object(ctx, &events::intent_path(intent)).await? else {
        return Ok(Stands::Settled);
    };
    let payment = Payment::of_intent(&object)?;
    if matches!(payment, Payment::Pending) {
        let is_waited_for = matches!(one.state, Charging | Stopping);
        return Ok(if is_waited_for {
            Stands::StillOpen
        } else {
            Stands::Settled
        });
    }
    let mut tx = ctx.db.begin().await?;
    apply(&mut tx, ctx, project, id, &payment).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(Stands::Settled)
}

/// Confirms a contribution with the person present, and makes its payment first if there is none.
async fn confirm(ctx: &Ctx, support: &Support, one: Contribution) -> Result<Option<String>, Error> {
    let one = match &one.intent {
        Some(_) => one,
        None => make(ctx, support, &one).await?,
    };
    let Some(intent) = &one.intent else {
        return Ok(None);
    };
    if let Some(url) = open_bank_page(ctx, intent).await? {
        return Ok(Some(url));
    }
    let mut tx = ctx.db.begin().await?;
    let held = store::lock(&mut tx, support.project, support.id).await?;
    let Some(method) = held.and_then(|held| held.method) else {
        return Err(Error::Gone);
    };
    let return_url = format!("{}/supports/{}/return", ctx.config.public_url, support.token);
    let operation = write_to_perform(&mut tx, ctx, one.subject(), Kind::ConfirmIntentPresent, |_| {
        requests::confirm_intent_present(intent, &method, &return_url)
    })
    .await?;
    tx.commit().await?;
    match perform(ctx, operation).await? {
        Some(Outcome::Done(object)) => Ok(Intent::read(&object).ok().and_then(bank_page)),
        Some(Outcome::Refused(_)) | None => Ok(None),
    }
}

/// The payment, unconfirmed, made while the person waits.
async fn make(ctx: &Ctx, support: &Support, one: &Contribution) -> Result<Contribution, Error> {
    let mut tx = ctx.db.begin().await?;
    let held = store::lock(&mut tx, support.project, support.id).await?;
    let Some((customer, method)) = held.and_then(|held| held.customer.zip(held.method)) else {
        return Err(Error::Gone);
    };
    let total = one.total()?;
    store::keep(
        &mut tx,
        &Contribution {
            is_present: true,
            ..one.clone()
        },
    )
    .await?;
    let operation = write_to_perform(&mut tx, ctx, one.subject(), Kind::CreateIntent, |tag| {
        requests::create_intent(tag, total, &customer, &method)
    })
    .await?;
    tx.commit().await?;
    perform(ctx, operation).await?;
    let made = store::contribution(&ctx.db, one.project, one.id).await?;
    made.ok_or(Error::NotFound)
}

/// The bank's page of an earlier try that is still open.
async fn open_bank_page(ctx: &Ctx, intent: &str) -> Result<Option<String>, Error> {
    match events::object(ctx, &events::intent_path(intent)).await {
        Ok(object) => Ok(object
            .and_then(|object| Intent::read(&object).ok())
            .and_then(bank_page)),
        Err(_) => Err(Error::ProviderAway),
    }
}

fn bank_page(intent: Intent) -> Option<String> {
    let waits = intent.status == "requires_action";
    Some(intent.next_action.filter(|_| waits)?.redirect_to_url?.url)
}

/// Tries the contribution that waits for the person. Where to send them, if their bank wants to see them.
///
/// # Errors
/// [`Error::Gone`] when nothing waits, [`Error::TooMany`], [`Error::ProviderAway`].
pub async fn try_again(ctx: &Ctx, token: &str) -> Result<Option<String>, Error> {
    let support = store::by_token(&ctx.db, token).await?.ok_or(Error::NotFound)?;
    let open = store::under_way(&ctx.db, support.project, support.id).await?;
    let open = open.filter(|one| one.waits_for_person() || one.state == PledgeState::Due);
    let Some(one) = open else {
        return Err(Error::Gone);
    };
    if !TRIES.take(ctx, &support.id.to_string()).await? {
        return Err(Error::TooMany);
    }
    confirm(ctx, &support, one).await
}

/// The hosted page that saves another card, for the next charge or for the one that waits.
///
/// # Errors
/// As [`try_again`].
pub async fn another_card(ctx: &Ctx, token: &str) -> Result<String, Error> {
    let support = store::by_token(&ctx.db, token).await?.ok_or(Error::NotFound)?;
    if support.state.is_over() || support.state == SupportState::Draft {
        return Err(Error::Gone);
    }
    // Going on with a page that is open costs nothing.
    let is_open =
        support.checkout_url.is_some() && support.checkout_expires_at.is_some_and(|until| ctx.now() < until);
    if !is_open && !TRIES.take(ctx, &support.id.to_string()).await? {
        return Err(Error::TooMany);
    }
    begin::open_checkout(ctx, support).await
}
