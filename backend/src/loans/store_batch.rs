//! The SQL of commitments: read and held one by one or many at a time, written back together with the loan's figures.

use felag_domain::ids::{CampaignId, CommitmentId, PersonId};
use felag_domain::lending::{Bucket, CommitmentState};
use felag_domain::money::{Currency, Money};
use felag_domain::pledge::Visibility;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Commitment;

struct Row {
    campaign_id: CampaignId,
    commitment_id: CommitmentId,
    person_id: PersonId,
    email: String,
    lender_name: String,
    visibility: Visibility,
    amount_minor: i64,
    share_minor: Option<i64>,
    currency: Currency,
    state: CommitmentState,
    is_own: bool,
    sheet_version: i32,
    signed_name: String,
    signed_at: OffsetDateTime,
    signed_hash: Vec<u8>,
    revocable_until: Option<OffsetDateTime>,
    firm_at: Option<OffsetDateTime>,
    token: String,
    customer_ref: Option<String>,
    checkout_ref: Option<String>,
    checkout_url: Option<String>,
    checkout_expires_at: Option<OffsetDateTime>,
    payment_method_ref: Option<String>,
    intent_ref: Option<String>,
    charge_ref: Option<String>,
    decline_code: Option<String>,
    tries: i32,
    created_at: OffsetDateTime,
    card_saved_at: Option<OffsetDateTime>,
    due_at: Option<OffsetDateTime>,
    next_try_at: Option<OffsetDateTime>,
    paid_at: Option<OffsetDateTime>,
    ended_at: Option<OffsetDateTime>,
}

impl From<Row> for Commitment {
    fn from(row: Row) -> Self {
        Self {
            campaign: row.campaign_id,
            id: row.commitment_id,
            person: row.person_id,
            email: row.email,
            name: row.lender_name,
            visibility: row.visibility,
            amount: Money::from_minor(row.amount_minor, row.currency),
            share: row
                .share_minor
                .map(|minor| Money::from_minor(minor, row.currency)),
            state: row.state,
            was: row.state,
            is_own: row.is_own,
            sheet_version: u32::try_from(row.sheet_version).unwrap_or(0),
            signed_name: row.signed_name,
            signed_at: row.signed_at,
            signed_hash: row.signed_hash,
            revocable_until: row.revocable_until,
            firm_at: row.firm_at,
            token: row.token,
            customer: row.customer_ref,
            checkout: row.checkout_ref,
            checkout_url: row.checkout_url,
            checkout_expires_at: row.checkout_expires_at,
            method: row.payment_method_ref,
            intent: row.intent_ref,
            charge: row.charge_ref,
            decline_code: row.decline_code,
            tries: row.tries,
            created_at: row.created_at,
            card_saved_at: row.card_saved_at,
            due_at: row.due_at,
            next_try_at: row.next_try_at,
            paid_at: row.paid_at,
            ended_at: row.ended_at,
        }
    }
}

macro_rules! select {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"select campaign_id as "campaign_id: _", commitment_id as "commitment_id: _",
                      commitment.person_id as "person_id: _", person.email, lender_name,
                      visibility as "visibility: _", amount_minor, share_minor, currency as "currency: _",
                      state as "state: _", is_own, sheet_version, signed_name, signed_at, signed_hash, revocable_until,
                      firm_at, token, customer_ref, checkout_ref, checkout_url, checkout_expires_at,
                      payment_method_ref, intent_ref, charge_ref, decline_code, tries, commitment.created_at,
                      card_saved_at, due_at, next_try_at, paid_at, ended_at
               from commitment join person using (person_id) "# + $rest
            $(, $arg)*
        )
    };
}

fn texts(states: &[CommitmentState]) -> Vec<String> {
    states.iter().map(|state| state.as_str().to_string()).collect()
}

/// By the link in mails.
pub async fn by_token(db: &PgPool, token: &str) -> sqlx::Result<Option<Commitment>> {
    let row = select!("where token = $1", token).fetch_optional(db).await?;
    Ok(row.map(Into::into))
}

pub async fn by_id(db: &PgPool, campaign: CampaignId, id: CommitmentId) -> sqlx::Result<Option<Commitment>> {
    let row = select!(
        "where campaign_id = $1 and commitment_id = $2",
        campaign as _,
        id as _
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Into::into))
}

pub async fn by_request(db: &PgPool, campaign: CampaignId, key: Uuid) -> sqlx::Result<Option<Commitment>> {
    let row = select!("where campaign_id = $1 and request_key = $2", campaign as _, key)
        .fetch_optional(db)
        .await?;
    Ok(row.map(Into::into))
}

