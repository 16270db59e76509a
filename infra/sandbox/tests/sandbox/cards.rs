//! What each test card does when it is saved and when it is charged.

use serde_json::Value;

use crate::world::{Answer, World, id};

async fn charge(world: &World, token: &str) -> Answer {
    let customer = world.customer().await;
    let method = world.attached(&customer, token).await;
    let intent = world.intent(&customer, &method).await;
    world.confirm(&intent).await
}

#[tokio::test]
async fn a_good_card_is_charged_once_with_its_fee_booked() {
    let world = World::new().await;
    let paid = charge(&world, "pm_card_visa").await.ok();
    assert_eq!(paid["status"], "succeeded");
    assert_eq!(paid["amount_received"], 3000);
    let expand = "?expand[]=latest_charge.balance_transaction&expand[]=payment_method";
    let seen = world
        .get(&format!("payment_intents/{}{expand}", id(&paid)))
        .await
        .ok();
    let booked = &seen["latest_charge"]["balance_transaction"];
    assert_eq!(
        (&booked["amount"], &booked["fee"], &booked["net"]),
        (&3000.into(), &70.into(), &2930.into())
    );
    assert_eq!(booked["reporting_category"], "charge");
    assert_eq!(booked["status"], "pending");
    assert_eq!(seen["payment_method"]["card"]["last4"], "4242");
    let balance = world.get("balance").await.ok();
    assert_eq!(balance["pending"][0]["amount"], 2930);
    assert_eq!(balance["available"][0]["amount"], 0);
    world.pass(2 * 86_400);
    assert_eq!(
        world.get("balance").await.ok()["available"][0]["amount"],
        2930,
        "available after two days"
    );
}

/// Number, code, decline code and advice of the cards that cannot be saved.
const DECLINED: [(&str, &str, &str, &str); 7] = [
    (
        "4000000000000002",
        "card_declined",
        "generic_decline",
        "try_again_later",
    ),
    (
        "4000000000009995",
        "card_declined",
        "insufficient_funds",
        "try_again_later",
    ),
    (
        "4000000000009987",
        "card_declined",
        "lost_card",
        "do_not_try_again",
    ),
    (
        "4000000000009979",
        "card_declined",
        "stolen_card",
        "do_not_try_again",
    ),
    (
        "4000000000000069",
        "expired_card",
        "expired_card",
        "confirm_card_data",
    ),
    (
        "4000000000000127",
        "incorrect_cvc",
        "incorrect_cvc",
        "confirm_card_data",
    ),
    (
        "4000000000000119",
        "processing_error",
        "processing_error",
        "try_again_later",
    ),
];

#[tokio::test]
async fn a_card_that_is_declined_at_once_cannot_be_saved() {
    let world = World::new().await;
    let customer = world.customer().await;
    for (number, code, decline, advice) in DECLINED {
        let card = [
            ("type", "card"),
            ("card[number]", number),
            ("card[exp_month]", "12"),
            ("card[exp_year]", "30"),
        ];
        let method = id(&world.post("payment_methods", &card).await.ok());
        let path = format!("payment_methods/{method}/attach");
        let error = world.post(&path, &[("customer", &customer)]).await.refused(402);
        assert_eq!(error["type"], "card_error");
        assert_eq!(error["code"], code, "{number}");
        assert_eq!(error["decline_code"], decline);
        assert_eq!(error["advice_code"], advice);
        let form = [
            ("customer", customer.as_str()),
            ("payment_method", &method),
            ("confirm", "true"),
        ];
        let error = world.post("setup_intents", &form).await.refused(402);
        assert_eq!(error["setup_intent"]["status"], "requires_payment_method");
        assert_eq!(error["setup_intent"]["last_setup_error"]["code"], code);
    }
    let list = world
        .get(&format!("payment_methods?customer={customer}&type=card"))
        .await
        .ok();
    assert_eq!(list["data"], Value::Array(vec![]));
}

