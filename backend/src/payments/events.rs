//! What the provider told us, applied: an event is a hint, so the object is asked for afresh, and a batch is
//! applied book by book. Safe in any order and any number of times.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use felag_domain::ids::BookId;
use futures::StreamExt;
use serde_json::Value;
use uuid::Uuid;

use super::event_store::{self as store, NewEvent, StoredEvent};
use super::objects::{self, Event};
use super::provider::NoAnswer;
use super::{Kind, News, Subject, SubjectKind, Told, payment};
use crate::crash::CrashPoint;
use crate::ctx::Ctx;
use crate::jobs::backoff;

/// The kinds we act on; we ask the provider for no others.
pub const KINDS: &[&str] = &[
    "checkout.session.completed",
    "checkout.session.expired",
    "payment_intent.succeeded",
    "payment_intent.payment_failed",
    "payment_intent.processing",
    "payment_intent.canceled",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "charge.dispute.closed",
];

/// The kinds we act on of accounts connected to ours.
pub const KINDS_CONNECTED: &[&str] = &[
    "account.updated",
    "account.application.deauthorized",
    "payout.updated",
    "payout.paid",
    "payout.failed",
    "payout.canceled",
];

const CLAIM: i64 = 200;
const AT_ONCE: usize = 8;

/// Stores an event once. Kinds we do not act on are kept as applied.
pub async fn store(ctx: &Ctx, event: Event, _body: &[u8]) -> anyhow::Result<()> {
    let is_about_account = event.kind.starts_with("account.");
    let object = objects::id(&event.data.object).unwrap_or_default();
    // What is told of an account may name the application that lost it.
    let object = event
        .account
        .as_deref()
        .filter(|_| is_about_account)
        .unwrap_or(object);
    let of = match objects::subject(&event.data.object) {
        None if is_about_account => store::made(&ctx.db, Kind::CreateAccount, object).await?,
        of => of,
    };
    let new = NewEvent {
        id: &event.id,
        kind: &event.kind,
        object,
        of,
        account: event.account.as_deref(),
        payload: event.data.object.clone(),
        occurred_at: event.created,
    };
    store::keep_event(&ctx.db, &new, ctx.now()).await?;
    let kind = event.kind.as_str();
    if !KINDS.contains(&kind) && !KINDS_CONNECTED.contains(&kind) {
        let mut conn = ctx.db.acquire().await?;
        store::events_applied(&mut conn, std::slice::from_ref(&event.id), ctx.now()).await?;
    }
    Ok(())
}

/// An event, and what it is about.
struct Known {
    of: Subject,
    event: StoredEvent,
}

/// Applies what is due. Whether there was anything.
pub async fn run_once(ctx: &Ctx) -> anyhow::Result<bool> {
    let events = store::claim_events(&ctx.db, ctx.now(), CLAIM).await?;
    let did = !events.is_empty();
    let mut by_book: BTreeMap<(BookId, SubjectKind), Vec<Known>> = BTreeMap::new();
    for event in events {
        match about(ctx, &event).await? {
            Some(of) => by_book
                .entry((of.book, of.kind))
                .or_default()
                .push(Known { of, event }),
            None => park(ctx, &event, "it names nothing of ours").await?,
        }
    }
    for ((book, kind), events) in by_book {
        apply(ctx, book, kind, events).await?;
    }
    Ok(did)
}

/// What an event is about: its metadata says so, or the payment whose charge is disputed. Objects that banks make
/// carry no metadata of ours.
async fn about(ctx: &Ctx, event: &StoredEvent) -> sqlx::Result<Option<Subject>> {
    match (event.of(), &event.charge_ref) {
        (None, Some(charge)) if event.kind.starts_with("charge.dispute.") => {
            let payment = payment::of_charge(&ctx.db, charge).await?;
            Ok(payment.map(|payment| Subject::dispute(payment.book, payment.id)))
        }
        (of, _) => Ok(of),
    }
}

async fn apply(ctx: &Ctx, book: BookId, kind: SubjectKind, events: Vec<Known>) -> anyhow::Result<()> {
    let objects = ask(ctx, book, kind, &events).await?;
    ctx.crash_point(CrashPoint::EventsLookedUp);
    let mut ready = Vec::new();
    for Known { of, event } in events {
        match objects.get(&event.object_id) {
            Some(Ok(Some(object))) => ready.push((Some(news(of, &event, object.clone())), event)),
            // Settled already: nothing to learn from it.
            None => ready.push((None, event)),
            Some(Ok(None)) if matches!(kind, SubjectKind::PayoutAccount | SubjectKind::LenderAccount) => {
                ready.push((Some(gone(of, &event)), event));
            }
            Some(Ok(None)) => park(ctx, &event, "the provider does not know its object").await?,
            Some(Err(no_answer)) => park(ctx, &event, &no_answer.to_string()).await?,
        }
    }
    if ready.is_empty() {
        return Ok(());
    }
    if let Err(cause) = apply_together(ctx, book, kind, &ready).await {
        tracing::warn!("events are applied one by one, because together they failed: {cause:#}");
        for one in ready.chunks(1) {
            if let (Err(cause), [(_, event)]) = (apply_together(ctx, book, kind, one).await, one) {
                tracing::error!(
                    event.id = event.event_id,
                    "an event could not be applied: {cause:#}"
                );
                park(ctx, event, &format!("{cause:#}")).await?;
            }
        }
    }
    ctx.crash_point(CrashPoint::EventsApplied);
    ctx.wake_workers();
    Ok(())
}

