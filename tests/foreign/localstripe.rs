//! The platform's own client against localstripe, a small Stripe written by others. It knows less than Stripe: each
//! step it cannot take is left out by name and printed (`cargo test -- --nocapture` shows them).

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::routing::post;
use felag::config::Secret;
use felag::payments::Subject;
use felag::payments::events::intent_path;
use felag::payments::objects::{self, Intent, Trouble};
use felag::payments::provider::{Answer, Provider, Request};
use felag::payments::requests::{self, Tag};
use felag::payments::webhook::is_genuine;
use felag_domain::ids::{CampaignId, PledgeId};
use felag_domain::money::{Currency, Money};
use felag_tests::python::script;
use serde_json::Value;
use tokio::sync::mpsc;
use uuid::Uuid;

/// A localstripe of this test's own; it ends with this value.
struct Peer {
    process: Child,
    url: String,
    client: Provider,
}

impl Peer {
    fn start() -> Self {
        let mut process = script("foreign/localstripe_server.py")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut url)
            .unwrap();
        let url = url.trim().to_string();
        assert!(
            url.starts_with("http://127.0.0.1:"),
            "localstripe does not start: {url:?}"
        );
        let client = Provider::new(
            url.clone(),
            Secret::new("sk_test_localstripe"),
            Duration::from_secs(10),
        )
        .unwrap();
        Self { process, url, client }
    }

    /// Sends a request and takes nothing but success.
    async fn done(&self, request: &Request) -> Value {
        let answer = self.answer(request).await;
        assert_eq!(
            answer.status, 200,
            "{} {}: {}",
            request.path, request.body, answer.body
        );
        answer.body
    }

    async fn answer(&self, request: &Request) -> Answer {
        self.client
            .post(request, &Uuid::from_u128(7).to_string())
            .await
            .unwrap()
    }

    /// A customer with a card on file: what a hosted checkout makes at Stripe.
    async fn card(&self, number: &str) -> (String, String) {
        let customer = self
            .done(&by_hand("v1/customers", &[("email", "ada@felag.example")]))
            .await;
        let card = [
            ("type", "card"),
            ("card[number]", number),
            ("card[exp_month]", "12"),
            ("card[exp_year]", "2034"),
            ("card[cvc]", "123"),
        ];
        let method = self.done(&by_hand("v1/payment_methods", &card)).await;
        let (customer, method) = (text(&customer, "id"), text(&method, "id"));
        let attach = by_hand(
            &format!("v1/payment_methods/{method}/attach"),
            &[("customer", &customer)],
        );
        self.done(&attach).await;
        (customer, method)
    }

    /// An unconfirmed payment, as the platform asks for it.
    async fn intent(&self, customer: &str, method: &str) -> String {
        let request = requests::create_intent(tag(), thirty_euro(), customer, method);
        let known = without(
            &request,
            &[
                "allowed_payment_method_types[0]",
                "allowed_payment_method_types[]",
            ],
        );
        let made = self.done(&known).await;
        assert_eq!(text(&made, "status"), "requires_confirmation");
        assert_eq!(
            objects::subject(&made),
            Some(tag().of),
            "the way home is in the metadata"
        );
        let operation = tag().operation.to_string();
        assert_eq!(
            objects::metadata(&made, "felag_operation"),
            Some(operation.as_str())
        );
        text(&made, "id")
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        self.process.wait().ok();
    }
}

fn tag() -> Tag {
    Tag {
        operation: Uuid::from_u128(1),
        of: Subject::pledge(
            CampaignId::from_uuid(Uuid::from_u128(2)),
            PledgeId::from_uuid(Uuid::from_u128(3)),
        ),
    }
}

fn thirty_euro() -> Money {
    Money::from_minor(3_000, "EUR".parse::<Currency>().unwrap())
}

fn by_hand(path: &str, fields: &[(&str, &str)]) -> Request {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    Request {
        path: path.into(),
        body,
        account: None,
    }
}

/// The same request without fields that localstripe refuses.
fn without(request: &Request, unknown: &[&str]) -> Request {
    let fields: Vec<(String, String)> = form_urlencoded::parse(request.body.as_bytes())
        .into_owned()
        .filter(|(name, _)| !unknown.contains(&&**name))
        .collect();
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    Request {
        path: request.path.clone(),
        body,
        account: None,
    }
}

fn text(object: &Value, name: &str) -> String {
    object
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("no {name} in {object}"))
        .to_string()
}

fn left_out(step: &str) {
    println!("left out, because localstripe does not know it: {step}");
}

