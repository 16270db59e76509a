//! What follows for a commitment when its money goes back: its state, the loan's figures, and the lender is told.

use std::pin::Pin;

use felag_domain::ids::{BookId, CampaignId};
use felag_domain::lending::CommitmentEvent;
use felag_domain::refund::{RefundWhy, Wish};
use sqlx::PgConnection;
use uuid::Uuid;

use super::store_batch as batch;
use super::{Commitment, disputed, figures, mail};
use crate::ctx::Ctx;
use crate::payments::{Counted, Return, Returns, Step, payment};
use crate::refunds::{self, NotAsked, Order};

type Done<'a> = Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send + 'a>>;

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
            let payments = payment::of_subject(conn, one.subject()).await?;
            let is_back = payments
                .last()
                .is_some_and(|payment| payment.refunded == payment.amount);
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

/// Money that must not stay goes back by itself, whole.
pub async fn by_itself(
    conn: &mut PgConnection,
    ctx: &Ctx,
    commitment: &Commitment,
    why: RefundWhy,
) -> anyhow::Result<()> {
    let payments = payment::of_subject(conn, commitment.subject()).await?;
    let Some(payment) = payments.into_iter().next_back() else {
        anyhow::bail!("commitment {} has no payment to give back", commitment.id);
    };
    tracing::warn!(commitment.id = %commitment.id, "a lender's payment goes back: {why}");
    let order = Order {
        payment: payment.id,
        wish: Wish::Whole,
        why,
        by: None,
        words: "",
        // One per payment, however often this is heard.
        key: payment.id,
    };
    match refunds::ask(conn, ctx, payment.book, &order).await {
        // A refund or a dispute was quicker.
        Ok(_) | Err(NotAsked::Refused(_) | NotAsked::OtherForm) => Ok(()),
        Err(NotAsked::Failed(cause)) => Err(cause),
    }
}
