//! What the provider says of lenders' payments, applied to many commitments of one loan in one transaction: states,
//! ledger, figures, mails. In any order, any number of times.

use std::collections::BTreeMap;

use felag_domain::campaign::CampaignState;
use felag_domain::entries;
use felag_domain::ids::{BookId, CampaignId, CommitmentId};
use felag_domain::ledger::NewEntry;
use felag_domain::lending::{CommitmentEvent, CommitmentNotAllowed, CommitmentState, LoanState};
use felag_domain::pledge::{DeclineKind, next_try};
use felag_domain::refund::RefundWhy;
use sqlx::PgConnection;
use uuid::Uuid;

use super::store_batch as batch;
use super::{Commitment, card, collect, figures, life, mail};
use crate::ctx::Ctx;
use crate::ledger;
use crate::payments::objects::Charge;
use crate::payments::{self, Kind, NewPayment, Progress, requests};
use crate::refunds;

/// Everything one batch leads to.
#[derive(Default)]
struct Effects {
    changed: BTreeMap<CommitmentId, Commitment>,
    entries: Vec<NewEntry>,
    came_in: Vec<(CommitmentId, Charge)>,
    asked: Vec<CommitmentId>,
    dropped: Vec<CommitmentId>,
    to_stop: Vec<CommitmentId>,
    /// Money that came in after its commitment had ended.
    late: Vec<CommitmentId>,
}

/// Applies what is known of several payments of one loan. Returns the commitments that do not exist (yet).
///
/// # Errors
/// When the database fails, or the provider charged something else than was agreed.
pub async fn apply(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    news: &[(CommitmentId, Progress)],
) -> anyhow::Result<Vec<Uuid>> {
    if news.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = news.iter().map(|(id, _)| id.as_uuid()).collect();
    let Some((found, loan)) = life::hold(conn, campaign).await? else {
        return Ok(ids);
    };
    let held = batch::lock_many(conn, campaign, &ids).await?;
    let mut held: BTreeMap<CommitmentId, Commitment> = held.into_iter().map(|one| (one.id, one)).collect();
    let (mut effects, mut unknown) = (Effects::default(), Vec::new());
    for (id, progress) in news {
        match held.get_mut(id) {
            Some(commitment) => one(ctx, commitment, progress, &mut effects)?,
            None => unknown.push(id.as_uuid()),
        }
    }
    carry_out(conn, ctx, (&found, &loan), effects).await?;
    Ok(unknown)
}

/// Decides what one piece of news means, and moves the commitment in memory.
fn one(
    ctx: &Ctx,
    commitment: &mut Commitment,
    progress: &Progress,
    effects: &mut Effects,
) -> anyhow::Result<()> {
    match progress {
        Progress::Succeeded(charge) => succeeded(commitment, charge, effects),
        Progress::NeedsPerson => asks(
            ctx,
            commitment,
            CommitmentEvent::NeedsPerson,
            "authentication_required",
            effects,
        ),
        Progress::Declined {
            kind,
            code,
            was_present,
        } => {
            if !was_present && commitment.state == CommitmentState::Charging {
                commitment.tries += 1;
            }
            let event = match kind {
                DeclineKind::NeedsPerson => CommitmentEvent::NeedsPerson,
                DeclineKind::Hard => CommitmentEvent::HardDecline,
                DeclineKind::Soft => CommitmentEvent::SoftDecline,
            };
            asks(ctx, commitment, event, code, effects)
        }
        Progress::Cancelled => {
            if commitment.take(CommitmentEvent::ProviderCancelled)? {
                (commitment.next_try_at, commitment.ended_at) = (None, Some(ctx.now()));
                effects.dropped.push(commitment.id);
                effects.changed.insert(commitment.id, commitment.clone());
            }
            Ok(())
        }
        Progress::Pending => Ok(()),
    }
}

fn succeeded(commitment: &mut Commitment, charge: &Charge, effects: &mut Effects) -> anyhow::Result<()> {
    if commitment.charge.as_deref() == Some(&charge.id) {
        return Ok(());
    }
    // The provider's answer is not trusted blindly: what was charged must be what the lender signed for.
    anyhow::ensure!(
        charge.gross == commitment.amount,
        "alarm: charge {} took {} for a commitment of {}",
        charge.id,
        charge.gross,
        commitment.amount
    );
    match commitment.take(CommitmentEvent::ChargeSucceeded) {
        Ok(_) => (commitment.next_try_at, commitment.decline_code) = (None, None),
        Err(CommitmentNotAllowed::PaymentAfterEnd { .. }) => effects.late.push(commitment.id),
        Err(refused) => anyhow::bail!("alarm: {refused}"),
    }
    commitment.charge = Some(charge.id.clone());
    commitment.paid_at = Some(charge.at);
    let book = BookId::of_campaign(commitment.campaign);
    effects.entries.push(entries::loan_charge(
        book,
        &charge.id,
        commitment.amount,
        charge.fee,
        charge.at,
    )?);
    effects.came_in.push((commitment.id, charge.clone()));
    effects.changed.insert(commitment.id, commitment.clone());
    Ok(())
}

