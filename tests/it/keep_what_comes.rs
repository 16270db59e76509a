//! Campaigns that keep what comes: charged at once, never failed.

use felag_tests::World;
use felag_tests::asking::{Ask, Opened};
use felag_tests::giving::{Gift, card};
use felag_tests::people::Person;
use serde_json::json;
use time::Duration;

async fn keeping(world: &World) -> (Person, Opened) {
    let owner = world.person("owner").await;
    let ask = Ask {
        way: "keep_what_comes",
        rewards: vec![("A printed manual", 2_500, Some(2))],
        ..Ask::default()
    };
    let campaign = world.open_campaign(&owner, &ask).await;
    (owner, campaign)
}

/// Promised, collected, at risk, lost, backers.
async fn figures(world: &World) -> (i64, i64, i64, i64, i32) {
    sqlx::query_as(
        "select promised_minor, collected_minor, at_risk_minor, lost_minor, backers from campaign_total",
    )
    .fetch_one(&world.owner)
    .await
    .unwrap()
}

async fn state(world: &World) -> String {
    sqlx::query_scalar("select state from campaign")
        .fetch_one(&world.owner)
        .await
        .unwrap()
}

/// Ledger and provider agree to the cent, and nothing is stuck.
async fn all_is_well(world: &World) {
    world.ledger_verify().await;
    let provider =
        "select coalesce(sum(balance_minor), 0)::bigint from account_balance where account = 'provider'";
    let known = world.sandbox_state().await;
    let total = known["balance"]["eur"]["total"].as_i64().unwrap_or(0);
    assert_eq!(world.count(provider).await, total, "{known}");
    let stuck = "select (select count(*) from job where failed_at is not null)
        + (select count(*) from parked_entry) + (select count(*) from operation where state = 'written')";
    assert_eq!(world.count(stuck).await, 0, "something is stuck");
    let (promised, collected, at_risk, lost, _) = figures(world).await;
    assert_eq!(promised, collected + at_risk + lost);
}

#[tokio::test]
async fn a_gift_is_charged_at_once_with_a_receipt_and_stands_in_the_figures() {
    let world = World::new().await;
    let (owner, campaign) = keeping(&world).await;
    let page = world
        .browser()
        .get(&format!("/campaigns/{}", campaign.slug))
        .await
        .expect(200);
    assert!(
        page.says("Every gift is charged at once and kept"),
        "{}",
        page.words()
    );
    assert!(page.says("Your card is charged at once"), "{}", page.words());
    assert!(!page.says("Nothing is charged today"), "{}", page.words());
    let gift = Gift {
        tip: "1.50".into(),
        reward: Some(campaign.rewards[0].clone()),
        ..Gift::of("30", "ann@felag.example")
    };
    let browser = world.browser();
    let pledged = world.pledge_as(&browser, &campaign, &gift).await;
    world.quiet().await;
    let shown = browser.get(&pledged.path).await.expect(200);
    assert!(shown.says("€31.50 was charged."), "{}", shown.words());
    assert!(!shown.text.contains("/cancel\""), "{}", shown.words());
    let receipts = world.mails_to("ann@felag.example").await;
    assert_eq!(
        world.kinds_of_mails_to("ann@felag.example").await,
        ["pledge_charged"]
    );
    assert!(
        receipts[0].text_body.contains("€31.50"),
        "{}",
        receipts[0].text_body
    );
    assert_eq!(figures(&world).await, (3_000, 3_000, 0, 0, 1));
    assert_eq!(world.count("select taken::bigint from reward_stock").await, 1);
    let list = owner
        .browser
        .get(&format!("/campaigns/{}/backers", campaign.slug))
        .await
        .expect(200);
    assert!(list.says("ann@felag.example"), "{}", list.words());
    let book = browser
        .get(&format!("/campaigns/{}/books", campaign.slug))
        .await
        .expect(200);
    assert!(book.says("€30"), "{}", book.words());
    all_is_well(&world).await;
}

#[tokio::test]
async fn the_check_and_the_mandate_say_that_the_card_is_charged_at_once() {
    let world = World::new().await;
    let (_, campaign) = keeping(&world).await;
    let browser = world.browser();
    let give = format!("/campaigns/{}/give", campaign.slug);
    let page = browser.get(&give).await.expect(200);
    let page = browser
        .submit(&page, &format!("{give}/details"), &[("own", "30")])
        .await
        .expect(200);
    let fields = [("email", "ann@felag.example"), ("name", ""), ("tip", "")];
    let check = browser
        .submit(&page, &format!("{give}/check"), &fields)
        .await
        .expect(200);
    for words in [
        "does not hang on a minimum",
        "within 7 days from now",
        "Give €30 now",
    ] {
        assert!(check.says(words), "{words}: {}", check.words());
    }
    assert!(!check.says("until the deadline"), "{}", check.words());
}

