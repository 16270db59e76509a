//! The SQL of payouts.

use felag_domain::ids::{CampaignId, PayoutId, PersonId, ProjectId};
use felag_domain::money::{Currency, Money};
use felag_domain::payout::{Breakdown, PayoutSource, PayoutState, Voice};
use sqlx::{PgConnection, PgExecutor};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Given, Payout};

struct Row {
    campaign_id: CampaignId,
    payout_id: PayoutId,
    project_id: ProjectId,
    number: i32,
    source: PayoutSource,
    currency: Currency,
    gross_minor: i64,
    repaid_minor: i64,
    costs_minor: i64,
    fee_minor: i64,
    tax_minor: i64,
    net_minor: i64,
    fee_version: i32,
    state: PayoutState,
    first_by: Option<PersonId>,
    first_is_steward: bool,
    first_at: Option<OffsetDateTime>,
    second_by: Option<PersonId>,
    second_is_steward: bool,
    second_at: Option<OffsetDateTime>,
    reason: String,
    account_ref: Option<String>,
    bank_last4: Option<String>,
    transfer_ref: Option<String>,
    bank_payout_ref: Option<String>,
    bank_reference: Option<String>,
    failure_code: Option<String>,
    created_at: OffsetDateTime,
    sent_at: Option<OffsetDateTime>,
    transferred_at: Option<OffsetDateTime>,
    paid_at: Option<OffsetDateTime>,
    ended_at: Option<OffsetDateTime>,
}

fn given(by: Option<PersonId>, is_steward: bool, at: Option<OffsetDateTime>) -> Option<Given> {
    Some(Given {
        by: by?,
        voice: if is_steward {
            Voice::Steward
        } else {
            Voice::Project
        },
        at: at?,
    })
}

impl From<Row> for Payout {
    fn from(row: Row) -> Self {
        let money = |minor| Money::from_minor(minor, row.currency);
        Self {
            campaign: row.campaign_id,
            id: row.payout_id,
            project: row.project_id,
            number: u32::try_from(row.number).unwrap_or(0),
            parts: Breakdown {
                source: row.source,
                gross: money(row.gross_minor),
                repaid: money(row.repaid_minor),
                costs: money(row.costs_minor),
                fee: money(row.fee_minor),
                tax: money(row.tax_minor),
                net: money(row.net_minor),
            },
            fee_version: u32::try_from(row.fee_version).unwrap_or(0),
            state: row.state,
            first: given(row.first_by, row.first_is_steward, row.first_at),
            second: given(row.second_by, row.second_is_steward, row.second_at),
            reason: row.reason,
            account_ref: row.account_ref,
            bank_last4: row.bank_last4,
            transfer_ref: row.transfer_ref,
            bank_payout_ref: row.bank_payout_ref,
            bank_reference: row.bank_reference,
            failure_code: row.failure_code,
            created_at: row.created_at,
            sent_at: row.sent_at,
            transferred_at: row.transferred_at,
            paid_at: row.paid_at,
            ended_at: row.ended_at,
        }
    }
}

/// One list of columns for every way to find a payout.
macro_rules! payouts {
    ($rest:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            Row,
            r#"select campaign_id as "campaign_id: CampaignId", payout_id as "payout_id: PayoutId",
                      project_id as "project_id: ProjectId", number, source as "source: PayoutSource",
                      currency as "currency: Currency", gross_minor, repaid_minor, costs_minor, fee_minor,
                      tax_minor, net_minor, fee_version,
                      state as "state: PayoutState", first_by as "first_by: PersonId", first_is_steward, first_at,
                      second_by as "second_by: PersonId", second_is_steward, second_at, reason, account_ref,
                      bank_last4, transfer_ref, bank_payout_ref, bank_reference, failure_code, created_at, sent_at,
                      transferred_at, paid_at, ended_at
               from payout "# + $rest,
            $($argument),*
        )
    };
}

