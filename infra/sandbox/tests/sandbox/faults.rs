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
