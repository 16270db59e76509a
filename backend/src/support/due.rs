//! Contributions come due: the first with the person there, every later one by itself, one at a time. What an outage
//! missed is not charged afterwards, only the latest.

use felag_domain::ids::ContributionId;
use felag_domain::pledge::{PledgeEvent, PledgeState, next};
use felag_domain::support::NOTICE;
use sqlx::PgConnection;
use time::Duration;

use super::{Contribution, Support, jobs, store};
use crate::ctx::Ctx;
use crate::jobs::enqueue;
use crate::payments::{self, Kind, operations, requests};

/// How long the person has to confirm the first one themselves, before it is charged without them.
const ALONE_AFTER: Duration = Duration::minutes(10);
/// How long a due time waits for a contribution that is still under way.
const LOOK_AGAIN: Duration = Duration::hours(6);

/// The card was saved: the first contribution is due, and the person is there.
pub(super) async fn first(conn: &mut PgConnection, ctx: &Ctx, support: &Support) -> anyhow::Result<()> {
    let Some(one) = come_due(conn, ctx, support, 0).await? else {
        return Ok(());
    };
    let alone = jobs::ChargeAlone {
        project: one.project,
        contribution: one.id,
    };
    enqueue(conn, ctx, &alone, ctx.now() + ALONE_AFTER, None).await
}

/// The time of contribution `number` has come. The caller holds the support.
pub(super) async fn again(
    conn: &mut PgConnection,
    ctx: &Ctx,
    support: &Support,
    number: u32,
) -> anyhow::Result<()> {
    let Some(first) = support.started_at.filter(|_| support.state.goes_on()) else {
        return Ok(());
    };
    if support.next_number != number {
        return Ok(());
    }
    let job = jobs::Due {
        project: support.project,
        support: support.id,
        number,
    };
    let Some(latest) = support.period.latest(first, number, ctx.now()) else {
        let due = support.period.due(first, number);
        return enqueue(conn, ctx, &job, due, None).await;
    };
    if store::under_way(&mut *conn, support.project, support.id)
        .await?
        .is_some()
    {
        return enqueue(conn, ctx, &job, ctx.now() + LOOK_AGAIN, None).await;
    }
    if let Some(one) = come_due(conn, ctx, support, latest).await? {
        charge(conn, ctx, support, one).await?;
    }
    Ok(())
}

/// Writes a contribution down and what follows from it by time. `None` when it was there already.
async fn come_due(
    conn: &mut PgConnection,
    ctx: &Ctx,
    support: &Support,
    number: u32,
) -> anyhow::Result<Option<Contribution>> {
    let one = Contribution {
        project: support.project,
        id: ctx.id::<ContributionId>(),
        support: support.id,
        number,
        amount: support.amount,
        tip: support.tip,
        state: PledgeState::Due,
        is_present: false,
        intent: None,
        charge: None,
        decline_code: None,
        tries: 0,
        due_at: ctx.now(),
        next_try_at: Some(ctx.now()),
        paid_at: None,
        ended_at: None,
    };
    if !store::insert_contribution(conn, &one, ctx.now()).await? {
        return Ok(None);
    }
    store::set_next(conn, support, number + 1).await?;
    schedule(conn, ctx, support, number + 1).await?;
    jobs::watch_window(conn, ctx, &one).await?;
    Ok(Some(one))
}

/// Writes down when contribution `number` comes due, and when its backer is told before.
pub(super) async fn schedule(
    conn: &mut PgConnection,
    ctx: &Ctx,
    support: &Support,
    number: u32,
) -> anyhow::Result<()> {
    let Some(first) = support.started_at else {
        return Ok(());
    };
    let due = support.period.due(first, number);
    let job = jobs::Due {
        project: support.project,
        support: support.id,
        number,
    };
    enqueue(conn, ctx, &job, due, None).await?;
    if support.period.is_announced() {
        let notice = jobs::Notice {
            project: support.project,
            support: support.id,
            number,
        };
        enqueue(conn, ctx, &notice, due - NOTICE, None).await?;
    }
    Ok(())
}

/// Charges a contribution while nobody is there: its payment is made, unconfirmed, then confirmed.
pub(super) async fn charge(
    conn: &mut PgConnection,
    ctx: &Ctx,
    support: &Support,
    mut one: Contribution,
) -> anyhow::Result<()> {
    let (Some(customer), Some(method)) = (&support.customer, &support.method) else {
        anyhow::bail!("support {} has no saved card", support.id);
    };
    one.is_present = false;
    match one.intent.clone() {
        Some(intent) => {
            one.state = next(one.state, PledgeEvent::ChargeStarted)?;
            one.next_try_at = None;
            let request = |_| requests::confirm_intent(&intent, method);
            payments::write(conn, ctx, one.subject(), Kind::ConfirmIntent, request).await?;
        }
        None if operations::is_waiting(conn, one.subject(), Kind::CreateIntent).await? => {}
        None => {
            let total = one.total()?;
            let request = |tag| requests::create_intent(tag, total, customer, method);
            payments::write(conn, ctx, one.subject(), Kind::CreateIntent, request).await?;
        }
    }
    store::keep(conn, &one).await?;
    Ok(())
}

/// Another card was saved: what could not be charged is charged with it.
pub(super) async fn with_new_card(
    conn: &mut PgConnection,
    ctx: &Ctx,
    support: &Support,
) -> anyhow::Result<()> {
    let open = store::under_way(&mut *conn, support.project, support.id).await?;
    match open.filter(Contribution::waits_for_person) {
        Some(one) => charge(conn, ctx, support, one).await,
        None => Ok(()),
    }
}

/// Stops the contribution that is under way, at the provider first: only its answer drops it.
pub(super) async fn stop(
    conn: &mut PgConnection,
    ctx: &Ctx,
    support: &Support,
    mut one: Contribution,
) -> anyhow::Result<()> {
    one.state = next(one.state, PledgeEvent::WindowEnded)?;
    one.next_try_at = None;
    let is_making = operations::is_waiting(conn, one.subject(), Kind::CreateIntent).await?;
    match one.intent.clone() {
        Some(intent) => {
            let request = |_| requests::cancel_intent(&intent);
            payments::write(conn, ctx, one.subject(), Kind::CancelIntent, request).await?;
        }
        // There is nothing at the provider to cancel.
        None if !is_making => {
            one.state = next(one.state, PledgeEvent::ProviderCancelled)?;
            one.ended_at = Some(ctx.now());
        }
        None => {}
    }
    store::keep(conn, &one).await?;
    if one.state == PledgeState::Dropped {
        super::charge::gave_up(conn, ctx, support).await?;
    }
    Ok(())
}
