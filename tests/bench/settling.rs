//! What the provider says of payments, applied to one hot campaign: two hundred at a time, as the worker does, against
//! one transaction per event; and whether plain inserts on that campaign are still quick afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context;
use felag::ctx::Ctx;
use felag::payments::{News, Subject, Told};
use felag::pledges;
use felag::start::Database;
use felag_domain::ids::BookId;
use serde_json::json;

use crate::Bench;
use crate::ground::{self, GIFT, Plan, campaign_id, pledge_id};
use crate::load::now;
use crate::report::{Goal, Report};

const BATCH: u64 = 200;
/// Pledges that wait at least, when a round begins.
const WAITING: u64 = 40_000;
/// How long the hot campaign is settled before inserts are measured, in seconds.
const HOT: f64 = 60.0;

/// A campaign in a database of its own, and how far its settlement is.
struct Side {
    name: &'static str,
    ctx: Ctx,
    database: Database,
    /// The last pledge that was settled, and the last that was made.
    done: Arc<AtomicU64>,
    made: u64,
    /// Seconds of settling so far.
    worked: f64,
}

pub async fn run(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let mut together = Side::open(bench, "bench_together").await?;
    let mut alone = Side::open(bench, "bench_alone").await?;
    let (mut batches, mut singles, mut crowds) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=bench.rounds {
        let batch = together.settle(bench, BATCH, 1).await?;
        let single = alone.settle(bench, 1, 1).await?;
        let crowd = alone.settle(bench, 1, 8).await?;
        // The first round warms everything up.
        if round > 0 {
            batches.push(batch);
            singles.push(single);
            crowds.push(crowd);
        }
    }
    let unit = "events/s";
    let name = "events applied 200 at a time : one transaction each";
    report.ratio(name, Goal::AtLeast(10.0), &batches, &singles, unit);
    let name = "events applied 200 at a time : one transaction each, 8 connections";
    report.ratio(name, Goal::None, &batches, &crowds, unit);
    alone.check().await?;
    alone.close().await?;
    while together.worked < HOT {
        together.settle(bench, BATCH, 1).await?;
    }
    together.check().await?;
    inserts(bench, report, together).await
}

/// Plain inserts on the campaign that was settled for a minute, and on one as large that was left alone.
async fn inserts(bench: &Bench, report: &mut Report, hot: Side) -> anyhow::Result<()> {
    let mut fresh = Side::open(bench, "bench_fresh").await?;
    fresh.make(bench, hot.made).await?;
    for connections in [1, 32] {
        let (mut after, mut before) = (Vec::new(), Vec::new());
        for round in 0..=bench.rounds {
            let rates = (
                hot.insert(bench, connections).await?,
                fresh.insert(bench, connections).await?,
            );
            if round > 0 {
                after.push(rates.0);
                before.push(rates.1);
            }
        }
        let name = format!(
            "plain inserts after {:.0} s of settling : on a fresh campaign, {connections} connections",
            hot.worked
        );
        report.ratio(&name, Goal::AtLeast(0.8), &after, &before, "inserts/s");
    }
    hot.close().await?;
    fresh.close().await
}

impl Side {
    async fn open(bench: &Bench, name: &'static str) -> anyhow::Result<Self> {
        ground::database(bench, name).await?;
        ground::campaign(bench, name, &Plan::collecting()).await?;
        let (ctx, database) = ground::context(bench, name, 32).await?;
        Ok(Self {
            name,
            ctx,
            database,
            done: Arc::default(),
            made: 0,
            worked: 0.0,
        })
    }

    async fn close(self) -> anyhow::Result<()> {
        self.ctx.db.close().await;
        self.database.stop().await
    }

    async fn make(&mut self, bench: &Bench, count: u64) -> anyhow::Result<()> {
        let mut admin = ground::admin(bench, self.name).await?;
        ground::charging(&mut admin, self.made, count).await?;
        for command in ["vacuum analyze pledge", "checkpoint"] {
            sqlx::raw_sql(command).execute(&mut admin).await?;
        }
        self.made += count;
        Ok(())
    }

