//! Cancelled while cards are charged: what is paid goes back, what is not is let go, what is on its way is stopped.

use felag_tests::asking::Ask;
use felag_tests::giving::{Gift, card};
use serde_json::json;
use time::Duration;

use super::{Stage, stage};

/// Its charge is with the bank for an hour, then works.
const SLOW: &str = "4000000000050015";

async fn collecting() -> Stage {
    let ask = Ask {
        minimum_minor: 6_000,
        ..Ask::default()
    };
    let gifts = [
        Gift {
            tip: "2".into(),
            ..Gift::of("25", "")
        },
        Gift::of("30", "").with_card(card::DECLINES_LATER),
        Gift::of("20", "").with_card(card::ASKS_ALWAYS),
        Gift::of("15", "").with_card(SLOW),
    ];
    let stage = stage(&ask, &gifts).await;
    stage.after_deadline(Duration::minutes(20)).await;
    let states = stage.pledges().await;
    assert_eq!(states, ["paid", "retry_later", "needs_you", "charging"]);
    stage
}

#[tokio::test]
async fn everybody_has_the_money_back_and_nobody_is_charged_any_more() {
    let stage = collecting().await;
    stage.decide(&stage.all.owner.browser, "cancel").await.expect(303);
    stage.world().quiet().await;
    assert_eq!(stage.state().await, "cancelled");
    stage.world().advance_by(Duration::days(9)).await;
    let states = stage.pledges().await;
    assert_eq!(states, ["paid", "released", "released", "paid"]);
    assert_eq!(stage.all.figures().await, (0, 9_000));
    assert_eq!(stage.all.balance("held").await, 0);
    assert_eq!(stage.all.balance("platform:tips").await, 0);
    assert_eq!(stage.all.balance("promise").await, 0);
    stage.nobody_paid().await;
    stage.all.all_is_well().await;
    let kinds = stage.kinds("backer0@felag.example").await;
    assert!(kinds.contains(&"all_goes_back".to_string()), "{kinds:?}");
    let kinds = stage.kinds("backer1@felag.example").await;
    assert_eq!(
        kinds.last().map(String::as_str),
        Some("campaign_cancelled"),
        "{kinds:?}"
    );
    let noted = "select count(*) from audit_row where kind = 'campaign.cancelled' and not refused";
    assert_eq!(stage.world().count(noted).await, 1);
}

#[tokio::test]
async fn the_same_button_many_times_cancels_once() {
    let stage = collecting().await;
    let path = format!("/campaigns/{}/decision", stage.campaign().slug);
    let browser = &stage.all.owner.browser;
    let page = browser.get(&path).await.expect(200);
    let fields = [("what", "cancel"), ("reason-cancel", "The workshop burned down.")];
    let check = browser
        .submit(&page, &format!("{path}/check"), &fields)
        .await
        .expect(200);
    let sends = (0..12).map(|_| browser.submit(&check, &path, &[]));
    let replies = futures::future::join_all(sends).await;
    assert_eq!(replies.iter().filter(|reply| reply.status == 303).count(), 1);
    assert!(replies.iter().all(|reply| [303, 422].contains(&reply.status)));
    stage.world().advance_by(Duration::days(1)).await;
    // One for what was paid, one for what came in while it was being stopped.
    assert_eq!(stage.world().count("select count(*) from refund").await, 2);
    stage.nobody_paid().await;
    stage.all.all_is_well().await;
}

#[tokio::test]
async fn without_webhooks_and_with_a_provider_in_trouble_the_end_is_the_same() {
    let stage = collecting().await;
    stage
        .world()
        .sandbox_control("webhooks", &json!({ "mode": "drop" }))
        .await;
    for (call, effect) in [
        ("refunds", "error_500_stored"),
        ("payment_intents/*/cancel", "conflict"),
        ("payment_methods/*/detach", "reset_before"),
    ] {
        let fault = json!({ "match": format!("POST /v1/{call}"), "effect": effect, "times": 3 });
        stage.world().sandbox_control("faults", &fault).await;
    }
    stage.decide(&stage.steward.browser, "cancel").await.expect(303);
    stage.world().advance_by(Duration::days(3)).await;
    assert_eq!(stage.all.figures().await, (0, 9_000));
    stage.nobody_paid().await;
}

#[tokio::test]
async fn a_steward_cancels_an_open_campaign_and_the_figures_are_fixed() {
    let stage = stage(&Ask::default(), &[Gift::of("25", ""), Gift::of("10", "")]).await;
    stage.may_act().await;
    stage.decide(&stage.steward.browser, "cancel").await.expect(303);
    stage.world().quiet().await;
    assert_eq!(stage.state().await, "cancelled");
    assert_eq!(stage.pledges().await, ["released", "released"]);
    assert_eq!(stage.all.figures().await, (0, 3_500));
    stage.all.all_is_well().await;
    assert_eq!(stage.world().count("select count(*) from payment").await, 0);
}
