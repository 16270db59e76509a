//! The public page of a campaign's book, and the pages of the project's members.

mod backers;
mod book;
mod owner;

use axum::Router;
use axum::routing::get;

use crate::ctx::Ctx;

pub fn routes() -> Router<Ctx> {
    Router::new()
        .route("/campaigns/{slug}/books", get(book::show))
        .route("/campaigns/{slug}/owner", get(owner::show))
        .route("/campaigns/{slug}/backers", get(backers::list))
        .route("/campaigns/{slug}/backers.csv", get(backers::export))
}
