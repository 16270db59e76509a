//! Whether a database has room for a demo. One that holds anything else is never touched, and half a demo is never
//! left behind: a row says when it was begun and when it ended, and what lies between is wiped before the next try.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};

use crate::clock::pause;
use crate::ctx::Ctx;

/// Held by whoever plays a demo, for as long as their connection lives.
const PLAYING: i64 = 1_717_920_001;
/// How often and how long another player is waited for: one that was killed lets go when its connection breaks.
const LOOK: Duration = Duration::from_millis(200);
const LOOKS: u32 = 25;

/// What a start finds.
pub enum Ground {
    /// The demo was played to the end.
    Finished,
    /// There is nothing yet. The connection keeps other players away.
    Empty(PgConnection),
}

/// Looks, before anything is started, whether a demo is here or can be played here, and wipes half a one.
///
/// # Errors
/// When the database holds something else, or somebody else plays a demo here at this moment.
pub async fn clear(owner: &PgConnectOptions) -> anyhow::Result<Ground> {
    let mut conn = PgConnection::connect_with(owner).await?;
    let mut looks = 0;
    while !sqlx::query_scalar!(r#"select pg_try_advisory_lock($1) as "is_ours!""#, PLAYING)
        .fetch_one(&mut conn)
        .await?
    {
        looks += 1;
        ensure!(
            looks < LOOKS,
            "another process makes the demo on this data; wait until it is ready"
        );
        pause(LOOK).await;
    }
    match state(&mut conn).await? {
        State::Finished => return Ok(Ground::Finished),
        State::Unfinished => {
            tracing::warn!("making the demo was broken off last time; it is wiped and made anew");
            wipe(&mut conn).await.context("wiping the unfinished demo")?;
        }
        State::None => ensure_empty(&mut conn).await?,
    }
    Ok(Ground::Empty(conn))
}

/// Whoever starts without `--demo` must not work on half a demo.
///
/// # Errors
/// When there is one: it is being played by somebody else, or was broken off.
pub async fn refuse_half(conn: &mut PgConnection) -> anyhow::Result<()> {
    if let State::Unfinished = state(conn).await? {
        bail!(
            "the demo on this data is not finished. If another process is making it, wait until it is ready; \
             otherwise start with --demo, which makes it anew"
        );
    }
    Ok(())
}

/// Marks the demo as begun; `false` when it is finished.
///
/// # Errors
/// When the database holds something else, or half a demo.
pub async fn begin(ctx: &Ctx) -> anyhow::Result<bool> {
    let mut tx = ctx.db.begin().await?;
    match state(&mut tx).await? {
        State::Finished => return Ok(false),
        State::Unfinished => bail!("half a demo is in the way"),
        State::None => ensure_empty(&mut tx).await?,
    }
    sqlx::query!("insert into demo (started_at) values ($1)", ctx.now())
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(true)
}

/// Marks the demo as complete.
pub async fn finish(ctx: &Ctx) -> sqlx::Result<()> {
    sqlx::query!("update demo set finished_at = $1", ctx.now())
        .execute(&ctx.db)
        .await?;
    Ok(())
}

enum State {
    None,
    Unfinished,
    Finished,
}

async fn state(conn: &mut PgConnection) -> sqlx::Result<State> {
    let row = sqlx::query_scalar!(r#"select finished_at is not null as "is_finished!" from demo"#)
        .fetch_optional(conn)
        .await?;
    Ok(match row {
        None => State::None,
        Some(false) => State::Unfinished,
        Some(true) => State::Finished,
    })
}

async fn ensure_empty(conn: &mut PgConnection) -> anyhow::Result<()> {
    let is_used = sqlx::query_scalar!(
        r#"select exists (select from person) or exists (select from project) or exists (select from book)
                  or exists (select from message) as "is_used!""#,
    )
    .fetch_one(conn)
    .await?;
    ensure!(
        !is_used,
        "this database holds data of its own, and demo data is never mixed into it. \
         Start with `felag serve`, or give the demo another folder with --data-dir"
    );
    Ok(())
}

/// Takes away everything but the tables themselves. Only ever called on an unfinished demo: it was begun on an empty
/// database, forms answered 503 since, and nobody starts on it without wiping it first.
async fn wipe(owner: &mut PgConnection) -> sqlx::Result<()> {
    let mut tx = owner.begin().await?;
    sqlx::raw_sql(
        "do $$ declare tables text;
         begin
             select string_agg(format('%I.%I', schemaname, tablename), ', ') into tables
             from pg_tables where schemaname = 'public' and tablename not in ('_sqlx_migrations', 'clock', 'worker');
             execute 'truncate ' || tables;
         end $$;
         drop schema if exists sandbox cascade;",
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await
}