/// The card was declined, or the bank asks: the commitment waits for the person or for the next try.
fn asks(
    ctx: &Ctx,
    commitment: &mut Commitment,
    event: CommitmentEvent,
    code: &str,
    effects: &mut Effects,
) -> anyhow::Result<()> {
    let from = commitment.state;
    commitment.take(event)?;
    if from == CommitmentState::Stopping {
        // It could not be stopped while the bank worked on it; now it can.
        effects.to_stop.push(commitment.id);
        effects.changed.insert(commitment.id, commitment.clone());
    }
    if !from.is_unresolved() || from == CommitmentState::Stopping {
        return Ok(());
    }
    let again = (commitment.state == CommitmentState::RetryLater)
        .then_some(commitment.due_at)
        .flatten();
    let next_try_at = again.and_then(|due| next_try(due, ctx.now()));
    let is_news = commitment.state != from
        || commitment.decline_code.as_deref() != Some(code)
        || commitment.next_try_at != next_try_at;
    if is_news {
        (commitment.next_try_at, commitment.decline_code) = (next_try_at, Some(code.to_string()));
        effects.changed.insert(commitment.id, commitment.clone());
        effects.asked.push(commitment.id);
    }
    Ok(())
}

async fn carry_out(
    conn: &mut PgConnection,
    ctx: &Ctx,
    (campaign, loan): (&crate::campaigns::store::Campaign, &super::Loan),
    effects: Effects,
) -> anyhow::Result<()> {
    if effects.changed.is_empty() {
        return Ok(());
    }
    let Effects {
        mut changed,
        entries,
        came_in,
        asked,
        dropped,
        to_stop,
        late,
    } = effects;
    for id in &dropped {
        if let Some(one) = changed.get_mut(id) {
            card::let_go(conn, ctx, one).await?;
        }
    }
    let all: Vec<Commitment> = changed.values().cloned().collect();
    keep(conn, ctx, campaign.id, &changed, &came_in).await?;
    figures::save(conn, campaign.id, &all, ctx.now()).await?;
    ledger::post(conn, ctx, entries).await?;
    let of = |ids: &[CommitmentId]| -> Vec<Commitment> {
        ids.iter().filter_map(|id| changed.get(id).cloned()).collect()
    };
    stop_again(conn, ctx, &of(&to_stop)).await?;
    let goes_back = loan.state == LoanState::Refunded
        || matches!(campaign.state, CampaignState::Cancelled | CampaignState::Unwound);
    let in_time: Vec<CommitmentId> = came_in
        .iter()
        .map(|(id, _)| *id)
        .filter(|id| !late.contains(id))
        .collect();
    for one in of(&late) {
        refunds::ask_by_itself(conn, ctx, one.subject(), RefundWhy::LatePayment).await?;
    }
    for one in of(&in_time).iter().filter(|_| goes_back) {
        refunds::ask_by_itself(conn, ctx, one.subject(), RefundWhy::Unwound).await?;
    }
    mail::charged(conn, ctx, campaign, loan, &of(&in_time)).await?;
    mail::needs_you(conn, ctx, campaign, loan, &of(&asked)).await?;
    if !goes_back {
        mail::dropped(conn, ctx, campaign, loan, &of(&dropped)).await?;
    }
    collect::close_if_done(conn, ctx, campaign.id).await
}

/// The rows of `payment` that a batch of charges makes.
async fn keep(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    changed: &BTreeMap<CommitmentId, Commitment>,
    came_in: &[(CommitmentId, Charge)],
) -> anyhow::Result<()> {
    let mut payments = Vec::with_capacity(came_in.len());
    for (id, charge) in came_in {
        let Some(one) = changed.get(id) else { continue };
        payments.push(NewPayment {
            id: ctx.id(),
            of: one.subject(),
            charge: &charge.id,
            intent: one.intent.as_deref(),
            amount: one.amount,
            tip: felag_domain::money::Money::zero(one.amount.currency()),
            paid_at: charge.at,
        });
    }
    payments::keep_payments(conn, BookId::of_campaign(campaign), &payments).await?;
    Ok(())
}

async fn stop_again(conn: &mut PgConnection, ctx: &Ctx, commitments: &[Commitment]) -> anyhow::Result<()> {
    for one in commitments {
        let Some(intent) = &one.intent else { continue };
        if !payments::operations::is_waiting(conn, one.subject(), Kind::CancelIntent).await? {
            let request = |_| requests::cancel_intent(intent);
            payments::write(conn, ctx, one.subject(), Kind::CancelIntent, request).await?;
        }
    }
    Ok(())
}

/// Another card was saved for a commitment that could not be charged: the same payment is confirmed with it.
pub async fn with_card(
    conn: &mut PgConnection,
    ctx: &Ctx,
    mut commitment: Commitment,
    method: &str,
) -> anyhow::Result<()> {
    commitment.take(CommitmentEvent::ChargeStarted)?;
    let subject = commitment.subject();
    if let Some(old) = commitment.method.replace(method.to_string()) {
        payments::write(conn, ctx, subject, Kind::DetachMethod, |_| {
            requests::detach_method(&old)
        })
        .await?;
    }
    (commitment.next_try_at, commitment.checkout_url) = (None, None);
    match (&commitment.intent, &commitment.customer) {
        (Some(intent), _) => {
            let request = |_| requests::confirm_intent(intent, method);
            payments::write(conn, ctx, subject, Kind::ConfirmIntent, request).await?;
        }
        (None, Some(customer)) => {
            let request = |tag| requests::create_intent(tag, commitment.amount, customer, method);
            payments::write(conn, ctx, subject, Kind::CreateIntent, request).await?;
        }
        (None, None) => anyhow::bail!("a commitment with a card and no customer"),
    }
    figures::save(conn, commitment.campaign, &[commitment.clone()], ctx.now()).await?;
    Ok(())
}
