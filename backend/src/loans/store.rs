//! The SQL of loans.

use felag_domain::ids::{CampaignId, PersonId};
use felag_domain::lending::LoanState;
use felag_domain::money::{Currency, Money};
use sqlx::{PgConnection, PgExecutor};
use time::{Date, OffsetDateTime};

pub use super::store_batch::{by_id, by_token, latest_of, lenders, of_person};
use super::{Loan, Signature};

struct Row {
    campaign_id: CampaignId,
    currency: Currency,
    amount_minor: i64,
    least_minor: i64,
    rate_bp: i32,
    instalments: i32,
    period: String,
    kind: String,
    grace_kind: String,
    grace: i32,
    day_count: String,
    purpose: String,
    security: String,
    figures: String,
    risks: String,
    counts_to_minimum: bool,
    network_first_lenders: i32,
    network_token: String,
    policy: String,
    state: LoanState,
    sheet_version: i32,
    lending_ends_at: Option<OffsetDateTime>,
    signed_by: Option<PersonId>,
    signed_name: Option<String>,
    signed_at: Option<OffsetDateTime>,
    signed_hash: Option<Vec<u8>>,
    signed_minor: Option<i64>,
    collecting_ends_at: Option<OffsetDateTime>,
    principal_minor: Option<i64>,
    collected_at: Option<OffsetDateTime>,
    paid_out_at: Option<OffsetDateTime>,
    first_due_on: Option<Date>,
    ended_at: Option<OffsetDateTime>,
    version: i32,
}

fn count(number: i32) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

impl From<Row> for Loan {
    fn from(row: Row) -> Self {
        let money = |minor| Money::from_minor(minor, row.currency);
        let signature = (row.signed_by, row.signed_name, row.signed_at, row.signed_hash);
        let signed = match (signature, row.signed_minor) {
            ((Some(by), Some(name), Some(at), Some(hash)), Some(minor)) => Some(Signature {
                by,
                name,
                at,
                hash,
                amount: money(minor),
            }),
            _ => None,
        };
        Self {
            campaign: row.campaign_id,
            amount: money(row.amount_minor),
            least: money(row.least_minor),
            rate_bp: count(row.rate_bp),
            instalments: count(row.instalments),
            period: row.period,
            kind: row.kind,
            grace_kind: row.grace_kind,
            grace: count(row.grace),
            day_count: row.day_count,
            purpose: row.purpose,
            security: row.security,
            figures: row.figures,
            risks: row.risks,
            counts_to_minimum: row.counts_to_minimum,
            network_first_lenders: count(row.network_first_lenders),
            network_token: row.network_token,
            policy: row.policy,
            state: row.state,
            sheet_version: count(row.sheet_version),
            lending_ends_at: row.lending_ends_at,
            signed,
            collecting_ends_at: row.collecting_ends_at,
            principal: row.principal_minor.map(money),
            collected_at: row.collected_at,
            paid_out_at: row.paid_out_at,
            first_due_on: row.first_due_on,
            ended_at: row.ended_at,
            version: row.version,
        }
    }
}

macro_rules! loans {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"select campaign_id as "campaign_id: _", currency as "currency: _", amount_minor, least_minor, rate_bp,
                      instalments, period, kind, grace_kind, grace, day_count, purpose, security, figures, risks,
                      counts_to_minimum, network_first_lenders, network_token, policy, state as "state: _",
                      sheet_version, lending_ends_at, signed_by as "signed_by: _", signed_name, signed_at, signed_hash,
                      signed_minor, collecting_ends_at, principal_minor, collected_at, paid_out_at, first_due_on,
                      ended_at, version
               from loan "# + $rest
            $(, $arg)*
        )
    };
}

/// The loan of a campaign, if it asks for one.
pub async fn find(db: impl PgExecutor<'_>, campaign: CampaignId) -> sqlx::Result<Option<Loan>> {
    let row = loans!("where campaign_id = $1", campaign as _)
        .fetch_optional(db)
        .await?;
    Ok(row.map(Loan::from))
}

