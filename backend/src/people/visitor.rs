//! Who is asking: read once from the cookies, proven by the type a handler takes.
//!
//! [`Visitor`] is anybody, [`Person`] has signed in, [`Steward`] may review, [`Posted`] is a form that really came
//! from one of our pages. A handler that needs one cannot forget to ask.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use felag_domain::ids::PersonId;
use felag_frontend::{Here, Lang, Page, SignedIn};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::store;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::web::client::Client;
use crate::web::fields::Fields;

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub email: String,
    pub name: String,
    pub email_is_confirmed: bool,
    pub is_steward: bool,
    pub has_projects: bool,
}

impl Person {
    /// The address, once it is proven to be theirs: only then do gifts made with it belong to this account.
    pub fn confirmed_email(&self) -> Option<&str> {
        self.email_is_confirmed.then_some(self.email.as_str())
    }
}

/// Whoever looks at a page.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub person: Option<Person>,
    /// The address limits are counted by.
    pub address: String,
    browser: Browser,
}

/// The secret of this browser that form tokens are made from: its sign-in, or a guest's cookie.
#[derive(Debug, Clone)]
struct Browser {
    secret: String,
    /// Set once a token was made from a secret that the browser does not hold yet.
    used: Arc<AtomicBool>,
}

impl Visitor {
    /// The frame of a page for this visitor.
    pub fn page(&self, ctx: &Ctx, title: impl Into<String>, here: Here) -> Page {
        Page {
            person: self.person.as_ref().map(|person| SignedIn {
                name: person.name.clone(),
                owns_projects: person.has_projects,
                steward: person.is_steward,
            }),
            csrf: self.csrf(),
            ..public_page(ctx, title, here)
        }
    }

    /// The token this visitor's forms carry.
    pub fn csrf(&self) -> String {
        self.browser.used.store(true, Ordering::Release);
        form_token(&self.browser.secret)
    }

    pub fn person(&self) -> Result<&Person, Error> {
        self.person.as_ref().ok_or(Error::SignedOut)
    }

    /// What the database knows this browser's sign-in by, if it has one.
    pub fn sign_in_hash(&self) -> Option<Vec<u8>> {
        self.person.as_ref().map(|_| token_hash(&self.browser.secret))
    }
}

/// A page's frame for nobody in particular: what the cache of public pages holds.
pub fn public_page(ctx: &Ctx, title: impl Into<String>, here: Here) -> Page {
    Page {
        sandbox: ctx.config.has_mailbox(),
        demo_loading: ctx.demo.is_loading(),
        here,
        ..Page::new(Lang::En, title, ctx.now())
    }
}

fn form_token(secret: &str) -> String {
    // A fixed label keeps this HMAC apart from any other use of the secret.
    Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .map(|mac| hex::encode(mac.chain_update(b"felag form").finalize().into_bytes()))
        .unwrap_or_default()
}

/// The cookie's name: with the `__Host-` prefix wherever browsers allow it, which is https only.
pub fn cookie_name(ctx: &Ctx, guest: bool) -> &'static str {
    match (ctx.config.is_https(), guest) {
        (true, false) => "__Host-felag",
        (true, true) => "__Host-felag-guest",
        (false, false) => "felag",
        (false, true) => "felag-guest",
    }
}

/// A `Set-Cookie` line. `seconds` 0 deletes the cookie.
pub fn set_cookie(ctx: &Ctx, guest: bool, value: &str, seconds: u32) -> HeaderValue {
    let secure = if ctx.config.is_https() { "; Secure" } else { "" };
    let name = cookie_name(ctx, guest);
    let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&line).unwrap_or(HeaderValue::from_static(""))
}

/// The value of a cookie of this name.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// What the database keeps of a sign-in's token.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

const GUEST_SECONDS: u32 = 30 * 24 * 3600;

