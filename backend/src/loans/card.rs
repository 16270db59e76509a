//! A lender's card was saved, or the checkout ended without one: heard from a webhook, after the return, or by the
//! watch over drafts. All three end here.

use felag_domain::ids::CommitmentId;
use felag_domain::lending::{CommitmentEvent, CommitmentState};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::store_batch as batch;
use super::{Commitment, Loan, charge, days, figures, jobs, life, mail};
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::payments::objects::Session;
use crate::payments::{self, Kind, events, requests};

/// Asks the provider how the commitment's checkout stands, and acts on it.
pub async fn look_up(ctx: &Ctx, commitment: &Commitment) -> anyhow::Result<()> {
    let Some(session) = &commitment.checkout else {
        return Ok(());
    };
    let Some(session) = events::object(ctx, &events::session_path(session)).await? else {
        return Ok(());
    };
    let mut tx = ctx.db.begin().await?;
    heard(&mut tx, ctx, commitment.subject(), &session, ctx.now()).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Acts on a checkout as the provider shows it. Whether its commitment is known.
pub async fn heard(
    conn: &mut PgConnection,
    ctx: &Ctx,
    of: payments::Subject,
    session: &Value,
    at: OffsetDateTime,
) -> anyhow::Result<bool> {
    let Some(held) = life::hold(conn, of.campaign()).await? else {
        return Ok(false);
    };
    let Some(commitment) = batch::lock(conn, of.campaign(), of.commitment_id()).await? else {
        return Ok(false);
    };
    let session: Session = serde_json::from_value(session.clone())?;
    match session.status.as_str() {
        "complete" => match session.payment_method() {
            Some(method) => saved(conn, ctx, held, commitment, &session, method, at).await?,
            None => anyhow::bail!("a complete checkout names no card"),
        },
        "expired" if commitment.checkout.as_deref() == Some(&session.id) => {
            ended(conn, ctx, commitment).await?;
        }
        _ => {}
    }
    Ok(true)
}

async fn saved(
    conn: &mut PgConnection,
    ctx: &Ctx,
    (campaign, loan): (Campaign, Loan),
    mut commitment: Commitment,
    session: &Session,
    method: &str,
    at: OffsetDateTime,
) -> anyhow::Result<()> {
    if commitment.method.as_deref() == Some(method) {
        return Ok(());
    }
    if commitment.customer.is_none() {
        commitment.customer = session.customer().map(ToString::to_string);
    }
    match commitment.state {
        CommitmentState::Draft => {
            let is_open =
                loan.state.takes_commitments() && loan.lending_ends_at.is_some_and(|ends| at < ends);
            let is_current = commitment.sheet_version == loan.sheet_version;
            if !is_open || !is_current {
                detach(conn, ctx, &commitment, method).await?;
                return give_up(conn, ctx, commitment).await;
            }
            commitment.method = Some(method.to_string());
            commitment.checkout_url = None;
            made(conn, ctx, (&campaign, loan), commitment, at).await
        }
        CommitmentState::NeedsYou | CommitmentState::RetryLater => {
            charge::with_card(conn, ctx, commitment, method).await
        }
        // Too late, or a second card that nobody needs.
        _ => detach(conn, ctx, &commitment, method).await,
    }
}

/// Signed, and there is something to pay with: it is made, or waits for room. The caller holds campaign and loan.
async fn made(
    conn: &mut PgConnection,
    ctx: &Ctx,
    (campaign, mut loan): (&Campaign, Loan),
    mut commitment: Commitment,
    at: OffsetDateTime,
) -> anyhow::Result<()> {
    let fits = commitment.amount.minor() <= life::room(conn, &loan).await?.minor();
    commitment.take(if fits {
        CommitmentEvent::CardSaved
    } else {
        CommitmentEvent::CardSavedLoanFull
    })?;
    commitment.card_saved_at = Some(at);
    let until = days::revocable_until(at, loan.policy().reflection_days, &campaign.time_zone);
    commitment.revocable_until = Some(until);
    figures::save(conn, campaign.id, std::slice::from_ref(&commitment), ctx.now()).await?;
    jobs::firm_later(conn, ctx, &commitment, until).await?;
    life::open_to_all(conn, ctx, &mut loan).await?;
    mail::committed(conn, ctx, campaign, &loan, &commitment).await
}

/// A commitment that is paid from what its lender keeps needs no card.
pub async fn from_kept(
    conn: &mut PgConnection,
    ctx: &Ctx,
    held: (&Campaign, Loan),
    id: CommitmentId,
) -> anyhow::Result<()> {
    match batch::lock(conn, held.0.id, id).await? {
        Some(commitment) => made(conn, ctx, held, commitment, ctx.now()).await,
        None => Ok(()),
    }
}

async fn detach(
    conn: &mut PgConnection,
    ctx: &Ctx,
    commitment: &Commitment,
    method: &str,
) -> anyhow::Result<()> {
    let request = |_| requests::detach_method(method);
    payments::write(conn, ctx, commitment.subject(), Kind::DetachMethod, request).await?;
    Ok(())
}

async fn ended(conn: &mut PgConnection, ctx: &Ctx, mut commitment: Commitment) -> anyhow::Result<()> {
    if commitment.state == CommitmentState::Draft {
        return give_up(conn, ctx, commitment).await;
    }
    commitment.checkout_url = None;
    figures::save(conn, commitment.campaign, &[commitment.clone()], ctx.now()).await?;
    Ok(())
}

/// A draft that came to no card is over.
pub async fn give_up(conn: &mut PgConnection, ctx: &Ctx, mut draft: Commitment) -> anyhow::Result<()> {
    if draft.take(CommitmentEvent::CheckoutExpired)? {
        draft.ended_at = Some(ctx.now());
        let_go(conn, ctx, &mut draft).await?;
        figures::save(conn, draft.campaign, &[draft.clone()], ctx.now()).await?;
    }
    Ok(())
}

/// Takes the saved card off at the provider, and expires a checkout that is still open.
pub async fn let_go(conn: &mut PgConnection, ctx: &Ctx, commitment: &mut Commitment) -> anyhow::Result<()> {
    if let Some(method) = &commitment.method {
        detach(conn, ctx, commitment, method).await?;
    }
    if let Some(session) = commitment
        .checkout
        .as_ref()
        .filter(|_| commitment.checkout_url.is_some())
    {
        let request = |_| requests::expire_checkout(session);
        payments::write(conn, ctx, commitment.subject(), Kind::ExpireCheckout, request).await?;
    }
    commitment.checkout_url = None;
    Ok(())
}
