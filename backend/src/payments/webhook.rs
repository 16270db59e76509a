//! Where the provider tells us what happened: checked on the raw body, stored once, answered at once.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use time::OffsetDateTime;

use super::events;
use super::objects::Event;
use crate::crash::CrashPoint;
use crate::ctx::Ctx;
use crate::planted::{self, Plant};

/// How old, or how far ahead, a signature may be (https://docs.stripe.com/webhooks, "Preventing replay attacks").
const TOLERANCE_SECONDS: i64 = 300;
/// More than any event is long.
const BODY_MAX: usize = 256 * 1024;

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/webhooks/provider", post(receive))
        .layer(axum::extract::DefaultBodyLimit::max(BODY_MAX))
}

async fn receive(State(ctx): State<Ctx>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers
        .get("stripe-signature")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let secrets = match super::webhook_secrets(&ctx).await {
        Ok(secrets) if secrets.is_empty() => return StatusCode::SERVICE_UNAVAILABLE,
        Ok(secrets) => secrets,
        Err(cause) => {
            tracing::error!("the webhook's secrets cannot be read: {cause:#}");
            return StatusCode::SERVICE_UNAVAILABLE;
        }
    };
    let now = crate::clock::wall();
    if !secrets
        .iter()
        .any(|secret| is_genuine(signature, &body, secret.reveal(), now))
    {
        tracing::warn!("a webhook with a wrong signature was refused");
        return StatusCode::BAD_REQUEST;
    }
    let Ok(event) = serde_json::from_slice::<Event>(&body) else {
        tracing::warn!("a webhook with an unreadable body was refused");
        return StatusCode::BAD_REQUEST;
    };
    if event.livemode == ctx.config.has_sandbox() {
        tracing::warn!("a webhook of the other mode was refused");
        return StatusCode::BAD_REQUEST;
    }
    if planted::is(Plant::AnswerBeforeCommit) {
        tokio::spawn(async move {
            ctx.crash_point(CrashPoint::EventStored);
            events::store(&ctx, event, &body).await
        });
        return StatusCode::OK;
    }
    match events::store(&ctx, event, &body).await {
        Ok(()) => {
            ctx.crash_point(CrashPoint::EventStored);
            ctx.wake_workers();
            StatusCode::OK
        }
        Err(cause) => {
            // Not 200: the provider delivers it again.
            tracing::error!("an event could not be stored: {cause:#}");
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

/// Whether one of the header's `v1` signatures is the HMAC-SHA256 of `t.body`, and `t` is near `now` (wall time).
pub fn is_genuine(header: &str, body: &[u8], secret: &str, now: OffsetDateTime) -> bool {
    let mut at = None;
    let mut signatures = Vec::new();
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", value)) => at = value.parse::<i64>().ok(),
            Some(("v1", value)) => signatures.push(value),
            _ => {}
        }
    }
    let Some(at) = at.filter(|at| now.unix_timestamp().abs_diff(*at) <= TOLERANCE_SECONDS as u64) else {
        return false;
    };
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return false;
    };
    mac.update(at.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    let expected = hex::encode(mac.finalize().into_bytes());
    signatures
        .iter()
        .any(|given| bool::from(given.as_bytes().ct_eq(expected.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"id":"evt_1"}"#;

    fn sign(at: i64, body: &[u8], secret: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("{at}.").as_bytes());
        mac.update(body);
        hex::encode(mac.finalize().into_bytes())
    }

    fn genuine(header: &str, body: &[u8]) -> bool {
        is_genuine(
            header,
            body,
            "whsec",
            OffsetDateTime::from_unix_timestamp(1_000_000).unwrap(),
        )
    }

    #[test]
    fn a_good_signature_is_accepted_beside_another_one() {
        let good = sign(1_000_000, BODY, "whsec");
        assert!(genuine(&format!("t=1000000,v1={good}"), BODY));
        assert!(genuine(&format!("t=1000000,v1=00,v1={good}"), BODY));
    }

    #[test]
    fn a_signature_of_another_body_secret_or_hour_is_refused() {
        let good = sign(1_000_000, BODY, "whsec");
        assert!(!genuine(&format!("t=1000000,v1={good}"), br#"{"id":"evt_2"}"#));
        assert!(!genuine(
            &format!("t=1000000,v1={}", sign(1_000_000, BODY, "other")),
            BODY
        ));
        for at in [1_000_000 - 301, 1_000_000 + 301, i64::MIN, i64::MAX] {
            assert!(
                !genuine(&format!("t={at},v1={}", sign(at, BODY, "whsec")), BODY),
                "{at}"
            );
        }
        for header in ["", "t=1000000", &format!("v1={good}"), "t=,v1=", "nonsense"] {
            assert!(!genuine(header, BODY), "{header}");
        }
    }
}
