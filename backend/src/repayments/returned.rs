//! A repayment that a bank takes back: the stored split is mirrored, never computed again. What a share's account still
//! has goes first; what was already sent to a lender stays with them, and the project owes it to the platform.

use felag_domain::entries::loan::{self as entries, Portion};
use felag_domain::ids::{BookId, CampaignId, RepaymentId};
use felag_domain::ledger::{AccountCode, EntryError};
use felag_domain::lending::{LoanEvent, LoanState};
use felag_domain::money::Money;
use felag_domain::repaying::{self, Instalment, Parts, RepaymentState};
use serde_json::json;
use sqlx::PgConnection;

use super::repayment_store::{self, New, Repayment};
use super::store::{self, Moved, Running};
use super::{ask, beyond, credit, mail, share_store};
use crate::campaigns::schedule;
use crate::ctx::Ctx;
use crate::jobs::enqueue_named;
use crate::ledger;
use crate::payments::{Away, Bank, Done, Landing, Returns};
use crate::planted::{self, Plant};

/// For `wiring`.
pub const RETURNS: Returns = Returns {
    counted: |_, _, _| Box::pin(async { Ok(()) }),
    tell: |ctx, conn, _, told| Box::pin(beyond::tell(conn, ctx, told)),
    bank: Some(Bank {
        taken: |_, _, _| Box::pin(async { Ok(()) }),
        lost,
        won: |_, _, _| Box::pin(async { Ok(()) }),
        lands,
        came: |ctx, conn, away, amount| {
            Box::pin(async move {
                came(ctx, conn, away, amount).await?;
                propose_held(ctx, conn, away).await
            })
        },
    }),
};

/// A bank decided against a repayment.
fn lost<'a>(ctx: &'a Ctx, conn: &'a mut PgConnection, away: &'a Away) -> Done<'a> {
    Box::pin(async move {
        if planted::is(Plant::ReturnedDebitIgnored) {
            return Ok(());
        }
        let campaign = away.of.campaign();
        come_back(conn, ctx, campaign, RepaymentId::from_uuid(away.of.id)).await
    })
}

/// Money that a bank gave back after the project had made up for it pays for the loan, as far as anything is owed on it.
/// Beyond that it is the project's: held, and proposed for payout.
pub fn lands<'a>(ctx: &'a Ctx, conn: &'a mut PgConnection, away: &'a Away, amount: Money) -> Landing<'a> {
    Box::pin(async move {
        let loan = store::lock(conn, away.of.campaign()).await?;
        let open = match loan.filter(Running::takes_repayments) {
            Some(loan) => ask::open(conn, ctx, &loan).await?.1,
            None => 0,
        };
        let pays = Money::from_minor(open.clamp(0, amount.minor()), amount.currency());
        Ok(vec![
            (AccountCode::Pending, pays),
            (AccountCode::HeldLoan, amount.checked_sub(pays)?),
        ])
    })
}

/// What of it is held of the loan is proposed for payout.
///
/// # Errors
/// When the database fails.
pub async fn propose_held(ctx: &Ctx, conn: &mut PgConnection, away: &Away) -> anyhow::Result<()> {
    let what = json!({ "campaign": away.of.campaign() });
    Ok(enqueue_named(conn, ctx, schedule::LOAN_COLLECTED, what, ctx.now(), None).await?)
}

/// So much of it stands as pending now: it is a repayment, made on this day.
///
/// # Errors
/// When the database fails.
pub async fn came(ctx: &Ctx, conn: &mut PgConnection, away: &Away, amount: Money) -> anyhow::Result<()> {
    let campaign = away.of.campaign();
    let loan = store::lock(conn, campaign).await?;
    if !amount.is_positive() || !loan.is_some_and(|loan| loan.takes_repayments()) {
        return Ok(());
    }
    let id: RepaymentId = ctx.id();
    let new = New {
        campaign,
        id,
        way: "given_back",
        amount,
        request_key: &format!("won {}", away.dispute),
        asked_by: None,
    };
    if !repayment_store::insert(conn, &new, ctx.now()).await? {
        return Ok(());
    }
    match repayment_store::lock(conn, campaign, id).await? {
        Some(mut repayment) => credit::credit(conn, ctx, &mut repayment, ctx.now().date()).await,
        None => Ok(()),
    }
}

