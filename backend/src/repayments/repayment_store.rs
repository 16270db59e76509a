//! The SQL of single repayments.

use felag_domain::ids::{CampaignId, PersonId, RepaymentId};
use felag_domain::money::{Currency, Money};
use felag_domain::repaying::{Parts, RepaymentState};
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::payments::Subject;

/// A repayment as it stands.
#[derive(Debug, Clone)]
pub struct Repayment {
    pub campaign: CampaignId,
    pub id: RepaymentId,
    pub amount: Money,
    pub state: RepaymentState,
    /// What it paid, once credited.
    pub parts: Parts,
    pub owed: Money,
    /// More than anybody was owed.
    pub beyond: Money,
    pub is_given_up: bool,
    pub checkout: Option<String>,
    pub checkout_url: Option<String>,
    pub intent: Option<String>,
    pub charge: Option<String>,
    pub decline_code: Option<String>,
    pub tries: i32,
    pub asked_by: Option<PersonId>,
    pub created_at: OffsetDateTime,
    pub credited_at: Option<OffsetDateTime>,
}

impl Repayment {
    pub fn subject(&self) -> Subject {
        Subject::repayment(self.campaign, self.id)
    }
}

struct Row {
    campaign_id: CampaignId,
    repayment_id: RepaymentId,
    amount_minor: i64,
    currency: Currency,
    state: RepaymentState,
    principal_minor: i64,
    interest_minor: i64,
    fee_minor: i64,
    late_interest_minor: i64,
    owed_minor: i64,
    beyond_minor: i64,
    is_given_up: bool,
    checkout_ref: Option<String>,
    checkout_url: Option<String>,
    intent_ref: Option<String>,
    charge_ref: Option<String>,
    decline_code: Option<String>,
    tries: i32,
    asked_by: Option<PersonId>,
    created_at: OffsetDateTime,
    credited_at: Option<OffsetDateTime>,
}

impl From<Row> for Repayment {
    fn from(row: Row) -> Self {
        Self {
            campaign: row.campaign_id,
            id: row.repayment_id,
            amount: Money::from_minor(row.amount_minor, row.currency),
            state: row.state,
            parts: Parts {
                late: row.late_interest_minor,
                fee: row.fee_minor,
                interest: row.interest_minor,
                principal: row.principal_minor,
            },
            owed: Money::from_minor(row.owed_minor, row.currency),
            beyond: Money::from_minor(row.beyond_minor, row.currency),
            is_given_up: row.is_given_up,
            checkout: row.checkout_ref,
            checkout_url: row.checkout_url,
            intent: row.intent_ref,
            charge: row.charge_ref,
            decline_code: row.decline_code,
            tries: row.tries,
            asked_by: row.asked_by,
            created_at: row.created_at,
            credited_at: row.credited_at,
        }
    }
}

macro_rules! repayments {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"select campaign_id as "campaign_id: CampaignId", repayment_id as "repayment_id: RepaymentId",
                      amount_minor, currency as "currency: Currency", state as "state: RepaymentState",
                      principal_minor, interest_minor, fee_minor, late_interest_minor, owed_minor, beyond_minor,
                      is_given_up, checkout_ref, checkout_url, intent_ref, charge_ref, decline_code, tries,
                      asked_by as "asked_by: PersonId", created_at, credited_at
               from repayment "# + $rest
            $(, $arg)*
        )
    };
}

/// One repayment, held until the transaction ends. The caller holds the campaign.
pub async fn lock(
    conn: &mut PgConnection,
    campaign: CampaignId,
    id: RepaymentId,
) -> sqlx::Result<Option<Repayment>> {
    let row = repayments!(
        "where campaign_id = $1 and repayment_id = $2 for update",
        campaign as _,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Repayment::from))
}

/// Every repayment of a loan, the newest first.
pub async fn all(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<Vec<Repayment>> {
    let rows = repayments!(
        "where campaign_id = $1 order by created_at desc, repayment_id desc",
        campaign as _
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Repayment::from).collect())
}

/// A repayment to be asked for.
pub struct New<'a> {
    pub campaign: CampaignId,
    pub id: RepaymentId,
    pub way: &'static str,
    pub amount: Money,
    pub request_key: &'a str,
    pub asked_by: Option<PersonId>,
}

