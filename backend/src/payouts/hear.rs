//! What the provider answers and tells of transfers and payouts. May be heard twice and in any order.

use felag_domain::ids::{BookId, CampaignId, PayoutId};
use felag_domain::payout::{PayoutEvent, PayoutSource, PayoutState, entries, next};
use serde_json::Value;
use sqlx::PgConnection;
use time::Duration;
use uuid::Uuid;

use super::store::{self, Heard as Kept};
use super::{Payout, ask, jobs, mail, send};
use crate::campaigns::store as campaigns;
use crate::ctx::Ctx;
use crate::expenses;
use crate::ledger;
use crate::payments::connect::BankPayout;
use crate::payments::objects::{self, Trouble};
use crate::payments::{Answered, Heard, Kind, News, Outcome, Told};
use crate::planted::{self, Plant};

/// How long a balance that is not there yet is waited for.
const BALANCE_WAIT: Duration = Duration::hours(6);

/// Answers to operations.
pub fn answers<'a>(
    ctx: &'a Ctx,
    conn: &'a mut PgConnection,
    book: BookId,
    answered: &'a [Answered],
) -> Heard<'a, ()> {
    let campaign = CampaignId::from_uuid(book.as_uuid());
    Box::pin(async move {
        campaigns::lock(conn, campaign).await?;
        for one in answered {
            let id = PayoutId::from_uuid(one.operation.of.id);
            let Some(payout) = store::lock(conn, campaign, id).await? else {
                anyhow::bail!("there is no payout {id}");
            };
            match (one.operation.kind, &one.outcome) {
                (Kind::CreateTransfer, Outcome::Done(object)) => {
                    transferred(conn, ctx, &payout, object).await?
                }
                (Kind::CreatePayout, Outcome::Done(object)) => bank(conn, ctx, &payout, object).await?,
                (Kind::ReverseTransfer, Outcome::Done(object)) => {
                    reversed(conn, ctx, &payout, object).await?
                }
                (kind, Outcome::Refused(trouble)) => refused(conn, ctx, &payout, kind, trouble).await?,
                (kind, Outcome::Done(_)) => anyhow::bail!("{} is not about a payout", kind.as_str()),
            }
        }
        Ok(())
    })
}

/// At the project's account: now on to its bank.
async fn transferred(
    conn: &mut PgConnection,
    ctx: &Ctx,
    payout: &Payout,
    object: &Value,
) -> anyhow::Result<()> {
    let to = next(payout.state, PayoutEvent::Transferred)?;
    let Some(transfer) = objects::id(object) else {
        anyhow::bail!("a transfer without an id");
    };
    if to == payout.state {
        return Ok(());
    }
    let entry = entries::sent(
        BookId::of_campaign(payout.campaign),
        transfer,
        payout.parts.net,
        ctx.now(),
    )?;
    ledger::post(conn, ctx, vec![entry]).await?;
    let kept = Kept {
        transfer: Some(transfer),
        ..Kept::default()
    };
    store::heard(conn, payout, to, kept, ctx.now()).await?;
    let Some(account) = &payout.account_ref else {
        anyhow::bail!("payout {} names no account", payout.id);
    };
    send::to_bank(conn, ctx, payout, account).await?;
    Ok(())
}

/// Where the payout at the project's account stands.
async fn bank(conn: &mut PgConnection, ctx: &Ctx, payout: &Payout, object: &Value) -> anyhow::Result<()> {
    let Some(told) = BankPayout::read(object) else {
        anyhow::bail!("a payout without an id");
    };
    let is_other = payout
        .bank_payout_ref
        .as_ref()
        .is_some_and(|known| *known != told.id);
    if is_other {
        return Ok(());
    }
    let event = match told.status.as_str() {
        "paid" => Some(PayoutEvent::BankPaid),
        "failed" | "canceled" => Some(PayoutEvent::BankFailed),
        _ => None,
    };
    let to = event.map_or(Ok(payout.state), |event| next(payout.state, event))?;
    let kept = Kept {
        bank_payout: Some(&told.id),
        bank_reference: told.reference.as_deref(),
        failure_code: told.failure_code.as_deref(),
        ..Kept::default()
    };
    store::heard(conn, payout, to, kept, ctx.now()).await?;
    if payout.bank_payout_ref.is_none() {
        jobs::watch(conn, ctx, payout).await?;
    }
    if to == payout.state {
        return Ok(());
    }
    match to {
        PayoutState::Paid => {
            ask::note(conn, ctx, payout, None, ask::kinds::PAID, "").await?;
            expenses::paid_out(conn, payout.campaign, payout.parts.net).await?;
            mail::paid(conn, ctx, payout).await?;
            if payout.parts.source == PayoutSource::Loan {
                crate::loans::paid_out(conn, ctx, payout.campaign, ctx.now()).await?;
            }
            send::close_if_empty(conn, ctx, payout.campaign).await
        }
        PayoutState::Failed => {
            let code = told.failure_code.as_deref().unwrap_or("unknown");
            tracing::warn!(payout.id = %payout.id, code, "a bank did not take a payout");
            if payout.state == PayoutState::Paid {
                expenses::came_back(conn, payout.campaign, payout.parts.net).await?;
                if payout.parts.source == PayoutSource::Loan {
                    crate::loans::came_back(conn, ctx, payout.campaign, &payout.id.to_string()).await?;
                }
            }
            ask::note(conn, ctx, payout, None, ask::kinds::FAILED, code).await?;
            send::take_back(conn, ctx, payout).await
        }
        _ => Ok(()),
    }
}

