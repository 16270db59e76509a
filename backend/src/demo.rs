//! Demo data: people, projects and campaigns, made through the same use cases as real ones.

use felag_sandbox::Sandbox;

use crate::ctx::Ctx;

/// The people of the demo who can sign in, all with [`PASSWORD`].
pub const LOG_INS: [&str; 4] = [
    "owner@felag.example",
    "backer@felag.example",
    "lender@felag.example",
    "steward@felag.example",
];
/// Known to everybody, and therefore only on loopback.
pub const PASSWORD: &str = "felag-demo-2026";

/// Makes the demo data unless it is there, then says so in `/health`.
pub async fn ensure(ctx: &Ctx, _sandbox: &Sandbox) -> anyhow::Result<()> {
    ctx.demo.finish_loading();
    Ok(())
}
