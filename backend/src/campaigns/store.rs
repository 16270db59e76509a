//! What other slices ask about a campaign: its terms, its rewards and stock, its totals, its members.

use felag_domain::campaign::{CampaignState, IfShort, Way};
use felag_domain::figures::Figures;
use felag_domain::ids::{CampaignId, PersonId, ProjectId, RewardId, UpdateId};
use felag_domain::money::{Currency, Money};
use felag_domain::person::Role;
use sqlx::{PgConnection, PgExecutor};
use time::{Date, OffsetDateTime};

/// A campaign's terms and where it stands. The long texts are read apart, by [`texts`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    pub id: CampaignId,
    pub project_id: ProjectId,
    pub slug: String,
    pub title: String,
    pub summary: String,
    pub state: CampaignState,
    pub currency: Currency,
    /// Zero in a draft that does not say yet.
    pub minimum: Money,
    pub full_plan: Money,
    pub duration_days: i32,
    /// An IANA name.
    pub time_zone: String,
    pub created_at: OffsetDateTime,
    pub submitted_at: Option<OffsetDateTime>,
    /// Set with `deadline_at` when a steward approves.
    pub opens_at: Option<OffsetDateTime>,
    pub deadline_at: Option<OffsetDateTime>,
    /// Set when the deadline was decided on.
    pub decided_at: Option<OffsetDateTime>,
    pub window_ends_at: Option<OffsetDateTime>,
    pub ended_at: Option<OffsetDateTime>,
    /// What happens when the minimum is promised and not collected.
    pub way: Way,
    pub if_short: IfShort,
    /// Short and going on: until when backers may take their money back.
    pub go_on_until: Option<OffsetDateTime>,
    /// Rises with every save.
    pub version: i32,
}

impl Campaign {
    /// Whether everybody may see its page. What was called off before it was approved stays the project's
    /// own.
    pub fn is_public(&self) -> bool {
        let may_be_seen = self.state.is_public() || self.state == CampaignState::Scheduled;
        may_be_seen && self.opens_at.is_some()
    }

    /// Whether pledges are taken at `now`.
    pub fn takes_pledges(&self, now: OffsetDateTime) -> bool {
        self.state.takes_pledges() && self.deadline_at.is_some_and(|deadline| now < deadline)
    }
}

struct Row {
    id: CampaignId,
    project_id: ProjectId,
    slug: String,
    title: String,
    summary: String,
    state: CampaignState,
    currency: Currency,
    minimum_minor: i64,
    full_plan_minor: i64,
    duration_days: i32,
    time_zone: String,
    created_at: OffsetDateTime,
    submitted_at: Option<OffsetDateTime>,
    opens_at: Option<OffsetDateTime>,
    deadline_at: Option<OffsetDateTime>,
    decided_at: Option<OffsetDateTime>,
    window_ends_at: Option<OffsetDateTime>,
    ended_at: Option<OffsetDateTime>,
    way: Way,
    go_on_percent: Option<i16>,
    go_on_until: Option<OffsetDateTime>,
    version: i32,
}

impl From<Row> for Campaign {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            project_id: row.project_id,
            slug: row.slug,
            title: row.title,
            summary: row.summary,
            state: row.state,
            currency: row.currency,
            minimum: Money::from_minor(row.minimum_minor, row.currency),
            full_plan: Money::from_minor(row.full_plan_minor, row.currency),
            duration_days: row.duration_days,
            time_zone: row.time_zone,
            created_at: row.created_at,
            submitted_at: row.submitted_at,
            opens_at: row.opens_at,
            deadline_at: row.deadline_at,
            decided_at: row.decided_at,
            window_ends_at: row.window_ends_at,
            ended_at: row.ended_at,
            way: row.way,
            if_short: rule(row.go_on_percent),
            go_on_until: row.go_on_until,
            version: row.version,
        }
    }
}

