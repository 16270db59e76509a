//! `felag clock advance`: moves the clock of a sandbox from one due moment to the next, and waits at each until
//! every live process has seen it and done its work. So months pass in order, as they would by themselves.
//!
//! Without a live process this one serves and works meanwhile, and stops again.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use felag_postgres::Role;
use sqlx::{Connection, PgConnection};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::clock::{self, Clock, pause, wall};
use crate::commands::{say, time_in_words};
use crate::config::Config;
use crate::demo::ground;
use crate::start::{self, Database, Running, What, heartbeat};
use crate::{jobs, workers};

/// How often it looks whether the work is done.
const LOOK: Duration = Duration::from_millis(15);
/// How long work may go on at one moment of the clock without an end: then something is stuck.
const STUCK: time::Duration = time::Duration::minutes(3);

/// Where to move the clock.
#[derive(Debug, Clone)]
pub enum Target {
    /// So far on from now, by the calendar of UTC.
    Ahead(jiff::Span),
    At(OffsetDateTime),
}

impl Target {
    /// # Errors
    /// When neither can be read, or the span leads back.
    pub fn read(span: Option<&str>, until: Option<&str>) -> anyhow::Result<Self> {
        match (span, until) {
            (_, Some(until)) => Ok(Target::At(moment(until)?)),
            (Some(span), None) => {
                let span: jiff::Span = span
                    .parse()
                    .with_context(|| format!("{span} is no duration; write P31D or PT90M"))?;
                ensure!(!span.is_negative(), "the clock only moves forward");
                Ok(Target::Ahead(span))
            }
            (None, None) => bail!("say how far, for instance P31D"),
        }
    }

    /// # Errors
    /// When it lies before `now`, or beyond the calendar.
    pub fn from(&self, now: OffsetDateTime) -> anyhow::Result<OffsetDateTime> {
        let to = match self {
            Target::At(at) => *at,
            Target::Ahead(span) => {
                let from = jiff::Timestamp::from_nanosecond(now.unix_timestamp_nanos())?
                    .to_zoned(jiff::tz::TimeZone::UTC);
                let to = from.checked_add(*span).context("that is too far away")?;
                OffsetDateTime::from_unix_timestamp_nanos(to.timestamp().as_nanosecond())?
            }
        };
        ensure!(
            to >= now,
            "the clock shows {} already, and it only moves forward",
            now.format(&Rfc3339)?
        );
        Ok(to)
    }
}

fn moment(text: &str) -> anyhow::Result<OffsetDateTime> {
    let unread = || format!("{text} is no moment; write 2026-12-24 or 2026-12-24T18:00:00Z");
    if text.contains('T') {
        return OffsetDateTime::parse(text, &Rfc3339).with_context(unread);
    }
    let day: jiff::civil::Date = text.parse().with_context(unread)?;
    let midnight = day.to_zoned(jiff::tz::TimeZone::UTC).with_context(unread)?;
    Ok(OffsetDateTime::from_unix_timestamp(
        midnight.timestamp().as_second(),
    )?)
}

/// Moves the clock and prints what it shows then.
///
/// # Errors
/// Beside a live provider, when the target lies in the past, or when some work does not end.
pub async fn run(config: Config, target: Target) -> anyhow::Result<()> {
    ensure!(
        config.has_sandbox(),
        "only the sandbox's clock can be moved; a live provider's runs by itself"
    );
    let database = Database::open(&config, Role::Guest).await?;
    let outcome = advance(config, &database, &target).await;
    let left = database.stop().await;
    say(&time_in_words(outcome?)?)?;
    left
}

