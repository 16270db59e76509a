//! What the provider says of payments, applied to many pledges of one campaign in one transaction: states, ledger,
//! figures, mails. In any order, any number of times.

use std::collections::BTreeMap;

use felag_domain::campaign::CampaignState;
use felag_domain::entries;
use felag_domain::ids::{BookId, CampaignId, PledgeId};
use felag_domain::money::Money;
use felag_domain::pledge::{DeclineKind, NotAllowed, PledgeEvent, PledgeState, next, next_try};
use felag_domain::refund::RefundWhy;
use sqlx::PgConnection;

use super::store_batch::{self as batch, Change, Moved};
use super::{Ask, Pledge, endings, mail, settle, store};
use crate::ctx::Ctx;
use crate::ledger;
use crate::payments::objects::Charge;
use crate::payments::{self, Kind, requests};
use crate::planted::{self, Plant};
use crate::refunds;

pub use crate::payments::Progress as Payment;

/// Everything one batch leads to.
#[derive(Default)]
struct Effects {
    changes: Vec<Change>,
    entries: Vec<felag_domain::ledger::NewEntry>,
    moved: Moved,
    /// Pledges as they stand afterwards, with what to tell.
    charged: Vec<(Pledge, Charge)>,
    asked: Vec<Pledge>,
    dropped: Vec<Pledge>,
    /// Pledges whose payment can be cancelled now, and could not before.
    to_stop: Vec<Pledge>,
    refunds: Vec<(Pledge, Charge)>,
    /// The campaign charges at once and still runs: a promise that ends leaves what is promised.
    keeps_and_runs: bool,
    withdrawn: Vec<Pledge>,
}

/// The rows of `payment` that a batch of charges makes.
async fn keep_payments(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    effects: &Effects,
) -> sqlx::Result<()> {
    let came_in = effects.charged.iter().chain(&effects.refunds);
    let payments: Vec<_> = came_in
        .map(|(pledge, charge)| payments::NewPayment {
            id: ctx.id(),
            of: pledge.subject(),
            charge: &charge.id,
            intent: pledge.intent.as_deref(),
            amount: pledge.amount,
            tip: pledge.tip,
            paid_at: charge.at,
        })
        .collect();
    payments::keep_payments(conn, BookId::of_campaign(campaign), &payments).await
}

/// Applies what is known of several payments of one campaign. Returns the pledges that do not exist (yet).
///
/// # Errors
/// When a charge is not what the pledge promised: nothing is booked, the news waits, and an alarm is logged.
pub async fn apply_together(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    payments: &[(PledgeId, Payment)],
) -> anyhow::Result<Vec<PledgeId>> {
    if payments.is_empty() {
        return Ok(Vec::new());
    }
    let ask = Ask::lock(conn, campaign).await?;
    let ids: Vec<PledgeId> = payments.iter().map(|(id, _)| *id).collect();
    let pledges = batch::lock_many(conn, campaign, &ids).await?;
    let mut pledges: BTreeMap<PledgeId, Pledge> =
        pledges.into_iter().map(|pledge| (pledge.id, pledge)).collect();
    let mut effects = Effects {
        keeps_and_runs: ask.keeps_and_runs(),
        ..Effects::default()
    };
    let mut unknown = Vec::new();
    for (id, payment) in payments {
        match pledges.get_mut(id) {
            Some(pledge) => one(ctx, pledge, payment, &mut effects)?,
            None => unknown.push(*id),
        }
    }
    carry_out(conn, ctx, campaign, ask.state, effects).await?;
    Ok(unknown)
}

/// Decides what one piece of news means, and moves the pledge in memory, so that the next piece finds it there.
fn one(ctx: &Ctx, pledge: &mut Pledge, payment: &Payment, effects: &mut Effects) -> anyhow::Result<()> {
    match payment {
        Payment::Succeeded(charge) => succeeded(ctx, pledge, charge, effects),
        Payment::NeedsPerson => asks(
            ctx,
            pledge,
            PledgeEvent::NeedsPerson,
            "authentication_required",
            effects,
        ),
        Payment::Declined {
            kind: DeclineKind::NeedsPerson,
            code,
            was_present,
        } => {
            count_try(pledge, *was_present);
            asks(ctx, pledge, PledgeEvent::NeedsPerson, code, effects)
        }
        Payment::Declined {
            kind: DeclineKind::Hard,
            code,
            was_present,
        } => {
            count_try(pledge, *was_present);
            asks(ctx, pledge, PledgeEvent::HardDecline, code, effects)
        }
        Payment::Declined {
            kind: DeclineKind::Soft,
            code,
            was_present,
        } => {
            count_try(pledge, *was_present);
            asks(ctx, pledge, PledgeEvent::SoftDecline, code, effects)
        }
        Payment::Cancelled => cancelled(ctx, pledge, effects),
        Payment::Pending => Ok(()),
    }
}

