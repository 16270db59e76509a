//! What the provider answers and tells of supports and contributions. Everything here may be heard twice.

use felag_domain::campaign::CHECKOUT_HOLD;
use felag_domain::ids::{BookId, ContributionId, ProjectId, SupportId};
use felag_domain::pledge::{PledgeEvent, PledgeState, next};
use serde_json::Value;
use sqlx::PgConnection;
use time::Duration;
use uuid::Uuid;

use super::charge::{apply, hold};
use super::{Support, card, jobs, store};
use crate::ctx::Ctx;
use crate::jobs::enqueue;
use crate::payments::objects::{self, Session};
use crate::payments::{self, Answered, Heard, Kind, News, Outcome, SubjectKind, Told, requests};
use crate::pledges::Payment;

/// Answers to operations.
pub fn answers<'a>(
    ctx: &'a Ctx,
    conn: &'a mut PgConnection,
    book: BookId,
    answered: &'a [Answered],
) -> Heard<'a, ()> {
    let project = ProjectId::from_uuid(book.as_uuid());
    Box::pin(async move {
        for one in answered {
            match one.operation.kind {
                Kind::CreateCheckout | Kind::ExpireCheckout => checkout(conn, ctx, project, one).await?,
                Kind::CreateIntent => made(conn, ctx, project, one).await?,
                Kind::ConfirmIntent | Kind::ConfirmIntentPresent | Kind::CancelIntent => {
                    confirmed(conn, ctx, project, one).await?;
                }
                // Taken off, or already gone: the same to us.
                Kind::DetachMethod => {}
                Kind::CreateRefund
                | Kind::SendEvidence
                | Kind::CloseDispute
                | Kind::CreateAccount
                | Kind::CreateTransfer
                | Kind::ReverseTransfer
                | Kind::CreatePayout => {
                    anyhow::bail!("{} is not about a support", one.operation.kind.as_str())
                }
            }
        }
        Ok(())
    })
}

async fn checkout(
    conn: &mut PgConnection,
    ctx: &Ctx,
    project: ProjectId,
    one: &Answered,
) -> anyhow::Result<()> {
    let id = SupportId::from_uuid(one.operation.of.id);
    let Some(support) = store::lock(conn, project, id).await? else {
        return Ok(());
    };
    match (&one.outcome, one.operation.kind) {
        (Outcome::Done(object), Kind::CreateCheckout) => opened(conn, ctx, &support, object).await,
        (Outcome::Done(object), _) => card::heard(conn, ctx, &support, object, ctx.now()).await,
        (Outcome::Refused(trouble), Kind::CreateCheckout) => {
            tracing::error!(support.id = %support.id, code = trouble.short(), "alarm: a checkout could not be made");
            Ok(())
        }
        (Outcome::Refused(_), _) => Ok(()),
    }
}

async fn opened(conn: &mut PgConnection, ctx: &Ctx, support: &Support, object: &Value) -> anyhow::Result<()> {
    let session: Session = serde_json::from_value(object.clone())?;
    if support.state.is_over() {
        let request = |_| requests::expire_checkout(&session.id);
        payments::write(conn, ctx, support.subject(), Kind::ExpireCheckout, request).await?;
        return Ok(());
    }
    let open = (
        session.id.as_str(),
        session.url.as_deref(),
        ctx.now() + CHECKOUT_HOLD,
    );
    store::set_checkout(conn, support, Some(open)).await?;
    if support.method.is_some() {
        jobs::watch_checkout(conn, ctx, support.project, support.id).await?;
    }
    Ok(())
}

