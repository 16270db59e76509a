//! What surrounds every request: security headers, limits of size and time, the check of where a form comes
//! from, a page instead of a panic.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use tracing::Instrument;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::visitor::{cookie, cookie_name};
use crate::web::cache::HEADERS;

/// The longest form: a story of 20,000 characters, percent-encoded.
const FORM_MAX: usize = 256 * 1024;
const REQUEST_SECONDS: u64 = 30;

/// Scripts and styles only from our own files; no frames, no plug-ins. A form may lead on to the provider's
/// hosted page, because some browsers apply `form-action` to redirects.
fn content_security_policy(ctx: &Ctx) -> HeaderValue {
    let checkout = match &ctx.config.provider {
        crate::config::ProviderSetting::Sandbox => ctx.provider.origin(),
        crate::config::ProviderSetting::Live { .. } => {
            "https://checkout.stripe.com https://hooks.stripe.com https://connect.stripe.com".into()
        }
    };
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
         connect-src 'self'; form-action 'self' {checkout}; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Puts the layers round the whole application.
pub fn around(routes: Router<Ctx>, ctx: Ctx) -> Router {
    let guarding = guarding(&ctx);
    let mut of_cached = guarding.clone();
    of_cached.extend(HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value))));
    routes
        .layer(from_fn_with_state(
            ctx.clone(),
            crate::people::visitor::remember_guest,
        ))
        .layer(from_fn_with_state(ctx.clone(), same_origin))
        .layer(from_fn_with_state(ctx.clone(), while_the_demo_loads))
        .layer(axum::extract::DefaultBodyLimit::max(FORM_MAX))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_secs(REQUEST_SECONDS),
        ))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            Error::Internal(anyhow::anyhow!("a handler panicked")).into_response()
        }))
        .layer(from_fn_with_state(Arc::new(guarding.clone()), headers))
        .layer(from_fn(sign_in_first))
        .layer(from_fn_with_state(ctx.clone(), number))
        .layer(from_fn_with_state((ctx.clone(), Arc::new(of_cached)), from_cache))
        .with_state(ctx)
}

/// CSRF, first half: a request that changes something must come from our own pages. (The second half is the token
/// in each form, see `people::visitor`.) Webhooks are signed; one-click unsubscribing carries a token of its own.
async fn same_origin(State(ctx): State<Ctx>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let is_exempt = path.starts_with("/webhooks/") || path.starts_with("/unsubscribe/");
    if is_safe || is_exempt || is_from_us(&ctx, &request) {
        return next.run(request).await;
    }
    tracing::warn!("a form from another origin was refused");
    Error::Forbidden.into_response()
}

fn is_from_us(ctx: &Ctx, request: &Request) -> bool {
    let text = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    match (
        text(header::ORIGIN),
        text(HeaderName::from_static("sec-fetch-site")),
    ) {
        (Some(origin), _) => origin == ctx.config.public_url,
        (None, Some(site)) => matches!(site, "same-origin" | "none"),
        // Neither header: no browser of the last years. The token still has to be right.
        (None, None) => true,
    }
}

/// While demo data is being played, forms answer 503 and change nothing.
async fn while_the_demo_loads(State(ctx): State<Ctx>, request: Request, next: Next) -> Response {
    let is_form = *request.method() == Method::POST && !request.uri().path().starts_with("/webhooks/");
    if is_form && ctx.demo.is_loading() {
        return Error::DemoLoading.into_response();
    }
    next.run(request).await
}

/// The headers that keep browsers from doing harm, the same on every answer.
fn guarding(ctx: &Ctx) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut put =
        |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::REFERRER_POLICY, "same-origin");
    put(header::X_FRAME_OPTIONS, "DENY");
    put(
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    );
    put(
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=()",
    );
    if ctx.config.is_https() {
        put(
            header::STRICT_TRANSPORT_SECURITY,
            "max-age=63072000; includeSubDomains",
        );
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, content_security_policy(ctx));
    headers
}

async fn headers(State(guarding): State<Arc<HeaderMap>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in guarding.iter() {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    response
}

/// A public page that is there already is answered before anything else is done: for somebody who is not signed in,
/// nothing on its further way would change it.
async fn from_cache(
    State((ctx, headers)): State<(Ctx, Arc<HeaderMap>)>,
    request: Request,
    next: Next,
) -> Response {
    let is_plain = *request.method() == Method::GET && request.uri().query().is_none();
    if is_plain
        && cookie(request.headers(), cookie_name(&ctx, false)).is_none()
        && let Some(page) = ctx.pages.ready(request.uri().path()).await
    {
        let mut response = Response::new(Body::from(page));
        *response.headers_mut() = HeaderMap::clone(&headers);
        return response;
    }
    next.run(request).await
}

tokio::task_local! {
    static REQUEST: String;
}

/// The number of the request being answered, which its lines in the log carry; empty outside of one.
pub fn request_id() -> String {
    REQUEST.try_with(Clone::clone).unwrap_or_default()
}

/// Gives each request a number, for the log and for the error page.
async fn number(State(ctx): State<Ctx>, request: Request, next: Next) -> Response {
    let id = hex::encode(ctx.random.bytes::<6>());
    let span = tracing::info_span!(
        "request", id, method = %request.method(), path = without_secrets(request.uri().path())
    );
    REQUEST
        .scope(id, async move {
            let response = next.run(request).await;
            tracing::debug!(status = response.status().as_u16(), "answered");
            response
        })
        .instrument(span)
        .await
}

/// A path for the log: links that let their holder act are cut out of it.
fn without_secrets(path: &str) -> String {
    let shown = path
        .split('/')
        .map(|part| if part.len() >= 32 { "…" } else { part });
    shown.collect::<Vec<_>>().join("/")
}

/// Somebody who must sign in first is led there, and back.
async fn sign_in_first(request: Request, next: Next) -> Response {
    let wanted = (*request.method() == Method::GET).then(|| request.uri().path().to_string());
    let response = next.run(request).await;
    if response.status() != StatusCode::UNAUTHORIZED {
        return response;
    }
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("next", wanted.as_deref().unwrap_or("/"))
        .finish();
    crate::web::see_other(&format!("/sign-in?{query}"))
}

#[cfg(test)]
mod tests {
    use super::without_secrets;

    #[test]
    fn links_that_let_somebody_act_never_reach_the_log() {
        let token = "0123456789abcdef0123456789abcdef";
        assert_eq!(
            without_secrets(&format!("/pledges/{token}/cancel")),
            "/pledges/…/cancel"
        );
        assert_eq!(
            without_secrets("/campaigns/open-oven/books"),
            "/campaigns/open-oven/books"
        );
    }
}
