//! What the provider says of contributions: states, ledger, totals, mails. In any order, any number of times.

use felag_domain::entries;
use felag_domain::ids::{BookId, ContributionId, ProjectId};
use felag_domain::pledge::{DeclineKind, NotAllowed, PledgeEvent, PledgeState, next, next_try};
use felag_domain::refund::RefundWhy;
use felag_domain::support::{self, SupportEvent};
use sqlx::PgConnection;

use super::{Contribution, Support, card, mail, store};
use crate::ctx::Ctx;
use crate::ledger;
use crate::payments::objects::Charge;
use crate::payments::{self, Kind, NewPayment, requests};
use crate::pledges::Payment;
use crate::refunds;

/// Applies what is known of a payment. Whether there is such a contribution.
///
/// # Errors
/// When a charge is not what was agreed: nothing is booked, the news waits, and an alarm is logged.
pub async fn apply(
    conn: &mut PgConnection,
    ctx: &Ctx,
    project: ProjectId,
    id: ContributionId,
    payment: &Payment,
) -> anyhow::Result<bool> {
    let Some((support, one)) = hold(conn, project, id).await? else {
        return Ok(false);
    };
    match payment {
        Payment::Succeeded(charge) => succeeded(conn, ctx, &support, one, charge).await?,
        Payment::NeedsPerson => {
            asks(
                conn,
                ctx,
                &support,
                one,
                PledgeEvent::NeedsPerson,
                "authentication_required",
            )
            .await?;
        }
        Payment::Declined {
            kind,
            code,
            was_present,
        } => {
            let mut one = one;
            if !was_present && one.state == PledgeState::Charging {
                one.tries += 1;
            }
            let event = match kind {
                DeclineKind::NeedsPerson => PledgeEvent::NeedsPerson,
                DeclineKind::Hard => PledgeEvent::HardDecline,
                DeclineKind::Soft => PledgeEvent::SoftDecline,
            };
            asks(conn, ctx, &support, one, event, code).await?;
        }
        Payment::Cancelled => cancelled(conn, ctx, &support, one).await?,
        Payment::Pending => {}
    }
    Ok(true)
}

/// The support, then its contribution: always in this order.
pub(super) async fn hold(
    conn: &mut PgConnection,
    project: ProjectId,
    id: ContributionId,
) -> sqlx::Result<Option<(Support, Contribution)>> {
    let Some(seen) = store::contribution(&mut *conn, project, id).await? else {
        return Ok(None);
    };
    let support = store::lock(conn, project, seen.support).await?;
    let one = store::contribution(&mut *conn, project, id).await?;
    Ok(support.zip(one))
}

async fn succeeded(
    conn: &mut PgConnection,
    ctx: &Ctx,
    support: &Support,
    mut one: Contribution,
    charge: &Charge,
) -> anyhow::Result<()> {
    if one.charge.as_deref() == Some(&charge.id) {
        return Ok(());
    }
    let total = one.total()?;
    anyhow::ensure!(
        charge.gross == total,
        "alarm: charge {} took {} for a contribution of {total}",
        charge.id,
        charge.gross
    );
    let to = match next(one.state, PledgeEvent::ChargeSucceeded) {
        Ok(to) => to,
        Err(NotAllowed::PaymentAfterEnd { from }) => from,
        Err(refused) => anyhow::bail!("alarm: {refused}"),
    };
    one.charge = Some(charge.id.clone());
    let is_paid = to == PledgeState::Paid;
    if is_paid {
        (one.state, one.next_try_at, one.decline_code) = (to, None, None);
        one.paid_at = Some(charge.at);
    }
    let book = BookId::of_project(one.project);
    ledger::open_project_book(conn, one.project, ctx.now()).await?;
    let entry = entries::charge(book, &charge.id, one.amount, one.tip, charge.fee, None, charge.at)?;
    ledger::post(conn, ctx, vec![entry]).await?;
    let payment = NewPayment {
        id: ctx.id(),
        of: one.subject(),
        charge: &charge.id,
        intent: one.intent.as_deref(),
        amount: one.amount,
        tip: one.tip,
        paid_at: charge.at,
    };
    payments::keep_payments(conn, book, &[payment]).await?;
    store::keep(conn, &one).await?;
    if !is_paid {
        return refunds::ask_by_itself(conn, ctx, one.subject(), RefundWhy::LatePayment).await;
    }
    store::add_to_total(conn, support, 0, 0, one.amount.minor()).await?;
    let to = support::next(support.state, SupportEvent::Paid)?;
    store::set_state(conn, support, to, ctx.now()).await?;
    mail::charged(conn, ctx, support, &one, charge).await
}

/// The card was declined, or the bank asks: the contribution waits for the person or for the next try.
async fn asks(
    conn: &mut PgConnection,
    ctx: &Ctx,
    support: &Support,
    mut one: Contribution,
    event: PledgeEvent,
    code: &str,
) -> anyhow::Result<()> {
    let from = one.state;
    let to = next(from, event)?;
    if from == PledgeState::Stopping {
        // It could not be stopped while the bank worked on it; now it can.
        if let Some(intent) = &one.intent {
            let request = |_| requests::cancel_intent(intent);
            payments::write(conn, ctx, one.subject(), Kind::CancelIntent, request).await?;
        }
        return Ok(());
    }
    if from.is_ended() {
        return Ok(());
    }
    let again = (to == PledgeState::RetryLater).then(|| next_try(one.due_at, ctx.now()));
    let next_try_at = again.flatten();
    let is_first = one.decline_code.is_none();
    (one.state, one.next_try_at, one.decline_code) = (to, next_try_at, Some(code.to_string()));
    store::keep(conn, &one).await?;
    let to = support::next(support.state, SupportEvent::Declined)?;
    store::set_state(conn, support, to, ctx.now()).await?;
    // Somebody who is at their bank's page this moment needs no letter.
    if is_first && !(one.is_present && event == PledgeEvent::NeedsPerson) {
        mail::needs_you(conn, ctx, support, &one, 0).await?;
    }
    Ok(())
}

async fn cancelled(
    conn: &mut PgConnection,
    ctx: &Ctx,
    support: &Support,
    mut one: Contribution,
) -> anyhow::Result<()> {
    let to = next(one.state, PledgeEvent::ProviderCancelled)?;
    if to == one.state {
        return Ok(());
    }
    (one.state, one.next_try_at, one.ended_at) = (to, None, Some(ctx.now()));
    store::keep(conn, &one).await?;
    gave_up(conn, ctx, support).await
}

/// The last try of a contribution failed: the support is over, and its card is taken off.
pub(super) async fn gave_up(conn: &mut PgConnection, ctx: &Ctx, support: &Support) -> anyhow::Result<()> {
    let to = support::next(support.state, SupportEvent::GaveUp)?;
    if to == support.state {
        return Ok(());
    }
    store::set_state(conn, support, to, ctx.now()).await?;
    if let Some(method) = &support.method {
        card::detach(conn, ctx, support, method).await?;
    }
    mail::ended(conn, ctx, support, mail::Ended::NotPaid).await
}
