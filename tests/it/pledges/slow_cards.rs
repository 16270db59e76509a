//! Banks that take an hour: what is tried meanwhile, and how a payment is stopped that is being worked on.

use felag::workers;
use felag_tests::World;
use felag_tests::asking::{Ask, Opened};
use felag_tests::giving::{Gift, card};
use serde_json::json;
use time::Duration;

/// A charge is processed for an hour, then declined.
const FAILS_SLOWLY: &str = "4000000000050023";

async fn with_one_gift(world: &World, card: &'static str) -> (Opened, String) {
    let owner = world.person("owner").await;
    let ask = Ask {
        minimum_minor: 3_000,
        ..Ask::default()
    };
    let campaign = world.open_campaign(&owner, &ask).await;
    let pledged = world
        .pledge(&campaign, &Gift::of("30", "slow@felag.example").with_card(card))
        .await;
    (campaign, pledged.path)
}

#[tokio::test]
async fn a_card_that_fails_slowly_is_tried_four_times_and_not_every_hour() {
    let world = World::new().await;
    let (campaign, _) = with_one_gift(&world, FAILS_SLOWLY).await;
    world.advance_to(campaign.deadline + Duration::days(9)).await;
    let tries = "select count(*) from operation where kind = 'confirm_intent'";
    assert_eq!(world.count(tries).await, 4);
    let dropped = "select count(*) from pledge where state = 'dropped'";
    assert_eq!(world.count(dropped).await, 1);
}

#[tokio::test]
async fn a_payment_that_is_being_worked_on_is_stopped_when_it_fails() {
    let world = World::new().await;
    let (campaign, path) = with_one_gift(&world, card::DECLINES_LATER).await;
    world
        .advance_to(campaign.deadline + Duration::days(7) - Duration::minutes(10))
        .await;
    world
        .sandbox_control("webhooks", &json!({ "mode": "drop" }))
        .await;
    let browser = world.browser();
    let page = browser.get(&path).await.expect(200);
    let checkout = browser.submit(&page, &format!("{path}/card"), &[]).await;
    let checkout = browser.follow(checkout).await;
    world.pay(&browser, checkout, FAILS_SLOWLY).await;
    world.quiet().await;
    // Nobody works for a day, and then we are quicker than the bank.
    world
        .ctx
        .clock
        .show(campaign.deadline + Duration::days(8) + Duration::MINUTE);
    for _ in 0..3 {
        workers::run_once(&world.ctx, &world.kinds).await.unwrap();
    }
    let refused = "select count(*) from operation where kind = 'cancel_intent' and state = 'refused'";
    assert_eq!(world.count(refused).await, 1, "the bank still works on it");
    world.advance_by(Duration::hours(3)).await;
    assert_eq!(
        world
            .count("select count(*) from pledge where state = 'dropped'")
            .await,
        1
    );
    assert_eq!(
        world
            .count("select count(*) from campaign where state = 'short'")
            .await,
        1
    );
}
