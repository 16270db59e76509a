//! Public pages of books, and the pages of a campaign's members.

mod backers;
mod book;
mod check;
mod entry;
mod files;
mod heads;
mod owner;
mod whose;

use axum::Router;
use axum::routing::get;

use super::export::Format;
use crate::ctx::Ctx;

pub fn routes() -> Router<Ctx> {
    let mut routes = Router::new()
        .route("/books/heads", get(heads::show))
        .route("/books/check.py", get(check::script))
        .route("/campaigns/{slug}/owner", get(owner::show))
        .route("/campaigns/{slug}/backers", get(backers::list))
        .route("/campaigns/{slug}/backers.csv", get(backers::export));
    // The platform's own book, a campaign's, and that of a project's support.
    for path in ["/books", "/campaigns/{slug}/books", "/projects/{slug}/books"] {
        routes = routes
            .route(path, get(book::show))
            .route(&format!("{path}/check"), get(check::show))
            .route(&format!("{path}/{{number}}"), get(entry::show));
        for format in Format::ALL {
            let handler = move |ctx, client, whose, query| files::download(format, ctx, client, whose, query);
            routes = routes.route(&format!("{path}.{}", format.ending()), get(handler));
        }
    }
    routes
}
