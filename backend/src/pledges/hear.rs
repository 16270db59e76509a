//! What the provider answers and tells, handed on to the part of this slice it is about. Called by `payments`, in
//! one transaction per campaign; everything here may be heard twice.

use felag_domain::campaign::CampaignState;
use felag_domain::ids::{BookId, CampaignId, PledgeId};
use felag_domain::pledge::{PledgeEvent, PledgeState, next};
use serde_json::Value;
use sqlx::PgConnection;
use time::Duration;
use uuid::Uuid;

use super::charge::{Payment, apply_together};
use super::store_batch::{self as batch, Change};
use super::{Ask, Pledge, card, jobs, store};
use crate::ctx::Ctx;
use crate::jobs::enqueue;
use crate::payments::objects::{self, Session, Trouble};
use crate::payments::{self, Answered, Heard, Kind, News, Outcome, Told, requests};
use crate::refunds;

/// Answers to operations.
pub fn answers<'a>(
    ctx: &'a Ctx,
    conn: &'a mut PgConnection,
    book: BookId,
    answered: &'a [Answered],
) -> Heard<'a, ()> {
    let campaign = CampaignId::from_uuid(book.as_uuid());
    Box::pin(async move {
        if answered.is_empty() {
            return Ok(());
        }
        let is_suspended = Ask::lock(conn, campaign).await?.state == CampaignState::Suspended;
        let mut made = Vec::new();
        let mut payments = Vec::new();
        for one in answered {
            match one.operation.kind {
                Kind::CreateIntent => made.push(one),
                Kind::ConfirmIntent | Kind::ConfirmIntentPresent | Kind::CancelIntent => {
                    if let Some(payment) = payment(conn, ctx, one).await? {
                        payments.push((one.operation.of.pledge_id(), payment));
                    }
                }
                Kind::CreateCheckout | Kind::ExpireCheckout => checkout(conn, ctx, one).await?,
                // Asked for before refunds had a row of their own to name.
                Kind::CreateRefund => refund(conn, ctx, one).await?,
                // Never about a pledge.
                Kind::SendEvidence | Kind::CloseDispute => {}
                // Taken off, or already gone: the same to us.
                Kind::DetachMethod => {}
                Kind::CreateAccount | Kind::CreateTransfer | Kind::ReverseTransfer | Kind::CreatePayout => {
                    anyhow::bail!("{} is not about a pledge", one.operation.kind.as_str())
                }
            }
        }
        intents_made(conn, ctx, campaign, is_suspended, &made).await?;
        apply_together(conn, ctx, campaign, &payments).await?;
        Ok(())
    })
}

/// What a confirmation or a cancellation says of the payment.
async fn payment(conn: &mut PgConnection, ctx: &Ctx, one: &Answered) -> anyhow::Result<Option<Payment>> {
    let was_present = one.operation.kind == Kind::ConfirmIntentPresent;
    match &one.outcome {
        Outcome::Done(intent) => match Payment::of_intent(intent) {
            Ok(Payment::Declined { kind, code, .. }) => Ok(Some(Payment::Declined {
                kind,
                code,
                was_present,
            })),
            // The bank takes its time: asked again by itself, should nobody tell us.
            Ok(Payment::Pending) => ask_again(conn, ctx, one, jobs::LOOK_AGAIN).await,
            Ok(payment) => Ok(Some(payment)),
            Err(_) => ask_again(conn, ctx, one, Duration::ZERO).await,
        },
        Outcome::Refused(trouble) if is_decline(trouble) => Ok(Some(Payment::declined(trouble, was_present))),
        // It stands elsewhere than we thought: succeeded or cancelled meanwhile.
        Outcome::Refused(_) => ask_again(conn, ctx, one, Duration::ZERO).await,
    }
}

fn is_decline(trouble: &Trouble) -> bool {
    trouble.kind.as_deref() == Some("card_error")
}

async fn ask_again(
    conn: &mut PgConnection,
    ctx: &Ctx,
    one: &Answered,
    after: Duration,
) -> anyhow::Result<Option<Payment>> {
    let job = jobs::LookUpPayment {
        campaign: one.operation.of.campaign(),
        pledge: one.operation.of.pledge_id(),
    };
    enqueue(conn, ctx, &job, ctx.now() + after, None).await?;
    Ok(None)
}

/// Payments were made, unconfirmed: their ids are committed, then they are confirmed.
async fn intents_made(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    is_suspended: bool,
    made: &[&Answered],
) -> anyhow::Result<()> {
    let ids: Vec<PledgeId> = made.iter().map(|one| one.operation.of.pledge_id()).collect();
    let pledges = batch::lock_many(conn, campaign, &ids).await?;
    let (mut intents, mut changes, mut confirms, mut cancels) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for one in made {
        let Some(pledge) = pledges
            .iter()
            .find(|pledge| pledge.id == one.operation.of.pledge_id())
        else {
            continue;
        };
        let intent = match &one.outcome {
            Outcome::Done(object) => objects::id(object).map(ToString::to_string),
            Outcome::Refused(trouble) => {
                changes.extend(refused(pledge, trouble));
                None
            }
        };
        let (Some(intent), None, Some(method)) = (intent, &pledge.intent, pledge.method.clone()) else {
            continue;
        };
        intents.push((pledge.id, intent.clone()));
        if pledge.state.is_ended() || pledge.state == PledgeState::Stopping {
            cancels.push((pledge.subject(), move |_| requests::cancel_intent(&intent)));
            continue;
        }
        if is_suspended {
            // Confirmed once the campaign goes on.
            continue;
        }
        changes.push(change(
            pledge,
            next(pledge.state, PledgeEvent::ChargeStarted)?,
            None,
        ));
        confirms.push((pledge.subject(), move |_| {
            requests::confirm_intent(&intent, &method)
        }));
    }
    batch::set_intents(conn, campaign, &intents).await?;
    batch::apply(conn, campaign, &changes, ctx.now()).await?;
    payments::write_all(conn, ctx, Kind::ConfirmIntent, confirms).await?;
    payments::write_all(conn, ctx, Kind::CancelIntent, cancels).await?;
    Ok(())
}

