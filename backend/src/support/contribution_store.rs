//! The SQL of contributions: the charges of supports.

use felag_domain::ids::{ContributionId, ProjectId, SupportId};
use felag_domain::money::{Currency, Money};
use felag_domain::pledge::PledgeState;
use sqlx::{PgConnection, PgExecutor, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Contribution;

struct ContributionRow {
    project_id: ProjectId,
    contribution_id: ContributionId,
    support_id: SupportId,
    number: i32,
    amount_minor: i64,
    tip_minor: i64,
    currency: Currency,
    state: PledgeState,
    is_present: bool,
    intent_ref: Option<String>,
    charge_ref: Option<String>,
    decline_code: Option<String>,
    tries: i32,
    due_at: OffsetDateTime,
    next_try_at: Option<OffsetDateTime>,
    paid_at: Option<OffsetDateTime>,
    ended_at: Option<OffsetDateTime>,
}

impl From<ContributionRow> for Contribution {
    fn from(row: ContributionRow) -> Self {
        Contribution {
            project: row.project_id,
            id: row.contribution_id,
            support: row.support_id,
            number: u32::try_from(row.number).unwrap_or(0),
            amount: Money::from_minor(row.amount_minor, row.currency),
            tip: Money::from_minor(row.tip_minor, row.currency),
            state: row.state,
            is_present: row.is_present,
            intent: row.intent_ref,
            charge: row.charge_ref,
            decline_code: row.decline_code,
            tries: u32::try_from(row.tries).unwrap_or(0),
            due_at: row.due_at,
            next_try_at: row.next_try_at,
            paid_at: row.paid_at,
            ended_at: row.ended_at,
        }
    }
}

macro_rules! contributions {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            ContributionRow,
            r#"select project_id as "project_id: _", contribution_id as "contribution_id: _",
                      support_id as "support_id: _", number, amount_minor, tip_minor, currency as "currency: _",
                      state as "state: _", is_present, intent_ref, charge_ref, decline_code, tries, due_at, next_try_at,
                      paid_at, ended_at
               from contribution "# + $rest
            $(, $arg)*
        )
    };
}

/// One contribution, with or without a lock of the caller's on its support.
pub async fn contribution(
    db: impl PgExecutor<'_>,
    project: ProjectId,
    id: ContributionId,
) -> sqlx::Result<Option<Contribution>> {
    let row = contributions!(
        "where project_id = $1 and contribution_id = $2",
        project as _,
        id as _
    );
    Ok(row.fetch_optional(db).await?.map(Into::into))
}

/// Every charge of a support, the newest first.
pub async fn contributions_of(
    db: impl PgExecutor<'_>,
    project: ProjectId,
    support: SupportId,
) -> sqlx::Result<Vec<Contribution>> {
    let rows = contributions!(
        "where project_id = $1 and support_id = $2 order by number desc limit 500",
        project as _,
        support as _,
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(Into::into).collect())
}

/// The one that is under way, if any.
pub async fn under_way(
    db: impl PgExecutor<'_>,
    project: ProjectId,
    support: SupportId,
) -> sqlx::Result<Option<Contribution>> {
    let row = contributions!(
        "where project_id = $1 and support_id = $2
           and state in ('due', 'charging', 'needs_you', 'retry_later', 'stopping')",
        project as _,
        support as _,
    );
    Ok(row.fetch_optional(db).await?.map(Into::into))
}

/// Keeps a contribution that came due, once per period. Whether this call made it.
pub async fn insert_contribution(
    conn: &mut PgConnection,
    one: &Contribution,
    now: OffsetDateTime,
) -> sqlx::Result<bool> {
    let made = sqlx::query!(
        "insert into contribution (project_id, contribution_id, support_id, number, amount_minor, tip_minor, currency,
                                   state, due_at, next_try_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)
         on conflict on constraint one_contribution_per_period do nothing",
        one.project as _,
        one.id as _,
        one.support as _,
        i32::try_from(one.number).unwrap_or(i32::MAX),
        one.amount.minor(),
        one.tip.minor(),
        one.amount.currency() as _,
        one.state as _,
        one.due_at,
        now,
    )
    .execute(&mut *conn)
    .await?;
    Ok(made.rows_affected() == 1)
}

/// Keeps a contribution as it stands in memory.
pub async fn keep(conn: &mut PgConnection, one: &Contribution) -> sqlx::Result<()> {
    sqlx::query!(
        "update contribution set state = $3, is_present = $4, intent_ref = $5, charge_ref = $6, decline_code = $7,
                tries = $8, next_try_at = $9, paid_at = $10, ended_at = $11
         where project_id = $1 and contribution_id = $2",
        one.project as _,
        one.id as _,
        one.state as _,
        one.is_present,
        one.intent,
        one.charge,
        one.decline_code,
        i32::try_from(one.tries).unwrap_or(i32::MAX),
        one.next_try_at,
        one.paid_at,
        one.ended_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Of these contributions, those that are paid.
pub async fn paid_among(db: &PgPool, project: ProjectId, ids: &[Uuid]) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(
        "select contribution_id from contribution
         where project_id = $1 and contribution_id = any($2) and state = 'paid'",
        project as _,
        ids,
    )
    .fetch_all(db)
    .await
}
