//! What a pledge needs to know of its campaign: its terms, its dates, who answers for the money.

use felag_domain::campaign::{COLLECTION_WINDOW, CampaignState, Way};
use felag_domain::ids::{CampaignId, ProjectId, RewardId};
use felag_domain::money::{Currency, Money};
use felag_frontend::Lang;
use felag_frontend::give::GiftFor;
use felag_frontend::project_edit::{country, holder_form};
use sqlx::{PgConnection, PgExecutor, PgPool};
use time::OffsetDateTime;

use crate::planted::{self, Plant};

/// A campaign, as those who give to it see it.
#[derive(Debug, Clone)]
pub struct Ask {
    pub id: CampaignId,
    pub project_id: ProjectId,
    pub slug: String,
    pub title: String,
    pub state: CampaignState,
    pub way: Way,
    pub currency: Currency,
    pub minimum_minor: i64,
    pub time_zone: String,
    pub deadline_at: Option<OffsetDateTime>,
    /// When the figures were fixed: at the deadline, or when it was cancelled.
    pub decided_at: Option<OffsetDateTime>,
    pub window_ends_at: Option<OffsetDateTime>,
    pub project: String,
    pub project_slug: String,
    pub reply_to: String,
    pub holder_name: Option<String>,
    pub holder_form: Option<String>,
    pub holder_address: Option<String>,
    pub holder_country: Option<String>,
    pub holder_register: Option<String>,
    pub holder_tax_number: Option<String>,
}

macro_rules! select {
    ($rest:tt, $arg:expr) => {
        sqlx::query_as!(
            Ask,
            r#"select campaign_id as "id: _", project_id as "project_id: _", campaign.slug, campaign.title,
                      state as "state: _", way as "way: _", currency as "currency: _", minimum_minor, time_zone,
                      deadline_at, decided_at, window_ends_at, project.name as project, project.slug as project_slug,
                      reply_to, holder_name, holder_form, holder_address, holder_country, holder_register, holder_tax_number
               from campaign join project using (project_id) "# + $rest,
            $arg
        )
    };
}

impl Ask {
    pub fn minimum(&self) -> Money {
        Money::from_minor(self.minimum_minor, self.currency)
    }

    /// Whether pledges may be made, changed or cancelled at `now`. The deadline itself is too late.
    pub fn takes_pledges(&self, now: OffsetDateTime) -> bool {
        self.state.takes_pledges() && self.deadline_at.is_some_and(|deadline| now < deadline)
    }

    /// Whether its cards are charged now, and tried again.
    pub fn charges(&self) -> bool {
        self.way.charges(self.state)
    }

    /// Whether it charges at once, and its figures are not fixed yet: a promise that ends leaves them.
    pub fn keeps_and_runs(&self) -> bool {
        self.way == Way::KeepWhatComes && self.decided_at.is_none()
    }

    /// The end of the collection window, known or to be.
    pub fn window_ends(&self) -> Option<OffsetDateTime> {
        self.window_ends_at
            .or_else(|| self.deadline_at.map(|deadline| deadline + COLLECTION_WINDOW))
    }

    pub async fn by_slug(db: &PgPool, slug: &str) -> sqlx::Result<Option<Ask>> {
        select!("where campaign.slug = $1", slug).fetch_optional(db).await
    }

    pub async fn of(db: &PgPool, campaign: CampaignId) -> sqlx::Result<Ask> {
        select!("where campaign_id = $1", campaign as _)
            .fetch_one(db)
            .await
    }

