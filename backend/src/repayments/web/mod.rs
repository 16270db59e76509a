//! Pages of loans that are paid back: the project's, a lender's, and the published figures.

mod calendar;
mod lender;
mod project;
mod share;
mod statement;
mod statistics;

use axum::Router;
use axum::routing::{get, post};

use crate::ctx::Ctx;

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route(
            "/campaigns/{slug}/loan/repayments",
            get(project::show).post(project::pay),
        )
        .route(
            "/campaigns/{slug}/loan/repayments/{id}/confirmation",
            post(project::confirm),
        )
        .route("/campaigns/{slug}/loan/default", post(project::default))
        .route("/campaigns/{slug}/loan/write-off", post(project::write_off))
        .route("/my/loans", get(lender::show))
        .route("/my/loans/account", get(lender::account).post(lender::start))
        .route("/my/loans/calendar", post(calendar::make))
        .route("/my/loans/{id}", get(share::show))
        .route("/my/loans/{id}/statement.csv", get(statement::csv))
        .route("/calendars/{token}", get(calendar::feed))
        .route("/loans/statistics", get(statistics::show))
}