#[tokio::test]
async fn a_declined_card_is_tried_for_seven_days_of_its_own_and_then_dropped() {
    let world = World::new().await;
    let (_, campaign) = keeping(&world).await;
    world.advance_by(Duration::days(3)).await;
    let gift = Gift {
        reward: Some(campaign.rewards[0].clone()),
        ..Gift::of("30", "ann@felag.example").with_card(card::DECLINES_LATER)
    };
    let browser = world.browser();
    let pledged = world.pledge_as(&browser, &campaign, &gift).await;
    world.quiet().await;
    assert_eq!(figures(&world).await, (3_000, 0, 3_000, 0, 1));
    let shown = browser.get(&pledged.path).await.expect(200);
    // Seven days from the pledge, not from the deadline.
    assert!(shown.says("12 March 2026"), "{}", shown.words());
    world.advance_by(Duration::days(8)).await;
    assert_eq!(
        world
            .count("select count(*) from pledge where state = 'dropped'")
            .await,
        1
    );
    assert_eq!(figures(&world).await, (0, 0, 0, 0, 0));
    assert_eq!(world.count("select taken::bigint from reward_stock").await, 0);
    assert_eq!(
        world.kinds_of_mails_to("ann@felag.example").await,
        [
            "card_needs_you",
            "card_needs_you",
            "card_needs_you",
            "card_needs_you",
            "pledge_dropped"
        ]
    );
    assert_eq!(state(&world).await, "open");
    all_is_well(&world).await;
}

#[tokio::test]
async fn another_card_pays_what_the_first_could_not() {
    let world = World::new().await;
    let (_, campaign) = keeping(&world).await;
    let browser = world.browser();
    let gift = Gift::of("30", "ann@felag.example").with_card(card::DECLINES_LATER);
    let pledged = world.pledge_as(&browser, &campaign, &gift).await;
    world.quiet().await;
    let page = browser.get(&pledged.path).await.expect(200);
    let checkout = browser
        .submit(&page, &format!("{}/card", pledged.path), &[])
        .await
        .expect(303);
    let checkout = browser.follow(checkout).await;
    world.pay(&browser, checkout, card::WORKS).await.expect(200);
    world.quiet().await;
    assert_eq!(figures(&world).await, (3_000, 3_000, 0, 0, 1));
    all_is_well(&world).await;
}

#[tokio::test]
async fn the_deadline_funds_it_with_whatever_came_and_waits_for_windows_that_run() {
    let world = World::new().await;
    let (owner, campaign) = keeping(&world).await;
    world
        .pledge(&campaign, &Gift::of("30", "ann@felag.example"))
        .await;
    world.advance_to(campaign.deadline - Duration::days(2)).await;
    let late = Gift::of("20", "ben@felag.example").with_card(card::DECLINES_LATER);
    world.pledge(&campaign, &late).await;
    world.advance_to(campaign.deadline + Duration::HOUR).await;
    assert_eq!(state(&world).await, "collecting");
    assert_eq!(figures(&world).await, (5_000, 3_000, 2_000, 0, 2));
    world.advance_by(Duration::days(6)).await;
    assert_eq!(state(&world).await, "funded");
    // Far below the aim of 1,000, and it is kept all the same; what was dropped after the deadline is lost.
    assert_eq!(figures(&world).await, (5_000, 3_000, 0, 2_000, 2));
    assert!(
        world
            .kinds_of_mails_to(&owner.email)
            .await
            .contains(&"owner_funded".to_string())
    );
    assert_eq!(
        world
            .count("select count(*) from payout where state = 'proposed'")
            .await,
        1
    );
    all_is_well(&world).await;
}

#[tokio::test]
async fn a_campaign_to_which_nobody_gave_is_closed() {
    let world = World::new().await;
    let (owner, campaign) = keeping(&world).await;
    world.advance_to(campaign.deadline + Duration::HOUR).await;
    assert_eq!(state(&world).await, "closed");
    let kinds = world.kinds_of_mails_to(&owner.email).await;
    assert!(kinds.contains(&"owner_nothing_came".to_string()), "{kinds:?}");
    let page = world
        .browser()
        .get(&format!("/campaigns/{}", campaign.slug))
        .await
        .expect(200);
    assert!(page.says("nothing was given"), "{}", page.words());
    all_is_well(&world).await;
}