    /// Events a second, `batch` in each transaction, by so many workers at once.
    async fn settle(&mut self, bench: &Bench, batch: u64, workers: usize) -> anyhow::Result<f64> {
        if self.made - self.done.load(Ordering::Acquire) < WAITING {
            self.make(bench, 2 * WAITING).await?;
        }
        let (started, until) = (now(), Duration::from_secs(bench.seconds));
        let before = self.done.load(Ordering::Acquire);
        let tasks = (0..workers).map(|_| {
            let (ctx, next, last) = (self.ctx.clone(), self.done.clone(), self.made);
            tokio::spawn(async move {
                while started.elapsed() < until {
                    let from = next.fetch_add(batch, Ordering::AcqRel);
                    if from + batch > last {
                        next.fetch_sub(batch, Ordering::AcqRel);
                        break;
                    }
                    apply(&ctx, from + 1, from + batch).await?;
                }
                anyhow::Ok(())
            })
        });
        for done in futures::future::join_all(tasks).await {
            done??;
        }
        let took = started.elapsed().as_secs_f64();
        self.worked += took;
        let events = self.done.load(Ordering::Acquire) - before;
        Ok(events as f64 / took)
    }

    /// Inserts a second, each committed by itself.
    async fn insert(&self, bench: &Bench, connections: usize) -> anyhow::Result<f64> {
        let (started, until) = (now(), Duration::from_secs(bench.seconds));
        let tasks = (0..connections).map(|_| {
            let ctx = self.ctx.clone();
            tokio::spawn(async move {
                let mut made = 0_u64;
                let mut conn = ctx.db.acquire().await?;
                while started.elapsed() < until {
                    sqlx::query(
                        "insert into pledge (campaign_id, pledge_id, email, visibility, amount_minor, currency, counts,
                                             state, token, request_key, terms_version, mandate_minor, created_at,
                                             updated_at)
                         values ($1, $2, 'new@felag.example', 'named', 3000, 'EUR', true, 'draft', $3, $4, '2026-11',
                                 3000, now(), now())",
                    )
                    .bind(campaign_id().as_uuid())
                    .bind(ctx.id::<uuid::Uuid>())
                    .bind(ctx.random.token())
                    .bind(ctx.id::<uuid::Uuid>())
                    .execute(&mut *conn)
                    .await?;
                    made += 1;
                }
                // The other side's connections are to come: together they are more than the database takes.
                conn.close().await?;
                anyhow::Ok(made)
            })
        });
        let mut made = 0;
        for done in futures::future::join_all(tasks).await {
            made += done??;
        }
        Ok(made as f64 / started.elapsed().as_secs_f64())
    }

    /// What was measured is what was meant: every event is booked, and the figures say so.
    async fn check(&self) -> anyhow::Result<()> {
        let done = i64::try_from(self.done.load(Ordering::Acquire))?;
        let (entries, collected, mails): (i64, i64, i64) = sqlx::query_as(
            "select (select count(*) from entry where book_id = $1 and kind = 'charge'),
                    (select collected_minor from campaign_total where campaign_id = $1),
                    (select count(*) from message where kind = 'pledge_charged')",
        )
        .bind(campaign_id().as_uuid())
        .fetch_one(&self.ctx.db)
        .await?;
        anyhow::ensure!(
            (entries, collected, mails) == (done, done * GIFT, done),
            "{done} events made {entries} entries, {collected} cents and {mails} mails"
        );
        Ok(())
    }
}

/// Pledges `first` to `last` were paid: one transaction.
async fn apply(ctx: &Ctx, first: u64, last: u64) -> anyhow::Result<()> {
    let news: Vec<News> = (first..=last).map(|n| paid(ctx, n)).collect();
    let mut tx = ctx.db.begin().await?;
    let unknown = pledges::news(ctx, &mut tx, BookId::of_campaign(campaign_id()), &news).await?;
    tx.commit().await.context("committing a batch")?;
    anyhow::ensure!(unknown.is_empty(), "{} pledges are not known", unknown.len());
    Ok(())
}

fn paid(ctx: &Ctx, n: u64) -> News {
    let at = ctx.now();
    let charge = json!({
        "id": format!("ch_{n}"), "created": at.unix_timestamp(),
        "balance_transaction": { "id": format!("txn_{n}"), "amount": GIFT, "fee": 70, "currency": "eur" },
    });
    let intent = json!({
        "id": format!("pi_{n}"), "status": "succeeded", "amount": GIFT, "currency": "eur", "latest_charge": charge,
    });
    News {
        of: Subject::pledge(campaign_id(), pledge_id(n)),
        at,
        told: Told::Intent(intent),
    }
}
