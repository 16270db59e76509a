//! Books as downloads, written while they are read.

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use time::Duration;

use super::whose::Whose;
use crate::books::export::{Export, Format, Which};
use crate::books::open_book::Owner;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::web::client::Client;
use crate::web::fields::Fields;
use crate::web::limits::Limit;

/// Files one address may have in ten minutes.
const FILES: Limit = Limit::new("books.file", 40, Duration::minutes(10));

/// A campaign's book; or every public book, and only the platform's own with `own=1`.
pub async fn download(
    format: Format,
    State(ctx): State<Ctx>,
    client: Client,
    whose: Whose,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let query = Fields::read(query.unwrap_or_default().as_bytes())?;
    let book = whose.find(&ctx).await?;
    if !FILES.take(&ctx, &client.0).await? {
        return Err(Error::TooMany);
    }
    let (which, name) = match &book.owner {
        Owner::Platform if query.get("own") != "1" => (Which::Public, "felag-books".to_string()),
        Owner::Platform => (Which::One(book.id), "felag-book".to_string()),
        Owner::Campaign(_) | Owner::Project { .. } => (Which::One(book.id), format!("books-{}", book.slug())),
    };
    // A slug has small letters, digits and hyphens only.
    let name = format!("attachment; filename=\"{name}.{}\"", format.ending());
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static(format.media_type()),
        ),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_str(&name).map_err(|_| Error::NotFound)?,
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    let export = Export::new(ctx, which, format);
    Ok((headers, Body::from_stream(export.stream())).into_response())
}
