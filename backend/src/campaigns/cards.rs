//! Campaigns as they stand in lists. Totals come from the narrow rows: no list sums pledges.

use felag_domain::campaign::{CampaignState, Way};
use felag_domain::figures::Figures;
use felag_domain::ids::ProjectId;
use felag_domain::money::{Currency, Money};
use felag_frontend::parts::Card;
use sqlx::PgPool;
use time::OffsetDateTime;

use super::store::Total;

struct Row {
    slug: String,
    title: String,
    summary: String,
    project: String,
    currency: Currency,
    minimum_minor: i64,
    full_plan_minor: i64,
    promised_minor: i64,
    collected_minor: i64,
    backers: i32,
    state: CampaignState,
    way: Way,
    deadline_at: Option<OffsetDateTime>,
    licences: Vec<String>,
    found: i64,
}

impl Row {
    fn card(self) -> Card {
        let money = |minor| Money::from_minor(minor, self.currency);
        let zero = Total::zero(self.currency);
        let figures = Figures {
            promised: money(self.promised_minor),
            collected: money(self.collected_minor),
            ..zero.figures
        };
        Card {
            raised: Total { figures, ..zero }.raised(self.way, self.state),
            minimum: money(self.minimum_minor),
            full_plan: money(self.full_plan_minor),
            slug: self.slug,
            title: self.title,
            summary: self.summary,
            project: self.project,
            backers: u64::try_from(self.backers).unwrap_or(0),
            state: self.state,
            deadline: self.deadline_at,
            licences: self.licences,
        }
    }
}

/// One list of columns for every list.
macro_rules! cards {
    ($rest:tt, $($argument:expr),*) => {
        sqlx::query_as!(
            Row,
            r#"select campaign.slug, title, campaign.summary, project.name as project,
                      campaign.currency as "currency: Currency", minimum_minor, full_plan_minor,
                      coalesce(promised_minor, 0) as "promised_minor!",
                      coalesce(collected_minor, 0) as "collected_minor!", coalesce(backers, 0) as "backers!",
                      state as "state: CampaignState", way as "way: Way", deadline_at,
                      array(select distinct licence from commons_return
                            where commons_return.campaign_id = campaign.campaign_id limit 4) as "licences!",
                      count(*) over () as "found!"
               from campaign join project using (project_id) left join campaign_total using (campaign_id)
               where opens_at is not null and "# + $rest,
            $($argument),*
        )
    };
}

/// A project's campaigns that everybody may see, the newest first.
pub async fn of_project(db: &PgPool, project: ProjectId) -> sqlx::Result<Vec<Card>> {
    let states = public_states();
    let rows = cards!(
        "project_id = $1 and state = any($2) order by campaign_id desc",
        project.as_uuid(),
        &states as _
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(Row::card).collect())
}

/// What a list asks for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub states: Vec<CampaignState>,
    /// A query of Postgres' text search; nothing for all.
    pub words: Option<String>,
    /// The one ending soonest first; otherwise the one that ended last.
    pub soonest_first: bool,
    pub most: i64,
    pub skip: i64,
}

/// The campaigns that are wanted, and how many there are in all.
pub async fn find(db: &PgPool, wanted: &Wanted) -> sqlx::Result<(Vec<Card>, u64)> {
    let states: Vec<&str> = wanted.states.iter().map(|state| state.as_str()).collect();
    let rows = cards!(
        r#"state = any($1)
           and ($2::text is null or campaign_id in (
                select campaign_id from campaign as named where named.words @@ to_tsquery('simple', $2)
                union all
                select campaign_id from campaign as theirs join project as known using (project_id)
                where known.words @@ to_tsquery('simple', $2)))
           order by case when $3 then deadline_at end, deadline_at desc, campaign_id
           limit $4 offset $5"#,
        &states as _,
        wanted.words,
        wanted.soonest_first,
        wanted.most,
        wanted.skip
    )
    .fetch_all(db)
    .await?;
    let found = rows.first().map_or(0, |row| row.found);
    Ok((
        rows.into_iter().map(Row::card).collect(),
        u64::try_from(found).unwrap_or(0),
    ))
}

/// The names of all states in which everybody may see a campaign.
fn public_states() -> Vec<&'static str> {
    let states = CampaignState::ALL.iter();
    states
        .filter(|state| state.is_public() || **state == CampaignState::Scheduled)
        .map(|state| state.as_str())
        .collect()
}