/// The database keeps to the same percentages (`go_on_percent_is_known`).
fn rule(percent: Option<i16>) -> IfShort {
    let percent = percent.and_then(|percent| u8::try_from(percent).ok());
    IfShort::of_percent(percent).unwrap_or_default()
}

/// One list of columns for every way to find a campaign.
macro_rules! campaigns {
    ($where:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            Row,
            r#"select campaign_id as "id: CampaignId", project_id as "project_id: ProjectId", slug, title,
                summary,
                      state as "state: CampaignState", currency as "currency: Currency", minimum_minor,
                      full_plan_minor, duration_days, time_zone, created_at, submitted_at, opens_at,
                          deadline_at,
                      decided_at, window_ends_at, ended_at, way as "way: Way", go_on_percent, go_on_until,
                      version
               from campaign "# + $where,
            $($argument),*
        )
    };
}

/// The campaign at `/campaigns/<slug>`.
pub async fn find_by_slug(db: impl PgExecutor<'_>, slug: &str) -> sqlx::Result<Option<Campaign>> {
    Ok(campaigns!("where slug = $1", slug)
        .fetch_optional(db)
        .await?
        .map(Campaign::from))
}

/// The campaign with this id.
pub async fn find(db: impl PgExecutor<'_>, id: CampaignId) -> sqlx::Result<Option<Campaign>> {
    Ok(campaigns!("where campaign_id = $1", id.as_uuid())
        .fetch_optional(db)
        .await?
        .map(Campaign::from))
}

/// The campaign, held until the transaction ends. Locks are taken in one order: campaign, then accounts
/// by id.
pub async fn lock(conn: &mut PgConnection, id: CampaignId) -> sqlx::Result<Option<Campaign>> {
    let row = campaigns!("where campaign_id = $1 for update", id.as_uuid())
        .fetch_optional(conn)
        .await?;
    Ok(row.map(Campaign::from))
}

/// Every campaign of a project, the newest first.
pub async fn of_project(db: impl PgExecutor<'_>, project: ProjectId) -> sqlx::Result<Vec<Campaign>> {
    let rows = campaigns!(
        "where project_id = $1 order by campaign_id desc",
        project.as_uuid()
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Campaign::from).collect())
}

/// Story and risks, in Markdown.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    pub story: String,
    pub risks: String,
}

pub async fn texts(db: impl PgExecutor<'_>, id: CampaignId) -> sqlx::Result<Texts> {
    sqlx::query_as!(
        Texts,
        "select story, risks from campaign where campaign_id = $1",
        id.as_uuid()
    )
    .fetch_one(db)
    .await
}

/// A thank-you and how many of it are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reward {
    pub id: RewardId,
    pub title: String,
    pub description: String,
    pub price: Money,
    /// The first day of the estimated month.
    pub delivery: Date,
    pub is_sale: bool,
    /// None for as many as are asked for.
    pub limit: Option<i32>,
    /// Held by open checkouts or kept by saved cards.
    pub taken: i32,
}

impl Reward {
    /// How many are left; none if it is not limited.
    pub fn left(&self) -> Option<i32> {
        self.limit.map(|limit| (limit - self.taken).max(0))
    }
}

/// The rewards of a campaign in their order.
pub async fn rewards(db: impl PgExecutor<'_>, campaign: CampaignId) -> sqlx::Result<Vec<Reward>> {
    let rows = sqlx::query!(
        r#"select reward_id as "id: RewardId", reward.title, description, price_minor, delivery, is_sale,
                  stock_limit as "stock_limit?", coalesce(taken, 0) as "taken!", currency
                      as "currency: Currency"
           from reward
           join campaign using (campaign_id)
           left join reward_stock using (campaign_id, reward_id)
           where campaign_id = $1 order by position, reward_id"#,
        campaign.as_uuid(),
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Reward {
            id: row.id,
            title: row.title,
            description: row.description,
            price: Money::from_minor(row.price_minor, row.currency),
            delivery: row.delivery,
            is_sale: row.is_sale,
            limit: row.stock_limit,
            taken: row.taken,
        })
        .collect())
}

