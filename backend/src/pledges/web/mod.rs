//! The pages of giving: amount, details, check, the provider's page, and the pledge itself; and the page on which
//! owners end it all.

mod cancellation;
mod decision;
mod give;
mod manage;
mod refund;
mod take_back;
mod typed;

use axum::Router;
use axum::routing::{get, post};

use crate::ctx::Ctx;

pub use refund::row as refund_row;
pub use typed::{parse_tip, visibility_words};

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
        .route(
            "/campaigns/{slug}/backers/{id}/refund",
            get(refund::show).post(refund::give_back),
        )
        .route("/campaigns/{slug}/backers/{id}/refund/check", post(refund::check))
        .route(
            "/pledges/{token}/take-back",
            get(take_back::ask).post(take_back::take_back),
        )
        .route(
            "/campaigns/{slug}/decision",
            get(decision::show).post(decision::act),
        )
        .route("/campaigns/{slug}/decision/check", post(decision::check))
        .route("/my/gifts", get(manage::gifts))
        .route(
            "/campaigns/{slug}/cancellation",
            get(cancellation::ask).post(cancellation::cancel),
        )
}
