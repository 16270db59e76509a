//! SEPA debits: a mandate, days of waiting, and every way they can end.

use serde_json::{Value, json};

use crate::world::{Answer, World, id};

const DAY: i64 = 86_400;
const GOOD: &str = "AT611904300234573201";

/// A payment method of a customer, saved on the hosted page.
async fn saved(world: &World, iban: &str) -> (String, Value) {
    let customer = world.customer().await;
    let form = [
        ("mode", "setup"),
        ("customer", customer.as_str()),
        ("currency", "eur"),
        ("payment_method_types[]", "card"),
        ("payment_method_types[]", "sepa_debit"),
        ("success_url", "http://127.0.0.1:8080/done"),
    ];
    let session = world.post("checkout/sessions", &form).await.ok();
    let url = session["url"].as_str().unwrap();
    let page = world.page(url).await;
    assert!(page.text.contains("AT61 1904 3002 3457 3201"), "{}", page.text);
    let token = page.text.split_once("name=\"token\" value=\"").unwrap().1;
    let token = token.split_once('"').unwrap().0;
    let form = [("token", token), ("debit", ""), ("iban", iban), ("name", "")];
    let page = world.submit(url, &form).await;
    assert!(
        page.status == 422 && page.text.contains("id=\"name-error\""),
        "{}",
        page.text
    );
    let form = [
        ("token", token),
        ("debit", ""),
        ("iban", iban),
        ("name", "Ada Lovelace"),
    ];
    assert_eq!(
        world.submit(url, &form).await.onward(),
        "http://127.0.0.1:8080/done"
    );
    let path = format!(
        "checkout/sessions/{}?expand[]=setup_intent.payment_method",
        id(&session)
    );
    let intent = world.get(&path).await.ok()["setup_intent"].clone();
    assert_eq!(intent["status"], "succeeded");
    (customer, intent)
}

async fn debit(world: &World, customer: &str, method: &str) -> Value {
    let form = [
        ("amount", "3000"),
        ("currency", "eur"),
        ("customer", customer),
        ("payment_method", method),
        ("payment_method_types[]", "sepa_debit"),
        ("off_session", "true"),
        ("confirm", "true"),
    ];
    world.post("payment_intents", &form).await.ok()
}

async fn charge(world: &World, intent: &Value) -> Value {
    let path = format!("payment_intents/{}?expand[]=latest_charge", id(intent));
    world.get(&path).await.ok()["latest_charge"].clone()
}

#[tokio::test]
async fn a_debit_is_saved_with_a_mandate_and_paid_days_later() {
    let world = World::new().await;
    let (customer, setup) = saved(&world, "AT61 1904 3002 3457 3201").await;
    let method = &setup["payment_method"];
    assert_eq!(
        (
            &method["type"],
            &method["sepa_debit"]["last4"],
            &method["customer"]
        ),
        (&"sepa_debit".into(), &"3201".into(), &customer.clone().into())
    );
    assert_eq!(method["billing_details"]["email"], "ada@felag.example");
    let mandate = setup["mandate"].as_str().unwrap();
    let mandate = world.get(&format!("mandates/{mandate}")).await.ok();
    assert_eq!(
        (&mandate["status"], &mandate["type"]),
        (&"active".into(), &"multi_use".into())
    );
    assert_eq!(mandate["payment_method"], method["id"]);
    let intent = debit(&world, &customer, &id(method)).await;
    assert_eq!(intent["status"], "processing");
    let pending = charge(&world, &intent).await;
    assert_eq!(
        (&pending["status"], &pending["paid"]),
        (&"pending".into(), &false.into())
    );
    assert_eq!(
        pending["payment_method_details"]["sepa_debit"]["mandate"],
        mandate["id"]
    );
    assert_eq!(world.rows(None).await, []);
    world.pass(5 * DAY - 1);
    world.settle().await;
    assert_eq!(charge(&world, &intent).await["status"], "pending");
    world.pass(1);
    world.settle().await;
    let paid = charge(&world, &intent).await;
    assert_eq!(
        (&paid["id"], &paid["status"]),
        (&pending["id"], &"succeeded".into())
    );
    assert_eq!(world.rows(None).await, [("payment".into(), 3000, 35)]);
    let told = world.told().await;
    assert_eq!(
        told[told.len() - 5..],
        [
            "payment_intent.created",
            "charge.pending",
            "payment_intent.processing",
            "charge.succeeded",
            "payment_intent.succeeded"
        ]
    );
    let refund = world
        .post("refunds", &[("payment_intent", &id(&intent))])
        .await
        .ok();
    assert_eq!(refund["destination_details"]["type"], "sepa_bank_transfer");
    assert_eq!(world.rows(None).await[1], ("payment_refund".into(), -3000, 0));
}

#[tokio::test]
async fn a_debit_can_fail_late_in_every_way_there_is() {
    let world = World::new().await;
    for (token, days, code) in [
        ("pm_failed_at", 3, "refer_to_customer"),
        ("pm_failedDelayed_de", 14, "refer_to_customer"),
        ("pm_insufficientFunds_at", 3, "insufficient_funds"),
        ("pm_exceedsWeeklyVolumeLimit_de", 1, "charge_exceeds_source_limit"),
        (
            "pm_sepaDebit_exceedsWeeklyTransactionLimit_at",
            1,
            "charge_exceeds_weekly_limit",
        ),
    ] {
        let customer = world.customer().await;
        let method = agreed(&world, &customer, token).await.ok()["payment_method"].clone();
        let intent = debit(&world, &customer, method.as_str().unwrap()).await;
        let first = charge(&world, &intent).await;
        world.pass(days * DAY - 1);
        world.settle().await;
        let path = format!("payment_intents/{}", id(&intent));
        assert_eq!(world.get(&path).await.ok()["status"], "processing", "{token}");
        world.pass(1);
        world.settle().await;
        let seen = world.get(&path).await.ok();
        assert_eq!(seen["status"], "requires_payment_method", "{token}");
        assert_eq!(seen["last_payment_error"]["code"], code);
        assert_eq!(seen["latest_charge"], first["id"]);
        assert_eq!(charge(&world, &intent).await["failure_code"], code);
    }
    assert_eq!(world.rows(None).await, [], "no money moved");
}

