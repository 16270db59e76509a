//! Campaigns that keep what comes: a saved card comes due at once, with a window of its own, and the deadline only
//! closes the campaign. The same states and the same payment as any pledge.

use felag_domain::campaign::{COLLECTION_WINDOW, CampaignEvent, CampaignState, next};
use felag_domain::ids::{CampaignId, PledgeId};
use felag_domain::pledge::{PledgeEvent, PledgeState};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::Duration;

use super::store_batch::{self as batch, Moved};
use super::window::{STEPS, Step};
use super::{Ask, Pledge, mail, settle, store};
use crate::ctx::Ctx;
use crate::jobs::{Job, enqueue};

/// Charges a card that was saved just now. The caller holds the campaign and the pledge, and has opened its promise.
pub(super) async fn charge_at_once(
    conn: &mut PgConnection,
    ctx: &Ctx,
    pledge: &Pledge,
) -> anyhow::Result<()> {
    let to = felag_domain::pledge::next(PledgeState::CardSaved, PledgeEvent::CameDue)?;
    batch::come_due_now(conn, pledge.campaign, pledge.id, to, ctx.now()).await?;
    let moved = Moved {
        at_risk: if pledge.counts { pledge.amount.minor() } else { 0 },
        ..Moved::default()
    };
    batch::move_figures(conn, pledge.campaign, moved).await?;
    let due = store::lock(conn, pledge.campaign, pledge.id).await?;
    settle::write_intents(conn, ctx, due.as_slice()).await?;
    let first = WatchWindow {
        campaign: pledge.campaign,
        pledge: pledge.id,
        step: 0,
    };
    enqueue(conn, ctx, &first, ctx.now() + STEPS[0].0, None).await
}

/// The deadline: what is open is tried to the end of its window, then the campaign is funded, or closed with nothing.
/// The caller holds the campaign.
pub(super) async fn close(conn: &mut PgConnection, ctx: &Ctx, ask: &Ask) -> anyhow::Result<()> {
    let now = ctx.now();
    let to = next(ask.state, CampaignEvent::DeadlineKept)?;
    let last = batch::last_due(conn, ask.id).await?;
    let ends = last.map_or(now, |due| now.max(due + COLLECTION_WINDOW));
    batch::set_campaign(conn, ask.id, to, Some(now), Some(ends), None).await?;
    settle::close_if_done(conn, ctx, ask.id).await
}

/// One pledge's window, a step at a time: each leaves the next one behind, so that a card that works costs one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WatchWindow {
    pub campaign: CampaignId,
    pub pledge: PledgeId,
    pub step: usize,
}

impl Job for WatchWindow {
    const KIND: &'static str = "pledges.watch_window";

    async fn run(self, ctx: &Ctx) -> anyhow::Result<()> {
        let mut tx = ctx.db.begin().await?;
        let ask = Ask::lock(&mut tx, self.campaign).await?;
        let Some(pledge) = store::lock(&mut tx, self.campaign, self.pledge).await? else {
            return Ok(());
        };
        let (Some((after, step)), Some(due)) = (STEPS.get(self.step).copied(), pledge.due_at) else {
            return Ok(());
        };
        if !settle::UNRESOLVED.contains(&pledge.state) {
            return Ok(());
        }
        if ask.state == CampaignState::Suspended {
            // Its times move on by as long as the pause takes.
            enqueue(&mut tx, ctx, &self, ctx.now() + Duration::DAY, None).await?;
        } else if ctx.now() < due + after {
            enqueue(&mut tx, ctx, &self, due + after, None).await?;
        } else if ask.charges() {
            self.take(&mut tx, ctx, &pledge, step).await?;
        }
        tx.commit().await?;
        ctx.wake_workers();
        Ok(())
    }
}

impl WatchWindow {
    async fn take(
        self,
        conn: &mut PgConnection,
        ctx: &Ctx,
        pledge: &Pledge,
        step: Step,
    ) -> anyhow::Result<()> {
        match step {
            Step::Try => {
                settle::confirm_again(conn, ctx, self.campaign).await?;
            }
            Step::Remind(nth) => {
                if matches!(pledge.state, PledgeState::NeedsYou | PledgeState::RetryLater) {
                    let waiting = std::slice::from_ref(pledge);
                    mail::remind_of_card(conn, ctx, self.campaign, waiting, nth).await?;
                }
            }
            Step::End => return self.end(conn, ctx, pledge).await,
        }
        let next = WatchWindow {
            step: self.step + 1,
            ..self
        };
        let (Some((after, _)), Some(due)) = (STEPS.get(next.step).copied(), pledge.due_at) else {
            return Ok(());
        };
        enqueue(conn, ctx, &next, (due + after).max(ctx.now()), None).await
    }

    /// One last try; what that leaves open is stopped an hour later, at the provider first.
    async fn end(self, conn: &mut PgConnection, ctx: &Ctx, pledge: &Pledge) -> anyhow::Result<()> {
        if pledge.state == PledgeState::Stopping {
            return Ok(());
        }
        let ends = pledge
            .due_at
            .map(|due| due + COLLECTION_WINDOW + settle::LAST_WAIT);
        let waited_long = ends.is_none_or(|ends| ctx.now() >= ends);
        let is_due = pledge.next_try_at.is_some_and(|at| at <= ctx.now());
        let is_trying = match pledge.state {
            PledgeState::Charging | PledgeState::Due => true,
            PledgeState::RetryLater => is_due && settle::confirm_again(conn, ctx, self.campaign).await? > 0,
            _ => false,
        };
        if is_trying && !waited_long {
            return enqueue(conn, ctx, &self, ctx.now() + Duration::HOUR, None).await;
        }
        let open = store::lock(conn, self.campaign, self.pledge).await?;
        let open = open.into_iter().collect();
        settle::stop_these(conn, ctx, self.campaign, open, PledgeEvent::WindowEnded).await
    }
}
