//! The SQL of loans that are paid back, but for their shares.

use felag_domain::ids::{CampaignId, PersonId, ProjectId};
use felag_domain::lending::LoanState;
use felag_domain::lending::policy::{self, Policy};
use felag_domain::loan::Period;
use felag_domain::money::{Currency, Money};
use felag_domain::pledge::smallest;
use felag_domain::repaying::Agreed;
use sqlx::{PgConnection, PgExecutor};
use time::{Date, OffsetDateTime};

use super::PaidOut;
pub use super::instalment_store::{rows, save_rows};
pub use super::mandate_store::{Mandate, keep_mandate, mandate};

/// A loan that was paid out, as it stands.
#[derive(Debug, Clone)]
pub struct Running {
    pub campaign: CampaignId,
    pub project: ProjectId,
    pub slug: String,
    pub title: String,
    pub state: LoanState,
    pub currency: Currency,
    pub rate_bp: i32,
    pub period: Period,
    pub plan: i32,
    pub principal: Money,
    pub principal_paid: Money,
    pub interest_paid: Money,
    pub lost: Money,
    pub recovered: Money,
    pub begun_on: Date,
    pub plan_begun_on: Option<Date>,
    pub defaulted_on: Option<Date>,
    pub reminded_on: Option<Date>,
    /// The rules it was asked for under.
    pub policy: Policy,
}

impl Running {
    pub fn agreed(&self) -> Agreed {
        Agreed {
            rate_bp: self.rate_bp,
            period: self.period,
            begun_on: self.plan_begun_on.unwrap_or(self.begun_on),
            notice: self.policy.notice(),
        }
    }

    /// In default, whether or not something came in since.
    pub fn is_in_default(&self) -> bool {
        matches!(self.state, LoanState::Defaulted | LoanState::Recovering)
    }

    /// Whether what comes in may be for it: it runs, or was given up.
    pub fn takes_repayments(&self) -> bool {
        self.state.is_running() || self.state == LoanState::WrittenOff
    }

    /// The least that can be charged, in minor units.
    pub fn least(&self) -> i64 {
        smallest(self.currency).minor()
    }

    pub fn money(&self, minor: i64) -> Money {
        Money::from_minor(minor, self.currency)
    }

    /// What was lent and neither came back nor was given up.
    pub fn outstanding(&self) -> Money {
        self.money(self.principal.minor() - self.principal_paid.minor() - self.lost.minor())
    }
}

struct Row {
    campaign_id: CampaignId,
    project_id: ProjectId,
    slug: String,
    title: String,
    state: LoanState,
    currency: Currency,
    rate_bp: i32,
    period: Period,
    plan: i32,
    principal_minor: i64,
    principal_paid_minor: i64,
    interest_paid_minor: i64,
    lost_minor: i64,
    recovered_minor: i64,
    begun_on: Date,
    plan_begun_on: Option<Date>,
    defaulted_on: Option<Date>,
    reminded_on: Option<Date>,
    policy: String,
}

impl From<Row> for Running {
    fn from(row: Row) -> Self {
        let money = |minor| Money::from_minor(minor, row.currency);
        Self {
            campaign: row.campaign_id,
            project: row.project_id,
            state: row.state,
            currency: row.currency,
            rate_bp: row.rate_bp,
            period: row.period,
            plan: row.plan,
            principal: money(row.principal_minor),
            principal_paid: money(row.principal_paid_minor),
            interest_paid: money(row.interest_paid_minor),
            lost: money(row.lost_minor),
            recovered: money(row.recovered_minor),
            begun_on: row.begun_on,
            plan_begun_on: row.plan_begun_on,
            defaulted_on: row.defaulted_on,
            reminded_on: row.reminded_on,
            policy: policy::named(&row.policy),
            slug: row.slug,
            title: row.title,
        }
    }
}

macro_rules! running {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"select campaign_id as "campaign_id: CampaignId", project_id as "project_id: ProjectId", slug, title,
                      loan.state as "state: LoanState", loan_running.currency as "currency: Currency", rate_bp,
                      period as "period: Period", plan,
                      loan_running.principal_minor, principal_paid_minor, interest_paid_minor, lost_minor,
                      recovered_minor, begun_on, plan_begun_on, defaulted_on, reminded_on, policy
               from loan_running join loan using (campaign_id) join campaign using (campaign_id) "# + $rest
            $(, $arg)*
        )
    };
}

/// The running loan of a campaign.
pub async fn find(db: impl PgExecutor<'_>, campaign: CampaignId) -> sqlx::Result<Option<Running>> {
    let row = running!("where campaign_id = $1", campaign as _)
        .fetch_optional(db)
        .await?;
    Ok(row.map(Running::from))
}

