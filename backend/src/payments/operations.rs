//! Requests that write at the provider: a row committed before the request is sent, an answer stored in the same
//! transaction as what follows from it. Rule 7 of domain.md §3 decides when the same key may be used again.

use std::collections::BTreeMap;

use felag_domain::ids::{BookId, OperationId};
use futures::StreamExt;
use sqlx::PgConnection;
use time::Duration;
use uuid::Uuid;

use super::objects::Trouble;
use super::provider::Request;
use super::requests::Tag;
use super::store::{self, NewOperation, Settled};
use super::{Answered, Kind, Operation, Outcome, Subject, SubjectKind, lookup, objects};
use crate::crash::CrashPoint;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::jobs::backoff;
use crate::planted::{self, Plant};

/// How many operations one round takes, and how many requests run at once.
const CLAIM: i64 = 64;
const AT_ONCE: usize = 16;
/// The provider keeps a key for 24 hours; an hour is left for clocks and queues.
const KEY_LIFE: Duration = Duration::hours(23);
/// After so many sends an alarm is logged at each further one.
const SENDS_ALARM: i32 = 10;

/// Writes one operation down, for a worker to carry out. `request` is given the tag its object will carry.
pub async fn write(
    conn: &mut PgConnection,
    ctx: &Ctx,
    of: Subject,
    kind: Kind,
    request: impl FnOnce(Tag) -> Request,
) -> sqlx::Result<OperationId> {
    let one = new(ctx, of, kind, request);
    let id = one.id;
    store::insert(conn, &[one], false, ctx.now()).await?;
    Ok(id)
}

/// As [`write`], for what the person waits for: [`perform`] carries it out at once, a worker only if we die. The
/// caller holds the pledge, so that two clicks at once write one operation.
pub async fn write_to_perform(
    conn: &mut PgConnection,
    ctx: &Ctx,
    of: Subject,
    kind: Kind,
    request: impl FnOnce(Tag) -> Request,
) -> sqlx::Result<ToPerform> {
    if let Some(id) = store::waiting(conn, of, kind).await? {
        return Ok(ToPerform {
            book: of.book,
            id,
            is_ours: false,
        });
    }
    let one = new(ctx, of, kind, request);
    let id = one.id;
    store::insert(conn, &[one], true, ctx.now()).await?;
    Ok(ToPerform {
        book: of.book,
        id,
        is_ours: true,
    })
}

/// An operation a person waits for.
#[derive(Debug, Clone, Copy)]
pub struct ToPerform {
    book: BookId,
    id: OperationId,
    /// False when an earlier click wrote it: then that one carries it out, and this one waits for it.
    is_ours: bool,
}

/// Whether an operation of this kind is written and not answered, about one subject.
pub async fn is_waiting(conn: &mut PgConnection, of: Subject, kind: Kind) -> sqlx::Result<bool> {
    Ok(store::waiting(conn, of, kind).await?.is_some())
}

/// Takes back what was written down and never sent, of some kinds. What it was about.
pub async fn take_back_unsent(
    conn: &mut PgConnection,
    ctx: &Ctx,
    book: BookId,
    kinds: &[Kind],
) -> sqlx::Result<Vec<Uuid>> {
    store::take_back_unsent(conn, book, kinds, ctx.now()).await
}

/// Many operations of one kind at once: one insert.
pub async fn write_all(
    conn: &mut PgConnection,
    ctx: &Ctx,
    kind: Kind,
    requests: impl IntoIterator<Item = (Subject, impl FnOnce(Tag) -> Request)>,
) -> sqlx::Result<()> {
    let all: Vec<NewOperation> = requests
        .into_iter()
        .map(|(of, request)| new(ctx, of, kind, request))
        .collect();
    if all.is_empty() {
        return Ok(());
    }
    store::insert(conn, &all, false, ctx.now()).await
}