/// The loan, held until the transaction ends. The campaign is held before.
pub async fn lock(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<Option<Loan>> {
    let row = loans!("where campaign_id = $1 for update", campaign as _)
        .fetch_optional(conn)
        .await?;
    Ok(row.map(Loan::from))
}

/// Writes the terms of a draft down, for the first time or anew.
pub async fn put_terms(conn: &mut PgConnection, loan: &Loan, now: OffsetDateTime) -> sqlx::Result<()> {
    let number = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    sqlx::query!(
        "insert into loan (campaign_id, currency, amount_minor, least_minor, rate_bp, instalments, period, kind,
                           grace_kind, grace, day_count, purpose, security, figures, risks, counts_to_minimum,
                           network_first_lenders, network_token, policy, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $20)
         on conflict (campaign_id) do update
         set currency = $2, amount_minor = $3, least_minor = $4, rate_bp = $5, instalments = $6, period = $7, kind = $8,
             grace_kind = $9, grace = $10, day_count = $11, purpose = $12, security = $13, figures = $14, risks = $15,
             counts_to_minimum = $16, network_first_lenders = $17, policy = $19, updated_at = $20,
             version = loan.version + 1",
        loan.campaign as _,
        loan.currency() as _,
        loan.amount.minor(),
        loan.least.minor(),
        number(loan.rate_bp),
        number(loan.instalments),
        loan.period,
        loan.kind,
        loan.grace_kind,
        number(loan.grace),
        loan.day_count,
        loan.purpose,
        loan.security,
        loan.figures,
        loan.risks,
        loan.counts_to_minimum,
        number(loan.network_first_lenders),
        loan.network_token,
        loan.policy,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes down what a project says anew of a loan that is open.
pub async fn put_texts(conn: &mut PgConnection, loan: &Loan, now: OffsetDateTime) -> sqlx::Result<()> {
    sqlx::query!(
        "update loan set purpose = $2, security = $3, figures = $4, risks = $5, updated_at = $6, version = version + 1
         where campaign_id = $1",
        loan.campaign as _,
        loan.purpose,
        loan.security,
        loan.figures,
        loan.risks,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many are in a loan or wait for room, and were not charged yet.
pub async fn lenders_before_collecting(db: impl PgExecutor<'_>, campaign: CampaignId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from commitment
           where campaign_id = $1 and state in ('waiting', 'made', 'reopened', 'firm')"#,
        campaign as _,
    )
    .fetch_one(db)
    .await
}

/// A draft asks for no loan any more.
pub async fn remove(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from loan where campaign_id = $1 and state = 'draft'",
        campaign as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes down where a loan stands, and what that fixed.
pub async fn save(conn: &mut PgConnection, loan: &Loan, now: OffsetDateTime) -> sqlx::Result<()> {
    sqlx::query!(
        "update loan set state = $2, sheet_version = $3, lending_ends_at = $4, signed_by = $5, signed_name = $6,
                signed_at = $7, signed_hash = $8, signed_minor = $9, collecting_ends_at = $10, principal_minor = $11,
                collected_at = $12, paid_out_at = $13, first_due_on = $14, ended_at = $15, updated_at = $16
         where campaign_id = $1",
        loan.campaign as _,
        loan.state as _,
        i32::try_from(loan.sheet_version).unwrap_or(i32::MAX),
        loan.lending_ends_at,
        loan.signed.as_ref().map(|signed| signed.by.as_uuid()),
        loan.signed.as_ref().map(|signed| signed.name.clone()),
        loan.signed.as_ref().map(|signed| signed.at),
        loan.signed.as_ref().map(|signed| signed.hash.clone()),
        loan.signed.as_ref().map(|signed| signed.amount.minor()),
        loan.collecting_ends_at,
        loan.principal.map(Money::minor),
        loan.collected_at,
        loan.paid_out_at,
        loan.first_due_on,
        loan.ended_at,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What was committed, in minor units: see the table `loan_total`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    pub committed_minor: i64,
    pub firm_minor: i64,
    pub waiting_minor: i64,
    pub at_risk_minor: i64,
    pub collected_minor: i64,
    pub own_firm_minor: i64,
    pub own_collected_minor: i64,
    pub lenders: i32,
}

pub async fn totals(db: impl PgExecutor<'_>, campaign: CampaignId) -> sqlx::Result<Totals> {
    let row = sqlx::query_as!(
        Totals,
        "select committed_minor, firm_minor, waiting_minor, at_risk_minor, collected_minor, own_firm_minor,
                own_collected_minor, lenders
         from loan_total where campaign_id = $1",
        campaign as _,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.unwrap_or_default())
}

/// The row that commitments change, once lending opens.
pub async fn open_totals(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into loan_total (campaign_id) values ($1) on conflict (campaign_id) do nothing",
        campaign as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps a version of the sheet.
pub async fn keep_sheet(
    conn: &mut PgConnection,
    campaign: CampaignId,
    version: u32,
    content: &serde_json::Value,
    hash: &[u8],
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into loan_sheet (campaign_id, version, content, hash, made_at) values ($1, $2, $3, $4, $5)",
        campaign as _,
        i32::try_from(version).unwrap_or(i32::MAX),
        content,
        hash,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A version of the sheet, and its hash.
pub async fn sheet(
    db: impl PgExecutor<'_>,
    campaign: CampaignId,
    version: u32,
) -> sqlx::Result<Option<(serde_json::Value, Vec<u8>)>> {
    let row = sqlx::query!(
        "select content, hash from loan_sheet where campaign_id = $1 and version = $2",
        campaign as _,
        i32::try_from(version).unwrap_or(i32::MAX),
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.content, row.hash)))
}

/// What a project's other loans asked for since then, in minor units.
pub async fn asked_since(
    conn: &mut PgConnection,
    campaign: CampaignId,
    since: OffsetDateTime,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select coalesce(sum(coalesce(principal_minor, amount_minor)), 0)::bigint as "sum!"
           from loan join campaign using (campaign_id)
           where project_id = (select project_id from campaign where campaign_id = $1) and campaign_id <> $1
             and loan.currency = (select currency from campaign where campaign_id = $1)
             and loan.state not in ('failed', 'refunded', 'cancelled') and loan.created_at >= $2"#,
        campaign as _,
        since,
    )
    .fetch_one(conn)
    .await
}

/// A loan of the record of a project, with what its lenders lost so far.
#[derive(Debug, Clone)]
pub struct Past {
    pub title: String,
    pub loan: Loan,
    /// What its lenders lost.
    pub lost: Money,
}

/// A project's loans that were paid out once, the oldest first: its record, losses included.
pub async fn record(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<Vec<Past>> {
    let rows = sqlx::query!(
        r#"select campaign.title, loan.campaign_id as "id: CampaignId", coalesce(lost_minor, 0) as "lost!"
           from loan join campaign using (campaign_id) left join loan_running using (campaign_id)
           where project_id = (select project_id from campaign where campaign_id = $1) and loan.campaign_id <> $1
             and loan.paid_out_at is not null order by loan.paid_out_at limit 50"#,
        campaign as _,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut record = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(loan) = find(&mut *conn, row.id).await? {
            record.push(Past {
                title: row.title,
                lost: Money::from_minor(row.lost, loan.currency()),
                loan,
            });
        }
    }
    Ok(record)
}

/// The payout of a loan came back from the bank: its days to be paid out begin anew.
pub async fn set_came_back(
    conn: &mut PgConnection,
    campaign: CampaignId,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update loan set came_back_at = $2 where campaign_id = $1",
        campaign as _,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn came_back_at(
    conn: &mut PgConnection,
    campaign: CampaignId,
) -> sqlx::Result<Option<OffsetDateTime>> {
    let at = sqlx::query_scalar!(
        "select came_back_at from loan where campaign_id = $1",
        campaign as _
    );
    at.fetch_one(conn).await
}
