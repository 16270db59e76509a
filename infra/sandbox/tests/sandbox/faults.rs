//! Failures on purpose: what a client sees, and what truly happened.

use std::time::Duration;

use felag_sandbox::SECRET_KEY;
use serde_json::json;

use crate::world::World;

const CONFIRM: &str = "POST /v1/payment_intents/*/confirm";

async fn ready(world: &World) -> (String, String) {
    let customer = world.customer().await;
    let method = world.attached(&customer, "pm_card_visa").await;
    let intent = world.intent(&customer, &method).await;
    let path = format!("payment_intents/{intent}/confirm");
    (intent, path)
}

async fn plan(world: &World, effect: &str) {
    world
        .control(
            "faults",
            json!({ "match": CONFIRM, "effect": effect, "times": 1 }),
        )
        .await
        .ok();
}

#[tokio::test]
async fn an_answer_lost_after_the_charge_is_found_under_its_key() {
    let world = World::new().await;
    let (intent, path) = ready(&world).await;
    plan(&world, "timeout_after").await;
    let request = world
        .client
        .post(world.url(&format!("v1/{path}")))
        .bearer_auth(SECRET_KEY);
    let request = request
        .header("idempotency-key", "k")
        .timeout(Duration::from_millis(1500));
    assert!(request.send().await.unwrap_err().is_timeout());
    assert_eq!(
        world.state().await["charges"][&intent]["succeeded"],
        1,
        "charged all the same"
    );
    let again = world.post_once("k", &path, &[]).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.ok()["status"], "succeeded");
}

#[tokio::test]
async fn a_500_after_the_charge_hides_a_success() {
    let world = World::new().await;
    let (intent, path) = ready(&world).await;
    plan(&world, "error_500_after").await;
    assert_eq!(
        world.post_once("k", &path, &[]).await.refused(500)["type"],
        "api_error"
    );
    assert_eq!(world.post_once("k", &path, &[]).await.ok()["status"], "succeeded");
    assert_eq!(world.state().await["charges"][&intent]["succeeded"], 1);
}

#[tokio::test]
async fn a_stored_500_stays_and_the_object_tells_the_truth() {
    let world = World::new().await;
    let (intent, path) = ready(&world).await;
    plan(&world, "error_500_stored").await;
    world.post_once("k", &path, &[]).await.refused(500);
    let again = world.post_once("k", &path, &[]).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    again.refused(500);
    assert_eq!(
        world.get(&format!("payment_intents/{intent}")).await.ok()["status"],
        "succeeded"
    );
}

#[tokio::test]
async fn refusals_before_anything_is_done_leave_nothing_behind() {
    let world = World::new().await;
    let (intent, path) = ready(&world).await;
    for (effect, status, code) in [
        ("rate_limit", 429, "rate_limit"),
        ("conflict", 409, "idempotency_key_in_use"),
    ] {
        plan(&world, effect).await;
        assert_eq!(
            world.post_once("k", &path, &[]).await.refused(status)["code"],
            code
        );
    }
    plan(&world, "error_500_before").await;
    let error = world.post_once("k", &path, &[]).await.refused(500);
    assert_eq!(error["type"], "api_error");
    plan(&world, "reset_before").await;
    let request = world
        .client
        .post(world.url(&format!("v1/{path}")))
        .bearer_auth(SECRET_KEY);
    let error = request.header("idempotency-key", "k").send().await.unwrap_err();
    assert!(
        !error.is_timeout() && !error.is_status(),
        "the connection was cut: {error:?}"
    );
    assert_eq!(world.state().await["charges"], json!({}));
    assert_eq!(world.post_once("k", &path, &[]).await.ok()["id"], intent);
}