/// Back from the project's account: held again.
async fn reversed(conn: &mut PgConnection, ctx: &Ctx, payout: &Payout, object: &Value) -> anyhow::Result<()> {
    let to = next(payout.state, PayoutEvent::Reversed)?;
    let Some(reversal) = objects::id(object) else {
        anyhow::bail!("a reversal without an id");
    };
    if to == payout.state {
        return Ok(());
    }
    let book = BookId::of_campaign(payout.campaign);
    let entry = entries::returned(book, reversal, &payout.parts, ctx.now())?;
    let kept = Kept {
        reversal: Some(reversal),
        ..Kept::default()
    };
    came_back(conn, ctx, payout, to, entry, kept).await
}

async fn came_back(
    conn: &mut PgConnection,
    ctx: &Ctx,
    payout: &Payout,
    to: PayoutState,
    entry: felag_domain::ledger::NewEntry,
    kept: Kept<'_>,
) -> anyhow::Result<()> {
    if !planted::is(Plant::ReturnedPayoutForgotten) {
        ledger::post(conn, ctx, vec![entry]).await?;
    }
    store::heard(conn, payout, to, kept, ctx.now()).await?;
    let code = kept.failure_code.or(payout.failure_code.as_deref()).unwrap_or("");
    ask::note(conn, ctx, payout, None, ask::kinds::RETURNED, code).await?;
    jobs::propose_again(conn, ctx, payout).await?;
    mail::failed(conn, ctx, payout, code).await
}

/// The provider refused a step. Money that is not there yet is waited for.
async fn refused(
    conn: &mut PgConnection,
    ctx: &Ctx,
    payout: &Payout,
    kind: Kind,
    trouble: &Trouble,
) -> anyhow::Result<()> {
    let code = trouble.short();
    if code == "balance_insufficient" {
        tracing::warn!(payout.id = %payout.id, "{} waits for the balance", kind.as_str());
        return jobs::step_again(conn, ctx, payout, ctx.now() + BALANCE_WAIT).await;
    }
    tracing::error!(payout.id = %payout.id, code, "alarm: {} of a payout was refused", kind.as_str());
    let kept = Kept {
        failure_code: Some(&code),
        ..Kept::default()
    };
    match kind {
        Kind::CreateTransfer => {
            let to = next(payout.state, PayoutEvent::TransferRefused)?;
            let book = BookId::of_campaign(payout.campaign);
            let entry = entries::refused(book, &payout.id.to_string(), &payout.parts, ctx.now())?;
            came_back(conn, ctx, payout, to, entry, kept).await
        }
        Kind::CreatePayout => {
            let to = next(payout.state, PayoutEvent::BankFailed)?;
            store::heard(conn, payout, to, kept, ctx.now()).await?;
            ask::note(conn, ctx, payout, None, ask::kinds::FAILED, &code).await?;
            send::take_back(conn, ctx, payout).await
        }
        // It cannot be taken back now. The alarm stands; it is tried again, because money is at stake.
        _ => jobs::step_again(conn, ctx, payout, ctx.now() + BALANCE_WAIT).await,
    }
}

/// Events: payouts at projects' accounts as they stand now. Returns those that are not known yet.
pub fn news<'a>(
    ctx: &'a Ctx,
    conn: &'a mut PgConnection,
    book: BookId,
    news: &'a [News],
) -> Heard<'a, Vec<Uuid>> {
    let campaign = CampaignId::from_uuid(book.as_uuid());
    Box::pin(async move {
        campaigns::lock(conn, campaign).await?;
        let mut unknown = Vec::new();
        for one in news {
            let Told::BankPayout(object) = &one.told else {
                continue;
            };
            match store::lock(conn, campaign, PayoutId::from_uuid(one.of.id)).await? {
                // Heard before the answer to our own request: the transfer may not be booked yet.
                Some(payout) if payout.state == PayoutState::Sending => unknown.push(one.of.id),
                Some(payout) => bank(conn, ctx, &payout, object).await?,
                None => unknown.push(one.of.id),
            }
        }
        Ok(unknown)
    })
}

/// Asks how the payout at the project's account stands.
pub async fn look(ctx: &Ctx, payout: &Payout) -> anyhow::Result<()> {
    let (Some(id), Some(account)) = (&payout.bank_payout_ref, &payout.account_ref) else {
        return Ok(());
    };
    let path = format!("v1/payouts/{id}");
    let Some(object) = crate::payments::events::object_of(ctx, &path, Some(account)).await? else {
        return Ok(());
    };
    let mut tx = ctx.db.begin().await?;
    campaigns::lock(&mut tx, payout.campaign).await?;
    if let Some(payout) = store::lock(&mut tx, payout.campaign, payout.id).await? {
        bank(&mut tx, ctx, &payout, &object).await?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}
