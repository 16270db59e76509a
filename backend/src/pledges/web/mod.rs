//! The pages of giving: amount, details, check, the provider's page, and the pledge itself; and the page on which
//! owners end it all.

mod cancellation;
mod give;
mod manage;
mod typed;

use axum::Router;
use axum::routing::{get, post};

use crate::ctx::Ctx;

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route(
            "/campaigns/{slug}/give",
            get(give::amount).post(give::amount_again),
        )
        .route("/campaigns/{slug}/give/details", post(give::details))
        .route("/campaigns/{slug}/give/check", post(give::check))
        .route("/campaigns/{slug}/pledges", post(give::create))
        .route("/pledges/{token}", get(manage::show))
        .route("/pledges/{token}/return", get(manage::returned))
        .route("/pledges/{token}/checkout", post(manage::checkout))
        .route("/pledges/{token}/change", post(manage::change))
        .route(
            "/pledges/{token}/cancel",
            get(manage::ask_cancel).post(manage::cancel),
        )
        .route("/pledges/{token}/try-again", post(manage::try_again))
        .route("/pledges/{token}/card", post(manage::card))
        .route("/my/gifts", get(manage::gifts))
        .route(
            "/campaigns/{slug}/cancellation",
            get(cancellation::ask).post(cancellation::cancel),
        )
}
