//! The stewards' list: what is under way, and the alarm about money that is held too long.

use axum::extract::State;
use axum::response::Response;
use felag_domain::money::{Currency, Money};
use felag_domain::payout::{HELD_MAX, PayoutState};
use felag_frontend::payouts::{HeldLine, QueueLine, QueuePage};
use felag_frontend::{Here, Lang};
use sqlx::PgPool;
use time::OffsetDateTime;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Steward;
use crate::web::page;

pub async fn show(State(ctx): State<Ctx>, steward: Steward) -> Result<Response, Error> {
    let title = Lang::En.t("payouts-queue-title");
    page(&QueuePage {
        page: steward.visitor.page(&ctx, title, Here::Reviews),
        under_way: under_way(&ctx.db).await?,
        came_back: came_back(&ctx.db).await?,
        held_too_long: held_too_long(&ctx).await?,
    })
}

struct Row {
    slug: String,
    title: String,
    project: String,
    number: i32,
    currency: Currency,
    state: PayoutState,
    minor: i64,
    since: OffsetDateTime,
}

impl From<Row> for QueueLine {
    fn from(row: Row) -> Self {
        Self {
            slug: row.slug,
            number: u32::try_from(row.number).unwrap_or(0),
            campaign: row.title,
            project: row.project,
            state: row.state,
            amount: Money::from_minor(row.minor, row.currency),
            since: row.since,
        }
    }
}

async fn under_way(db: &PgPool) -> sqlx::Result<Vec<QueueLine>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select campaign.slug, campaign.title, project.name as project, payout.number,
                  payout.currency as "currency: Currency", payout.state as "state: PayoutState",
                  case when net_minor > 0 then net_minor else gross_minor end as "minor!",
                  coalesce(second_at, first_at, payout.created_at) as "since!"
           from payout join campaign using (campaign_id) join project on project.project_id = payout.project_id
           where payout.state in ('proposed', 'asked', 'approved', 'sending', 'on_its_way', 'failed')
           order by payout.created_at limit 200"#,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(QueueLine::from).collect())
}

/// Payouts of loans that a bank sent back, as long as that money neither left anew nor went back to the lenders.
async fn came_back(db: &PgPool) -> sqlx::Result<Vec<QueueLine>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select campaign.slug, campaign.title, project.name as project, payout.number,
                  payout.currency as "currency: Currency", payout.state as "state: PayoutState",
                  payout.gross_minor as "minor!", payout.ended_at as "since!"
           from payout join campaign using (campaign_id) join project on project.project_id = payout.project_id
           join loan using (campaign_id)
           where source = 'loan' and payout.state = 'returned' and payout.ended_at is not null
             and loan.state not in ('refunded', 'cancelled', 'failed', 'ended', 'written_off')
             and not exists (select from payout as later where later.campaign_id = payout.campaign_id
                             and later.source = 'loan' and later.number > payout.number
                             and later.state not in ('proposed', 'asked', 'withdrawn'))
           order by payout.ended_at limit 200"#,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(QueueLine::from).collect())
}

/// Campaigns whose money is held longer than the policy allows, the longest first.
pub async fn held_too_long(ctx: &Ctx) -> sqlx::Result<Vec<HeldLine>> {
    let rows = sqlx::query!(
        r#"select slug, title, account_balance.currency as "currency: Currency", sum(balance_minor)::bigint as "minor!",
                  campaign.ended_at as "ended_at!"
           from campaign join account_balance on book_id = campaign_id
           where account in ('held', 'payable') and balance_minor > 0 and decided_at is not null
             and campaign.ended_at < $1
           group by campaign_id, slug, title, account_balance.currency, campaign.ended_at
           order by campaign.ended_at limit 200"#,
        ctx.now() - HELD_MAX,
    )
    .fetch_all(&ctx.db)
    .await?;
    let lines = rows.into_iter().map(|row| HeldLine {
        slug: row.slug,
        campaign: row.title,
        held: Money::from_minor(row.minor, row.currency),
        collected_at: row.ended_at,
    });
    Ok(lines.collect())
}
