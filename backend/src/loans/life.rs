//! A loan from its campaign's opening until lending closes: who gets in, who waits, whose days are over.

use felag_domain::ids::{CampaignId, CommitmentId};
use felag_domain::lending::{CommitmentEvent, CommitmentState, LoanEvent, LoanState};
use felag_domain::money::Money;
use sqlx::PgConnection;

use super::store_batch as batch;
use super::{Commitment, Loan, card, days, figures, jobs, mail, sheet, store};
use crate::campaigns::store::{self as campaigns, Campaign};
use crate::ctx::Ctx;
use crate::jobs::enqueue;
use crate::planted::{self, Plant};

/// The campaign and its loan, held; `None` when it asks for none.
pub(super) async fn hold(
    conn: &mut PgConnection,
    campaign: CampaignId,
) -> anyhow::Result<Option<(Campaign, Loan)>> {
    let Some(found) = campaigns::lock(conn, campaign).await? else {
        return Ok(None);
    };
    Ok(store::lock(conn, campaign).await?.map(|loan| (found, loan)))
}

/// Its campaign has opened: the loan opens with it, to the project's network first if it said so.
///
/// # Errors
/// When the database fails; the job is tried again.
pub async fn open(ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    let Some((campaign, mut loan)) = hold(&mut tx, campaign).await? else {
        return Ok(());
    };
    let (LoanState::Draft, Some(deadline)) = (loan.state, campaign.deadline_at) else {
        return Ok(());
    };
    loan.take(LoanEvent::Submitted)?;
    loan.take(if loan.network_first_lenders > 0 {
        LoanEvent::OpenedToNetwork
    } else {
        LoanEvent::Opened
    })?;
    let ends = days::lending_ends(deadline, loan.policy().reflection_days, &campaign.time_zone);
    loan.lending_ends_at = Some(ends);
    store::open_totals(&mut tx, campaign.id).await?;
    sheet::make(&mut tx, ctx, &campaign, &mut loan).await?;
    store::save(&mut tx, &loan, ctx.now()).await?;
    let job = jobs::CloseLending {
        campaign: campaign.id,
    };
    enqueue(&mut tx, ctx, &job, ends, None).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Lending closes, one reflection period before the deadline. The project is asked to sign.
///
/// # Errors
/// When the database fails; the job is tried again.
pub async fn close_lending(ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    let Some((campaign, mut loan)) = hold(&mut tx, campaign).await? else {
        return Ok(());
    };
    let is_time = loan.lending_ends_at.is_some_and(|ends| ends <= ctx.now());
    if !loan.state.takes_commitments() || !is_time {
        return Ok(());
    }
    loan.take(LoanEvent::LendingClosed)?;
    for draft in batch::lock_in_states(&mut tx, campaign.id, &[CommitmentState::Draft]).await? {
        card::give_up(&mut tx, ctx, draft).await?;
    }
    store::save(&mut tx, &loan, ctx.now()).await?;
    mail::to_sign(&mut tx, ctx, &campaign, &loan).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// The days of one commitment are over, if they are.
///
/// # Errors
/// When the database fails; the job is tried again.
pub async fn firm(ctx: &Ctx, campaign: CampaignId, id: CommitmentId) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    let Some((campaign, loan)) = hold(&mut tx, campaign).await? else {
        return Ok(());
    };
    if let Some(commitment) = batch::lock(&mut tx, campaign.id, id).await? {
        firm_up(&mut tx, ctx, &campaign, &loan, vec![commitment]).await?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Of these, those whose days are over bind from now on.
pub(super) async fn firm_up(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
    commitments: Vec<Commitment>,
) -> anyhow::Result<()> {
    let mut over = Vec::new();
    for mut one in commitments {
        let is_over =
            one.revocable_until.is_some_and(|until| until <= ctx.now()) || planted::is(Plant::FirmAtOnce);
        let is_free = matches!(one.state, CommitmentState::Made | CommitmentState::Reopened);
        if is_free && is_over && one.take(CommitmentEvent::ReflectionEnded)? {
            one.firm_at = Some(ctx.now());
            over.push(one);
        }
    }
    figures::save(conn, campaign.id, &over, ctx.now()).await?;
    mail::firm(conn, ctx, campaign, loan, &over).await
}

/// What the loan has room for: what was asked, less what is in it.
pub(super) async fn room(conn: &mut PgConnection, loan: &Loan) -> sqlx::Result<Money> {
    let totals = store::totals(conn, loan.campaign).await?;
    let taken = totals.committed_minor + totals.firm_minor + totals.at_risk_minor + totals.collected_minor;
    Ok(Money::from_minor(
        (loan.amount.minor() - taken).max(0),
        loan.currency(),
    ))
}

/// Room came free: whoever waited longest and fits moves up. The caller holds campaign and loan.
pub(super) async fn move_up(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
) -> anyhow::Result<()> {
    let mut left = room(conn, loan).await?.minor();
    let mut moved = Vec::new();
    for mut one in batch::lock_in_states(conn, campaign.id, &[CommitmentState::Waiting]).await? {
        if one.amount.minor() <= left && one.take(CommitmentEvent::MovedUp)? {
            left -= one.amount.minor();
            moved.push(one);
        }
    }
    figures::save(conn, campaign.id, &moved, ctx.now()).await?;
    mail::moved_up(conn, ctx, campaign, loan, &moved).await?;
    let ids: Vec<_> = moved.iter().map(|one| one.id.as_uuid()).collect();
    let moved = batch::lock_many(conn, campaign.id, &ids).await?;
    firm_up(conn, ctx, campaign, loan, moved).await
}

/// Enough of the project's network lent: the loan opens to everybody. The caller holds it.
pub(super) async fn open_to_all(conn: &mut PgConnection, ctx: &Ctx, loan: &mut Loan) -> anyhow::Result<()> {
    if loan.state != LoanState::NetworkFirst {
        return Ok(());
    }
    let lenders = store::totals(&mut *conn, loan.campaign).await?.lenders;
    if u32::try_from(lenders).unwrap_or(0) >= loan.network_first_lenders {
        loan.take(LoanEvent::Opened)?;
        store::save(conn, loan, ctx.now()).await?;
    }
    Ok(())
}
