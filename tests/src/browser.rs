//! A browser without JavaScript: cookies, forms, no redirect followed unless asked.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION, ORIGIN};

use crate::form::{Form, forms, plain};

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    /// The address that was asked.
    pub url: String,
}

impl Reply {
    /// Itself, when the answer has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(
            self.status,
            status,
            "{} answered {}:\n{}",
            self.url,
            self.status,
            self.words()
        );
        self
    }

    /// Where a redirect leads: a path of ours, or an address elsewhere.
    #[track_caller]
    pub fn location(&self) -> String {
        let location = self.headers.get(LOCATION).and_then(|value| value.to_str().ok());
        location
            .unwrap_or_else(|| panic!("{} leads nowhere: {} {}", self.url, self.status, self.words()))
            .to_string()
    }

    /// The form that is sent to `action`, or to an address that begins with it.
    #[track_caller]
    pub fn form(&self, action: &str) -> Form {
        let all = forms(&self.text);
        let exact = all.iter().find(|form| form.action == action);
        let found = exact
            .or_else(|| all.iter().find(|form| form.action.starts_with(action)))
            .cloned();
        found.unwrap_or_else(|| {
            let actions: Vec<&str> = all.iter().map(|form| form.action.as_str()).collect();
            panic!(
                "{} ({}) has no form to {action}, only {actions:?}: {}",
                self.url,
                self.status,
                self.words()
            )
        })
    }

    /// Whether the page says it, wherever lines break.
    pub fn says(&self, words: &str) -> bool {
        self.words().contains(words)
    }

    /// What the page says, without tags, every gap one space.
    pub fn words(&self) -> String {
        let mut words = String::new();
        for (index, part) in self.text.split('<').enumerate() {
            let text = if index == 0 {
                part
            } else {
                part.split_once('>').map_or("", |(_, text)| text)
            };
            words.push_str(&plain(text));
            words.push(' ');
        }
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// One visitor's browser. It comes from an address of its own, so that limits do not count others.
pub struct Browser {
    http: reqwest::Client,
    base: String,
    address: String,
    csrf: Mutex<Option<String>>,
}

impl Browser {
    /// A browser for the site at `base`, with an empty cookie jar.
    pub fn new(base: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Self::at(
            base,
            &format!("10.{}.{}.{}", number >> 16 & 255, number >> 8 & 255, number & 255),
        )
    }

    /// A browser at a certain address, as a trusted proxy would say it.
    pub fn at(base: &str, address: &str) -> Self {
        let http = reqwest::Client::builder()
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(30))
            .no_proxy()
            .build()
            .expect("a client without a proxy can be built");
        Self {
            http,
            base: base.trim_end_matches('/').into(),
            address: address.into(),
            csrf: Mutex::new(None),
        }
    }

    fn url(&self, path: &str) -> String {
        if path.starts_with('/') {
            format!("{}{path}", self.base)
        } else {
            path.to_string()
        }
    }

    /// Asks for a page of ours, or for a whole address.
    pub async fn get(&self, path: &str) -> Reply {
        let request = self
            .http
            .get(self.url(path))
            .header("x-forwarded-for", &self.address);
        self.read(self.url(path), request).await
    }

    /// The bytes of a file of ours.
    pub async fn download(&self, path: &str) -> Vec<u8> {
        let url = self.url(path);
        let request = self.http.get(&url).header("x-forwarded-for", &self.address);
        let response = request
            .send()
            .await
            .unwrap_or_else(|cause| panic!("{url}: {cause:?}"));
        assert_eq!(response.status().as_u16(), 200, "{url}");
        let bytes = response.bytes().await;
        bytes.unwrap_or_else(|cause| panic!("{url}: {cause:?}")).to_vec()
    }

    /// Sends a form from one of our pages. The token comes from the last page that had one, else from the sign-in
    /// page, else from the account's.
    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let csrf = self.csrf().await;
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        self.post_raw(path, &all).await
    }

    /// Sends these bytes from a page of `origin`, as a browser would say it.
    pub async fn post_bytes(&self, path: &str, origin: &str, kind: &str, body: Vec<u8>) -> Reply {
        let url = self.url(path);
        let request = self
            .http
            .post(&url)
            .header("x-forwarded-for", &self.address)
            .header(ORIGIN, origin)
            .header(CONTENT_TYPE, kind);
        self.read(url, request.body(body)).await
    }

    /// Asks with a method of one's own.
    pub async fn ask(&self, method: &str, path: &str) -> Reply {
        let method = reqwest::Method::from_bytes(method.as_bytes())
            .unwrap_or_else(|cause| panic!("{method}: {cause}"));
        let url = self.url(path);
        let request = self
            .http
            .request(method, &url)
            .header("x-forwarded-for", &self.address);
        self.read(url, request).await
    }

    /// Sends exactly these fields.
    pub async fn post_raw(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let url = self.url(path);
        let origin = url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let request = self
            .http
            .post(&url)
            .header("x-forwarded-for", &self.address)
            .header(ORIGIN, origin);
        self.read(url, request.form(fields)).await
    }

    /// Fills in the form to `action` of a page and sends it.
    #[track_caller]
    pub fn submit(&self, page: &Reply, action: &str, fields: &[(&str, &str)]) -> impl Future<Output = Reply> {
        let mut form = page.form(action);
        fields.iter().for_each(|(name, value)| form.set(name, value));
        // A form of another site (the provider's) names its own paths.
        let host = page.url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let target = if form.action.starts_with('/') {
            format!("{host}{}", form.action)
        } else {
            form.action.clone()
        };
        async move {
            let fields: Vec<(&str, &str)> = form
                .fields
                .iter()
                .map(|(n, v)| (n.as_str(), v.as_str()))
                .collect();
            if form.is_post {
                return self.post_raw(&target, &fields).await;
            }
            let query = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&fields)
                .finish();
            self.get(&format!("{target}?{query}")).await
        }
    }

    /// Follows redirects until a page comes.
    pub async fn follow(&self, mut reply: Reply) -> Reply {
        for _ in 0..10 {
            if !(300..400).contains(&reply.status) {
                return reply;
            }
            let location = reply.location();
            let host = reply.url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
            let next = if location.starts_with('/') {
                format!("{host}{location}")
            } else {
                location
            };
            reply = self.get(&next).await;
        }
        panic!("{} leads round in circles", reply.url)
    }

    /// The token of this browser's forms, from the last page that had one.
    pub async fn csrf(&self) -> String {
        for path in ["", "/sign-in", "/my/account"] {
            if !path.is_empty() {
                self.get(path).await;
            }
            let held = self.csrf.lock().ok().and_then(|held| held.clone());
            if let Some(csrf) = held {
                return csrf;
            }
        }
        String::new()
    }

    async fn read(&self, url: String, request: reqwest::RequestBuilder) -> Reply {
        let response = request
            .send()
            .await
            .unwrap_or_else(|cause| panic!("{url}: {cause:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response
            .text()
            .await
            .unwrap_or_else(|cause| panic!("{url}: {cause:?}"));
        let token = forms(&text)
            .into_iter()
            .flat_map(|form| form.fields)
            .find(|(name, _)| name == "csrf");
        if let (Some((_, token)), Ok(mut held)) = (token, self.csrf.lock()) {
            *held = Some(token);
        }
        // The token belongs to the browser's sign-in: a new cookie makes it old.
        if headers.contains_key("set-cookie") && (300..400).contains(&status) {
            self.csrf.lock().map(|mut held| *held = None).ok();
        }
        Reply {
            status,
            headers,
            text,
            url,
        }
    }
}
