//! What the provider says of lenders' accounts, and of money on its way to them.

use felag_domain::entries::loan as entries;
use felag_domain::ids::{BookId, CampaignId, LenderTransferId, PersonId};
use felag_domain::repaying::TransferState;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::lender_account;
use super::send::{self, Transfer};
use crate::campaigns::store as campaigns;
use crate::ctx::Ctx;
use crate::ledger;
use crate::payments::connect::{self, BankPayout};
use crate::payments::{self, Answered, Heard, Kind, News, Outcome, Told, objects};

/// Accounts that were made.
pub fn account_answers<'a>(
    ctx: &'a Ctx,
    conn: &'a mut PgConnection,
    _book: BookId,
    answered: &'a [Answered],
) -> Heard<'a, ()> {
    Box::pin(async move {
        for one in answered {
            let person = PersonId::from_uuid(one.operation.of.id);
            match &one.outcome {
                Outcome::Done(object) => {
                    let Some(id) = objects::id(object) else {
                        anyhow::bail!("an account without an id");
                    };
                    lender_account::keep_ref(conn, person, id).await?;
                    lender_account::apply(conn, ctx, person, Some(object), ctx.now()).await?;
                }
                Outcome::Refused(trouble) => {
                    let code = trouble.short();
                    tracing::error!(person.id = %person, code, "alarm: a lender's account was refused");
                }
            }
        }
        Ok(())
    })
}

/// Accounts as they stand now.
pub fn account_news<'a>(
    ctx: &'a Ctx,
    conn: &'a mut PgConnection,
    _book: BookId,
    news: &'a [News],
) -> Heard<'a, Vec<Uuid>> {
    Box::pin(async move {
        let mut unknown = Vec::new();
        for one in news {
            let Told::Account(object) = &one.told else {
                continue;
            };
            let person = PersonId::from_uuid(one.of.id);
            if lender_account::of(&mut *conn, person).await?.is_none() {
                unknown.push(one.of.id);
                continue;
            }
            lender_account::apply(conn, ctx, person, object.as_ref(), one.at).await?;
        }
        Ok(unknown)
    })
}

/// Answers about money on its way.
pub fn transfer_answers<'a>(
    ctx: &'a Ctx,
    conn: &'a mut PgConnection,
    book: BookId,
    answered: &'a [Answered],
) -> Heard<'a, ()> {
    let campaign = CampaignId::from_uuid(book.as_uuid());
    Box::pin(async move {
        campaigns::lock(conn, campaign).await?;
        for one in answered {
            let id = LenderTransferId::from_uuid(one.operation.of.id);
            let Some(mut transfer) = send::lock(conn, campaign, id).await? else {
                anyhow::bail!("there is no transfer {id}");
            };
            match (one.operation.kind, &one.outcome) {
                (Kind::CreateTransfer, Outcome::Done(object)) => {
                    transferred(conn, ctx, &mut transfer, object).await?
                }
                (Kind::CreateTransfer, Outcome::Refused(trouble)) => {
                    refused(conn, ctx, &mut transfer, &trouble.short()).await?
                }
                (Kind::CreatePayout, Outcome::Done(object)) => bank(conn, ctx, &mut transfer, object).await?,
                (Kind::CreatePayout, Outcome::Refused(trouble)) => {
                    failed(conn, ctx, &mut transfer, &trouble.short()).await?
                }
                (Kind::ReverseTransfer, Outcome::Done(object)) => {
                    taken_back(conn, ctx, &mut transfer, object).await?
                }
                (kind, _) => {
                    tracing::error!(transfer.id = %id, "alarm: {} of a lender's money failed", kind.as_str())
                }
            }
        }
        Ok(())
    })
}

/// With the lender's account at the provider: now on to their bank.
async fn transferred(
    conn: &mut PgConnection,
    ctx: &Ctx,
    transfer: &mut Transfer,
    object: &Value,
) -> anyhow::Result<()> {
    let Some(id) = objects::id(object) else {
        anyhow::bail!("a transfer without an id");
    };
    if transfer.state != TransferState::Sending {
        return Ok(());
    }
    let book = BookId::of_campaign(transfer.campaign);
    let entry = entries::lender_sent(book, id, transfer.amount, ctx.now())?;
    ledger::post(conn, ctx, vec![entry]).await?;
    (transfer.state, transfer.transfer) = (TransferState::OnItsWay, Some(id.to_string()));
    send::save(conn, transfer, None, ctx.now()).await?;
    let request = |tag| connect::create_payout(tag, transfer.amount, &transfer.account, "FELAG LOAN");
    payments::write(conn, ctx, transfer.subject(), Kind::CreatePayout, request).await?;
    Ok(())
}

