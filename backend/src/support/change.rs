//! What a backer may do about their support, at any time: another amount, pause, go on, end it.

use felag_domain::money::Money;
use felag_domain::pledge::PledgeState;
use felag_domain::support::{SupportEvent, SupportState, next};
use sqlx::PgConnection;

use super::begin::{NotBegun, check};
use super::{Support, card, due, mail, store};
use crate::ctx::Ctx;
use crate::error::Error;

/// The support behind a link, held until the transaction ends.
async fn hold(conn: &mut PgConnection, ctx: &Ctx, token: &str) -> Result<Support, Error> {
    let found = store::by_token(&ctx.db, token).await?.ok_or(Error::NotFound)?;
    let held = store::lock(conn, found.project, found.id).await?;
    held.ok_or(Error::NotFound)
}

/// Another amount and tip, from the next charge on. The same again changes nothing more.
///
/// # Errors
/// Worded for the form; [`Error::Gone`] once it is over.
pub async fn raise(ctx: &Ctx, token: &str, amount: Money, tip: Money) -> Result<(), NotBegun> {
    let new = check(amount, tip)?;
    let mut tx = ctx.db.begin().await?;
    let support = hold(&mut tx, ctx, token).await?;
    if !support.state.goes_on() && support.state != SupportState::Paused {
        return Err(Error::Gone.into());
    }
    if (new.amount(), new.tip()) == (support.amount, support.tip) {
        return Ok(());
    }
    store::set_amount(&mut tx, &support, (new.amount(), new.tip()), ctx.now()).await?;
    let changed = Support {
        amount: new.amount(),
        tip: new.tip(),
        ..support.clone()
    };
    mail::changed(&mut tx, ctx, &changed, support.total()?).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Nothing comes due until it goes on. What is under way is charged.
///
/// # Errors
/// [`Error::Gone`] where it cannot be paused.
pub async fn pause(ctx: &Ctx, token: &str) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    let support = hold(&mut tx, ctx, token).await?;
    let to = next(support.state, SupportEvent::Paused).map_err(|_| Error::Gone)?;
    store::set_state(&mut tx, &support, to, ctx.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// It goes on with the next due time; what was missed is not charged.
///
/// # Errors
/// [`Error::Gone`] where it was not paused.
pub async fn resume(ctx: &Ctx, token: &str) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    let support = hold(&mut tx, ctx, token).await?;
    let to = next(support.state, SupportEvent::Resumed).map_err(|_| Error::Gone)?;
    if support.state == SupportState::Paused {
        store::set_state(&mut tx, &support, to, ctx.now()).await?;
        let first = support.started_at.unwrap_or(support.created_at);
        let missed = support.period.latest(first, support.next_number, ctx.now());
        let number = missed.map_or(support.next_number, |missed| missed + 1);
        store::set_next(&mut tx, &support, number).await?;
        due::schedule(&mut tx, ctx, &support, number).await?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Ends it for good. Twice changes nothing.
///
/// # Errors
/// [`Error::Gone`] before it began.
pub async fn end(ctx: &Ctx, token: &str) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    let support = hold(&mut tx, ctx, token).await?;
    let to = next(support.state, SupportEvent::BackerEnded).map_err(|_| Error::Gone)?;
    if to == support.state {
        return Ok(());
    }
    store::set_state(&mut tx, &support, to, ctx.now()).await?;
    let ended = Support {
        state: to,
        ..support.clone()
    };
    // A charge that was not sent is not sent; one that is under way is stopped at the provider, if it still can be.
    let open = store::under_way(&mut *tx, support.project, support.id).await?;
    if let Some(one) = open.filter(|one| one.state != PledgeState::Stopping) {
        due::stop(&mut tx, ctx, &ended, one).await?;
    }
    if let Some(method) = &support.method {
        card::detach(&mut tx, ctx, &support, method).await?;
    }
    mail::ended(&mut tx, ctx, &support, mail::Ended::ByBacker).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}
