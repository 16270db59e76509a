//! Letting everybody go whose card is saved: the campaign failed or was cancelled, and nothing was ever charged.

use felag_domain::entries;
use felag_domain::ids::{BookId, CampaignId};
use felag_domain::pledge::{PledgeEvent, PledgeState, next};
use felag_frontend::Lang;
use felag_frontend::mail::backers::Released;
use sqlx::PgConnection;

use super::store_batch::{self as batch, Change, Moved};
use super::{Pledge, mail, store};
use crate::ctx::Ctx;
use crate::ledger;
use crate::payments::{self, Kind, requests};

/// Releases every saved card of a campaign: its promise is closed in the ledger, its reward is free again, its card
/// is taken off at the provider. What was `promised`, in minor units, is lost. The caller holds the campaign and has
/// moved it on.
pub async fn all(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    promised: i64,
    event: PledgeEvent,
) -> anyhow::Result<()> {
    let now = ctx.now();
    let saved = batch::lock_in_states(conn, campaign, &[PledgeState::CardSaved]).await?;
    let book = BookId::of_campaign(campaign);
    let (mut changes, mut ended, mut cards, mut rewards) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for pledge in saved {
        let to = next(pledge.state, event)?;
        ended.push(entries::pledge_ended(book, pledge.id, pledge.amount, now)?);
        rewards.extend(pledge.reward.map(|reward| reward.as_uuid()));
        if let Some(method) = pledge.method.clone() {
            cards.push((pledge.subject(), move |_| requests::detach_method(&method)));
        }
        changes.push(Change {
            id: pledge.id,
            to,
            tries: 0,
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
    payments::write_all(conn, ctx, Kind::DetachMethod, cards).await?;
    batch::move_figures(
        conn,
        campaign,
        Moved {
            lost: promised,
            ..Moved::default()
        },
    )
    .await?;
    Ok(())
}

/// Tells those who were let go that the project cancelled the campaign.
pub async fn tell(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    pledges: &[Pledge],
) -> anyhow::Result<()> {
    mail::tell_all(conn, ctx, campaign, pledges, "campaign_cancelled", |pledge| {
        Released { pledge }.mail(Lang::En)
    })
    .await
}