/// The provider did not move it: it stands to the lender's credit again, and goes with what comes next.
async fn refused(
    conn: &mut PgConnection,
    ctx: &Ctx,
    transfer: &mut Transfer,
    code: &str,
) -> anyhow::Result<()> {
    if transfer.state != TransferState::Sending {
        return Ok(());
    }
    let book = BookId::of_campaign(transfer.campaign);
    let id = transfer.id.as_uuid();
    let entry = entries::lender_refused(book, id, transfer.share, transfer.amount, ctx.now())?;
    ledger::post(conn, ctx, vec![entry]).await?;
    transfer.state = TransferState::Returned;
    send::save(conn, transfer, Some(code), ctx.now()).await?;
    take_over(conn, ctx, transfer).await?;
    super::jobs::send_on_later(conn, ctx, transfer.campaign).await
}

/// What comes back to a share that somebody took over is theirs.
async fn take_over(conn: &mut PgConnection, ctx: &Ctx, transfer: &Transfer) -> anyhow::Result<()> {
    if super::frozen_store::lock(conn, transfer.campaign, transfer.share)
        .await?
        .is_some_and(|frozen| frozen.is_taken_over)
    {
        let cause = transfer.id.to_string();
        super::take_over(conn, ctx, transfer.campaign, transfer.share, &cause).await?;
    }
    Ok(())
}

async fn bank(
    conn: &mut PgConnection,
    ctx: &Ctx,
    transfer: &mut Transfer,
    object: &Value,
) -> anyhow::Result<()> {
    let Some(payout) = BankPayout::read(object) else {
        anyhow::bail!("a payout without an id");
    };
    transfer.payout = Some(payout.id.clone());
    match payout.status.as_str() {
        "failed" | "canceled" => {
            let code = payout.failure_code.unwrap_or_default();
            failed(conn, ctx, transfer, &code).await
        }
        "paid" if transfer.state == TransferState::OnItsWay => {
            transfer.state = TransferState::Paid;
            send::save(conn, transfer, None, ctx.now()).await?;
            Ok(())
        }
        _ => {
            send::save(conn, transfer, None, ctx.now()).await?;
            Ok(())
        }
    }
}

/// The bank did not take it: back from the lender's account. Nothing more is sent there until it is put right.
async fn failed(
    conn: &mut PgConnection,
    ctx: &Ctx,
    transfer: &mut Transfer,
    code: &str,
) -> anyhow::Result<()> {
    if !matches!(transfer.state, TransferState::OnItsWay | TransferState::Paid) {
        return Ok(());
    }
    let Some(id) = transfer.transfer.clone() else {
        anyhow::bail!("a transfer without an id");
    };
    transfer.state = TransferState::Failed;
    send::save(conn, transfer, Some(code), ctx.now()).await?;
    sqlx::query!(
        "update lender_account set state = 'restricted' where person_id = $1 and state = 'enabled'",
        transfer.person as _
    )
    .execute(&mut *conn)
    .await?;
    super::mail::not_sent(conn, ctx, transfer).await?;
    let request = |tag| connect::reverse_transfer(tag, &id);
    payments::write(conn, ctx, transfer.subject(), Kind::ReverseTransfer, request).await?;
    Ok(())
}

async fn taken_back(
    conn: &mut PgConnection,
    ctx: &Ctx,
    transfer: &mut Transfer,
    object: &Value,
) -> anyhow::Result<()> {
    let Some(reversal) = objects::id(object) else {
        anyhow::bail!("a reversal without an id");
    };
    if transfer.state != TransferState::Failed {
        return Ok(());
    }
    let book = BookId::of_campaign(transfer.campaign);
    let entry = entries::lender_returned(book, reversal, transfer.share, transfer.amount, ctx.now())?;
    ledger::post(conn, ctx, vec![entry]).await?;
    transfer.state = TransferState::Returned;
    send::save(conn, transfer, None, ctx.now()).await?;
    take_over(conn, ctx, transfer).await
}

/// Payouts at lenders' accounts, as they stand.
pub fn transfer_news<'a>(
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
            let id = LenderTransferId::from_uuid(one.of.id);
            match (send::lock(conn, campaign, id).await?, &one.told) {
                (None, _) => unknown.push(one.of.id),
                (Some(mut transfer), Told::BankPayout(object)) => {
                    bank(conn, ctx, &mut transfer, object).await?
                }
                (Some(_), _) => {}
            }
        }
        Ok(unknown)
    })
}
