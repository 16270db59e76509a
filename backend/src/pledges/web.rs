//! The pages of giving: amount, details, check, then the provider's page, and the pledge itself.

use axum::Router;

use crate::ctx::Ctx;

pub fn routes() -> Router<Ctx> {
    Router::new()
}
