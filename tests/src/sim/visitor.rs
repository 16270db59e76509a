//! A person's browser in the simulation: like [`crate::Browser`], but an answer may never come, and then nobody knows
//! what happened.

use std::sync::Mutex;
use std::time::Duration;

use reqwest::header::{LOCATION, ORIGIN};

use crate::Reply;
use crate::form::forms;

/// A visitor with cookies and an address of their own.
pub struct Visitor {
    http: reqwest::Client,
    base: String,
    address: String,
    csrf: Mutex<Option<String>>,
}

impl Visitor {
    /// # Errors
    /// When no client can be built on this machine.
    pub fn new(base: &str, address: String) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(60))
            .no_proxy()
            .build()?;
        Ok(Self {
            http,
            base: base.trim_end_matches('/').into(),
            address,
            csrf: Mutex::new(None),
        })
    }

    fn url(&self, path: &str) -> String {
        match path.starts_with('/') {
            true => format!("{}{path}", self.base),
            false => path.to_string(),
        }
    }

    /// Looks at a page. `None` when no answer came.
    pub async fn get(&self, path: &str) -> Option<Reply> {
        let url = self.url(path);
        let request = self.http.get(&url).header("x-forwarded-for", &self.address);
        self.read(url, request).await
    }

    /// Sends a form of ours. `None` when no answer came.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Option<Reply> {
        let token = self.token().await?;
        let mut all = vec![("csrf", token.as_str())];
        all.extend(fields);
        self.send(path, &all).await
    }

    /// The token that our forms carry; every page of ours has a form with it.
    async fn token(&self) -> Option<String> {
        let held = || self.csrf.lock().ok().and_then(|held| held.clone());
        if held().is_none() {
            self.get("/sign-in").await?;
        }
        Some(held().unwrap_or_default())
    }

    /// Sends exactly these fields.
    pub async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Option<Reply> {
        let url = self.url(path);
        let origin = url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let request = self
            .http
            .post(&url)
            .header("x-forwarded-for", &self.address)
            .header(ORIGIN, origin)
            .form(fields);
        self.read(url, request).await
    }

    /// Fills in the form to `action` of a page of the provider and sends it.
    pub async fn submit(&self, page: &Reply, action: &str, fields: &[(&str, &str)]) -> Option<Reply> {
        let mut form = forms(&page.text)
            .into_iter()
            .find(|form| form.action.starts_with(action))?;
        fields.iter().for_each(|(name, value)| form.set(name, value));
        let host = page.url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let fields: Vec<(&str, &str)> = form
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        self.send(&format!("{host}{}", form.action), &fields).await
    }

    async fn read(&self, url: String, request: reqwest::RequestBuilder) -> Option<Reply> {
        let response = request.send().await.ok()?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.ok()?;
        let token = forms(&text)
            .into_iter()
            .flat_map(|form| form.fields)
            .find(|(name, _)| name == "csrf");
        if let (Some((_, token)), Ok(mut held)) = (token, self.csrf.lock())
            && url.starts_with(&self.base)
        {
            *held = Some(token);
        }
        Some(Reply {
            status,
            headers,
            text,
            url,
        })
    }

    /// Where an answer leads, as a whole address.
    pub fn onward(&self, reply: &Reply) -> Option<String> {
        if !(300..400).contains(&reply.status) {
            return None;
        }
        let location = reply.headers.get(LOCATION)?.to_str().ok()?;
        let host = reply.url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        Some(match location.starts_with('/') {
            true => format!("{host}{location}"),
            false => location.to_string(),
        })
    }

    /// Whether an address is one of ours, not the provider's.
    pub fn is_ours(&self, url: &str) -> bool {
        url.starts_with(&self.base)
    }

    /// Signs in through the page.
    ///
    /// # Errors
    /// When the page does not let them in.
    pub async fn sign_in(&self, email: &str, password: &str) -> anyhow::Result<()> {
        let reply = self
            .post("/sign-in", &[("email", email), ("password", password)])
            .await;
        anyhow::ensure!(
            reply.is_some_and(|reply| reply.status == 303),
            "{email} cannot sign in"
        );
        // The token belongs to the cookie, and that is new.
        if let Ok(mut held) = self.csrf.lock() {
            *held = None;
        }
        self.get("/my/account").await;
        Ok(())
    }
}