#[tokio::test]
async fn a_card_that_declines_later_leaves_the_intent_waiting_for_another() {
    let world = World::new().await;
    let customer = world.customer().await;
    let bad = world.attached(&customer, "pm_card_chargeCustomerFail").await;
    let intent = world.intent(&customer, &bad).await;
    let error = world.confirm(&intent).await.refused(402);
    assert_eq!(
        (&error["code"], &error["decline_code"]),
        (&"card_declined".into(), &"generic_decline".into())
    );
    assert_eq!(error["payment_intent"]["id"], intent);
    assert_eq!(error["payment_intent"]["status"], "requires_payment_method");
    assert_eq!(
        error["payment_intent"]["last_payment_error"]["payment_method"]["id"],
        bad
    );
    assert_eq!(error["payment_intent"]["payment_method"], Value::Null);
    let good = world.attached(&customer, "pm_card_mastercard").await;
    let form = [("off_session", "true"), ("payment_method", good.as_str())];
    let paid = world
        .post(&format!("payment_intents/{intent}/confirm"), &form)
        .await
        .ok();
    assert_eq!(paid["status"], "succeeded");
    assert_eq!(paid["last_payment_error"], Value::Null);
    let charges = world.get(&format!("charges?payment_intent={intent}")).await.ok();
    let states: Vec<_> = charges["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["status"].clone())
        .collect();
    assert_eq!(states, ["succeeded", "failed"]);
    let told = world.told().await;
    for one in [
        "charge.failed",
        "payment_intent.payment_failed",
        "charge.succeeded",
        "payment_intent.succeeded",
    ] {
        assert!(told.iter().any(|event| event == one), "{one} in {told:?}");
    }
}

#[tokio::test]
async fn a_card_whose_bank_always_asks_fails_while_the_person_is_away() {
    let world = World::new().await;
    let error = charge(&world, "pm_card_authenticationRequired")
        .await
        .refused(402);
    assert_eq!(error["type"], "card_error");
    assert_eq!(error["code"], "authentication_required");
    assert_eq!(error["payment_intent"]["status"], "requires_payment_method");
    assert_eq!(
        error["payment_intent"]["last_payment_error"]["code"],
        "authentication_required"
    );
}

async fn ask(world: &World, token: &str) -> (String, String) {
    let customer = world.customer().await;
    let method = world.attached(&customer, token).await;
    let intent = world.intent(&customer, &method).await;
    let form = [("return_url", "http://127.0.0.1:8080/back?pledge=7")];
    let asked = world
        .post(&format!("payment_intents/{intent}/confirm"), &form)
        .await
        .ok();
    assert_eq!(asked["status"], "requires_action");
    assert_eq!(asked["next_action"]["type"], "redirect_to_url");
    (
        intent,
        asked["next_action"]["redirect_to_url"]["url"]
            .as_str()
            .unwrap()
            .to_owned(),
    )
}

#[tokio::test]
async fn a_person_who_approves_at_the_bank_pays() {
    let world = World::new().await;
    let (intent, bank) = ask(&world, "pm_card_authenticationRequired").await;
    let page = world.page(&bank).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("30.00 EUR") && page.text.contains("no real money moves here"));
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("form-action 'self' http://127.0.0.1:8080;"),
        "{policy}"
    );
    let back = world.submit(&bank, &[("answer", "approve")]).await.onward();
    assert!(
        back.starts_with(&format!(
            "http://127.0.0.1:8080/back?pledge=7&payment_intent={intent}&"
        )),
        "{back}"
    );
    assert!(back.ends_with("redirect_status=succeeded"));
    let paid = world.get(&format!("payment_intents/{intent}")).await.ok();
    assert_eq!(
        (&paid["status"], &paid["next_action"]),
        (&"succeeded".into(), &Value::Null)
    );
    assert_eq!(
        world.submit(&bank, &[("answer", "approve")]).await.status,
        410,
        "answered once"
    );
    assert_eq!(world.page(&bank).await.status, 410);
}

