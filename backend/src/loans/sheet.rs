//! The key information sheet of a loan: what a lender is told before they sign, kept version by version with its hash.
//! What is signed is the hash of the sheet together with who signs, for how much and when.

use felag_domain::fee;
use felag_domain::ids::CampaignId;
use felag_domain::money::{Currency, Money};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::papers::{self, PaperKind};
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
    // What the first sheets did not say: left out where it is nothing, so that their hashes stay what they were.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub holder_form: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub holder_address: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub time_zone: String,
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub minimum_minor: i64,
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub full_plan_minor: i64,
    /// The published schedule of fees that the costs are worked out by.
    #[serde(default, skip_serializing_if = "is_none")]
    pub fee_version: u32,
    /// The project's loans that were paid out before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past: Vec<PastLoan>,
}

/// A loan that was paid out before, as a sheet tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastLoan {
    pub title: String,
    pub currency: String,
    pub principal_minor: i64,
    pub lost_minor: i64,
    pub state: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_nothing(minor: &i64) -> bool {
    *minor == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_none(version: &u32) -> bool {
    *version == 0
}

impl Sheet {
    /// An amount of it, in its currency.
    pub fn money(&self, minor: i64) -> Money {
        Money::from_minor(minor, self.currency.parse().unwrap_or(Currency::EUR))
    }
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
    papers::make(conn, &sheet, &hash, ctx.now()).await
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
        holder_form: holder.map(|holder| holder.form.clone()).unwrap_or_default(),
        holder_address: holder.map(|holder| holder.address.clone()).unwrap_or_default(),
        time_zone: campaign.time_zone.clone(),
        minimum_minor: campaign.minimum.minor(),
        full_plan_minor: campaign.full_plan.minor(),
        fee_version: fee::CURRENT.version,
        past: past(conn, campaign).await?,
    })
}

/// The record of a project, as its sheet keeps it.
async fn past(conn: &mut PgConnection, campaign: &Campaign) -> sqlx::Result<Vec<PastLoan>> {
    let record = store::record(conn, campaign.id).await?;
    let told = |past: store::Past| PastLoan {
        title: past.title,
        currency: past.loan.currency().code().to_string(),
        principal_minor: past.loan.principal.unwrap_or(past.loan.amount).minor(),
        lost_minor: past.lost.minor(),
        state: past.loan.state.as_str().to_string(),
    };
    Ok(record.into_iter().map(told).collect())
}

/// A version that was kept.
///
/// # Errors
/// When the database fails, or a later version of Felag wrote it.
pub async fn read(
    conn: &mut PgConnection,
    campaign: CampaignId,
    version: u32,
) -> anyhow::Result<Option<(Sheet, Vec<u8>)>> {
    let found = store::sheet(conn, campaign, version).await?;
    found
        .map(|(content, hash)| Ok((serde_json::from_value(content)?, hash)))
        .transpose()
}

/// The documents that somebody signs, by their hashes.
struct Signed {
    sheet: Vec<u8>,
    agreement: Vec<u8>,
}

/// What somebody signs: the sheet's hash, the agreement's, who, how much, when.
fn signature(signed: &Signed, who: &str, amount: Money, at: OffsetDateTime) -> anyhow::Result<Vec<u8>> {
    let text = format!(
        "felag loan 2\n{}\n{}\n{who}\n{} {}\n{}\n",
        hex::encode(&signed.sheet),
        hex::encode(&signed.agreement),
        amount.minor(),
        amount.currency().code(),
        at.format(&Rfc3339)?,
    );
    Ok(Sha256::digest(text).to_vec())
}

async fn current(conn: &mut PgConnection, ctx: &Ctx, loan: &Loan) -> anyhow::Result<Signed> {
    let version = loan.sheet_version;
    let found = store::sheet(&mut *conn, loan.campaign, version).await?;
    let (_, sheet) = found.ok_or_else(|| anyhow::anyhow!("loan {} has no sheet", loan.campaign))?;
    let agreement = papers::hash(conn, ctx, loan.campaign, version, PaperKind::Agreement).await?;
    Ok(Signed { sheet, agreement })
}

/// What a lender signs now.
pub async fn signed(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Loan,
    wish: &Wish<'_>,
) -> anyhow::Result<Vec<u8>> {
    let signed = current(conn, ctx, loan).await?;
    let who = format!("{} {}", wish.lender.id, wish.signed_name);
    signature(&signed, &who, wish.amount, ctx.now())
}

/// What the project signs now, for `amount` at most.
pub async fn signed_by_project(
    conn: &mut PgConnection,
    ctx: &Ctx,
    loan: &Loan,
    (who, name): (felag_domain::ids::PersonId, &str),
) -> anyhow::Result<Vec<u8>> {
    let signed = current(conn, ctx, loan).await?;
    signature(&signed, &format!("{who} {name}"), loan.amount, ctx.now())
}
