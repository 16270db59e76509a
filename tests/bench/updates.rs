//! An update to ten thousand followers: writing its mails down against one bulk insert of the same rows.

use felag::{campaigns, projects, updates};
use felag_domain::update::NewUpdate;
use uuid::Uuid;

use crate::Bench;
use crate::ground::{self, Plan, campaign_id, owner_id};
use crate::load::now;
use crate::report::{Goal, Report};

const DATABASE: &str = "bench_updates";

pub async fn run(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    ground::database(bench, DATABASE).await?;
    ground::campaign(bench, DATABASE, &Plan::open(0)).await?;
    let mut admin = ground::admin(bench, DATABASE).await?;
    sqlx::query(
        "insert into follow (campaign_id, email, created_at)
         select $1, 'follower' || n || '@felag.example', now() from generate_series(1, 10000) as n",
    )
    .bind(campaign_id().as_uuid())
    .execute(&mut admin)
    .await?;
    sqlx::raw_sql("vacuum analyze").execute(&mut admin).await?;
    let (ctx, database) = ground::context(bench, DATABASE, 4).await?;
    let campaign = campaigns::store::find(&ctx.db, campaign_id()).await?;
    let campaign = campaign.ok_or_else(|| anyhow::anyhow!("no campaign"))?;
    let project = projects::store::find(&ctx.db, campaign.project_id).await?;
    let project = project.ok_or_else(|| anyhow::anyhow!("no project"))?;
    let new = NewUpdate::decide("We have steel", "It arrived *today*.")
        .map_err(|refused| anyhow::anyhow!("the update is refused: {refused:?}"))?;
    let (mut ours, mut bulk) = (Vec::new(), Vec::new());
    for round in 0..=bench.rounds {
        let key = ctx.id::<Uuid>();
        let started = now();
        updates::publish(&ctx, (&campaign, &project), owner_id(), &new, key).await?;
        let published = started.elapsed().as_secs_f64() * 1000.0;
        let kept = "create table kept as select * from message; truncate message; checkpoint";
        sqlx::raw_sql(kept).execute(&mut admin).await?;
        let started = now();
        let written = sqlx::query("insert into message select * from kept")
            .execute(&mut admin)
            .await?;
        let inserted = started.elapsed().as_secs_f64() * 1000.0;
        anyhow::ensure!(
            written.rows_affected() == 10_000,
            "not every follower was written to"
        );
        sqlx::raw_sql("drop table kept; truncate message; checkpoint")
            .execute(&mut admin)
            .await?;
        if round > 0 {
            ours.push(published);
            bulk.push(inserted);
        }
    }
    let name = "an update to 10,000 followers queued : one bulk insert of the same rows";
    report.ratio(name, Goal::AtMost(2.0), &ours, &bulk, "ms");
    ctx.db.close().await;
    database.stop().await
}