#[tokio::test]
async fn a_person_who_refuses_at_the_bank_does_not_pay() {
    let world = World::new().await;
    let (intent, bank) = ask(&world, "pm_card_authenticationRequiredOnSetup").await;
    let back = world.submit(&bank, &[("answer", "refuse")]).await.onward();
    assert!(back.ends_with("redirect_status=failed"));
    let seen = world.get(&format!("payment_intents/{intent}")).await.ok();
    assert_eq!(seen["status"], "requires_payment_method");
    assert_eq!(
        seen["last_payment_error"]["code"],
        "payment_intent_authentication_failure"
    );
    assert_eq!(seen["latest_charge"], Value::Null, "nothing was charged");
}

#[tokio::test]
async fn a_card_set_up_with_its_bank_is_charged_while_the_person_is_away() {
    let world = World::new().await;
    let customer = world.customer().await;
    let form = [
        ("customer", customer.as_str()),
        ("payment_method", "pm_card_authenticationRequiredOnSetup"),
        ("confirm", "true"),
        ("return_url", "http://127.0.0.1:8080/saved"),
    ];
    let asked = world.post("setup_intents", &form).await.ok();
    assert_eq!(asked["status"], "requires_action");
    let bank = asked["next_action"]["redirect_to_url"]["url"].as_str().unwrap();
    let back = world.submit(bank, &[("answer", "approve")]).await.onward();
    assert!(back.ends_with("redirect_status=succeeded"), "{back}");
    let saved = world.get(&format!("setup_intents/{}", id(&asked))).await.ok();
    let intent = world
        .intent(&customer, saved["payment_method"].as_str().unwrap())
        .await;
    assert_eq!(world.confirm(&intent).await.ok()["status"], "succeeded");
    // The same card attached without its bank's consent is not good for that.
    let loose = world
        .attached(&customer, "pm_card_authenticationRequiredOnSetup")
        .await;
    let intent = world.intent(&customer, &loose).await;
    assert_eq!(
        world.confirm(&intent).await.refused(402)["code"],
        "authentication_required"
    );
}

#[tokio::test]
async fn a_card_without_funds_saves_and_fails_later() {
    let world = World::new().await;
    let token = "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds";
    assert_eq!(
        charge(&world, token).await.refused(402)["decline_code"],
        "insufficient_funds"
    );
    let (intent, bank) = ask(&world, token).await;
    assert!(
        world
            .submit(&bank, &[("answer", "approve")])
            .await
            .onward()
            .ends_with("failed")
    );
    let seen = world.get(&format!("payment_intents/{intent}")).await.ok();
    assert_eq!(seen["last_payment_error"]["decline_code"], "insufficient_funds");
}

#[tokio::test]
async fn a_slow_card_is_processing_for_an_hour() {
    let world = World::new().await;
    for (token, end) in [
        ("pm_card_sbx_processing", "succeeded"),
        ("pm_card_sbx_processingFails", "requires_payment_method"),
    ] {
        let paid = charge(&world, token).await.ok();
        assert_eq!(paid["status"], "processing");
        let error = world
            .post(&format!("payment_intents/{}/cancel", id(&paid)), &[])
            .await
            .refused(400);
        assert_eq!(error["code"], "payment_intent_unexpected_state");
        world.settle().await;
        world.pass(3_600);
        assert_eq!(
            world.sandbox.next_due().await.unwrap().unwrap().unix_timestamp(),
            world.now()
        );
        world.settle().await;
        assert_eq!(
            world.get(&format!("payment_intents/{}", id(&paid))).await.ok()["status"],
            end
        );
    }
}

#[tokio::test]
async fn eight_confirmations_at_once_charge_once() {
    let world = World::new().await;
    let customer = world.customer().await;
    let method = world.attached(&customer, "pm_card_visa").await;
    let intent = world.intent(&customer, &method).await;
    let answers = futures::future::join_all((0..8).map(|_| world.confirm(&intent))).await;
    let paid = answers.iter().filter(|one| one.status == 200).count();
    assert_eq!(paid, 1);
    for refused in answers.into_iter().filter(|one| one.status != 200) {
        assert_eq!(refused.refused(400)["code"], "payment_intent_unexpected_state");
    }
    let state = world.state().await;
    assert_eq!(state["charges"][&intent]["succeeded"], 1);
    assert_eq!(state["balance"]["eur"]["total"], 2930);
}
