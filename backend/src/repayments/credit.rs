//! A repayment that can be trusted: what it pays of the schedule, and each share's part of it, in one transaction.

use std::collections::BTreeMap;

use felag_domain::entries::loan::{self as entries, Portion};
use felag_domain::entries::share::TakenOver;
use felag_domain::ids::{BookId, CampaignId, CommitmentId, RepaymentId};
use felag_domain::ledger::EntryError;
use felag_domain::lending::{LoanEvent, LoanState, next_loan};
use felag_domain::money::Money;
use felag_domain::repaying::{self, Instalment, Parts, RepaymentState};
use sqlx::PgConnection;
use time::Date;

use super::repayment_store::{self, Repayment};
use super::store::{self, Moved, Running};
use super::{beyond, digest, frozen_store, jobs, mail, share_store};
use crate::campaigns::store as campaigns;
use crate::ctx::Ctx;
use crate::ledger;
use crate::payments::objects::Charge;
use crate::payments::{self, NewPayment, payment};
use crate::planted::{self, Plant};

/// Money came in by a charge. A card's can be trusted at once. The caller holds the campaign and the repayment.
///
/// # Errors
/// When the charge is not what was asked for: nothing is booked.
pub async fn received(
    conn: &mut PgConnection,
    ctx: &Ctx,
    repayment: &mut Repayment,
    charge: &Charge,
) -> anyhow::Result<()> {
    if repayment.charge.as_deref() == Some(&charge.id) {
        return Ok(());
    }
    anyhow::ensure!(
        charge.gross == repayment.amount,
        "alarm: charge {} took {} for a repayment of {}",
        charge.id,
        charge.gross,
        repayment.amount
    );
    let book = BookId::of_campaign(repayment.campaign);
    let entry = entries::repayment_received(book, &charge.id, repayment.amount, charge.fee, charge.at)?;
    ledger::post(conn, ctx, vec![entry]).await?;
    let payment = NewPayment {
        id: ctx.id(),
        of: repayment.subject(),
        charge: &charge.id,
        intent: repayment.intent.as_deref(),
        amount: repayment.amount,
        tip: Money::zero(repayment.amount.currency()),
        paid_at: charge.at,
    };
    payments::keep_payments(conn, book, &[payment]).await?;
    repayment.charge = Some(charge.id.clone());
    (repayment.state, repayment.decline_code) = (RepaymentState::Pending, None);
    if charge.is_debit {
        repayment_store::save(conn, repayment, ctx.now()).await?;
        return jobs::trust_later(conn, ctx, repayment).await;
    }
    credit(conn, ctx, repayment, charge.at.date()).await
}