/// False when the request was made before.
pub async fn insert(conn: &mut PgConnection, new: &New<'_>, now: OffsetDateTime) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "insert into repayment (campaign_id, repayment_id, way, amount_minor, currency, state, request_key, asked_by,
                                created_at)
         values ($1, $2, $3, $4, $5, 'asked', $6, $7, $8)
         on conflict on constraint one_repayment_per_request do nothing",
        new.campaign as _,
        new.id as _,
        new.way,
        new.amount.minor(),
        new.amount.currency().code(),
        new.request_key,
        new.asked_by as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps a repayment as it was changed in memory.
pub async fn save(conn: &mut PgConnection, one: &Repayment, now: OffsetDateTime) -> sqlx::Result<()> {
    sqlx::query!(
        "update repayment set state = $3, principal_minor = $4, interest_minor = $5, fee_minor = $6,
                late_interest_minor = $7, owed_minor = $8, is_given_up = $9, checkout_ref = $10, checkout_url = $11,
                intent_ref = $12, charge_ref = $13, decline_code = $14, tries = $15, credited_at = $16,
                beyond_minor = $18,
                ended_at = case when $3 in ('failed', 'returned') then coalesce(ended_at, $17) else ended_at end,
                received_at = case when $3 in ('pending', 'credited') then coalesce(received_at, $17)
                                   else received_at end
         where campaign_id = $1 and repayment_id = $2",
        one.campaign as _,
        one.id as _,
        one.state.as_str(),
        one.parts.principal,
        one.parts.interest,
        one.parts.fee,
        one.parts.late,
        one.owed.minor(),
        one.is_given_up,
        one.checkout.as_deref(),
        one.checkout_url.as_deref(),
        one.intent.as_deref(),
        one.charge.as_deref(),
        one.decline_code.as_deref(),
        one.tries,
        one.credited_at,
        now,
        one.beyond.minor(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Which instalments a repayment paid.
pub async fn keep_parts(
    conn: &mut PgConnection,
    one: &Repayment,
    plan: i32,
    rows: &[(i32, Parts)],
) -> sqlx::Result<()> {
    let numbers: Vec<i32> = rows.iter().map(|(number, _)| *number).collect();
    let each = |part: fn(&Parts) -> i64| -> Vec<i64> { rows.iter().map(|(_, parts)| part(parts)).collect() };
    sqlx::query!(
        "insert into repayment_part (campaign_id, repayment_id, plan, number, principal_minor, interest_minor,
                                     fee_minor, late_interest_minor)
         select $1, $2, $3, * from unnest($4::int[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])",
        one.campaign as _,
        one.id as _,
        plan,
        &numbers,
        &each(|parts| parts.principal),
        &each(|parts| parts.interest),
        &each(|parts| parts.fee),
        &each(|parts| parts.late),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The instalments a repayment paid: plan, number, parts.
pub async fn parts(conn: &mut PgConnection, one: &Repayment) -> sqlx::Result<Vec<(i32, i32, Parts)>> {
    let rows = sqlx::query!(
        "select plan, number, principal_minor, interest_minor, fee_minor, late_interest_minor
         from repayment_part where campaign_id = $1 and repayment_id = $2 order by plan, number",
        one.campaign as _,
        one.id as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let parts = Parts {
                late: row.late_interest_minor,
                fee: row.fee_minor,
                interest: row.interest_minor,
                principal: row.principal_minor,
            };
            (row.plan, row.number, parts)
        })
        .collect())
}

/// What is on its way or waits to be trusted: everything in one of these states.
pub async fn on_way(
    conn: &mut PgConnection,
    campaign: CampaignId,
    states: &[RepaymentState],
) -> sqlx::Result<i64> {
    let states: Vec<String> = states.iter().map(|state| state.as_str().to_string()).collect();
    sqlx::query_scalar!(
        r#"select coalesce(sum(amount_minor), 0)::bigint as "minor!" from repayment
           where campaign_id = $1 and state = any($2)"#,
        campaign as _,
        &states,
    )
    .fetch_one(conn)
    .await
}

/// How often a bank waited in vain for somebody to see, among the debits whose request begins so.
pub async fn in_vain(
    conn: &mut PgConnection,
    campaign: CampaignId,
    (beginning, code): (&str, &str),
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "many!" from repayment
           where campaign_id = $1 and starts_with(request_key, $2) and state = 'failed' and decline_code = $3"#,
        campaign as _,
        beginning,
        code,
    )
    .fetch_one(conn)
    .await
}