    pub async fn read(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<Ask> {
        select!("where campaign_id = $1", campaign as _)
            .fetch_one(conn)
            .await
    }

    /// The campaign as the pages of giving show it.
    pub fn gift_for(&self) -> GiftFor {
        GiftFor {
            way: self.way,
            slug: self.slug.clone(),
            title: self.title.clone(),
            project: self.project.clone(),
            holder: self.holder_name.clone().unwrap_or_else(|| self.project.clone()),
            minimum: self.minimum(),
            deadline: self.deadline_at.unwrap_or(OffsetDateTime::UNIX_EPOCH),
            window_ends: self.window_ends().unwrap_or(OffsetDateTime::UNIX_EPOCH),
            zone: self.time_zone.clone(),
        }
    }

    /// Form, address, country, register and tax numbers of the legal holder, a line each: for receipts.
    pub fn holder_lines(&self, lang: Lang) -> Vec<String> {
        let form = self.holder_form.as_deref().map(|form| match form.parse() {
            Ok(form) => lang.t(holder_form(form)),
            Err(_) => form,
        });
        let country = self.holder_country.as_deref().map(|code| country(lang, code));
        let numbered = |line, number: &Option<String>| {
            let number = number.as_ref().filter(|number| !number.is_empty());
            number.map(|number| lang.t1(line, "number", number))
        };
        let register = numbered("holder-register-line", &self.holder_register);
        let tax = numbered("holder-tax-line", &self.holder_tax_number);
        let parts = [
            form,
            self.holder_address.as_deref(),
            country,
            register.as_deref(),
            tax.as_deref(),
        ];
        let lines = parts.into_iter().flatten().flat_map(str::lines);
        lines.map(ToString::to_string).collect()
    }

    /// Read under a shared lock: its state and its deadline stay as they are until the transaction ends, while
    /// other pledges are made beside it.
    pub async fn share(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<Ask> {
        select!("where campaign_id = $1 for share of campaign", campaign as _)
            .fetch_one(conn)
            .await
    }

    /// Read under the lock that settling takes: one at a time.
    pub async fn lock(conn: &mut PgConnection, campaign: CampaignId) -> sqlx::Result<Ask> {
        if planted::is(Plant::DecisionWithoutLock) {
            return Self::read(conn, campaign).await;
        }
        select!(
            "where campaign_id = $1 for no key update of campaign",
            campaign as _
        )
        .fetch_one(conn)
        .await
    }
}

/// A reward as it can be chosen.
pub struct RewardRow {
    pub id: RewardId,
    pub title: String,
    pub price_minor: i64,
    pub stock_limit: Option<i32>,
    pub taken: Option<i32>,
}

impl RewardRow {
    /// Whether none is left.
    pub fn is_gone(&self) -> bool {
        self.stock_limit
            .is_some_and(|limit| self.taken.unwrap_or(0) >= limit)
    }
}

pub async fn rewards(db: impl PgExecutor<'_>, campaign: CampaignId) -> sqlx::Result<Vec<RewardRow>> {
    sqlx::query_as!(
        RewardRow,
        r#"select reward_id as "id: _", title, price_minor, stock_limit as "stock_limit?", taken as "taken?"
           from reward left join reward_stock using (campaign_id, reward_id)
           where campaign_id = $1 order by position, reward_id"#,
        campaign as _,
    )
    .fetch_all(db)
    .await
}

/// The title of a reward that was chosen.
pub async fn reward_title(
    db: impl sqlx::PgExecutor<'_>,
    campaign: CampaignId,
    reward: RewardId,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select title from reward where campaign_id = $1 and reward_id = $2",
        campaign as _,
        reward as _
    )
    .fetch_optional(db)
    .await
}

/// Whether the person, or the proven address, belongs to the project: what its members give is not counted.
pub async fn is_member(
    conn: &mut PgConnection,
    project: ProjectId,
    person: Option<felag_domain::ids::PersonId>,
    email: &str,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from member join person using (person_id)
                          where project_id = $1 and (person_id = $2 or person.email = $3)) as "is!""#,
        project as _,
        person as _,
        email,
    )
    .fetch_one(conn)
    .await
}

/// Addresses of the people of a project who hold a role.
pub async fn members(conn: &mut PgConnection, project: ProjectId, role: &str) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select email from member join person using (person_id) where project_id = $1 and role = $2 order by email",
        project as _,
        role,
    )
    .fetch_all(conn)
    .await
}

/// Addresses of the people of a project who answer for its money: owners and treasurers, each once.
pub async fn money_people(conn: &mut PgConnection, project: ProjectId) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        "select distinct email from member join person using (person_id)
         where project_id = $1 and role in ('owner', 'treasurer') order by email",
        project as _,
    )
    .fetch_all(conn)
    .await
}

/// Addresses of the stewards.
pub async fn stewards(conn: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!("select email from person where is_steward order by email")
        .fetch_all(conn)
        .await
}
