//! A voucher as a file: a picture is shown, a document is saved. It can do nothing in either: no script, no frame, no
//! other type than the one it was written as.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use felag_domain::expense::VoucherKind;

use super::access;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::expenses::store;
use crate::people::Visitor;

/// Nothing may be loaded, run or sent from it.
const POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

pub async fn open(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path((slug, number)): Path<(String, u32)>,
) -> Result<Response, Error> {
    let (campaign, may) = access(&ctx, &visitor, &slug).await?;
    let expense = store::find(&ctx.db, &campaign, number)
        .await?
        .ok_or(Error::NotFound)?;
    if !may.may_open(&expense) {
        return Err(Error::NotFound);
    }
    let found = ctx.files.get(&expense.file()).await?;
    let bytes = found.ok_or_else(|| anyhow::anyhow!("the voucher of expense {} is gone", expense.id))?;
    let kind = expense.voucher;
    let how = match kind {
        VoucherKind::Pdf => "attachment",
        VoucherKind::Jpeg | VoucherKind::Png | VoucherKind::Webp => "inline",
    };
    let ending = kind.as_str();
    let name = format!("{how}; filename=\"{}-voucher-{number}.{ending}\"", campaign.slug);
    // It may be withdrawn at any time: asked for anew each time.
    let headers = [
        (header::CONTENT_TYPE, kind.media_type().to_string()),
        (header::CONTENT_DISPOSITION, name),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_string()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_string()),
        (header::CACHE_CONTROL, "no-store".to_string()),
    ];
    Ok((headers, bytes).into_response())
}