/// Books that a repayment came back. The dispute took it from what the project owes; of that, shares give back what
/// still stands on their accounts. Twice is as good as once. The caller holds the campaign.
///
/// # Errors
/// When the database fails.
pub async fn come_back(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    id: RepaymentId,
) -> anyhow::Result<()> {
    let Some(loan) = store::lock(conn, campaign).await? else {
        return Ok(());
    };
    let Some(mut repayment) = repayment_store::lock(conn, campaign, id).await? else {
        return Ok(());
    };
    let book = BookId::of_campaign(campaign);
    match repayment.state {
        RepaymentState::Pending => {
            // The dispute took it from what the project owes: it does not, for nothing of it was split.
            let entry = entries::repayment_untrusted(book, id.as_uuid(), repayment.amount, ctx.now())?;
            ledger::post(conn, ctx, vec![entry]).await?;
        }
        RepaymentState::Credited => mirror(conn, ctx, &loan, &repayment).await?,
        _ => return Ok(()),
    }
    repayment.state = RepaymentState::Returned;
    repayment_store::save(conn, &repayment, ctx.now()).await?;
    mail::returned(conn, ctx, &loan, &repayment).await
}

async fn mirror(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    repayment: &Repayment,
) -> anyhow::Result<()> {
    let stored = share_store::stored_split(conn, loan.campaign, repayment.id, loan.currency).await?;
    let mut can = Vec::with_capacity(stored.len());
    for (portion, unpaid) in &stored {
        let taken = entries::undone(*portion, *unpaid)?.taken;
        can.push(taken.principal.checked_add(taken.interest)?.minor());
    }
    // What the project has paid to the platform meanwhile, nobody gives back once more.
    let book = BookId::of_campaign(loan.campaign);
    let owed = super::owed_now(conn, book, loan.currency).await?;
    let all = can.iter().sum::<i64>().min(owed.minor()).max(0);
    let gives = repaying::split(&can, &vec![0; can.len()], all);
    let taken = stored
        .iter()
        .zip(gives)
        .map(|((portion, _), gives)| Ok(entries::undone(*portion, loan.money(gives))?.taken))
        .collect::<anyhow::Result<Vec<Portion>>>()?;
    let entry = entries::repayment_lost(
        book,
        repayment.id.as_uuid(),
        &taken,
        repayment.is_given_up,
        ctx.now(),
    );
    match entry {
        Ok(entry) => ledger::post(conn, ctx, vec![entry]).await?,
        // Nothing of it stands on any share's account any more.
        Err(EntryError::Empty) => {}
        Err(other) => return Err(other.into()),
    }
    share_store::take_back(conn, loan.campaign, &taken, repayment.is_given_up).await?;
    let principal: i64 = taken.iter().map(|one| one.principal.minor()).sum();
    let interest: i64 = taken.iter().map(|one| one.interest.minor()).sum();
    reopen(conn, ctx, loan, repayment, (principal, interest)).await
}

/// The instalments it had paid are open again, by what really went back; the latest of them first.
async fn reopen(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Running,
    repayment: &Repayment,
    (principal, interest): (i64, i64),
) -> anyhow::Result<()> {
    let (mut principal_left, mut interest_left) = (principal, interest);
    let mut back = Vec::new();
    // What it had paid of an earlier plan is no longer in any row: it is owed again, at once.
    let mut again = Parts::default();
    for (plan, number, parts) in repayment_store::parts(conn, repayment).await?.into_iter().rev() {
        let take = |left: &mut i64, part: i64| {
            let taken = part.min(*left);
            *left -= taken;
            taken
        };
        let parts = Parts {
            principal: take(&mut principal_left, parts.principal),
            interest: take(&mut interest_left, parts.interest),
            late: take(&mut interest_left, parts.late),
            fee: 0,
        };
        if plan == loan.plan {
            back.push((number, parts));
        } else {
            again = again.plus(parts);
        }
    }
    let mut rows = store::rows(conn, loan.campaign, loan.plan).await?;
    repaying::unpay(&mut rows, &back);
    if !again.is_nothing() {
        let number = rows.iter().map(|row| row.number).max().unwrap_or(0) + 1;
        let row = Instalment::new(
            number,
            ctx.now().date(),
            again.principal,
            again.interest + again.late,
        );
        rows.push(row);
    }
    store::save_rows(conn, loan.campaign, loan.plan, &rows).await?;
    let moved = Moved {
        principal: -principal,
        interest: -interest,
        lost: if repayment.is_given_up { principal } else { 0 },
        recovered: 0,
    };
    let oldest = repaying::next_open(&rows).map(|row| row.due_on);
    store::add(conn, loan.campaign, moved, oldest).await?;
    let is_late = repaying::days_late(&rows, ctx.now().date(), loan.least()) > 0;
    if is_late && matches!(loan.state, LoanState::Repaying | LoanState::Rescheduled) {
        credit::change_state(conn, ctx, loan, LoanEvent::FellBehind).await?;
    }
    Ok(())
}