/// As [`find`], held until the transaction ends. The caller holds the campaign.
pub async fn lock(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<Option<Running>> {
    let row = running!(
        "where campaign_id = $1 for update of loan, loan_running",
        campaign as _
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Running::from))
}

/// The rules a loan was asked for under.
pub async fn policy_of(db: impl PgExecutor<'_>, campaign: CampaignId) -> sqlx::Result<Policy> {
    let text = sqlx::query_scalar!("select policy from loan where campaign_id = $1", campaign as _)
        .fetch_one(db)
        .await?;
    Ok(policy::named(&text))
}

/// Writes the narrow row of a loan; false when there is one.
pub async fn insert_running(
    conn: &mut PgConnection,
    paid_out: &PaidOut,
    principal: i64,
) -> sqlx::Result<bool> {
    let oldest = paid_out.instalments.iter().map(|row| row.due_on).min();
    let done = sqlx::query!(
        "insert into loan_running (campaign_id, currency, principal_minor, oldest_open_on, begun_on)
         values ($1, $2, $3, $4, $5) on conflict (campaign_id) do nothing",
        paid_out.campaign as _,
        paid_out.currency.code(),
        principal,
        oldest,
        paid_out.paid_out_on,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What a repayment changed of a loan.
#[derive(Debug, Clone, Copy, Default)]
pub struct Moved {
    pub principal: i64,
    pub interest: i64,
    pub lost: i64,
    pub recovered: i64,
}

/// Adds to a loan's figures, and keeps the day of its oldest open instalment.
pub async fn add(
    conn: &mut PgConnection,
    campaign: CampaignId,
    moved: Moved,
    oldest: Option<Date>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update loan_running set principal_paid_minor = principal_paid_minor + $2,
                interest_paid_minor = interest_paid_minor + $3, lost_minor = lost_minor + $4,
                recovered_minor = recovered_minor + $5, oldest_open_on = $6
         where campaign_id = $1",
        campaign as _,
        moved.principal,
        moved.interest,
        moved.lost,
        moved.recovered,
        oldest,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub async fn set_reminded(conn: &mut PgConnection, campaign: CampaignId, on: Date) -> sqlx::Result<()> {
    sqlx::query!(
        "update loan_running set reminded_on = $2 where campaign_id = $1",
        campaign as _,
        on
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// That it defaulted stays in the figures: the first day counts.
pub async fn set_defaulted(conn: &mut PgConnection, campaign: CampaignId, on: Date) -> sqlx::Result<()> {
    sqlx::query!(
        "update loan_running set defaulted_on = coalesce(defaulted_on, $2) where campaign_id = $1",
        campaign as _,
        on
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The loan's own state. The domain decided that it may.
pub async fn set_loan_state(
    conn: &mut PgConnection,
    campaign: CampaignId,
    to: LoanState,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update loan set state = $2, updated_at = $3, version = version + 1,
                ended_at = case when $2 in ('ended', 'written_off') then coalesce(ended_at, $3) else ended_at end
         where campaign_id = $1",
        campaign as _,
        to.as_str(),
        now,
    )
    .execute(&mut *conn)
    .await?;
    if to == LoanState::Ended {
        sqlx::query!(
            "update commitment set state = 'repaid', ended_at = $2, updated_at = $2
             where campaign_id = $1 and state in ('active', 'partly_lost')",
            campaign as _,
            now,
        )
        .execute(conn)
        .await?;
    } else if to == LoanState::WrittenOff {
        sqlx::query!(
            // Whose bank gave them back what they lent has lost nothing.
            "update commitment
             set state = case when exists (select from loan_share where loan_share.campaign_id = $1
                                              and loan_share.commitment_id = commitment.commitment_id
                                              and taken_over_at is not null)
                         then 'repaid' else 'partly_lost' end,
                 ended_at = $2, updated_at = $2
             where campaign_id = $1 and state = 'active'",
            campaign as _,
            now,
        )
        .execute(conn)
        .await?;
    }
    Ok(())
}

/// The addresses of those who may move the project's money.
pub async fn payers(conn: &mut PgConnection, project: ProjectId) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select distinct email from member join person using (person_id)
         where project_id = $1 and role in ('owner', 'treasurer') order by email",
        project as _,
    )
    .fetch_all(conn)
    .await
}

/// Something that happened to a loan, in words for its lenders.
pub async fn note(
    conn: &mut PgConnection,
    campaign: CampaignId,
    (id, kind, words): (uuid::Uuid, &str, &str),
    person: Option<PersonId>,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into loan_note (campaign_id, note_id, kind, words, person_id, created_at) values ($1, $2, $3, $4, $5, $6)",
        campaign as _,
        id,
        kind,
        words,
        person as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
