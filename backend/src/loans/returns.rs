//! What follows for a commitment when its money goes back: its state, the loan's figures, and the lender is told.

use felag_domain::ids::{BookId, CampaignId};
use felag_domain::lending::CommitmentEvent;
use sqlx::PgConnection;
use uuid::Uuid;

use super::store_batch as batch;
use super::{disputed, figures, mail};
use crate::ctx::Ctx;
use crate::payments::{Counted, Done, Return, Returns, Step, payment};

/// For `wiring`.
pub const RETURNS: Returns = Returns {
    counted,
    tell,
    bank: Some(disputed::BANK),
};

/// Money of a commitment that went back whole is no share any more. What a bank disputes stays one until it is decided.
fn counted<'a>(conn: &'a mut PgConnection, book: BookId, counted: &'a [Counted]) -> Done<'a> {
    Box::pin(async move {
        let campaign = CampaignId::from_uuid(book.as_uuid());
        let ids: Vec<Uuid> = counted.iter().map(|one| one.of.id).collect();
        let mut back = Vec::new();
        for mut one in batch::lock_many(conn, campaign, &ids).await? {
            let payment = payment::last_of(conn, one.subject()).await?;
            let is_back = payment.is_some_and(|payment| payment.refunded == payment.amount);
            if is_back && one.take(CommitmentEvent::WentBack).unwrap_or(false) {
                back.push(one);
            }
        }
        let now = back
            .iter()
            .filter_map(|one| one.paid_at)
            .max()
            .unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
        figures::save(conn, campaign, &back, now).await?;
        Ok(())
    })
}

fn tell<'a>(ctx: &'a Ctx, conn: &'a mut PgConnection, book: BookId, told: &'a [Return]) -> Done<'a> {
    Box::pin(async move {
        let campaign = CampaignId::from_uuid(book.as_uuid());
        let ids: Vec<Uuid> = told
            .iter()
            .filter(|one| matches!(one.step, Step::Succeeded))
            .map(|one| one.of.id)
            .collect();
        let commitments = batch::lock_many(conn, campaign, &ids).await?;
        mail::refunded(conn, ctx, campaign, &commitments).await
    })
}
