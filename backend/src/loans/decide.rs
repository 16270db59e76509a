//! The deadline: whether the loan is collected, and the end of collecting. Called by the campaign's own settlement, which
//! holds the campaign.

use felag_domain::campaign::Decision;
use felag_domain::ids::CampaignId;
use felag_domain::lending::{CommitmentEvent, CommitmentState, LoanEvent, LoanState};
use felag_domain::refund::RefundWhy;
use sqlx::PgConnection;

use super::store_batch as batch;
use super::{Commitment, Loan, card, collect, figures, jobs, kept, life, mail, store};
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::jobs::enqueue;
use crate::payments::{self, Kind, requests};
use crate::refunds;

use CommitmentState::{Active, Charging, Draft, Due, Firm, Made, NeedsYou, Reopened, RetryLater, Waiting};

/// What firm commitments add to what a campaign's minimum counts, in minor units: nothing unless the campaign said so,
/// the project signed, and enough is firm. Whose days are over by now is firm.
pub async fn counted(conn: &mut PgConnection, ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<i64> {
    let Some((found, loan)) = life::hold(conn, campaign).await? else {
        return Ok(0);
    };
    let open = batch::lock_in_states(conn, campaign, &[Made, Reopened]).await?;
    life::firm_up(conn, ctx, &found, &loan, open).await?;
    let totals = store::totals(&mut *conn, campaign).await?;
    let counts = loan.counts_to_minimum && is_enough(&loan, totals.firm_minor);
    Ok(if counts {
        totals.firm_minor - totals.own_firm_minor
    } else {
        0
    })
}

fn is_enough(loan: &Loan, firm_minor: i64) -> bool {
    loan.state == LoanState::Signed && firm_minor >= loan.least.minor()
}

/// The deadline decided about the campaign: the loan is collected with it, or everybody is let go.
pub async fn decided(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    decision: Decision,
) -> anyhow::Result<()> {
    let Some((found, mut loan)) = life::hold(conn, campaign).await? else {
        return Ok(());
    };
    if loan.state.is_over() {
        return Ok(());
    }
    let firm = store::totals(&mut *conn, campaign).await?.firm_minor;
    if decision == Decision::Collect && is_enough(&loan, firm) {
        return collect::begin(conn, ctx, &found, &mut loan).await;
    }
    loan.take(LoanEvent::Failed)?;
    end(conn, ctx, &found, &mut loan).await?;
    mail::failed(conn, ctx, &found, &loan).await
}

/// Nothing was charged: everybody is let go, and the loan is over.
async fn end(conn: &mut PgConnection, ctx: &Ctx, campaign: &Campaign, loan: &mut Loan) -> anyhow::Result<()> {
    loan.ended_at = Some(ctx.now());
    store::save(conn, loan, ctx.now()).await?;
    let gone = release(conn, ctx, campaign.id, &[Draft, Waiting, Made, Reopened, Firm]).await?;
    mail::released(conn, ctx, campaign, loan, &gone).await
}

/// Lets commitments in some states go: cards are taken off, payments that may still succeed are cancelled.
pub(super) async fn release(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    states: &[CommitmentState],
) -> anyhow::Result<Vec<Commitment>> {
    let mut gone = batch::lock_in_states(conn, campaign, states).await?;
    for one in &mut gone {
        one.take(CommitmentEvent::LoanFailed)?;
        one.ended_at = Some(ctx.now());
        if let Some(intent) = &one.intent {
            let request = |_| requests::cancel_intent(intent);
            payments::write(conn, ctx, one.subject(), Kind::CancelIntent, request).await?;
        }
        card::let_go(conn, ctx, one).await?;
    }
    figures::save(conn, campaign, &gone, ctx.now()).await?;
    Ok(gone)
}

/// A suspended campaign goes on: what was made meanwhile is charged now. The caller holds the campaign.
///
/// # Errors
/// When the database fails.
pub async fn resumed(conn: &mut PgConnection, ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    if is_collecting(conn, campaign).await? {
        let due = batch::lock_in_states(conn, campaign, &[Due]).await?;
        kept::collect_later(conn, ctx, &due).await?;
        collect::confirm(conn, ctx, campaign, due).await?;
        collect::confirm_again(conn, ctx, campaign).await?;
        enqueue(conn, ctx, &jobs::EndWindow { campaign }, ctx.now(), None).await?;
    }
    Ok(())
}

/// All that was collected goes back, and what is open is stopped.
pub(super) async fn go_back(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &mut Loan,
    why: RefundWhy,
) -> anyhow::Result<()> {
    loan.take(LoanEvent::GoesBack)?;
    loan.ended_at = Some(ctx.now());
    store::save(conn, loan, ctx.now()).await?;
    collect::stop(conn, ctx, campaign.id, &[Charging], CommitmentEvent::LoanFailed).await?;
    let states = [Waiting, Made, Reopened, Firm, Due, NeedsYou, RetryLater];
    let gone = release(conn, ctx, campaign.id, &states).await?;
    mail::released(conn, ctx, campaign, loan, &gone).await?;
    let paid = batch::lock_in_states(conn, campaign.id, &[Active]).await?;
    for one in paid.iter().filter(|one| !one.is_from_kept()) {
        refunds::ask_by_itself(conn, ctx, one.subject(), why).await?;
    }
    kept::goes_back(conn, ctx, campaign.id, &paid).await?;
    mail::goes_back(conn, ctx, campaign, loan, &paid).await
}

/// The campaign is over without its money: cancelled, failed by suspension, or unwound. The caller holds it.
///
/// # Errors
/// When the database fails.
pub async fn campaign_over(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    why: RefundWhy,
) -> anyhow::Result<()> {
    let Some((found, mut loan)) = life::hold(conn, campaign).await? else {
        return Ok(());
    };
    if loan.state.is_over() || loan.state.was_paid_out() {
        return Ok(());
    }
    if matches!(loan.state, LoanState::Collecting | LoanState::Collected) {
        return go_back(conn, ctx, &found, &mut loan, why).await;
    }
    loan.take(LoanEvent::Cancelled)?;
    end(conn, ctx, &found, &mut loan).await
}

/// Whether lenders' cards are being charged.
///
/// # Errors
/// When the database cannot be reached.
pub async fn is_collecting(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<bool> {
    let loan = store::find(conn, campaign).await?;
    Ok(loan.is_some_and(|loan| loan.state == LoanState::Collecting))
}

/// What was lent and counts towards the minimum, in minor units. `None` while a loan that counts is being collected.
///
/// # Errors
/// When the database cannot be reached.
pub async fn collected_counted(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<Option<i64>> {
    let Some(loan) = store::find(&mut *conn, campaign).await? else {
        return Ok(Some(0));
    };
    match loan.state {
        _ if !loan.counts_to_minimum => Ok(Some(0)),
        LoanState::Collecting => Ok(None),
        LoanState::Collected => {
            let totals = store::totals(conn, campaign).await?;
            Ok(Some(totals.collected_minor - totals.own_collected_minor))
        }
        _ => Ok(Some(0)),
    }
}
