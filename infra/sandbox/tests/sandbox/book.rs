//! The sandbox's book: every movement has one row, rows can be found again, units follow the currency.

use serde_json::{Value, json};

use crate::world::{START, World, id};

const DAY: i64 = 86_400;
const IBAN: &str = "DE89370400440532013000";

/// All ids that a listing gives, page by page.
async fn walk(world: &World, query: &str) -> Vec<String> {
    let (mut ids, mut after) = (Vec::new(), String::new());
    loop {
        let page = world
            .get(&format!("balance_transactions?limit=2&{query}{after}"))
            .await
            .ok();
        for row in page["data"].as_array().unwrap() {
            ids.push(id(row));
        }
        if page["has_more"] == false {
            return ids;
        }
        after = format!("&starting_after={}", ids.last().unwrap());
    }
}

#[tokio::test]
async fn rows_are_found_by_type_source_currency_and_time() {
    let world = World::new().await;
    let first = world.earn("10000").await;
    world.pass(DAY);
    let form = [("charge", &*id(&first)), ("amount", "500")];
    let refund = world.post("refunds", &form).await.ok();
    let yen = [
        ("amount", "700"),
        ("currency", "jpy"),
        ("payment_method", "pm_card_visa"),
        ("confirm", "true"),
    ];
    world.post("payment_intents", &yen).await.ok();
    world.pass(DAY);
    world.earn("2000").await;
    assert_eq!(walk(&world, "").await.len(), 4);
    assert_eq!(walk(&world, "type=charge").await.len(), 3);
    assert_eq!(walk(&world, "currency=jpy").await.len(), 1);
    assert_eq!(walk(&world, "currency=JPY&type=refund").await.len(), 0);
    let found = walk(&world, &format!("source={}", id(&refund))).await;
    assert_eq!(found, [refund["balance_transaction"].as_str().unwrap()]);
    let (from, to) = (START + DAY, START + 2 * DAY);
    let middle = walk(&world, &format!("created[gte]={from}&created[lt]={to}")).await;
    assert_eq!(middle.len(), 2);
    assert_eq!(walk(&world, &format!("created[gt]={from}")).await.len(), 1);
    assert_eq!(walk(&world, &format!("created[lte]={from}")).await.len(), 3);
    let row = world
        .get(&format!("balance_transactions/{}", found[0]))
        .await
        .ok();
    assert_eq!((&row["type"], &row["amount"]), (&"refund".into(), &(-500).into()));
    let error = world.get("balance_transactions?sorce=x").await.refused(400);
    assert_eq!(error["param"], "sorce");
}

#[tokio::test]
async fn every_movement_has_exactly_one_row_and_their_sum_is_the_balance() {
    let world = World::new().await;
    let account = world.account(IBAN).await;
    let charge = world.earn("10000").await;
    let form = [
        ("amount", "4000"),
        ("currency", "eur"),
        ("destination", account.as_str()),
    ];
    let transfer = world.post("transfers", &form).await.ok();
    world
        .post(
            &format!("transfers/{}/reversals", id(&transfer)),
            &[("amount", "1000")],
        )
        .await
        .ok();
    let refund = world
        .post("refunds", &[("charge", &*id(&charge)), ("amount", "1000")])
        .await
        .ok();
    world
        .control(&format!("refunds/{}", id(&refund)), json!({ "do": "fail" }))
        .await
        .ok();
    let dispute = world
        .control("disputes", json!({ "charge": id(&charge), "amount": 2000 }))
        .await
        .ok();
    world
        .control(&format!("disputes/{}", id(&dispute)), json!({ "do": "win" }))
        .await
        .ok();
    let payout = world
        .post("payouts", &[("amount", "1000"), ("currency", "eur")])
        .await
        .ok();
    world
        .control(&format!("payouts/{}", id(&payout)), json!({ "do": "fail" }))
        .await
        .ok();
    let rows = world.rows(None).await;
    let kinds: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "charge",
            "transfer",
            "transfer_refund",
            "refund",
            "refund_failure",
            "adjustment",
            "adjustment",
            "payout",
            "payout_failure"
        ]
    );
    let net: i64 = rows.iter().map(|row| row.1 - row.2).sum();
    assert_eq!(world.euros(None).await, (net, 0));
    assert_eq!(net, 10_000 - 175 - 3000);
    let net: i64 = world
        .rows(Some(&account))
        .await
        .iter()
        .map(|row| row.1 - row.2)
        .sum();
    assert_eq!(world.euros(Some(&account)).await, (net, 0));
    let state = world.state().await;
    assert_eq!(state["accounts"][&account]["eur"]["total"], net);
}

#[tokio::test]
async fn units_and_limits_follow_the_currency_wherever_money_moves() {
    let world = World::new().await;
    for (currency, whole, odd, least, fee, dispute_fee) in [
        ("eur", "1205", None, "50", 43, 1500),
        ("usd", "1205", None, "50", 48, 1500),
        ("jpy", "1205", None, "50", 58, 1300),
        ("isk", "120500", Some("120550"), "10000", 5300, 200_000),
        ("kwd", "12050", Some("12055"), "160", 260, 4500),
    ] {
        let pay = async |amount: &str| {
            let form = [
                ("amount", amount),
                ("currency", currency),
                ("payment_method", "pm_card_bypassPending"),
                ("confirm", "true"),
                ("expand[]", "latest_charge.balance_transaction"),
            ];
            world.post("payment_intents", &form).await
        };
        let paid = pay(whole).await.ok();
        let row = &paid["latest_charge"]["balance_transaction"];
        assert_eq!(row["fee"], fee, "{currency}");
        let below = (least.parse::<i64>().unwrap() - 1).to_string();
        assert_eq!(
            pay(&below).await.refused(400)["code"],
            "amount_too_small",
            "{currency}"
        );
        pay(least).await.ok();
        let charge = id(&paid["latest_charge"]);
        let refund = async |amount: &str| {
            let form = [("charge", charge.as_str()), ("amount", amount)];
            world.post("refunds", &form).await
        };
        let account = world.account(IBAN).await;
        let transfer = async |amount: &str| {
            let form = [
                ("amount", amount),
                ("currency", currency),
                ("destination", &*account),
            ];
            world.post("transfers", &form).await
        };
        if let Some(odd) = odd {
            assert_eq!(pay(odd).await.refused(400)["param"], "amount", "{currency}");
            let odd = &odd[odd.len() - 3..];
            assert_eq!(refund(odd).await.refused(400)["param"], "amount", "{currency}");
            assert_eq!(transfer(odd).await.refused(400)["param"], "amount", "{currency}");
        }
        let half = (whole.parse::<i64>().unwrap() / 2 / 100 * 100).to_string();
        transfer(&half).await.ok();
        let wish = json!({ "charge": charge });
        let dispute = world.control("disputes", wish).await.ok();
        let row: &Value = &dispute["balance_transactions"][0];
        assert_eq!(row["fee"], dispute_fee, "{currency}");
    }
}

#[tokio::test]
async fn a_payout_in_forint_is_in_whole_forint() {
    let world = World::new().await;
    let form = [
        ("amount", "100050"),
        ("currency", "huf"),
        ("payment_method", "pm_card_bypassPending"),
        ("confirm", "true"),
    ];
    world.post("payment_intents", &form).await.ok();
    let form = [("amount", "10050"), ("currency", "huf")];
    assert_eq!(world.post("payouts", &form).await.refused(400)["param"], "amount");
    let form = [("amount", "10000"), ("currency", "huf")];
    world.post("payouts", &form).await.ok();
}
