//! The key information sheet of a loan: what a lender is told before they sign, kept version by version with its hash.
//! What is signed is the hash of the sheet together with who signs, for how much and when.

use felag_domain::ids::CampaignId;
use felag_domain::money::Money;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{Loan, Wish, store};
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::projects;

/// Everything a sheet says that is not the same for every loan. Serialized in this order; the hash is taken of that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    pub campaign: CampaignId,
    pub version: u32,
    pub title: String,
    pub project: String,
    pub holder: String,
    pub holder_country: String,
    pub holder_register: String,
    pub currency: String,
    pub amount_minor: i64,
    pub least_minor: i64,
    pub rate_bp: u32,
    pub instalments: u32,
    pub period: String,
    pub kind: String,
    pub grace_kind: String,
    pub grace: u32,
    pub day_count: String,
    pub purpose: String,
    pub security: String,
    pub figures: String,
    pub risks: String,
    pub counts_to_minimum: bool,
    pub reflection_days: u16,
    pub policy: String,
    #[serde(with = "time::serde::rfc3339::option")]
    pub lending_ends_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub deadline_at: Option<OffsetDateTime>,
}

/// The hash of a sheet: SHA-256 of its JSON.
///
/// # Errors
/// Never for a sheet of ours.
pub fn hash(sheet: &Sheet) -> anyhow::Result<Vec<u8>> {
    Ok(Sha256::digest(serde_json::to_vec(sheet)?).to_vec())
}

/// Makes the next version of the sheet from what the loan and its project say now, and keeps it.
pub async fn make(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &mut Loan,
) -> anyhow::Result<()> {
    loan.sheet_version += 1;
    let sheet = of(conn, campaign, loan).await?;
    let hash = hash(&sheet)?;
    let content = serde_json::to_value(&sheet)?;
    store::keep_sheet(conn, campaign.id, loan.sheet_version, &content, &hash, ctx.now()).await?;
    Ok(())
}

/// The sheet as it would be made now.
pub async fn of(conn: &mut PgConnection, campaign: &Campaign, loan: &Loan) -> anyhow::Result<Sheet> {
    let project = projects::store::find(&mut *conn, campaign.project_id).await?;
    let project = project.ok_or_else(|| anyhow::anyhow!("campaign {} has no project", campaign.id))?;
    let holder = project.holder.as_ref();
    Ok(Sheet {
        campaign: campaign.id,
        version: loan.sheet_version,
        title: campaign.title.clone(),
        project: project.name.clone(),
        holder: holder.map(|holder| holder.name.clone()).unwrap_or_default(),
        holder_country: holder.map(|holder| holder.country.clone()).unwrap_or_default(),
        holder_register: holder.map(|holder| holder.register.clone()).unwrap_or_default(),
        currency: loan.currency().code().to_string(),
        amount_minor: loan.amount.minor(),
        least_minor: loan.least.minor(),
        rate_bp: loan.rate_bp,
        instalments: loan.instalments,
        period: loan.period.clone(),
        kind: loan.kind.clone(),
        grace_kind: loan.grace_kind.clone(),
        grace: loan.grace,
        day_count: loan.day_count.clone(),
        purpose: loan.purpose.clone(),
        security: loan.security.clone(),
        figures: loan.figures.clone(),
        risks: loan.risks.clone(),
        counts_to_minimum: loan.counts_to_minimum,
        reflection_days: loan.policy().reflection_days,
        policy: loan.policy.clone(),
        lending_ends_at: loan.lending_ends_at,
        deadline_at: campaign.deadline_at,
    })
}

/// A version that was kept.
///
/// # Errors
/// When the database fails, or a later version of Felag wrote it.
pub async fn read(ctx: &Ctx, campaign: CampaignId, version: u32) -> anyhow::Result<Option<(Sheet, Vec<u8>)>> {
    let found = store::sheet(&ctx.db, campaign, version).await?;
    found
        .map(|(content, hash)| Ok((serde_json::from_value(content)?, hash)))
        .transpose()
}

/// What somebody signs: the sheet's hash, who, how much, when.
fn signature(sheet: &[u8], who: &str, amount: Money, at: OffsetDateTime) -> anyhow::Result<Vec<u8>> {
    let text = format!(
        "felag loan 1\n{}\n{who}\n{} {}\n{}\n",
        hex::encode(sheet),
        amount.minor(),
        amount.currency().code(),
        at.format(&Rfc3339)?,
    );
    Ok(Sha256::digest(text).to_vec())
}

async fn current(conn: &mut PgConnection, loan: &Loan) -> anyhow::Result<Vec<u8>> {
    let found = store::sheet(conn, loan.campaign, loan.sheet_version).await?;
    let (_, hash) = found.ok_or_else(|| anyhow::anyhow!("loan {} has no sheet", loan.campaign))?;
    Ok(hash)
}

/// What a lender signs now.
pub async fn signed(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Loan,
    wish: &Wish<'_>,
) -> anyhow::Result<Vec<u8>> {
    let sheet = current(conn, loan).await?;
    let who = format!("{} {}", wish.lender.id, wish.signed_name);
    signature(&sheet, &who, wish.amount, ctx.now())
}

/// What the project signs now, for `amount` at most.
pub async fn signed_by_project(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Loan,
    (who, name): (felag_domain::ids::PersonId, &str),
) -> anyhow::Result<Vec<u8>> {
    let sheet = current(conn, loan).await?;
    signature(&sheet, &format!("{who} {name}"), loan.amount, ctx.now())
}
