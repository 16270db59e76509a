//! A commitment that is paid from what its lender keeps of other loans, instead of by a card: signed without one, taken
//! when cards are charged, and given back where a card would be. If what is kept does not suffice then, the lender is
//! asked for a card, as somebody whose card was declined.

use felag_domain::campaign::CampaignState;
use felag_domain::ids::{CampaignId, CommitmentId, PersonId};
use felag_domain::lending::{CommitmentEvent, CommitmentState};
use felag_domain::money::Money;
use sqlx::PgConnection;

use super::store_batch as batch;
use super::{Commitment, Loan, collect, figures, jobs, life, mail, store};
use crate::ctx::Ctx;
use crate::jobs::enqueue;
use crate::repayments::{self, To};

/// The code of a commitment for which too little was kept.
pub const TOO_LITTLE: &str = "kept_too_little";

/// What somebody may still promise from what they keep; nothing where the rules of the loan do not offer it.
///
/// # Errors
/// When the database fails.
pub async fn available(
    conn: &mut PgConnection,
    loan: &Loan,
    person: PersonId,
) -> anyhow::Result<Option<Money>> {
    if !loan.policy().may_hold_balances {
        return Ok(None);
    }
    let kept = repayments::kept(conn, person, loan.currency()).await?;
    let promised = promised(conn, loan, person).await?;
    let left = Money::from_minor(kept.minor().saturating_sub(promised), kept.currency());
    Ok(left.is_positive().then_some(left))
}

/// What else they have promised of it.
async fn promised(conn: &mut PgConnection, loan: &Loan, person: PersonId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select coalesce(sum(amount_minor), 0)::bigint as "minor!" from commitment
           where person_id = $1 and currency = $2 and from_kept and payment_method_ref is null
             and state in ('draft', 'waiting', 'made', 'reopened', 'firm', 'due', 'needs_you', 'retry_later')"#,
        person as _,
        loan.currency().code(),
    )
    .fetch_one(conn)
    .await
}

/// Each is collected by itself, in a transaction that holds nothing else.
pub(super) async fn collect_later(
    conn: &mut PgConnection,
    ctx: &Ctx,
    due: &[Commitment],
) -> anyhow::Result<()> {
    for one in due.iter().filter(|one| one.is_from_kept()) {
        let job = jobs::CollectKept {
            campaign: one.campaign,
            commitment: one.id,
        };
        enqueue(conn, ctx, &job, ctx.now(), None).await?;
    }
    Ok(())
}

/// Takes what is due of what its lender keeps, or asks them for a card. Again changes nothing.
///
/// # Errors
/// When the database fails; the job is tried again.
pub async fn collect(ctx: &Ctx, campaign: CampaignId, id: CommitmentId) -> anyhow::Result<()> {
    let Some(known) = store::by_id(&ctx.db, campaign, id).await? else {
        return Ok(());
    };
    let mut tx = ctx.db.begin().await?;
    let held = repayments::hold_kept(&mut tx, campaign, known.person, known.amount.currency()).await?;
    let Some((found, loan)) = life::hold(&mut tx, campaign).await? else {
        return Ok(());
    };
    let one = batch::lock(&mut tx, campaign, id).await?;
    let due = one.filter(|one| one.is_from_kept() && one.state == CommitmentState::Due);
    // A suspended campaign asks again when it goes on.
    let Some(mut one) = due.filter(|_| found.state != CampaignState::Suspended) else {
        return Ok(());
    };
    let to = To {
        campaign,
        commitment: id,
    };
    let is_paid = repayments::lend_again(&mut tx, ctx, one.person, (to, one.amount), &held).await?;
    one.next_try_at = None;
    if is_paid {
        one.take(CommitmentEvent::ChargeSucceeded)?;
        one.paid_at = Some(ctx.now());
    } else {
        one.take(CommitmentEvent::HardDecline)?;
        one.decline_code = Some(TOO_LITTLE.into());
    }
    let all = [one];
    figures::save(&mut tx, campaign, &all, ctx.now()).await?;
    match is_paid {
        true => mail::charged(&mut tx, ctx, &found, &loan, &all).await?,
        false => mail::needs_you(&mut tx, ctx, &found, &loan, &all).await?,
    }
    collect::close_if_done(&mut tx, ctx, campaign).await?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// These lend no more; what was taken of what they keep goes back to it. The caller holds them.
pub(super) async fn goes_back(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    paid: &[Commitment],
) -> anyhow::Result<()> {
    let mut gone: Vec<Commitment> = paid.iter().filter(|one| one.is_from_kept()).cloned().collect();
    for one in &mut gone {
        one.take(CommitmentEvent::WentBack)?;
        one.ended_at = Some(ctx.now());
        let job = jobs::GiveKeptBack {
            campaign,
            commitment: one.id,
        };
        enqueue(conn, ctx, &job, ctx.now(), None).await?;
    }
    figures::save(conn, campaign, &gone, ctx.now()).await?;
    Ok(())
}

/// Puts it back where it stood. Again changes nothing.
///
/// # Errors
/// When the database fails; the job is tried again.
pub async fn give_back(ctx: &Ctx, campaign: CampaignId, id: CommitmentId) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    let to = To {
        campaign,
        commitment: id,
    };
    if repayments::give_kept_back(&mut tx, ctx, to).await? {
        let one = batch::lock(&mut tx, campaign, id).await?;
        mail::refunded(&mut tx, ctx, campaign, one.as_slice()).await?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}
