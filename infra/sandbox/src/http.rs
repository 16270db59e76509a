//! The way of an API call: who calls, with which key, under which Idempotency-Key, with which planned fault.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::any,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{
    api,
    app::App,
    control,
    db::Tx,
    fault::{Fault, Outcome},
    hosted, ids,
    listen::Cut,
    onboard,
    params::Params,
    plan::Effect,
    wall,
};

const MAX_BODY: usize = 1 << 20;

/// Everything on the listener.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/v1/{*path}", any(call))
        .merge(hosted::routes())
        .merge(onboard::routes())
        .merge(control::routes())
        .fallback(async || {
            Fault::new(404, "invalid_request_error", "Unrecognized request URL.").into_response()
        })
        .layer(middleware::from_fn(local_names_only))
        .with_state(app)
}

/// A name that merely resolves to loopback (a page elsewhere, made to point here) gets no answer.
async fn local_names_only(request: Request, next: Next) -> Response {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let local = name == "localhost" || name == "[::1]" || name.starts_with("127.");
    match local {
        true => next.run(request).await,
        false => (
            StatusCode::MISDIRECTED_REQUEST,
            "The sandbox answers on loopback only.\n",
        )
            .into_response(),
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        respond(self.0.status, self.envelope().to_string())
    }
}

/// One API call, read.
struct Call {
    method: String,
    path: String,
    /// The parameters as they came: from the query of a GET, from the body otherwise.
    form: String,
    key: Option<String>,
    /// On which connected account it is made.
    account: Option<String>,
    request_id: String,
}

async fn call(State(app): State<Arc<App>>, ConnectInfo(cut): ConnectInfo<Cut>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let request_id = ids::fresh("req");
    let agent = text(&parts.headers, "user-agent").unwrap_or_default();
    let (method, path) = (parts.method.as_str().to_owned(), parts.uri.path().to_owned());
    app.control.count(app.now(), &method, &path, &agent);
    let version = parts.headers.get("stripe-version").cloned();
    let key = text(&parts.headers, "idempotency-key").filter(|_| method == "POST");
    let shown = key.clone();
    let mut response = match check_key(&parts.headers, &app.key) {
        Err(fault) => fault.into_response(),
        Ok(()) => {
            let query = parts.uri.query().unwrap_or("").to_owned();
            match read(query, &method, body).await {
                Err(fault) => fault.into_response(),
                Ok(form) => {
                    let call = Call {
                        method,
                        path,
                        form,
                        key,
                        account: text(&parts.headers, "stripe-account").filter(|id| !id.is_empty()),
                        request_id: request_id.clone(),
                    };
                    answer(&app, &cut, &call).await
                }
            }
        }
    };
    let headers = response.headers_mut();
    for (name, value) in [("request-id", Some(request_id)), ("idempotency-key", shown)] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            headers.insert(name, value);
        }
    }
    headers.insert(
        "stripe-version",
        version.unwrap_or(HeaderValue::from_static(crate::db::API_VERSION)),
    );
    response
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned)
}

async fn read(query: String, method: &str, body: Body) -> Outcome<String> {
    if method == "GET" {
        return Ok(query);
    }
    let bytes = to_bytes(body, MAX_BODY)
        .await
        .map_err(|_| Fault::invalid("The request's body is too large."))?;
    let form =
        String::from_utf8(bytes.to_vec()).map_err(|_| Fault::invalid("The request's body is not UTF-8."))?;
    Ok(if form.is_empty() { query } else { form })
}

/// Bearer, or Basic with the key as the user's name.
fn check_key(headers: &HeaderMap, key: &str) -> Outcome<()> {
    let given = text(headers, "authorization").unwrap_or_default();
    let shown = match given.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim().to_owned(),
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("basic") => {
            let bytes = BASE64_STANDARD.decode(token.trim()).unwrap_or_default();
            let pair = String::from_utf8(bytes).unwrap_or_default();
            pair.split(':').next().unwrap_or("").to_owned()
        }
        _ => String::new(),
    };
    if bool::from(shown.as_bytes().ct_eq(key.as_bytes())) {
        return Ok(());
    }
    let words = match shown.is_empty() {
        true => "You did not provide an API key.",
        false => "Invalid API Key provided.",
    };
    Err(Fault::new(401, "invalid_request_error", words))
}

