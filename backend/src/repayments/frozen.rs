//! A lender's bank asks their charge back after the loan was paid out (rule 8 of domain.md §3): the share is frozen, so
//! nothing of it is sent on. Once the bank has decided for the lender, whoever bore the loss takes the share over: its
//! instalments make up for what the bank took, at the pace of the contract, so that the project pays nobody twice and
//! no other lender waits. See infra/docs/adr/0008-frozen-shares.md.

use felag_domain::entries::share::{TakenOver, share_given_back, share_taken_over};
use felag_domain::ids::{BookId, CampaignId, CommitmentId};
use felag_domain::ledger::{Account, AccountCode};
use felag_domain::money::{Currency, Money};
use sqlx::PgConnection;

use super::frozen_store::{self as store, Frozen};
use super::{jobs, store as loans};
use crate::ctx::Ctx;
use crate::ledger;

/// What a project owes the platform in a book now: its receivable, less what comes back by the instalments of frozen
/// shares. Never below nothing.
///
/// # Errors
/// When the database fails.
pub async fn owed_now(conn: &mut PgConnection, book: BookId, currency: Currency) -> anyhow::Result<Money> {
    let receivable = ledger::balance_of(conn, book, AccountCode::Receivable, currency).await?;
    let fronted = store::fronted(conn, book, currency).await?;
    let owed = receivable.checked_sub(fronted)?.minor().max(0);
    Ok(Money::from_minor(owed, currency))
}

/// The bank has the money and decides: nothing of the share is sent on, and the project is not asked for the part of it
/// that it owes. Twice is as good as once.
///
/// # Errors
/// When the database fails.
pub async fn freeze(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    share: CommitmentId,
    owed: Money,
) -> anyhow::Result<()> {
    store::freeze(conn, campaign, share, owed, ctx.now()).await?;
    Ok(())
}

/// The bank decided for the lender. What stands on the share's account makes up for what was taken, and so does what is
/// still to come; what had been sent on before, the project owes now. Whether the share had not been taken over yet.
///
/// # Errors
/// When the database fails.
pub async fn take_over(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    share: CommitmentId,
    cause: &str,
) -> anyhow::Result<bool> {
    let Some(loan) = loans::lock(conn, campaign).await? else {
        return Ok(false);
    };
    let Some(before) = store::lock(conn, campaign, share).await? else {
        return Ok(false);
    };
    let book = BookId::of_campaign(campaign);
    let account = Account::of_share(AccountCode::Lender, share.as_uuid());
    let stands = ledger::balance_of(conn, book, account, loan.currency)
        .await?
        .minor();
    if before.is_taken_over && stands == 0 {
        return Ok(false);
    }
    let owed = owed_now(conn, book, loan.currency).await?.minor();
    let receivable = stands.min(before.fronted + owed);
    let taken = TakenOver {
        receivable: loan.money(receivable),
        fees: loan.money(stands - receivable),
    };
    if stands > 0 {
        let entry = share_taken_over(book, cause, share, &taken, ctx.now())?;
        ledger::post(conn, ctx, vec![entry]).await?;
    }
    let after = Frozen {
        is_taken_over: true,
        fronted: (before.fronted - receivable).clamp(0, before.open),
        open: before.open,
        taken_receivable: before.taken_receivable + receivable,
        taken_fees: before.taken_fees + stands - receivable,
        bank: 0,
    };
    store::take_over(conn, campaign, share, after, ctx.now()).await?;
    Ok(!before.is_taken_over)
}

/// The bank decided for the lender, about a part of the charge: they lend the rest. What stands on the share's account and
/// what comes in for it makes up for `took` first; what cannot come that way any more, the project owes now. Whether that
/// is news.
///
/// # Errors
/// When the database fails.
pub async fn take_part(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    share: CommitmentId,
    (took, cause): (Money, &str),
) -> anyhow::Result<bool> {
    let Some(loan) = loans::lock(conn, campaign).await? else {
        return Ok(false);
    };
    let before = store::lock(conn, campaign, share).await?;
    let Some(before) = before.filter(|one| one.bank == 0 && !one.is_taken_over) else {
        return Ok(false);
    };
    let book = BookId::of_campaign(campaign);
    let account = Account::of_share(AccountCode::Lender, share.as_uuid());
    let stands = ledger::balance_of(conn, book, account, loan.currency).await?;
    let at_once = stands.minor().min(took.minor());
    let owed = owed_now(conn, book, loan.currency).await?.minor();
    let receivable = at_once.min(before.fronted + owed);
    let taken = TakenOver {
        receivable: loan.money(receivable),
        fees: loan.money(at_once - receivable),
    };
    if at_once > 0 {
        let entry = share_taken_over(book, cause, share, &taken, ctx.now())?;
        ledger::post(conn, ctx, vec![entry]).await?;
    }
    let to_come = before.open.min(took.minor() - at_once);
    let after = Frozen {
        fronted: (before.fronted - receivable).clamp(0, to_come),
        taken_receivable: receivable,
        taken_fees: at_once - receivable,
        bank: at_once + to_come,
        ..before
    };
    store::make_up(conn, campaign, share, after).await?;
    jobs::send_on_later(conn, ctx, campaign).await?;
    Ok(true)
}

/// The bank decided for the project, at once or after all: everything that was taken over is the lender's again.
///
/// # Errors
/// When the database fails.
pub async fn give_back(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    share: CommitmentId,
    cause: &str,
) -> anyhow::Result<()> {
    let Some(loan) = loans::lock(conn, campaign).await? else {
        return Ok(());
    };
    let Some(frozen) = store::lock(conn, campaign, share).await? else {
        return Ok(());
    };
    let taken = TakenOver {
        receivable: loan.money(frozen.taken_receivable),
        fees: loan.money(frozen.taken_fees),
    };
    if frozen.taken_receivable + frozen.taken_fees > 0 {
        let entry = share_given_back(BookId::of_campaign(campaign), cause, share, &taken, ctx.now())?;
        ledger::post(conn, ctx, vec![entry]).await?;
    }
    store::thaw(conn, campaign, share).await?;
    jobs::send_on_later(conn, ctx, campaign).await
}
