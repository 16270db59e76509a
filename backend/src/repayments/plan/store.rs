//! The SQL of proposed plans and of votes about them.

use felag_domain::ids::{CampaignId, CommitmentId, PersonId, ProjectId};
use felag_domain::loan::{DayCount, Kind, Period};
use felag_domain::repaying::{ProposalState, Side, Tally};
use sqlx::{PgConnection, PgExecutor};
use time::{Date, OffsetDateTime};

use super::rows::{Contract, NewPlan, Wish};

/// A plan that was proposed.
#[derive(Debug, Clone)]
pub struct Proposal {
    pub campaign: CampaignId,
    pub plan: i32,
    pub wish: Wish,
    pub reason: String,
    pub state: ProposalState,
    pub closes_at: OffsetDateTime,
    pub decided_at: Option<OffsetDateTime>,
    /// How it ended; nothing while it is open.
    pub result: Option<Tally>,
}

struct Row {
    campaign_id: CampaignId,
    plan: i32,
    first_due_on: Date,
    instalments: i32,
    reason: String,
    state: ProposalState,
    outstanding_minor: i64,
    closes_at: OffsetDateTime,
    decided_at: Option<OffsetDateTime>,
    agree_lenders: Option<i32>,
    agree_minor: Option<i64>,
    against_lenders: Option<i32>,
    against_minor: Option<i64>,
    lenders: Option<i32>,
}

impl From<Row> for Proposal {
    fn from(row: Row) -> Self {
        let side = |lenders: Option<i32>, minor: Option<i64>| Side {
            lenders: i64::from(lenders.unwrap_or(0)),
            outstanding: minor.unwrap_or(0),
        };
        Self {
            campaign: row.campaign_id,
            plan: row.plan,
            wish: Wish {
                first_due_on: row.first_due_on,
                instalments: u32::try_from(row.instalments).unwrap_or(0),
            },
            result: row.decided_at.map(|_| Tally {
                agree: side(row.agree_lenders, row.agree_minor),
                against: side(row.against_lenders, row.against_minor),
                all: side(row.lenders, Some(row.outstanding_minor)),
            }),
            reason: row.reason,
            state: row.state,
            closes_at: row.closes_at,
            decided_at: row.decided_at,
        }
    }
}

/// The newest proposal about a loan, open or not.
pub async fn newest(db: impl PgExecutor<'_>, campaign: CampaignId) -> sqlx::Result<Option<Proposal>> {
    let row = sqlx::query_as!(
        Row,
        r#"select campaign_id as "campaign_id: CampaignId", plan, first_due_on, instalments, reason,
                  state as "state: ProposalState", outstanding_minor, closes_at, decided_at, agree_lenders, agree_minor,
                  against_lenders, against_minor, lenders
           from plan_proposal where campaign_id = $1 order by plan desc limit 1"#,
        campaign as _
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Proposal::from))
}

pub async fn insert(
    conn: &mut PgConnection,
    one: &Proposal,
    proposed_by: PersonId,
    outstanding: i64,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into plan_proposal (campaign_id, plan, first_due_on, instalments, reason, proposed_by, state,
                                    outstanding_minor, closes_at, created_at)
         values ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9)",
        one.campaign as _,
        one.plan,
        one.wish.first_due_on,
        i32::try_from(one.wish.instalments).unwrap_or(i32::MAX),
        one.reason,
        proposed_by as _,
        outstanding,
        one.closes_at,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What every plan of a loan keeps of its contract; nothing when a later version wrote it.
pub async fn contract(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<Option<Contract>> {
    let row = sqlx::query!(
        "select kind, period, day_count from loan where campaign_id = $1",
        campaign as _
    )
    .fetch_one(conn)
    .await?;
    let kind: Option<Kind> = row.kind.parse().ok();
    let period: Option<Period> = row.period.parse().ok();
    let day_count: Option<DayCount> = row.day_count.parse().ok();
    Ok(kind
        .zip(period)
        .zip(day_count)
        .map(|((kind, period), day_count)| Contract {
            kind,
            period,
            day_count,
        }))
}

/// Whether this share votes: something is outstanding of it, and its lender does not belong to the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Voter {
    pub is_own: bool,
    pub outstanding: i64,
    /// How they voted so far.
    pub agrees: Option<bool>,
}

