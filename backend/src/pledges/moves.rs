//! Small steps that several use cases share: what leaves with a pledge that ends, and how totals follow.

use felag_domain::entries;
use felag_domain::ids::BookId;
use felag_domain::pledge::PledgeState;
use sqlx::PgConnection;

use super::{Pledge, store};
use crate::ctx::Ctx;
use crate::payments::{self, Kind, requests};
use crate::planted::{self, Plant};

/// Takes the saved card off at the provider, and expires a checkout that is still open.
pub async fn let_go(conn: &mut PgConnection, ctx: &Ctx, pledge: &Pledge) -> sqlx::Result<()> {
    if let Some(method) = pledge.method.as_ref().filter(|_| !planted::is(Plant::CardKept)) {
        let request = |_| requests::detach_method(method);
        payments::write(conn, ctx, pledge.subject(), Kind::DetachMethod, request).await?;
    }
    if let Some(session) = pledge.checkout.as_ref().filter(|_| pledge.checkout_url.is_some()) {
        let request = |_| requests::expire_checkout(session);
        payments::write(conn, ctx, pledge.subject(), Kind::ExpireCheckout, request).await?;
    }
    Ok(())
}

/// Ends a pledge before the deadline: its stock, its promise, its card and the campaign's total go with it.
pub async fn end_before_deadline(
    conn: &mut PgConnection,
    ctx: &Ctx,
    pledge: &Pledge,
    to: PledgeState,
) -> anyhow::Result<()> {
    store::end(conn, pledge, to, ctx.now()).await?;
    if let Some(reward) = pledge.reward {
        store::free_stock(conn, pledge.campaign, &[reward.as_uuid()]).await?;
    }
    if pledge.state == PledgeState::CardSaved {
        let minor = -pledge.amount.minor();
        store::add_promise(conn, pledge.campaign, pledge.counts, minor, -1, ctx.now().date()).await?;
        let book = BookId::of_campaign(pledge.campaign);
        let entry = entries::pledge_ended(book, pledge.id, pledge.amount, ctx.now())?;
        crate::ledger::post(conn, ctx, vec![entry]).await?;
    }
    let_go(conn, ctx, pledge).await?;
    Ok(())
}
