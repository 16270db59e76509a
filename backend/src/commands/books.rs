//! `felag books`: open books for other programs, and the check of an exported document.

use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Subcommand;
use felag_domain::ids::BookId;

use super::{say, with_ctx};
use crate::books::check;
use crate::books::export::{self, Format, Which};
use crate::campaigns;
use crate::config::Config;
use crate::ctx::Ctx;

/// What `felag books` is told.
#[derive(Debug, Subcommand)]
pub enum Books {
    /// Write books to the standard output: every book, or one.
    Export {
        #[arg(long, value_enum)]
        format: Format,
        /// Only the book of this campaign, by the end of its address.
        #[arg(long, value_name = "SLUG", conflicts_with = "platform")]
        campaign: Option<String>,
        /// Only the platform's own book.
        #[arg(long)]
        platform: bool,
    },
    /// Recompute every hash and balance of a JSON export; fail with the first that is wrong. Needs no database.
    Check {
        /// The export, or - for the standard input.
        file: PathBuf,
    },
}

/// `felag books`.
pub async fn run(config: Config, what: Books) -> anyhow::Result<()> {
    match what {
        Books::Export {
            format,
            campaign,
            platform,
        } => {
            with_ctx(config, async |ctx| {
                let which = which(ctx, campaign.as_deref(), platform).await?;
                to_stdout(ctx, which, format).await
            })
            .await
        }
        Books::Check { file } => check(&file),
    }
}

async fn which(ctx: &Ctx, campaign: Option<&str>, platform: bool) -> anyhow::Result<Which> {
    let Some(slug) = campaign else {
        return Ok(if platform {
            Which::One(BookId::PLATFORM)
        } else {
            Which::All
        });
    };
    match campaigns::store::find_by_slug(&ctx.db, slug).await? {
        Some(campaign) => Ok(Which::One(BookId::of_campaign(campaign.id))),
        None => bail!("there is no campaign at /campaigns/{slug}"),
    }
}

/// Nobody listening any more (`felag books export … | head`) is no failure.
async fn to_stdout(ctx: &Ctx, which: Which, format: Format) -> anyhow::Result<()> {
    match export::write(ctx, which, format, &mut tokio::io::stdout()).await {
        Ok(_) => Ok(()),
        Err(cause) => match cause.downcast::<std::io::Error>() {
            Ok(cause) if cause.kind() == ErrorKind::BrokenPipe => Ok(()),
            Ok(cause) => Err(cause.into()),
            Err(cause) => Err(cause),
        },
    }
}

fn check(file: &Path) -> anyhow::Result<()> {
    let shown = file.display().to_string();
    let document: Box<dyn Read> = if shown == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(file).with_context(|| shown.clone())?)
    };
    let right = check::run(document).with_context(|| shown)?;
    for book in &right {
        say(&format!("{} {} {}", book.of, book.number, book.hash))?;
    }
    let entries: i64 = right.iter().map(|book| book.number).sum();
    say(&format!(
        "Everything is right: {entries} entries in {} books.",
        right.len()
    ))
}