#[tokio::test]
async fn a_gift_can_be_given_back_while_the_campaign_runs() {
    let world = World::new().await;
    let (owner, campaign) = keeping(&world).await;
    world
        .pledge(&campaign, &Gift::of("30", "ann@felag.example"))
        .await;
    world
        .pledge(&campaign, &Gift::of("20", "ben@felag.example"))
        .await;
    world.quiet().await;
    world.prove(&owner).await;
    let sql = "select pledge_id::text from pledge where email = 'ann@felag.example'";
    let id: String = sqlx::query_scalar(sql).fetch_one(&world.owner).await.unwrap();
    let path = format!("/campaigns/{}/backers/{id}/refund", campaign.slug);
    let form = owner.browser.get(&path).await.expect(200);
    let fields = [("how", "whole"), ("amount", ""), ("words", "A mistake.")];
    let check = owner
        .browser
        .submit(&form, &format!("{path}/check"), &fields)
        .await
        .expect(200);
    owner.browser.submit(&check, &path, &[]).await.expect(303);
    world.quiet().await;
    world.advance_by(Duration::days(10)).await;
    assert_eq!(figures(&world).await, (5_000, 2_000, 0, 3_000, 2));
    all_is_well(&world).await;
}

#[tokio::test]
async fn the_owner_who_cancels_gives_everything_back() {
    let world = World::new().await;
    let (owner, campaign) = keeping(&world).await;
    world
        .pledge(&campaign, &Gift::of("30", "ann@felag.example"))
        .await;
    let waiting = Gift::of("20", "ben@felag.example").with_card(card::DECLINES_LATER);
    world.pledge(&campaign, &waiting).await;
    world.quiet().await;
    world.prove(&owner).await;
    let path = format!("/campaigns/{}/cancellation", campaign.slug);
    let page = owner.browser.get(&path).await.expect(200);
    assert!(
        page.says("What was charged goes back in full"),
        "{}",
        page.words()
    );
    owner.browser.submit(&page, &path, &[]).await.expect(303);
    world.quiet().await;
    world.advance_by(Duration::days(10)).await;
    assert_eq!(state(&world).await, "cancelled");
    assert_eq!(figures(&world).await, (5_000, 0, 0, 5_000, 2));
    let known = world.sandbox_state().await;
    assert_eq!(
        world
            .count("select count(*) from refund where state = 'succeeded'")
            .await,
        1,
        "{known}"
    );
    all_is_well(&world).await;
}

#[tokio::test]
async fn while_it_is_suspended_nothing_is_charged_and_windows_wait() {
    let world = World::new().await;
    let (_, campaign) = keeping(&world).await;
    let waiting = Gift::of("20", "ben@felag.example").with_card(card::DECLINES_LATER);
    world.pledge(&campaign, &waiting).await;
    world.quiet().await;
    let steward = world.steward("stella").await;
    world.prove(&steward).await;
    decide(&steward, &campaign, "suspend").await;
    let tries = "select coalesce(sum(tries), 0)::bigint from pledge";
    let before = world.count(tries).await;
    world.advance_by(Duration::days(9)).await;
    assert_eq!(world.count(tries).await, before);
    assert_eq!(figures(&world).await, (2_000, 0, 2_000, 0, 1));
    world.prove(&steward).await;
    decide(&steward, &campaign, "resume").await;
    world.advance_by(Duration::days(2)).await;
    assert_eq!(figures(&world).await, (2_000, 0, 2_000, 0, 1));
    world.advance_by(Duration::days(7)).await;
    assert_eq!(figures(&world).await, (0, 0, 0, 0, 0));
    assert!(world.count(tries).await > before);
    all_is_well(&world).await;
}

async fn decide(steward: &Person, campaign: &Opened, what: &str) {
    let path = format!("/campaigns/{}/decision", campaign.slug);
    let page = steward.browser.get(&path).await.expect(200);
    let reason = format!("reason-{what}");
    let fields = [("what", what), (reason.as_str(), "A question came up.")];
    let check = steward
        .browser
        .submit(&page, &format!("{path}/check"), &fields)
        .await
        .expect(200);
    steward.browser.submit(&check, &path, &[]).await.expect(303);
}

#[tokio::test]
async fn a_webhook_that_never_comes_and_one_that_comes_twice_charge_once() {
    let world = World::new().await;
    let (_, campaign) = keeping(&world).await;
    world
        .sandbox_control("webhooks", &json!({ "mode": "drop" }))
        .await;
    world
        .pledge(&campaign, &Gift::of("30", "ann@felag.example"))
        .await;
    world.quiet().await;
    world
        .sandbox_control("webhooks", &json!({ "mode": "duplicate" }))
        .await;
    world
        .pledge(&campaign, &Gift::of("20", "ben@felag.example"))
        .await;
    world.quiet().await;
    assert_eq!(figures(&world).await, (5_000, 5_000, 0, 0, 2));
    let known = world.sandbox_state().await;
    assert_eq!(
        known["charges"].as_object().map(serde_json::Map::len),
        Some(2),
        "{known}"
    );
    all_is_well(&world).await;
}
