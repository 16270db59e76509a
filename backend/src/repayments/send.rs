//! What a share got is sent on to its lender's own account at the provider, and from there to their bank: from a
//! threshold on, all of it on the first day of a month, and when nothing more will come. What a lender wants to keep, and
//! may, stays where it is.

use felag_domain::entries::loan as entries;
use felag_domain::ids::{BookId, CampaignId, CommitmentId, LenderTransferId, PersonId};
use felag_domain::money::{Currency, Money};
use felag_domain::repaying::TransferState;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::store::{self, Running};
use crate::campaigns::store as campaigns;
use crate::ctx::Ctx;
use crate::ledger;
use crate::payments::{self, Kind, Subject, connect};

/// From so many minor units on a part is sent as soon as it is there.
const THRESHOLD: i64 = 1_000;
/// How many are sent in one transaction.
const PAGE: i64 = 500;

/// Money on its way to a lender.
#[derive(Debug, Clone)]
pub struct Transfer {
    pub campaign: CampaignId,
    pub id: LenderTransferId,
    pub share: CommitmentId,
    pub person: PersonId,
    pub amount: Money,
    pub state: TransferState,
    pub account: String,
    pub transfer: Option<String>,
    pub payout: Option<String>,
}

/// Sends what stands to the credit of lenders who can be paid. Doing it again changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn send_on(ctx: &Ctx, campaign: CampaignId) -> anyhow::Result<()> {
    loop {
        let mut tx = ctx.db.begin().await?;
        campaigns::lock(&mut tx, campaign).await?;
        let Some(loan) = store::find(&mut *tx, campaign).await? else {
            return Ok(());
        };
        let sends_all = ctx.now().day() == 1 || !loan.state.is_running();
        let least = if sends_all { 1 } else { THRESHOLD };
        let waiting = waiting(&mut tx, &loan, least).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let mut sending = Vec::with_capacity(waiting.len());
        for (share, person, amount, account) in waiting {
            let transfer = Transfer {
                campaign,
                id: ctx.id(),
                share,
                person,
                amount,
                state: TransferState::Sending,
                account,
                transfer: None,
                payout: None,
            };
            insert(&mut tx, &transfer, ctx.now()).await?;
            sending.push(transfer);
        }
        let book = BookId::of_campaign(campaign);
        let booked = sending
            .iter()
            .map(|one| entries::lender_sending(book, one.id.as_uuid(), one.share, one.amount, ctx.now()));
        ledger::post(&mut tx, ctx, booked.collect::<Result<_, _>>()?).await?;
        let requests = sending.iter().map(|one| {
            let group = one.id.to_string();
            let (amount, account) = (one.amount, one.account.clone());
            (one.subject(), move |tag| {
                connect::create_transfer(tag, amount, &account, &group)
            })
        });
        payments::write_all(&mut tx, ctx, Kind::CreateTransfer, requests).await?;
        tx.commit().await?;
        ctx.wake_workers();
    }
}

impl Transfer {
    pub fn subject(&self) -> Subject {
        Subject::lender_transfer(self.campaign, self.id)
    }
}

/// Shares with something to send, and the accounts it goes to.
async fn waiting(
    conn: &mut PgConnection,
    loan: &Running,
    least: i64,
) -> sqlx::Result<Vec<(CommitmentId, PersonId, Money, String)>> {
    let rows = sqlx::query!(
        r#"select commitment_id as "share: CommitmentId", person_id as "person: PersonId",
                  balance_minor as "minor!", account_ref as "account!"
           from commitment join loan_share using (campaign_id, commitment_id) join lender_account using (person_id)
           join account_balance on book_id = campaign_id and account = 'lender:' || commitment_id::text
                                and account_balance.currency = $2
           where campaign_id = $1 and lender_account.state = 'enabled' and account_ref is not null
             and balance_minor > 0 and frozen_at is null
             -- What could not be sent on its day is tried again on the next, however little it is.
             and (balance_minor >= $3 or exists (
                 select from (select state from lender_transfer as past
                              where past.campaign_id = $1 and past.commitment_id = commitment.commitment_id
                              order by past.created_at desc limit 1) as last where last.state = 'returned'))
             and not ($5 and exists (select from lender_keeping as keeping
                                     where keeping.person_id = commitment.person_id))
           order by commitment_id limit $4"#,
        loan.campaign as _,
        loan.currency.code(),
        least,
        PAGE,
        loan.policy.may_hold_balances,
    )
    .fetch_all(conn)
    .await?;
    let each = rows.into_iter().map(|row| {
        let amount = loan.money(row.minor);
        (row.share, row.person, amount, row.account)
    });
    Ok(each.collect())
}

async fn insert(conn: &mut PgConnection, one: &Transfer, now: OffsetDateTime) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into lender_transfer (campaign_id, lender_transfer_id, commitment_id, person_id, amount_minor, currency,
                                      state, account_ref, created_at)
         values ($1, $2, $3, $4, $5, $6, 'sending', $7, $8)",
        one.campaign as _,
        one.id as _,
        one.share as _,
        one.person as _,
        one.amount.minor(),
        one.amount.currency().code(),
        one.account,
        now,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update loan_share set sent_minor = sent_minor + $3 where campaign_id = $1 and commitment_id = $2",
        one.campaign as _,
        one.share as _,
        one.amount.minor(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A transfer, held until the transaction ends.
pub async fn lock(
    conn: &mut PgConnection,
    campaign: CampaignId,
    id: LenderTransferId,
) -> sqlx::Result<Option<Transfer>> {
    let row = sqlx::query!(
        r#"select commitment_id as "share: CommitmentId", person_id as "person: PersonId", amount_minor,
                  currency as "currency: Currency", state as "state: TransferState", account_ref, transfer_ref,
                  bank_payout_ref
           from lender_transfer where campaign_id = $1 and lender_transfer_id = $2 for update"#,
        campaign as _,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Transfer {
        campaign,
        id,
        share: row.share,
        person: row.person,
        amount: Money::from_minor(row.amount_minor, row.currency),
        state: row.state,
        account: row.account_ref,
        transfer: row.transfer_ref,
        payout: row.bank_payout_ref,
    }))
}

/// Keeps a transfer as it was changed in memory. What came back counts as not sent.
pub async fn save(
    conn: &mut PgConnection,
    one: &Transfer,
    failure: Option<&str>,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    let is_over = matches!(one.state, TransferState::Paid | TransferState::Returned);
    sqlx::query!(
        "update lender_transfer set state = $3, transfer_ref = $4, bank_payout_ref = $5,
                failure_code = coalesce($6, failure_code), ended_at = case when $7 then $8::timestamptz end
         where campaign_id = $1 and lender_transfer_id = $2",
        one.campaign as _,
        one.id as _,
        one.state.as_str(),
        one.transfer.as_deref(),
        one.payout.as_deref(),
        failure,
        is_over,
        now,
    )
    .execute(&mut *conn)
    .await?;
    if one.state == TransferState::Returned {
        sqlx::query!(
            "update loan_share set sent_minor = sent_minor - $3 where campaign_id = $1 and commitment_id = $2",
            one.campaign as _,
            one.share as _,
            one.amount.minor(),
        )
        .execute(conn)
        .await?;
    }
    Ok(())
}