/// The payouts of a campaign, the latest first.
pub async fn of_campaign(db: impl PgExecutor<'_>, campaign: CampaignId) -> sqlx::Result<Vec<Payout>> {
    let rows = payouts!(
        "where campaign_id = $1 order by number desc limit 200",
        campaign as _
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Payout::from).collect())
}

pub async fn find(
    db: impl PgExecutor<'_>,
    campaign: CampaignId,
    number: u32,
) -> sqlx::Result<Option<Payout>> {
    let number = i32::try_from(number).unwrap_or(i32::MAX);
    let row = payouts!("where campaign_id = $1 and number = $2", campaign as _, number)
        .fetch_optional(db)
        .await?;
    Ok(row.map(Payout::from))
}

/// A payout, held until the transaction ends. The campaign is held before.
pub async fn lock(
    conn: &mut PgConnection,
    campaign: CampaignId,
    id: PayoutId,
) -> sqlx::Result<Option<Payout>> {
    let row = payouts!(
        "where campaign_id = $1 and payout_id = $2 for update",
        campaign as _,
        id as _
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Payout::from))
}

/// The payout made by a form, if it was sent before.
pub async fn by_request(
    conn: &mut PgConnection,
    campaign: CampaignId,
    request: Uuid,
) -> sqlx::Result<Option<Payout>> {
    let row = payouts!(
        "where campaign_id = $1 and request_key = $2",
        campaign as _,
        request
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Payout::from))
}

/// The payout of a campaign that is under way: there is one at most.
pub async fn under_way(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<Option<Payout>> {
    let row = payouts!(
        "where campaign_id = $1 and state in ('proposed', 'asked', 'approved', 'sending', 'on_its_way', 'failed')",
        campaign as _
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Payout::from))
}

/// A payout to be.
pub struct New {
    pub campaign: CampaignId,
    pub project: ProjectId,
    pub id: PayoutId,
    pub source: PayoutSource,
    pub gross: Money,
    pub fee_version: u32,
    pub request: Uuid,
    /// Whoever asks has approved it as the first; a proposal has nobody yet.
    pub first: Option<Given>,
}

/// Writes a payout down, under the next number of its campaign, which is held.
pub async fn insert(conn: &mut PgConnection, new: &New, now: OffsetDateTime) -> sqlx::Result<Payout> {
    let state = if new.first.is_some() {
        PayoutState::Asked
    } else {
        PayoutState::Proposed
    };
    sqlx::query!(
        "insert into payout (campaign_id, payout_id, project_id, number, currency, gross_minor, fee_version, state,
                             request_key, first_by, first_is_steward, first_at, created_at, source)
         values ($1, $2, $3, (select coalesce(max(number), 0) + 1 from payout where campaign_id = $1), $4, $5, $6, $7,
                 $8, $9, $10, $11, $12, $13)",
        new.campaign as _,
        new.id as _,
        new.project as _,
        new.gross.currency() as _,
        new.gross.minor(),
        i32::try_from(new.fee_version).unwrap_or(i32::MAX),
        state as _,
        new.request,
        new.first.map(|first| first.by.as_uuid()),
        new.first.is_some_and(|first| first.voice == Voice::Steward),
        new.first.map(|first| first.at),
        now,
        new.source as _,
    )
    .execute(&mut *conn)
    .await?;
    let row = payouts!(
        "where campaign_id = $1 and payout_id = $2",
        new.campaign as _,
        new.id as _
    )
    .fetch_one(conn)
    .await?;
    Ok(row.into())
}

