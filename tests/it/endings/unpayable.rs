//! A funded campaign whose project lost its payout account.

use felag::campaigns::unpayable::{payout_account_lost, payout_account_regained};
use felag_tests::giving::Gift;
use time::Duration;

use crate::refunds::{Funded, funded};

async fn state(all: &Funded) -> String {
    sqlx::query_scalar("select state from campaign where campaign_id = $1")
        .bind(all.campaign.id.as_uuid())
        .fetch_one(&all.world.owner)
        .await
        .unwrap()
}

async fn lose(all: &Funded) {
    let ctx = &all.world.ctx;
    let mut tx = ctx.db.begin().await.unwrap();
    payout_account_lost(&mut tx, ctx, all.campaign.project)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn after_sixty_days_without_an_account_everything_goes_back() {
    let all = funded(&[Gift::of("25", ""), Gift::of("15", "")]).await;
    lose(&all).await;
    lose(&all).await;
    assert_eq!(state(&all).await, "unpayable");
    all.world.advance_by(Duration::days(59)).await;
    assert_eq!(state(&all).await, "unpayable");
    all.world.advance_by(Duration::days(2)).await;
    assert_eq!(state(&all).await, "unwound");
    assert_eq!(all.figures().await, (0, 4_000));
    all.all_is_well().await;
    let kinds = all.world.kinds_of_mails_to("owner@felag.example").await;
    let told = kinds.iter().filter(|kind| *kind == "ending_unpayable").count();
    assert_eq!(told, 1, "{kinds:?}");
}

#[tokio::test]
async fn an_account_that_is_there_again_in_time_changes_nothing_for_backers() {
    let all = funded(&[Gift::of("25", "")]).await;
    lose(&all).await;
    all.world.advance_by(Duration::days(30)).await;
    let ctx = &all.world.ctx;
    let mut tx = ctx.db.begin().await.unwrap();
    payout_account_regained(&mut tx, ctx, all.campaign.project)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(state(&all).await, "funded");
    // Lost once more: the sixty days begin again.
    all.world.advance_by(Duration::days(20)).await;
    lose(&all).await;
    all.world.advance_by(Duration::days(20)).await;
    assert_eq!(state(&all).await, "unpayable");
    assert_eq!(all.figures().await, (2_500, 0));
    all.all_is_well().await;
}
