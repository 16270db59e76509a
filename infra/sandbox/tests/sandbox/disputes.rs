//! Disputes: opened by a card or a switch, answered, won, lost.

use serde_json::{Value, json};

use crate::world::{World, id};

const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
const FEE: i64 = 1500;

async fn pay(world: &World, token: &str) -> Value {
    let form = [
        ("amount", "3000"),
        ("currency", "eur"),
        ("payment_method", token),
        ("confirm", "true"),
    ];
    world.post("payment_intents", &form).await.ok()
}

/// A dispute on a fresh charge of 30 euros, by a switch.
async fn disputed(world: &World, more: Value) -> (Value, Value) {
    let intent = pay(world, "pm_card_bypassPending").await;
    let mut wish = json!({ "payment_intent": id(&intent) });
    wish.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let dispute = world.control("disputes", wish).await.ok();
    (intent, dispute)
}

async fn seen(world: &World, dispute: &Value) -> Value {
    world.settle().await;
    world.get(&format!("disputes/{}", id(dispute))).await.ok()
}

async fn answer(world: &World, dispute: &Value, text: &str) -> Value {
    let path = format!("disputes/{}", id(dispute));
    let form = [("evidence[uncategorized_text]", text), ("submit", "true")];
    world.post(&path, &form).await.ok()
}

/// The events of disputes so far, without their common beginning.
async fn told(world: &World) -> Vec<String> {
    let all = world.told().await.into_iter();
    all.filter_map(|one| one.strip_prefix("charge.dispute.").map(str::to_owned))
        .collect()
}

#[tokio::test]
async fn a_card_is_disputed_an_hour_after_its_charge() {
    let world = World::new().await;
    for (token, reason, status) in [
        ("pm_card_createDispute", "fraudulent", "needs_response"),
        (
            "pm_card_createDisputeProductNotReceived",
            "product_not_received",
            "needs_response",
        ),
        (
            "pm_card_createDisputeInquiry",
            "fraudulent",
            "warning_needs_response",
        ),
    ] {
        let intent = pay(&world, token).await;
        let path = format!("disputes?payment_intent={}", id(&intent));
        world.pass(HOUR - 1);
        world.settle().await;
        assert_eq!(world.get(&path).await.ok()["data"], json!([]), "{token}");
        world.pass(1);
        world.settle().await;
        let found = world.get(&path).await.ok()["data"][0].clone();
        assert_eq!(found["reason"], reason);
        assert_eq!(found["status"], status);
        assert_eq!(found["amount"], 3000);
        assert_eq!(found["charge"], intent["latest_charge"]);
        let charge = intent["latest_charge"].as_str().unwrap();
        let listed = world.get(&format!("disputes?charge={charge}")).await.ok();
        assert_eq!(listed["data"], json!([found]));
        let charge = world.get(&format!("charges/{charge}")).await.ok();
        assert_eq!(charge["disputed"], true);
    }
}

#[tokio::test]
async fn a_dispute_takes_the_money_and_a_fee_and_gives_both_back_when_won() {
    let world = World::new().await;
    let (_, dispute) = disputed(&world, json!({})).await;
    assert_eq!(world.euros(None).await.0, 3000 - 70 - 3000 - FEE, "below zero");
    let row = dispute["balance_transactions"][0].clone();
    assert_eq!(row["source"], dispute["id"]);
    assert_eq!(row["fee_details"][0]["description"], "Dispute fee");
    assert_eq!(dispute["evidence_details"]["due_by"], world.now() + 7 * DAY);
    let seen_now = answer(&world, &dispute, "winning_evidence").await;
    assert_eq!(seen_now["status"], "under_review");
    assert_eq!(seen_now["evidence_details"]["submission_count"], 1);
    world.pass(HOUR);
    let won = seen(&world, &dispute).await;
    assert_eq!(won["status"], "won");
    assert_eq!(won["balance_transactions"].as_array().unwrap().len(), 2);
    let rows = world.rows(None).await;
    assert_eq!(
        rows[1..],
        [
            ("adjustment".into(), -3000, FEE),
            ("adjustment".into(), 3000, -FEE)
        ]
    );
    let path = format!("balance_transactions?source={}", id(&dispute));
    let listed = world.get(&path).await.ok();
    assert_eq!(listed["data"][0]["reporting_category"], "dispute_reversal");
    assert_eq!(listed["data"][1]["reporting_category"], "dispute");
    assert_eq!(
        told(&world).await,
        [
            "created",
            "funds_withdrawn",
            "updated",
            "funds_reinstated",
            "closed"
        ]
    );
}

#[tokio::test]
async fn evidence_that_loses_or_does_not_come_in_time_loses() {
    let world = World::new().await;
    let (_, loses) = disputed(&world, json!({})).await;
    let (_, silent) = disputed(&world, json!({})).await;
    let (_, vague) = disputed(&world, json!({})).await;
    answer(&world, &loses, "losing_evidence").await;
    answer(&world, &vague, "They got their bread.").await;
    world.pass(HOUR);
    assert_eq!(seen(&world, &loses).await["status"], "lost");
    assert_eq!(seen(&world, &vague).await["status"], "under_review");
    world.pass(7 * DAY);
    let late = seen(&world, &silent).await;
    assert_eq!(late["status"], "lost");
    assert_eq!(late["evidence_details"]["past_due"], true);
    world.pass(14 * DAY);
    assert_eq!(seen(&world, &vague).await["status"], "lost");
    let path = format!("disputes/{}", id(&silent));
    let form = [("evidence[product_description]", "Bread")];
    world.post(&path, &form).await.refused(400);
    assert_eq!(
        world.rows(None).await.len(),
        6,
        "three charges, three withdrawals"
    );
}

