//! What a campaign's page shows beside the campaign itself, in as few queries as may be: no page is asked for more often.

use felag_domain::figures::Figures;
use felag_domain::money::Money;
use sqlx::PgConnection;

use super::lists::{self, BudgetLine, CommonsReturn};
use super::store::{self, Campaign, Reward, Total, Update};

/// Everything but the curve and the lines of the book.
pub struct Shown {
    pub story: String,
    pub risks: String,
    pub project: ProjectFacts,
    /// Why a steward let the campaign do without a commons return.
    pub exception: Option<String>,
    pub total: Total,
    /// Entries in the campaign's book.
    pub entries: u64,
    /// When its money leaves: parts in percent, each so many days after collection ends.
    pub plan: Vec<(i32, i32)>,
    pub budget: Vec<BudgetLine>,
    pub rewards: Vec<Reward>,
    pub returns: Vec<CommonsReturn>,
    pub updates: Vec<Update>,
}

/// What is said of the project.
pub struct ProjectFacts {
    pub slug: String,
    pub name: String,
    pub place: String,
    /// Who answers for the money; the project itself until it says.
    pub holder: String,
    pub licences: Vec<String>,
}

/// Reads it all, on one connection.
pub async fn read(conn: &mut PgConnection, campaign: &Campaign) -> sqlx::Result<Shown> {
    let id = campaign.id;
    let row = sqlx::query!(
        r#"select project.slug, project.name, project.place, project.licences,
                  coalesce(holder_name, project.name) as "holder!", campaign.story, risks,
                  (select words from review where review.campaign_id = campaign.campaign_id
                   and decision = 'commons_exception' order by review_id desc limit 1) as exception,
                  coalesce(promised_minor, 0) as "promised!", coalesce(collected_minor, 0) as "collected!",
                  coalesce(at_risk_minor, 0) as "at_risk!", coalesce(lost_minor, 0) as "lost!",
                  coalesce(own_minor, 0) as "own!", coalesce(own_collected_minor, 0) as "own_collected!",
                  coalesce(backers, 0) as "backers!",
                  coalesce((select array_agg(percent order by position) from tranche
                            where tranche.campaign_id = campaign.campaign_id), '{100}') as "percents!",
                  coalesce((select array_agg(days order by position) from tranche
                            where tranche.campaign_id = campaign.campaign_id), '{0}') as "days!",
                  coalesce((select number from book_head where book_id = campaign.campaign_id), 0) as "entries!"
           from campaign join project using (project_id) left join campaign_total using (campaign_id)
           where campaign_id = $1"#,
        id.as_uuid(),
    )
    .fetch_one(&mut *conn)
    .await?;
    let money = |minor| Money::from_minor(minor, campaign.currency);
    Ok(Shown {
        story: row.story,
        risks: row.risks,
        project: ProjectFacts {
            slug: row.slug,
            name: row.name,
            place: row.place,
            holder: row.holder,
            licences: row.licences,
        },
        exception: row.exception,
        total: Total {
            figures: Figures {
                promised: money(row.promised),
                collected: money(row.collected),
                at_risk: money(row.at_risk),
                lost: money(row.lost),
            },
            own: money(row.own),
            own_collected: money(row.own_collected),
            backers: row.backers,
        },
        entries: u64::try_from(row.entries).unwrap_or(0),
        plan: row.percents.into_iter().zip(row.days).collect(),
        budget: lists::budget(&mut *conn, id, campaign.currency).await?,
        rewards: store::rewards(&mut *conn, id).await?,
        returns: lists::returns(&mut *conn, id).await?,
        updates: store::updates(&mut *conn, id).await?,
    })
}
