//! The SQL of commitments: read and held one by one or many at a time, written back together with the loan's figures.

use felag_domain::ids::{CampaignId, CommitmentId, PersonId};
use felag_domain::lending::CommitmentState;
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
    from_kept: bool,
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
            from_kept: row.from_kept,
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
                      state as "state: _", is_own, from_kept, sheet_version, signed_name, signed_at, signed_hash,
                      revocable_until, firm_at, token, customer_ref, checkout_ref, checkout_url, checkout_expires_at,
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
    pub from_kept: bool,
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
                                 request_key, created_at, updated_at, from_kept)
         values ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, $9, $10, $11, $12, case when $13 then $11::timestamptz end, $14,
                 $15, $11, $11, $16)
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
        new.from_kept,
    )
    .execute(conn)
    .await?;
    Ok(made.rows_affected() == 1)
}
