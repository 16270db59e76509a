//! The SQL of supports; that of their charges stands in `contribution_store`.

use felag_domain::ids::{PersonId, ProjectId, SupportId};
use felag_domain::money::{Currency, Money};
use felag_domain::pledge::Visibility;
use felag_domain::support::{Period, SupportState};
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Support;
pub use super::contribution_store::*;

struct Row {
    project_id: ProjectId,
    support_id: SupportId,
    person_id: Option<PersonId>,
    email: String,
    backer_name: String,
    visibility: Visibility,
    amount_minor: i64,
    tip_minor: i64,
    currency: Currency,
    period: Period,
    state: SupportState,
    token: String,
    customer_ref: Option<String>,
    checkout_ref: Option<String>,
    checkout_url: Option<String>,
    checkout_expires_at: Option<OffsetDateTime>,
    payment_method_ref: Option<String>,
    started_at: Option<OffsetDateTime>,
    next_number: i32,
    created_at: OffsetDateTime,
    ended_at: Option<OffsetDateTime>,
}

impl From<Row> for Support {
    fn from(row: Row) -> Self {
        Support {
            project: row.project_id,
            id: row.support_id,
            person: row.person_id,
            email: row.email,
            name: row.backer_name,
            visibility: row.visibility,
            amount: Money::from_minor(row.amount_minor, row.currency),
            tip: Money::from_minor(row.tip_minor, row.currency),
            period: row.period,
            state: row.state,
            token: row.token,
            customer: row.customer_ref,
            checkout: row.checkout_ref,
            checkout_url: row.checkout_url,
            checkout_expires_at: row.checkout_expires_at,
            method: row.payment_method_ref,
            started_at: row.started_at,
            next_number: u32::try_from(row.next_number).unwrap_or(0),
            created_at: row.created_at,
            ended_at: row.ended_at,
        }
    }
}

macro_rules! supports {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"select project_id as "project_id: _", support_id as "support_id: _", person_id as "person_id: _", email,
                      backer_name, visibility as "visibility: _", amount_minor, tip_minor, currency as "currency: _",
                      period as "period: _", state as "state: _", token, customer_ref, checkout_ref, checkout_url,
                      checkout_expires_at, payment_method_ref, started_at, next_number, created_at, ended_at
               from support "# + $rest
            $(, $arg)*
        )
    };
}

/// By the link its holder was given.
pub async fn by_token(db: &PgPool, token: &str) -> sqlx::Result<Option<Support>> {
    let row = supports!("where token = $1", token).fetch_optional(db).await?;
    Ok(row.map(Into::into))
}

pub async fn by_request(db: &PgPool, project: ProjectId, key: Uuid) -> sqlx::Result<Option<Support>> {
    let row = supports!("where project_id = $1 and request_key = $2", project as _, key);
    Ok(row.fetch_optional(db).await?.map(Into::into))
}

/// One support, held until the transaction ends. It is taken before its contributions.
pub async fn lock(
    conn: &mut PgConnection,
    project: ProjectId,
    id: SupportId,
) -> sqlx::Result<Option<Support>> {
    let row = supports!(
        "where project_id = $1 and support_id = $2 for update",
        project as _,
        id as _
    );
    Ok(row.fetch_optional(conn).await?.map(Into::into))
}

/// What a person supports, the newest first: their own, and those of their address once they proved it.
pub async fn of_person(
    db: &PgPool,
    person: PersonId,
    proven_email: Option<&str>,
) -> sqlx::Result<Vec<Support>> {
    let rows = supports!(
        "where (person_id = $1 or (person_id is null and email = $2)) and state not in ('draft', 'expired')
         order by created_at desc limit 200",
        person as _,
        proven_email,
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(Into::into).collect())
}

/// Everybody who supports a project or did, the newest first.
pub async fn of_project(db: &PgPool, project: ProjectId) -> sqlx::Result<Vec<Support>> {
    let rows = supports!(
        "where project_id = $1 and state not in ('draft', 'expired') order by created_at desc limit 500",
        project as _,
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(Into::into).collect())
}

/// A support to be.
pub struct New<'a> {
    pub id: SupportId,
    pub project: ProjectId,
    pub person: Option<PersonId>,
    pub email: &'a str,
    pub name: &'a str,
    pub visibility: Visibility,
    pub amount: Money,
    pub tip: Money,
    pub period: Period,
    pub token: &'a str,
    pub request_key: Uuid,
    pub address: &'a str,
}

