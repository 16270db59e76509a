//! Contributions that go back: asked for by the project or a steward, or because they came in after the end.

use felag_domain::ids::{BookId, ContributionId, PersonId, ProjectId};
use felag_domain::refund::{RefundWhy, Wish};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Contribution, mail, store};
use crate::audit::{self, Act};
use crate::ctx::Ctx;
use crate::payments::payment;
use crate::payments::{Counted, Done, Return, Returns};
use crate::refunds::{self, NotAsked, Order, Refund};

/// For `wiring`.
pub const RETURNS: Returns = Returns {
    counted,
    tell,
    bank: None,
};

/// What came in for a project follows what goes back of it.
fn counted<'a>(conn: &'a mut PgConnection, book: BookId, counted: &'a [Counted]) -> Done<'a> {
    let project = ProjectId::from_uuid(book.as_uuid());
    Box::pin(async move {
        for one in counted {
            let id = ContributionId::from_uuid(one.of.id);
            let Some(contribution) = store::contribution(&mut *conn, project, id).await? else {
                continue;
            };
            // Money that came in after the end was never counted.
            if contribution.paid_at.is_some()
                && let Some(support) = store::lock(conn, project, contribution.support).await?
            {
                store::add_to_total(conn, &support, 0, 0, one.minor).await?;
            }
        }
        Ok(())
    })
}

fn tell<'a>(ctx: &'a Ctx, conn: &'a mut PgConnection, book: BookId, told: &'a [Return]) -> Done<'a> {
    let project = ProjectId::from_uuid(book.as_uuid());
    Box::pin(async move {
        for one in told {
            let id = ContributionId::from_uuid(one.of.id);
            let Some(contribution) = store::contribution(&mut *conn, project, id).await? else {
                continue;
            };
            if let Some(support) = store::lock(conn, project, contribution.support).await? {
                mail::paid_back(conn, ctx, &support, one).await?;
            }
        }
        Ok(())
    })
}

/// Gives a contribution back, whole. The same form sent twice does it once.
///
/// # Errors
/// [`NotAsked`].
pub async fn give_back(
    ctx: &Ctx,
    one: &Contribution,
    (by, why): (PersonId, RefundWhy),
    words: &str,
    key: Uuid,
) -> Result<Refund, NotAsked> {
    let mut tx = ctx.db.begin().await?;
    store::lock(&mut tx, one.project, one.support).await?;
    let payment = payment::last_of(&mut tx, one.subject()).await?;
    let payment = payment.ok_or_else(|| anyhow::anyhow!("contribution {} was not paid", one.id))?;
    let order = Order {
        payment: payment.id,
        wish: Wish::Whole,
        why,
        by: Some(by),
        words,
        key,
    };
    let refund = refunds::ask(&mut tx, ctx, payment.book, &order).await?;
    if refund.is_new {
        let act = Act {
            actor: Some(by),
            kind: "refund.asked",
            project: Some(one.project),
            campaign: None,
            subject: one.id.to_string(),
            reason: words,
            detail: json!({ "refund": refund.id, "minor": refund.total()?.minor() }),
            refused: false,
        };
        audit::record(&mut tx, ctx, &act).await?;
    }
    tx.commit().await?;
    ctx.wake_workers();
    Ok(refund)
}