/// A bank had its days to take a debit back. As long as it asks for it, it is not trusted.
///
/// # Errors
/// When the database fails.
pub async fn trust(ctx: &Ctx, campaign: CampaignId, id: RepaymentId) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    campaigns::lock(&mut tx, campaign).await?;
    let repayment = repayment_store::lock(&mut tx, campaign, id).await?;
    let Some(mut repayment) = repayment.filter(|one| one.state == RepaymentState::Pending) else {
        return Ok(());
    };
    let Some(payment) = payment::last_of(&mut tx, repayment.subject()).await? else {
        anyhow::bail!("repayment {id} came in by no payment");
    };
    if payment.disputed.is_positive() {
        jobs::trust_later(&mut tx, ctx, &repayment).await?;
    } else {
        // The project paid on the day it was debited: nobody charges it for the days of banks.
        credit(&mut tx, ctx, &mut repayment, payment.paid_at.date()).await?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Splits a received repayment.
///
/// # Errors
/// When the database fails, or no loan runs.
pub(super) async fn credit(
    conn: &mut PgConnection,
    ctx: &Ctx,
    repayment: &mut Repayment,
    on: Date,
) -> anyhow::Result<()> {
    let Some(loan) = store::lock(conn, repayment.campaign).await? else {
        anyhow::bail!("alarm: a repayment of a loan that is not running");
    };
    let book = BookId::of_campaign(loan.campaign);
    let owed = super::owed_now(conn, book, loan.currency).await?.minor();
    let owed = owed.min(repayment.amount.minor());
    let for_loan = repayment.amount.minor() - owed;
    let mut rows = store::rows(conn, loan.campaign, loan.plan).await?;
    let is_given_up = loan.state == LoanState::WrittenOff;
    let paid = if is_given_up {
        recovered(&loan, for_loan)
    } else {
        repaying::pay(&mut rows, loan.agreed(), on, for_loan)
    };
    (repayment.parts, repayment.owed) = (paid.total, loan.money(owed));
    repayment.beyond = loan.money(paid.beyond);
    (repayment.is_given_up, repayment.credited_at) = (is_given_up, Some(ctx.now()));
    repayment.state = RepaymentState::Credited;
    let (portions, taken) = split(conn, &loan, paid.total).await?;
    let sums = (loan.money(owed), loan.money(paid.total.fee));
    let entry = entries::repayment_credited(
        book,
        repayment.id.as_uuid(),
        sums,
        &portions,
        &taken,
        is_given_up,
        ctx.now(),
    );
    match entry {
        Ok(entry) => ledger::post(conn, ctx, vec![entry]).await?,
        // Nobody was owed any of it.
        Err(EntryError::Empty) => {}
        Err(other) => return Err(other.into()),
    }
    share_store::credit(conn, loan.campaign, repayment.id, &portions, is_given_up).await?;
    let bearers: Vec<_> = taken
        .iter()
        .map(|(share, taken)| (*share, taken.receivable, taken.fees))
        .collect();
    if !bearers.is_empty() {
        frozen_store::credit(conn, loan.campaign, &bearers).await?;
    }
    store::save_rows(conn, loan.campaign, loan.plan, &rows).await?;
    repayment_store::save(conn, repayment, ctx.now()).await?;
    repayment_store::keep_parts(conn, repayment, loan.plan, &paid.rows).await?;
    let moved = Moved {
        principal: paid.total.principal,
        interest: paid.total.interest + paid.total.late,
        lost: if is_given_up { -paid.total.principal } else { 0 },
        recovered: if is_given_up || loan.is_in_default() {
            for_loan - paid.beyond
        } else {
            0
        },
    };
    let oldest = repaying::next_open(&rows).map(|row| row.due_on);
    store::add(conn, loan.campaign, moved, oldest).await?;
    state_after(conn, ctx, &loan, &rows, moved).await?;
    beyond::give_back(conn, ctx, repayment).await?;
    if repayment.beyond == repayment.amount {
        return Ok(());
    }
    mail::collected(conn, ctx, &loan, repayment).await?;
    digest::later(conn, ctx, loan.campaign).await?;
    jobs::send_on_later(conn, ctx, loan.campaign).await
}

/// What comes in after a loan was given up is principal, and never more than was lost.
fn recovered(loan: &Running, amount: i64) -> repaying::Payment {
    let principal = amount.min(loan.lost.minor());
    repaying::Payment {
        rows: Vec::new(),
        total: Parts {
            principal,
            ..Parts::default()
        },
        beyond: amount - principal,
    }
}

/// Principal and interest apart, by the shares fixed at closing. Shares that get nothing are left out. Beside it what of
/// that goes to whoever took a share over, or fronted a part of it.
async fn split(
    conn: &mut PgConnection,
    loan: &Running,
    total: Parts,
) -> anyhow::Result<(Vec<Portion>, BTreeMap<CommitmentId, TakenOver>)> {
    let shares = share_store::all(conn, loan.campaign).await?;
    let by_heads = planted::is(Plant::SplitByHeads);
    let weights: Vec<i64> = shares
        .iter()
        .map(|one| if by_heads { 1 } else { one.share })
        .collect();
    let principal: Vec<i64> = shares.iter().map(|one| one.principal).collect();
    let interest: Vec<i64> = shares.iter().map(|one| one.interest).collect();
    let principal = repaying::split(&weights, &principal, total.principal);
    let earned = if planted::is(Plant::InterestKept) {
        0
    } else {
        total.interest + total.late
    };
    let interest = repaying::split(&weights, &interest, earned);
    let parts = shares.iter().zip(principal.into_iter().zip(interest));
    let mut taken = BTreeMap::new();
    let mut portions = Vec::with_capacity(shares.len());
    for (share, (principal, interest)) in parts {
        if principal == 0 && interest == 0 {
            continue;
        }
        let whole = principal + interest;
        let to_bearer = if share.is_taken_over {
            whole
        } else {
            share.bank_left.min(whole)
        };
        if to_bearer > 0 {
            let receivable = share.fronted.min(to_bearer);
            let part = TakenOver {
                receivable: loan.money(receivable),
                fees: loan.money(to_bearer - receivable),
            };
            taken.insert(share.id, part);
        }
        portions.push(Portion {
            share: share.id,
            principal: loan.money(principal),
            interest: loan.money(interest),
        });
    }
    Ok((portions, taken))
}

/// Where the loan stands now.
async fn state_after(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    rows: &[Instalment],
    moved: Moved,
) -> anyhow::Result<()> {
    let today = ctx.now().date();
    let nothing_lost = loan.lost.minor() + moved.lost == 0;
    let event = if loan.state == LoanState::WrittenOff {
        if nothing_lost {
            LoanEvent::PaidBack
        } else {
            LoanEvent::RecoveryBegan
        }
    } else if repaying::is_over(rows) {
        LoanEvent::PaidBack
    } else if repaying::days_late(rows, today, loan.least()) == 0 {
        LoanEvent::CaughtUp
    } else if loan.is_in_default() {
        LoanEvent::RecoveryBegan
    } else {
        LoanEvent::FellBehind
    };
    change_state(conn, ctx, loan, event).await
}

/// Moves a loan, and tells of what is news.
pub async fn change_state(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    event: LoanEvent,
) -> anyhow::Result<()> {
    let to = next_loan(loan.state, event)?;
    if to == loan.state {
        return Ok(());
    }
    store::set_loan_state(conn, loan.campaign, to, ctx.now()).await?;
    if to == LoanState::Defaulted {
        store::set_defaulted(conn, loan.campaign, ctx.now().date()).await?;
    } else if loan.is_in_default() && to == LoanState::Repaying {
        // Cured. That it defaulted stays in the statistics.
        store::note(conn, loan.campaign, (ctx.id(), "cured", ""), None, ctx.now()).await?;
    }
    store::note(conn, loan.campaign, (ctx.id(), to.as_str(), ""), None, ctx.now()).await?;
    jobs::tell_state(conn, ctx, loan.campaign, to).await
}
