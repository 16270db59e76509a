//! The project signs the loan: an owner, with a second factor and a fresh password, once lending has closed.

use felag_domain::ids::CampaignId;
use felag_domain::lending::LoanEvent;
use felag_domain::project::HolderForm;
use serde_json::json;

use super::{Signature, life, mail, sheet, store};
use crate::audit::{self, Act};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Person;
use crate::projects::{self, NotSaved, Say};

/// Signs for the project, up to the amount that was asked. Again changes nothing.
///
/// # Errors
/// In words; nothing has changed.
pub async fn sign(ctx: &Ctx, campaign: CampaignId, person: &Person, name: &str) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let held = life::hold(&mut tx, campaign).await.map_err(Error::Internal)?;
    let (campaign, mut loan) = held.ok_or(Error::NotFound)?;
    let moves = loan
        .take(LoanEvent::Signed)
        .map_err(|refusal| NotSaved::on_top(&refusal))?;
    if !moves {
        return Ok(());
    }
    let project = projects::store::find(&mut *tx, campaign.project_id).await?;
    let project = project.ok_or(Error::NotFound)?;
    let form = project.holder.and_then(|holder| holder.form.parse().ok());
    if !may_borrow(&loan, form) {
        return Err(NotSaved::on_top(&Say("loan-needs-legal-person")));
    }
    let hash = sheet::signed_by_project(&mut tx, ctx, &loan, (person.id, name))
        .await
        .map_err(Error::Internal)?;
    loan.signed = Some(Signature {
        by: person.id,
        name: name.to_string(),
        at: ctx.now(),
        hash: hash.clone(),
        amount: loan.amount,
    });
    store::save(&mut tx, &loan, ctx.now()).await?;
    let act = Act {
        actor: Some(person.id),
        kind: "loan.signed",
        project: Some(campaign.project_id),
        campaign: Some(campaign.id),
        subject: loan.amount.to_string(),
        reason: "",
        detail: json!({ "sheet": loan.sheet_version, "hash": hex::encode(hash) }),
        refused: false,
    };
    audit::record(&mut tx, ctx, &act).await?;
    mail::signed(&mut tx, ctx, &campaign, &loan)
        .await
        .map_err(Error::Internal)?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

/// Only a legal person may borrow at interest.
pub fn may_borrow(loan: &super::Loan, form: Option<HolderForm>) -> bool {
    let is_legal_person = form.is_some_and(|form| form != HolderForm::Person);
    loan.rate_bp == 0 || !loan.policy().interest_needs_legal_person || is_legal_person
}