/// Keeps the first approval of a proposal.
pub async fn first_approved(conn: &mut PgConnection, payout: &Payout, given: Given) -> sqlx::Result<()> {
    sqlx::query!(
        "update payout set state = 'asked', first_by = $3, first_is_steward = $4, first_at = $5
         where campaign_id = $1 and payout_id = $2",
        payout.campaign as _,
        payout.id as _,
        given.by as _,
        given.voice == Voice::Steward,
        given.at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps the second approval, and the parts that it fixes.
pub async fn second_approved(
    conn: &mut PgConnection,
    payout: &Payout,
    given: Given,
    parts: &Breakdown,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payout set state = 'approved', second_by = $3, second_is_steward = $4, second_at = $5,
                repaid_minor = $6, costs_minor = $7, fee_minor = $8, tax_minor = $9, net_minor = $10
         where campaign_id = $1 and payout_id = $2",
        payout.campaign as _,
        payout.id as _,
        given.by as _,
        given.voice == Voice::Steward,
        given.at,
        parts.repaid.minor(),
        parts.costs.minor(),
        parts.fee.minor(),
        parts.tax.minor(),
        parts.net.minor(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Called off by somebody, or by the platform.
pub async fn withdrawn(
    conn: &mut PgConnection,
    payout: &Payout,
    by: Option<PersonId>,
    reason: &str,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payout set state = 'withdrawn', withdrawn_by = $3, reason = $4, ended_at = $5, repaid_minor = 0,
                costs_minor = 0, fee_minor = 0, tax_minor = 0, net_minor = 0
         where campaign_id = $1 and payout_id = $2",
        payout.campaign as _,
        payout.id as _,
        by as _,
        reason,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The transfer is about to be sent, to this account.
pub async fn sending(
    conn: &mut PgConnection,
    payout: &Payout,
    account: &str,
    bank_last4: Option<&str>,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payout set state = 'sending', account_ref = $3, bank_last4 = $4, sent_at = $5
         where campaign_id = $1 and payout_id = $2",
        payout.campaign as _,
        payout.id as _,
        account,
        bank_last4,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What the provider said of a step: ids are kept once they are known, times are when we heard.
#[derive(Debug, Clone, Copy, Default)]
pub struct Heard<'a> {
    pub transfer: Option<&'a str>,
    pub bank_payout: Option<&'a str>,
    pub reversal: Option<&'a str>,
    pub bank_reference: Option<&'a str>,
    pub failure_code: Option<&'a str>,
}

pub async fn heard(
    conn: &mut PgConnection,
    payout: &Payout,
    to: PayoutState,
    heard: Heard<'_>,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payout set state = $3, transfer_ref = coalesce(transfer_ref, $4),
                bank_payout_ref = coalesce(bank_payout_ref, $5), reversal_ref = coalesce(reversal_ref, $6),
                bank_reference = coalesce($7, bank_reference), failure_code = coalesce($8, failure_code),
                transferred_at = case when $4::text is null then transferred_at else coalesce(transferred_at, $9) end,
                paid_at = case when $3 = 'paid' then coalesce(paid_at, $9) else paid_at end,
                ended_at = case when $3 in ('paid', 'returned') then coalesce(ended_at, $9) end
         where campaign_id = $1 and payout_id = $2",
        payout.campaign as _,
        payout.id as _,
        to.as_str(),
        heard.transfer,
        heard.bank_payout,
        heard.reversal,
        heard.bank_reference,
        heard.failure_code,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What earlier payouts took off what was held and did not give back.
pub async fn taken(conn: &mut PgConnection, campaign: CampaignId, source: PayoutSource) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select coalesce(sum(gross_minor), 0)::bigint as "taken!" from payout
           where campaign_id = $1 and source = $2 and state in ('approved', 'sending', 'on_its_way', 'paid', 'failed')"#,
        campaign as _,
        source as _,
    )
    .fetch_one(conn)
    .await
}

/// The fee schedule a campaign was launched under.
pub async fn fee_version(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<u32> {
    let version = sqlx::query_scalar!(
        "select fee_version from campaign where campaign_id = $1",
        campaign as _
    )
    .fetch_one(conn)
    .await?;
    Ok(version
        .and_then(|version| u32::try_from(version).ok())
        .unwrap_or(1))
}

/// The display name of somebody.
pub async fn name(db: impl PgExecutor<'_>, person: PersonId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select display_name from person where person_id = $1",
        person as _
    )
    .fetch_optional(db)
    .await
}