async fn advance(config: Config, database: &Database, target: &Target) -> anyhow::Result<OffsetDateTime> {
    let mut conn = PgConnection::connect_with(&database.options).await?;
    ground::refuse_half(&mut conn).await?;
    let clock = Clock::new();
    clock.refresh(&mut conn).await?;
    let to = target.from(clock.now())?;
    let here = match heartbeat::alive(&mut conn, 0).await?.all {
        0 => Some(work_here(config).await?),
        _ => None,
    };
    let outcome = play(&mut conn, &clock, to).await;
    if let Some(here) = here {
        here.stop().await?;
    }
    outcome?;
    Ok(clock.now())
}

/// Serves and works in this process: the sandbox's webhooks need somebody who hears them. On the usual addresses
/// if they are free.
async fn work_here(mut config: Config) -> anyhow::Result<Running> {
    for address in [&mut config.listen, &mut config.sandbox_listen] {
        if tokio::net::TcpListener::bind(*address).await.is_err() {
            address.set_port(0);
        }
    }
    start::start(config, What::Serve).await
}

async fn play(conn: &mut PgConnection, clock: &Clock, to: OffsetDateTime) -> anyhow::Result<()> {
    loop {
        let due = quiet(conn, clock).await?;
        let next = due.filter(|due| *due < to).unwrap_or(to);
        clock::move_to(conn, next).await?;
        clock.refresh(&mut *conn).await?;
        if next == to {
            quiet(conn, clock).await?;
            return Ok(());
        }
    }
}

/// Waits until every live process has seen the clock and nothing is due; says when something will be.
async fn quiet(conn: &mut PgConnection, clock: &Clock) -> anyhow::Result<Option<OffsetDateTime>> {
    let since = wall();
    loop {
        let alive = heartbeat::alive(&mut *conn, clock.version()).await?;
        ensure!(
            alive.all > 0,
            "the server ended while the clock was moving; start it and advance again"
        );
        if alive.have_seen == alive.all {
            let due = next_due(conn).await?;
            if due.is_none_or(|due| due > clock.now()) {
                return Ok(due);
            }
        }
        ensure!(
            wall() - since < STUCK,
            "some work that is due does not end; see the server's log"
        );
        pause(LOOK).await;
    }
}

/// When anything is due next, here or at the sandbox, in one view of the database: between two views a webhook
/// could travel from the one to the other unseen.
async fn next_due(conn: &mut PgConnection) -> anyhow::Result<Option<OffsetDateTime>> {
    let mut view = conn
        .begin_with("begin isolation level repeatable read read only")
        .await?;
    let ours = jobs::next_due(&mut view).await?;
    let theirs = felag_sandbox::next_due(&mut *view).await?;
    view.rollback().await?;
    Ok(workers::earlier(ours, theirs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-01-31 10:00 UTC);

    fn from_now(span: Option<&str>, until: Option<&str>) -> anyhow::Result<OffsetDateTime> {
        Target::read(span, until)?.from(NOW)
    }

    #[test]
    fn spans_are_those_of_iso_8601_and_follow_the_calendar() {
        assert_eq!(
            from_now(Some("P31D"), None).unwrap(),
            datetime!(2026-03-03 10:00 UTC)
        );
        assert_eq!(
            from_now(Some("P1M"), None).unwrap(),
            datetime!(2026-02-28 10:00 UTC)
        );
        assert_eq!(
            from_now(Some("PT90M"), None).unwrap(),
            datetime!(2026-01-31 11:30 UTC)
        );
    }

    #[test]
    fn a_day_means_its_first_moment() {
        assert_eq!(
            from_now(None, Some("2026-12-24")).unwrap(),
            datetime!(2026-12-24 00:00 UTC)
        );
        assert_eq!(
            from_now(None, Some("2026-12-24T18:00:00Z")).unwrap(),
            datetime!(2026-12-24 18:00 UTC)
        );
    }

    #[test]
    fn the_clock_never_goes_back() {
        assert!(from_now(Some("-P1D"), None).is_err());
        assert!(from_now(None, Some("2026-01-30")).is_err());
        assert!(from_now(Some("soon"), None).is_err());
        assert!(from_now(None, None).is_err());
    }
}
