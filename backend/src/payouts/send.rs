//! Sending what two people approved: a transfer to the project's account, then from there to its bank. Each request is
//! an operation; what is asked of the provider first is only whether our balance has the money now.

use felag_domain::ids::{BookId, CampaignId, PayoutId};
use felag_domain::ledger::AccountCode;
use felag_domain::payout::{PayoutEvent, PayoutSource, PayoutState, entries, next};
use felag_frontend::Lang;
use sqlx::PgConnection;
use time::Duration;

use super::facts::facts;
use super::{Payout, ask, jobs, store};
use crate::campaigns::store as campaigns;
use crate::crash::CrashPoint;
use crate::ctx::Ctx;
use crate::ledger;
use crate::payments::{self, Kind, connect};

/// How long something that stands in the way is left alone before it is looked at again.
const LOOK_AGAIN: Duration = Duration::hours(6);

/// Sends an approved payout, or waits. Doing it again changes nothing.
///
/// # Errors
/// When the database or the provider fails; the job is tried again.
pub async fn send(ctx: &Ctx, campaign: CampaignId, id: PayoutId) -> anyhow::Result<()> {
    let Some(before) = campaigns::find(&ctx.db, campaign).await? else {
        return Ok(());
    };
    // Asked outside the transaction: nobody else waits for the provider.
    let available = connect::available(ctx, before.currency).await?;
    let mut tx = ctx.db.begin().await?;
    let Some(campaign) = campaigns::lock(&mut tx, campaign).await? else {
        return Ok(());
    };
    let Some(payout) = store::lock(&mut tx, campaign.id, id).await? else {
        return Ok(());
    };
    if payout.state != PayoutState::Approved {
        return Ok(());
    }
    let facts = facts(&mut tx, ctx, &campaign, payout.parts.source).await?;
    let net = payout.parts.net;
    let of_loan = payout.parts.source == PayoutSource::Loan;
    if of_loan && crate::loans::is_too_much(&mut tx, campaign.id).await? {
        // Called off by the job that fits the loan.
        return Ok(());
    }
    if facts.payable.minor() < net.minor() {
        let reason = Lang::En.t("payout-used-up");
        ask::call_off(&mut tx, ctx, &campaign, &payout, None, reason).await?;
    } else if !facts.frozen.is_empty() || available.minor() < net.minor() {
        let why = facts.frozen.first().map_or(
            "the provider has not released the money".into(),
            ToString::to_string,
        );
        tracing::info!(payout.id = %payout.id, "a payout waits: {why}");
        jobs::send(&mut tx, ctx, &payout, ctx.now() + LOOK_AGAIN).await?;
    } else if let Some(account) = &facts.account
        && let Some(account_ref) = &account.account_ref
    {
        let book = BookId::of_campaign(campaign.id);
        next(payout.state, PayoutEvent::SendingStarted)?;
        let entry = entries::sending(book, &payout.id.to_string(), net, ctx.now())?;
        ledger::post(&mut tx, ctx, vec![entry]).await?;
        store::sending(
            &mut tx,
            &payout,
            account_ref,
            account.bank_last4.as_deref(),
            ctx.now(),
        )
        .await?;
        transfer(&mut tx, ctx, &payout, account_ref).await?;
    }
    tx.commit().await?;
    ctx.crash_point(CrashPoint::PayoutSending);
    ctx.wake_workers();
    Ok(())
}

/// From the balance that is available: gifts are charged a week before anything leaves, and no single one of them pays
/// for a payout, so the transfer names no charge as its source.
async fn transfer(conn: &mut PgConnection, ctx: &Ctx, payout: &Payout, account: &str) -> sqlx::Result<()> {
    let group = payout.id.to_string();
    let request = |tag| connect::create_transfer(tag, payout.parts.net, account, &group);
    payments::write(conn, ctx, payout.subject(), Kind::CreateTransfer, request).await?;
    Ok(())
}

/// A step that the provider could not do for now, once more: whichever the payout waits for.
///
/// # Errors
/// When the database fails.
pub async fn step_again(ctx: &Ctx, campaign: CampaignId, id: PayoutId) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    campaigns::lock(&mut tx, campaign).await?;
    let Some(payout) = store::lock(&mut tx, campaign, id).await? else {
        return Ok(());
    };
    let Some(account) = payout.account_ref.clone() else {
        return Ok(());
    };
    match payout.state {
        PayoutState::Sending if is_free(&mut tx, &payout, Kind::CreateTransfer).await? => {
            transfer(&mut tx, ctx, &payout, &account).await?;
        }
        PayoutState::OnItsWay
            if payout.bank_payout_ref.is_none() && is_free(&mut tx, &payout, Kind::CreatePayout).await? =>
        {
            to_bank(&mut tx, ctx, &payout, &account).await?;
        }
        PayoutState::Failed if is_free(&mut tx, &payout, Kind::ReverseTransfer).await? => {
            take_back(&mut tx, ctx, &payout).await?;
        }
        _ => {}
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

async fn is_free(conn: &mut PgConnection, payout: &Payout, kind: Kind) -> sqlx::Result<bool> {
    Ok(!payments::operations::is_waiting(conn, payout.subject(), kind).await?)
}

/// From the project's account at the provider to its bank.
pub async fn to_bank(conn: &mut PgConnection, ctx: &Ctx, payout: &Payout, account: &str) -> sqlx::Result<()> {
    let words = format!("FELAG {}", payout.number);
    let request = |tag| connect::create_payout(tag, payout.parts.net, account, &words);
    payments::write(conn, ctx, payout.subject(), Kind::CreatePayout, request).await?;
    Ok(())
}

/// The bank did not take it: back from the project's account.
pub async fn take_back(conn: &mut PgConnection, ctx: &Ctx, payout: &Payout) -> anyhow::Result<()> {
    let Some(transfer) = &payout.transfer_ref else {
        anyhow::bail!("payout {} has no transfer to take back", payout.id);
    };
    let request = |tag| connect::reverse_transfer(tag, transfer);
    payments::write(conn, ctx, payout.subject(), Kind::ReverseTransfer, request).await?;
    Ok(())
}

/// Nothing is held, payable or planned any more: the campaign is closed.
pub async fn close_if_empty(conn: &mut PgConnection, ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    use felag_domain::campaign::{CampaignEvent, CampaignState, next};
    let Some(found) = campaigns::lock(conn, campaign).await? else {
        return Ok(());
    };
    if found.state != CampaignState::Funded || store::under_way(conn, campaign).await?.is_some() {
        return Ok(());
    }
    let book = BookId::of_campaign(campaign);
    let accounts = [
        AccountCode::Held,
        AccountCode::HeldLoan,
        AccountCode::Payable,
        AccountCode::InTransit,
    ];
    for account in accounts {
        if !ledger::balance_of(conn, book, account, found.currency)
            .await?
            .is_zero()
        {
            return Ok(());
        }
    }
    let to = next(found.state, CampaignEvent::PaidOut)?;
    sqlx::query!(
        "update campaign set state = $2, updated_at = $3 where campaign_id = $1",
        campaign as _,
        to.as_str(),
        ctx.now(),
    )
    .execute(conn)
    .await?;
    Ok(())
}
