//! A sandbox of a test's own, on a clock the test moves, spoken to over real HTTP.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, routing::post};
use felag_postgres::testing::{Template, TestDatabase, database};
use felag_sandbox::{SECRET_KEY, Sandbox, Settings, start};
use serde_json::Value;
use time::OffsetDateTime;

/// Noon of 22 November 2026.
pub const START: i64 = 1_795_348_800;

pub struct World {
    pub sandbox: Sandbox,
    pub client: reqwest::Client,
    pub settings: Settings,
    clock: Arc<AtomicI64>,
    _database: TestDatabase,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    pub body: Value,
}

impl Answer {
    pub async fn of(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self {
            status,
            headers,
            text,
            body,
        }
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.body
    }

    /// The error of a refusal with that status.
    #[track_caller]
    pub fn refused(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.body["error"].clone()
    }

    /// Where a redirect leads.
    #[track_caller]
    pub fn onward(&self) -> String {
        assert_eq!(self.status, 303, "{}", self.text);
        self.headers["location"].to_str().unwrap().to_owned()
    }
}

impl World {
    pub async fn new() -> Self {
        let made = database(&Template::plain()).await.unwrap();
        let clock = Arc::new(AtomicI64::new(START));
        let hand = clock.clone();
        let settings = Settings {
            listen: "127.0.0.1:0".parse().unwrap(),
            database: made.options.clone(),
            secret_key: SECRET_KEY.into(),
            now: Arc::new(move || OffsetDateTime::from_unix_timestamp(hand.load(Ordering::SeqCst)).unwrap()),
            live_key_present: false,
        };
        let sandbox = start(settings.clone()).await.unwrap();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(20))
            .no_proxy()
            .build()
            .unwrap();
        Self {
            sandbox,
            client,
            settings,
            clock,
            _database: made,
        }
    }

    /// Moves the clock; nothing that becomes due is done yet.
    pub fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    pub fn now(&self) -> i64 {
        self.clock.load(Ordering::SeqCst)
    }

    /// Does what is due until nothing is.
    pub async fn settle(&self) {
        while self.sandbox.run_once().await.unwrap() {}
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.base_url())
    }

    pub async fn get(&self, path: &str) -> Answer {
        let request = self
            .client
            .get(self.url(&format!("v1/{path}")))
            .bearer_auth(SECRET_KEY);
        Answer::of(request.send().await.unwrap()).await
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self
            .client
            .post(self.url(&format!("v1/{path}")))
            .bearer_auth(SECRET_KEY);
        Answer::of(request.form(form).send().await.unwrap()).await
    }

    /// As [`World::post`], under a key.
    pub async fn post_once(&self, key: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self
            .client
            .post(self.url(&format!("v1/{path}")))
            .bearer_auth(SECRET_KEY);
        Answer::of(
            request
                .header("idempotency-key", key)
                .form(form)
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    /// As [`World::get`], on a connected account.
    pub async fn get_on(&self, account: &str, path: &str) -> Answer {
        let request = self
            .client
            .get(self.url(&format!("v1/{path}")))
            .bearer_auth(SECRET_KEY);
        Answer::of(request.header("stripe-account", account).send().await.unwrap()).await
    }

    /// As [`World::post`], on a connected account.
    pub async fn post_on(&self, account: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = self
            .client
            .post(self.url(&format!("v1/{path}")))
            .bearer_auth(SECRET_KEY);
        let request = request.header("stripe-account", account).form(form);
        Answer::of(request.send().await.unwrap()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        let request = self
            .client
            .delete(self.url(&format!("v1/{path}")))
            .bearer_auth(SECRET_KEY);
        Answer::of(request.send().await.unwrap()).await
    }

    /// A control call with a JSON body.
    pub async fn control(&self, path: &str, body: Value) -> Answer {
        let request = self.client.post(self.url(&format!("_ctl/{path}"))).json(&body);
        Answer::of(request.send().await.unwrap()).await
    }

    /// A page, as a browser asks for it.
    pub async fn page(&self, url: &str) -> Answer {
        Answer::of(self.client.get(url).send().await.unwrap()).await
    }

    pub async fn submit(&self, url: &str, form: &[(&str, &str)]) -> Answer {
        Answer::of(self.client.post(url).form(form).send().await.unwrap()).await
    }

    pub async fn state(&self) -> Value {
        self.page(&self.url("_ctl/state")).await.ok()
    }

    pub async fn customer(&self) -> String {
        id(&self
            .post("customers", &[("email", "ada@felag.example")])
            .await
            .ok())
    }

    /// A card attached to a customer without asking the bank.
    pub async fn attached(&self, customer: &str, token: &str) -> String {
        let path = format!("payment_methods/{token}/attach");
        id(&self.post(&path, &[("customer", customer)]).await.ok())
    }

    /// A payment intent over 30 euros, to be confirmed.
    pub async fn intent(&self, customer: &str, method: &str) -> String {
        let form = [
            ("amount", "3000"),
            ("currency", "eur"),
            ("customer", customer),
            ("payment_method", method),
        ];
        id(&self.post("payment_intents", &form).await.ok())
    }

    /// Confirms with the person away.
    pub async fn confirm(&self, intent: &str) -> Answer {
        self.post(
            &format!("payment_intents/{intent}/confirm"),
            &[("off_session", "true")],
        )
        .await
    }

    /// A connected account that takes transfers and pays out when told to; its check is over.
    pub async fn account(&self, bank: &str) -> String {
        let account = id(&self.post("accounts", &ACCOUNT).await.ok());
        let act = serde_json::json!({ "do": "finish", "bank": bank });
        self.control(&format!("accounts/{account}"), act).await.ok();
        account
    }

    /// A charge of that many cents whose money is available at once.
    pub async fn earn(&self, cents: &str) -> Value {
        let form = [
            ("amount", cents),
            ("currency", "eur"),
            ("payment_method", "pm_card_bypassPending"),
            ("confirm", "true"),
            ("expand[]", "latest_charge.balance_transaction"),
        ];
        self.post("payment_intents", &form).await.ok()["latest_charge"].clone()
    }

    /// Available and pending money of an account, or of the platform, in cents of euro.
    pub async fn euros(&self, account: Option<&str>) -> (i64, i64) {
        let balance = match account {
            Some(account) => self.get_on(account, "balance").await.ok(),
            None => self.get("balance").await.ok(),
        };
        let part = |name: &str| {
            let lines = balance[name].as_array().unwrap();
            let euro = lines.iter().find(|line| line["currency"] == "eur");
            euro.map_or(0, |line| line["amount"].as_i64().unwrap())
        };
        (part("available"), part("pending"))
    }

    /// The balance transactions of an account, or of the platform: type, amount, fee; oldest first.
    pub async fn rows(&self, account: Option<&str>) -> Vec<(String, i64, i64)> {
        let path = "balance_transactions?limit=100";
        let list = match account {
            Some(account) => self.get_on(account, path).await.ok(),
            None => self.get(path).await.ok(),
        };
        let rows = list["data"].as_array().unwrap().iter().rev();
        let read = |row: &Value| {
            let number = |name: &str| row[name].as_i64().unwrap();
            assert_eq!(number("net"), number("amount") - number("fee"));
            (
                row["type"].as_str().unwrap().to_owned(),
                number("amount"),
                number("fee"),
            )
        };
        rows.map(read).collect()
    }

    /// The types of all events so far, oldest first.
    pub async fn told(&self) -> Vec<String> {
        types_of(&self.get("events?limit=100").await.ok())
    }

    /// The types of all events of a connected account so far, oldest first.
    pub async fn told_on(&self, account: &str) -> Vec<String> {
        types_of(&self.get_on(account, "events?limit=100").await.ok())
    }
}

fn types_of(list: &Value) -> Vec<String> {
    let types = list["data"].as_array().unwrap().iter().rev();
    types
        .map(|event| event["type"].as_str().unwrap().to_owned())
        .collect()
}

/// What a platform that collects the money itself asks for.
pub const ACCOUNT: [(&str, &str); 7] = [
    ("controller[fees][payer]", "application"),
    ("controller[losses][payments]", "application"),
    ("controller[stripe_dashboard][type]", "express"),
    ("capabilities[transfers][requested]", "true"),
    ("country", "DE"),
    ("settings[payouts][schedule][interval]", "manual"),
    ("metadata[project]", "open-oven"),
];

#[track_caller]
pub fn id(object: &Value) -> String {
    object["id"].as_str().unwrap().to_owned()
}

/// A webhook receiver that answers with a status the test sets and remembers what came.
pub struct Ear {
    pub url: String,
    pub heard: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    pub status: Arc<AtomicI64>,
}

type Heard = (Arc<Mutex<Vec<(HeaderMap, String)>>>, Arc<AtomicI64>);

impl Ear {
    pub async fn open() -> Self {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let status = Arc::new(AtomicI64::new(200));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let app = Router::new()
            .route("/hook", post(hear))
            .with_state((heard.clone(), status.clone()));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, heard, status }
    }

    /// The types of what came, in order of arrival.
    pub fn types(&self) -> Vec<String> {
        let heard = self.heard.lock().unwrap();
        let read = |(_, body): &(HeaderMap, String)| {
            let event: Value = serde_json::from_str(body).unwrap();
            event["type"].as_str().unwrap().to_owned()
        };
        heard.iter().map(read).collect()
    }
}

async fn hear(
    State((heard, status)): State<Heard>,
    headers: HeaderMap,
    body: Bytes,
) -> axum::http::StatusCode {
    heard
        .lock()
        .unwrap()
        .push((headers, String::from_utf8(body.to_vec()).unwrap()));
    axum::http::StatusCode::from_u16(u16::try_from(status.load(Ordering::SeqCst)).unwrap()).unwrap()
}