pub async fn voter(
    conn: &mut PgConnection,
    (campaign, project): (CampaignId, ProjectId),
    share: CommitmentId,
    plan: i32,
) -> sqlx::Result<Option<Voter>> {
    sqlx::query_as!(
        Voter,
        r#"select is_own or exists (select from member
                                    where project_id = $2 and person_id = commitment.person_id) as "is_own!",
                  loan_share.share_minor - principal_credited_minor - lost_minor as "outstanding!", agrees as "agrees?"
           from loan_share join commitment using (campaign_id, commitment_id)
           left join plan_vote on plan_vote.campaign_id = loan_share.campaign_id
                and plan_vote.commitment_id = loan_share.commitment_id and plan = $4
           where loan_share.campaign_id = $1 and loan_share.commitment_id = $3 and taken_over_at is null"#,
        campaign as _,
        project as _,
        share as _,
        plan,
    )
    .fetch_optional(conn)
    .await
}

/// A vote, or another one of the same lender.
pub async fn vote(
    conn: &mut PgConnection,
    (campaign, plan): (CampaignId, i32),
    share: CommitmentId,
    agrees: bool,
    outstanding: i64,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into plan_vote (campaign_id, plan, commitment_id, agrees, outstanding_minor, voted_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (campaign_id, plan, commitment_id) do update set agrees = excluded.agrees,
             outstanding_minor = excluded.outstanding_minor, voted_at = excluded.voted_at",
        campaign as _,
        plan,
        share as _,
        agrees,
        outstanding,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Everybody who may vote, and how they did. A vote weighs what is outstanding of its share now.
pub async fn tally(
    conn: &mut PgConnection,
    (campaign, project): (CampaignId, ProjectId),
    plan: i32,
) -> sqlx::Result<Tally> {
    let row = sqlx::query!(
        r#"select count(*) as "lenders!", coalesce(sum(outstanding), 0)::bigint as "outstanding!",
                  count(*) filter (where agrees) as "agree!",
                  coalesce(sum(outstanding) filter (where agrees), 0)::bigint as "agree_minor!",
                  count(*) filter (where not agrees) as "against!",
                  coalesce(sum(outstanding) filter (where not agrees), 0)::bigint as "against_minor!"
           from (select loan_share.share_minor - principal_credited_minor - lost_minor as outstanding, agrees
                 from loan_share join commitment using (campaign_id, commitment_id)
                 left join plan_vote on plan_vote.campaign_id = loan_share.campaign_id
                      and plan_vote.commitment_id = loan_share.commitment_id and plan = $3
                 where loan_share.campaign_id = $1 and not is_own and taken_over_at is null
                   and not exists (select from member where project_id = $2 and person_id = commitment.person_id)
                   and loan_share.share_minor > principal_credited_minor + lost_minor) as voter"#,
        campaign as _,
        project as _,
        plan,
    )
    .fetch_one(conn)
    .await?;
    let side = |lenders, outstanding| Side { lenders, outstanding };
    Ok(Tally {
        agree: side(row.agree, row.agree_minor),
        against: side(row.against, row.against_minor),
        all: side(row.lenders, row.outstanding),
    })
}

/// How it ended, and what each vote weighed.
pub async fn decide(
    conn: &mut PgConnection,
    one: &Proposal,
    (to, tally): (ProposalState, Tally),
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    let count = |lenders: i64| i32::try_from(lenders).unwrap_or(i32::MAX);
    sqlx::query!(
        "update plan_proposal set state = $3, decided_at = $4, agree_lenders = $5, agree_minor = $6, against_lenders = $7,
                against_minor = $8, lenders = $9, outstanding_minor = $10
         where campaign_id = $1 and plan = $2 and state = 'open'",
        one.campaign as _,
        one.plan,
        to.as_str(),
        now,
        count(tally.agree.lenders),
        tally.agree.outstanding,
        count(tally.against.lenders),
        tally.against.outstanding,
        count(tally.all.lenders),
        tally.all.outstanding,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update plan_vote set outstanding_minor = share_minor - principal_credited_minor - lost_minor
         from loan_share
         where plan_vote.campaign_id = $1 and plan = $2 and loan_share.campaign_id = plan_vote.campaign_id
           and loan_share.commitment_id = plan_vote.commitment_id",
        one.campaign as _,
        one.plan,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// From now on this plan is the loan's.
pub async fn begin(conn: &mut PgConnection, one: &Proposal, new: &NewPlan) -> sqlx::Result<()> {
    crate::repayments::store::save_rows(conn, one.campaign, one.plan, &new.rows).await?;
    sqlx::query!(
        "update loan_running set plan = $2, plan_begun_on = $3, oldest_open_on = $4 where campaign_id = $1",
        one.campaign as _,
        one.plan,
        new.begins_on,
        one.wish.first_due_on,
    )
    .execute(conn)
    .await?;
    Ok(())
}