fn new(ctx: &Ctx, of: Subject, kind: Kind, request: impl FnOnce(Tag) -> Request) -> NewOperation {
    let id: OperationId = ctx.id();
    NewOperation {
        id,
        kind,
        of,
        request: request(Tag {
            operation: id.as_uuid(),
            of,
        }),
    }
}

/// Carries out one operation now, with the person waiting, and lets the slices act on the answer. `None` when
/// somebody else carried it out: what it led to stands in the database.
///
/// # Errors
/// [`Error::ProviderAway`] when nothing certain was heard; a worker sends it again.
pub async fn perform(ctx: &Ctx, operation: ToPerform) -> Result<Option<Outcome>, Error> {
    let ToPerform { book, id, is_ours } = operation;
    if !is_ours && !is_free(ctx, book, id).await? {
        return Ok(None);
    }
    let Some(operation) = store::claim_one(&ctx.db, book, id, ctx.now()).await? else {
        return Ok(None);
    };
    match carry_out(ctx, operation).await? {
        Some(answered) => {
            let outcome = answered.outcome.clone();
            hear(ctx, vec![answered]).await?;
            Ok(Some(outcome))
        }
        None => Err(Error::ProviderAway),
    }
}

/// Waits for whoever carries an operation out. Whether it is left to us, because they put it back or died.
async fn is_free(ctx: &Ctx, book: BookId, id: OperationId) -> sqlx::Result<bool> {
    const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(50);
    const LOOKS: u32 = 400;
    for _ in 0..LOOKS {
        match store::standing(&ctx.db, book, id).await? {
            store::Standing::Settled => return Ok(false),
            store::Standing::Free => return Ok(true),
            store::Standing::Claimed => crate::clock::pause(LOOK_AGAIN).await,
        }
    }
    Ok(false)
}

/// Sends what is due, and applies the answers book by book. Whether there was anything.
pub async fn run_once(ctx: &Ctx) -> anyhow::Result<bool> {
    let claimed = store::claim(&ctx.db, ctx.now(), CLAIM).await?;
    if claimed.is_empty() {
        return Ok(false);
    }
    let answers: Vec<_> = futures::stream::iter(claimed)
        .map(|operation| carry_out(ctx, operation))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let mut by_book: BTreeMap<(BookId, SubjectKind), Vec<Answered>> = BTreeMap::new();
    for answered in answers {
        if let Some(answered) = answered? {
            let of = answered.operation.of;
            by_book.entry((of.book, of.kind)).or_default().push(answered);
        }
    }
    for answered in by_book.into_values() {
        hear_or_split(ctx, answered).await;
    }
    Ok(true)
}

/// One answer that cannot be applied must not hold up the others.
async fn hear_or_split(ctx: &Ctx, answered: Vec<Answered>) {
    let Err(cause) = hear(ctx, answered.clone()).await else {
        return;
    };
    if answered.len() > 1 {
        tracing::warn!("answers are applied one by one, because together they failed: {cause:#}");
    }
    for one in answered {
        let operation = one.operation.clone();
        let Err(cause) = hear(ctx, vec![one]).await else {
            continue;
        };
        tracing::error!(operation.id = %operation.id, "an answer could not be applied: {cause:#}");
        let later = ctx.now() + backoff(operation.sends);
        if let Err(cause) = store::put_back(&ctx.db, &operation, later, None, &format!("{cause:#}")).await {
            tracing::error!("an operation could not be put back: {cause:#}");
        }
    }
}

/// The answers about one book and one kind of subject, and all that follows from them, in one transaction.
async fn hear(ctx: &Ctx, mut answered: Vec<Answered>) -> anyhow::Result<()> {
    let Some(Subject { book, kind, .. }) = answered.first().map(|one| one.operation.of) else {
        return Ok(());
    };
    answered.sort_by_key(|one| one.operation.id);
    let mut tx = ctx.db.begin().await?;
    let settled: Vec<Settled<'_>> = answered.iter().map(settled).collect();
    let waited = store::settle(&mut tx, book, &settled, ctx.now()).await?;
    answered.retain(|one| waited.contains(&one.operation.id.as_uuid()));
    ((ctx.hears)(kind).answers)(ctx, &mut tx, book, &answered).await?;
    tx.commit().await?;
    ctx.crash_point(CrashPoint::OperationApplied);
    ctx.wake_workers();
    Ok(())
}

