//! The funding curve from the narrow rows of days: sixty at most.

use felag_domain::money::Money;
use felag_frontend::Lang;
use felag_frontend::parts::{Curve, CurveDay};
use sqlx::PgConnection;

use super::store::Campaign;

/// The curve of a campaign that has opened and has had a promise.
pub async fn of(conn: &mut PgConnection, lang: Lang, campaign: &Campaign) -> anyhow::Result<Option<Curve>> {
    let (Some(opens), Some(deadline)) = (campaign.opens_at, campaign.deadline_at) else { return Ok(None) };
    let rows = sqlx::query!(
        "select day, promised_minor, backers from campaign_day where campaign_id = $1 order by day",
        campaign.id.as_uuid(),
    )
    .fetch_all(conn)
    .await?;
    let mut total = Money::zero(campaign.currency);
    let mut backers = 0_i64;
    let mut days = Vec::with_capacity(rows.len());
    for row in rows {
        total = total.checked_add(Money::from_minor(row.promised_minor, campaign.currency))?;
        backers += i64::from(row.backers);
        days.push(CurveDay { day: row.day, total, backers: u64::try_from(backers).unwrap_or(0) });
    }
    let curve = Curve {
        lang,
        days,
        minimum: campaign.minimum,
        full_plan: campaign.full_plan,
        opened: opens.date(),
        deadline: deadline.date(),
    };
    Ok((!curve.days.is_empty()).then_some(curve))
}
