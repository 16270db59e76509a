//! What the provider answers and tells of commitments, handed on to the part of this slice it is about. Everything here
//! may be heard twice.

use felag_domain::campaign::CampaignState;
use felag_domain::ids::{BookId, CampaignId, CommitmentId};
use felag_domain::lending::{CommitmentEvent, CommitmentState};
use serde_json::Value;
use sqlx::PgConnection;
use time::Duration;
use uuid::Uuid;

use super::store_batch as batch;
use super::{Commitment, card, charge, figures, jobs, life};
use crate::ctx::Ctx;
use crate::jobs::enqueue;
use crate::payments::objects::{self, Session};
use crate::payments::{self, Answered, Heard, Kind, News, Outcome, Progress, Told, requests};

/// Answers to operations.
pub fn answers<'a>(
    ctx: &'a Ctx,
    conn: &'a mut PgConnection,
    book: BookId,
    answered: &'a [Answered],
) -> Heard<'a, ()> {
    let campaign = CampaignId::from_uuid(book.as_uuid());
    Box::pin(async move {
        let Some((found, _)) = life::hold(conn, campaign).await? else {
            return Ok(());
        };
        let (mut made, mut news) = (Vec::new(), Vec::new());
        for one in answered {
            match one.operation.kind {
                Kind::CreateIntent => made.push(one),
                Kind::ConfirmIntent | Kind::ConfirmIntentPresent | Kind::CancelIntent => {
                    if let Some(progress) = progress(conn, ctx, one).await? {
                        news.push((one.operation.of.commitment_id(), progress));
                    }
                }
                Kind::CreateCheckout | Kind::ExpireCheckout => checkout(conn, ctx, one).await?,
                // Taken off, or already gone: the same to us.
                Kind::DetachMethod => {}
                kind => anyhow::bail!("{} is not about a commitment", kind.as_str()),
            }
        }
        let is_suspended = found.state == CampaignState::Suspended;
        intents_made(conn, ctx, campaign, is_suspended, &made).await?;
        charge::apply(conn, ctx, campaign, &news).await?;
        Ok(())
    })
}

