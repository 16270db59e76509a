//! The way to the payment provider: async-stripe builds a request, we send it. Our own transport, because a lost
//! answer must be told from a refusal, keys are ours, and every line of the log carries the request's id
//! (infra/docs/adr/0002-stripe-client.md).

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use stripe_client_core::{RequestBuilder, StripeMethod};

use crate::clock::pause;
use crate::config::Secret;

/// A request as it will be sent: what an operation keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Below the base, such as `v1/payment_intents`.
    pub path: String,
    /// The form, already encoded.
    pub body: String,
    /// The connected account in whose name it is made; `None` for the platform itself.
    pub account: Option<String>,
}

impl From<RequestBuilder> for Request {
    fn from(built: RequestBuilder) -> Self {
        Self {
            path: format!("v1{}", built.path),
            body: built.body.unwrap_or_default(),
            account: None,
        }
    }
}

/// The provider's answer, whatever it says.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub request_id: Option<String>,
    pub body: Value,
}

/// Nobody knows whether it happened: the request must be repeated with the same key, or looked up.
#[derive(Debug, thiserror::Error)]
#[error("the payment provider did not answer: {0}")]
pub struct NoAnswer(String);

/// Cheap to clone: one pool of connections.
#[derive(Clone)]
pub struct Provider {
    http: reqwest::Client,
    base_url: String,
    key: Secret,
}

/// Quick repeats of one call; the operation's own retries come on top.
const REPEATS: u32 = 2;

impl Provider {
    /// `base_url` ends in a slash.
    ///
    /// # Errors
    /// When the machine has no usable TLS set-up.
    pub fn new(base_url: impl Into<String>, key: Secret, timeout: Duration) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .timeout(timeout)
            .connect_timeout(Duration::from_secs(5))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("felag")
            .build()?;
        Ok(Self {
            http,
            base_url: base_url.into(),
            key,
        })
    }

    /// Sends a request that writes. The same key and the same bytes may be sent again for less than 23 hours.
    pub async fn post(&self, request: &Request, idempotency_key: &str) -> Result<Answer, NoAnswer> {
        self.repeat(|| {
            self.request(Method::POST, &request.path, request.account.as_deref())
                .header("idempotency-key", idempotency_key)
                .header("content-type", "application/x-www-form-urlencoded")
                .body(request.body.clone())
        })
        .await
    }

    /// Asks. `path` is below the base and may carry a query.
    pub async fn get(&self, path: &str) -> Result<Answer, NoAnswer> {
        self.get_of(path, None).await
    }

    /// Asks in the name of a connected account.
    pub async fn get_of(&self, path: &str, account: Option<&str>) -> Result<Answer, NoAnswer> {
        self.repeat(|| self.request(Method::GET, path, account)).await
    }

    fn request(&self, method: Method, path: &str, account: Option<&str>) -> reqwest::RequestBuilder {
        let request = self
            .http
            .request(method, format!("{}{path}", self.base_url))
            .bearer_auth(self.key.reveal())
            .header("stripe-version", stripe_client_core::VERSION.as_str());
        match account {
            Some(account) => request.header("stripe-account", account),
            None => request,
        }
    }

    /// Asks with what async-stripe built.
    pub async fn ask(&self, built: RequestBuilder) -> Result<Answer, NoAnswer> {
        debug_assert!(matches!(built.method, StripeMethod::Get));
        let query = built.query.map(|query| format!("?{query}")).unwrap_or_default();
        self.get(&format!("v1{}{query}", built.path)).await
    }

    async fn repeat(&self, request: impl Fn() -> reqwest::RequestBuilder) -> Result<Answer, NoAnswer> {
        let mut tried = 0;
        loop {
            let outcome = send(request()).await;
            let again = match &outcome {
                Ok(answer) => matches!(answer.status, 409 | 429),
                Err(_) => true,
            };
            if !again || tried == REPEATS {
                return outcome;
            }
            tried += 1;
            pause(Duration::from_millis(100 << tried)).await;
        }
    }
}

async fn send(request: reqwest::RequestBuilder) -> Result<Answer, NoAnswer> {
    // `without_url`: an address may hold an id that lets somebody act.
    let failed = |error: reqwest::Error| NoAnswer(error.without_url().to_string());
    let response = request.send().await.map_err(failed)?;
    let status = response.status().as_u16();
    let request_id = response
        .headers()
        .get("request-id")
        .and_then(|value| value.to_str().ok())
        .map(ToString::to_string);
    let bytes = response.bytes().await.map_err(failed)?;
    let body = match serde_json::from_slice(&bytes) {
        Ok(body) => body,
        // A page of some proxy: it says nothing about what the provider did.
        Err(_) => return Err(NoAnswer(format!("status {status} without a readable answer"))),
    };
    tracing::debug!(request_id, status, "the payment provider answered");
    Ok(Answer {
        status,
        request_id,
        body,
    })
}

impl NoAnswer {
    /// For an answer that says nothing certain.
    pub fn status(status: u16) -> Self {
        Self(format!("it answered with {status}"))
    }
}

impl Provider {
    /// Scheme, host and port, without a slash at the end.
    pub fn origin(&self) -> String {
        url::Url::parse(&self.base_url).map_or_else(
            |_| self.base_url.clone(),
            |url| url.origin().ascii_serialization(),
        )
    }
}
