//! What a draft still lacks: asked by the task list, by the submission, and by the steward's checklist.

use felag_domain::campaign::{Basics, Checklist, Missing, missing_before_submission};
use felag_domain::ids::{CampaignId, PersonId};
use felag_domain::money::{Currency, Money};
use felag_domain::payout::Plan;
use sqlx::{PgConnection, PgExecutor};
use time::OffsetDateTime;

use super::lists::{self, BudgetLine, CommonsReturn};
use super::store::{self, Campaign, Texts};
use crate::payout_accounts;
use crate::projects::store::Project;

/// A draft with all that the rules ask about.
#[derive(Debug, Clone)]
pub struct Draft {
    pub texts: Texts,
    pub budget: Vec<BudgetLine>,
    pub rewards: Vec<store::Reward>,
    pub returns: Vec<CommonsReturn>,
    pub project: Project,
    /// Where the project's money will be sent. Not needed to be submitted, but to open.
    pub account: Option<payout_accounts::Account>,
    /// When its money will leave.
    pub plan: Plan,
    /// The latest exception's public reason.
    pub exception: Option<String>,
    /// What the rules say is missing.
    pub missing: Vec<Missing>,
    /// The basics would be taken as they stand.
    pub has_basics: bool,
}

impl Draft {
    /// Whether it can be submitted.
    pub fn is_ready(&self) -> bool {
        self.has_basics && self.missing.is_empty()
    }
}

/// Reads a draft and says what it lacks.
pub async fn look(conn: &mut PgConnection, campaign: &Campaign) -> anyhow::Result<Draft> {
    let id = campaign.id;
    let project = crate::projects::store::find(&mut *conn, campaign.project_id).await?;
    let project = project.ok_or_else(|| anyhow::anyhow!("campaign {id} has no project"))?;
    let texts = store::texts(&mut *conn, id).await?;
    let budget = lists::budget(&mut *conn, id, campaign.currency).await?;
    let rewards = store::rewards(&mut *conn, id).await?;
    let returns = lists::returns(&mut *conn, id).await?;
    let exception = exception(&mut *conn, id).await?;
    let account = payout_accounts::of_project(&mut *conn, campaign.project_id).await?;
    let plan = super::plan::of(&mut *conn, id).await?;
    let checklist = Checklist {
        has_story: !texts.story.is_empty(),
        has_risks: !texts.risks.is_empty(),
        has_legal_holder: project.holder.is_some(),
        minimum: campaign.minimum,
        full_plan: campaign.full_plan,
        budget_at_minimum: sum(campaign.currency, budget.iter().map(|line| line.at_minimum))?,
        budget_at_full_plan: sum(campaign.currency, budget.iter().map(|line| line.at_full_plan))?,
        commons_returns: u32::try_from(returns.len())?,
        has_commons_exception: exception.is_some(),
    };
    let missing = missing_before_submission(&checklist);
    let days = u16::try_from(campaign.duration_days).unwrap_or(0);
    let basics = Basics::decide(
        &campaign.title,
        &campaign.summary,
        campaign.minimum,
        campaign.full_plan,
        days,
    );
    Ok(Draft {
        texts,
        budget,
        rewards,
        returns,
        project,
        account,
        plan,
        exception,
        missing,
        has_basics: basics.is_ok(),
    })
}

/// The sum of amounts in one currency.
pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Money>) -> anyhow::Result<Money> {
    let mut sum = Money::zero(currency);
    for amount in amounts {
        sum = sum.checked_add(amount)?;
    }
    Ok(sum)
}

/// Why a steward let the campaign do without a commons return: public.
pub async fn exception(db: impl PgExecutor<'_>, id: CampaignId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select words from review where campaign_id = $1 and decision = 'commons_exception'
         order by review_id desc limit 1",
        id.as_uuid(),
    )
    .fetch_optional(db)
    .await
}

/// The words with which a steward last asked for changes.
pub async fn changes_asked(db: impl PgExecutor<'_>, id: CampaignId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select words from review where campaign_id = $1 and decision = 'changes_asked'
         order by review_id desc limit 1",
        id.as_uuid(),
    )
    .fetch_optional(db)
    .await
}

/// A decision of a steward.
#[derive(Debug, Clone)]
pub struct Decision {
    pub at: OffsetDateTime,
    pub steward: String,
    /// `approved`, `changes_asked` or `commons_exception`.
    pub decision: String,
    pub words: String,
}

/// All decisions on a campaign, the latest first.
pub async fn decisions(db: impl PgExecutor<'_>, id: CampaignId) -> sqlx::Result<Vec<Decision>> {
    sqlx::query_as!(
        Decision,
        "select review.created_at as at, display_name as steward, decision, words
         from review join person on person_id = steward_id
         where campaign_id = $1 order by review_id desc limit 100",
        id.as_uuid(),
    )
    .fetch_all(db)
    .await
}

/// Writes a decision down.
pub async fn decide(
    conn: &mut PgConnection,
    ctx: &crate::ctx::Ctx,
    id: CampaignId,
    steward: PersonId,
    decision: &str,
    words: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into review (campaign_id, review_id, steward_id, decision, words, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        id.as_uuid(),
        ctx.id::<uuid::Uuid>(),
        steward.as_uuid(),
        decision,
        words,
        ctx.now(),
    )
    .execute(conn)
    .await?;
    Ok(())
}
