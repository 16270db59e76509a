//! What a project says to the bank: evidence, once; or that it lets the backer have the money.

use felag_domain::dispute::Evidence;
use felag_domain::ids::{CampaignId, PersonId, ProjectId};
use serde_json::json;

use super::Dispute;
use super::store::{self, Said};
use crate::audit::{self, Act};
use crate::crash::CrashPoint;
use crate::ctx::Ctx;
use crate::payments::{self, Kind, Subject, requests};

/// Who says something, in which campaign.
#[derive(Debug, Clone, Copy)]
pub struct Speaker {
    pub person: PersonId,
    pub project: ProjectId,
    pub campaign: CampaignId,
}

/// Why nothing was said. Nothing has changed.
#[derive(Debug)]
pub enum NotAnswered {
    /// It was answered before, is decided, or its time is over.
    TooLate,
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for NotAnswered {
    fn from(cause: E) -> Self {
        Self::Failed(cause.into())
    }
}

/// Sends evidence to the bank, for good.
///
/// # Errors
/// [`NotAnswered`].
pub async fn send_evidence(
    ctx: &Ctx,
    dispute: &Dispute,
    by: Speaker,
    evidence: &Evidence,
) -> Result<(), NotAnswered> {
    let length = evidence.product.len() + evidence.communication.len() + evidence.other.len();
    say(
        ctx,
        dispute,
        by,
        Said::Evidence,
        json!({ "bytes": length }),
        |reference| (Kind::SendEvidence, requests::send_evidence(reference, evidence)),
    )
    .await
}

/// Lets the backer have the money: the dispute is lost.
///
/// # Errors
/// [`NotAnswered`].
pub async fn accept(ctx: &Ctx, dispute: &Dispute, by: Speaker) -> Result<(), NotAnswered> {
    say(ctx, dispute, by, Said::Accepted, json!({}), |reference| {
        (Kind::CloseDispute, requests::close_dispute(reference))
    })
    .await
}

async fn say(
    ctx: &Ctx,
    dispute: &Dispute,
    by: Speaker,
    said: Said,
    detail: serde_json::Value,
    request: impl FnOnce(&str) -> (Kind, payments::provider::Request),
) -> Result<(), NotAnswered> {
    let act = Act {
        actor: Some(by.person),
        kind: match said {
            Said::Evidence => "dispute.evidence_sent",
            Said::Accepted => "dispute.accepted",
        },
        project: Some(by.project),
        campaign: Some(by.campaign),
        subject: dispute.reference.clone(),
        reason: "",
        detail,
        refused: false,
    };
    let mut tx = ctx.db.begin().await?;
    crate::refunds::hold_campaign(&mut tx, dispute.book).await?;
    let now = store::lock(&mut tx, dispute.book, &dispute.reference).await?;
    let Some(dispute) = now.filter(|dispute| dispute.hears(ctx.now())) else {
        drop(tx);
        audit::record_refused(ctx, &act).await?;
        return Err(NotAnswered::TooLate);
    };
    let (kind, request) = request(&dispute.reference);
    let of = Subject::dispute(dispute.book, dispute.payment);
    payments::write(&mut tx, ctx, of, kind, |_| request).await?;
    let at = Some((by.person, ctx.now()));
    store::note_said(&mut tx, dispute.book, &dispute.reference, said, at).await?;
    audit::record(&mut tx, ctx, &act).await?;
    tx.commit().await?;
    ctx.crash_point(CrashPoint::EvidenceWritten);
    ctx.wake_workers();
    Ok(())
}
