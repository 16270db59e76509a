//! Money that came in for a pledge that had already ended goes back by itself, whole, and is shown.

use felag_domain::entries;
use felag_domain::ids::{BookId, CampaignId, PledgeId};
use felag_domain::money::{Currency, Money};
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Pledge, mail};
use crate::ctx::Ctx;
use crate::ledger;
use crate::payments::objects::Charge;
use crate::payments::{self, Kind, requests};

/// A refund as its backer sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refund {
    pub amount: Money,
    pub settled_at: Option<OffsetDateTime>,
}

/// Writes a refund of the whole charge down, once per charge, and asks the provider for it.
pub async fn ask(conn: &mut PgConnection, ctx: &Ctx, pledge: &Pledge, charge: &Charge) -> anyhow::Result<()> {
    let made = sqlx::query!(
        "insert into refund (campaign_id, refund_id, pledge_id, amount_minor, tip_minor, currency, reason, charge_ref,
                             created_at)
         values ($1, $2, $3, $4, $5, $6, 'payment after end', $7, $8)
         on conflict on constraint one_refund_per_charge do nothing",
        pledge.campaign as _,
        ctx.id::<Uuid>(),
        pledge.id as _,
        pledge.amount.minor(),
        pledge.tip.minor(),
        pledge.amount.currency() as _,
        charge.id,
        ctx.now(),
    )
    .execute(&mut *conn)
    .await?;
    let Some(intent) = pledge.intent.as_ref().filter(|_| made.rows_affected() == 1) else {
        return Ok(());
    };
    tracing::warn!(pledge.id = %pledge.id, "a payment came in after its pledge had ended; it goes back");
    payments::write(conn, ctx, pledge.subject(), Kind::CreateRefund, |tag| {
        requests::create_refund(tag, intent)
    })
    .await?;
    mail::paid_back(conn, ctx, pledge, pledge.total()?).await
}

/// Acts on a refund as the provider shows it: booked when it succeeded. One that fails later is booked back by
/// hand until refunds are a feature of their own; the alarm says so.
pub async fn heard(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    pledge: PledgeId,
    object: &Value,
) -> anyhow::Result<()> {
    let text = |name: &str| {
        object
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_string()
    };
    let (id, status) = (text("id"), text("status"));
    match status.as_str() {
        "succeeded" => {}
        "failed" | "canceled" => {
            tracing::error!(pledge.id = %pledge, "alarm: refund {id} {status} at the provider");
            return mark(conn, campaign, pledge, &id, "failed", ctx.now())
                .await
                .map(|_| ());
        }
        _ => return Ok(()),
    }
    let Some((amount, tip)) = mark(conn, campaign, pledge, &id, "succeeded", ctx.now()).await? else {
        return Ok(());
    };
    let entry = entries::refund(BookId::of_campaign(campaign), &id, amount, tip, ctx.now())?;
    ledger::post(conn, ctx, vec![entry]).await
}

/// The amounts, when this call changed the row.
async fn mark(
    conn: &mut PgConnection,
    campaign: CampaignId,
    pledge: PledgeId,
    provider_ref: &str,
    state: &str,
    now: OffsetDateTime,
) -> anyhow::Result<Option<(Money, Money)>> {
    let row = sqlx::query!(
        r#"update refund set state = $3, provider_ref = $4, settled_at = $5
           where campaign_id = $1 and pledge_id = $2 and state <> $3
           returning amount_minor, tip_minor, currency as "currency: Currency""#,
        campaign as _,
        pledge as _,
        state,
        provider_ref,
        now,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| {
        (
            Money::from_minor(row.amount_minor, row.currency),
            Money::from_minor(row.tip_minor, row.currency),
        )
    }))
}

/// What goes back to the backer of a pledge, if anything does.
pub async fn of_pledge(db: &PgPool, campaign: CampaignId, pledge: PledgeId) -> sqlx::Result<Option<Refund>> {
    let row = sqlx::query!(
        r#"select amount_minor, tip_minor, currency as "currency: Currency", settled_at from refund
           where campaign_id = $1 and pledge_id = $2 order by created_at limit 1"#,
        campaign as _,
        pledge as _,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Refund {
        amount: Money::from_minor(row.amount_minor + row.tip_minor, row.currency),
        settled_at: row.settled_at,
    }))
}
