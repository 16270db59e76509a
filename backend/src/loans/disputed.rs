//! A lender's bank asks their charge back. Before the loan is paid out the commitment leaves it, and the loan is what is
//! left; after that the share is frozen and taken over, which is the business of `repayments`.

use felag_domain::dispute::DisputeState;
use felag_domain::ids::{CampaignId, CommitmentId};
use felag_domain::ledger::AccountCode;
use felag_domain::lending::{CommitmentEvent, CommitmentState, Fate, LoanState, fate};
use felag_domain::money::Money;
use felag_domain::refund::{RefundWhy, Wish};
use serde_json::json;
use sqlx::PgConnection;

use super::store_batch as batch;
use super::{Commitment, Loan, decide, figures, life, mail, store};
use crate::campaigns::schedule;
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::disputes;
use crate::jobs::enqueue_named;
use crate::payments::{Away, Bank, Done, Landing, SubjectKind, payment};
use crate::refunds::{self, NotAsked, Order};
use crate::repayments;

pub(super) const BANK: Bank = Bank {
    taken: |ctx, conn, away| Box::pin(taken(ctx, conn, away)),
    lost: |ctx, conn, away| Box::pin(lost(ctx, conn, away)),
    won: |ctx, conn, away| Box::pin(won(ctx, conn, away)),
    lands,
    came,
};

async fn taken(ctx: &Ctx, conn: &mut PgConnection, away: &Away) -> anyhow::Result<()> {
    let campaign = away.of.campaign();
    match life::hold(conn, campaign).await? {
        Some((_, loan)) if loan.state.was_paid_out() => {
            repayments::freeze(conn, ctx, campaign, away.of.commitment_id(), away.owed).await
        }
        _ => Ok(()),
    }
}

async fn lost(ctx: &Ctx, conn: &mut PgConnection, away: &Away) -> anyhow::Result<()> {
    let (campaign, id) = (away.of.campaign(), away.of.commitment_id());
    let Some((found, loan)) = life::hold(conn, campaign).await? else {
        return Ok(());
    };
    match loan.state {
        LoanState::Collecting => leave(conn, ctx, &found, id).await.map(|_| ()),
        // A payout may be approved: it is called off first, by the slice above. See [`fit`].
        LoanState::Collected => {
            let what = json!({ "campaign": campaign });
            Ok(enqueue_named(conn, ctx, schedule::LOAN_COLLECTED, what, ctx.now(), None).await?)
        }
        state if state.was_paid_out() => taken_over(conn, ctx, &found, id, &away.dispute).await,
        _ => Ok(()),
    }
}

async fn taken_over(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    id: CommitmentId,
    dispute: &str,
) -> anyhow::Result<()> {
    let Some(one) = batch::lock(conn, campaign.id, id).await? else {
        return Ok(());
    };
    let part = part_taken(conn, &one).await?;
    let is_new = match part {
        Some(part) => repayments::take_part(conn, ctx, campaign.id, id, (part, dispute)).await?,
        None => repayments::take_over(conn, ctx, campaign.id, id, dispute).await?,
    };
    if is_new {
        let part = part.map(|part| (part, true));
        mail::bank_took_back(conn, ctx, campaign, &one, part).await?;
    }
    Ok(())
}

/// What the lender's bank took back of their charge, if that is not all of it.
async fn part_taken(conn: &mut PgConnection, one: &Commitment) -> anyhow::Result<Option<Money>> {
    let payment = payment::last_of(conn, one.subject()).await?;
    Ok(payment
        .filter(|payment| payment.collected().is_positive())
        .map(|payment| payment.gift_disputed))
}

/// The lender has their money: they are no lender of this loan any more. Whether they had been one.
async fn leave(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    id: CommitmentId,
) -> anyhow::Result<bool> {
    let Some(mut one) = batch::lock(conn, campaign.id, id).await? else {
        return Ok(false);
    };
    if one.state != CommitmentState::Active {
        return Ok(false);
    }
    one.take(CommitmentEvent::WentBack)?;
    one.ended_at = Some(ctx.now());
    let gone = [one];
    figures::save(conn, campaign.id, &gone, ctx.now()).await?;
    let [one] = &gone;
    let part = part_taken(conn, one).await?;
    if part.is_some() {
        rest_goes_back(conn, ctx, one).await?;
    }
    mail::bank_took_back(conn, ctx, campaign, one, part.map(|part| (part, false))).await?;
    Ok(true)
}

/// Nobody lends a part of what they signed for: what the bank left of the charge goes back, too.
async fn rest_goes_back(conn: &mut PgConnection, ctx: &Ctx, one: &Commitment) -> anyhow::Result<()> {
    let Some(payment) = payment::last_of(conn, one.subject()).await? else {
        return Ok(());
    };
    let order = Order {
        payment: payment.id,
        wish: Wish::Rest,
        why: RefundWhy::Unwound,
        by: None,
        words: "",
        // Another refund of the payment may follow: of what the bank gives back after all.
        key: one.id.as_uuid(),
    };
    match refunds::ask(conn, ctx, payment.book, &order).await {
        Ok(_) => Ok(()),
        Err(NotAsked::Failed(cause)) => Err(cause),
        Err(NotAsked::Refused(_) | NotAsked::OtherForm) => {
            let left = payment.collected();
            tracing::error!(commitment.id = %one.id, "alarm: {left} of a lender who left cannot be given back");
            Ok(())
        }
    }
}

