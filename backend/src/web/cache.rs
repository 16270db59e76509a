//! Rendered public pages, for visitors who are not signed in.
//!
//! A page lives for a second unless the settings say otherwise, so that every process shows a new pledge within a
//! second without a message between them; many requests for a page that is not there render it once.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::error::Error;

/// Cheap to clone. Without a life it keeps nothing, and each request renders its own page.
#[derive(Clone)]
pub struct PageCache(Option<moka::future::Cache<String, Bytes>>);

impl Default for PageCache {
    fn default() -> Self {
        Self::living(Duration::from_secs(1))
    }
}

impl PageCache {
    /// Pages that live so long. Tests set zero.
    pub fn living(life: Duration) -> Self {
        if life.is_zero() {
            return Self(None);
        }
        let cache = moka::future::Cache::builder()
            .max_capacity(16 * 1024 * 1024)
            .weigher(|path: &String, page: &Bytes| u32::try_from(path.len() + page.len()).unwrap_or(u32::MAX))
            .time_to_live(life)
            .build();
        Self(Some(cache))
    }

    /// The page at `path`, rendered by `make` when it is not there.
    pub async fn page(
        &self,
        path: &str,
        make: impl Future<Output = Result<String, Error>>,
    ) -> Result<Response, Error> {
        let make = async { make.await.map(Bytes::from) };
        let html = match &self.0 {
            None => make.await?,
            Some(pages) => match pages.get(path).await {
                Some(html) => html,
                None => pages.try_get_with(path.to_string(), make).await.map_err(|cause| cause.again())?,
            },
        };
        let headers = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CACHE_CONTROL, "public, max-age=1"),
            (header::VARY, "cookie"),
        ];
        Ok((headers, html).into_response())
    }
}
