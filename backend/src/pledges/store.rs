//! The SQL of pledges: one at a time. What settles thousands at once stands in `store_batch`.

use felag_domain::ids::{CampaignId, PersonId, PledgeId, RewardId};
use felag_domain::money::{Currency, Money};
use felag_domain::pledge::{PledgeState, Visibility};
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

pub use super::promise::add_promise;
pub use super::stock::{free_stock, take_stock};
use super::{Pledge, Wish};

/// The columns as they stand; read into a [`Pledge`].
pub struct Row {
    pub campaign_id: CampaignId,
    pub pledge_id: PledgeId,
    pub person_id: Option<PersonId>,
    pub email: String,
    pub backer_name: String,
    pub visibility: Visibility,
    pub reward_id: Option<RewardId>,
    pub amount_minor: i64,
    pub tip_minor: i64,
    pub currency: Currency,
    pub counts: bool,
    pub state: PledgeState,
    pub token: String,
    pub terms_version: String,
    pub customer_ref: Option<String>,
    pub checkout_ref: Option<String>,
    pub checkout_url: Option<String>,
    pub checkout_expires_at: Option<OffsetDateTime>,
    pub payment_method_ref: Option<String>,
    pub intent_ref: Option<String>,
    pub charge_ref: Option<String>,
    pub decline_code: Option<String>,
    pub tries: i32,
    pub created_at: OffsetDateTime,
    pub card_saved_at: Option<OffsetDateTime>,
    pub due_at: Option<OffsetDateTime>,
    pub next_try_at: Option<OffsetDateTime>,
    pub paid_at: Option<OffsetDateTime>,
    pub ended_at: Option<OffsetDateTime>,
}

impl From<Row> for Pledge {
    fn from(row: Row) -> Self {
        Pledge {
            campaign: row.campaign_id,
            id: row.pledge_id,
            person: row.person_id,
            email: row.email,
            name: row.backer_name,
            visibility: row.visibility,
            reward: row.reward_id,
            amount: Money::from_minor(row.amount_minor, row.currency),
            tip: Money::from_minor(row.tip_minor, row.currency),
            counts: row.counts,
            state: row.state,
            token: row.token,
            terms_version: row.terms_version,
            customer: row.customer_ref,
            checkout: row.checkout_ref,
            checkout_url: row.checkout_url,
            checkout_expires_at: row.checkout_expires_at,
            method: row.payment_method_ref,
            intent: row.intent_ref,
            charge: row.charge_ref,
            decline_code: row.decline_code,
            tries: u32::try_from(row.tries).unwrap_or(0),
            created_at: row.created_at,
            card_saved_at: row.card_saved_at,
            due_at: row.due_at,
            next_try_at: row.next_try_at,
            paid_at: row.paid_at,
            ended_at: row.ended_at,
        }
    }
}

/// One `select` of whole pledges, ending as the caller says.
macro_rules! select {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"select campaign_id as "campaign_id: _", pledge_id as "pledge_id: _", person_id as "person_id: _", email,
                      backer_name, visibility as "visibility: _", reward_id as "reward_id: _", amount_minor, tip_minor,
                      currency as "currency: _", counts, state as "state: _", token, terms_version, customer_ref,
                      checkout_ref, checkout_url, checkout_expires_at, payment_method_ref, intent_ref, charge_ref,
                      decline_code, tries, created_at, card_saved_at, due_at, next_try_at, paid_at, ended_at
               from pledge "# + $rest
            $(, $arg)*
        )
    };
}
pub(super) use select;

/// By the link its holder was given.
pub async fn by_token(db: &PgPool, token: &str) -> sqlx::Result<Option<Pledge>> {
    Ok(select!("where token = $1", token)
        .fetch_optional(db)
        .await?
        .map(Into::into))
}

/// One pledge, locked until the transaction ends.
pub async fn lock(
    conn: &mut PgConnection,
    campaign: CampaignId,
    id: PledgeId,
) -> sqlx::Result<Option<Pledge>> {
    Ok(select!(
        "where campaign_id = $1 and pledge_id = $2 for update",
        campaign as _,
        id as _
    )
    .fetch_optional(conn)
    .await?
    .map(Into::into))
}

/// What a person gave, newest first: their own pledges, and those of their address once they proved it. A page of
/// them, and how many pages there are.
pub async fn of_person(
    db: &PgPool,
    person: PersonId,
    proven_email: Option<&str>,
    page: u32,
    most: u32,
) -> sqlx::Result<(Vec<Pledge>, u64)> {
    let rows = select!(
        "where (person_id = $1 or (person_id is null and email = $2)) and state <> 'expired'
         order by created_at desc limit $3 offset $4",
        person as _,
        proven_email,
        i64::from(most),
        i64::from(most) * i64::from(page.saturating_sub(1)),
    )
    .fetch_all(db)
    .await?;
    let all = sqlx::query_scalar!(
        r#"select count(*) as "all!" from pledge
           where (person_id = $1 or (person_id is null and email = $2)) and state <> 'expired'"#,
        person as _,
        proven_email,
    )
    .fetch_one(db)
    .await?;
    let pages = u64::try_from(all).unwrap_or(0).div_ceil(most.into()).max(1);
    Ok((rows.into_iter().map(Into::into).collect(), pages))
}

