//! The documents of a loan: the key information sheet and the agreement of every version, kept as they were made; and a
//! lender's own copy of the agreement, with both signatures.

mod agreement;
mod key_sheet;
mod said;

pub use agreement::own;

use felag_domain::ids::CampaignId;
use felag_frontend::Lang;
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgExecutor};
use time::OffsetDateTime;

use super::Loan;
use super::sheet::{self, Sheet};
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::paper::{self, NotWritten};

/// Regulation (EU) 2020/1503, article 23: six sides of A4 at most.
pub const SHEET_PAGES_MAX: usize = 6;

const LANG: Lang = Lang::En;

/// A kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperKind {
    /// The key information sheet.
    Sheet,
    /// The loan agreement.
    Agreement,
}

impl PaperKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Sheet, Self::Agreement];

    /// Its name in addresses and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sheet => "sheet",
            Self::Agreement => "agreement",
        }
    }
}

/// A document that was kept.
#[derive(Debug, Clone)]
pub struct Kept {
    pub content: Vec<u8>,
    /// SHA-256 of the content.
    pub hash: Vec<u8>,
}

/// Writes the documents of a version and keeps them.
pub async fn make(
    conn: &mut PgConnection,
    sheet: &Sheet,
    hash: &[u8],
    now: OffsetDateTime,
) -> anyhow::Result<()> {
    for kind in PaperKind::ALL {
        keep(conn, sheet, hash, kind, now).await?;
    }
    Ok(())
}

async fn keep(
    conn: &mut PgConnection,
    sheet: &Sheet,
    hash: &[u8],
    kind: PaperKind,
    at: OffsetDateTime,
) -> anyhow::Result<()> {
    let sheet_of = (sheet.clone(), hash.to_vec());
    // Shaping letters takes a while: not on a thread that others wait for.
    let written = tokio::task::spawn_blocking(move || write(&sheet_of.0, &sheet_of.1, kind, at)).await?;
    let content = written?;
    sqlx::query!(
        "insert into loan_paper (campaign_id, version, kind, content, hash, made_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (campaign_id, version, kind) do nothing",
        sheet.campaign as _,
        i32::try_from(sheet.version)?,
        kind.as_str(),
        content,
        Sha256::digest(&content).to_vec(),
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

fn write(sheet: &Sheet, hash: &[u8], kind: PaperKind, at: OffsetDateTime) -> Result<Vec<u8>, NotWritten> {
    match kind {
        PaperKind::Sheet => {
            let document = key_sheet::document(LANG, sheet, hash, at);
            paper::write_within(LANG, &document, SHEET_PAGES_MAX)
        }
        PaperKind::Agreement => Ok(paper::write(LANG, &agreement::document(LANG, sheet, hash, at))?),
    }
}

/// Whether what a project wrote leaves the sheet short enough.
///
/// # Errors
/// When the database fails.
pub async fn fits(conn: &mut PgConnection, campaign: &Campaign, loan: &Loan) -> anyhow::Result<bool> {
    let sheet = sheet::of(conn, campaign, loan).await?;
    let hash = sheet::hash(&sheet)?;
    let document = key_sheet::document(LANG, &sheet, &hash, OffsetDateTime::UNIX_EPOCH);
    let fits = move || paper::fits(LANG, &document, SHEET_PAGES_MAX);
    Ok(tokio::task::spawn_blocking(fits).await?)
}

/// A document as it would be made now, for those who write and review the draft.
///
/// # Errors
/// When the database fails, or it would be too long.
pub async fn of_draft(
    ctx: &Ctx,
    campaign: &Campaign,
    loan: &Loan,
    kind: PaperKind,
) -> anyhow::Result<Vec<u8>> {
    let sheet = sheet::of(&mut *ctx.db.acquire().await?, campaign, loan).await?;
    let (hash, at) = (sheet::hash(&sheet)?, ctx.now());
    let written = tokio::task::spawn_blocking(move || write(&sheet, &hash, kind, at)).await?;
    Ok(written?)
}

async fn find(
    db: impl PgExecutor<'_>,
    campaign: CampaignId,
    version: u32,
    kind: PaperKind,
) -> anyhow::Result<Option<Kept>> {
    let kept = sqlx::query_as!(
        Kept,
        "select content, hash from loan_paper where campaign_id = $1 and version = $2 and kind = $3",
        campaign as _,
        i32::try_from(version)?,
        kind.as_str(),
    )
    .fetch_optional(db)
    .await?;
    Ok(kept)
}

/// A document of a version; `None` when there is no such version. One of a sheet that is older than its documents is
/// made now, and kept.
///
/// # Errors
/// When the database fails.
pub async fn read(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    version: u32,
    kind: PaperKind,
) -> anyhow::Result<Option<Kept>> {
    if let Some(kept) = find(&mut *conn, campaign, version, kind).await? {
        return Ok(Some(kept));
    }
    let Some((sheet, hash)) = sheet::read(conn, campaign, version).await? else {
        return Ok(None);
    };
    keep(conn, &sheet, &hash, kind, ctx.now()).await?;
    find(conn, campaign, version, kind).await
}

/// The hash of a document of a version.
///
/// # Errors
/// When there is no such version.
pub async fn hash(
    conn: &mut PgConnection,
    ctx: &Ctx,
    campaign: CampaignId,
    version: u32,
    kind: PaperKind,
) -> anyhow::Result<Vec<u8>> {
    let kept = read(conn, ctx, campaign, version, kind).await?;
    let kept =
        kept.ok_or_else(|| anyhow::anyhow!("loan {campaign} has no {} of version {version}", kind.as_str()))?;
    Ok(kept.hash)
}
