//! What follows for a pledge when its money goes back: the campaign's figures, and the people who are told.

use felag_domain::ids::{BookId, CampaignId, PledgeId};
use felag_domain::refund::RefundWhy;
use sqlx::PgConnection;
use uuid::Uuid;

use super::store_batch::{self as batch, Moved};
use super::{mail, mail_returns};
use crate::ctx::Ctx;
use crate::payments::{Counted, Done, Return, Returns, Step};

/// For `wiring`.
pub const RETURNS: Returns = Returns {
    counted,
    tell,
    bank: None,
};

/// What is collected no more is lost, and the other way round. Money that came in for an ended pledge was never
/// collected, and what members gave is counted apart.
fn counted<'a>(conn: &'a mut PgConnection, book: BookId, counted: &'a [Counted]) -> Done<'a> {
    Box::pin(async move {
        let campaign = CampaignId::from_uuid(book.as_uuid());
        let changes: Vec<(PledgeId, i64)> = counted
            .iter()
            .map(|one| (one.of.pledge_id(), one.minor))
            .collect();
        let (collected, own) = sums(conn, campaign, &changes).await?;
        let moved = Moved {
            collected,
            lost: -collected,
            own_collected: own,
            ..Moved::default()
        };
        batch::move_figures(conn, campaign, moved).await?;
        Ok(())
    })
}

/// What counts, and what members gave, of paid pledges.
async fn sums(
    conn: &mut PgConnection,
    campaign: CampaignId,
    changes: &[(PledgeId, i64)],
) -> sqlx::Result<(i64, i64)> {
    if changes.is_empty() {
        return Ok((0, 0));
    }
    let ids: Vec<Uuid> = changes.iter().map(|(id, _)| id.as_uuid()).collect();
    let minors: Vec<i64> = changes.iter().map(|(_, minor)| *minor).collect();
    let row = sqlx::query!(
        r#"select coalesce(sum(minor) filter (where counts), 0)::bigint as "counted!",
                  coalesce(sum(minor) filter (where not counts), 0)::bigint as "own!"
           from unnest($2::uuid[], $3::bigint[]) as given (pledge_id, minor)
           join pledge using (pledge_id)
           where campaign_id = $1 and state = 'paid'"#,
        campaign as _,
        &ids,
        &minors,
    )
    .fetch_one(conn)
    .await?;
    Ok((row.counted, row.own))
}

fn tell<'a>(ctx: &'a Ctx, conn: &'a mut PgConnection, book: BookId, told: &'a [Return]) -> Done<'a> {
    Box::pin(async move {
        let campaign = CampaignId::from_uuid(book.as_uuid());
        let ids: Vec<PledgeId> = told.iter().map(|one| one.of.pledge_id()).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let pledges = batch::by_ids(conn, campaign, &ids).await?;
        for one in told {
            let Some(pledge) = pledges.iter().find(|pledge| pledge.id == one.of.pledge_id()) else {
                continue;
            };
            match (one.why, one.step) {
                (RefundWhy::LatePayment, Step::Asked) => {
                    mail::paid_back(conn, ctx, pledge, one.total()?).await?;
                }
                // That mail says it all. Asking tells nobody: what comes next is told within moments.
                (RefundWhy::LatePayment, Step::Pending | Step::Succeeded) | (_, Step::Asked) => {}
                (_, Step::Pending | Step::Succeeded | Step::Failed) => {
                    mail_returns::stepped(conn, ctx, pledge, one).await?;
                }
            }
        }
        Ok(())
    })
}
