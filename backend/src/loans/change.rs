//! A changed sheet: the project says something new of its loan while it can still be lent to. The sheet gets a new
//! version, and every lender who is in it or waits has their days again. Whoever does nothing in them stays.

use felag_domain::ids::CampaignId;
use felag_domain::lending::{CommitmentEvent, CommitmentState};
use felag_domain::text;
use felag_domain::words::Refusals;
use serde_json::json;
use sqlx::PgConnection;

use super::store_batch as batch;
use super::{Commitment, Loan, card, days, figures, jobs, life, mail, papers, sheet, store};
use crate::audit::{self, Act};
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Person;
use crate::projects::{NotSaved, Say};
use crate::web::fields::Fields;

use CommitmentState::{Draft, Firm, Made, Reopened, Waiting};

/// Whom a changed sheet concerns.
const CONCERNED: [CommitmentState; 5] = [Draft, Waiting, Made, Reopened, Firm];

/// The texts of a loan, in the order of its forms: name and the fewest letters.
pub const TEXTS: [(&str, usize); 4] = [("purpose", 20), ("security", 0), ("figures", 20), ("risks", 20)];

/// The four texts as somebody typed them, checked one by one.
pub fn texts(typed: &Fields, refusals: &mut Refusals) -> [Option<String>; 4] {
    TEXTS.map(|(name, least)| refusals.keep(name, text::block(typed.get(name), least, 4_000)))
}

/// Whether the sheet of a loan may change: while it takes commitments. After that everybody who is counted at the
/// deadline has had their days.
pub fn may_change(ctx: &Ctx, loan: &Loan) -> bool {
    loan.state.takes_commitments() && loan.lending_ends_at.is_some_and(|ends| ctx.now() < ends)
}

/// The loan with what was typed in it. `seen` is the version of the sheet that was changed.
///
/// # Errors
/// In words, beside the fields.
pub async fn with_texts(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    mut loan: Loan,
    typed: &Fields,
) -> Result<Loan, NotSaved> {
    if !may_change(ctx, &loan) {
        return Err(NotSaved::on_top(&Say("loan-change-closed")));
    }
    if typed.parse::<u32>("sheet") != Some(loan.sheet_version) {
        return Err(NotSaved::on_top(&Say("edit-stale")));
    }
    let mut refusals = Refusals::new();
    let [Some(purpose), Some(security), Some(figures), Some(risks)] = texts(typed, &mut refusals) else {
        return Err(NotSaved::Refused(refusals.into_vec()));
    };
    let was = [&loan.purpose, &loan.security, &loan.figures, &loan.risks];
    if was == [&purpose, &security, &figures, &risks] {
        return Err(NotSaved::on_top(&Say("loan-change-nothing")));
    }
    (loan.purpose, loan.security, loan.figures, loan.risks) = (purpose, security, figures, risks);
    if !papers::fits(conn, campaign, &loan)
        .await
        .map_err(Error::Internal)?
    {
        return Err(NotSaved::on_top(&Say("loan-paper-too-long")));
    }
    Ok(loan)
}

/// Publishes the change: a new version, new documents, and everybody's days again.
///
/// # Errors
/// In words; nothing has changed.
pub async fn publish(ctx: &Ctx, campaign: CampaignId, by: &Person, typed: &Fields) -> Result<(), NotSaved> {
    let mut tx = ctx.db.begin().await?;
    let held = life::hold(&mut tx, campaign).await.map_err(Error::Internal)?;
    let (campaign, loan) = held.ok_or(Error::NotFound)?;
    let loan = with_texts(&mut tx, ctx, &campaign, loan, typed).await?;
    written(&mut tx, ctx, &campaign, loan, by)
        .await
        .map_err(Error::Internal)?;
    tx.commit().await?;
    ctx.wake_workers();
    Ok(())
}

async fn written(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    mut loan: Loan,
    by: &Person,
) -> anyhow::Result<()> {
    store::put_texts(conn, &loan, ctx.now()).await?;
    sheet::make(conn, ctx, campaign, &mut loan).await?;
    store::save(conn, &loan, ctx.now()).await?;
    let (told, unsigned) = reopen(conn, ctx, campaign, &loan).await?;
    mail::sheet_changed(conn, ctx, campaign, &loan, &told).await?;
    mail::signature_over(conn, ctx, campaign, &loan, &unsigned).await?;
    let act = Act {
        actor: Some(by.id),
        kind: "loan.sheet_changed",
        project: Some(campaign.project_id),
        campaign: Some(campaign.id),
        subject: loan.amount.to_string(),
        reason: "",
        detail: json!({ "sheet": loan.sheet_version, "told": told.len() + unsigned.len() }),
        refused: false,
    };
    audit::record(conn, ctx, &act).await?;
    Ok(())
}

/// Everybody's days begin again: those first. A draft that has no card yet is over instead: whose signature that was comes
/// second.
async fn reopen(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
) -> anyhow::Result<(Vec<Commitment>, Vec<Commitment>)> {
    let until = days::revocable_until(ctx.now(), loan.policy().reflection_days, &campaign.time_zone);
    let mut concerned = batch::lock_in_states(conn, campaign.id, &CONCERNED).await?;
    for one in &mut concerned {
        one.take(CommitmentEvent::SheetChanged)?;
        if one.state == CommitmentState::Expired {
            one.ended_at = Some(ctx.now());
            card::let_go(conn, ctx, one).await?;
            continue;
        }
        one.revocable_until = Some(until);
        one.firm_at = None;
        jobs::firm_later(conn, ctx, one, until).await?;
    }
    figures::save(conn, campaign.id, &concerned, ctx.now()).await?;
    Ok(concerned
        .into_iter()
        .partition(|one| one.state != CommitmentState::Expired))
}
