//! The audit log: who did what to money or trust, when, and why. Written with the act, in its transaction, and never
//! changed afterwards: triggers refuse it, and the application's role has no right to.
//!
//! What was asked for and refused is written down too, in a transaction of its own: the act's own one rolls back.

pub mod log;

use felag_domain::ids::{CampaignId, PersonId, ProjectId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::ctx::Ctx;

/// Something that was done, or asked for and refused.
#[derive(Debug, Clone)]
pub struct Act<'a> {
    /// Who did it; `None` is the platform itself.
    pub actor: Option<PersonId>,
    /// A dotted noun and verb, such as `payout.approved`. Its words are the message `audit-payout-approved`.
    pub kind: &'a str,
    /// Where it belongs: members see the rows of their project.
    pub project: Option<ProjectId>,
    pub campaign: Option<CampaignId>,
    /// What it was done to, as people know it: a name, an amount, an id. Nothing that must be kept secret.
    pub subject: String,
    /// Why, in the actor's words; empty where nobody was asked.
    pub reason: &'a str,
    /// The figures behind it, for whoever looks closer. No names and no addresses.
    pub detail: serde_json::Value,
    /// It was refused: nothing else changed.
    pub refused: bool,
}

/// Writes an act down, in the transaction of what it did.
///
/// # Errors
/// When the database cannot be reached, or the kind is not a dotted noun and verb.
pub async fn record(conn: &mut PgConnection, ctx: &Ctx, act: &Act<'_>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into audit_row (audit_id, at, actor_id, kind, project_id, campaign_id, subject, reason, detail, refused)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        ctx.id::<Uuid>(),
        ctx.now(),
        act.actor as _,
        act.kind,
        act.project as _,
        act.campaign as _,
        act.subject,
        act.reason,
        act.detail,
        act.refused,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes down that an act was refused, in a transaction of its own: what it tried to do was rolled back.
///
/// # Errors
/// As [`record`].
pub async fn record_refused(ctx: &Ctx, act: &Act<'_>) -> sqlx::Result<()> {
    let refused = Act {
        refused: true,
        ..act.clone()
    };
    record(&mut *ctx.db.acquire().await?, ctx, &refused).await
}
