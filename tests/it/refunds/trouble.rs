//! Refunds that come back, providers that do not answer, webhooks that never come.

use felag_tests::giving::Gift;
use serde_json::json;
use time::Duration;

use super::funded;

/// A card whose refunds look well and fail an hour later.
const REFUND_FAILS: &str = "4000000000005126";

fn gift() -> Gift {
    Gift {
        tip: "3".into(),
        ..Gift::of("30", "")
    }
}

#[tokio::test]
async fn a_refund_that_fails_later_is_credited_again_and_can_be_asked_for_again() {
    let all = funded(&[gift().with_card(REFUND_FAILS)]).await;
    let steward = all.world.steward("steward").await;
    all.give_back(&all.owner.browser, "backer0@felag.example", None)
        .await
        .expect(303);
    all.world.quiet().await;
    assert_eq!(all.figures().await, (0, 3_000));
    all.world.advance_by(Duration::hours(2)).await;
    assert_eq!(all.figures().await, (3_000, 0));
    assert_eq!(all.balance("held").await, 3_000);
    assert_eq!(all.balance("platform:tips").await, 300);
    all.all_is_well().await;
    for address in ["owner@felag.example", steward.email.as_str()] {
        let kinds = all.world.kinds_of_mails_to(address).await;
        assert!(
            kinds.contains(&"refund_not_arrived".to_string()),
            "{address}: {kinds:?}"
        );
    }
    let kinds = all.world.kinds_of_mails_to("backer0@felag.example").await;
    assert_eq!(
        kinds.last().map(String::as_str),
        Some("refund_failed"),
        "{kinds:?}"
    );
    // Once more.
    all.world.prove(&all.owner).await;
    all.give_back(&all.owner.browser, "backer0@felag.example", Some("5"))
        .await
        .expect(303);
    all.world.quiet().await;
    assert_eq!(all.world.count("select count(*) from refund").await, 2);
    all.world.advance_by(Duration::hours(2)).await;
    all.all_is_well().await;
}

#[tokio::test]
async fn without_a_single_webhook_a_refund_that_fails_is_heard_of_within_a_day() {
    let all = funded(&[gift().with_card(REFUND_FAILS)]).await;
    all.world
        .sandbox_control("webhooks", &json!({ "mode": "drop" }))
        .await;
    felag::wiring::standing_jobs(&all.world.ctx).await.unwrap();
    all.give_back(&all.owner.browser, "backer0@felag.example", None)
        .await
        .expect(303);
    all.world.advance_by(Duration::days(2)).await;
    assert_eq!(
        all.world
            .count("select count(*) from refund where state = 'failed'")
            .await,
        1
    );
    assert_eq!(all.figures().await, (3_000, 0));
    all.all_is_well().await;
}

#[tokio::test]
async fn a_provider_that_did_it_and_did_not_say_so_gives_back_once() {
    for effect in [
        "timeout_after",
        "error_500_after",
        "error_500_stored",
        "rate_limit",
        "conflict",
        "reset_before",
    ] {
        let all = super::funded_with(&[gift()], &[("FELAG_STRIPE_TIMEOUT_SECONDS", "1")]).await;
        let fault = json!({ "match": "POST /v1/refunds", "effect": effect, "times": 4 });
        all.world.sandbox_control("faults", &fault).await;
        all.give_back(&all.owner.browser, "backer0@felag.example", Some("10"))
            .await
            .expect(303);
        all.world.advance_by(Duration::days(2)).await;
        assert_eq!(
            all.world
                .count("select count(*) from refund where state = 'succeeded'")
                .await,
            1,
            "{effect}"
        );
        assert_eq!(all.figures().await, (2_000, 1_000), "{effect}");
        all.all_is_well().await;
    }
}

#[tokio::test]
async fn webhooks_delivered_twice_and_out_of_order_change_nothing_more() {
    let all = funded(&[gift(), gift().with_card(REFUND_FAILS)]).await;
    all.world
        .sandbox_control("webhooks", &json!({ "mode": "hold" }))
        .await;
    for backer in ["backer0@felag.example", "backer1@felag.example"] {
        all.give_back(&all.owner.browser, backer, None).await.expect(303);
    }
    all.world.advance_by(Duration::hours(3)).await;
    all.world
        .sandbox_control("webhooks", &json!({ "mode": "shuffle" }))
        .await;
    for _ in 0..2 {
        all.world.sandbox_control("webhooks/flush", &json!({})).await;
        all.world.quiet().await;
    }
    all.world
        .sandbox_control("webhooks", &json!({ "mode": "duplicate" }))
        .await;
    all.world.advance_by(Duration::days(1)).await;
    assert_eq!(all.figures().await, (3_000, 3_000));
    all.all_is_well().await;
}