/// The provider would not even make the payment: the person may give another card.
fn refused(pledge: &Pledge, trouble: &Trouble) -> Option<Change> {
    tracing::error!(pledge.id = %pledge.id, code = trouble.short(), "alarm: a payment could not be made");
    let to = next(pledge.state, PledgeEvent::HardDecline).ok()?;
    Some(change(pledge, to, Some(trouble.short())))
}

fn change(pledge: &Pledge, to: PledgeState, decline_code: Option<String>) -> Change {
    Change {
        id: pledge.id,
        to,
        tries: i32::try_from(pledge.tries).unwrap_or(i32::MAX),
        next_try_at: None,
        decline_code,
        charge: None,
        paid_at: None,
        ended_at: None,
    }
}

async fn checkout(conn: &mut PgConnection, ctx: &Ctx, one: &Answered) -> anyhow::Result<()> {
    let operation = &one.operation;
    let Some(pledge) = store::lock(conn, operation.of.campaign(), operation.of.pledge_id()).await? else {
        return Ok(());
    };
    match (&one.outcome, operation.kind) {
        (Outcome::Done(object), Kind::CreateCheckout) => made(conn, ctx, &pledge, object).await,
        (Outcome::Done(object), _) => card::heard(conn, ctx, &pledge, object, ctx.now()).await,
        (Outcome::Refused(trouble), Kind::CreateCheckout) => {
            tracing::error!(pledge.id = %pledge.id, code = trouble.short(), "alarm: a checkout could not be made");
            Ok(())
        }
        // It cannot be expired because it is complete or expired already: look which.
        (Outcome::Refused(_), _) => {
            let job = jobs::WatchCheckout {
                campaign: pledge.campaign,
                pledge: pledge.id,
                left: 0,
            };
            enqueue(conn, ctx, &job, ctx.now(), None).await
        }
    }
}

async fn made(conn: &mut PgConnection, ctx: &Ctx, pledge: &Pledge, object: &Value) -> anyhow::Result<()> {
    let session: Session = serde_json::from_value(object.clone())?;
    let is_wanted = matches!(
        pledge.state,
        PledgeState::Draft | PledgeState::NeedsYou | PledgeState::RetryLater
    );
    if !is_wanted {
        let request = |_| requests::expire_checkout(&session.id);
        payments::write(conn, ctx, pledge.subject(), Kind::ExpireCheckout, request).await?;
        return Ok(());
    }
    let until = ctx.now() + felag_domain::campaign::CHECKOUT_HOLD;
    store::set_checkout(
        conn,
        pledge.campaign,
        pledge.id,
        &session.id,
        session.url.as_deref(),
        until,
    )
    .await?;
    if pledge.state != PledgeState::Draft {
        jobs::watch_checkout(conn, ctx, pledge.campaign, pledge.id).await?;
    }
    Ok(())
}

async fn refund(conn: &mut PgConnection, ctx: &Ctx, one: &Answered) -> anyhow::Result<()> {
    match &one.outcome {
        Outcome::Done(object) => refunds::heard_of_charge(conn, ctx, one.operation.of.book, object).await,
        Outcome::Refused(trouble) => {
            tracing::error!(pledge.id = %one.operation.of.id, code = trouble.short(), "alarm: a refund was refused");
            Ok(())
        }
    }
}

/// Events: checkouts, payments and refunds as they stand now. Returns the pledges that are not known yet.
pub fn news<'a>(
    ctx: &'a Ctx,
    conn: &'a mut PgConnection,
    book: BookId,
    news: &'a [News],
) -> Heard<'a, Vec<Uuid>> {
    let campaign = CampaignId::from_uuid(book.as_uuid());
    Box::pin(async move {
        if !store::campaign_exists(conn, campaign).await? {
            return Ok(news.iter().map(|one| one.of.id).collect());
        }
        Ask::lock(conn, campaign).await?;
        let (mut unknown, mut payments) = (Vec::new(), Vec::new());
        for one in news {
            match &one.told {
                Told::Intent(intent) => payments.push((one.of.pledge_id(), Payment::of_intent(intent)?)),
                Told::Session(session) => match store::lock(conn, campaign, one.of.pledge_id()).await? {
                    Some(pledge) => card::heard(conn, ctx, &pledge, session, one.at).await?,
                    None => unknown.push(one.of.id),
                },
                Told::Refund(refund) => refunds::heard_of_charge(conn, ctx, book, refund).await?,
                // Heard through its payment.
                Told::Dispute(_) => {}
                Told::Account(_) | Told::BankPayout(_) => anyhow::bail!("that is not about a pledge"),
            }
        }
        let missing = apply_together(conn, ctx, campaign, &payments).await?;
        unknown.extend(missing.into_iter().map(PledgeId::as_uuid));
        Ok(unknown)
    })
}

/// Pledges that need no news any more: they are paid.
pub fn settled<'a>(ctx: &'a Ctx, book: BookId, ids: &'a [Uuid]) -> Heard<'a, Vec<Uuid>> {
    let campaign = CampaignId::from_uuid(book.as_uuid());
    Box::pin(async move { Ok(batch::paid_among(&ctx.db, campaign, ids).await?) })
}