#[tokio::test]
async fn a_lost_dispute_can_be_won_later() {
    let world = World::new().await;
    let (_, dispute) = disputed(&world, json!({})).await;
    let path = format!("disputes/{}", id(&dispute));
    assert_eq!(
        world.post(&format!("{path}/close"), &[]).await.ok()["status"],
        "lost"
    );
    world.post(&format!("{path}/close"), &[]).await.refused(400);
    world.control(&path, json!({ "do": "win" })).await.ok();
    assert_eq!(seen(&world, &dispute).await["status"], "won");
    assert_eq!(world.euros(None).await.0, 3000 - 70);
    world.control(&path, json!({ "do": "win" })).await.refused(400);
    world.control(&path, json!({ "do": "lose" })).await.refused(400);
    assert_eq!(
        told(&world).await,
        [
            "created",
            "funds_withdrawn",
            "closed",
            "funds_reinstated",
            "closed"
        ]
    );
}

#[tokio::test]
async fn an_inquiry_moves_no_money_until_it_escalates() {
    let world = World::new().await;
    let (_, quiet) = disputed(&world, json!({ "inquiry": true })).await;
    let (intent, loud) = disputed(&world, json!({ "inquiry": true, "reason": "duplicate" })).await;
    assert_eq!(quiet["status"], "warning_needs_response");
    assert_eq!(quiet["is_charge_refundable"], true);
    assert_eq!(world.rows(None).await.len(), 2);
    let form = [("payment_intent", &*id(&intent)), ("amount", "1000")];
    world.post("refunds", &form).await.ok();
    let seen_now = answer(&world, &loud, "escalate_inquiry_evidence").await;
    assert_eq!(seen_now["status"], "needs_response");
    assert_eq!(seen_now["amount"], 2000, "the refund is off");
    assert_eq!(world.rows(None).await[3], ("adjustment".into(), -2000, FEE));
    world.pass(20 * DAY);
    assert_eq!(seen(&world, &quiet).await["status"], "warning_closed");
    assert_eq!(world.rows(None).await.len(), 4);
}

#[tokio::test]
async fn evidence_can_be_staged_and_is_submitted_once() {
    let world = World::new().await;
    let (_, dispute) = disputed(&world, json!({})).await;
    let path = format!("disputes/{}", id(&dispute));
    let form = [
        ("evidence[customer_name]", "Ada"),
        ("submit", "false"),
        ("metadata[by]", "steward"),
    ];
    let staged = world.post(&path, &form).await.ok();
    assert_eq!(staged["status"], "needs_response");
    assert_eq!(staged["evidence"]["customer_name"], "Ada");
    assert_eq!(staged["evidence_details"]["has_evidence"], true);
    let sent = world.post(&path, &[("submit", "true")]).await.ok();
    assert_eq!(
        (&sent["status"], &sent["metadata"]["by"]),
        (&"under_review".into(), &"steward".into())
    );
    let form = [("evidence[customer_name]", "Bob")];
    world.post(&path, &form).await.refused(400);
    let form = [("evidence[receipt]", "file_1")];
    assert_eq!(
        world.post(&path, &form).await.refused(400)["param"],
        "evidence[receipt]"
    );
    let form = [("evidence[weather]", "fine")];
    assert_eq!(
        world.post(&path, &form).await.refused(400)["param"],
        "evidence[weather]"
    );
    world.post(&path, &[("metadata[by]", "owner")]).await.ok();
}

#[tokio::test]
async fn what_is_disputed_cannot_be_refunded_and_the_other_way_round() {
    let world = World::new().await;
    let (intent, dispute) = disputed(&world, json!({ "amount": 1000 })).await;
    let intent = id(&intent);
    let form = [("payment_intent", intent.as_str()), ("amount", "2001")];
    assert_eq!(world.post("refunds", &form).await.refused(400)["param"], "amount");
    let rest = world.post("refunds", &[("payment_intent", &intent)]).await.ok();
    assert_eq!(rest["amount"], 2000, "all that is not disputed");
    let error = world
        .post("refunds", &[("payment_intent", &intent)])
        .await
        .refused(400);
    assert_eq!(error["code"], "charge_disputed");
    world
        .control("disputes", json!({ "payment_intent": intent }))
        .await
        .refused(400);
    let path = format!("disputes/{}", id(&dispute));
    world.control(&path, json!({ "do": "win" })).await.ok();
    world.post("refunds", &[("payment_intent", &intent)]).await.ok();
    let error = world
        .post("refunds", &[("payment_intent", &intent)])
        .await
        .refused(400);
    assert_eq!(error["code"], "charge_already_refunded");
    assert_eq!(
        world.euros(None).await.0,
        -70,
        "all is given back; the fee is not"
    );
}

#[tokio::test]
async fn refunds_and_disputes_at_once_never_take_more_than_was_paid() {
    let world = World::new().await;
    let intent = id(&pay(&world, "pm_card_bypassPending").await);
    let form = [("payment_intent", intent.as_str()), ("amount", "2000")];
    let wish = json!({ "payment_intent": intent, "amount": 2000 });
    let refunds = futures::future::join_all((0..4).map(|_| world.post("refunds", &form)));
    let disputes = futures::future::join_all((0..4).map(|_| world.control("disputes", wish.clone())));
    let (refunds, disputes) = tokio::join!(refunds, disputes);
    let done = refunds
        .iter()
        .chain(&disputes)
        .filter(|answer| answer.status == 200);
    assert_eq!(done.count(), 1, "20 of 30 euros, once");
}