fn count_try(pledge: &mut Pledge, was_present: bool) {
    if !was_present && pledge.state == PledgeState::Charging {
        pledge.tries += 1;
    }
}

fn succeeded(ctx: &Ctx, pledge: &mut Pledge, charge: &Charge, effects: &mut Effects) -> anyhow::Result<()> {
    if pledge.charge.as_deref() == Some(&charge.id) && !planted::is(Plant::ChargeCountedTwice) {
        return Ok(());
    }
    let total = pledge.total()?;
    // The provider's answer is not trusted blindly: what was charged must be what the backer agreed to.
    anyhow::ensure!(
        charge.gross == total,
        "alarm: charge {} took {} for a pledge of {total}",
        charge.id,
        charge.gross
    );
    let book = BookId::of_campaign(pledge.campaign);
    let cost = if planted::is(Plant::ChargeWithoutCost) {
        Money::zero(charge.fee.currency())
    } else {
        charge.fee
    };
    match next(pledge.state, PledgeEvent::ChargeSucceeded) {
        Ok(to) => {
            let closes = Some(pledge.amount);
            effects.entries.push(entries::charge(
                book,
                &charge.id,
                pledge.amount,
                pledge.tip,
                cost,
                closes,
                charge.at,
            )?);
            figure(pledge, &mut effects.moved, pledge.amount.minor(), 0);
            (pledge.state, pledge.charge) = (to, Some(charge.id.clone()));
            (pledge.next_try_at, pledge.decline_code, pledge.paid_at) = (None, None, Some(charge.at));
            effects.changes.push(change(ctx, pledge));
            effects.charged.push((pledge.clone(), charge.clone()));
        }
        Err(NotAllowed::PaymentAfterEnd { .. }) => {
            effects.entries.push(entries::charge(
                book,
                &charge.id,
                pledge.amount,
                pledge.tip,
                cost,
                None,
                charge.at,
            )?);
            pledge.charge = Some(charge.id.clone());
            effects.changes.push(change(ctx, pledge));
            effects.refunds.push((pledge.clone(), charge.clone()));
        }
        Err(refused) => anyhow::bail!("alarm: {refused}"),
    }
    Ok(())
}

/// The card was declined, or the bank asks: the pledge waits for the person or for the next try.
fn asks(
    ctx: &Ctx,
    pledge: &mut Pledge,
    event: PledgeEvent,
    code: &str,
    effects: &mut Effects,
) -> anyhow::Result<()> {
    let from = pledge.state;
    let to = next(from, event)?;
    if from == PledgeState::Stopping {
        // It could not be stopped while the bank worked on it; now it can.
        effects.to_stop.push(pledge.clone());
    }
    if from.is_ended() || from == PledgeState::Stopping {
        return Ok(());
    }
    let again = (to == PledgeState::RetryLater).then_some(pledge.due_at).flatten();
    let next_try_at = again.and_then(|due| next_try(due, ctx.now()));
    let is_news =
        to != from || pledge.decline_code.as_deref() != Some(code) || pledge.next_try_at != next_try_at;
    if !is_news {
        return Ok(());
    }
    (pledge.state, pledge.next_try_at, pledge.decline_code) = (to, next_try_at, Some(code.to_string()));
    effects.changes.push(change(ctx, pledge));
    effects.asked.push(pledge.clone());
    Ok(())
}

fn cancelled(ctx: &Ctx, pledge: &mut Pledge, effects: &mut Effects) -> anyhow::Result<()> {
    let to = next(pledge.state, PledgeEvent::ProviderCancelled)?;
    if to == pledge.state {
        return Ok(());
    }
    let book = BookId::of_campaign(pledge.campaign);
    effects
        .entries
        .push(entries::pledge_ended(book, pledge.id, pledge.amount, ctx.now())?);
    if effects.keeps_and_runs {
        effects.moved.at_risk -= if pledge.counts { pledge.amount.minor() } else { 0 };
        effects.withdrawn.push(pledge.clone());
    } else {
        figure(pledge, &mut effects.moved, 0, pledge.amount.minor());
    }
    (pledge.state, pledge.next_try_at, pledge.ended_at) = (to, None, Some(ctx.now()));
    effects.changes.push(change(ctx, pledge));
    effects.dropped.push(pledge.clone());
    Ok(())
}

