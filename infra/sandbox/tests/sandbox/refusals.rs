//! What is refused, and in which words.

use felag_sandbox::start;
use serde_json::Value;

use crate::world::{Answer, World, id};

#[tokio::test]
async fn a_wrong_key_is_refused() {
    let world = World::new().await;
    let request = world
        .client
        .get(world.url("v1/balance"))
        .bearer_auth("sk_test_other");
    let answer = Answer::of(request.send().await.unwrap()).await;
    assert!(answer.headers.contains_key("request-id"));
    assert_eq!(answer.refused(401)["type"], "invalid_request_error");
    let basic = world
        .client
        .get(world.url("v1/balance"))
        .basic_auth(felag_sandbox::SECRET_KEY, Some(""));
    assert_eq!(
        basic.send().await.unwrap().status(),
        200,
        "the key may come as a user's name"
    );
}

#[tokio::test]
async fn an_unknown_parameter_is_named() {
    let world = World::new().await;
    let form = [
        ("amount", "3000"),
        ("currency", "eur"),
        ("capture_methd", "automatic"),
    ];
    let error = world.post("payment_intents", &form).await.refused(400);
    assert_eq!(error["code"], "parameter_unknown");
    assert_eq!(error["param"], "capture_methd");
    let error = world.get("customers?nmae=x").await.refused(400);
    assert_eq!(error["param"], "nmae");
    assert_eq!(
        world.state().await["objects"],
        serde_json::json!({}),
        "nothing was made"
    );
}

#[tokio::test]
async fn an_unknown_id_is_404() {
    let world = World::new().await;
    for path in [
        "customers/cus_x",
        "payment_intents/pi_x",
        "events/evt_x",
        "checkout/sessions/cs_x",
        "refunds/re_x",
    ] {
        assert_eq!(
            world.get(path).await.refused(404)["code"],
            "resource_missing",
            "{path}"
        );
    }
    let customer = world.customer().await;
    world.get(&format!("charges/{customer}")).await.refused(404);
    let error = world
        .post("setup_intents", &[("customer", "cus_x")])
        .await
        .refused(404);
    assert_eq!(error["param"], "customer");
    world.get("rockets").await.refused(404);
}

#[tokio::test]
async fn amounts_outside_the_limits_are_refused() {
    let world = World::new().await;
    for (amount, currency, code) in [
        ("49", "eur", "amount_too_small"),
        ("0", "eur", "parameter_invalid_integer"),
        ("-5", "eur", "parameter_invalid_integer"),
        ("25.00", "eur", "parameter_invalid_integer"),
        ("1e2", "eur", "parameter_invalid_integer"),
        ("9223372036854775808", "eur", "parameter_invalid_integer"),
        ("100000000", "eur", "amount_too_large"),
        ("150050", "isk", "parameter_invalid_integer"),
        ("10001", "kwd", "parameter_invalid_integer"),
    ] {
        let error = world
            .post("payment_intents", &[("amount", amount), ("currency", currency)])
            .await
            .refused(400);
        assert_eq!(
            (&error["code"], &error["param"]),
            (&code.into(), &"amount".into()),
            "{amount} {currency}"
        );
    }
    world
        .post("payment_intents", &[("amount", "50"), ("currency", "JPY")])
        .await
        .ok();
    let error = world
        .post("payment_intents", &[("amount", "5000"), ("currency", "xau")])
        .await
        .refused(400);
    assert_eq!(error["param"], "currency");
}

#[tokio::test]
async fn a_paid_intent_cannot_be_confirmed_or_cancelled() {
    let world = World::new().await;
    let customer = world.customer().await;
    let method = world.attached(&customer, "pm_card_visa").await;
    let intent = world.intent(&customer, &method).await;
    world.confirm(&intent).await.ok();
    for verb in ["confirm", "cancel"] {
        let error = world
            .post(&format!("payment_intents/{intent}/{verb}"), &[])
            .await
            .refused(400);
        assert_eq!(error["code"], "payment_intent_unexpected_state");
        assert_eq!(error["payment_intent"]["status"], "succeeded");
    }
    let error = world
        .post(&format!("payment_intents/{intent}"), &[("amount", "4000")])
        .await
        .refused(400);
    assert_eq!(error["code"], "payment_intent_unexpected_state");
}