/// Pledges that are part of a campaign's books, newest first: the list for its owner.
pub async fn of_campaign(
    db: &PgPool,
    campaign: CampaignId,
    before: OffsetDateTime,
    most: i64,
) -> sqlx::Result<Vec<Pledge>> {
    let rows = select!(
        "where campaign_id = $1 and card_saved_at < $2 order by card_saved_at desc, pledge_id desc limit $3",
        campaign as _,
        before,
        most,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// A pledge to be.
pub struct New<'a> {
    pub id: PledgeId,
    pub campaign: CampaignId,
    pub person: Option<PersonId>,
    pub email: &'a str,
    pub name: &'a str,
    pub visibility: Visibility,
    pub reward: Option<RewardId>,
    pub amount: Money,
    pub tip: Money,
    pub counts: bool,
    pub token: &'a str,
    pub request_key: Uuid,
    pub terms_version: &'a str,
    pub address: &'a str,
}

/// Whether this call made it; `false` when the same form was sent before.
pub async fn insert(conn: &mut PgConnection, new: &New<'_>, now: OffsetDateTime) -> sqlx::Result<bool> {
    let made = sqlx::query!(
        "insert into pledge (campaign_id, pledge_id, person_id, email, backer_name, visibility, reward_id, amount_minor,
                             tip_minor, currency, counts, state, token, request_key, terms_version, mandate_minor,
                             made_from, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'draft', $12, $13, $14, $15, $16, $17, $17)
         on conflict on constraint one_pledge_per_request do nothing",
        new.campaign as _,
        new.id as _,
        new.person as _,
        new.email,
        new.name,
        new.visibility as _,
        new.reward as _,
        new.amount.minor(),
        new.tip.minor(),
        new.amount.currency() as _,
        new.counts,
        new.token,
        new.request_key,
        new.terms_version,
        new.amount.minor() + new.tip.minor(),
        new.address,
        now,
    )
    .execute(conn)
    .await?;
    Ok(made.rows_affected() == 1)
}

pub async fn by_request(db: &PgPool, campaign: CampaignId, key: Uuid) -> sqlx::Result<Option<Pledge>> {
    Ok(
        select!("where campaign_id = $1 and request_key = $2", campaign as _, key)
            .fetch_optional(db)
            .await?
            .map(Into::into),
    )
}

/// How many drafts with an open checkout an address (or a browser's) holds in a campaign.
pub async fn open_drafts(
    conn: &mut PgConnection,
    campaign: CampaignId,
    email: &str,
    address: &str,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from pledge
           where campaign_id = $1 and state = 'draft' and (email = $2 or made_from = $3)"#,
        campaign as _,
        email,
        address,
    )
    .fetch_one(conn)
    .await
}

pub async fn set_customer(
    conn: &mut PgConnection,
    campaign: CampaignId,
    id: PledgeId,
    customer: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update pledge set customer_ref = $3 where campaign_id = $1 and pledge_id = $2 and customer_ref is null",
        campaign as _,
        id as _,
        customer,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn set_checkout(
    conn: &mut PgConnection,
    campaign: CampaignId,
    id: PledgeId,
    session: &str,
    url: Option<&str>,
    expires_at: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update pledge set checkout_ref = $3, checkout_url = $4, checkout_expires_at = $5
         where campaign_id = $1 and pledge_id = $2",
        campaign as _,
        id as _,
        session,
        url,
        expires_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The checkout is over: its link leads nowhere any more.
pub async fn clear_checkout(conn: &mut PgConnection, campaign: CampaignId, id: PledgeId) -> sqlx::Result<()> {
    sqlx::query!(
        "update pledge set checkout_url = null where campaign_id = $1 and pledge_id = $2",
        campaign as _,
        id as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn save_card(
    conn: &mut PgConnection,
    pledge: &Pledge,
    to: PledgeState,
    method: &str,
    at: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update pledge set state = $3, payment_method_ref = $4, card_saved_at = coalesce(card_saved_at, $5),
                checkout_url = null, updated_at = $5
         where campaign_id = $1 and pledge_id = $2",
        pledge.campaign as _,
        pledge.id as _,
        to as _,
        method,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends a pledge without money: expired or cancelled.
pub async fn end(
    conn: &mut PgConnection,
    pledge: &Pledge,
    to: PledgeState,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update pledge set state = $3, ended_at = $4, updated_at = $4, checkout_url = null
         where campaign_id = $1 and pledge_id = $2",
        pledge.campaign as _,
        pledge.id as _,
        to as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn change(
    conn: &mut PgConnection,
    pledge: &Pledge,
    to: &Wish,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update pledge set amount_minor = $3, tip_minor = $4, backer_name = $5, visibility = $6, updated_at = $7,
                mandate_minor = $3::bigint + $4::bigint
         where campaign_id = $1 and pledge_id = $2",
        pledge.campaign as _,
        pledge.id as _,
        to.amount.minor(),
        to.tip.minor(),
        to.name,
        to.visibility as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn by_id(db: &PgPool, campaign: CampaignId, id: PledgeId) -> sqlx::Result<Option<Pledge>> {
    Ok(select!(
        "where campaign_id = $1 and pledge_id = $2",
        campaign as _,
        id as _
    )
    .fetch_optional(db)
    .await?
    .map(Into::into))
}

pub async fn campaign_exists(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from campaign where campaign_id = $1) as "is!""#,
        campaign as _
    )
    .fetch_one(conn)
    .await
}