async fn apply_together(
    ctx: &Ctx,
    book: BookId,
    kind: SubjectKind,
    ready: &[(Option<News>, StoredEvent)],
) -> anyhow::Result<()> {
    let news: Vec<News> = ready.iter().filter_map(|(news, _)| news.clone()).collect();
    let mut tx = ctx.db.begin().await?;
    let unknown = ((ctx.hears)(kind).news)(ctx, &mut tx, book, &news).await?;
    let (parked, applied): (Vec<_>, Vec<_>) = ready
        .iter()
        .partition(|(news, _)| news.as_ref().is_some_and(|news| unknown.contains(&news.of.id)));
    let ids: Vec<String> = applied.iter().map(|(_, event)| event.event_id.clone()).collect();
    store::events_applied(&mut tx, &ids, ctx.now()).await?;
    tx.commit().await?;
    for (_, event) in parked {
        park(ctx, event, "what it is about is not known yet").await?;
    }
    Ok(())
}

/// The objects as they stand, each asked for once; none for what needs no news.
async fn ask(
    ctx: &Ctx,
    book: BookId,
    kind: SubjectKind,
    events: &[Known],
) -> anyhow::Result<HashMap<String, Result<Option<Value>, NoAnswer>>> {
    let ids: BTreeSet<Uuid> = events.iter().map(|known| known.of.id).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let settled: BTreeSet<Uuid> = ((ctx.hears)(kind).settled)(ctx, book, &ids)
        .await?
        .into_iter()
        .collect();
    let wanted: BTreeSet<(String, String, Option<String>)> = events
        .iter()
        .filter(|Known { of, event }| !settled.contains(&of.id) || event.kind.starts_with("refund."))
        .map(|Known { event, .. }| (event.object_id.clone(), path(event), event.account_ref.clone()))
        .collect();
    Ok(futures::stream::iter(wanted)
        .map(|(id, path, account)| async move {
            let object = match kind {
                // Asked for as the platform sees it: a lost account cannot be asked in its own name.
                SubjectKind::PayoutAccount | SubjectKind::LenderAccount => {
                    super::connect::account(ctx, &id).await
                }
                _ => object_of(ctx, &path, account.as_deref()).await,
            };
            (id, object)
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await)
}

fn path(event: &StoredEvent) -> String {
    let id = &event.object_id;
    match event.kind.split('.').next() {
        Some("checkout") => session_path(id),
        Some("account") => super::connect::account_path(id),
        Some("payout") => format!("v1/payouts/{id}"),
        Some("refund") => refund_path(id),
        Some("charge") => dispute_path(id),
        _ => intent_path(id),
    }
}

/// Asks for a checkout together with the card it saved.
pub fn session_path(id: &str) -> String {
    format!("v1/checkout/sessions/{id}?expand[]=setup_intent")
}

/// Asks for a refund together with what it moved in the balance.
pub fn refund_path(id: &str) -> String {
    format!("v1/refunds/{id}")
}

pub fn dispute_path(id: &str) -> String {
    format!("v1/disputes/{id}")
}

/// Asks for a payment together with its charge and what that cost.
pub fn intent_path(id: &str) -> String {
    format!("v1/payment_intents/{id}?expand[]=latest_charge.balance_transaction")
}

/// One object; `None` when the provider does not know it.
pub async fn object(ctx: &Ctx, path: &str) -> Result<Option<Value>, NoAnswer> {
    object_of(ctx, path, None).await
}

/// As [`object`], of a connected account.
pub async fn object_of(ctx: &Ctx, path: &str, account: Option<&str>) -> Result<Option<Value>, NoAnswer> {
    let answer = ctx.provider.get_of(path, account).await?;
    match answer.status {
        200..300 => Ok(Some(answer.body)),
        404 => Ok(None),
        status => Err(NoAnswer::status(status)),
    }
}

fn news(of: Subject, event: &StoredEvent, object: Value) -> News {
    let told = match event.kind.split('.').next() {
        Some("checkout") => Told::Session(object),
        Some("refund") => Told::Refund(object),
        Some("account") => Told::Account(Some(object)),
        Some("payout") => Told::BankPayout(object),
        Some("charge") => Told::Dispute(object),
        _ => Told::Intent(object),
    };
    News {
        of,
        at: event.occurred_at,
        told,
    }
}

/// An account that does not answer to us any more.
fn gone(of: Subject, event: &StoredEvent) -> News {
    News {
        of,
        at: event.occurred_at,
        told: Told::Account(None),
    }
}

async fn park(ctx: &Ctx, event: &StoredEvent, why: &str) -> anyhow::Result<()> {
    tracing::warn!(event.id = event.event_id, "an event is parked: {why}");
    store::park_event(&ctx.db, &event.event_id, ctx.now() + backoff(event.attempts), why).await?;
    Ok(())
}
