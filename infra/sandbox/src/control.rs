//! Switches for tests, under `/_ctl/`: planned faults, how webhooks travel, what was called, what the
//! sandbox holds.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json, Router,
    extract::{Query, Request, State},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    act,
    app::App,
    deliver::Mode,
    due,
    fault::Outcome,
    plan::{self, Hit, Planned},
};

/// How many calls are remembered.
const REMEMBERED: usize = 50_000;

struct Seen {
    serial: u64,
    at: i64,
    line: (String, String, String),
}

/// The control state: in memory, gone with the process.
#[derive(Default)]
pub(crate) struct Control {
    planned: Mutex<VecDeque<Planned>>,
    seen: Mutex<VecDeque<Seen>>,
}

fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Control {
    /// Remembers a call; ids in the path become `*`.
    pub(crate) fn count(&self, at: i64, method: &str, path: &str, client: &str) {
        let parts = path
            .split('/')
            .map(|part| if part.contains("_sbx_") { "*" } else { part });
        let line = (
            method.to_owned(),
            parts.collect::<Vec<_>>().join("/"),
            client.to_owned(),
        );
        let mut seen = hold(&self.seen);
        let serial = seen.back().map_or(1, |last| last.serial + 1);
        if seen.len() == REMEMBERED {
            seen.pop_front();
        }
        seen.push_back(Seen { serial, at, line });
    }

    /// The first planned fault that hits the call; each is used up.
    pub(crate) fn fault_for(&self, method: &str, path: &str) -> Option<Hit> {
        plan::hit(&mut hold(&self.planned), method, path)
    }
}

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/_ctl/state", get(state))
        .route("/_ctl/calls", get(calls))
        .route("/_ctl/faults", post(plan).delete(forget))
        .route("/_ctl/webhooks", post(webhooks))
        .route("/_ctl/webhooks/flush", post(flush))
        .merge(act::routes())
        .layer(middleware::from_fn(not_from_pages))
}

/// A page in somebody's browser has no business here; tests send no Origin.
async fn not_from_pages(request: Request, next: Next) -> Response {
    match request.headers().contains_key(header::ORIGIN) {
        true => (StatusCode::FORBIDDEN, "not from a page\n").into_response(),
        false => next.run(request).await,
    }
}

async fn plan(State(app): State<Arc<App>>, Json(fault): Json<Planned>) -> Response {
    if let Some(words) = fault.check() {
        return (StatusCode::UNPROCESSABLE_ENTITY, words).into_response();
    }
    let mut planned = hold(&app.control.planned);
    planned.push_back(fault);
    Json(json!({ "planned": planned.len() })).into_response()
}

async fn forget(State(app): State<Arc<App>>) -> Json<Value> {
    hold(&app.control.planned).clear();
    Json(json!({ "planned": 0 }))
}

#[derive(Debug, Deserialize)]
struct Since {
    /// Unix seconds on the sandbox's clock.
    since: Option<i64>,
    /// Only calls after this serial number, which an earlier answer gave as `last`.
    after: Option<u64>,
}

async fn calls(State(app): State<Arc<App>>, Query(wish): Query<Since>) -> Json<Value> {
    let seen = hold(&app.control.seen);
    let mut counts: BTreeMap<&(String, String, String), u64> = BTreeMap::new();
    let wanted = |one: &&Seen| {
        wish.since.is_none_or(|since| one.at >= since) && wish.after.is_none_or(|serial| one.serial > serial)
    };
    for one in seen.iter().filter(wanted) {
        *counts.entry(&one.line).or_default() += 1;
    }
    let total: u64 = counts.values().sum();
    let lines: Vec<Value> = counts
        .iter()
        .map(|((method, path, client), count)| {
            json!({ "method": method, "path": path, "client": client, "count": count })
        })
        .collect();
    Json(json!({ "calls": lines, "total": total, "last": seen.back().map_or(0, |one| one.serial) }))
}

/// How webhooks travel from now on. Kept in the database: another process delivers by it too.
async fn webhooks(State(app): State<Arc<App>>, Json(mode): Json<Mode>) -> Outcome<Json<Value>> {
    let shown = serde_json::to_value(mode).unwrap_or_default();
    let sql = "insert into sandbox.switch (name, value) values ('webhooks', $1)
        on conflict (name) do update set value = excluded.value";
    sqlx::query(sql)
        .bind(shown.to_string())
        .execute(&app.pool)
        .await?;
    Ok(Json(shown))
}

/// Delivers at once all that waits, held or not yet due.
async fn flush(State(app): State<Arc<App>>) -> Response {
    match due::flush(&app).await {
        Ok(count) => Json(json!({ "delivered": count })).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}\n")).into_response(),
    }
}

async fn state(State(app): State<Arc<App>>) -> Outcome<Json<Value>> {
    let objects = pairs(
        &app,
        "select kind, count(*) from sandbox.object group by kind order by kind",
    )
    .await?;
    let ways = pairs(
        &app,
        "select state, count(*) from sandbox.delivery group by state order by state",
    )
    .await?;
    let answers: i64 = sqlx::query_scalar("select count(*) from sandbox.answer")
        .fetch_one(&app.pool)
        .await?;
    let mut tx = app.begin().await?;
    let mut balance = json!({});
    for (currency, available, pending) in tx.balance().await? {
        balance[currency] =
            json!({ "available": available, "pending": pending, "total": available + pending });
    }
    let mut accounts = json!({});
    for id in tx.funded_accounts().await? {
        tx.enter(Some(&id));
        for (currency, available, pending) in tx.balance().await? {
            accounts[&id][currency] =
                json!({ "available": available, "pending": pending, "total": available + pending });
        }
    }
    tx.enter(None);
    let sql = "select parent, count(*) filter (where data->>'status' = 'succeeded'),
            count(*) filter (where data->>'status' = 'failed'),
            coalesce(sum((data->>'amount_captured')::bigint), 0)::bigint,
            coalesce(sum((data->>'amount_refunded')::bigint), 0)::bigint
        from sandbox.object where kind = 'charge' and account is null group by parent order by parent";
    let rows: Vec<(Option<String>, i64, i64, i64, i64)> = sqlx::query_as(sql).fetch_all(&app.pool).await?;
    let mut charges = json!({});
    for (intent, succeeded, failed, paid, refunded) in rows {
        charges[intent.unwrap_or_default()] =
            json!({ "succeeded": succeeded, "failed": failed, "paid": paid, "refunded": refunded });
    }
    Ok(Json(
        json!({ "now": app.now(), "objects": objects, "deliveries": ways, "balance": balance,
        "charges": charges, "accounts": accounts, "answers": answers }),
    ))
}

async fn pairs(app: &App, sql: &'static str) -> Outcome<Value> {
    let rows: Vec<(String, i64)> = sqlx::query_as(sql).fetch_all(&app.pool).await?;
    Ok(Value::Object(
        rows.into_iter()
            .map(|(name, count)| (name, count.into()))
            .collect(),
    ))
}
