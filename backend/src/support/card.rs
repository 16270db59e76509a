//! A card was saved, or a checkout ended without one: heard from a webhook, from asking after the return, or from the
//! watch over drafts. All three end in the same place.

use felag_domain::support::{SupportEvent, SupportState, next};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{Support, due, store};
use crate::ctx::Ctx;
use crate::payments::objects::Session;
use crate::payments::{self, Kind, events, requests};

/// Asks the provider how the support's checkout stands, and acts on it.
pub async fn look_up(ctx: &Ctx, support: &Support) -> anyhow::Result<()> {
    let Some(session) = &support.checkout else {
        return Ok(());
    };
    let Some(session) = events::object(ctx, &events::session_path(session)).await? else {
        return Ok(());
    };
    let mut tx = ctx.db.begin().await?;
    if let Some(support) = store::lock(&mut tx, support.project, support.id).await? {
        heard(&mut tx, ctx, &support, &session, ctx.now()).await?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Acts on a checkout as the provider shows it. The caller holds the support.
pub async fn heard(
    conn: &mut PgConnection,
    ctx: &Ctx,
    support: &Support,
    session: &Value,
    at: OffsetDateTime,
) -> anyhow::Result<()> {
    let session: Session = serde_json::from_value(session.clone())?;
    match session.status.as_str() {
        "complete" => match session.payment_method() {
            Some(method) => saved(conn, ctx, support, &session, method, at).await,
            None => anyhow::bail!("a complete checkout names no card"),
        },
        "expired" if support.checkout.as_deref() == Some(&session.id) => {
            store::set_checkout(conn, support, None).await?;
            let to = next(support.state, SupportEvent::CheckoutExpired)?;
            store::set_state(conn, support, to, ctx.now()).await?;
            Ok(())
        }
        _ => Ok(()),
    }
}

async fn saved(
    conn: &mut PgConnection,
    ctx: &Ctx,
    support: &Support,
    session: &Session,
    method: &str,
    at: OffsetDateTime,
) -> anyhow::Result<()> {
    if support.method.as_deref() == Some(method) {
        return Ok(());
    }
    if let Some(customer) = session.customer() {
        store::set_customer(conn, support, customer).await?;
    }
    if support.state.is_over() {
        // Too late: nobody needs that card.
        return detach(conn, ctx, support, method).await;
    }
    if let Some(old) = &support.method {
        detach(conn, ctx, support, old).await?;
    }
    let to = next(support.state, SupportEvent::CardSaved)?;
    store::save_card(conn, support, method, at).await?;
    store::set_state(conn, support, to, ctx.now()).await?;
    let Some(support_now) = store::lock(conn, support.project, support.id).await? else {
        return Ok(());
    };
    if support.state == SupportState::Draft {
        return due::first(conn, ctx, &support_now).await;
    }
    due::with_new_card(conn, ctx, &support_now).await
}

pub(super) async fn detach(
    conn: &mut PgConnection,
    ctx: &Ctx,
    support: &Support,
    method: &str,
) -> anyhow::Result<()> {
    payments::write(conn, ctx, support.subject(), Kind::DetachMethod, |_| {
        requests::detach_method(method)
    })
    .await?;
    Ok(())
}
