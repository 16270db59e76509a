//! When a campaign's money will leave: planned with the draft, fixed from launch on.

use felag_domain::ids::CampaignId;
use felag_domain::payout::{Plan, TRANCHE_FIELDS, TRANCHES_MAX, Tranche, TypedTranche};
use sqlx::{PgConnection, PgPool};

use super::draft::{self, Typed};
use super::draft_store;
use crate::ctx::Ctx;
use crate::projects::NotSaved;

/// The plan of a campaign. One without a plan of its own is paid out whole, right after its collection window.
pub async fn of(conn: &mut PgConnection, id: CampaignId) -> anyhow::Result<Plan> {
    let rows = sqlx::query!(
        "select percent, days from tranche where campaign_id = $1 order by position",
        id.as_uuid(),
    )
    .fetch_all(conn)
    .await?;
    if rows.is_empty() {
        return Ok(Plan::default());
    }
    let tranches: Result<Vec<Tranche>, std::num::TryFromIntError> = rows
        .into_iter()
        .map(|row| {
            Ok(Tranche {
                percent: u8::try_from(row.percent)?,
                days: u16::try_from(row.days)?,
            })
        })
        .collect();
    Ok(Plan::new(tranches?)?)
}

/// As [`of`], with a connection of its own.
pub async fn read(db: &PgPool, id: CampaignId) -> anyhow::Result<Plan> {
    of(&mut *db.acquire().await?, id).await
}

/// Saves the plan of a draft.
///
/// # Errors
/// What does not fit, beside the fields of its line.
pub async fn save(ctx: &Ctx, id: CampaignId, typed: Typed<'_>) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    draft::hold(&mut tx, id, draft::version(typed)).await?;
    let lines: [TypedTranche<'_>; TRANCHES_MAX] = TRANCHE_FIELDS.map(|(percent, days)| TypedTranche {
        percent: typed.get(percent),
        days: typed.get(days),
    });
    let plan = Plan::decide(&lines)?;
    sqlx::query!("delete from tranche where campaign_id = $1", id.as_uuid())
        .execute(&mut *tx)
        .await?;
    for (position, tranche) in (0_i32..).zip(plan.tranches()) {
        sqlx::query!(
            "insert into tranche (campaign_id, position, percent, days) values ($1, $2, $3, $4)",
            id.as_uuid(),
            position,
            i32::from(tranche.percent),
            i32::from(tranche.days),
        )
        .execute(&mut *tx)
        .await?;
    }
    draft_store::touch(&mut tx, id, ctx.now()).await?;
    tx.commit().await?;
    Ok(())
}
