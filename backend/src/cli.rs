//! The command line. `felag` alone is `felag serve --demo`.
//!
//! It ends with 0 when all went well, 1 when something was refused or failed, 2 when the command was not understood.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::Config;
use crate::ctx::Ctx;
use crate::start::{self, What};
use crate::{clock_advance, commands, demo, planted, telemetry};

/// Crowdfunding and social lending for open projects. Without a command: serve, with demo data.
#[derive(Debug, Parser)]
#[command(name = "felag", version)]
struct Cli {
    /// Where the private database is kept; FELAG_DATA_DIR, else `var`.
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve pages and do the work, with the payment sandbox unless a live provider is set.
    Serve(Serve),
    /// Do the work without serving pages.
    Work,
    /// Bring the database to the newest version.
    Migrate,
    /// Show the clock, or move it; only the sandbox's clock can be moved.
    Clock {
        #[command(subcommand)]
        hand: Option<Hand>,
    },
    /// Look after the ledger.
    Ledger {
        #[command(subcommand)]
        what: Ledger,
    },
    /// Compare the provider's balance with the books, and fail when anything does not fit. Nothing is changed.
    Reconcile(commands::reconcile::Reconcile),
    /// Export open books, and check exports.
    Books {
        #[command(subcommand)]
        what: commands::books::Books,
    },
    /// Work out loans. Needs no database.
    Loan {
        #[command(subcommand)]
        what: commands::loan::Loan,
    },
    /// Look after people.
    Person {
        #[command(subcommand)]
        what: Person,
    },
    /// Look after projects.
    Project {
        #[command(subcommand)]
        what: Project,
    },
    /// Print every setting, secrets left out.
    Config,
}

#[derive(Debug, Args)]
struct Serve {
    /// Where to listen; port 0 takes a free one. FELAG_LISTEN, else 127.0.0.1:8080.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Make demo data: people, projects and campaigns to try Felag out with.
    #[arg(long)]
    demo: bool,
}

#[derive(Debug, Subcommand)]
enum Hand {
    /// Print the time by Felag's clock.
    Show,
    /// Move the clock forward, and return when all work that became due is done.
    Advance {
        /// How far, as in ISO 8601: P31D, PT90M, P1M.
        #[arg(required_unless_present = "until")]
        span: Option<String>,
        /// To this day (at 00:00 UTC) or moment, such as 2026-12-24 or 2026-12-24T18:00:00Z.
        #[arg(long, value_name = "DATE", conflicts_with = "span")]
        until: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
enum Ledger {
    /// Recompute every chain and balance; fail with the first entry that is wrong.
    Verify,
}

#[derive(Debug, Subcommand)]
enum Person {
    /// Give a person a role of the platform.
    Grant {
        email: String,
        #[arg(value_parser = ["steward"])]
        role: String,
    },
}

#[derive(Debug, Subcommand)]
enum Project {
    /// Start a project and the draft of a campaign from an open project's manifest.
    Import(commands::Import),
}

/// Runs what the arguments ask for.
pub fn main() -> ExitCode {
    main_with(std::env::args_os())
}

/// As [`main`], with arguments of one's own; the first is the program's name.
pub fn main_with(arguments: impl IntoIterator<Item = impl Into<std::ffi::OsString> + Clone>) -> ExitCode {
    match run(Cli::parse_from(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("felag: {cause:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let command = cli.command.unwrap_or(Command::Serve(Serve {
        listen: None,
        demo: true,
    }));
    let mut flags = Vec::new();
    if let Some(dir) = &cli.data_dir {
        flags.push(("FELAG_DATA_DIR", dir.display().to_string()));
    }
    if let Command::Serve(Serve {
        listen: Some(listen), ..
    }) = &command
    {
        flags.push(("FELAG_LISTEN", listen.to_string()));
    }
    let mut config = Config::from_environment(&flags)?;
    config.demo = matches!(&command, Command::Serve(Serve { demo: true, .. }));
    telemetry::start(&config, matches!(&command, Command::Serve(_) | Command::Work))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(dispatch(command, config));
    // What still blocks a thread (a password being hashed) is not waited for.
    runtime.shutdown_background();
    outcome
}

async fn dispatch(command: Command, config: Config) -> anyhow::Result<()> {
    anyhow::ensure!(
        !planted::IS_BUILT_IN,
        "this program was built with faults for tests to find; build it without the feature `planted`"
    );
    match command {
        Command::Serve(_) => until_asked_to_stop(config, What::Serve).await,
        Command::Work => until_asked_to_stop(config, What::Work).await,
        Command::Migrate => commands::migrate(config).await,
        Command::Clock {
            hand: None | Some(Hand::Show),
        } => commands::show_clock(config).await,
        Command::Clock {
            hand: Some(Hand::Advance { span, until }),
        } => {
            let to = clock_advance::Target::read(span.as_deref(), until.as_deref())?;
            clock_advance::run(config, to).await
        }
        Command::Ledger { what: Ledger::Verify } => commands::verify_ledger(config).await,
        Command::Reconcile(how) => commands::reconcile::run(config, &how).await,
        Command::Books { what } => commands::books::run(config, what).await,
        Command::Loan { what } => commands::loan::run(what),
        Command::Person {
            what: Person::Grant { email, .. },
        } => commands::grant_steward(config, &email).await,
        Command::Project {
            what: Project::Import(import),
        } => commands::import(config, import).await,
        Command::Config => commands::show_config(&config),
    }
}

/// Serves or works until Ctrl-C or SIGTERM.
async fn until_asked_to_stop(config: Config, what: What) -> anyhow::Result<()> {
    // Asked for before anything is started, so that a start can be broken off cleanly too.
    let mut asked = std::pin::pin!(start::asked_to_stop());
    let running = tokio::select! {
        asked = &mut asked => return asked,
        started = start::start(config, what) => started?,
    };
    if what == What::Serve {
        greet(&running.ctx.config, &running.ctx.provider.origin())?;
    } else {
        commands::say("The workers run. Ctrl-C stops them.")?;
    }
    let asked = tokio::select! {
        asked = &mut asked => asked,
        failed = greet_again(&running.ctx) => failed,
    };
    running.stop().await?;
    asked
}

/// Says the address again once the demo is played, below all that was logged meanwhile. Ends only when it cannot.
async fn greet_again(ctx: &Ctx) -> anyhow::Result<()> {
    const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(200);
    if ctx.demo.is_loading() {
        commands::say("The demo data is being played: until it is ready, pages say so.")?;
        while ctx.demo.is_loading() {
            crate::clock::pause(LOOK_AGAIN).await;
        }
        greet(&ctx.config, &ctx.provider.origin())?;
    }
    std::future::pending().await
}

fn greet(config: &Config, provider: &str) -> anyhow::Result<()> {
    let mut lines = vec![format!("Felag is at {}", config.public_url)];
    if config.has_sandbox() {
        lines.push(format!(
            "Payments go to the sandbox at {provider}: no real money moves"
        ));
    }
    if config.has_mailbox() {
        lines.push(format!("Mails are at {}/dev/mail", config.public_url));
    }
    if config.demo {
        lines.push(format!(
            "Log-ins, all with the password {}: {}",
            demo::PASSWORD,
            demo::LOG_INS.join(", ")
        ));
    }
    lines.push("Ctrl-C stops it.".into());
    commands::say(&lines.join("\n"))
}
