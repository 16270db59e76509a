//! A cancelled campaign with ten thousand paid pledges: asking for all its refunds against one bulk insert of the same
//! rows.

use felag::refunds::{self, Batch};
use felag_domain::ids::BookId;
use felag_domain::money::Currency;
use felag_domain::refund::RefundWhy;

use crate::Bench;
use crate::ground::{self, Plan, campaign_id};
use crate::load::now;
use crate::report::{Goal, Report};

const DATABASE: &str = "bench_refunds";
const PLEDGES: u64 = 10_000;

/// Everything that asking changes, as it was before.
const AGAIN: &str = "delete from operation; delete from refund;
    update payment set refunded_minor = 0, tip_refunded_minor = 0;
    update account_balance set balance_minor = was.balance_minor from was_balance as was
        where (was.book_id, was.account, was.currency)
            = (account_balance.book_id, account_balance.account, account_balance.currency);
    update campaign_total set collected_minor = was.collected_minor, lost_minor = was.lost_minor
        from was_total as was where was.campaign_id = campaign_total.campaign_id";

pub async fn run(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    ground::database(bench, DATABASE).await?;
    ground::campaign(bench, DATABASE, &Plan::collecting()).await?;
    let mut admin = ground::admin(bench, DATABASE).await?;
    ground::paid(&mut admin, PLEDGES).await?;
    let keep =
        "create table was_balance as table account_balance; create table was_total as table campaign_total";
    sqlx::raw_sql(keep).execute(&mut admin).await?;
    let (ctx, database) = ground::context(bench, DATABASE, 4).await?;
    let batch = Batch {
        why: RefundWhy::Cancelled,
        by: None,
        words: "The campaign was cancelled.",
    };
    let (mut ours, mut bulk) = (Vec::new(), Vec::new());
    for round in 0..=bench.rounds {
        sqlx::raw_sql("vacuum analyze").execute(&mut admin).await?;
        sqlx::raw_sql("checkpoint").execute(&mut admin).await?;
        let started = now();
        let mut tx = ctx.db.begin().await?;
        let book = BookId::of_campaign(campaign_id());
        let asked = refunds::ask_all(&mut tx, &ctx, book, Currency::EUR, &batch).await?;
        tx.commit().await?;
        let enqueued = started.elapsed().as_secs_f64() * 1000.0;
        anyhow::ensure!(u64::try_from(asked)? == PLEDGES, "{asked} refunds were asked for");

        let kept = "create table kept_refund as table refund; create table kept_operation as table operation;
                    delete from operation; delete from refund";
        sqlx::raw_sql(kept).execute(&mut admin).await?;
        sqlx::raw_sql("vacuum analyze").execute(&mut admin).await?;
        sqlx::raw_sql("checkpoint").execute(&mut admin).await?;
        let started = now();
        // Both in one transaction, as asking is one.
        let rows = "insert into refund select * from kept_refund; insert into operation select * from kept_operation";
        sqlx::raw_sql(rows).execute(&mut admin).await?;
        let inserted = started.elapsed().as_secs_f64() * 1000.0;
        sqlx::raw_sql("drop table kept_refund; drop table kept_operation")
            .execute(&mut admin)
            .await?;
        sqlx::raw_sql(AGAIN).execute(&mut admin).await?;
        if round > 0 {
            ours.push(enqueued);
            bulk.push(inserted);
        }
    }
    let name = "10,000 refunds of a cancelled campaign asked for : one bulk insert of their rows";
    report.ratio(name, Goal::AtMost(2.0), &ours, &bulk, "ms");
    ctx.db.close().await;
    database.stop().await
}
