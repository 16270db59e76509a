//! Pages of campaigns: the public page, the project's page, starting, and the steps of writing a draft.

mod lists;
mod plan;
mod project;
mod show;
mod start;
mod steps;
mod tasks;
pub mod upload;

use axum::Router;

pub use show::picks;

use crate::ctx::Ctx;

pub fn routes() -> Router<Ctx> {
    Router::new()
        .merge(show::routes())
        .merge(project::routes())
        .merge(start::routes())
        .merge(tasks::routes())
        .merge(steps::routes())
        .merge(lists::routes())
        .merge(plan::routes())
}