fn settled(answered: &Answered) -> Settled<'_> {
    match &answered.outcome {
        Outcome::Done(object) => Settled {
            id: answered.operation.id,
            refused: false,
            object: objects::id(object),
            error_code: None,
        },
        Outcome::Refused(trouble) => Settled {
            id: answered.operation.id,
            refused: true,
            object: None,
            error_code: Some(trouble.short()),
        },
    }
}

/// `None`: nothing certain was heard, and the operation was put back.
async fn carry_out(ctx: &Ctx, mut operation: Operation) -> anyhow::Result<Option<Answered>> {
    ctx.crash_point(CrashPoint::OperationWritten);
    if operation.sends > SENDS_ALARM {
        let kind = operation.kind.as_str();
        tracing::error!(operation.id = %operation.id, "operation {kind} was sent {} times", operation.sends);
    }
    let key_is_old = ctx.now() - operation.first_sent_at >= KEY_LIFE;
    let last_failed = operation.last_status.is_some_and(|status| status >= 500);
    if key_is_old || last_failed {
        match lookup::find(ctx, &operation).await {
            Ok(Some(object)) => {
                return Ok(Some(Answered {
                    operation,
                    outcome: Outcome::Done(object),
                }));
            }
            Ok(None) => store::begin_attempt(&ctx.db, &mut operation, ctx.now()).await?,
            Err(no_answer) => return later(ctx, &operation, None, &no_answer.to_string()).await,
        }
    }
    let is_planted = planted::is(Plant::RetryWithNewKey)
        || (planted::is(Plant::RefundWithNewKey) && operation.kind == Kind::CreateRefund);
    if is_planted && operation.sends > 1 {
        store::begin_attempt(&ctx.db, &mut operation, ctx.now()).await?;
    }
    let answer = ctx.provider.post(&operation.request, &operation.key).await;
    ctx.crash_point(CrashPoint::OperationAnswered);
    match answer {
        Ok(answer) if answer.status < 300 => {
            tracing::info!(
                operation.id = %operation.id, request_id = answer.request_id, "{} was done", operation.kind.as_str()
            );
            Ok(Some(Answered {
                operation,
                outcome: Outcome::Done(answer.body),
            }))
        }
        Ok(answer) if answer.status >= 500 || matches!(answer.status, 401 | 403 | 409 | 429) => {
            later(
                ctx,
                &operation,
                Some(answer.status),
                &format!("answered with {}", answer.status),
            )
            .await
        }
        Ok(answer) => {
            let trouble = Trouble::of(&answer.body);
            tracing::info!(
                operation.id = %operation.id, request_id = answer.request_id, code = trouble.short(),
                "{} was refused", operation.kind.as_str()
            );
            Ok(Some(Answered {
                operation,
                outcome: Outcome::Refused(trouble),
            }))
        }
        Err(no_answer) => later(ctx, &operation, None, &no_answer.to_string()).await,
    }
}

async fn later(
    ctx: &Ctx,
    operation: &Operation,
    status: Option<u16>,
    why: &str,
) -> anyhow::Result<Option<Answered>> {
    if planted::is(Plant::LostAnswerIsNo) {
        let (operation, outcome) = (operation.clone(), Outcome::Refused(Trouble::default()));
        return Ok(Some(Answered { operation, outcome }));
    }
    tracing::warn!(operation.id = %operation.id, "{} will be sent again: {why}", operation.kind.as_str());
    store::put_back(
        &ctx.db,
        operation,
        ctx.now() + backoff(operation.sends),
        status,
        why,
    )
    .await?;
    Ok(None)
}