/// An amount leaves what is at risk, and is collected or lost.
fn figure(pledge: &Pledge, moved: &mut Moved, collected: i64, lost: i64) {
    if pledge.counts {
        moved.collected += collected;
        moved.lost += lost;
        moved.at_risk -= collected + lost;
    } else {
        moved.own_collected += collected;
    }
}

fn change(_ctx: &Ctx, pledge: &Pledge) -> Change {
    Change {
        id: pledge.id,
        to: pledge.state,
        tries: i32::try_from(pledge.tries).unwrap_or(i32::MAX),
        next_try_at: pledge.next_try_at,
        decline_code: pledge.decline_code.clone(),
        charge: pledge.charge.clone(),
        paid_at: pledge.paid_at,
        ended_at: pledge.ended_at,
    }
}

async fn carry_out(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    state: CampaignState,
    effects: Effects,
) -> anyhow::Result<()> {
    settle::stop_again(conn, ctx, &effects.to_stop).await?;
    // One pledge may have changed twice in a batch: the last change says it all.
    let last: BTreeMap<PledgeId, Change> = effects
        .changes
        .iter()
        .map(|change| (change.id, change.clone()))
        .collect();
    if last.is_empty() {
        return Ok(());
    }
    keep_payments(conn, ctx, campaign, &effects).await?;
    let changes: Vec<Change> = last.into_values().collect();
    batch::apply(conn, campaign, &changes, ctx.now()).await?;
    ledger::post(conn, ctx, effects.entries).await?;
    batch::move_figures(conn, campaign, effects.moved).await?;
    for pledge in &effects.withdrawn {
        let minor = -pledge.amount.minor();
        store::add_promise(conn, campaign, pledge.counts, minor, -1, ctx.now().date()).await?;
    }
    for (pledge, _) in &effects.refunds {
        refunds::ask_by_itself(conn, ctx, pledge.subject(), RefundWhy::LatePayment).await?;
    }
    drop_all(conn, ctx, campaign, &effects.dropped).await?;
    mail::charged(conn, ctx, campaign, &effects.charged).await?;
    mail::needs_you(conn, ctx, campaign, &effects.asked).await?;
    match endings::gives_back(state) {
        None => mail::dropped(conn, ctx, campaign, &effects.dropped).await?,
        Some(why) => {
            mail::released(conn, ctx, campaign, &effects.dropped).await?;
            for (pledge, _) in &effects.charged {
                refunds::ask_by_itself(conn, ctx, pledge.subject(), why).await?;
            }
        }
    }
    settle::close_if_done(conn, ctx, campaign).await
}

/// Dropped pledges give their reward back, and their cards are taken off at the provider.
async fn drop_all(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    dropped: &[Pledge],
) -> anyhow::Result<()> {
    let rewards: Vec<_> = dropped
        .iter()
        .filter_map(|pledge| pledge.reward)
        .map(|id| id.as_uuid())
        .collect();
    store::free_stock(conn, campaign, &rewards).await?;
    let cards = dropped.iter().filter_map(|pledge| {
        let method = pledge.method.clone()?;
        Some((pledge.subject(), move |_| requests::detach_method(&method)))
    });
    payments::write_all(conn, ctx, Kind::DetachMethod, cards).await?;
    Ok(())
}

/// Another card was saved for a pledge that could not be charged: the same payment is confirmed with it.
pub async fn with_card(
    conn: &mut PgConnection,
    ctx: &Ctx,
    pledge: &Pledge,
    method: &str,
) -> anyhow::Result<()> {
    let to = next(pledge.state, PledgeEvent::ChargeStarted)?;
    if let Some(old) = &pledge.method {
        payments::write(conn, ctx, pledge.subject(), Kind::DetachMethod, |_| {
            requests::detach_method(old)
        })
        .await?;
    }
    if Ask::read(conn, pledge.campaign).await?.state == CampaignState::Suspended {
        // Charged once the campaign goes on.
        let to = PledgeState::RetryLater;
        batch::set_card(conn, pledge.campaign, pledge.id, method, to, ctx.now()).await?;
        return Ok(());
    }
    batch::set_card(conn, pledge.campaign, pledge.id, method, to, ctx.now()).await?;
    match (&pledge.intent, &pledge.customer) {
        (Some(intent), _) => {
            let request = |_| requests::confirm_intent(intent, method);
            payments::write(conn, ctx, pledge.subject(), Kind::ConfirmIntent, request).await?;
        }
        (None, Some(customer)) => {
            let total = pledge.total()?;
            let request = |tag| requests::create_intent(tag, total, customer, method);
            payments::write(conn, ctx, pledge.subject(), Kind::CreateIntent, request).await?;
        }
        (None, None) => anyhow::bail!("a pledge with a card and no customer"),
    }
    Ok(())
}
