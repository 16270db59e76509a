//! Money of pledges that goes back: asked for by people, by the campaign's end, or because it came in too late.

use felag_domain::ids::{BookId, PersonId};
use felag_domain::refund::{RefundWhy, Wish};
use serde_json::json;
use uuid::Uuid;

use super::{Ask, Pledge};
use crate::audit::{self, Act};
use crate::crash::CrashPoint;
use crate::ctx::Ctx;
use crate::payments::payment;
use crate::refunds::{self, NotAsked, Order, Refund};

/// A refund that a person asks for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub wish: Wish,
    pub why: RefundWhy,
    pub by: PersonId,
    pub words: &'a str,
    /// Made with the form: the same form sent twice makes one refund.
    pub key: Uuid,
}

/// Gives back a pledge's payment, whole or in part. Writes down who asked, and who was refused.
///
/// # Errors
/// [`NotAsked`].
pub async fn give_back(
    ctx: &Ctx,
    ask: &Ask,
    pledge: &Pledge,
    request: &Request<'_>,
) -> Result<Refund, NotAsked> {
    match try_to(ctx, ask, pledge, request).await {
        Err(NotAsked::Failed(cause)) => Err(NotAsked::Failed(cause)),
        Err(refused) => {
            let why = match &refused {
                NotAsked::Refused(refusal) => refusal.to_string(),
                _ => "the same form was sent before with another amount".to_string(),
            };
            note_refused(ctx, ask, pledge, request, &why).await?;
            Err(refused)
        }
        Ok(refund) => {
            ctx.crash_point(CrashPoint::RefundAsked);
            ctx.wake_workers();
            Ok(refund)
        }
    }
}

async fn try_to(ctx: &Ctx, ask: &Ask, pledge: &Pledge, request: &Request<'_>) -> Result<Refund, NotAsked> {
    let mut tx = ctx.db.begin().await?;
    let book = BookId::of_campaign(ask.id);
    refunds::hold_campaign(&mut tx, book).await?;
    let payment = payment::last_of(&mut tx, pledge.subject()).await?;
    let payment = payment.ok_or_else(|| anyhow::anyhow!("pledge {} was not paid", pledge.id))?;
    let order = Order {
        payment: payment.id,
        wish: request.wish,
        why: request.why,
        by: Some(request.by),
        words: request.words,
        key: request.key,
    };
    let refund = refunds::ask(&mut tx, ctx, book, &order).await?;
    if refund.is_new {
        let act = act(
            ask,
            pledge,
            request,
            json!({ "refund": refund.id, "minor": refund.total()?.minor() }),
        );
        audit::record(&mut tx, ctx, &act).await?;
    }
    tx.commit().await?;
    Ok(refund)
}

/// Writes down that somebody was refused.
pub async fn note_refused(
    ctx: &Ctx,
    ask: &Ask,
    pledge: &Pledge,
    request: &Request<'_>,
    why: &str,
) -> sqlx::Result<()> {
    let wished = match request.wish {
        Wish::Whole => json!("whole"),
        Wish::Rest => json!("rest"),
        Wish::Part(part) => json!(part.minor()),
    };
    let act = act(ask, pledge, request, json!({ "minor": wished, "refused": why }));
    audit::record_refused(ctx, &act).await
}

fn act<'a>(ask: &Ask, pledge: &Pledge, request: &Request<'a>, detail: serde_json::Value) -> Act<'a> {
    Act {
        actor: Some(request.by),
        kind: "refund.asked",
        project: Some(ask.project_id),
        campaign: Some(ask.id),
        subject: pledge.id.to_string(),
        reason: request.words,
        detail,
        refused: false,
    }
}
