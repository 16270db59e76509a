//! A loan's payout that the project's bank sent back before anything was repaid: its schedule is taken away, and nobody
//! owes anything until it is paid out anew.

use felag_domain::entries::loan as entries;
use felag_domain::ids::{BookId, CampaignId, CommitmentId};
use felag_domain::money::{Currency, Money};
use sqlx::PgConnection;

use crate::ctx::Ctx;
use crate::ledger;

/// Takes the schedule and the shares of a loan away again, and what the books say is owed. Whether that was done: not once
/// something was repaid, or is on its way. `cause` tells this return from another; the caller holds campaign and loan.
///
/// # Errors
/// When the database fails.
pub async fn unbegin(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    cause: &str,
) -> anyhow::Result<bool> {
    let is_repaid = sqlx::query_scalar!(
        r#"select exists (select from repayment where campaign_id = $1 and state <> 'failed') as "is!""#,
        campaign as _,
    )
    .fetch_one(&mut *conn)
    .await?;
    let shares = sqlx::query!(
        r#"select commitment_id as "id: CommitmentId", share_minor, currency as "currency: Currency"
           from loan_share join loan_running using (campaign_id)
           where campaign_id = $1 order by commitment_id for update"#,
        campaign as _,
    )
    .fetch_all(&mut *conn)
    .await?;
    if is_repaid || shares.is_empty() {
        return Ok(false);
    }
    let shares: Vec<_> = shares
        .iter()
        .map(|row| (row.id, Money::from_minor(row.share_minor, row.currency)))
        .collect();
    for delete in [
        sqlx::query!("delete from instalment where campaign_id = $1", campaign as _),
        sqlx::query!("delete from loan_share where campaign_id = $1", campaign as _),
        sqlx::query!("delete from loan_running where campaign_id = $1", campaign as _),
    ] {
        delete.execute(&mut *conn).await?;
    }
    let entry = entries::loan_unbegun(BookId::of_campaign(campaign), cause, &shares, ctx.now())?;
    ledger::post(conn, ctx, vec![entry]).await?;
    Ok(true)
}
