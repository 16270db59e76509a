//! The SQL of shares whose lender's bank took their charge back.

use felag_domain::ids::{BookId, CampaignId, CommitmentId};
use felag_domain::money::{Currency, Money};
use sqlx::PgConnection;
use time::OffsetDateTime;

/// A frozen share, in minor units.
#[derive(Debug, Clone, Copy)]
pub struct Frozen {
    pub is_taken_over: bool,
    pub fronted: i64,
    /// What of it did not come back yet.
    pub open: i64,
    pub taken_receivable: i64,
    pub taken_fees: i64,
    /// What the bank gave the lender back for good, where that is only a part.
    pub bank: i64,
}

/// False when it is frozen already, or there is no such share.
pub async fn freeze(
    conn: &mut PgConnection,
    campaign: CampaignId,
    share: CommitmentId,
    fronted: Money,
    now: OffsetDateTime,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update loan_share set frozen_at = $3, fronted_minor = $4
         where campaign_id = $1 and commitment_id = $2 and frozen_at is null",
        campaign as _,
        share as _,
        now,
        fronted.minor(),
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Held until the transaction ends; none when no bank has, or had, any of the share.
pub async fn lock(
    conn: &mut PgConnection,
    campaign: CampaignId,
    share: CommitmentId,
) -> sqlx::Result<Option<Frozen>> {
    sqlx::query_as!(
        Frozen,
        r#"select taken_over_at is not null as "is_taken_over!", fronted_minor as fronted,
                  share_minor - principal_credited_minor as "open!", taken_receivable_minor as taken_receivable,
                  taken_fees_minor as taken_fees, bank_minor as bank
           from loan_share
           where campaign_id = $1 and commitment_id = $2 and (frozen_at is not null or bank_minor > 0) for update"#,
        campaign as _,
        share as _,
    )
    .fetch_optional(conn)
    .await
}

/// Somebody else has the share from now on.
pub async fn take_over(
    conn: &mut PgConnection,
    campaign: CampaignId,
    share: CommitmentId,
    to: Frozen,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update loan_share set taken_over_at = coalesce(taken_over_at, $3), fronted_minor = $4, taken_receivable_minor = $5,
                taken_fees_minor = $6
         where campaign_id = $1 and commitment_id = $2",
        campaign as _,
        share as _,
        now,
        to.fronted,
        to.taken_receivable,
        to.taken_fees,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// It stays its lender's, and what it gets makes up first for what the bank gave them back. Once nothing of that is left
/// it is free.
pub async fn make_up(
    conn: &mut PgConnection,
    campaign: CampaignId,
    share: CommitmentId,
    to: Frozen,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update loan_share set bank_minor = $3, fronted_minor = $4, taken_receivable_minor = $5, taken_fees_minor = $6,
                frozen_at = case when $3::bigint > $5::bigint + $6::bigint then frozen_at end
         where campaign_id = $1 and commitment_id = $2",
        campaign as _,
        share as _,
        to.bank,
        to.fronted,
        to.taken_receivable,
        to.taken_fees,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// It is its lender's again.
pub async fn thaw(conn: &mut PgConnection, campaign: CampaignId, share: CommitmentId) -> sqlx::Result<()> {
    sqlx::query!(
        "update loan_share set frozen_at = null, taken_over_at = null, fronted_minor = 0, taken_receivable_minor = 0,
                taken_fees_minor = 0, bank_minor = 0
         where campaign_id = $1 and commitment_id = $2",
        campaign as _,
        share as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What whoever bore losses got of one repayment, share by share. A share of which only a part was to be made up for is
/// free once that is done.
pub async fn credit(
    conn: &mut PgConnection,
    campaign: CampaignId,
    parts: &[(CommitmentId, Money, Money)],
) -> sqlx::Result<()> {
    let ids: Vec<uuid::Uuid> = parts.iter().map(|(id, ..)| id.as_uuid()).collect();
    let receivable: Vec<i64> = parts.iter().map(|(_, part, _)| part.minor()).collect();
    let fees: Vec<i64> = parts.iter().map(|(.., part)| part.minor()).collect();
    sqlx::query!(
        "update loan_share set fronted_minor = fronted_minor - part.receivable,
                taken_receivable_minor = taken_receivable_minor + part.receivable,
                taken_fees_minor = taken_fees_minor + part.fees,
                frozen_at = case when bank_minor = 0 or bank_minor > taken_receivable_minor + taken_fees_minor
                                                                     + part.receivable + part.fees
                                 then frozen_at end
         from unnest($2::uuid[], $3::bigint[], $4::bigint[]) as part (id, receivable, fees)
         where campaign_id = $1 and commitment_id = part.id",
        campaign as _,
        &ids,
        &receivable,
        &fees,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What of a book's receivable comes back by the instalments of frozen shares.
pub async fn fronted(conn: &mut PgConnection, book: BookId, currency: Currency) -> sqlx::Result<Money> {
    let minor = sqlx::query_scalar!(
        r#"select coalesce(sum(fronted_minor), 0)::bigint as "minor!" from loan_share
           where campaign_id = $1 and frozen_at is not null"#,
        book.as_uuid(),
    )
    .fetch_one(conn)
    .await?;
    Ok(Money::from_minor(minor, currency))
}
