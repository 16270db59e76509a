//! Rendered public pages, for visitors who are not signed in.
//!
//! A page lives for a second unless the settings say otherwise, so that every process shows a new pledge within a
//! second without a message between them; many requests for a page that is not there render it once. What people typed
//! in Markdown is made into HTML once, for everybody.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};

use felag_frontend::{SafeHtml, markdown};
use sha2::{Digest, Sha256};

use crate::error::Error;

/// Cheap to clone.
#[derive(Clone)]
pub struct PageCache {
    /// None when pages have no life: then each request renders its own.
    pages: Option<moka::future::Cache<String, Bytes>>,
    /// The HTML of texts in Markdown by the SHA-256 of what was typed: it never changes, and cleaning it takes longer
    /// than the rest of a page.
    texts: moka::future::Cache<[u8; 32], SafeHtml>,
}

/// What a public page says of itself.
pub const HEADERS: [(HeaderName, &str); 3] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (header::CACHE_CONTROL, "public, max-age=1"),
    (header::VARY, "cookie"),
];

/// What either cache may hold, in bytes.
const WEIGHT_MAX: u64 = 8 * 1024 * 1024;

impl Default for PageCache {
    fn default() -> Self {
        Self::living(Duration::from_secs(1))
    }
}

impl PageCache {
    /// Pages that live so long. Tests set zero.
    pub fn living(life: Duration) -> Self {
        let pages = moka::future::Cache::builder()
            .max_capacity(WEIGHT_MAX)
            .weigher(|path: &String, page: &Bytes| u32::try_from(path.len() + page.len()).unwrap_or(u32::MAX))
            .time_to_live(life);
        let texts = moka::future::Cache::builder()
            .max_capacity(WEIGHT_MAX)
            .weigher(|_, text: &SafeHtml| u32::try_from(text.as_str().len()).unwrap_or(u32::MAX));
        Self {
            pages: (!life.is_zero()).then(|| pages.build()),
            texts: texts.build(),
        }
    }

    /// The HTML of a text in Markdown.
    pub async fn markdown(&self, typed: &str) -> SafeHtml {
        if typed.is_empty() {
            return SafeHtml::default();
        }
        let key: [u8; 32] = Sha256::digest(typed.as_bytes()).into();
        self.texts.get_with(key, async { markdown::render(typed) }).await
    }

    /// The page at `path`, rendered by `make` when it is not there.
    pub async fn page(
        &self,
        path: &str,
        make: impl Future<Output = Result<String, Error>>,
    ) -> Result<Response, Error> {
        let make = async { make.await.map(Bytes::from) };
        let html = match &self.pages {
            None => make.await?,
            Some(pages) => match pages.get(path).await {
                Some(html) => html,
                None => pages
                    .try_get_with(path.to_string(), make)
                    .await
                    .map_err(|cause| cause.again())?,
            },
        };
        Ok((HEADERS, html).into_response())
    }

    /// The page at `path`, if it is there.
    pub async fn ready(&self, path: &str) -> Option<Bytes> {
        self.pages.as_ref()?.get(path).await
    }
}