/// The narrow row that changes with every pledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    pub figures: Figures,
    /// What the project's own members promised, and what of it was collected: shown, never counted.
    pub own: Money,
    pub own_collected: Money,
    pub backers: i32,
}

impl Total {
    /// Nothing yet.
    pub const fn zero(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self {
            figures: Figures::zero(currency),
            own: zero,
            own_collected: zero,
            backers: 0,
        }
    }

    /// What counts towards the minimum: promised until the deadline is decided, collected afterwards; only collected
    /// where gifts are charged at once.
    pub fn raised(&self, way: Way, state: CampaignState) -> Money {
        if way == Way::KeepWhatComes {
            return self.figures.collected;
        }
        match state {
            CampaignState::Collecting
            | CampaignState::Funded
            | CampaignState::Closed
            | CampaignState::Short
            | CampaignState::Unwound
            | CampaignState::Unpayable => self.figures.collected,
            CampaignState::Draft
            | CampaignState::InReview
            | CampaignState::ChangesAsked
            | CampaignState::Scheduled
            | CampaignState::Open
            | CampaignState::Failed
            | CampaignState::Cancelled
            | CampaignState::Suspended => self.figures.promised,
        }
    }
}

/// The campaign's totals; all zero before it opens.
pub async fn total(db: impl PgExecutor<'_>, campaign: &Campaign) -> sqlx::Result<Total> {
    let row = sqlx::query!(
        "select promised_minor, collected_minor, at_risk_minor, lost_minor, own_minor, own_collected_minor,
            backers
         from campaign_total where campaign_id = $1",
        campaign.id.as_uuid(),
    )
    .fetch_optional(db)
    .await?;
    let money = |minor| Money::from_minor(minor, campaign.currency);
    Ok(row.map_or(Total::zero(campaign.currency), |row| Total {
        figures: Figures {
            promised: money(row.promised_minor),
            collected: money(row.collected_minor),
            at_risk: money(row.at_risk_minor),
            lost: money(row.lost_minor),
        },
        own: money(row.own_minor),
        own_collected: money(row.own_collected_minor),
        backers: row.backers,
    }))
}

/// The campaigns of a project that stand at `state`, in the order in which they are locked.
pub async fn of_project_in(
    conn: &mut PgConnection,
    project: ProjectId,
    state: CampaignState,
) -> sqlx::Result<Vec<CampaignId>> {
    sqlx::query_scalar!(
        r#"select campaign_id as "id: CampaignId" from campaign where project_id = $1 and state = $2
           order by campaign_id"#,
        project.as_uuid(),
        state.as_str(),
    )
    .fetch_all(conn)
    .await
}

/// Whether `person` is a member, of any role, of the project behind the campaign.
pub async fn is_member(
    db: impl PgExecutor<'_>,
    person: PersonId,
    campaign: CampaignId,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from member join campaign using (project_id)
                          where campaign_id = $1 and person_id = $2) as "is_member!""#,
        campaign.as_uuid(),
        person.as_uuid(),
    )
    .fetch_one(db)
    .await
}

/// The addresses of the project's members of one role.
pub async fn members_emails(
    db: impl PgExecutor<'_>,
    campaign: CampaignId,
    role: Role,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select email from member join campaign using (project_id) join person using (person_id)
         where campaign_id = $1 and role = $2 order by person_id",
        campaign.as_uuid(),
        role.as_str(),
    )
    .fetch_all(db)
    .await
}

/// How many follow a campaign.
pub async fn followers(db: impl PgExecutor<'_>, campaign: CampaignId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from follow where campaign_id = $1"#,
        campaign.as_uuid(),
    )
    .fetch_one(db)
    .await
}

/// What a project told the followers of a campaign.
#[derive(Debug, Clone)]
pub struct Update {
    pub id: UpdateId,
    pub title: String,
    /// Markdown.
    pub body: String,
    pub at: OffsetDateTime,
}
