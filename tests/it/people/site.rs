//! A site of a test's own, and browsers that look at it from several places.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use felag::config::Config;
use felag::ctx::Ctx;
use felag_postgres::testing::{Template, TestDatabase, database};
use sqlx::PgPool;
use time::macros::datetime;
use tower::ServiceExt;

pub const PASSWORD: &str = "three horses in a meadow";

/// Every page and form on a database of its own.
pub struct Site {
    pub ctx: Ctx,
    app: Router,
    /// As superuser, to look at what is written.
    pub db: PgPool,
    _database: TestDatabase,
}

impl Site {
    pub async fn start() -> Site {
        Site::with(|_| {}).await
    }

    /// With other settings than the usual ones.
    pub async fn with(set: impl FnOnce(&mut Config)) -> Site {
        let seed: String = felag::db::MIGRATOR
            .iter()
            .map(|step| hex::encode(&step.checksum))
            .collect();
        let template = Template::new(seed, |options| async move { felag::db::migrate(&options).await });
        let database = database(&template).await.unwrap();
        let mut config = Config::read(|_| None).unwrap();
        set(&mut config);
        let pages = felag::web::cache::PageCache::living(Duration::ZERO);
        let (options, clock) = (database.options.clone(), felag::clock::Clock::new());
        let nobody = "http://127.0.0.1:9/".to_string();
        let ctx = felag::start::context(config, options, clock, nobody, pages)
            .await
            .unwrap();
        ctx.clock.show(datetime!(2026-11-22 12:00 UTC));
        let db = PgPool::connect_with(database.options.clone()).await.unwrap();
        Site {
            app: felag::wiring::app(ctx.clone()),
            ctx,
            db,
            _database: database,
        }
    }

    /// A new browser, at an address of its own.
    pub fn browser(&self, address: u8) -> Browser<'_> {
        Browser {
            site: self,
            address: SocketAddr::from((Ipv4Addr::new(203, 0, 113, address), 1)),
            cookies: HashMap::new(),
        }
    }

    /// Does what is due.
    pub async fn work(&self) {
        while felag::jobs::run_once(&self.ctx, &felag::wiring::job_kinds())
            .await
            .unwrap()
        {}
    }

    pub fn later(&self, by: time::Duration) {
        self.ctx.clock.show(self.ctx.now() + by);
    }

    /// The kinds and texts of the mails to an address, the oldest first.
    pub async fn mails(&self, to: &str) -> Vec<(String, String)> {
        sqlx::query_as("select kind, text_body from message where recipient = $1 order by message_id")
            .bind(to)
            .fetch_all(&self.db)
            .await
            .unwrap()
    }

    /// The path of the link in the newest mail of a kind.
    pub async fn mailed_link(&self, to: &str, kind: &str) -> String {
        let mails = self.mails(to).await;
        let (_, text) = mails.iter().rev().find(|(found, _)| found == kind).unwrap();
        let start = text.find(&self.ctx.config.public_url).unwrap() + self.ctx.config.public_url.len();
        text[start..].split_whitespace().next().unwrap().to_string()
    }

    /// How many rows a query counts.
    pub async fn count(&self, query: &str) -> i64 {
        sqlx::query_scalar(sqlx::AssertSqlSafe(query.to_string()))
            .fetch_one(&self.db)
            .await
            .unwrap()
    }

    /// Somebody with an account, their address confirmed.
    pub async fn person(&self, email: &str) {
        let new = felag::people::NewPerson {
            name: "Marta".parse().unwrap(),
            email: email.parse().unwrap(),
            password: PASSWORD.to_string(),
        };
        let opened = felag::people::sign_up(&self.ctx, &new).await.unwrap().unwrap();
        felag::people::confirm_email(&self.ctx, &opened.confirm_token)
            .await
            .unwrap()
            .unwrap();
    }
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The `Set-Cookie` line of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let lines = self
            .headers
            .get_all(header::SET_COOKIE)
            .iter()
            .filter_map(|line| line.to_str().ok());
        lines
            .into_iter()
            .find(|line| line.starts_with(&format!("{name}=")))
    }

    /// The token of the page's forms.
    pub fn csrf(&self) -> &str {
        let start = self.body.find("name=\"csrf\" value=\"").expect("a form") + 19;
        &self.body[start..start + 64]
    }
}

/// A browser with its cookies.
#[derive(Clone)]
pub struct Browser<'s> {
    site: &'s Site,
    address: SocketAddr,
    pub cookies: HashMap<String, String>,
}

impl<'s> Browser<'s> {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Vec::new()).await
    }

    /// Opens `page`, fills its form and sends it to `path`.
    pub async fn fill(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.get(page).await.csrf().to_string();
        self.post(path, &csrf, fields).await
    }

    /// Sends a form as a browser would.
    pub async fn post(&mut self, path: &str, csrf: &str, fields: &[(&str, &str)]) -> Answer {
        let origin = self.site.ctx.config.public_url.clone();
        self.post_from(path, csrf, fields, &[("origin", &origin)]).await
    }

    /// Sends a form with these headers alone.
    pub async fn post_from(
        &mut self,
        path: &str,
        csrf: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut form = vec![("csrf", csrf)];
        form.extend(fields);
        self.send(Method::POST, path, headers, form).await
    }

    async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        form: Vec<(&str, &str)>,
    ) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let kind = "application/x-www-form-urlencoded";
        self.send_body(method, path, headers, kind, body.into_bytes())
            .await
    }

    /// Sends a form with a file, as a browser would.
    pub async fn upload(
        &mut self,
        path: &str,
        csrf: &str,
        fields: &[(&str, &str)],
        file: Option<(&str, &[u8])>,
    ) -> Answer {
        let mut body = Vec::new();
        let mut part = |head: &str, bytes: &[u8]| {
            body.extend_from_slice(b"--edge\r\ncontent-disposition: form-data; ");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(b"\r\n\r\n");
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        };
        part("name=\"csrf\"", csrf.as_bytes());
        for (name, value) in fields {
            part(&format!("name=\"{name}\""), value.as_bytes());
        }
        if let Some((name, bytes)) = file {
            part(&format!("name=\"file\"; filename=\"{name}\""), bytes);
        }
        body.extend_from_slice(b"--edge--\r\n");
        let origin = self.site.ctx.config.public_url.clone();
        let kind = "multipart/form-data; boundary=edge";
        self.send_body(Method::POST, path, &[("origin", &origin)], kind, body)
            .await
    }

    async fn send_body(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        kind: &str,
        body: Vec<u8>,
    ) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "127.0.0.1:8080")
            .header(header::CONTENT_TYPE, kind)
            .header(header::COOKIE, cookies.join("; "))
            .extension(ConnectInfo(self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self
            .site
            .app
            .clone()
            .oneshot(request.body(Body::from(body)).unwrap())
            .await
            .unwrap();
        let (parts, body) = response.into_parts();
        self.keep(&parts.headers);
        let body = to_bytes(body, 1 << 20).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    fn keep(&mut self, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, rest) = line.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if line.contains("Max-Age=0;") || line.ends_with("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_string(), value.to_string());
            }
        }
    }

    pub async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.fill(
            "/sign-in",
            "/sign-in",
            &[("email", email), ("password", password)],
        )
        .await
    }

    pub async fn sign_up(&mut self, email: &str) -> Answer {
        let fields = [("name", "Marta"), ("email", email), ("password", PASSWORD)];
        self.fill("/sign-up", "/sign-up", &fields).await
    }

    pub async fn is_signed_in(&mut self) -> bool {
        self.get("/my/account").await.status == StatusCode::OK
    }
}