/// Somebody's commitments, the newest first.
pub async fn of_person(db: &PgPool, person: PersonId) -> sqlx::Result<Vec<Commitment>> {
    let rows = select!(
        "where commitment.person_id = $1 and state <> 'expired' order by commitment.created_at desc limit 200",
        person as _
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// What somebody committed to a loan last.
pub async fn latest_of(
    db: &PgPool,
    campaign: CampaignId,
    person: PersonId,
) -> sqlx::Result<Option<Commitment>> {
    let row = select!(
        "where campaign_id = $1 and commitment.person_id = $2 order by commitment.created_at desc limit 1",
        campaign as _,
        person as _
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Into::into))
}

/// The lenders of a loan who are in it or wait, the oldest first: for its project.
pub async fn lenders(db: &PgPool, campaign: CampaignId, most: i64) -> sqlx::Result<Vec<Commitment>> {
    let rows = select!(
        "where campaign_id = $1 and state not in ('draft', 'expired', 'revoked', 'released')
         order by card_saved_at, commitment_id limit $2",
        campaign as _,
        most,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// One commitment, held until the transaction ends. The campaign is held before.
pub async fn lock(
    conn: &mut PgConnection,
    campaign: CampaignId,
    id: CommitmentId,
) -> sqlx::Result<Option<Commitment>> {
    let row = select!(
        "where campaign_id = $1 and commitment_id = $2 for update of commitment",
        campaign as _,
        id as _
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Into::into))
}

/// Commitments by id, held in the order of their ids.
pub async fn lock_many(
    conn: &mut PgConnection,
    campaign: CampaignId,
    ids: &[Uuid],
) -> sqlx::Result<Vec<Commitment>> {
    let rows = select!(
        "where campaign_id = $1 and commitment_id = any($2) order by commitment_id for update of commitment",
        campaign as _,
        ids,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Commitments in some states, held, in the order in which they were made.
pub async fn lock_in_states(
    conn: &mut PgConnection,
    campaign: CampaignId,
    states: &[CommitmentState],
) -> sqlx::Result<Vec<Commitment>> {
    let rows = select!(
        "where campaign_id = $1 and state = any($2) order by commitment_id for update of commitment",
        campaign as _,
        &texts(states),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Whether any commitment stands in one of these states.
pub async fn any_in(
    conn: &mut PgConnection,
    campaign: CampaignId,
    states: &[CommitmentState],
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from commitment where campaign_id = $1 and state = any($2)) as "any!""#,
        campaign as _,
        &texts(states),
    )
    .fetch_one(conn)
    .await
}

/// A commitment to be.
pub struct New<'a> {
    pub id: CommitmentId,
    pub campaign: CampaignId,
    pub person: PersonId,
    pub name: &'a str,
    pub visibility: Visibility,
    pub amount: Money,
    pub is_own: bool,
    pub sheet_version: u32,
    pub signed_name: &'a str,
    pub signed_hash: &'a [u8],
    pub warned: bool,
    pub token: &'a str,
    pub request_key: Uuid,
}

/// Whether this call made it; `false` when the same form was sent before.
///
/// # Errors
/// `one_commitment_per_lender` when the person has another one in this loan.
pub async fn insert(conn: &mut PgConnection, new: &New<'_>, now: OffsetDateTime) -> sqlx::Result<bool> {
    let made = sqlx::query!(
        "insert into commitment (campaign_id, commitment_id, person_id, lender_name, visibility, amount_minor, currency,
                                 state, is_own, sheet_version, signed_name, signed_at, signed_hash, warned_at, token,
                                 request_key, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, $9, $10, $11, $12, case when $13 then $11::timestamptz end, $14,
                 $15, $11, $11)
         on conflict on constraint one_commitment_per_request do nothing",
        new.campaign as _,
        new.id as _,
        new.person as _,
        new.name,
        new.visibility as _,
        new.amount.minor(),
        new.amount.currency() as _,
        new.is_own,
        i32::try_from(new.sheet_version).unwrap_or(i32::MAX),
        new.signed_name,
        now,
        new.signed_hash,
        new.warned,
        new.token,
        new.request_key,
    )
    .execute(conn)
    .await?;
    Ok(made.rows_affected() == 1)
}

/// What moves between the loan's figures.
#[derive(Default)]
struct Moved {
    committed: i64,
    firm: i64,
    waiting: i64,
    at_risk: i64,
    collected: i64,
    own_firm: i64,
    own_collected: i64,
    lenders: i32,
}

impl Moved {
    fn add(&mut self, commitment: &Commitment, state: CommitmentState, sign: i64) {
        let Some(bucket) = state.bucket() else { return };
        let minor = commitment.amount.minor().saturating_mul(sign);
        let own = if commitment.is_own { minor } else { 0 };
        match bucket {
            Bucket::Committed => self.committed += minor,
            Bucket::Firm => {
                self.firm += minor;
                self.own_firm += own;
            }
            Bucket::Waiting => self.waiting += minor,
            Bucket::AtRisk => self.at_risk += minor,
            Bucket::Collected => {
                self.collected += minor;
                self.own_collected += own;
            }
        }
        if bucket != Bucket::Waiting {
            self.lenders += i32::try_from(sign).unwrap_or(0);
        }
    }
}

/// Writes commitments back as they stand in memory, and moves the loan's figures by the difference. The caller holds
/// them.
pub async fn save(
    conn: &mut PgConnection,
    campaign: CampaignId,
    changed: &[Commitment],
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    write_back(conn, campaign, changed, now).await?;
    let mut moved = Moved::default();
    for one in changed.iter().filter(|one| one.state != one.was) {
        moved.add(one, one.was, -1);
        moved.add(one, one.state, 1);
    }
    sqlx::query!(
        "update loan_total set committed_minor = committed_minor + $2, firm_minor = firm_minor + $3,
                waiting_minor = waiting_minor + $4, at_risk_minor = at_risk_minor + $5,
                collected_minor = collected_minor + $6, own_firm_minor = own_firm_minor + $7,
                own_collected_minor = own_collected_minor + $8, lenders = lenders + $9
         where campaign_id = $1",
        campaign as _,
        moved.committed,
        moved.firm,
        moved.waiting,
        moved.at_risk,
        moved.collected,
        moved.own_firm,
        moved.own_collected,
        moved.lenders,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One column of many commitments.
fn column<T>(changed: &[Commitment], of: impl Fn(&Commitment) -> T) -> Vec<T> {
    changed.iter().map(of).collect()
}

async fn write_back(
    conn: &mut PgConnection,
    campaign: CampaignId,
    changed: &[Commitment],
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update commitment set state = given.state, share_minor = given.share, sheet_version = given.sheet,
                revocable_until = given.revocable, firm_at = given.firm, customer_ref = given.customer,
                checkout_ref = given.checkout, checkout_url = given.url, checkout_expires_at = given.expires,
                payment_method_ref = given.method, intent_ref = given.intent, charge_ref = given.charge,
                decline_code = given.code, tries = given.tries, card_saved_at = given.saved, due_at = given.due,
                next_try_at = given.next, paid_at = given.paid, ended_at = given.ended, updated_at = $22
         from unnest($2::uuid[], $3::text[], $4::bigint[], $5::int[], $6::timestamptz[], $7::timestamptz[], $8::text[],
                     $9::text[], $10::text[], $11::timestamptz[], $12::text[], $13::text[], $14::text[], $15::text[],
                     $16::int[], $17::timestamptz[], $18::timestamptz[], $19::timestamptz[], $20::timestamptz[],
                     $21::timestamptz[])
              as given (id, state, share, sheet, revocable, firm, customer, checkout, url, expires, method, intent,
                        charge, code, tries, saved, due, next, paid, ended)
         where campaign_id = $1 and commitment_id = given.id",
        campaign as _,
        &column(changed, |one| one.id.as_uuid()),
        &column(changed, |one| one.state.as_str().to_string()),
        &column(changed, |one| one.share.map(Money::minor)) as _,
        &column(changed, |one| i32::try_from(one.sheet_version).unwrap_or(i32::MAX)),
        &column(changed, |one| one.revocable_until) as _,
        &column(changed, |one| one.firm_at) as _,
        &column(changed, |one| one.customer.clone()) as _,
        &column(changed, |one| one.checkout.clone()) as _,
        &column(changed, |one| one.checkout_url.clone()) as _,
        &column(changed, |one| one.checkout_expires_at) as _,
        &column(changed, |one| one.method.clone()) as _,
        &column(changed, |one| one.intent.clone()) as _,
        &column(changed, |one| one.charge.clone()) as _,
        &column(changed, |one| one.decline_code.clone()) as _,
        &column(changed, |one| one.tries),
        &column(changed, |one| one.card_saved_at) as _,
        &column(changed, |one| one.due_at) as _,
        &column(changed, |one| one.next_try_at) as _,
        &column(changed, |one| one.paid_at) as _,
        &column(changed, |one| one.ended_at) as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
