//! The SQL of what lenders keep, and of what they gave of it.

use felag_domain::ids::{CampaignId, CommitmentId, LenderGiftId, PersonId};
use felag_domain::money::{Currency, Money};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::keeping::Gift;

/// From now on what comes back to somebody is kept, where the rules let it be.
pub async fn keep(conn: &mut PgConnection, person: PersonId, now: OffsetDateTime) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into lender_keeping (person_id, since) values ($1, $2) on conflict (person_id) do nothing",
        person as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// It is sent on again.
pub async fn send(conn: &mut PgConnection, person: PersonId) -> sqlx::Result<()> {
    sqlx::query!("delete from lender_keeping where person_id = $1", person as _)
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn keeps(conn: &mut PgConnection, person: PersonId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from lender_keeping where person_id = $1) as "keeps!""#,
        person as _,
    )
    .fetch_one(conn)
    .await
}

/// Whether this form was sent before.
pub async fn was_given(conn: &mut PgConnection, campaign: CampaignId, request: Uuid) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from lender_gift where campaign_id = $1 and request_key = $2) as "was!""#,
        campaign as _,
        request,
    )
    .fetch_one(conn)
    .await
}

/// Writes a gift down, and adds it to what was given of the share.
pub async fn insert(
    conn: &mut PgConnection,
    gift: &Gift,
    request: Uuid,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into lender_gift (campaign_id, lender_gift_id, commitment_id, person_id, amount_minor, currency,
                                  request_key, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        gift.campaign as _,
        gift.id as _,
        gift.share as _,
        gift.person as _,
        gift.amount.minor(),
        gift.amount.currency().code(),
        request,
        now,
    )
    .execute(&mut *conn)
    .await?;
    add_given(conn, gift, gift.amount.minor()).await
}

async fn add_given(conn: &mut PgConnection, gift: &Gift, minor: i64) -> sqlx::Result<()> {
    sqlx::query!(
        "update loan_share set given_minor = given_minor + $3 where campaign_id = $1 and commitment_id = $2",
        gift.campaign as _,
        gift.share as _,
        minor,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The gifts of a campaign's lenders that did not go back, held in the order of their ids.
pub async fn gifts_that_stand(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<Vec<Gift>> {
    let rows = sqlx::query!(
        r#"select lender_gift_id as "id: LenderGiftId", commitment_id as "share: CommitmentId",
                  person_id as "person: PersonId", amount_minor, currency as "currency: Currency"
           from lender_gift where campaign_id = $1 and returned_at is null order by lender_gift_id for update"#,
        campaign as _,
    )
    .fetch_all(conn)
    .await?;
    let each = rows.into_iter().map(|row| Gift {
        campaign,
        id: row.id,
        share: row.share,
        person: row.person,
        amount: Money::from_minor(row.amount_minor, row.currency),
    });
    Ok(each.collect())
}

/// A gift is its lender's again.
pub async fn returned(conn: &mut PgConnection, gift: &Gift, now: OffsetDateTime) -> sqlx::Result<()> {
    sqlx::query!(
        "update lender_gift set returned_at = $3 where campaign_id = $1 and lender_gift_id = $2",
        gift.campaign as _,
        gift.id as _,
        now,
    )
    .execute(&mut *conn)
    .await?;
    add_given(conn, gift, -gift.amount.minor()).await
}