/// Gives a guest's browser its secret, once a form was shown to it.
pub async fn remember_guest(State(ctx): State<Ctx>, mut request: Request, next: Next) -> Response {
    let used = Arc::new(AtomicBool::new(false));
    let held = cookie(request.headers(), cookie_name(&ctx, true)).filter(|value| is_token(value));
    let is_new = held.is_none();
    let secret = held.map_or_else(|| ctx.random.token(), ToString::to_string);
    request.extensions_mut().insert(Browser {
        secret: secret.clone(),
        used: used.clone(),
    });
    let mut response = next.run(request).await;
    if is_new && used.load(Ordering::Acquire) {
        response
            .headers_mut()
            .append(header::SET_COOKIE, set_cookie(&ctx, true, &secret, GUEST_SECONDS));
    }
    response
}

fn is_token(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl FromRequestParts<Ctx> for Visitor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Error> {
        let Client(address) = Client::from_request_parts(parts, ctx).await?;
        let token = cookie(&parts.headers, cookie_name(ctx, false)).filter(|value| is_token(value));
        let person = match token {
            Some(token) => store::signed_in(&ctx.db, &token_hash(token), ctx.now()).await?,
            None => None,
        };
        let browser = match (&person, token) {
            (Some(_), Some(token)) => Browser {
                secret: token.to_string(),
                used: Arc::new(AtomicBool::new(false)),
            },
            _ => parts.extensions.get::<Browser>().cloned().unwrap_or(Browser {
                secret: ctx.random.token(),
                used: Arc::new(AtomicBool::new(false)),
            }),
        };
        Ok(Self {
            person,
            address,
            browser,
        })
    }
}

impl FromRequestParts<Ctx> for Person {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Error> {
        let visitor = <Visitor as FromRequestParts<Ctx>>::from_request_parts(parts, ctx).await?;
        visitor.person.ok_or(Error::SignedOut)
    }
}

impl OptionalFromRequestParts<Ctx> for Person {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Option<Self>, Error> {
        Ok(<Visitor as FromRequestParts<Ctx>>::from_request_parts(parts, ctx)
            .await?
            .person)
    }
}

/// A visitor who is a steward. To everybody else the page does not exist… but they are told why.
#[derive(Debug, Clone)]
pub struct Steward {
    pub person: Person,
    pub visitor: Visitor,
}

impl FromRequestParts<Ctx> for Steward {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Error> {
        let visitor = <Visitor as FromRequestParts<Ctx>>::from_request_parts(parts, ctx).await?;
        let person = visitor.person.clone().ok_or(Error::SignedOut)?;
        if !person.is_steward {
            return Err(Error::Forbidden);
        }
        Ok(Self { person, visitor })
    }
}

/// A form that came from one of our pages: its token is right (CSRF, second half; the first is
/// `web::layers::same_origin`).
#[derive(Debug, Clone)]
pub struct Posted {
    pub visitor: Visitor,
    pub fields: Fields,
}

impl FromRequest<Ctx> for Posted {
    type Rejection = Error;

    async fn from_request(request: Request, ctx: &Ctx) -> Result<Self, Error> {
        let (mut parts, body) = request.into_parts();
        let visitor = <Visitor as FromRequestParts<Ctx>>::from_request_parts(&mut parts, ctx).await?;
        let body = Bytes::from_request(Request::from_parts(parts, body), ctx)
            .await
            .map_err(|_| Error::TooLarge)?;
        let fields = Fields::read(&body)?;
        visitor.check(fields.get("csrf"))?;
        Ok(Self { visitor, fields })
    }
}

impl Visitor {
    /// # Errors
    /// [`Error::Forbidden`] when the token is not the one this visitor's forms carry.
    pub fn check(&self, csrf: &str) -> Result<(), Error> {
        if bool::from(csrf.as_bytes().ct_eq(form_token(&self.browser.secret).as_bytes())) {
            return Ok(());
        }
        tracing::warn!("a form without the right token was refused");
        Err(Error::StaleForm)
    }
}
