//! Cards that are declined, outages, people who do not come back.

use felag_tests::giving::card;
use serde_json::json;
use time::Duration;
use time::macros::datetime;

use super::{Gift, Stage, stage};
use felag_tests::Browser;

async fn give_card(stage: &Stage, browser: &Browser, path: &str, card: &str) {
    let checkout = stage.press(browser, path, "card", &[]).await.expect(303);
    let checkout = browser.follow(checkout).await;
    stage.world.pay(browser, checkout, card).await.expect(200);
}

#[tokio::test]
async fn a_card_that_never_works_is_tried_for_a_week_and_the_support_ends() {
    let stage = stage().await;
    let browser = stage.world.browser();
    let gift = Gift {
        card: card::DECLINES_LATER,
        ..Gift::default()
    };
    let path = stage.support(&browser, &gift).await;
    assert_eq!(stage.state().await, "starting");
    let page = browser.get(&path).await.expect(200);
    assert!(page.says("The card was not charged"), "{}", page.words());
    stage.world.advance_by(Duration::days(9)).await;
    assert_eq!(stage.state().await, "ended");
    let kinds = stage.world.kinds_of_mails_to(gift.email).await;
    assert_eq!(
        kinds.last().map(String::as_str),
        Some("support_ended"),
        "{kinds:?}"
    );
    let dropped = "select count(*) from contribution where state = 'dropped'";
    assert_eq!(stage.world.count(dropped).await, 1);
    stage.world.advance_by(Duration::days(60)).await;
    assert_eq!(stage.world.count("select count(*) from contribution").await, 1);
    stage.all_is_well().await;
}

#[tokio::test]
async fn past_due_it_is_saved_by_another_card() {
    let stage = stage().await;
    let browser = stage.world.browser();
    let path = stage.support(&browser, &Gift::default()).await;
    // The next charge finds a card that is declined.
    give_card(&stage, &browser, &path, card::DECLINES_LATER).await;
    stage.world.advance_to(datetime!(2026-04-02 12:00 UTC)).await;
    assert_eq!(stage.state().await, "past_due");
    assert_eq!(stage.total().await, (1, 0, 500, 0, 500));
    let kinds = stage.world.kinds_of_mails_to("sue@felag.example").await;
    assert_eq!(kinds, ["support_charged", "support_needs_you"]);
    give_card(&stage, &browser, &path, card::WORKS).await;
    stage.world.quiet().await;
    assert_eq!(stage.state().await, "active");
    assert_eq!(stage.paid().await, 2);
    // The next one comes on the original day.
    stage.world.advance_to(datetime!(2026-05-02 12:00 UTC)).await;
    assert_eq!(stage.paid().await, 3);
    stage.all_is_well().await;
}

#[tokio::test]
async fn after_an_outage_of_months_only_the_latest_is_charged() {
    let stage = stage().await;
    let browser = stage.world.browser();
    stage.support(&browser, &Gift::default()).await;
    stage.world.quiet().await;
    // Nothing works for three months; then everything that was due runs at once.
    stage.world.ctx.clock.show(datetime!(2026-06-20 09:00 UTC));
    stage.world.quiet().await;
    let numbers: Vec<i32> = sqlx::query_scalar("select number from contribution order by number")
        .fetch_all(&stage.world.owner)
        .await
        .unwrap();
    assert_eq!(numbers, [0, 3]);
    stage.world.advance_to(datetime!(2026-07-02 12:00 UTC)).await;
    assert_eq!(stage.paid().await, 3);
    stage.all_is_well().await;
}

#[tokio::test]
async fn whoever_does_not_come_back_is_charged_without_them_once() {
    let stage = stage().await;
    let browser = stage.world.browser();
    let check = stage.check(&browser, &Gift::default()).await.expect(200);
    let create = format!("/projects/{}/supports", stage.slug);
    let checkout = browser.submit(&check, &create, &[]).await.expect(303);
    let page = browser.follow(checkout).await;
    let typed = [
        ("number", card::WORKS),
        ("expiry", "12 / 34"),
        ("cvc", "123"),
        ("name", "Sue Porter"),
    ];
    // The browser is closed before it is led back.
    browser.submit(&page, "/pay/", &typed).await;
    stage.world.quiet().await;
    assert_eq!(stage.state().await, "starting");
    stage.world.advance_by(Duration::hours(1)).await;
    assert_eq!(stage.state().await, "active");
    assert_eq!(stage.paid().await, 1);
    stage.all_is_well().await;
}

#[tokio::test]
async fn without_webhooks_and_with_each_twice_everybody_is_charged_once() {
    for mode in ["drop", "duplicate"] {
        let stage = stage().await;
        stage
            .world
            .sandbox_control("webhooks", &json!({ "mode": mode }))
            .await;
        stage.support(&stage.world.browser(), &Gift::default()).await;
        stage.world.advance_by(Duration::days(65)).await;
        assert_eq!(stage.paid().await, 3);
        let known = stage.world.sandbox_state().await;
        assert_eq!(
            known["charges"].as_object().map(serde_json::Map::len),
            Some(3),
            "{known}"
        );
        stage.all_is_well().await;
    }
}

#[tokio::test]
async fn the_same_form_sent_twice_makes_one_support() {
    let stage = stage().await;
    let browser = stage.world.browser();
    let check = stage.check(&browser, &Gift::default()).await.expect(200);
    let create = format!("/projects/{}/supports", stage.slug);
    browser.submit(&check, &create, &[]).await.expect(303);
    browser.submit(&check, &create, &[]).await.expect(303);
    assert_eq!(stage.world.count("select count(*) from support").await, 1);
    stage.world.advance_by(Duration::hours(2)).await;
    assert_eq!(stage.state().await, "expired");
    stage.all_is_well().await;
}

#[tokio::test]
async fn what_cannot_be_given_is_refused_in_words() {
    let stage = stage().await;
    let browser = stage.world.browser();
    let form = format!("/projects/{}/support", stage.slug);
    for (amount, period) in [
        ("0", "monthly"),
        ("x", "monthly"),
        ("5", "hourly"),
        ("", "yearly"),
    ] {
        let page = browser.get(&form).await.expect(200);
        let fields = [
            ("amount", amount),
            ("period", period),
            ("email", "sue@felag.example"),
        ];
        let refused = browser.submit(&page, &format!("{form}/check"), &fields).await;
        assert_eq!(refused.status, 422, "{amount} {period}: {}", refused.words());
    }
    assert_eq!(stage.world.count("select count(*) from support").await, 0);
}
