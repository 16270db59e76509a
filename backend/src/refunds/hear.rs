//! What the provider says of refunds: in any order, any number of times, many at once in one transaction.

use felag_domain::entries;
use felag_domain::ids::{BookId, RefundId};
use felag_domain::ledger::NewEntry;
use felag_domain::refund::{RefundEvent, RefundState, next};
use serde_json::Value;
use sqlx::PgConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

use super::ask::step;
use super::{Refund, hold_campaign, store};
use crate::ctx::Ctx;
use crate::ledger;
use crate::payments::payment::{self, Payment};
use crate::payments::{Answered, Counted, Heard, News, Outcome, Return, Step, SubjectKind, Told, objects};
use crate::planted::{self, Plant};

/// What is known of one refund.
#[derive(Debug, Clone)]
struct Report {
    event: RefundEvent,
    reference: Option<String>,
    /// It is in the provider's balance: out, and in again.
    has_left: bool,
    came_back: bool,
    failure: Option<String>,
}

impl Report {
    fn of_object(object: &Value) -> anyhow::Result<Self> {
        let refund: objects::Refund = serde_json::from_value(object.clone())?;
        let event = match refund.status.as_str() {
            "succeeded" => RefundEvent::Succeeded,
            "pending" => RefundEvent::Pending,
            "failed" | "canceled" => RefundEvent::Failed,
            _ => RefundEvent::Sent,
        };
        let is_failure = event == RefundEvent::Failed;
        Ok(Self {
            event,
            has_left: refund.balance_transaction.is_some(),
            came_back: refund.failure_balance_transaction.is_some(),
            failure: refund
                .failure_reason
                .or_else(|| is_failure.then(|| refund.status.clone())),
            reference: Some(refund.id),
        })
    }
}

/// Answers to operations.
pub fn answers<'a>(
    ctx: &'a Ctx,
    conn: &'a mut PgConnection,
    book: BookId,
    answered: &'a [Answered],
) -> Heard<'a, ()> {
    Box::pin(async move {
        let mut reports = Vec::with_capacity(answered.len());
        for one in answered {
            let report = match &one.outcome {
                Outcome::Done(object) => Report::of_object(object)?,
                Outcome::Refused(trouble) => {
                    tracing::error!(refund.id = %one.operation.of.id, code = trouble.short(),
                        "alarm: a refund was refused");
                    Report {
                        event: RefundEvent::Failed,
                        reference: None,
                        has_left: false,
                        came_back: false,
                        failure: Some(trouble.short()),
                    }
                }
            };
            reports.push((RefundId::from_uuid(one.operation.of.id), report));
        }
        apply(conn, ctx, book, reports).await.map(|_| ())
    })
}

/// Events: refunds as they stand now. Returns those that are not known (yet).
pub fn news<'a>(
    ctx: &'a Ctx,
    conn: &'a mut PgConnection,
    book: BookId,
    news: &'a [News],
) -> Heard<'a, Vec<Uuid>> {
    Box::pin(async move {
        let mut reports = Vec::with_capacity(news.len());
        for one in news {
            if let Told::Refund(object) = &one.told {
                reports.push((RefundId::from_uuid(one.of.id), Report::of_object(object)?));
            }
        }
        apply(conn, ctx, book, reports).await
    })
}

/// Refunds as a list of the provider shows them. Those that are not known are left alone.
pub(super) async fn seen(
    conn: &mut PgConnection,
    ctx: &Ctx,
    book: BookId,
    seen: &[(Uuid, Value)],
) -> anyhow::Result<()> {
    let mut reports = Vec::with_capacity(seen.len());
    for (id, object) in seen {
        reports.push((RefundId::from_uuid(*id), Report::of_object(object)?));
    }
    apply(conn, ctx, book, reports).await.map(|_| ())
}