/// Lenders of a collected loan whose bank has decided that their money is theirs, and who have not left yet.
async fn leaving(conn: &mut PgConnection, campaign: CampaignId) -> anyhow::Result<Vec<CommitmentId>> {
    let mut leaving = Vec::new();
    for dispute in disputes::of_lenders(conn, campaign).await? {
        if dispute.state != DisputeState::Lost {
            continue;
        }
        let payment = payment::find(conn, dispute.book, dispute.payment).await?;
        let of = payment.map(|payment| payment.of);
        let Some(of) = of.filter(|of| of.kind == SubjectKind::Commitment) else {
            continue;
        };
        let one = batch::lock(conn, campaign, of.commitment_id()).await?;
        if one.is_some_and(|one| one.state == CommitmentState::Active) {
            leaving.push(of.commitment_id());
        }
    }
    Ok(leaving)
}

/// Whether a collected loan is more than its lenders still lend: then nothing of it may be paid out before [`fit`].
///
/// # Errors
/// When the database fails.
pub async fn is_too_much(conn: &mut PgConnection, campaign: CampaignId) -> anyhow::Result<bool> {
    let loan = store::find(&mut *conn, campaign).await?;
    let is_collected = loan.is_some_and(|loan| loan.state == LoanState::Collected);
    Ok(is_collected && !leaving(conn, campaign).await?.is_empty())
}

/// A collected loan is what its lenders still lend; if that is too little, all of it goes back. The caller knows that no
/// payout of it is approved or on its way.
///
/// # Errors
/// When the database fails.
pub async fn fit(ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    let Some((found, mut loan)) = life::hold(&mut tx, campaign).await? else {
        return Ok(());
    };
    if loan.state != LoanState::Collected {
        return Ok(());
    }
    let gone = leaving(&mut tx, campaign).await?;
    for id in &gone {
        leave(&mut tx, ctx, &found, *id).await?;
    }
    if !gone.is_empty() {
        shrink(&mut tx, ctx, &found, &mut loan).await?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

async fn shrink(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &mut Loan,
) -> anyhow::Result<()> {
    let totals = store::totals(&mut *conn, campaign.id).await?;
    let left = Money::from_minor(totals.collected_minor, loan.currency());
    match fate(left, loan.least)? {
        Fate::Lent(principal) => {
            loan.principal = Some(principal);
            store::save(conn, loan, ctx.now()).await?;
            mail::shrank(conn, ctx, campaign, loan, principal).await
        }
        Fate::GoesBack => decide::go_back(conn, ctx, campaign, loan, RefundWhy::Unwound).await,
    }
}

/// The loan was paid out while a bank had some of it: those shares are frozen from the first day.
pub(super) async fn paid_out(conn: &mut PgConnection, ctx: &Ctx, campaign: &Campaign) -> anyhow::Result<()> {
    for dispute in disputes::of_lenders(conn, campaign.id).await? {
        let payment = payment::find(conn, dispute.book, dispute.payment).await?;
        let of = payment.map(|payment| payment.of);
        let Some(of) = of.filter(|of| of.kind == SubjectKind::Commitment) else {
            continue;
        };
        let id = of.commitment_id();
        repayments::freeze(conn, ctx, campaign.id, id, dispute.gift.receivable).await?;
        if dispute.state == DisputeState::Lost {
            taken_over(conn, ctx, campaign, id, &dispute.reference).await?;
        }
    }
    Ok(())
}

async fn won(ctx: &Ctx, conn: &mut PgConnection, away: &Away) -> anyhow::Result<()> {
    let campaign = away.of.campaign();
    match life::hold(conn, campaign).await? {
        Some((_, loan)) if loan.state.was_paid_out() => {
            repayments::give_share_back(conn, ctx, campaign, away.of.commitment_id(), &away.dispute).await
        }
        _ => Ok(()),
    }
}

/// Whether the money is no part of a loan any more: its lender left, or the loan did not come about.
fn is_no_share(one: &Commitment, loan: &Loan) -> bool {
    one.state == CommitmentState::Refunded || (loan.state.is_over() && !loan.state.was_paid_out())
}

fn lands<'a>(ctx: &'a Ctx, conn: &'a mut PgConnection, away: &'a Away, amount: Money) -> Landing<'a> {
    Box::pin(async move {
        let campaign = away.of.campaign();
        let one = batch::lock(conn, campaign, away.of.commitment_id()).await?;
        let loan = store::find(&mut *conn, campaign).await?;
        match one.zip(loan) {
            Some((one, loan)) if is_no_share(&one, &loan) || !loan.state.was_paid_out() => {
                Ok(vec![(AccountCode::HeldLoan, amount)])
            }
            _ => repayments::lands(ctx, conn, away, amount).await,
        }
    })
}

/// Money of somebody who lends no more goes back to them; what the project had made up for pays for its loan.
fn came<'a>(ctx: &'a Ctx, conn: &'a mut PgConnection, away: &'a Away, amount: Money) -> Done<'a> {
    Box::pin(async move {
        let campaign = away.of.campaign();
        let one = batch::lock(conn, campaign, away.of.commitment_id()).await?;
        let loan = store::find(&mut *conn, campaign).await?;
        match one.zip(loan) {
            Some((one, loan)) if is_no_share(&one, &loan) => {
                refunds::ask_by_itself(conn, ctx, one.subject(), RefundWhy::LatePayment).await
            }
            Some((_, loan)) if loan.state.was_paid_out() => repayments::came(ctx, conn, away, amount).await,
            _ => Ok(()),
        }?;
        // What of it is held of the loan again, because the bank's question was paid from that, is proposed for payout.
        repayments::propose_held(ctx, conn, away).await
    })
}