#[tokio::test]
async fn an_answer_can_be_cut_off_after_the_charge_and_another_can_be_slow() {
    let world = World::new().await;
    let (intent, path) = ready(&world).await;
    plan(&world, "reset_after").await;
    let request = world
        .client
        .post(world.url(&format!("v1/{path}")))
        .bearer_auth(SECRET_KEY);
    let error = request.header("idempotency-key", "k").send().await.unwrap_err();
    assert!(!error.is_timeout() && !error.is_status(), "{error:?}");
    assert_eq!(world.state().await["charges"][&intent]["succeeded"], 1);
    let again = world.post_once("k", &path, &[]).await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    for effect in ["slow", "timeout_before"] {
        let fault = json!({ "match": "GET /v1/balance", "effect": effect, "millis": 300 });
        world.control("faults", fault).await.ok();
        let request = world.client.get(world.url("v1/balance")).bearer_auth(SECRET_KEY);
        let late = request.timeout(Duration::from_millis(50)).send().await;
        assert!(late.unwrap_err().is_timeout(), "{effect}");
    }
    world.get("balance").await.ok();
}

#[tokio::test]
async fn every_way_to_change_something_can_be_made_to_fail() {
    let world = World::new().await;
    let fault = json!({ "match": "POST /v1/**", "effect": "error_500_after", "times": 3 });
    world.control("faults", fault).await.ok();
    for path in ["customers", "accounts", "webhook_endpoints"] {
        world.post(path, &[("unknown", "x")]).await.refused(500);
    }
    world.post("accounts", &[("unknown", "x")]).await.refused(400);
    let fault = json!({ "match": "POST /v1/transfers", "effect": "rate_limit", "skip": 1 });
    world.control("faults", fault).await.ok();
    world.post("transfers", &[]).await.refused(400);
    world.post("transfers", &[]).await.refused(429);
    world.post("transfers", &[]).await.refused(400);
}

#[tokio::test]
async fn faults_by_chance_are_the_same_for_the_same_seed() {
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        let world = World::new().await;
        let fault = json!({ "match": "GET /v1/**", "effect": "conflict", "per_mille": 400, "seed": seed });
        world.control("faults", fault).await.ok();
        let mut run = Vec::new();
        for _ in 0..30 {
            run.push(world.get("balance").await.status);
        }
        runs.push(run);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    assert!(runs[0].contains(&200) && runs[0].contains(&409));
}

#[tokio::test]
async fn a_plan_that_makes_no_sense_is_refused() {
    let world = World::new().await;
    for fault in [
        json!({ "match": "/v1/refunds", "effect": "conflict" }),
        json!({ "match": "POST /v1/refunds", "effect": "conflict", "times": 0 }),
        json!({ "match": "POST /v1/refunds", "effect": "conflict", "per_mille": 1001 }),
        json!({ "match": "POST /v1/refunds", "effect": "explode" }),
        json!({ "match": "POST /v1/refunds", "effect": "conflict", "whenever": 1 }),
    ] {
        assert_eq!(
            world.control("faults", fault.clone()).await.status,
            422,
            "{fault}"
        );
    }
    assert_eq!(
        world
            .control("webhooks", json!({ "mode": "chaos", "lost": 1 }))
            .await
            .status,
        422
    );
}

#[tokio::test]
async fn calls_are_counted_by_method_path_and_client() {
    let world = World::new().await;
    let (intent, _) = ready(&world).await;
    let last = world.page(&world.url("_ctl/calls")).await.ok()["last"]
        .as_u64()
        .unwrap();
    world.get(&format!("payment_intents/{intent}")).await.ok();
    world.get(&format!("payment_intents/{intent}")).await.ok();
    let counted = world
        .page(&world.url(&format!("_ctl/calls?after={last}")))
        .await
        .ok();
    assert_eq!(counted["total"], 2);
    assert_eq!(counted["calls"][0]["path"], "/v1/payment_intents/*");
    world.pass(10);
    let since = world.url(&format!("_ctl/calls?since={}", world.now()));
    assert_eq!(world.page(&since).await.ok()["total"], 0);
}

#[tokio::test]
async fn a_page_elsewhere_cannot_turn_the_switches() {
    let world = World::new().await;
    let request = world
        .client
        .post(world.url("_ctl/webhooks"))
        .json(&json!({ "mode": "drop" }));
    let answer = request
        .header("origin", "https://elsewhere.example")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 403);
    let request = world
        .client
        .get(world.url("_ctl/state"))
        .header("host", "elsewhere.example:8081");
    assert_eq!(request.send().await.unwrap().status(), 421);
}
