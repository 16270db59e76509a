//! Pages of loans: the terms of a draft, the loan for everybody, lending and signing, a lender's commitment, the project's
//! signature, and what a lender is asked first.

mod change;
mod lend;
mod mine;
mod papers;
mod quote;
mod show;
pub(super) mod shown;
mod signature;
mod terms;
mod test;

use axum::Router;
use axum::routing::{get, post};

use crate::ctx::Ctx;

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/loans/quote", get(quote::show))
        .route("/campaigns/{slug}/loan", get(show::show))
        .route("/campaigns/{slug}/loan/sheet/{file}", get(papers::sheet))
        .route("/campaigns/{slug}/loan/agreement/{file}", get(papers::agreement))
        .route("/my/commitments/{token}/agreement.pdf", get(papers::own))
        .route(
            "/campaigns/{slug}/loan/commitments/{id}/agreement.pdf",
            get(papers::of_commitment),
        )
        .route("/campaigns/{slug}/loan/terms", get(terms::show).post(terms::save))
        .route("/campaigns/{slug}/loan/removal", post(terms::remove))
        .route("/campaigns/{slug}/loan/lend", get(lend::amount))
        .route("/campaigns/{slug}/loan/lend/review", post(lend::review))
        .route("/campaigns/{slug}/loan/commitments", post(lend::sign))
        .route(
            "/campaigns/{slug}/loan/signature",
            get(signature::show).post(signature::sign),
        )
        .route(
            "/campaigns/{slug}/loan/change",
            get(change::show).post(change::publish),
        )
        .route("/campaigns/{slug}/loan/change/review", post(change::review))
        .route("/my/commitments", get(mine::list))
        .route("/my/commitments/{token}", get(mine::show))
        .route("/my/commitments/{token}/return", get(mine::returned))
        .route("/my/commitments/{token}/checkout", post(mine::checkout))
        .route(
            "/my/commitments/{token}/revocation",
            get(mine::ask_revocation).post(mine::revoke),
        )
        .route("/my/commitments/{token}/try", post(mine::try_again))
        .route("/my/commitments/{token}/card", post(mine::card))
        .route("/my/lending/test", get(test::test).post(test::keep_test))
        .route("/my/lending/means", get(test::means).post(test::keep_means))
}
