//! What a backer may still do until the deadline: change the amount, the tip, the visibility, or cancel.

use felag_domain::entries;
use felag_domain::ids::BookId;
use felag_domain::money::Money;
use felag_domain::pledge::{
    NewPledge, PledgeEvent, PledgeRefusal, PledgeState, RewardTerms, Terms, Visibility, next,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::give::GiveError;
use super::{Ask, Pledge, ask, mail, moves, store};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::ledger;
use crate::payments::unit;

/// The pledge behind a link, and its campaign, both held until the transaction ends.
async fn hold(conn: &mut PgConnection, token: &str, ctx: &Ctx) -> Result<(Ask, Pledge), Error> {
    let found = store::by_token(&ctx.db, token).await?.ok_or(Error::NotFound)?;
    let campaign = Ask::share(conn, found.campaign).await?;
    let pledge = store::lock(conn, found.campaign, found.id)
        .await?
        .ok_or(Error::NotFound)?;
    Ok((campaign, pledge))
}

/// What a backer wants a pledge to be.
#[derive(Debug, Clone)]
pub struct Wish {
    pub amount: Money,
    pub tip: Money,
    /// Empty for no name.
    pub name: String,
    pub visibility: Visibility,
}

/// Changes amount, tip, name and visibility; the reward stays. Sending the same again changes nothing more.
///
/// # Errors
/// Worded for the form. After the deadline: [`PledgeRefusal::Closed`].
pub async fn change(ctx: &Ctx, token: &str, wish: &Wish) -> Result<(), GiveError> {
    let mut tx = ctx.db.begin().await?;
    let (campaign, pledge) = hold(&mut tx, token, ctx).await?;
    if pledge.state != PledgeState::CardSaved || !campaign.takes_pledges(ctx.now()) {
        return Err(PledgeRefusal::Closed.into());
    }
    let terms = Terms {
        currency: campaign.currency,
        is_open: true,
    };
    let rewards = ask::rewards(&mut *tx, campaign.id).await?;
    let reward = rewards
        .iter()
        .find(|reward| Some(reward.id) == pledge.reward)
        .map(|reward| RewardTerms {
            price: Money::from_minor(reward.price_minor, campaign.currency),
            currency: campaign.currency,
        });
    let new = NewPledge::decide(&terms, wish.amount, reward.as_ref(), wish.tip)?;
    if !unit::can_be_charged(new.charge()) {
        return Err(PledgeRefusal::LastDigit.into());
    }
    let is_same = (new.amount(), new.tip(), wish.visibility, &wish.name)
        == (pledge.amount, pledge.tip, pledge.visibility, &pledge.name);
    if is_same {
        return Ok(());
    }
    store::change(&mut tx, &pledge, wish, ctx.now()).await?;
    let more = new.amount().minor() - pledge.amount.minor();
    store::add_promise(&mut tx, pledge.campaign, pledge.counts, more, 0, ctx.now().date()).await?;
    let cause = ctx.id::<Uuid>().to_string();
    let book = BookId::of_campaign(pledge.campaign);
    let entry = entries::pledge_changed(book, &cause, pledge.amount, new.amount(), ctx.now())
        .map_err(|cause| Error::Internal(cause.into()))?;
    ledger::post(&mut tx, ctx, entry.into_iter().collect()).await?;
    if new.charge() != pledge.total()? {
        let before = pledge.total()?;
        let changed = Pledge {
            amount: new.amount(),
            tip: new.tip(),
            ..pledge
        };
        mail::changed(&mut tx, ctx, &changed, before, &cause).await?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Takes a pledge back. Cancelling twice changes nothing.
///
/// # Errors
/// [`Error::Gone`] from the deadline on.
pub async fn cancel(ctx: &Ctx, token: &str) -> Result<(), Error> {
    let mut tx = ctx.db.begin().await?;
    let (campaign, pledge) = hold(&mut tx, token, ctx).await?;
    if pledge.state == PledgeState::Cancelled {
        return Ok(());
    }
    if !campaign.takes_pledges(ctx.now()) {
        return Err(Error::Gone);
    }
    let to = next(pledge.state, PledgeEvent::BackerCancelled).map_err(|_| Error::Gone)?;
    moves::end_before_deadline(&mut tx, ctx, &pledge, to).await?;
    if pledge.state == PledgeState::CardSaved {
        mail::cancelled(&mut tx, ctx, &pledge).await?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}
