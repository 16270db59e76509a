//! The short commands: each opens the database beside whoever uses it, does one thing, and says what it did.

pub mod books;
pub mod loan;
pub mod reconcile;

use std::io::{ErrorKind, Write, stdout};
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use felag_domain::person::EmailAddress;
use felag_frontend::Lang;
use felag_manifest::Manifest;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::clock::wall;
use crate::config::Config;
use crate::ctx::Ctx;
use crate::projects::NotSaved;
use crate::{campaigns, ledger, people, start};

/// Prints to the standard output. Nobody listening any more (`felag config | head -1`) is no failure.
///
/// # Errors
/// When it cannot be written.
pub fn say(words: &str) -> anyhow::Result<()> {
    match writeln!(stdout(), "{words}") {
        Err(cause) if cause.kind() != ErrorKind::BrokenPipe => Err(cause.into()),
        _ => Ok(()),
    }
}

/// Runs `what` with a context, and leaves the database cleanly whatever came of it.
async fn with_ctx(config: Config, what: impl AsyncFnOnce(&Ctx) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let (ctx, database) = start::command(config).await?;
    let outcome = what(&ctx).await;
    ctx.db.close().await;
    outcome.and(database.stop().await)
}

/// `felag migrate`. Every command does the same first.
pub async fn migrate(config: Config) -> anyhow::Result<()> {
    with_ctx(config, async |_| say("The database is at its newest version.")).await
}

/// `felag config`.
pub fn show_config(config: &Config) -> anyhow::Result<()> {
    let lines: Vec<String> = config
        .lines()
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    say(&lines.join("\n"))
}

/// `felag clock`.
pub async fn show_clock(config: Config) -> anyhow::Result<()> {
    with_ctx(config, async |ctx| say(&time_in_words(ctx.now())?)).await
}

/// What the clock shows, to the second.
pub fn time_in_words(now: OffsetDateTime) -> anyhow::Result<String> {
    let shown = now.replace_nanosecond(0)?.format(&Rfc3339)?;
    let ahead = now - wall();
    if ahead.whole_seconds() < 1 {
        return Ok(format!("It is {shown}, as on this machine."));
    }
    // To the minute: the moments while the work was done went by on both clocks.
    let minutes = (ahead + time::Duration::seconds(30)).whole_minutes();
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    Ok(format!(
        "It is {shown}, {days} d {hours} h {minutes} min ahead of this machine."
    ))
}

/// `felag ledger verify`.
pub async fn verify_ledger(config: Config) -> anyhow::Result<()> {
    with_ctx(config, async |ctx| {
        let verified = ledger::verify::run(&ctx.db).await?;
        say(&format!(
            "The ledger is right: {} entries in {} books.",
            verified.entries, verified.books
        ))
    })
    .await
}

/// `felag person grant EMAIL steward`.
pub async fn grant_steward(config: Config, email: &str) -> anyhow::Result<()> {
    let email = EmailAddress::parse(email)?;
    with_ctx(config, async |ctx| {
        if !people::grant_steward(ctx, &email).await? {
            bail!(
                "nobody has an account with {}; sign up first, then grant again",
                email.as_str()
            );
        }
        say(&format!("{} is a steward.", email.as_str()))
    })
    .await
}

/// What `felag project import` is told.
#[derive(Debug, Args)]
pub struct Import {
    /// A funding.json, publiccode.yml or Open Know-How file. Nothing is fetched from any address in it.
    file: PathBuf,
    /// The address of the person the project will belong to.
    #[arg(long, value_name = "EMAIL", required_unless_present = "dry_run")]
    owner: Option<String>,
    /// Only print what would be made. Needs no database.
    #[arg(long)]
    dry_run: bool,
    /// Print it as JSON.
    #[arg(long, requires = "dry_run")]
    json: bool,
}

/// `felag project import`.
pub async fn import(config: Config, import: Import) -> anyhow::Result<()> {
    let bytes = std::fs::read(&import.file).with_context(|| import.file.display().to_string())?;
    let name = import.file.file_name().and_then(|name| name.to_str());
    let manifest = felag_manifest::read_bytes(name, &bytes)?;
    if import.json {
        return say(&serde_json::to_string_pretty(&felag_manifest::json(
            &manifest, None,
        ))?);
    }
    if import.dry_run {
        return say(&in_words(&manifest));
    }
    let owner = EmailAddress::parse(import.owner.as_deref().unwrap_or_default())?;
    with_ctx(config, async |ctx| {
        let account = people::store::account(&mut *ctx.db.acquire().await?, &owner).await?;
        let Some(account) = account else {
            bail!("nobody has an account with {}; sign up first", owner.as_str())
        };
        let made = campaigns::import::create(ctx, account.id, &manifest, None)
            .await
            .map_err(why)?;
        say(&in_words(&manifest))?;
        say(&format!(
            "Made {0}/projects/{1} and the draft {0}/campaigns/{2}",
            ctx.config.public_url, made.project, made.campaign
        ))
    })
    .await
}

/// What was refused, in the words that a page would show.
fn why(refused: NotSaved) -> anyhow::Error {
    match refused {
        NotSaved::Failed(error) => error.into(),
        NotSaved::Refused(refusals) => {
            let words = refusals.iter().map(|refusal| match refusal.field {
                "" => Lang::En.words(&refusal.words),
                field => format!("{field}: {}", Lang::En.words(&refusal.words)),
            });
            anyhow::anyhow!("no project was made. {}", words.collect::<Vec<_>>().join(" "))
        }
    }
}

fn in_words(manifest: &Manifest) -> String {
    let mut lines = vec![format!("Read as {}.", manifest.kind)];
    for draft in &manifest.drafts {
        let licences: Vec<&str> = draft
            .licences
            .iter()
            .map(|licence| licence.expression.as_str())
            .collect();
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "(none)".into());
        lines.push(format!("Project     {}", draft.name));
        lines.push(format!("  summary     {}", draft.summary));
        lines.push(format!("  licences    {}", licences.join(", ")));
        lines.push(format!("  homepage    {}", or_none(&draft.homepage)));
        lines.push(format!("  repository  {}", or_none(&draft.repository)));
        lines.push(format!("  plans       {}", draft.plans.len()));
    }
    for unread in &manifest.unread {
        lines.push(format!(
            "Not read: {} {} ({})",
            unread.field, unread.value, unread.why
        ));
    }
    lines.join("\n")
}
