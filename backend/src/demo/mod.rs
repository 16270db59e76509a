//! Demo data: people, projects and campaigns, made through the same use cases as real ones, and played with the
//! sandbox's clock from weeks ago up to now.
//!
//! `ground` says whether there is room for a demo, `cast` and `campaigns` are what happens, `agenda` puts it in
//! order, `player` lets it happen.

mod agenda;
mod bill;
mod campaigns;
mod card;
mod cast;
pub mod ground;
mod lending;
mod making;
mod money;
mod player;
mod script;

use felag_sandbox::Sandbox;

use crate::ctx::Ctx;
use crate::workers;

/// The people of the demo who can sign in, all with [`PASSWORD`].
pub const LOG_INS: [&str; 5] = [
    "owner@felag.example",
    "backer@felag.example",
    "lender@felag.example",
    "steward@felag.example",
    "treasurer@felag.example",
];
/// Known to everybody, and therefore only on loopback.
pub const PASSWORD: &str = "felag-demo-2026";

/// Makes the demo data unless it is there, then says so in `/health`. Nothing else may work on the data meanwhile:
/// this moves the process's clock, and puts it right at the end.
///
/// # Errors
/// When the database holds anything else, or half a demo ([`ground::clear`] takes that away).
pub async fn ensure(ctx: &Ctx, sandbox: &Sandbox) -> anyhow::Result<()> {
    if ground::begin(ctx).await? {
        ctx.demo.start_loading();
        let kinds = crate::wiring::job_kinds();
        player::play(ctx, &kinds, sandbox).await?;
        ctx.clock.refresh(&ctx.db).await?;
        workers::until_quiet(ctx, &kinds, sandbox).await?;
        ground::finish(ctx).await?;
    }
    ctx.demo.finish_loading();
    Ok(())
}
