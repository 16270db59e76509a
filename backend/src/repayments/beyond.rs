//! More came in than was owed, because two payments crossed: what is left over goes back to whoever paid it.

use felag_domain::refund::{RefundWhy, Wish};
use sqlx::PgConnection;

use super::mail;
use super::repayment_store::{self, Repayment};
use super::store;
use crate::ctx::Ctx;
use crate::payments::{Return, Step, payment};
use crate::refunds::{self, NotAsked, Order};

/// Gives back what of a credited repayment nobody was owed. It stands as pending until it leaves.
///
/// # Errors
/// When the database fails.
pub(super) async fn give_back(
    conn: &mut PgConnection,
    ctx: &Ctx,
    repayment: &Repayment,
) -> anyhow::Result<()> {
    if !repayment.beyond.is_positive() {
        return Ok(());
    }
    let Some(payment) = payment::last_of(conn, repayment.subject()).await? else {
        tracing::error!(repayment.id = %repayment.id, "alarm: {} are owed to nobody", repayment.beyond);
        return Ok(());
    };
    let wish = if repayment.beyond == payment.amount {
        Wish::Whole
    } else {
        Wish::Part(repayment.beyond)
    };
    let order = Order {
        payment: payment.id,
        wish,
        why: RefundWhy::Overpaid,
        by: None,
        words: "",
        // One per payment, however often this is heard.
        key: payment.id,
    };
    match refunds::ask(conn, ctx, payment.book, &order).await {
        Ok(_) => Ok(()),
        Err(NotAsked::Refused(_) | NotAsked::OtherForm) => {
            tracing::error!(repayment.id = %repayment.id, "alarm: {} cannot be given back", repayment.beyond);
            Ok(())
        }
        Err(NotAsked::Failed(cause)) => Err(cause),
    }
}

/// The project hears that so much of its payment goes back.
///
/// # Errors
/// When the database fails.
pub(super) async fn tell(conn: &mut PgConnection, ctx: &Ctx, told: &[Return]) -> anyhow::Result<()> {
    for one in told.iter().filter(|one| one.step == Step::Asked) {
        let id = felag_domain::ids::RepaymentId::from_uuid(one.of.id);
        let campaign = one.of.campaign();
        let found = repayment_store::lock(conn, campaign, id).await?;
        let loan = store::lock(conn, campaign).await?;
        if let Some((repayment, loan)) = found.zip(loan) {
            mail::overpaid(conn, ctx, &loan, &repayment, one.gift).await?;
        }
    }
    Ok(())
}
