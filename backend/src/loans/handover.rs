//! From collected to paid out: the payout tells when the project has the money, and repaying begins.

use anyhow::Context;
use felag_domain::fee::FeeSchedule;
use felag_domain::ids::CampaignId;
use felag_domain::lending::{CommitmentState, LoanEvent, LoanState};
use felag_domain::money::Money;
use felag_domain::refund::RefundWhy;
use felag_domain::repaying::Instalment;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

use super::papers::{self, PaperKind};
use super::{Loan, decide, disputed, jobs, life, mail, quote, store};
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::jobs::enqueue;
use crate::repayments::{self, PaidOut};

/// The project has the money of its loan. Heard again, this changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn paid_out(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    at: OffsetDateTime,
) -> anyhow::Result<()> {
    let Some((found, mut loan)) = life::hold(conn, campaign).await? else {
        anyhow::bail!("campaign {campaign} was paid a loan that it has not");
    };
    if !loan.take(LoanEvent::PaidOut)? {
        return Ok(());
    }
    loan.paid_out_at = Some(at);
    store::save(conn, &loan, ctx.now()).await?;
    begin_repaying(conn, ctx, &found, &loan, at).await?;
    disputed::paid_out(conn, ctx, &found).await?;
    mail::paid_out(conn, ctx, &found, &loan).await
}

/// The project's bank sent the loan's payout back. As long as nothing was repaid, the loan is only collected again: no
/// interest runs, nothing is due, and its 30 days begin anew. Once something was repaid it stays as it is. Either way the
/// money is proposed for payout once more.
///
/// # Errors
/// When the database fails.
pub async fn came_back(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    payout: &str,
) -> anyhow::Result<()> {
    let Some((found, mut loan)) = life::hold(conn, campaign).await? else {
        anyhow::bail!("campaign {campaign} was paid a loan that it has not");
    };
    tracing::error!(campaign.id = %campaign, loan.state = %loan.state, "alarm: the payout of a loan came back");
    if loan.state != LoanState::Repaying || !repayments::unbegin(conn, ctx, campaign, payout).await? {
        return Ok(());
    }
    loan.take(LoanEvent::PayoutCameBack)?;
    loan.paid_out_at = None;
    loan.first_due_on = None;
    store::save(conn, &loan, ctx.now()).await?;
    store::set_came_back(conn, campaign, ctx.now()).await?;
    let job = jobs::PayOutBy { campaign };
    enqueue(conn, ctx, &job, ctx.now() + jobs::PAY_OUT_WITHIN, None).await?;
    mail::came_back(conn, ctx, &found, &loan).await
}

/// The final schedule, from the day the money arrived, and everybody's share of it.
async fn begin_repaying(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
    at: OffsetDateTime,
) -> anyhow::Result<()> {
    let principal = loan
        .principal
        .context("a loan that was paid out has a principal")?;
    let terms = quote::terms(campaign, loan, principal, false).context("the terms cannot be read")?;
    let shares = super::store_batch::lock_in_states(conn, campaign.id, &[CommitmentState::Active]).await?;
    let rows = terms.schedule().rows;
    let version = loan.sheet_version;
    let agreement = papers::hash(&mut *conn, ctx, campaign.id, version, PaperKind::Agreement).await?;
    let instalments = rows.iter().map(|row| {
        let number = i32::try_from(row.number)?;
        Ok(Instalment::new(
            number,
            row.due_on,
            row.principal.minor(),
            row.interest.minor(),
        ))
    });
    let paid_out = PaidOut {
        campaign: campaign.id,
        currency: loan.currency(),
        instalments: instalments.collect::<anyhow::Result<_>>()?,
        shares: shares
            .iter()
            .map(|one| (one.id, one.share.unwrap_or(one.amount)))
            .collect(),
        paid_out_on: at.date(),
        agreement: format!("{}:{}", hex::encode(agreement), at.date()),
    };
    repayments::begin(conn, ctx, &paid_out).await
}

/// What collecting the instalments of a loan of `principal` will cost by a schedule of fees: it comes off the payout.
///
/// # Errors
/// When the database cannot be reached, or the terms cannot be read.
pub async fn collecting(
    conn: &mut PgConnection,
    campaign: &Campaign,
    principal: Money,
    fees: &FeeSchedule,
) -> anyhow::Result<Money> {
    let loan = store::find(&mut *conn, campaign.id).await?;
    let Some(loan) = loan.filter(|_| principal.is_positive()) else {
        return Ok(Money::zero(principal.currency()));
    };
    let terms = quote::terms(campaign, &loan, principal, false).context("the terms cannot be read")?;
    Ok(quote::collecting(&terms, fees)?)
}

/// Whether a loan was collected and not paid out yet.
///
/// # Errors
/// When the database cannot be reached.
pub async fn waits_for_payout(db: &PgPool, campaign: CampaignId) -> sqlx::Result<bool> {
    let loan = store::find(db, campaign).await?;
    let waits = loan.is_some_and(|loan| loan.state == LoanState::Collected);
    Ok(waits && !is_on_its_way(&mut *db.acquire().await?, campaign).await?)
}

/// Whether a payout of the loan is under way or done. The only place where this slice reads a table above it.
async fn is_on_its_way(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from payout where campaign_id = $1 and source = 'loan'
                          and state in ('proposed', 'asked', 'approved', 'sending', 'on_its_way', 'paid', 'failed'))
           as "is!""#,
        campaign as _,
    )
    .fetch_one(conn)
    .await
}

/// Collected, and not paid out in time: all goes back, unless two people have approved the payout.
///
/// # Errors
/// When the database fails; the job is tried again.
pub async fn not_paid_out(ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    let Some((found, mut loan)) = life::hold(&mut tx, campaign).await? else {
        return Ok(());
    };
    let is_sent = sqlx::query_scalar!(
        r#"select exists (select from payout where campaign_id = $1 and source = 'loan'
                          and state in ('approved', 'sending', 'on_its_way', 'paid', 'failed')) as "is!""#,
        campaign as _,
    )
    .fetch_one(&mut *tx)
    .await?;
    // A payout that came back has days of its own, which another job ends.
    let came_back_at = store::came_back_at(&mut tx, campaign).await?;
    let has_time = came_back_at.is_some_and(|at| ctx.now() < at + jobs::PAY_OUT_WITHIN);
    if loan.state == LoanState::Collected && !is_sent && !has_time {
        decide::go_back(&mut tx, ctx, &found, &mut loan, RefundWhy::Unwound).await?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}
