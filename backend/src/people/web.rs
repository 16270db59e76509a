//! Pages to sign up, confirm an address, sign in and out, and set a new password.

use axum::Router;

use crate::ctx::Ctx;

pub fn routes() -> Router<Ctx> {
    Router::new()
}
