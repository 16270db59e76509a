//! A card was saved, or a checkout ended without one: heard from a webhook, from asking after the return, or from
//! the watch over drafts. All three end in the same place.

use felag_domain::campaign::Way;
use felag_domain::entries;
use felag_domain::ids::BookId;
use felag_domain::pledge::{PledgeEvent, PledgeState, next};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{Ask, Pledge, charge, keep, mail, moves, store};
use crate::ctx::Ctx;
use crate::ledger;
use crate::payments::objects::Session;
use crate::payments::{self, Kind, events, requests};
use crate::planted::{self, Plant};

/// Asks the provider how the pledge's checkout stands, and acts on it.
pub async fn look_up(ctx: &Ctx, pledge: &Pledge) -> anyhow::Result<()> {
    let Some(session) = &pledge.checkout else {
        return Ok(());
    };
    let Some(session) = events::object(ctx, &events::session_path(session)).await? else {
        return Ok(());
    };
    let mut tx = ctx.db.begin().await?;
    Ask::share(&mut tx, pledge.campaign).await?;
    if let Some(pledge) = store::lock(&mut tx, pledge.campaign, pledge.id).await? {
        heard(&mut tx, ctx, &pledge, &session, ctx.now()).await?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Acts on a checkout as the provider shows it. The caller holds the campaign and the pledge.
pub async fn heard(
    conn: &mut PgConnection,
    ctx: &Ctx,
    pledge: &Pledge,
    session: &Value,
    at: OffsetDateTime,
) -> anyhow::Result<()> {
    let session: Session = serde_json::from_value(session.clone())?;
    match session.status.as_str() {
        "complete" => match session.payment_method() {
            Some(method) => saved(conn, ctx, pledge, &session, method, at).await,
            None => anyhow::bail!("a complete checkout names no card"),
        },
        "expired" => ended(conn, ctx, pledge, &session.id).await,
        _ => Ok(()),
    }
}

async fn saved(
    conn: &mut PgConnection,
    ctx: &Ctx,
    pledge: &Pledge,
    session: &Session,
    method: &str,
    at: OffsetDateTime,
) -> anyhow::Result<()> {
    if pledge.method.as_deref() == Some(method) {
        return Ok(());
    }
    if let Some(customer) = session.customer() {
        store::set_customer(conn, pledge.campaign, pledge.id, customer).await?;
    }
    match pledge.state {
        PledgeState::Draft => {
            let ask = Ask::read(conn, pledge.campaign).await?;
            // By the provider's clock: a card saved at the deadline or later came too late.
            if ask.deadline_at.is_none_or(|deadline| at >= deadline) {
                moves::end_before_deadline(conn, ctx, pledge, PledgeState::Expired).await?;
                return detach(conn, ctx, pledge, method).await;
            }
            promised(conn, ctx, &ask, pledge, method, at).await
        }
        PledgeState::NeedsYou | PledgeState::RetryLater => charge::with_card(conn, ctx, pledge, method).await,
        // Too late, or a second card that nobody needs.
        _ => detach(conn, ctx, pledge, method).await,
    }
}

async fn detach(conn: &mut PgConnection, ctx: &Ctx, pledge: &Pledge, method: &str) -> anyhow::Result<()> {
    payments::write(conn, ctx, pledge.subject(), Kind::DetachMethod, |_| {
        requests::detach_method(method)
    })
    .await?;
    Ok(())
}

/// The promise stands: state, entry, totals and receipt in one transaction.
async fn promised(
    conn: &mut PgConnection,
    ctx: &Ctx,
    ask: &Ask,
    pledge: &Pledge,
    method: &str,
    at: OffsetDateTime,
) -> anyhow::Result<()> {
    let to = next(pledge.state, PledgeEvent::CardSaved)?;
    store::save_card(conn, pledge, to, method, at).await?;
    let tip = if planted::is(Plant::TipCounted) {
        pledge.tip.minor()
    } else {
        0
    };
    store::add_promise(
        conn,
        pledge.campaign,
        pledge.counts,
        pledge.amount.minor() + tip,
        1,
        at.date(),
    )
    .await?;
    let entry = entries::card_saved(BookId::of_campaign(pledge.campaign), pledge.id, pledge.amount, at)?;
    ledger::post(conn, ctx, vec![entry]).await?;
    if ask.way == Way::KeepWhatComes {
        // The receipt follows within moments, or a mail that says what the bank wants.
        return keep::charge_at_once(conn, ctx, pledge).await;
    }
    mail::made(conn, ctx, pledge).await
}

/// The checkout ended without a card. Only the pledge's current one counts.
async fn ended(conn: &mut PgConnection, ctx: &Ctx, pledge: &Pledge, session: &str) -> anyhow::Result<()> {
    if pledge.checkout.as_deref() != Some(session) {
        return Ok(());
    }
    if pledge.state == PledgeState::Draft {
        return moves::end_before_deadline(conn, ctx, pledge, PledgeState::Expired).await;
    }
    store::clear_checkout(conn, pledge.campaign, pledge.id).await?;
    Ok(())
}
