//! Everybody is let go: promises end, cards are taken off, payments that may still succeed are stopped at the
//! provider first.

use felag_domain::entries;
use felag_domain::ids::{BookId, CampaignId};
use felag_domain::pledge::{PledgeEvent, PledgeState, next};
use sqlx::PgConnection;

use crate::ctx::Ctx;
use crate::ledger;
use crate::payments::{self, Kind, requests};
use crate::pledges::store_batch::{self as batch, Change, Moved};
use crate::pledges::{Pledge, moves, settle, store};

/// Lets every pledge go that was not paid. Before the deadline was decided what was `promised`, in minor units, is lost
/// as it stands; afterwards each pledge leaves what is at risk. The caller holds the campaign and has moved it on.
pub async fn everybody(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    promised: Option<i64>,
) -> anyhow::Result<()> {
    use PledgeState::{CardSaved, Charging, Draft, Due, NeedsYou, RetryLater};
    for draft in batch::lock_in_states(conn, campaign, &[Draft]).await? {
        let to = next(draft.state, PledgeEvent::CampaignCancelled)?;
        moves::end_before_deadline(conn, ctx, &draft, to).await?;
    }
    let waiting = batch::lock_in_states(conn, campaign, &[CardSaved, Due, NeedsYou, RetryLater]).await?;
    release(conn, ctx, campaign, &waiting).await?;
    let lost = match promised {
        Some(promised) => Moved {
            lost: promised,
            ..Moved::default()
        },
        None => {
            let minor = waiting
                .iter()
                .filter(|pledge| pledge.counts)
                .map(|pledge| pledge.amount.minor());
            let minor: i64 = minor.sum();
            Moved {
                lost: minor,
                at_risk: -minor,
                ..Moved::default()
            }
        }
    };
    batch::move_figures(conn, campaign, lost).await?;
    settle::stop(conn, ctx, campaign, &[Charging], PledgeEvent::CampaignCancelled).await
}

/// One statement per table, whatever the number.
async fn release(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    waiting: &[Pledge],
) -> anyhow::Result<()> {
    let now = ctx.now();
    let book = BookId::of_campaign(campaign);
    let (mut changes, mut ended, mut rewards) = (Vec::new(), Vec::new(), Vec::new());
    let (mut cards, mut intents) = (Vec::new(), Vec::new());
    for pledge in waiting {
        let to = next(pledge.state, PledgeEvent::CampaignCancelled)?;
        ended.push(entries::pledge_ended(book, pledge.id, pledge.amount, now)?);
        rewards.extend(pledge.reward.map(|reward| reward.as_uuid()));
        // The bank's page may still be open somewhere: a payment that was made can succeed until it is cancelled.
        if let Some(intent) = pledge.intent.clone() {
            intents.push((pledge.subject(), move |_| requests::cancel_intent(&intent)));
        }
        if let Some(method) = pledge.method.clone() {
            cards.push((pledge.subject(), move |_| requests::detach_method(&method)));
        }
        changes.push(Change {
            id: pledge.id,
            to,
            tries: i32::try_from(pledge.tries).unwrap_or(i32::MAX),
            next_try_at: None,
            decline_code: None,
            charge: None,
            paid_at: None,
            ended_at: Some(now),
        });
    }
    batch::apply(conn, campaign, &changes, now).await?;
    ledger::post(conn, ctx, ended).await?;
    store::free_stock(conn, campaign, &rewards).await?;
    payments::write_all(conn, ctx, Kind::CancelIntent, intents).await?;
    payments::write_all(conn, ctx, Kind::DetachMethod, cards).await?;
    Ok(())
}
