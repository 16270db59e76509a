//! The stewards' list: what is under way, and the alarm about money that is held too long.

use axum::extract::State;
use axum::response::Response;
use felag_domain::money::{Currency, Money};
use felag_domain::payout::{HELD_MAX, PayoutState};
use felag_frontend::payouts::{HeldLine, QueueLine, QueuePage};
use felag_frontend::{Here, Lang};
use sqlx::PgPool;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Steward;
use crate::web::page;

pub async fn show(State(ctx): State<Ctx>, steward: Steward) -> Result<Response, Error> {
    let title = Lang::En.t("payouts-queue-title");
    page(&QueuePage {
        page: steward.visitor.page(&ctx, title, Here::Reviews),
        under_way: under_way(&ctx.db).await?,
        held_too_long: held_too_long(&ctx).await?,
    })
}

async fn under_way(db: &PgPool) -> sqlx::Result<Vec<QueueLine>> {
    let rows = sqlx::query!(
        r#"select campaign.slug, campaign.title, project.name as project, payout.number,
                  payout.currency as "currency: Currency", payout.state as "state: PayoutState", gross_minor, net_minor,
                  coalesce(second_at, first_at, payout.created_at) as "since!"
           from payout join campaign using (campaign_id) join project on project.project_id = payout.project_id
           where payout.state in ('proposed', 'asked', 'approved', 'sending', 'on_its_way', 'failed')
           order by payout.created_at limit 200"#,
    )
    .fetch_all(db)
    .await?;
    let lines = rows.into_iter().map(|row| QueueLine {
        slug: row.slug,
        number: u32::try_from(row.number).unwrap_or(0),
        campaign: row.title,
        project: row.project,
        state: row.state,
        amount: Money::from_minor(
            if row.net_minor > 0 {
                row.net_minor
            } else {
                row.gross_minor
            },
            row.currency,
        ),
        since: row.since,
    });
    Ok(lines.collect())
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
