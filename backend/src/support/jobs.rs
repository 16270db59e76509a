//! What is done later about supports: looking after checkouts, the next charge, its notice, a charge's window.

use felag_domain::campaign::{CHECKOUT_HOLD, COLLECTION_WINDOW};
use felag_domain::ids::{ContributionId, ProjectId, SupportId};
use felag_domain::pledge::PledgeState;
use felag_domain::support::{SupportEvent, SupportState, next};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::Duration;

use super::charge::hold;
use super::present::{self, Stands};
use super::{Contribution, card, due, mail, store};
use crate::ctx::Ctx;
use crate::jobs::{Job, enqueue};
use crate::pledges::window::{STEPS, Step};

/// How long a payment that a bank works on is left alone before it is asked about again.
pub const LOOK_AGAIN: Duration = Duration::hours(2);
/// How long after the window the last try may take before the charge is stopped.
const LAST_WAIT: Duration = Duration::DAY;
/// When a draft is looked at: soon, because somebody waits for a receipt; and when its checkout is over.
const WATCH_AFTER: [Duration; 3] = [Duration::minutes(2), Duration::minutes(8), Duration::minutes(22)];

/// Looks at a checkout by itself: what webhooks say is learned without them, too.
#[derive(Debug, Serialize, Deserialize)]
pub struct WatchCheckout {
    pub project: ProjectId,
    pub support: SupportId,
    pub nth: usize,
}

pub async fn watch_checkout(
    conn: &mut PgConnection,
    ctx: &Ctx,
    project: ProjectId,
    support: SupportId,
) -> anyhow::Result<()> {
    let first = WatchCheckout {
        project,
        support,
        nth: 0,
    };
    enqueue(conn, ctx, &first, ctx.now() + WATCH_AFTER[0], None).await
}

impl Job for WatchCheckout {
    const KIND: &'static str = "support.watch_checkout";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        let Some(support) = store::lock(&mut tx, self.project, self.support).await? else {
            return Ok(());
        };
        if support.state != SupportState::Draft && support.checkout_url.is_none() {
            return Ok(());
        }
        if support.checkout.is_none() && ctx.now() >= support.created_at + CHECKOUT_HOLD {
            // It never came to a checkout.
            let to = next(support.state, SupportEvent::CheckoutExpired)?;
            store::set_state(&mut tx, &support, to, ctx.now()).await?;
            tx.commit().await?;
            return Ok(());
        }
        if let Some(after) = WATCH_AFTER.get(self.nth + 1) {
            let again = WatchCheckout {
                nth: self.nth + 1,
                ..self
            };
            enqueue(&mut tx, ctx, &again, ctx.now() + *after, None).await?;
        }
        tx.commit().await?;
        card::look_up(ctx, &support).await
    }
}

/// The person did not come back to confirm the first charge: it is charged without them.
#[derive(Debug, Serialize, Deserialize)]
pub struct ChargeAlone {
    pub project: ProjectId,
    pub contribution: ContributionId,
}

impl Job for ChargeAlone {
    const KIND: &'static str = "support.charge_alone";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        if let Some((support, one)) = hold(&mut tx, self.project, self.contribution).await?
            && one.state == PledgeState::Due
            && !support.state.is_over()
        {
            due::charge(&mut tx, ctx, &support, one).await?;
        }
        tx.commit().await?;
        ctx.wake_workers();
        Ok(())
    }
}

/// The time of a charge has come.
#[derive(Debug, Serialize, Deserialize)]
pub struct Due {
    pub project: ProjectId,
    pub support: SupportId,
    pub number: u32,
}

impl Job for Due {
    const KIND: &'static str = "support.due";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        if let Some(support) = store::lock(&mut tx, self.project, self.support).await? {
            due::again(&mut tx, ctx, &support, self.number).await?;
        }
        tx.commit().await?;
        ctx.wake_workers();
        Ok(())
    }
}

/// Tells a backer of a yearly charge before it comes.
#[derive(Debug, Serialize, Deserialize)]
pub struct Notice {
    pub project: ProjectId,
    pub support: SupportId,
    pub number: u32,
}

impl Job for Notice {
    const KIND: &'static str = "support.notice";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        if let Some(support) = store::lock(&mut tx, self.project, self.support).await?
            && support.state.goes_on()
            && support.next_number == self.number
        {
            mail::notice(&mut tx, ctx, &support).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Asks how a payment stands: after an answer that said less than it should.
#[derive(Debug, Serialize, Deserialize)]
pub struct LookUp {
    pub project: ProjectId,
    pub contribution: ContributionId,
}

impl Job for LookUp {
    const KIND: &'static str = "support.look_up";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let stands = present::look_up_payment(ctx, self.project, self.contribution).await?;
        if stands == Stands::StillOpen {
            let mut conn = ctx.db.acquire().await?;
            enqueue(&mut conn, ctx, &self, ctx.now() + LOOK_AGAIN, None).await?;
        }
        Ok(())
    }
}

/// One charge's window, a step at a time: each leaves the next one behind, so that a card that works costs one.
#[derive(Debug, Serialize, Deserialize)]
pub struct WatchWindow {
    pub project: ProjectId,
    pub contribution: ContributionId,
    pub step: usize,
}

pub(super) async fn watch_window(
    conn: &mut PgConnection,
    ctx: &Ctx,
    one: &Contribution,
) -> anyhow::Result<()> {
    let first = WatchWindow {
        project: one.project,
        contribution: one.id,
        step: 0,
    };
    enqueue(conn, ctx, &first, one.due_at + STEPS[0].0, None).await
}

impl Job for WatchWindow {
    const KIND: &'static str = "support.watch_window";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        let Some((support, one)) = hold(&mut tx, self.project, self.contribution).await? else {
            return Ok(());
        };
        let Some((_, step)) = STEPS.get(self.step).copied() else {
            return Ok(());
        };
        if one.state.is_ended() || one.state == PledgeState::Stopping {
            return Ok(());
        }
        let is_due =
            one.state == PledgeState::RetryLater && one.next_try_at.is_some_and(|at| at <= ctx.now());
        let due_at = one.due_at;
        match step {
            Step::Try if is_due => due::charge(&mut tx, ctx, &support, one).await?,
            Step::Remind(nth) if one.waits_for_person() => {
                mail::needs_you(&mut tx, ctx, &support, &one, nth).await?;
            }
            Step::Try | Step::Remind(_) => {}
            Step::End => {
                let waited_long = ctx.now() >= due_at + COLLECTION_WINDOW + LAST_WAIT;
                let is_trying = is_due || matches!(one.state, PledgeState::Charging | PledgeState::Due);
                if is_trying && !waited_long {
                    if is_due {
                        due::charge(&mut tx, ctx, &support, one).await?;
                    }
                    // What the last try leaves open is stopped an hour later.
                    enqueue(&mut tx, ctx, &self, ctx.now() + Duration::HOUR, None).await?;
                } else {
                    due::stop(&mut tx, ctx, &support, one).await?;
                }
                tx.commit().await?;
                ctx.wake_workers();
                return Ok(());
            }
        }
        let later = WatchWindow {
            step: self.step + 1,
            ..self
        };
        if let Some((after, _)) = STEPS.get(later.step) {
            enqueue(&mut tx, ctx, &later, (due_at + *after).max(ctx.now()), None).await?;
        }
        tx.commit().await?;
        ctx.wake_workers();
        Ok(())
    }
}
