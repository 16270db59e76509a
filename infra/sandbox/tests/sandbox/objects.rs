//! Customers, refunds, lists, expansion: the quiet rest.

use serde_json::{Value, json};

use crate::world::{World, id};

async fn paid(world: &World, token: &str) -> Value {
    let customer = world.customer().await;
    let form = [
        ("amount", "3000"),
        ("currency", "eur"),
        ("customer", customer.as_str()),
        ("payment_method", token),
        ("confirm", "true"),
        ("off_session", "true"),
        ("metadata[pledge]", "7"),
    ];
    world.post("payment_intents", &form).await.ok()
}

#[tokio::test]
async fn refunds_never_exceed_what_was_paid() {
    let world = World::new().await;
    let intent = id(&paid(&world, "pm_card_visa").await);
    let form = [
        ("payment_intent", intent.as_str()),
        ("amount", "1000"),
        ("reason", "requested_by_customer"),
    ];
    let refund = world.post("refunds", &form).await.ok();
    assert_eq!(
        (&refund["status"], &refund["amount"]),
        (&"succeeded".into(), &1000.into())
    );
    let expand = format!("refunds/{}?expand[]=balance_transaction", id(&refund));
    let booked = world.get(&expand).await.ok()["balance_transaction"].clone();
    assert_eq!(
        (&booked["amount"], &booked["fee"], &booked["net"]),
        (&(-1000).into(), &0.into(), &(-1000).into())
    );
    let form = [("payment_intent", intent.as_str()), ("amount", "2001")];
    assert_eq!(world.post("refunds", &form).await.refused(400)["param"], "amount");
    world.post("refunds", &[("payment_intent", &intent)]).await.ok();
    let error = world
        .post("refunds", &[("payment_intent", &intent)])
        .await
        .refused(400);
    assert_eq!(error["code"], "charge_already_refunded");
    let state = world.state().await;
    assert_eq!(state["charges"][&intent]["refunded"], 3000);
    assert_eq!(state["balance"]["eur"]["total"], -70, "the fee is not given back");
    let listed = world.get(&format!("refunds?payment_intent={intent}")).await.ok();
    assert_eq!(listed["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn refunds_at_once_do_not_give_back_twice() {
    let world = World::new().await;
    let intent = id(&paid(&world, "pm_card_visa").await);
    let form = [("payment_intent", intent.as_str()), ("amount", "2000")];
    let answers = futures::future::join_all((0..6).map(|_| world.post("refunds", &form))).await;
    assert_eq!(answers.iter().filter(|one| one.status == 200).count(), 1);
    assert_eq!(world.state().await["charges"][&intent]["refunded"], 2000);
}

#[tokio::test]
async fn a_refund_that_fails_later_returns_the_money() {
    let world = World::new().await;
    let intent = id(&paid(&world, "pm_card_refundFail").await);
    let refund = world.post("refunds", &[("payment_intent", &intent)]).await.ok();
    assert_eq!(refund["status"], "succeeded");
    world.pass(3_600);
    world.settle().await;
    let seen = world.get(&format!("refunds/{}", id(&refund))).await.ok();
    assert_eq!(seen["status"], "failed");
    let state = world.state().await;
    assert_eq!(state["charges"][&intent]["refunded"], 0);
    assert_eq!(state["balance"]["eur"]["total"], 2930);
    assert!(world.told().await.contains(&"refund.failed".to_owned()));
}

#[tokio::test]
async fn money_of_the_instant_card_is_available_at_once() {
    let world = World::new().await;
    paid(&world, "pm_card_bypassPending").await;
    assert_eq!(
        world.get("balance").await.ok()["available"][0],
        json!({ "amount": 2930, "currency": "eur",
        "source_types": { "card": 2930 } })
    );
}

#[tokio::test]
async fn lists_page_from_newest_to_oldest() {
    let world = World::new().await;
    let mut made = vec![];
    for _ in 0..5 {
        made.push(world.customer().await);
        world.pass(1);
    }
    made.reverse();
    let ids = |list: &Value| {
        list["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(id)
            .collect::<Vec<_>>()
    };
    let first = world.get("customers?limit=2").await.ok();
    assert_eq!(
        (ids(&first), &first["has_more"]),
        (made[..2].to_vec(), &true.into())
    );
    let next = world
        .get(&format!("customers?limit=3&starting_after={}", made[1]))
        .await
        .ok();
    assert_eq!(
        (ids(&next), &next["has_more"]),
        (made[2..].to_vec(), &false.into())
    );
    let back = world
        .get(&format!("customers?limit=2&ending_before={}", made[3]))
        .await
        .ok();
    assert_eq!(
        (ids(&back), &back["has_more"]),
        (made[1..3].to_vec(), &true.into())
    );
    let since = world
        .get(&format!(
            "events?type=customer.created&created[gte]={}",
            world.now() - 2
        ))
        .await
        .ok();
    assert_eq!(since["data"].as_array().unwrap().len(), 2);
    world.get("customers?limit=101").await.refused(400);
    world.get("customers?starting_after=cus_x").await.refused(404);
}

#[tokio::test]
async fn references_are_expanded_when_asked() {
    let world = World::new().await;
    let intent = paid(&world, "pm_card_visa").await;
    assert!(intent["latest_charge"].is_string());
    assert_eq!(intent["metadata"], json!({ "pledge": "7" }));
    let wishes = "expand[]=data.latest_charge.balance_transaction&expand[]=data.customer";
    let path = format!(
        "payment_intents?customer={}&{wishes}",
        intent["customer"].as_str().unwrap()
    );
    let list = world.get(&path).await.ok();
    assert_eq!(list["data"][0]["latest_charge"]["balance_transaction"]["fee"], 70);
    assert_eq!(list["data"][0]["latest_charge"]["metadata"]["pledge"], "7");
    assert_eq!(list["data"][0]["customer"]["object"], "customer");
    let error = world
        .get(&format!("payment_intents/{}?expand[]=status", id(&intent)))
        .await
        .refused(400);
    assert_eq!(error["param"], "expand");
}

#[tokio::test]
async fn metadata_is_merged_and_an_empty_value_removes_its_key() {
    let world = World::new().await;
    let customer = world.customer().await;
    let path = format!("customers/{customer}");
    world
        .post(&path, &[("metadata[a]", "1"), ("metadata[b]", "2")])
        .await
        .ok();
    let seen = world
        .post(&path, &[("metadata[a]", ""), ("metadata[c]", "3"), ("email", "")])
        .await
        .ok();
    assert_eq!(seen["metadata"], json!({ "b": "2", "c": "3" }));
    assert_eq!(seen["email"], Value::Null);
    assert_eq!(
        world.post(&path, &[("metadata", "")]).await.ok()["metadata"],
        json!({})
    );
}

#[tokio::test]
async fn a_deleted_customer_keeps_no_cards() {
    let world = World::new().await;
    let customer = world.customer().await;
    let method = world.attached(&customer, "pm_card_visa").await;
    assert_eq!(
        world.delete(&format!("customers/{customer}")).await.ok()["deleted"],
        true
    );
    assert_eq!(
        world.get(&format!("payment_methods/{method}")).await.ok()["customer"],
        Value::Null
    );
    assert_eq!(
        world.get(&format!("customers/{customer}")).await.ok()["deleted"],
        true
    );
    world
        .post("setup_intents", &[("customer", &customer)])
        .await
        .refused(404);
    assert_eq!(world.get("customers").await.ok()["data"], json!([]));
}

#[tokio::test]
async fn the_amount_of_an_intent_can_change_until_it_is_paid() {
    let world = World::new().await;
    let customer = world.customer().await;
    let method = world.attached(&customer, "pm_card_visa").await;
    let intent = world.intent(&customer, &method).await;
    let path = format!("payment_intents/{intent}");
    let changed = world
        .post(&path, &[("amount", "4500"), ("description", "Open Oven")])
        .await
        .ok();
    assert_eq!(changed["amount"], 4500);
    assert_eq!(world.confirm(&intent).await.ok()["amount_received"], 4500);
    assert_eq!(
        world.post(&path, &[("description", "Oven")]).await.ok()["description"],
        "Oven"
    );
}