#[tokio::test]
async fn a_cancelled_intent_stays_cancelled() {
    let world = World::new().await;
    let customer = world.customer().await;
    let method = world.attached(&customer, "pm_card_visa").await;
    let intent = world.intent(&customer, &method).await;
    let form = [("cancellation_reason", "requested_by_customer")];
    let gone = world
        .post(&format!("payment_intents/{intent}/cancel"), &form)
        .await
        .ok();
    assert_eq!(
        (&gone["status"], &gone["canceled_at"]),
        (&"canceled".into(), &world.now().into())
    );
    for verb in ["confirm", "cancel"] {
        let error = world
            .post(&format!("payment_intents/{intent}/{verb}"), &[])
            .await
            .refused(400);
        assert_eq!(error["payment_intent"]["status"], "canceled");
    }
}

#[tokio::test]
async fn a_detached_card_is_gone_for_good() {
    let world = World::new().await;
    let customer = world.customer().await;
    let method = world.attached(&customer, "pm_card_visa").await;
    let loose = world
        .post(&format!("payment_methods/{method}/detach"), &[])
        .await
        .ok();
    assert_eq!(loose["customer"], Value::Null);
    let attach = format!("payment_methods/{method}/attach");
    world.post(&attach, &[("customer", &customer)]).await.refused(400);
    world
        .post(&format!("payment_methods/{method}/detach"), &[])
        .await
        .refused(400);
    let form = [
        ("amount", "3000"),
        ("currency", "eur"),
        ("customer", customer.as_str()),
        ("payment_method", &method),
    ];
    world.post("payment_intents", &form).await.refused(400);
}

#[tokio::test]
async fn a_card_of_another_customer_cannot_be_charged() {
    let world = World::new().await;
    let (one, other) = (world.customer().await, world.customer().await);
    let method = world.attached(&one, "pm_card_visa").await;
    let form = [
        ("amount", "3000"),
        ("currency", "eur"),
        ("customer", other.as_str()),
        ("payment_method", &method),
    ];
    let error = world.post("payment_intents", &form).await.refused(400);
    assert_eq!(error["param"], "payment_method");
}

#[tokio::test]
async fn the_sandbox_does_not_start_where_it_could_do_harm() {
    let world = World::new().await;
    let refusal = async |change: fn(&mut felag_sandbox::Settings)| {
        let mut settings = world.settings.clone();
        change(&mut settings);
        start(settings)
            .await
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    };
    assert!(refusal(|s| s.live_key_present = true).await.contains("live"));
    assert!(
        refusal(|s| s.secret_key = "sk_live_x".into())
            .await
            .contains("sk_test_")
    );
    assert!(
        refusal(|s| s.listen = "0.0.0.0:0".parse().unwrap())
            .await
            .contains("loopback")
    );
}

#[tokio::test]
async fn a_second_start_on_the_same_database_finds_what_the_first_left() {
    let world = World::new().await;
    let customer = id(&world.post("customers", &[]).await.ok());
    let second = start(world.settings.clone()).await.unwrap();
    let url = format!("{}v1/customers/{customer}", second.base_url());
    let seen = world
        .client
        .get(url)
        .bearer_auth(felag_sandbox::SECRET_KEY)
        .send()
        .await
        .unwrap();
    assert_eq!(seen.status(), 200);
    second.stop().await.unwrap();
}

#[tokio::test]
async fn it_stops_at_once_when_nothing_is_held() {
    let world = World::new().await;
    world.customer().await;
    let stopping = tokio::time::timeout(std::time::Duration::from_secs(1), world.sandbox.clone().stop());
    stopping.await.unwrap().unwrap();
    world
        .client
        .get(world.url("v1/balance"))
        .send()
        .await
        .unwrap_err();
}