/// Saves a debit through the API, with the customer's acceptance.
async fn agreed(world: &World, customer: &str, token: &str) -> Answer {
    let form = [
        ("customer", customer),
        ("payment_method", token),
        ("payment_method_types[]", "sepa_debit"),
        ("mandate_data[customer_acceptance][type]", "online"),
        (
            "mandate_data[customer_acceptance][online][ip_address]",
            "127.0.0.1",
        ),
        ("mandate_data[customer_acceptance][online][user_agent]", "test"),
        ("confirm", "true"),
    ];
    world.post("setup_intents", &form).await
}

#[tokio::test]
async fn a_debit_that_was_paid_can_be_called_back_for_good() {
    let world = World::new().await;
    let (customer, setup) = saved(&world, "AT591904300235473203").await;
    let intent = debit(&world, &customer, &id(&setup["payment_method"])).await;
    world.pass(5 * DAY);
    world.settle().await;
    assert_eq!(
        world.get(&format!("payment_intents/{}", id(&intent))).await.ok()["status"],
        "succeeded"
    );
    world.pass(3600);
    world.settle().await;
    let path = format!("disputes?payment_intent={}", id(&intent));
    let dispute = world.get(&path).await.ok()["data"][0].clone();
    assert_eq!(
        (&dispute["status"], &dispute["reason"]),
        (&"lost".into(), &"customer_initiated".into())
    );
    assert_eq!(dispute["payment_method_details"], json!({ "type": "sepa_debit" }));
    let rows = world.rows(None).await;
    assert_eq!(
        rows,
        [("payment".into(), 3000, 35), ("adjustment".into(), -3000, 1500)]
    );
    let told = world.told().await;
    assert_eq!(
        told[told.len() - 3..],
        [
            "charge.dispute.created",
            "charge.dispute.funds_withdrawn",
            "charge.dispute.closed"
        ]
    );
}

#[tokio::test]
async fn a_debit_needs_an_account_a_holder_and_a_mandate() {
    let world = World::new().await;
    let customer = world.customer().await;
    let mut form = vec![("type", "sepa_debit"), ("sepa_debit[iban]", GOOD)];
    let error = world.post("payment_methods", &form).await.refused(400);
    assert_eq!(error["param"], "billing_details[name]");
    form.extend([
        ("billing_details[name]", "Ada"),
        ("billing_details[email]", "ada@felag.example"),
    ]);
    let method = id(&world.post("payment_methods", &form).await.ok());
    form[1].1 = "AT611904300234573202";
    let error = world.post("payment_methods", &form).await.refused(400);
    assert_eq!(error["code"], "invalid_bank_account_iban");
    world
        .post(
            &format!("payment_methods/{method}/attach"),
            &[("customer", &customer)],
        )
        .await
        .ok();
    let form = [
        ("amount", "3000"),
        ("currency", "eur"),
        ("customer", customer.as_str()),
        ("payment_method", method.as_str()),
        ("confirm", "true"),
    ];
    let error = world.post("payment_intents", &form).await.refused(400);
    assert_eq!(error["param"], "mandate_data");
    let mut form = form.to_vec();
    form.push(("mandate_data[customer_acceptance][type]", "offline"));
    let intent = world.post("payment_intents", &form).await.ok();
    assert_eq!(intent["status"], "processing");
    let path = format!("payment_intents/{}/cancel", id(&intent));
    world.post(&path, &[]).await.refused(400);
}

#[tokio::test]
async fn a_debit_is_in_euro_and_only_where_it_was_asked_for() {
    let world = World::new().await;
    let customer = world.customer().await;
    let method = agreed(&world, &customer, "pm_success_at").await.ok()["payment_method"].clone();
    let method = method.as_str().unwrap();
    let form = [
        ("amount", "3000"),
        ("currency", "usd"),
        ("payment_method_types[]", "sepa_debit"),
    ];
    let error = world.post("payment_intents", &form).await.refused(400);
    assert_eq!(error["param"], "payment_method_types");
    for (currency, types) in [("usd", None), ("eur", Some("card"))] {
        let mut form = vec![
            ("amount", "3000"),
            ("currency", currency),
            ("customer", customer.as_str()),
            ("payment_method", method),
        ];
        form.extend(types.map(|types| ("payment_method_types[]", types)));
        let error = world.post("payment_intents", &form).await.refused(400);
        assert_eq!(error["param"], "payment_method", "{currency}");
    }
    let form = [
        ("amount", "3000"),
        ("currency", "eur"),
        ("payment_method_types[]", "klarna"),
    ];
    world.post("payment_intents", &form).await.refused(400);
}

#[tokio::test]
async fn a_mandate_ends_with_its_payment_method() {
    let world = World::new().await;
    let (_, setup) = saved(&world, GOOD).await;
    let path = format!("payment_methods/{}/detach", id(&setup["payment_method"]));
    world.post(&path, &[]).await.ok();
    let mandate = setup["mandate"].as_str().unwrap();
    let mandate = world.get(&format!("mandates/{mandate}")).await.ok();
    assert_eq!(mandate["status"], "inactive");
    assert!(world.told().await.contains(&"mandate.updated".into()));
    world.get("mandates").await.refused(404);
}