/// A refund that names no refund of ours in its metadata: those that were made before refunds had a row of their
/// own to name. Found through its charge.
///
/// # Errors
/// As the other functions here.
pub async fn heard_of_charge(
    conn: &mut PgConnection,
    ctx: &Ctx,
    book: BookId,
    object: &Value,
) -> anyhow::Result<()> {
    let refund: objects::Refund = serde_json::from_value(object.clone())?;
    let found = store::of_charge(
        conn,
        book,
        refund.charge.as_deref().unwrap_or_default(),
        &refund.id,
    )
    .await?;
    if let Some(id) = found {
        apply(conn, ctx, book, vec![(id, Report::of_object(object)?)]).await?;
    }
    Ok(())
}

/// Everything one batch leads to.
#[derive(Default)]
struct Effects {
    entries: Vec<NewEntry>,
    /// As they stand afterwards.
    changed: BTreeMap<RefundId, Refund>,
    steps: Vec<(RefundId, Step)>,
    failed: Vec<Refund>,
    /// What comes back may go to `payable`, as far as it is wanted there.
    wanted: i64,
}

/// Returns the refunds that do not exist (yet).
async fn apply(
    conn: &mut PgConnection,
    ctx: &Ctx,
    book: BookId,
    reports: Vec<(RefundId, Report)>,
) -> anyhow::Result<Vec<Uuid>> {
    if reports.is_empty() {
        return Ok(Vec::new());
    }
    hold_campaign(conn, book).await?;
    let ids: Vec<Uuid> = reports.iter().map(|(id, _)| id.as_uuid()).collect();
    let mut known: BTreeMap<RefundId, Refund> = store::lock_many(conn, book, &ids)
        .await?
        .into_iter()
        .map(|refund| (refund.id, refund))
        .collect();
    let mut effects = Effects {
        wanted: super::wanted_on_payable(conn, book).await?,
        ..Effects::default()
    };
    let mut unknown = Vec::new();
    for (id, report) in reports {
        match known.get_mut(&id) {
            Some(refund) => one(ctx, refund, report, &mut effects)?,
            None => unknown.push(id.as_uuid()),
        }
    }
    carry_out(conn, ctx, book, effects).await?;
    Ok(unknown)
}

/// Decides what one report means, and moves the refund in memory, so that the next one finds it there.
fn one(ctx: &Ctx, refund: &mut Refund, report: Report, effects: &mut Effects) -> anyhow::Result<()> {
    let before = refund.clone();
    refund.reference = refund.reference.take().or(report.reference);
    if report.has_left && refund.left_at.is_none() {
        leave(ctx, refund, effects)?;
    }
    refund.state = next(refund.state, report.event);
    if refund.state != before.state {
        match refund.state {
            RefundState::Failed => fail(ctx, refund, report.came_back, report.failure, effects)?,
            RefundState::Succeeded => refund.settled_at = Some(ctx.now()),
            RefundState::Asked | RefundState::Sent | RefundState::Pending => {}
        }
        let step = match refund.state {
            RefundState::Failed => Some(Step::Failed),
            RefundState::Succeeded => Some(Step::Succeeded),
            RefundState::Pending => Some(Step::Pending),
            RefundState::Asked | RefundState::Sent => None,
        };
        effects.steps.extend(step.map(|step| (refund.id, step)));
    }
    if *refund != before {
        effects.changed.insert(refund.id, refund.clone());
    }
    Ok(())
}

/// It left the provider's account: one entry, as there is one line in the provider's balance.
fn leave(ctx: &Ctx, refund: &mut Refund, effects: &mut Effects) -> anyhow::Result<()> {
    let reference = refund.reference.clone().unwrap_or_default();
    if refund.batch.is_none() {
        // Posted when it was asked; for those made by an earlier version this is the first time.
        let cause = refund.id.to_string();
        effects.entries.push(entries::refund_asked(
            refund.book,
            &cause,
            &refund.taken(),
            refund.created_at,
        )?);
    }
    effects.entries.push(entries::refund_left(
        refund.book,
        &reference,
        refund.total()?,
        ctx.now(),
    )?);
    refund.left_at = Some(ctx.now());
    Ok(())
}

