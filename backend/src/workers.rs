//! All workers, once each, in a fixed order. The loops of `serve` and `work`, the tests, the demo and
//! `felag clock advance` call nothing else.

use std::time::Duration;

use felag_sandbox::Sandbox;
use futures::future::OptionFuture;
use time::OffsetDateTime;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::clock::pause;
use crate::ctx::Ctx;
use crate::jobs::{self, Kinds};
use crate::{mail, payments};

/// One round of everything that is due. Whether anything was.
///
/// # Errors
/// When the database cannot be reached; what a single piece of work runs into is dealt with there.
pub async fn run_once(ctx: &Ctx, kinds: &Kinds) -> anyhow::Result<bool> {
    let did = without_mail(ctx, kinds).await?;
    Ok(mail::delivery::run_once(ctx).await? || did)
}

async fn without_mail(ctx: &Ctx, kinds: &Kinds) -> anyhow::Result<bool> {
    let mut did = jobs::run_once(ctx, kinds).await?;
    did |= payments::operations::run_once(ctx).await?;
    did |= payments::events::run_once(ctx).await?;
    Ok(did)
}

/// Sends mail beside everything else, one round at a time: a slow mail server holds no payment up.
#[derive(Default)]
struct Postman(Option<JoinHandle<()>>);

impl Postman {
    fn go(&mut self, ctx: &Ctx) {
        if self.0.as_ref().is_some_and(|round| !round.is_finished()) {
            return;
        }
        let ctx = ctx.clone();
        self.0 = Some(tokio::spawn(async move {
            match mail::delivery::run_once(&ctx).await {
                Ok(true) => ctx.wake_workers(),
                Ok(false) => {}
                Err(cause) => tracing::error!("no mail could be sent: {cause:#}"),
            }
        }));
    }

    async fn come_home(self) {
        if let Some(Err(cause)) = OptionFuture::from(self.0).await {
            tracing::error!("the sending of mail broke off: {cause}");
        }
    }
}

/// Works until `stop`; a round is always finished.
pub async fn run(ctx: Ctx, kinds: Kinds, stop: CancellationToken) {
    /// The tables are the truth; being woken only makes it quicker.
    const POLL: Duration = Duration::from_millis(500);
    let mut postman = Postman::default();
    while !stop.is_cancelled() {
        postman.go(&ctx);
        match without_mail(&ctx, &kinds).await {
            Ok(true) => {}
            Ok(false) => {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = ctx.wake.notified() => {}
                    () = pause(POLL) => {}
                }
            }
            Err(cause) => {
                tracing::error!("the workers could not work: {cause:#}");
                pause(Duration::from_secs(1)).await;
            }
        }
    }
    postman.come_home().await;
}

/// Works, together with the sandbox, until nothing is due now.
pub async fn until_quiet(ctx: &Ctx, kinds: &Kinds, sandbox: &Sandbox) -> anyhow::Result<()> {
    loop {
        let did = run_once(ctx, kinds).await?;
        let delivered = sandbox.run_once().await?;
        if !did && !delivered {
            return Ok(());
        }
    }
}

/// When anything is due next, here or at the sandbox.
pub async fn next_due(ctx: &Ctx, sandbox: &Sandbox) -> anyhow::Result<Option<OffsetDateTime>> {
    let mut conn = ctx.db.acquire().await?;
    let ours = jobs::next_due(&mut conn).await?;
    let theirs = sandbox.next_due().await?;
    Ok(earlier(ours, theirs))
}

/// The earlier of two moments, as far as they are known.
pub fn earlier(ours: Option<OffsetDateTime>, theirs: Option<OffsetDateTime>) -> Option<OffsetDateTime> {
    ours.into_iter().chain(theirs).min()
}

/// Plays this process's clock to `to`, stopping wherever something is due, in order.
pub async fn play_to(ctx: &Ctx, kinds: &Kinds, sandbox: &Sandbox, to: OffsetDateTime) -> anyhow::Result<()> {
    until_quiet(ctx, kinds, sandbox).await?;
    while let Some(due) = next_due(ctx, sandbox).await?.filter(|due| *due <= to) {
        if due > ctx.now() {
            ctx.clock.show(due);
        }
        until_quiet(ctx, kinds, sandbox).await?;
    }
    if to > ctx.now() {
        ctx.clock.show(to);
    }
    until_quiet(ctx, kinds, sandbox).await
}