/// What a confirmation or a cancellation says of the payment.
async fn progress(conn: &mut PgConnection, ctx: &Ctx, one: &Answered) -> anyhow::Result<Option<Progress>> {
    let was_present = one.operation.kind == Kind::ConfirmIntentPresent;
    let after = match &one.outcome {
        Outcome::Done(intent) => match Progress::of_intent(intent) {
            Ok(Progress::Declined { kind, code, .. }) => {
                return Ok(Some(Progress::Declined {
                    kind,
                    code,
                    was_present,
                }));
            }
            // The bank takes its time: asked again by itself, should nobody tell us.
            Ok(Progress::Pending) => jobs::LOOK_AGAIN,
            Ok(progress) => return Ok(Some(progress)),
            Err(_) => Duration::ZERO,
        },
        Outcome::Refused(trouble) if trouble.kind.as_deref() == Some("card_error") => {
            return Ok(Some(Progress::declined(trouble, was_present)));
        }
        // It stands elsewhere than we thought: succeeded or cancelled meanwhile.
        Outcome::Refused(_) => Duration::ZERO,
    };
    let job = jobs::LookUp {
        campaign: one.operation.of.campaign(),
        commitment: one.operation.of.commitment_id(),
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
    let ids: Vec<Uuid> = made.iter().map(|one| one.operation.of.id).collect();
    let mut held = batch::lock_many(conn, campaign, &ids).await?;
    let (mut confirms, mut cancels) = (Vec::new(), Vec::new());
    for answered in made {
        let id = answered.operation.of.commitment_id();
        let Some(one) = held.iter_mut().find(|one| one.id == id) else {
            continue;
        };
        let intent = match &answered.outcome {
            Outcome::Done(object) => objects::id(object).map(ToString::to_string),
            Outcome::Refused(trouble) => {
                tracing::error!(commitment.id = %id, code = trouble.short(), "alarm: a payment could not be made");
                // The person may give another card.
                if one.take(CommitmentEvent::HardDecline).is_ok() {
                    one.decline_code = Some(trouble.short());
                }
                None
            }
        };
        let (Some(intent), None, Some(method)) = (intent, &one.intent, one.method.clone()) else {
            continue;
        };
        one.intent = Some(intent.clone());
        if one.state.is_gone() || one.state == CommitmentState::Stopping {
            cancels.push((one.subject(), move |_| requests::cancel_intent(&intent)));
            continue;
        }
        if is_suspended {
            // Confirmed once the campaign goes on.
            continue;
        }
        one.take(CommitmentEvent::ChargeStarted)?;
        one.next_try_at = None;
        confirms.push((one.subject(), move |_| requests::confirm_intent(&intent, &method)));
    }
    figures::save(conn, campaign, &held, ctx.now()).await?;
    payments::write_all(conn, ctx, Kind::ConfirmIntent, confirms).await?;
    payments::write_all(conn, ctx, Kind::CancelIntent, cancels).await?;
    Ok(())
}

async fn checkout(conn: &mut PgConnection, ctx: &Ctx, one: &Answered) -> anyhow::Result<()> {
    let of = one.operation.of;
    match (&one.outcome, one.operation.kind) {
        (Outcome::Done(object), Kind::CreateCheckout) => {
            match batch::lock(conn, of.campaign(), of.commitment_id()).await? {
                Some(commitment) => made(conn, ctx, commitment, object).await,
                None => Ok(()),
            }
        }
        (Outcome::Done(object), _) => card::heard(conn, ctx, of, object, ctx.now()).await.map(drop),
        (Outcome::Refused(trouble), Kind::CreateCheckout) => {
            tracing::error!(commitment.id = %of.id, code = trouble.short(), "alarm: a checkout could not be made");
            Ok(())
        }
        // It cannot be expired because it is complete or expired already: look which.
        (Outcome::Refused(_), _) => jobs::watch_once(conn, ctx, of.campaign(), of.commitment_id()).await,
    }
}

async fn made(
    conn: &mut PgConnection,
    ctx: &Ctx,
    mut commitment: Commitment,
    object: &Value,
) -> anyhow::Result<()> {
    let session: Session = serde_json::from_value(object.clone())?;
    let is_wanted = matches!(
        commitment.state,
        CommitmentState::Draft | CommitmentState::NeedsYou | CommitmentState::RetryLater
    );
    if !is_wanted {
        let request = |_| requests::expire_checkout(&session.id);
        payments::write(conn, ctx, commitment.subject(), Kind::ExpireCheckout, request).await?;
        return Ok(());
    }
    commitment.checkout = Some(session.id);
    commitment.checkout_url = session.url;
    commitment.checkout_expires_at = Some(ctx.now() + felag_domain::campaign::CHECKOUT_HOLD);
    figures::save(conn, commitment.campaign, &[commitment.clone()], ctx.now()).await?;
    if commitment.state != CommitmentState::Draft {
        jobs::watch(conn, ctx, commitment.campaign, commitment.id).await?;
    }
    Ok(())
}

/// Events: checkouts and payments as they stand now. Returns the commitments that are not known yet.
pub fn news<'a>(
    ctx: &'a Ctx,
    conn: &'a mut PgConnection,
    book: BookId,
    news: &'a [News],
) -> Heard<'a, Vec<Uuid>> {
    let campaign = CampaignId::from_uuid(book.as_uuid());
    Box::pin(async move {
        let (mut unknown, mut payments) = (Vec::new(), Vec::new());
        for one in news {
            match &one.told {
                Told::Intent(intent) => {
                    payments.push((one.of.commitment_id(), Progress::of_intent(intent)?));
                }
                Told::Session(session) => {
                    if !card::heard(conn, ctx, one.of, session, one.at).await? {
                        unknown.push(one.of.id);
                    }
                }
                // Heard through its payment, or its own row.
                Told::Dispute(_) | Told::Refund(_) => {}
                Told::Account(_) | Told::BankPayout(_) => anyhow::bail!("that is not about a commitment"),
            }
        }
        unknown.extend(charge::apply(conn, ctx, campaign, &payments).await?);
        Ok(unknown)
    })
}

/// Commitments that need no news any more: they were charged.
pub fn settled<'a>(ctx: &'a Ctx, book: BookId, ids: &'a [Uuid]) -> Heard<'a, Vec<Uuid>> {
    let campaign = CampaignId::from_uuid(book.as_uuid());
    Box::pin(async move {
        let mut settled = Vec::new();
        for id in ids {
            let found = batch::by_id(&ctx.db, campaign, CommitmentId::from_uuid(*id)).await?;
            if found.is_some_and(|one| one.charge.is_some() && !one.state.is_unresolved()) {
                settled.push(*id);
            }
        }
        Ok(settled)
    })
}
