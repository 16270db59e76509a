//! The SQL of payout accounts.

use felag_domain::ids::{PersonId, ProjectId};
use felag_domain::money::Currency;
use felag_domain::payout_account::AccountState;
use sqlx::{PgConnection, PgExecutor, PgPool};
use time::OffsetDateTime;

use crate::payments::connect::Bank;

/// A project's account at the provider, as last asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub project: ProjectId,
    /// The provider's id; `None` until it answered.
    pub account_ref: Option<String>,
    pub country: String,
    pub state: AccountState,
    /// What the provider asks for, in its own words.
    pub requirements: Vec<String>,
    pub disabled_reason: Option<String>,
    pub bank_fingerprint: Option<String>,
    pub bank_last4: Option<String>,
    pub bank_country: Option<String>,
    /// In which currencies it can be paid out; empty until the provider said so.
    pub bank_currencies: Vec<String>,
    pub bank_changed_at: Option<OffsetDateTime>,
    pub checked_at: Option<OffsetDateTime>,
    /// When it first could be paid.
    pub enabled_at: Option<OffsetDateTime>,
    pub lost_at: Option<OffsetDateTime>,
}

impl Account {
    /// Whether its bank takes this currency, as far as the provider has said.
    pub fn takes(&self, currency: Currency) -> bool {
        self.bank_currencies.is_empty() || self.bank_currencies.iter().any(|code| code == currency.code())
    }
}

/// One list of columns for every way to find an account.
macro_rules! accounts {
    ($rest:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            Account,
            r#"select project_id as "project: ProjectId", account_ref, country, state as "state: AccountState",
                      requirements, disabled_reason, bank_fingerprint, bank_last4, bank_country, bank_currencies,
                      bank_changed_at, checked_at, enabled_at, lost_at
               from payout_account "# + $rest,
            $($argument),*
        )
    };
}

/// The account of a project, if one was begun.
pub async fn of_project(db: impl PgExecutor<'_>, project: ProjectId) -> sqlx::Result<Option<Account>> {
    accounts!("where project_id = $1", project as _)
        .fetch_optional(db)
        .await
}

/// As [`of_project`], held until the transaction ends.
pub async fn lock(conn: &mut PgConnection, project: ProjectId) -> sqlx::Result<Option<Account>> {
    accounts!("where project_id = $1 for update", project as _)
        .fetch_optional(conn)
        .await
}

/// The account of a project, begun now if there is none, and held.
pub async fn begin(
    conn: &mut PgConnection,
    project: ProjectId,
    country: &str,
    person: PersonId,
    now: OffsetDateTime,
) -> sqlx::Result<Account> {
    sqlx::query!(
        "insert into payout_account (project_id, country, started_by, created_at) values ($1, $2, $3, $4)
         on conflict (project_id) do nothing",
        project as _,
        country,
        person as _,
        now,
    )
    .execute(&mut *conn)
    .await?;
    accounts!("where project_id = $1 for update", project as _)
        .fetch_one(conn)
        .await
}

/// Forgets an account that is gone: another one is about to be made. What it is paid to are other bank details.
pub async fn begin_anew(
    conn: &mut PgConnection,
    project: ProjectId,
    country: &str,
    person: PersonId,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payout_account set account_ref = null, state = 'pending', country = $2, started_by = $3,
                requirements = '{}', disabled_reason = null, checked_at = $4
         where project_id = $1",
        project as _,
        country,
        person as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps the provider's id of an account; false when there is one already.
pub async fn keep_ref(conn: &mut PgConnection, project: ProjectId, account: &str) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update payout_account set account_ref = $2 where project_id = $1 and account_ref is null",
        project as _,
        account,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What the provider says of an account now.
pub struct Seen<'a> {
    pub state: AccountState,
    pub requirements: &'a [String],
    pub disabled_reason: Option<&'a str>,
    /// `None` leaves what is there: an account that cannot be read says nothing about its bank.
    pub bank: Option<&'a Bank>,
    pub bank_currencies: &'a [String],
    /// The bank details became others.
    pub bank_changed: bool,
}

pub async fn keep_seen(
    conn: &mut PgConnection,
    project: ProjectId,
    seen: &Seen<'_>,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update payout_account set state = $2, requirements = $3, disabled_reason = $4,
                bank_fingerprint = coalesce($5, bank_fingerprint), bank_last4 = coalesce($6, bank_last4),
                bank_country = coalesce($7, bank_country),
                bank_changed_at = case when $8 then $9 else bank_changed_at end, checked_at = $9,
                enabled_at = case when $2 = 'enabled' then coalesce(enabled_at, $9) else enabled_at end,
                lost_at = case when $2 in ('rejected', 'lost') then coalesce(lost_at, $9) end,
                bank_currencies = case when cardinality($10::text[]) > 0 then $10 else bank_currencies end
         where project_id = $1",
        project as _,
        seen.state.as_str(),
        seen.requirements,
        seen.disabled_reason,
        seen.bank.map(|bank| bank.fingerprint.as_str()),
        seen.bank.map(|bank| bank.last4.as_str()),
        seen.bank.map(|bank| bank.country.as_str()),
        seen.bank_changed,
        now,
        seen.bank_currencies,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Accounts to look after, by their projects, a page at a time.
pub async fn to_look_after(db: &PgPool, after: Option<ProjectId>, most: i64) -> sqlx::Result<Vec<ProjectId>> {
    sqlx::query_scalar!(
        r#"select project_id as "project: ProjectId" from payout_account
           where account_ref is not null and state <> 'lost' and ($1::uuid is null or project_id > $1)
           order by project_id limit $2"#,
        after.map(ProjectId::as_uuid),
        most,
    )
    .fetch_all(db)
    .await
}

/// A project's name, its address on this site, and the addresses of its members: everybody, or those who may move
/// its money.
pub struct Concerned {
    pub name: String,
    pub slug: String,
    pub emails: Vec<String>,
}

pub async fn concerned(
    conn: &mut PgConnection,
    project: ProjectId,
    everybody: bool,
) -> sqlx::Result<Concerned> {
    let row = sqlx::query!(
        "select name, slug from project where project_id = $1",
        project as _
    )
    .fetch_one(&mut *conn)
    .await?;
    let emails = sqlx::query_scalar!(
        "select distinct email from member join person using (person_id)
         where project_id = $1 and ($2 or role in ('owner', 'treasurer')) order by email",
        project as _,
        everybody,
    )
    .fetch_all(conn)
    .await?;
    Ok(Concerned {
        name: row.name,
        slug: row.slug,
        emails,
    })
}
