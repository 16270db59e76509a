//! Pages of loans that are paid back: the project's, a lender's, and the published figures.

mod calendar;
mod complaints;
mod gift;
mod history;
mod keeping;
mod lender;
mod months;
mod plan;
mod project;
mod share;
mod statement;
mod statistics;
mod sums;
mod tax;
mod vote;

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
        .route("/campaigns/{slug}/loan/plan", get(plan::show).post(plan::propose))
        .route("/my/loans", get(lender::show))
        .route("/my/loans/account", get(lender::account).post(lender::start))
        .route("/my/loans/calendar", post(calendar::make))
        .route("/my/loans/keeping", post(keeping::choose))
        .route("/my/loans/{id}", get(share::show))
        .route("/my/loans/{id}/gift", get(gift::show).post(gift::give))
        .route("/my/loans/{id}/gift/review", post(gift::review))
        .route("/my/loans/{id}/vote", get(vote::show).post(vote::cast))
        .route("/my/loans/{id}/statement.csv", get(statement::csv))
        .route("/my/loans/{id}/statement.pdf", get(statement::pdf))
        .route("/my/loans/tax/{year}", get(tax::show))
        .route("/my/loans/tax/{year}/summary.csv", get(tax::csv))
        .route("/my/loans/tax/{year}/summary.pdf", get(tax::pdf))
        .route("/calendars/{token}", get(calendar::feed))
        .route("/complaints", get(complaints::show).post(complaints::send))
        .route("/complaints/register", get(complaints::register))
        .route("/complaints/{id}", get(complaints::look).post(complaints::answer))
        .route("/loans/statistics", get(statistics::show))
}
