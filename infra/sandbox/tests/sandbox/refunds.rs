//! Refunds that wait, come back, or are taken back.

use serde_json::{Value, json};

use crate::world::{World, id};

const DAY: i64 = 86_400;

async fn refunded(world: &World, token: &str, cents: &str) -> (String, Value) {
    let form = [
        ("amount", "3000"),
        ("currency", "eur"),
        ("payment_method", token),
        ("confirm", "true"),
    ];
    let intent = id(&world.post("payment_intents", &form).await.ok());
    let form = [
        ("payment_intent", intent.as_str()),
        ("amount", cents),
        ("metadata[why]", "late"),
    ];
    let refund = world.post("refunds", &form).await.ok();
    (intent, refund)
}

async fn seen(world: &World, refund: &Value) -> Value {
    world.settle().await;
    world.get(&format!("refunds/{}", id(refund))).await.ok()
}

#[tokio::test]
async fn a_refund_can_wait_for_a_day() {
    let world = World::new().await;
    let (intent, refund) = refunded(&world, "pm_card_pendingRefund", "1000").await;
    assert_eq!(refund["status"], "pending");
    world.pass(DAY);
    assert_eq!(seen(&world, &refund).await["status"], "succeeded");
    assert_eq!(world.told().await.last().unwrap(), "refund.updated");
    assert_eq!(world.rows(None).await[1..], [("refund".into(), -1000, 0)]);
    let charge = world.get(&format!("charges?payment_intent={intent}")).await.ok();
    assert_eq!(charge["data"][0]["amount_refunded"], 1000);
}

#[tokio::test]
async fn a_refund_that_waits_can_be_cancelled() {
    let world = World::new().await;
    let (intent, refund) = refunded(&world, "pm_card_pendingRefund", "1000").await;
    let path = format!("refunds/{}/cancel", id(&refund));
    let gone = world.post(&path, &[]).await.ok();
    assert_eq!(gone["status"], "canceled");
    world.post(&path, &[]).await.refused(400);
    world.pass(DAY);
    assert_eq!(seen(&world, &refund).await["status"], "canceled");
    assert_eq!(world.rows(None).await[2], ("refund_failure".into(), 1000, 0));
    let again = world.post("refunds", &[("payment_intent", &intent)]).await.ok();
    assert_eq!(again["amount"], 3000, "all of it can be refunded again");
}

#[tokio::test]
async fn a_refund_that_succeeded_cannot_be_cancelled_but_can_come_back() {
    let world = World::new().await;
    let (_, refund) = refunded(&world, "pm_card_visa", "1000").await;
    let path = format!("refunds/{}", id(&refund));
    world.post(&format!("{path}/cancel"), &[]).await.refused(400);
    world.control(&path, json!({ "do": "fail" })).await.ok();
    let failed = seen(&world, &refund).await;
    assert_eq!(
        (&failed["status"], &failed["failure_reason"]),
        (&"failed".into(), &"lost_or_stolen_card".into())
    );
    world.control(&path, json!({ "do": "fail" })).await.refused(400);
    let rows = world.rows(None).await;
    assert_eq!(
        rows[1..],
        [("refund".into(), -1000, 0), ("refund_failure".into(), 1000, 0)]
    );
    let row = failed["failure_balance_transaction"].as_str().unwrap();
    let row = world.get(&format!("balance_transactions/{row}")).await.ok();
    assert_eq!(
        (&row["source"], &row["reporting_category"]),
        (&refund["id"], &"refund_failure".into())
    );
    let told = world.told().await;
    assert_eq!(told[told.len() - 2..], ["refund.updated", "refund.failed"]);
    let changed = world.post(&path, &[("metadata[why]", "card lost")]).await.ok();
    assert_eq!(changed["metadata"]["why"], "card lost");
}

#[tokio::test]
async fn a_waiting_refund_fails_or_succeeds_as_a_test_wants() {
    let world = World::new().await;
    let (_, one) = refunded(&world, "pm_card_pendingRefund", "1000").await;
    let (_, other) = refunded(&world, "pm_card_pendingRefund", "1000").await;
    let act = |what: &str| json!({ "do": what });
    world
        .control(&format!("refunds/{}", id(&one)), act("fail"))
        .await
        .ok();
    world
        .control(&format!("refunds/{}", id(&other)), act("succeed"))
        .await
        .ok();
    world.pass(2 * DAY);
    assert_eq!(seen(&world, &one).await["status"], "failed");
    assert_eq!(seen(&world, &other).await["status"], "succeeded");
    let rows = world.rows(None).await;
    assert_eq!(rows.iter().filter(|row| row.0 == "refund_failure").count(), 1);
}

#[tokio::test]
async fn refunds_are_listed_by_charge_and_by_intent() {
    let world = World::new().await;
    let (intent, refund) = refunded(&world, "pm_card_visa", "1000").await;
    refunded(&world, "pm_card_visa", "1000").await;
    let charge = refund["charge"].as_str().unwrap();
    for path in [
        format!("refunds?charge={charge}"),
        format!("refunds?payment_intent={intent}"),
    ] {
        assert_eq!(world.get(&path).await.ok()["data"], json!([refund]), "{path}");
    }
}