/// It did not arrive: what was taken stands where it stood.
fn fail(
    ctx: &Ctx,
    refund: &mut Refund,
    came_back: bool,
    failure: Option<String>,
    effects: &mut Effects,
) -> anyhow::Result<()> {
    anyhow::ensure!(
        refund.left_at.is_none() || came_back,
        "refund {} failed, and its money has not come back to the provider's account yet",
        refund.id
    );
    if planted::is(Plant::FailedRefundForgotten) {
        return Ok(());
    }
    let cause = refund.reference.clone().unwrap_or_else(|| refund.id.to_string());
    let had_left = refund.left_at.is_some();
    let mut taken = refund.taken();
    taken.gift = super::lands(taken.gift, &mut effects.wanted)?;
    effects.entries.push(entries::refund_failed(
        refund.book,
        &cause,
        &taken,
        had_left,
        ctx.now(),
    )?);
    (refund.settled_at, refund.failure) = (Some(ctx.now()), failure);
    effects.failed.push(refund.clone());
    Ok(())
}

async fn carry_out(conn: &mut PgConnection, ctx: &Ctx, book: BookId, effects: Effects) -> anyhow::Result<()> {
    if effects.changed.is_empty() {
        return Ok(());
    }
    let changed: Vec<Refund> = effects.changed.into_values().collect();
    store::apply(conn, book, &changed).await?;
    ledger::post(conn, ctx, effects.entries).await?;
    let ids: Vec<Uuid> = changed.iter().map(|refund| refund.payment).collect();
    let payments = payment::lock_many(conn, book, &ids).await?;
    let mut payments: BTreeMap<Uuid, Payment> = payments.into_iter().map(|one| (one.id, one)).collect();
    let mut counted = Vec::new();
    for refund in &effects.failed {
        if let Some(payment) = payments.get_mut(&refund.payment) {
            counted.push(credit(conn, payment, refund).await?);
        }
    }
    let mut told: Vec<Return> = Vec::new();
    for (id, what) in effects.steps {
        let refund = changed.iter().find(|refund| refund.id == id);
        let payment = refund.and_then(|refund| payments.get(&refund.payment));
        if let (Some(refund), Some(payment)) = (refund, payment) {
            told.push(step(payment, refund, what));
        }
    }
    tell(conn, ctx, book, &counted, &told).await
}

/// What did not arrive is the campaign's again.
async fn credit(conn: &mut PgConnection, payment: &mut Payment, refund: &Refund) -> anyhow::Result<Counted> {
    let before = payment.collected();
    let back = (-refund.amount.minor(), -refund.tip.minor());
    payment::add_refunded(conn, payment.book, payment.id, back).await?;
    payment.refunded = payment.refunded.checked_sub(refund.amount)?;
    payment.tip_refunded = payment.tip_refunded.checked_sub(refund.tip)?;
    Ok(Counted {
        of: payment.of,
        minor: payment.collected().minor() - before.minor(),
    })
}

async fn tell(
    conn: &mut PgConnection,
    ctx: &Ctx,
    book: BookId,
    counted: &[Counted],
    told: &[Return],
) -> anyhow::Result<()> {
    for kind in SubjectKind::ALL {
        let Some(returns) = (ctx.returns)(kind) else {
            continue;
        };
        let counted: Vec<Counted> = counted
            .iter()
            .filter(|one| one.of.kind == kind)
            .copied()
            .collect();
        (returns.counted)(conn, book, &counted).await?;
        let told: Vec<Return> = told.iter().filter(|one| one.of.kind == kind).cloned().collect();
        (returns.tell)(ctx, conn, book, &told).await?;
    }
    Ok(())
}
