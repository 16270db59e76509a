//! The style sheet, fonts and drawings, embedded in the binary under names that change with their content.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::ctx::Ctx;
use crate::error::Error;

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/assets/{*name}", get(asset))
        .route(
            "/robots.txt",
            get(|| async { "User-agent: *\nDisallow: /pledges/\nDisallow: /my/\n" }),
        )
        .layer(tower_http::compression::CompressionLayer::new())
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    let asset = felag_frontend::assets::find(&format!("/assets/{name}")).ok_or(Error::NotFound)?;
    let held = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    if held == Some(asset.etag.as_str()) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let headers = [
        (header::CONTENT_TYPE, asset.content_type.to_string()),
        (
            header::CACHE_CONTROL,
            "public, max-age=31536000, immutable".to_string(),
        ),
        (header::ETAG, asset.etag.to_string()),
    ];
    Ok((headers, &*asset.bytes).into_response())
}
