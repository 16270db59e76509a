//! The SQL of shares: many rows at once, never one by one.

use std::fmt::Write;

use felag_domain::entries::loan::Portion;
use felag_domain::ids::{BookId, CampaignId, CommitmentId, RepaymentId};
use felag_domain::money::{Currency, Money};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db::copy_rows;

/// What one share lent and got so far, in minor units.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    pub id: CommitmentId,
    pub share: i64,
    pub principal: i64,
    pub interest: i64,
    pub lost: i64,
    /// Its lender's bank took their charge back: what it gets is whose who bore that.
    pub is_taken_over: bool,
    /// What of the project's receivable comes back by its instalments.
    pub fronted: i64,
    /// Its lender's bank took a part of their charge back: what of that is still to be made up for by what it gets.
    pub bank_left: i64,
}

/// Writes the shares of a loan that begins.
pub async fn insert(
    conn: &mut PgConnection,
    campaign: CampaignId,
    shares: &[(CommitmentId, Money)],
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = shares.iter().map(|(id, _)| id.as_uuid()).collect();
    let minors: Vec<i64> = shares.iter().map(|(_, share)| share.minor()).collect();
    sqlx::query!(
        "insert into loan_share (campaign_id, commitment_id, share_minor)
         select $1, * from unnest($2::uuid[], $3::bigint[])",
        campaign as _,
        &ids,
        &minors,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Every share of a loan in the order of the ids. The caller holds the running loan, and with it what its shares got.
pub async fn all(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<Vec<Share>> {
    sqlx::query_as!(
        Share,
        r#"select commitment_id as "id: CommitmentId", share_minor as share, principal_credited_minor as principal,
                  interest_credited_minor as interest, lost_minor as lost, taken_over_at is not null as "is_taken_over!",
                  fronted_minor as fronted,
                  greatest(bank_minor - taken_receivable_minor - taken_fees_minor, 0) as "bank_left!"
           from loan_share where campaign_id = $1 order by commitment_id"#,
        campaign as _,
    )
    .fetch_all(conn)
    .await
}

/// Every share of a loan in the order of the ids, held until the transaction ends.
pub async fn lock_all(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<Vec<Share>> {
    sqlx::query_as!(
        Share,
        r#"select commitment_id as "id: CommitmentId", share_minor as share, principal_credited_minor as principal,
                  interest_credited_minor as interest, lost_minor as lost, taken_over_at is not null as "is_taken_over!",
                  fronted_minor as fronted,
                  greatest(bank_minor - taken_receivable_minor - taken_fees_minor, 0) as "bank_left!"
           from loan_share where campaign_id = $1 order by commitment_id for update"#,
        campaign as _,
    )
    .fetch_all(conn)
    .await
}

struct Columns {
    ids: Vec<Uuid>,
    principal: Vec<i64>,
    interest: Vec<i64>,
}

fn columns(portions: &[Portion]) -> Columns {
    Columns {
        ids: portions.iter().map(|one| one.share.as_uuid()).collect(),
        principal: portions.iter().map(|one| one.principal.minor()).collect(),
        interest: portions.iter().map(|one| one.interest.minor()).collect(),
    }
}

/// Keeps a split, and adds it to what each share got. `from_lost` takes the principal off what was given up.
pub async fn credit(
    conn: &mut PgConnection,
    campaign: CampaignId,
    repayment: RepaymentId,
    portions: &[Portion],
    from_lost: bool,
) -> sqlx::Result<()> {
    let mut rows = String::new();
    for one in portions {
        let (principal, interest) = (one.principal.minor(), one.interest.minor());
        // Writing to a string never fails.
        let _ = writeln!(
            rows,
            "{campaign}\t{repayment}\t{}\t{principal}\t{interest}",
            one.share
        );
    }
    let into = "repayment_share (campaign_id, repayment_id, commitment_id, principal_minor, interest_minor)";
    copy_rows(conn, into, &rows).await?;
    let all = columns(portions);
    sqlx::query!(
        "update loan_share set principal_credited_minor = principal_credited_minor + part.principal,
                interest_credited_minor = interest_credited_minor + part.interest,
                lost_minor = lost_minor - case when $5 then part.principal else 0 end
         from unnest($2::uuid[], $3::bigint[], $4::bigint[]) as part (id, principal, interest)
         where campaign_id = $1 and commitment_id = part.id",
        campaign as _,
        &all.ids,
        &all.principal,
        &all.interest,
        from_lost,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes portions back from what shares got.
pub async fn take_back(
    conn: &mut PgConnection,
    campaign: CampaignId,
    portions: &[Portion],
    to_lost: bool,
) -> sqlx::Result<()> {
    let all = columns(portions);
    sqlx::query!(
        "update loan_share set principal_credited_minor = principal_credited_minor - part.principal,
                interest_credited_minor = interest_credited_minor - part.interest,
                lost_minor = lost_minor + case when $5 then part.principal else 0 end
         from unnest($2::uuid[], $3::bigint[], $4::bigint[]) as part (id, principal, interest)
         where campaign_id = $1 and commitment_id = part.id",
        campaign as _,
        &all.ids,
        &all.principal,
        &all.interest,
        to_lost,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A stored split, and what of it still stands on each share's account.
pub async fn stored_split(
    conn: &mut PgConnection,
    campaign: CampaignId,
    repayment: RepaymentId,
    currency: Currency,
) -> sqlx::Result<Vec<(Portion, Money)>> {
    let rows = sqlx::query!(
        r#"select commitment_id as "id: CommitmentId", principal_minor, interest_minor,
                  coalesce(balance_minor, 0) as "unpaid!"
           from repayment_share
           left join account_balance on book_id = $4 and account = 'lender:' || commitment_id::text and currency = $3
           where campaign_id = $1 and repayment_id = $2 order by commitment_id"#,
        campaign as _,
        repayment as _,
        currency.code(),
        BookId::of_campaign(campaign) as _,
    )
    .fetch_all(conn)
    .await?;
    let money = |minor| Money::from_minor(minor, currency);
    Ok(rows
        .into_iter()
        .map(|row| {
            let portion = Portion {
                share: row.id,
                principal: money(row.principal_minor),
                interest: money(row.interest_minor),
            };
            (portion, money(row.unpaid))
        })
        .collect())
}

/// Gives up what shares are still owed.
pub async fn give_up(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<()> {
    sqlx::query!(
        "update loan_share set lost_minor = share_minor - principal_credited_minor where campaign_id = $1",
        campaign as _
    )
    .execute(conn)
    .await?;
    Ok(())
}
