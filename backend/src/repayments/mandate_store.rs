//! The SQL of mandates: how a project pays.

use felag_domain::ids::{CampaignId, PersonId};
use sqlx::PgConnection;
use time::OffsetDateTime;

/// The card a project pays with.
#[derive(Debug, Clone)]
pub struct Mandate {
    pub customer: String,
    pub method: String,
}

pub async fn mandate(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<Option<Mandate>> {
    sqlx::query_as!(
        Mandate,
        "select customer_ref as customer, payment_method_ref as method from loan_mandate where campaign_id = $1",
        campaign as _
    )
    .fetch_optional(conn)
    .await
}

pub async fn keep_mandate(
    conn: &mut PgConnection,
    campaign: CampaignId,
    mandate: &Mandate,
    person: PersonId,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into loan_mandate (campaign_id, customer_ref, payment_method_ref, saved_by, saved_at)
         values ($1, $2, $3, $4, $5)
         on conflict (campaign_id) do update set customer_ref = excluded.customer_ref,
             payment_method_ref = excluded.payment_method_ref, saved_by = excluded.saved_by,
             saved_at = excluded.saved_at",
        campaign as _,
        mandate.customer,
        mandate.method,
        person as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