/// Whether this call made it; `false` when the same form was sent before.
pub async fn insert(conn: &mut PgConnection, new: &New<'_>, now: OffsetDateTime) -> sqlx::Result<bool> {
    let made = sqlx::query!(
        "insert into support (project_id, support_id, person_id, email, backer_name, visibility, amount_minor, tip_minor,
                              currency, period, state, token, request_key, terms_version, mandate_minor, made_from,
                              created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'draft', $11, $12, $13, $14, $15, $16, $16)
         on conflict on constraint one_support_per_request do nothing",
        new.project as _,
        new.id as _,
        new.person as _,
        new.email,
        new.name,
        new.visibility as _,
        new.amount.minor(),
        new.tip.minor(),
        new.amount.currency() as _,
        new.period as _,
        new.token,
        new.request_key,
        super::TERMS_VERSION,
        new.amount.minor() + new.tip.minor(),
        new.address,
        now,
    )
    .execute(conn)
    .await?;
    Ok(made.rows_affected() == 1)
}

pub async fn set_customer(conn: &mut PgConnection, support: &Support, customer: &str) -> sqlx::Result<()> {
    sqlx::query!(
        "update support set customer_ref = $3 where project_id = $1 and support_id = $2 and customer_ref is null",
        support.project as _,
        support.id as _,
        customer,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The checkout that is open; none once it is over.
pub async fn set_checkout(
    conn: &mut PgConnection,
    support: &Support,
    open: Option<(&str, Option<&str>, OffsetDateTime)>,
) -> sqlx::Result<()> {
    let (session, url, until) = match open {
        Some((session, url, until)) => (Some(session), url, Some(until)),
        None => (support.checkout.as_deref(), None, support.checkout_expires_at),
    };
    sqlx::query!(
        "update support set checkout_ref = $3, checkout_url = $4, checkout_expires_at = $5
         where project_id = $1 and support_id = $2",
        support.project as _,
        support.id as _,
        session,
        url,
        until,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A card was saved, the first or another.
pub async fn save_card(
    conn: &mut PgConnection,
    support: &Support,
    method: &str,
    at: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update support set payment_method_ref = $3, started_at = coalesce(started_at, $4), checkout_url = null,
                updated_at = $4
         where project_id = $1 and support_id = $2",
        support.project as _,
        support.id as _,
        method,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves a support to another state; the project's totals follow.
pub async fn set_state(
    conn: &mut PgConnection,
    support: &Support,
    to: SupportState,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    if support.state == to {
        return Ok(());
    }
    let ended_at = (to == SupportState::Ended).then_some(now);
    sqlx::query!(
        "update support set state = $3, ended_at = $4, updated_at = $5 where project_id = $1 and support_id = $2",
        support.project as _,
        support.id as _,
        to as _,
        ended_at,
        now,
    )
    .execute(&mut *conn)
    .await?;
    let by = i32::from(to.counts()) - i32::from(support.state.counts());
    add_to_total(conn, support, by, i64::from(by) * support.amount.minor(), 0).await
}

/// Amount and tip from the next charge on. The caller has looked that it still goes on.
pub async fn set_amount(
    conn: &mut PgConnection,
    support: &Support,
    (amount, tip): (Money, Money),
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update support set amount_minor = $3, tip_minor = $4, mandate_minor = $3::bigint + $4::bigint, updated_at = $5
         where project_id = $1 and support_id = $2",
        support.project as _,
        support.id as _,
        amount.minor(),
        tip.minor(),
        now,
    )
    .execute(&mut *conn)
    .await?;
    let more = if support.state.counts() {
        amount.minor() - support.amount.minor()
    } else {
        0
    };
    add_to_total(conn, support, 0, more, 0).await
}

/// Adds to a project's narrow row: supporters, what they give each period of this support, what came in.
pub async fn add_to_total(
    conn: &mut PgConnection,
    support: &Support,
    supporters: i32,
    minor: i64,
    collected: i64,
) -> sqlx::Result<()> {
    if supporters == 0 && minor == 0 && collected == 0 {
        return Ok(());
    }
    sqlx::query!(
        "insert into support_total (project_id, currency) values ($1, $2) on conflict do nothing",
        support.project as _,
        support.amount.currency() as _,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update support_total set supporters = supporters + $3, collected_minor = collected_minor + $6,
                weekly_minor = weekly_minor + case when $4 = 'weekly' then $5::bigint else 0 end,
                monthly_minor = monthly_minor + case when $4 = 'monthly' then $5::bigint else 0 end,
                yearly_minor = yearly_minor + case when $4 = 'yearly' then $5::bigint else 0 end
         where project_id = $1 and currency = $2",
        support.project as _,
        support.amount.currency() as _,
        supporters,
        support.period.as_str(),
        minor,
        collected,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Which charge comes next.
pub async fn set_next(conn: &mut PgConnection, support: &Support, next: u32) -> sqlx::Result<()> {
    sqlx::query!(
        "update support set next_number = $3 where project_id = $1 and support_id = $2",
        support.project as _,
        support.id as _,
        i32::try_from(next).unwrap_or(i32::MAX),
    )
    .execute(conn)
    .await?;
    Ok(())
}
