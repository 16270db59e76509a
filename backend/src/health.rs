//! `/health`: 200 when the database answers. It says so, too, when books and provider were not compared for too long.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use felag_domain::reconciliation::RUNS_WITHIN;
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
    match look(&ctx).await {
        Ok(is_late) => {
            if is_late {
                answer["reconciliation"] = json!("late");
            }
            Json(answer).into_response()
        }
        Err(cause) => {
            tracing::error!("the database does not answer: {cause:#}");
            answer["status"] = json!("the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, Json(answer)).into_response()
        }
    }
}

/// Whether reconciliation is late: as `reconciliation::is_late`, which is above.
async fn look(ctx: &Ctx) -> sqlx::Result<bool> {
    let since = sqlx::query_scalar!(
        "select coalesce((select max(ended_at) from reconciliation_run), (select min(paid_at) from payment))"
    )
    .fetch_one(&ctx.db)
    .await?;
    Ok(since.is_some_and(|since| ctx.now() - since > RUNS_WITHIN))
}
