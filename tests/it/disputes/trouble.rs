//! Webhooks that never come, come twice, or come before we know the payment; disputes beside refunds.

use serde_json::json;
use time::Duration;

use super::{FEE, stage};

#[tokio::test]
async fn without_a_single_webhook_a_dispute_is_heard_of_within_a_day() {
    let (all, _) = stage().await;
    all.world
        .sandbox_control("webhooks", &json!({ "mode": "drop" }))
        .await;
    felag::wiring::standing_jobs(&all.world.ctx).await.unwrap();
    all.world.quiet().await;
    let dispute = all.disputed(false).await;
    all.world.advance_by(Duration::days(1)).await;
    assert_eq!(all.dispute_state().await, "open");
    assert_eq!(all.figures().await, (2_000, 3_000));
    all.bank(&dispute, "win").await;
    all.world.advance_by(Duration::days(1)).await;
    assert_eq!(all.dispute_state().await, "won");
    assert_eq!(all.figures().await, (5_000, 0));
    all.all_is_well().await;
}

#[tokio::test]
async fn events_in_any_order_and_twice_end_in_the_same_place() {
    let (all, _) = stage().await;
    all.world
        .sandbox_control("webhooks", &json!({ "mode": "hold" }))
        .await;
    let dispute = all.disputed(true).await;
    all.bank(&dispute, "escalate").await;
    all.bank(&dispute, "lose").await;
    all.bank(&dispute, "win").await;
    all.world
        .sandbox_control("webhooks", &json!({ "mode": "shuffle" }))
        .await;
    all.world.sandbox_control("webhooks/flush", &json!({})).await;
    all.world.quiet().await;
    assert_eq!(all.dispute_state().await, "won");
    assert_eq!(all.figures().await, (5_000, 0));
    assert_eq!(all.balance("held").await, 5_000);
    all.all_is_well().await;
}

#[tokio::test]
async fn a_dispute_of_a_payment_we_do_not_know_yet_waits() {
    let (all, _) = stage().await;
    let hidden = "update payment set charge_ref = 'x' || charge_ref";
    sqlx::query(hidden).execute(&all.world.owner).await.unwrap();
    all.disputed(false).await;
    assert_eq!(all.world.count("select count(*) from dispute").await, 0);
    let waiting = "select count(*) from provider_event where applied_at is null";
    assert!(all.world.count(waiting).await > 0);
    let shown = "update payment set charge_ref = substr(charge_ref, 2)";
    sqlx::query(shown).execute(&all.world.owner).await.unwrap();
    all.world.advance_by(Duration::hours(2)).await;
    assert_eq!(all.dispute_state().await, "open");
    all.all_is_well().await;
}

#[tokio::test]
async fn what_is_disputed_cannot_be_given_back_besides() {
    let (all, _) = stage().await;
    let dispute = all.disputed(false).await;
    let path = all.refund_path("backer0@felag.example").await;
    let page = all.owner.browser.get(&path).await.expect(200);
    assert!(page.says("bank has taken this payment back"), "{}", page.words());
    assert!(!page.text.contains("/refund/check"), "there is no form");
    all.bank(&dispute, "win").await;
    all.give_back(&all.owner.browser, "backer0@felag.example", None)
        .await
        .expect(303);
    all.world.quiet().await;
    assert_eq!(all.figures().await, (2_000, 3_000));
    all.all_is_well().await;
}

#[tokio::test]
async fn a_dispute_of_what_went_back_in_part_takes_the_rest() {
    let (all, _) = stage().await;
    all.give_back(&all.owner.browser, "backer0@felag.example", Some("10"))
        .await
        .expect(303);
    all.world.quiet().await;
    let dispute = all.disputed(false).await;
    assert_eq!(all.figures().await, (2_000, 3_000));
    assert_eq!(all.balance("held").await, 5_000 - 1_000 - 2_000 - FEE);
    assert_eq!(all.balance("platform:tips").await, 0);
    all.all_is_well().await;
    all.bank(&dispute, "win").await;
    assert_eq!(all.figures().await, (4_000, 1_000));
    all.all_is_well().await;
}

#[tokio::test]
async fn a_refund_that_a_dispute_overtakes_is_credited_again() {
    let (all, _) = stage().await;
    // Asked, booked, and not sent: the provider is away.
    let fault = json!({ "match": "POST /v1/refunds", "effect": "rate_limit", "times": 1000 });
    all.world.sandbox_control("faults", &fault).await;
    all.give_back(&all.owner.browser, "backer0@felag.example", None)
        .await
        .expect(303);
    all.world.quiet().await;
    let dispute = all.disputed(false).await;
    assert_eq!(all.figures().await, (2_000, 3_000));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}_ctl/faults", all.world.sandbox.base_url());
    client.delete(url).send().await.unwrap();
    all.world.advance_by(Duration::hours(3)).await;
    assert_eq!(
        all.world
            .count("select count(*) from refund where state = 'failed'")
            .await,
        1
    );
    assert_eq!(all.figures().await, (2_000, 3_000));
    all.all_is_well().await;
    all.bank(&dispute, "win").await;
    assert_eq!(all.figures().await, (5_000, 0));
    all.all_is_well().await;
}

#[tokio::test]
async fn a_dispute_that_is_won_after_everything_went_back_goes_back_too() {
    let (all, _) = stage().await;
    let dispute = all.disputed(false).await;
    let ctx = &all.world.ctx;
    let mut tx = ctx.db.begin().await.unwrap();
    felag::campaigns::unpayable::payout_account_lost(&mut tx, ctx, all.campaign.project)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    all.world.advance_by(Duration::days(3)).await;
    all.answer(&all.owner.browser, "winning_evidence")
        .await
        .expect(303);
    // The bank takes its time; the campaign is unwound meanwhile.
    sqlx::query("update campaign set unpayable_at = unpayable_at - interval '60 days'")
        .execute(&all.world.owner)
        .await
        .unwrap();
    felag::pledges::endings::unwind_unpayable(ctx, all.campaign.id)
        .await
        .unwrap();
    all.bank(&dispute, "win").await;
    all.world.advance_by(Duration::hours(1)).await;
    assert_eq!(all.figures().await, (0, 5_000));
    let state = all.world.sandbox_state().await;
    for (intent, charge) in state["charges"].as_object().cloned().unwrap_or_default() {
        assert_eq!(charge["paid"], charge["refunded"], "{intent}: {charge}");
    }
    all.all_is_well().await;
}
