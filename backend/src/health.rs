//! `/health`: 200 when the database answers.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use crate::ctx::Ctx;

pub fn routes() -> Router<Ctx> {
    Router::new().route("/health", get(health))
}

async fn health(State(ctx): State<Ctx>) -> Response {
    let mut answer = json!({ "status": "ok" });
    if let Some(demo) = ctx.demo.word() {
        answer["demo"] = json!(demo);
    }
    match sqlx::query_scalar!("select 1 as one").fetch_one(&ctx.db).await {
        Ok(_) => Json(answer).into_response(),
        Err(cause) => {
            tracing::error!("the database does not answer: {cause:#}");
            answer["status"] = json!("the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, Json(answer)).into_response()
        }
    }
}
