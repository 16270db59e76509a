//! What the clock does by itself: sessions expire, delayed effects come, webhooks are delivered.

use std::sync::atomic::Ordering;

use anyhow::anyhow;
use sqlx::PgPool;

use crate::{
    api,
    app::App,
    deliver::{self, Mode},
    fault::Fault,
};

const BATCH: i64 = 64;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// Does one batch of what is due. True if anything was done.
pub(crate) async fn run_once(app: &App) -> anyhow::Result<bool> {
    let _turn = app.turn.lock().await;
    forget_answers(app).await?;
    let acted = objects(app).await?;
    let mode = mode(&app.pool).await?;
    let sent = match mode {
        Mode::Hold => 0,
        mode => deliver::batch(app, mode, Some(app.now())).await?,
    };
    Ok(acted + sent > 0)
}

/// Deletes what was answered more than 24 hours ago, at most once an hour: no replay asks for it any more.
async fn forget_answers(app: &App) -> anyhow::Result<()> {
    let now = app.now();
    if (now - app.swept.load(Ordering::Relaxed)).abs() < HOUR {
        return Ok(());
    }
    app.swept.store(now, Ordering::Relaxed);
    sqlx::query("delete from sandbox.answer where created <= $1")
        .bind(now - DAY)
        .execute(&app.pool)
        .await?;
    Ok(())
}

/// Delivers everything that waits, whenever it is due and whatever holds it. Returns how many were sent.
pub(crate) async fn flush(app: &App) -> anyhow::Result<usize> {
    let _turn = app.turn.lock().await;
    let mode = match mode(&app.pool).await? {
        Mode::Hold => Mode::Normal,
        other => other,
    };
    let waiting: i64 = sqlx::query_scalar("select count(*) from sandbox.delivery where state = 'pending'")
        .fetch_one(&app.pool)
        .await?;
    let (waiting, mut sent) = (usize::try_from(waiting)?, 0);
    // What fails is put off, not lost: each is tried once here.
    while sent < waiting {
        match deliver::batch(app, mode, None).await? {
            0 => break,
            count => sent += count,
        }
    }
    Ok(sent)
}

async fn mode(pool: &PgPool) -> anyhow::Result<Mode> {
    let sql = "select value from sandbox.switch where name = 'webhooks'";
    let value: Option<String> = sqlx::query_scalar(sql).fetch_optional(pool).await?;
    Ok(value
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or(Mode::Normal))
}

/// Each in a transaction of its own, in the order of their times.
async fn objects(app: &App) -> anyhow::Result<usize> {
    let sql = "select id, kind, account from sandbox.object where due <= $1 order by due, seq limit $2";
    let due: Vec<(String, String, Option<String>)> = sqlx::query_as(sql)
        .bind(app.now())
        .bind(BATCH)
        .fetch_all(&app.pool)
        .await?;
    for (id, kind, account) in &due {
        let told = |fault: Fault| anyhow!("{kind} {id}: {}", fault.0.message);
        let mut tx = app.begin().await.map_err(told)?;
        tx.enter(account.as_deref());
        match kind.as_str() {
            "checkout.session" => api::expire_overdue(&mut tx, id).await.map(|_| ()),
            "payment_intent" => api::settle_slow(&mut tx, id).await,
            "account" => api::pay_out_daily(&mut tx, id).await,
            "payout" => api::proceed_payout(&mut tx, id).await,
            "charge" => api::open_dispute_due(&mut tx, id).await,
            "dispute" => api::settle_dispute(&mut tx, id).await,
            "refund" => api::settle_refund(&mut tx, id).await,
            other => return Err(anyhow!("nothing is due for a {other}")),
        }
        .map_err(told)?;
        tx.commit().await.map_err(told)?;
    }
    Ok(due.len())
}