/// Carries the call out, with the fault that a test planned for it.
async fn answer(app: &App, cut: &Cut, call: &Call) -> Response {
    let hit = app.control.fault_for(&call.method, &call.path);
    let effect = hit.map(|hit| hit.effect);
    let hold = hit.map_or(Duration::ZERO, |hit| hit.hold);
    match effect {
        Some(Effect::RateLimit) => {
            return Fault::new(429, "invalid_request_error", "Too many requests.")
                .code("rate_limit")
                .into_response();
        }
        Some(Effect::Conflict) => return key_in_use().into_response(),
        Some(Effect::Error500Before) => return broken().into_response(),
        Some(Effect::ResetBefore | Effect::TimeoutBefore) => {
            wall::pause(hold).await;
            cut.now();
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        Some(Effect::Slow) => wall::pause(hold).await,
        _ => {}
    }
    let response = match perform(app, call, effect == Some(Effect::Error500Stored)).await {
        Ok(response) => response,
        Err(fault) => fault.into_response(),
    };
    match effect {
        Some(Effect::TimeoutAfter) => wall::pause(hold).await,
        Some(Effect::ResetAfter) => cut.now(),
        Some(Effect::Error500After) => return broken().into_response(),
        _ => {}
    }
    response
}

fn broken() -> Fault {
    Fault::new(
        500,
        "api_error",
        "Something went wrong on the sandbox's side, as planned by a test.",
    )
}

fn key_in_use() -> Fault {
    let words = "There is currently another in-progress request using this Idempotency Key. \
        Try again when it has finished.";
    Fault::new(409, "idempotency_error", words).code("idempotency_key_in_use")
}

/// One call in one transaction: its effects, its events and the answer kept under its key, or nothing.
async fn perform(app: &App, call: &Call, store_500: bool) -> Outcome<Response> {
    let mut tx = Tx::begin(&app.pool, app.now(), call.request_id.clone(), call.key.clone()).await?;
    tx.enter(call.account.as_deref());
    let done = within(&mut tx, app, call, store_500).await;
    // Ended before the answer leaves, one way or the other: its key is free when the caller uses it again.
    match &done {
        Ok(Done::New(_)) => tx.commit().await?,
        Ok(Done::Replayed(_)) | Err(_) => tx.rollback().await?,
    }
    match done? {
        Done::New(response) | Done::Replayed(response) => Ok(response),
    }
}

/// What a transaction came to.
enum Done {
    /// Something to keep.
    New(Response),
    /// What was answered before.
    Replayed(Response),
}

async fn within(tx: &mut Tx, app: &App, call: &Call, store_500: bool) -> Outcome<Done> {
    let print = hex::encode(Sha256::digest(format!(
        "{}\n{}\n{}",
        call.method, call.path, call.form
    )));
    api::check_connected(tx).await?;
    if let Some(key) = &call.key {
        if key.len() > 255 {
            return Err(Fault::invalid("Idempotency keys have at most 255 characters."));
        }
        if !tx.hold_key(key).await? {
            return Err(key_in_use());
        }
        if let Some((known, status, body)) = tx.answer(key).await? {
            return replay(key, known == print, status, body).map(Done::Replayed);
        }
    }
    let path: Vec<&str> = call
        .path
        .trim_start_matches("/v1/")
        .trim_end_matches('/')
        .split('/')
        .collect();
    let mut params = Params::parse(&call.form);
    let outcome = api::call(tx, &app.base, &call.method, &path, &mut params).await;
    // The answer is kept where the call was made, wherever its work led.
    tx.enter(call.account.as_deref());
    let (status, body) = match outcome {
        Ok(_) if store_500 => (500, broken().envelope()),
        Ok(value) => (200, value),
        Err(fault) if fault.0.keep && store_500 => (500, broken().envelope()),
        Err(fault) if fault.0.keep => (fault.0.status, fault.envelope()),
        Err(fault) => return Err(fault),
    };
    let body = body.to_string();
    if let Some(key) = &call.key {
        tx.keep_answer(key, &print, status, &body);
    }
    Ok(Done::New(respond(status, body)))
}

fn replay(key: &str, same: bool, status: i32, body: String) -> Outcome<Response> {
    if !same {
        let words = format!(
            "Keys for idempotent requests can only be used with the same parameters they were first used \
            with. \
            Try using a key other than '{key}' if you meant to execute a different request."
        );
        return Err(Fault::new(400, "idempotency_error", words));
    }
    let mut response = respond(u16::try_from(status).unwrap_or(500), body);
    response
        .headers_mut()
        .insert("idempotent-replayed", HeaderValue::from_static("true"));
    Ok(response)
}

fn respond(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
