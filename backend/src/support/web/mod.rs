//! The pages of supporting a project: form, check, the provider's page, the support itself; and the project's list.

mod form;
mod manage;
mod supporters;

use axum::Router;
use axum::routing::{get, post};

use crate::ctx::Ctx;

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/projects/{slug}/support", get(form::show).post(form::again))
        .route("/projects/{slug}/support/check", post(form::check))
        .route("/projects/{slug}/supports", post(form::create))
        .route("/projects/{slug}/supporters", get(supporters::list))
        .route(
            "/projects/{slug}/contributions/{id}/refund",
            get(supporters::ask_refund).post(supporters::refund),
        )
        .route("/supports/{token}", get(manage::show))
        .route("/supports/{token}/return", get(manage::returned))
        .route("/supports/{token}/checkout", post(manage::checkout))
        .route("/supports/{token}/change", post(manage::change))
        .route("/supports/{token}/pause", post(manage::pause))
        .route("/supports/{token}/resume", post(manage::resume))
        .route("/supports/{token}/end", get(manage::ask_end).post(manage::end))
        .route("/supports/{token}/try-again", post(manage::try_again))
        .route("/supports/{token}/card", post(manage::card))
        .route("/my/support", get(manage::mine))
}
