//! A steward pauses a campaign: charges and the window wait, the deadline does not.

use felag_tests::asking::Ask;
use felag_tests::giving::{Gift, card};
use time::Duration;

use super::{Stage, stage};

async fn open() -> Stage {
    let ask = Ask {
        minimum_minor: 3_000,
        ..Ask::default()
    };
    let gifts = [
        Gift::of("25", ""),
        Gift::of("15", ""),
        Gift::of("30", "").with_card(card::DECLINES_LATER),
    ];
    let stage = stage(&ask, &gifts).await;
    stage.may_act().await;
    stage
}

#[tokio::test]
async fn nothing_can_be_given_while_it_is_paused_and_the_deadline_stays() {
    let stage = open().await;
    stage.decide(&stage.steward.browser, "suspend").await.expect(303);
    assert_eq!(stage.state().await, "suspended");
    let give = format!("/campaigns/{}/give", stage.campaign().slug);
    stage.world().browser().get(&give).await.expect(422);
    stage.world().advance_by(Duration::days(3)).await;
    stage.may_act().await;
    stage.decide(&stage.steward.browser, "resume").await.expect(303);
    assert_eq!(stage.state().await, "open");
    stage.world().browser().get(&give).await.expect(200);
    let deadline = stage.world().opened(stage.campaign().id).await.deadline;
    assert_eq!(deadline, stage.campaign().deadline);
    stage.world().advance_to(deadline + Duration::HOUR).await;
    assert_eq!(stage.all.figures().await, (4_000, 0));
}

#[tokio::test]
async fn a_deadline_that_passes_meanwhile_is_decided_as_soon_as_it_goes_on() {
    let stage = open().await;
    stage.decide(&stage.steward.browser, "suspend").await.expect(303);
    stage.after_deadline(Duration::days(5)).await;
    assert_eq!(stage.state().await, "suspended");
    assert_eq!(stage.world().count("select count(*) from payment").await, 0);
    stage.decide(&stage.steward.browser, "resume").await.expect(303);
    stage.world().quiet().await;
    assert_eq!(stage.state().await, "collecting");
    stage.world().advance_by(Duration::days(8)).await;
    assert_eq!(stage.state().await, "funded");
    assert_eq!(stage.all.figures().await, (4_000, 3_000));
    stage.all.all_is_well().await;
}

#[tokio::test]
async fn charges_that_were_not_sent_wait_and_the_window_is_as_much_longer() {
    let stage = open().await;
    let world = stage.world();
    // Decided, and nothing was sent yet.
    world.ctx.clock.show(stage.campaign().deadline + Duration::MINUTE);
    felag::pledges::settle(&world.ctx, stage.campaign().id)
        .await
        .unwrap();
    stage.may_act().await;
    stage.decide(&stage.steward.browser, "suspend").await.expect(303);
    world.advance_by(Duration::days(4)).await;
    assert_eq!(world.count("select count(*) from payment").await, 0);
    assert_eq!(stage.pledges().await, ["due", "due", "due"]);
    stage.may_act().await;
    stage.decide(&stage.steward.browser, "resume").await.expect(303);
    world.quiet().await;
    assert_eq!(stage.pledges().await, ["paid", "paid", "retry_later"]);
    // Seven days after the decision the window would have ended; four more were added.
    world
        .advance_to(stage.campaign().deadline + Duration::days(10))
        .await;
    assert_eq!(stage.state().await, "collecting");
    world
        .advance_to(stage.campaign().deadline + Duration::days(12))
        .await;
    assert_eq!(stage.state().await, "funded");
    assert_eq!(stage.all.figures().await, (4_000, 3_000));
    stage.all.all_is_well().await;
}

#[tokio::test]
async fn payments_that_were_made_and_not_confirmed_wait_too() {
    let stage = open().await;
    let world = stage.world();
    world.ctx.clock.show(stage.campaign().deadline + Duration::MINUTE);
    felag::pledges::settle(&world.ctx, stage.campaign().id)
        .await
        .unwrap();
    // The payments are made, their confirmations written and not sent.
    felag::payments::operations::run_once(&world.ctx).await.unwrap();
    stage.may_act().await;
    stage.decide(&stage.steward.browser, "suspend").await.expect(303);
    world.advance_by(Duration::days(2)).await;
    assert_eq!(world.count("select count(*) from payment").await, 0);
    assert_eq!(
        stage.pledges().await,
        ["retry_later", "retry_later", "retry_later"]
    );
    stage.may_act().await;
    stage.decide(&stage.steward.browser, "resume").await.expect(303);
    world.advance_by(Duration::days(10)).await;
    assert_eq!(stage.state().await, "funded");
    assert_eq!(stage.all.figures().await, (4_000, 3_000));
    stage.all.all_is_well().await;
}

#[tokio::test]
async fn fourteen_days_after_its_deadline_a_paused_campaign_is_cancelled() {
    let stage = open().await;
    stage.after_deadline(Duration::HOUR).await;
    assert_eq!(stage.all.figures().await, (4_000, 0));
    stage.decide(&stage.steward.browser, "suspend").await.expect(303);
    stage.after_deadline(Duration::days(13)).await;
    assert_eq!(stage.state().await, "suspended");
    stage.after_deadline(Duration::days(15)).await;
    assert_eq!(stage.state().await, "cancelled");
    assert_eq!(stage.all.figures().await, (0, 7_000));
    stage.nobody_paid().await;
    stage.all.all_is_well().await;
}