#[tokio::test(flavor = "multi_thread")]
async fn our_client_charges_and_refunds_a_saved_card() {
    let peer = Peer::start();
    let (customer, method) = peer.card("4242424242424242").await;
    left_out("create_intent: allowed_payment_method_types");
    let intent = peer.intent(&customer, &method).await;
    left_out("confirm_intent: payment_method, off_session (the card named when it was made is charged)");
    let confirm = requests::confirm_intent(&intent, &method);
    let paid = peer
        .done(&without(&confirm, &["payment_method", "off_session"]))
        .await;
    let read = Intent::read(&paid).unwrap();
    assert_eq!(
        (read.status.as_str(), read.amount, read.currency.as_str()),
        ("succeeded", 3_000, "eur")
    );
    let charge = read
        .charge()
        .unwrap_or_else(|| panic!("no charge with its cost in {paid}"));
    assert_eq!(charge.gross, thirty_euro());
    let asked = peer.client.get(&intent_path(&intent)).await.unwrap();
    assert_eq!(asked.status, 200, "{}", asked.body);
    assert_eq!(
        Intent::read(&asked.body).unwrap().charge(),
        Some(charge),
        "asked for afresh, it is the same"
    );
    let refund = peer
        .done(&requests::create_refund(tag(), &intent, thirty_euro()))
        .await;
    assert_eq!(
        (text(&refund, "status").as_str(), refund["amount"].as_i64()),
        ("succeeded", Some(3_000))
    );
    let detached = peer.done(&requests::detach_method(&method)).await;
    assert!(detached["customer"].is_null(), "{detached}");
}

#[tokio::test(flavor = "multi_thread")]
async fn our_client_cancels_a_payment_and_hears_of_a_decline() {
    let peer = Peer::start();
    let (customer, method) = peer.card("4000000000000341").await;
    let intent = peer.intent(&customer, &method).await;
    let cancelled = peer.done(&requests::cancel_intent(&intent)).await;
    assert_eq!(text(&cancelled, "status"), "canceled");
    let intent = peer.intent(&customer, &method).await;
    let confirm = without(
        &requests::confirm_intent(&intent, &method),
        &["payment_method", "off_session"],
    );
    let declined = peer.answer(&confirm).await;
    assert_eq!(declined.status, 402, "{}", declined.body);
    assert_eq!(Trouble::of(&declined.body).code.as_deref(), Some("card_declined"));
    left_out("the kind card_error and the decline_code of a refusal");
    for (step, request) in [
        (
            "create_checkout, expire_checkout",
            requests::expire_checkout("cs_1"),
        ),
        (
            "confirm_intent_present: return_url",
            requests::confirm_intent_present(&intent, &method, "http://127.0.0.1/"),
        ),
    ] {
        let refused = peer.client.post(&request, "felag:unknown").await;
        assert!(
            !refused.is_ok_and(|answer| answer.status == 200),
            "{step} is known by now: test it"
        );
        left_out(step);
    }
    let unknown = peer.client.get(&intent_path("pi_nobody")).await.unwrap();
    assert_eq!(
        unknown.status, 404,
        "what it does not know is a 404, which parks an event"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn our_check_of_signatures_takes_the_webhooks_of_others() {
    let peer = Peer::start();
    let (heard, mut hooks) = mpsc::unbounded_channel();
    let hear = move |headers: HeaderMap, body: Bytes| {
        let signature = headers
            .get("stripe-signature")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        heard.send((signature.to_string(), body)).ok();
        async {}
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let server =
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/", post(hear))).await });
    let told = by_hand(
        "_config/webhooks/felag",
        &[("url", &url), ("secret", "whsec_test")],
    );
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let body = (told.body, "application/x-www-form-urlencoded");
    let sent = http
        .post(format!("{}{}", peer.url, told.path))
        .header("content-type", body.1)
        .body(body.0);
    assert!(
        sent.bearer_auth("sk_test_localstripe")
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
    );
    peer.card("4242424242424242").await;
    let hook = tokio::time::timeout(Duration::from_secs(20), hooks.recv()).await;
    let (signature, body) = hook.unwrap_or_else(|_| panic!("no webhook within 20 s")).unwrap();
    let now = felag::clock::wall();
    assert!(is_genuine(&signature, &body, "whsec_test", now), "{signature}");
    assert!(!is_genuine(&signature, &body, "whsec_other", now));
    assert!(!is_genuine(
        &signature,
        &body,
        "whsec_test",
        now + time::Duration::minutes(6)
    ));
    let event: objects::Event = serde_json::from_slice(&body).unwrap();
    assert_eq!(event.kind, "customer.created");
    server.abort();
}
