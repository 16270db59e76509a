//! What becomes of a voucher before it is kept: known by its content, bounded, and written anew without what it said
//! beside what is seen: author, place, device, past versions, scripts, other files.

mod bomb;
mod pdf;
mod picture;

use felag_domain::expense::{VOUCHER_MAX, VoucherKind};
use felag_domain::words::{Refusal, Words};

use crate::ctx::Ctx;

/// Why a file is not taken as a voucher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VoucherRefusal {
    #[error("there is no file")]
    Missing,
    #[error("more than {VOUCHER_MAX} bytes")]
    TooLarge,
    #[error("neither a PDF nor a picture")]
    Kind,
    #[error("it cannot be read to its end")]
    Broken,
    #[error("it is encrypted")]
    Encrypted,
    #[error("it has more pixels than anybody needs to read a bill")]
    Pixels,
    #[error("it becomes far larger when it is opened")]
    Bomb,
    #[error("it has more pages than a bill")]
    Pages,
}

impl Refusal for VoucherRefusal {
    fn words(&self) -> Words {
        match self {
            Self::Missing => Words::new("voucher-missing"),
            Self::TooLarge => Words::new("voucher-too-large").with("most", VOUCHER_MAX / (1024 * 1024)),
            Self::Kind => Words::new("voucher-kind"),
            Self::Broken => Words::new("voucher-broken"),
            Self::Encrypted => Words::new("voucher-encrypted"),
            Self::Pixels => Words::new("voucher-pixels"),
            Self::Bomb => Words::new("voucher-bomb"),
            Self::Pages => Words::new("voucher-pages"),
        }
    }
}

/// A voucher as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clean {
    pub kind: VoucherKind,
    pub bytes: Vec<u8>,
}

/// Takes a file apart and writes what is seen of it anew, on a thread that nobody waits for and one at a time.
///
/// # Errors
/// Inside, why it is not taken; outside, when the server cannot do it.
pub async fn take(ctx: &Ctx, bytes: axum::body::Bytes) -> anyhow::Result<Result<Clean, VoucherRefusal>> {
    let turn = ctx.files.turn().await?;
    let done = tokio::task::spawn_blocking(move || {
        let done = clean(&bytes);
        drop(turn);
        done
    });
    Ok(done.await.unwrap_or_else(|cause| {
        tracing::warn!("a voucher broke its reader: {cause}");
        Err(VoucherRefusal::Broken)
    }))
}

/// As [`take`], at once.
///
/// # Errors
/// Why it is not taken.
pub fn clean(bytes: &[u8]) -> Result<Clean, VoucherRefusal> {
    if bytes.is_empty() {
        return Err(VoucherRefusal::Missing);
    }
    if bytes.len() > VOUCHER_MAX {
        return Err(VoucherRefusal::TooLarge);
    }
    let kind = VoucherKind::of(bytes).ok_or(VoucherRefusal::Kind)?;
    let bytes = match kind {
        VoucherKind::Pdf => pdf::clean(bytes)?,
        VoucherKind::Jpeg | VoucherKind::Png | VoucherKind::Webp => picture::clean(kind, bytes)?,
    };
    Ok(Clean { kind, bytes })
}
