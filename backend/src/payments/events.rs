//! What the provider told us, applied: an event is a hint, so the object is asked for afresh, and a batch is
//! applied campaign by campaign. Safe in any order and any number of times.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use felag_domain::ids::{CampaignId, PledgeId};
use futures::StreamExt;
use serde_json::Value;
use uuid::Uuid;

use super::objects::{self, Event};
use super::provider::NoAnswer;
use super::store::{self, NewEvent, StoredEvent};
use super::{News, Told};
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
];

const CLAIM: i64 = 200;
const AT_ONCE: usize = 8;

/// Stores an event once. Kinds we do not act on are kept as applied.
pub async fn store(ctx: &Ctx, event: Event, _body: &[u8]) -> anyhow::Result<()> {
    let metadata = objects::metadata(&event.data.object);
    let uuid = |text: Option<String>| text.and_then(|text| text.parse::<Uuid>().ok());
    let new = NewEvent {
        id: &event.id,
        kind: &event.kind,
        object: objects::id(&event.data.object).unwrap_or_default(),
        campaign: uuid(metadata.felag_campaign),
        pledge: uuid(metadata.felag_pledge),
        payload: event.data.object.clone(),
        occurred_at: event.created,
    };
    store::keep_event(&ctx.db, &new, ctx.now()).await?;
    if !KINDS.contains(&event.kind.as_str()) {
        let mut conn = ctx.db.acquire().await?;
        store::events_applied(&mut conn, std::slice::from_ref(&event.id), ctx.now()).await?;
    }
    Ok(())
}

/// Applies what is due. Whether there was anything.
pub async fn run_once(ctx: &Ctx) -> anyhow::Result<bool> {
    let events = store::claim_events(&ctx.db, ctx.now(), CLAIM).await?;
    let did = !events.is_empty();
    let mut by_campaign: BTreeMap<Uuid, Vec<StoredEvent>> = BTreeMap::new();
    for event in events {
        match (event.campaign_id, event.subject_id) {
            (Some(campaign), Some(_)) => by_campaign.entry(campaign).or_default().push(event),
            _ => park(ctx, &event, "it names no pledge of ours").await?,
        }
    }
    for (campaign, events) in by_campaign {
        apply(ctx, CampaignId::from_uuid(campaign), events).await?;
    }
    Ok(did)
}

async fn apply(ctx: &Ctx, campaign: CampaignId, events: Vec<StoredEvent>) -> anyhow::Result<()> {
    let objects = ask(ctx, campaign, &events).await?;
    ctx.crash_point(CrashPoint::EventsLookedUp);
    let mut ready = Vec::new();
    for event in events {
        match objects.get(&event.object_id) {
            Some(Ok(Some(object))) => ready.push((news(&event, object.clone()), event)),
            // Settled already: nothing to learn from it.
            None => ready.push((None, event)),
            Some(Ok(None)) => park(ctx, &event, "the provider does not know its object").await?,
            Some(Err(no_answer)) => park(ctx, &event, &no_answer.to_string()).await?,
        }
    }
    if ready.is_empty() {
        return Ok(());
    }
    if let Err(cause) = apply_together(ctx, campaign, &ready).await {
        tracing::warn!("events are applied one by one, because together they failed: {cause:#}");
        for one in ready.chunks(1) {
            if let (Err(cause), [(_, event)]) = (apply_together(ctx, campaign, one).await, one) {
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
    campaign: CampaignId,
    ready: &[(Option<News>, StoredEvent)],
) -> anyhow::Result<()> {
    let news: Vec<News> = ready.iter().filter_map(|(news, _)| news.clone()).collect();
    let mut tx = ctx.db.begin().await?;
    let unknown = (ctx.hears.news)(ctx, &mut tx, campaign, &news).await?;
    let (parked, applied): (Vec<_>, Vec<_>) = ready
        .iter()
        .partition(|(news, _)| news.as_ref().is_some_and(|news| unknown.contains(&news.pledge)));
    let ids: Vec<String> = applied.iter().map(|(_, event)| event.event_id.clone()).collect();
    store::events_applied(&mut tx, &ids, ctx.now()).await?;
    tx.commit().await?;
    for (_, event) in parked {
        park(ctx, event, "its pledge is not known yet").await?;
    }
    Ok(())
}

/// The objects as they stand, each asked for once; none for pledges that need no news.
async fn ask(
    ctx: &Ctx,
    campaign: CampaignId,
    events: &[StoredEvent],
) -> anyhow::Result<HashMap<String, Result<Option<Value>, NoAnswer>>> {
    let pledges: BTreeSet<PledgeId> = events
        .iter()
        .filter_map(|event| event.subject_id)
        .map(PledgeId::from_uuid)
        .collect();
    let pledges: Vec<PledgeId> = pledges.into_iter().collect();
    let settled: BTreeSet<PledgeId> = (ctx.hears.settled)(ctx, campaign, &pledges)
        .await?
        .into_iter()
        .collect();
    let wanted: BTreeSet<(String, String)> = events
        .iter()
        .filter(|event| {
            let is_settled = event
                .subject_id
                .is_some_and(|id| settled.contains(&PledgeId::from_uuid(id)));
            !is_settled || event.kind.starts_with("refund.")
        })
        .map(|event| (event.object_id.clone(), path(event)))
        .collect();
    Ok(futures::stream::iter(wanted)
        .map(|(id, path)| async move { (id, object(ctx, &path).await) })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await)
}

fn path(event: &StoredEvent) -> String {
    let id = &event.object_id;
    match event.kind.split('.').next() {
        Some("checkout") => session_path(id),
        Some("refund") => format!("v1/refunds/{id}"),
        _ => intent_path(id),
    }
}

/// Asks for a checkout together with the card it saved.
pub fn session_path(id: &str) -> String {
    format!("v1/checkout/sessions/{id}?expand[]=setup_intent")
}

/// Asks for a payment together with its charge and what that cost.
pub fn intent_path(id: &str) -> String {
    format!("v1/payment_intents/{id}?expand[]=latest_charge.balance_transaction")
}

/// One object; `None` when the provider does not know it.
pub async fn object(ctx: &Ctx, path: &str) -> Result<Option<Value>, NoAnswer> {
    let answer = ctx.provider.get(path).await?;
    match answer.status {
        200..300 => Ok(Some(answer.body)),
        404 => Ok(None),
        status => Err(NoAnswer::status(status)),
    }
}

fn news(event: &StoredEvent, object: Value) -> Option<News> {
    let told = match event.kind.split('.').next() {
        Some("checkout") => Told::Session(object),
        Some("refund") => Told::Refund(object),
        _ => Told::Intent(object),
    };
    Some(News {
        pledge: PledgeId::from_uuid(event.subject_id?),
        at: event.occurred_at,
        told,
    })
}

async fn park(ctx: &Ctx, event: &StoredEvent, why: &str) -> anyhow::Result<()> {
    tracing::warn!(event.id = event.event_id, "an event is parked: {why}");
    store::park_event(&ctx.db, &event.event_id, ctx.now() + backoff(event.attempts), why).await?;
    Ok(())
}
