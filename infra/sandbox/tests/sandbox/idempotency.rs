//! One key, one effect.

use serde_json::json;

use crate::world::{World, id};

#[tokio::test]
async fn the_same_request_under_the_same_key_is_answered_from_memory() {
    let world = World::new().await;
    let first = world.post_once("key-1", "customers", &[("name", "Ada")]).await;
    assert!(!first.headers.contains_key("idempotent-replayed"));
    let second = world.post_once("key-1", "customers", &[("name", "Ada")]).await;
    assert_eq!(second.headers["idempotent-replayed"], "true");
    assert_eq!(second.headers["idempotency-key"], "key-1");
    assert_ne!(first.headers["request-id"], second.headers["request-id"]);
    assert_eq!(first.text, second.text);
    assert_eq!(world.state().await["objects"]["customer"], 1);
}

#[tokio::test]
async fn other_parameters_under_the_same_key_are_refused() {
    let world = World::new().await;
    world
        .post_once("key-1", "customers", &[("name", "Ada")])
        .await
        .ok();
    let error = world
        .post_once("key-1", "customers", &[("name", "Grace")])
        .await
        .refused(400);
    assert_eq!(error["type"], "idempotency_error");
    let error = world
        .post_once("key-1", "setup_intents", &[("description", "Ada")])
        .await
        .refused(400);
    assert_eq!(error["type"], "idempotency_error");
}

#[tokio::test]
async fn a_key_is_free_as_soon_as_its_answer_is_there() {
    let world = World::new().await;
    world.post_once("key-1", "customers", &[]).await.ok();
    for _ in 0..40 {
        world.post_once("key-1", "customers", &[]).await.ok();
        world
            .post_once("key-1", "customers", &[("name", "Grace")])
            .await
            .refused(400);
        world
            .post_once("key-2", "customers", &[("nmae", "Ada")])
            .await
            .refused(400);
    }
}

#[tokio::test]
async fn a_key_is_forgotten_after_24_hours_on_the_sandbox_clock() {
    let world = World::new().await;
    let first = world.post_once("key-1", "customers", &[]).await.ok();
    world.pass(86_399);
    assert_eq!(
        id(&world.post_once("key-1", "customers", &[]).await.ok()),
        id(&first)
    );
    world.pass(1);
    assert_ne!(
        id(&world.post_once("key-1", "customers", &[]).await.ok()),
        id(&first)
    );
}

#[tokio::test]
async fn a_decline_is_remembered_and_a_mistake_is_not() {
    let world = World::new().await;
    let customer = world.customer().await;
    let method = world.attached(&customer, "pm_card_chargeCustomerFail").await;
    let intent = world.intent(&customer, &method).await;
    let path = format!("payment_intents/{intent}/confirm");
    world
        .post_once("confirm", &path, &[("off_session", "true")])
        .await
        .refused(402);
    let again = world
        .post_once("confirm", &path, &[("off_session", "true")])
        .await;
    assert_eq!(again.headers["idempotent-replayed"], "true");
    assert_eq!(again.refused(402)["decline_code"], "generic_decline");
    assert_eq!(world.state().await["charges"][&intent]["failed"], 1);
    world
        .post_once("mistake", "payment_intents", &[("amount", "3000")])
        .await
        .refused(400);
    let form = [("amount", "3000"), ("currency", "eur")];
    world.post_once("mistake", "payment_intents", &form).await.ok();
}

#[tokio::test]
async fn sixteen_equal_requests_at_once_have_one_effect() {
    let world = World::new().await;
    let form = [("amount", "3000"), ("currency", "eur")];
    let all = (0..16).map(|_| world.post_once("storm", "payment_intents", &form));
    let answers = futures::future::join_all(all).await;
    for answer in answers {
        match answer.status {
            200 => {}
            _ => assert_eq!(answer.refused(409)["code"], "idempotency_key_in_use"),
        }
    }
    assert_eq!(world.state().await["objects"]["payment_intent"], 1);
}

#[tokio::test]
async fn a_key_whose_request_is_still_running_is_refused() {
    let world = World::new().await;
    // Somebody else holds the lock that a running request would hold.
    let pool = sqlx::PgPool::connect_with(world.settings.database.clone())
        .await
        .unwrap();
    let mut held = pool.begin().await.unwrap();
    let sql = "select pg_advisory_xact_lock(1936876920, hashtext('busy'))";
    sqlx::query(sql).execute(&mut *held).await.unwrap();
    let error = world.post_once("busy", "customers", &[]).await.refused(409);
    assert_eq!(error["code"], "idempotency_key_in_use");
    held.rollback().await.unwrap();
    world.post_once("busy", "customers", &[]).await.ok();
    assert_eq!(
        world.state().await["objects"],
        json!({ "customer": 1, "event": 1 })
    );
}

#[tokio::test]
async fn answers_are_deleted_a_day_after_they_were_given() {
    let world = World::new().await;
    for key in ["a", "b"] {
        world.post_once(key, "customers", &[]).await.ok();
        world.pass(12 * 3600);
    }
    world.settle().await;
    assert_eq!(world.state().await["answers"], 1, "the first is 24 hours old");
    world.pass(12 * 3600);
    world.settle().await;
    assert_eq!(world.state().await["answers"], 0);
}
