//! The mailbox of the sandbox at `/dev/mail`, and leaving a list with one click.

use axum::Router;

use crate::ctx::Ctx;

pub fn routes(_ctx: &Ctx) -> Router<Ctx> {
    Router::new()
}
