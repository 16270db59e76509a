//! The database: one pool, the application's own role, the migrations, and what a broken constraint was called.

use std::time::Duration;

use anyhow::Context;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Connection, PgConnection};

/// Every migration, embedded. One static for all, so that each test does not embed them again.
pub static MIGRATOR: Migrator = sqlx::migrate!("../migrations");

/// A connection that lay idle for so long is tried before it is used.
const TRIED_AFTER: Duration = Duration::from_secs(1);

/// Brings the database to the newest version, as the role the options name (it must own the tables).
///
/// # Errors
/// Says which migration failed and why.
pub async fn migrate(options: &PgConnectOptions) -> anyhow::Result<()> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(5));
    let pool = pool
        .connect_with(options.clone())
        .await
        .context("connecting to the database")?;
    MIGRATOR
        .run(&pool)
        .await
        .context("bringing the database to the newest version")?;
    pool.close().await;
    Ok(())
}

/// A pool whose connections work as `felag_app`: a role that owns nothing, and cannot change or delete what
/// stands in the ledger.
pub async fn pool(options: PgConnectOptions, connections_max: u32) -> anyhow::Result<PgPool> {
    PgPoolOptions::new()
        .max_connections(connections_max)
        .acquire_timeout(Duration::from_secs(5))
        // A connection that was busy a moment ago is not tried again before its next query: that doubled what a small
        // query costs. One that lay idle is, because the database may have been restarted.
        .test_before_acquire(false)
        .before_acquire(|conn, known| {
            Box::pin(async move { Ok(known.idle_for < TRIED_AFTER || conn.ping().await.is_ok()) })
        })
        .after_connect(|conn, _| {
            Box::pin(async move {
                sqlx::query("set role felag_app").execute(&mut *conn).await?;
                sqlx::query("set statement_timeout = '30s'")
                    .execute(&mut *conn)
                    .await?;
                sqlx::query("set idle_in_transaction_session_timeout = '60s'")
                    .execute(&mut *conn)
                    .await?;
                // Our queries find rows by keys, so a plan does not depend on the values; planning a small query anew
                // each time takes as long as running it.
                sqlx::query("set plan_cache_mode = force_generic_plan")
                    .execute(&mut *conn)
                    .await?;
                // Such a plan cannot know that a range of numbers is short: in a table of a million rows it would start
                // two workers, for 30 ms, to read fifty of them.
                sqlx::query("set max_parallel_workers_per_gather = 0")
                    .execute(conn)
                    .await?;
                Ok(())
            })
        })
        .connect_with(options)
        .await
        .context("connecting to the database")
}

/// Copies rows into a table: far quicker than an insert where there are thousands. `into` names the table and its
/// columns; each line of `rows` is one row, its values between tabs. The caller puts in no value that holds a tab, a line
/// feed or a backslash.
///
/// # Errors
/// As an insert of the same rows: constraints and triggers are those of the table.
pub async fn copy_rows(conn: &mut PgConnection, into: &'static str, rows: &str) -> sqlx::Result<u64> {
    /// So much is sent at once.
    const CHUNK: usize = 1 << 20;
    let mut copy = conn.copy_in_raw(&format!("copy {into} from stdin")).await?;
    for chunk in rows.as_bytes().chunks(CHUNK) {
        copy.send(chunk).await?;
    }
    copy.finish().await
}

/// Whether `error` is the named constraint saying no.
pub fn violates(error: &sqlx::Error, constraint: &str) -> bool {
    matches!(error, sqlx::Error::Database(cause) if cause.constraint() == Some(constraint))
}