/// A payment was made, unconfirmed: its id is committed, then it is confirmed, unless the person does that.
async fn made(conn: &mut PgConnection, ctx: &Ctx, project: ProjectId, one: &Answered) -> anyhow::Result<()> {
    let id = ContributionId::from_uuid(one.operation.of.id);
    let Some((support, mut held)) = hold(conn, project, id).await? else {
        return Ok(());
    };
    match &one.outcome {
        Outcome::Refused(trouble) => {
            tracing::error!(contribution.id = %id, code = trouble.short(), "alarm: a payment could not be made");
            if held.state == PledgeState::Stopping {
                apply(conn, ctx, project, id, &Payment::Cancelled).await?;
            } else {
                apply(conn, ctx, project, id, &Payment::declined(trouble, true)).await?;
            }
            return Ok(());
        }
        Outcome::Done(object) => {
            held.intent = held
                .intent
                .or_else(|| objects::id(object).map(ToString::to_string))
        }
    }
    let (Some(intent), Some(method)) = (held.intent.clone(), support.method.clone()) else {
        anyhow::bail!("contribution {id} has no payment or no card");
    };
    if held.state == PledgeState::Stopping || held.state.is_ended() {
        let request = |_| requests::cancel_intent(&intent);
        payments::write(conn, ctx, held.subject(), Kind::CancelIntent, request).await?;
    } else if !held.is_present {
        held.state = next(held.state, PledgeEvent::ChargeStarted)?;
        let request = |_| requests::confirm_intent(&intent, &method);
        payments::write(conn, ctx, held.subject(), Kind::ConfirmIntent, request).await?;
    }
    store::keep(conn, &held).await?;
    Ok(())
}

async fn confirmed(
    conn: &mut PgConnection,
    ctx: &Ctx,
    project: ProjectId,
    one: &Answered,
) -> anyhow::Result<()> {
    let id = ContributionId::from_uuid(one.operation.of.id);
    let was_present = one.operation.kind == Kind::ConfirmIntentPresent;
    let payment = match &one.outcome {
        Outcome::Done(intent) => match Payment::of_intent(intent) {
            Ok(Payment::Declined { kind, code, .. }) => Payment::Declined {
                kind,
                code,
                was_present,
            },
            Ok(Payment::Pending) => return look_later(conn, ctx, project, id, jobs::LOOK_AGAIN).await,
            Ok(payment) => payment,
            Err(_) => return look_later(conn, ctx, project, id, Duration::ZERO).await,
        },
        Outcome::Refused(trouble) if trouble.kind.as_deref() == Some("card_error") => {
            Payment::declined(trouble, was_present)
        }
        // It stands elsewhere than we thought: succeeded or cancelled meanwhile.
        Outcome::Refused(_) => return look_later(conn, ctx, project, id, Duration::ZERO).await,
    };
    apply(conn, ctx, project, id, &payment).await?;
    Ok(())
}

async fn look_later(
    conn: &mut PgConnection,
    ctx: &Ctx,
    project: ProjectId,
    contribution: ContributionId,
    after: Duration,
) -> anyhow::Result<()> {
    let job = jobs::LookUp {
        project,
        contribution,
    };
    enqueue(conn, ctx, &job, ctx.now() + after, None).await
}

/// Events. Returns what is not known yet.
pub fn news<'a>(
    ctx: &'a Ctx,
    conn: &'a mut PgConnection,
    book: BookId,
    news: &'a [News],
) -> Heard<'a, Vec<Uuid>> {
    let project = ProjectId::from_uuid(book.as_uuid());
    Box::pin(async move {
        let mut unknown = Vec::new();
        for one in news {
            let is_known = match (&one.told, one.of.kind) {
                (Told::Session(session), SubjectKind::Support) => {
                    let found = store::lock(conn, project, SupportId::from_uuid(one.of.id)).await?;
                    if let Some(support) = &found {
                        card::heard(conn, ctx, support, session, one.at).await?;
                    }
                    found.is_some()
                }
                (Told::Intent(intent), SubjectKind::Contribution) => {
                    let id = ContributionId::from_uuid(one.of.id);
                    apply(conn, ctx, project, id, &Payment::of_intent(intent)?).await?
                }
                // Heard through its payment.
                (Told::Dispute(_), _) => true,
                _ => anyhow::bail!("that is not about a support"),
            };
            if !is_known {
                unknown.push(one.of.id);
            }
        }
        Ok(unknown)
    })
}

/// All news of a support's card is asked for.
pub fn supports_settled<'a>(_: &'a Ctx, _: BookId, _: &'a [Uuid]) -> Heard<'a, Vec<Uuid>> {
    Box::pin(async { Ok(Vec::new()) })
}

/// Contributions that need no news any more: they are paid.
pub fn contributions_settled<'a>(ctx: &'a Ctx, book: BookId, ids: &'a [Uuid]) -> Heard<'a, Vec<Uuid>> {
    let project = ProjectId::from_uuid(book.as_uuid());
    Box::pin(async move { Ok(store::paid_among(&ctx.db, project, ids).await?) })
}
