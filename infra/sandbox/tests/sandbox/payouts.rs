//! Payouts from connected accounts to banks that pay, refuse, or change their mind.

use serde_json::{Value, json};

use crate::world::{World, id};

const GOOD: &str = "DE89370400440532013000";
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// An account with 40 euros, and a payout of 30 of them.
async fn sent(world: &World, bank: &str) -> (String, Value) {
    let account = world.account(bank).await;
    world.earn("10000").await;
    let form = [
        ("amount", "4000"),
        ("currency", "eur"),
        ("destination", account.as_str()),
    ];
    world.post("transfers", &form).await.ok();
    let form = [
        ("amount", "3000"),
        ("currency", "eur"),
        ("statement_descriptor", "FELAG OPEN OVEN"),
        ("metadata[tranche]", "1"),
    ];
    let payout = world.post_on(&account, "payouts", &form).await.ok();
    (account, payout)
}

async fn now(world: &World, account: &str, payout: &Value) -> Value {
    world.settle().await;
    world
        .get_on(account, &format!("payouts/{}", id(payout)))
        .await
        .ok()
}

#[tokio::test]
async fn a_payout_is_on_its_way_and_then_paid() {
    let world = World::new().await;
    let (account, payout) = sent(&world, GOOD).await;
    assert_eq!(
        (&payout["status"], &payout["automatic"]),
        (&"pending".into(), &false.into())
    );
    assert_eq!(payout["arrival_date"], world.now() + DAY);
    assert_eq!(
        world.euros(Some(&account)).await,
        (1000, 0),
        "the money has left the balance"
    );
    world.pass(6 * HOUR);
    let seen = now(&world, &account, &payout).await;
    assert_eq!(seen["status"], "in_transit");
    let reference = seen["trace_id"]["value"].as_str().unwrap();
    assert!(
        reference.starts_with("SBX") && reference.len() == 15,
        "{reference}"
    );
    world.pass(18 * HOUR);
    let seen = now(&world, &account, &payout).await;
    assert_eq!(seen["status"], "paid");
    assert_eq!(seen["trace_id"]["value"], reference);
    let rows = world.rows(Some(&account)).await;
    assert_eq!(rows, [("payment".into(), 4000, 0), ("payout".into(), -3000, 0)]);
    let told = world.told_on(&account).await;
    assert_eq!(
        told[4..],
        [
            "payout.created",
            "payout.updated",
            "payout.updated",
            "payout.paid"
        ]
    );
    let told = world.get_on(&account, "events?limit=1").await.ok();
    assert_eq!(told["data"][0]["account"], account);
    let list = world.get_on(&account, "payouts?status=paid").await.ok();
    assert_eq!(list["data"], json!([seen]));
    let list = world.get_on(&account, "payouts?status=failed").await.ok();
    assert_eq!(list["data"], json!([]));
    world.get(&format!("payouts/{}", id(&payout))).await.refused(404);
}

#[tokio::test]
async fn a_bank_that_refuses_gives_the_money_back_and_ends_payouts() {
    let world = World::new().await;
    let (account, payout) = sent(&world, "DE62370400440532013001").await;
    world.pass(DAY);
    let seen = now(&world, &account, &payout).await;
    assert_eq!(
        (&seen["status"], &seen["failure_code"]),
        (&"failed".into(), &"no_account".into())
    );
    assert_eq!(world.euros(Some(&account)).await, (4000, 0));
    let rows = world.rows(Some(&account)).await;
    assert_eq!(rows[2], ("payout_failure".into(), 3000, 0));
    let row = seen["failure_balance_transaction"].as_str().unwrap();
    let row = world
        .get_on(&account, &format!("balance_transactions/{row}"))
        .await
        .ok();
    assert_eq!(
        (&row["source"], &row["reporting_category"]),
        (&seen["id"], &"payout_reversal".into())
    );
    let told = world.told_on(&account).await;
    assert_eq!(
        told[told.len() - 4..],
        [
            "payout.updated",
            "payout.failed",
            "account.external_account.updated",
            "account.updated"
        ]
    );
    let lost = world.get(&format!("accounts/{account}")).await.ok();
    assert_eq!(lost["payouts_enabled"], false);
    assert_eq!(
        lost["capabilities"]["transfers"], "active",
        "money may still arrive"
    );
    assert_eq!(lost["external_accounts"]["data"][0]["status"], "errored");
    assert_eq!(lost["requirements"]["currently_due"], json!(["external_account"]));
    let form = [("amount", "1000"), ("currency", "eur")];
    let error = world.post_on(&account, "payouts", &form).await.refused(400);
    assert_eq!(error["code"], "payouts_not_allowed");
    let act = json!({ "do": "bank", "bank": GOOD });
    let found = world.control(&format!("accounts/{account}"), act).await.ok();
    assert_eq!(found["payouts_enabled"], true);
    world.post_on(&account, "payouts", &form).await.ok();
}

#[tokio::test]
async fn a_payout_can_fail_after_it_was_paid() {
    let world = World::new().await;
    let (account, payout) = sent(&world, "DE08370400440532013003").await;
    world.pass(DAY);
    assert_eq!(now(&world, &account, &payout).await["status"], "paid");
    world.pass(3 * DAY);
    let seen = now(&world, &account, &payout).await;
    assert_eq!(
        (&seen["status"], &seen["failure_code"]),
        (&"failed".into(), &"account_frozen".into())
    );
    assert_eq!(world.euros(Some(&account)).await, (4000, 0));
}

#[tokio::test]
async fn a_payout_can_stay_on_its_way_until_a_switch_fails_it() {
    let world = World::new().await;
    let (account, payout) = sent(&world, "DE78370400440532013004").await;
    world.pass(30 * DAY);
    assert_eq!(now(&world, &account, &payout).await["status"], "in_transit");
    let act = json!({ "do": "fail", "code": "account_closed" });
    let path = format!("payouts/{}", id(&payout));
    let failed = world.control(&path, act.clone()).await.ok();
    assert_eq!(failed["failure_code"], "account_closed");
    world.control(&path, act).await.refused(400);
    assert_eq!(world.euros(Some(&account)).await, (4000, 0), "given back once");
}

#[tokio::test]
async fn a_payout_can_be_taken_back_while_it_is_pending() {
    let world = World::new().await;
    let (account, payout) = sent(&world, GOOD).await;
    let path = format!("payouts/{}/cancel", id(&payout));
    let seen = world.post_on(&account, &path, &[]).await.ok();
    assert_eq!(seen["status"], "canceled");
    assert_eq!(
        world.rows(Some(&account)).await[2],
        ("payout_cancel".into(), 3000, 0)
    );
    world.post_on(&account, &path, &[]).await.refused(400);
    world.pass(5 * DAY);
    assert_eq!(now(&world, &account, &payout).await["status"], "canceled");
    assert_eq!(world.euros(Some(&account)).await, (4000, 0));
}

#[tokio::test]
async fn a_payout_above_the_balance_or_without_a_bank_is_refused() {
    let world = World::new().await;
    let (account, _) = sent(&world, GOOD).await;
    let form = [("amount", "1001"), ("currency", "eur")];
    let error = world.post_on(&account, "payouts", &form).await.refused(400);
    assert_eq!(error["code"], "balance_insufficient");
    let form = [("amount", "100"), ("currency", "usd")];
    let error = world.post_on(&account, "payouts", &form).await.refused(400);
    assert!(
        error["message"].as_str().unwrap().contains("external accounts"),
        "{error}"
    );
    let form = [
        ("amount", "100"),
        ("currency", "eur"),
        ("destination", "ba_sbx_other"),
    ];
    world.post_on(&account, "payouts", &form).await.refused(404);
    let form = [("amount", "100"), ("currency", "eur"), ("methd", "instant")];
    assert_eq!(
        world.post_on(&account, "payouts", &form).await.refused(400)["param"],
        "methd"
    );
    assert_eq!(world.rows(Some(&account)).await.len(), 2);
}

#[tokio::test]
async fn the_platform_pays_out_its_own_money_too() {
    let world = World::new().await;
    world.earn("10000").await;
    let form = [("amount", "9000"), ("currency", "eur")];
    let payout = world.post("payouts", &form).await.ok();
    world.pass(DAY);
    world.settle().await;
    let seen = world.get(&format!("payouts/{}", id(&payout))).await.ok();
    assert_eq!(seen["status"], "paid");
    assert_eq!(world.euros(None).await, (10_000 - 175 - 9000, 0));
    assert_eq!(world.told().await.last().unwrap(), "payout.paid");
}

#[tokio::test]
async fn an_account_on_a_daily_schedule_pays_out_by_itself() {
    let world = World::new().await;
    let account = world.account(GOOD).await;
    let daily = [("settings[payouts][schedule][interval]", "daily")];
    world.post(&format!("accounts/{account}"), &daily).await.ok();
    world.earn("10000").await;
    for cents in ["1500", "2500"] {
        let form = [
            ("amount", cents),
            ("currency", "eur"),
            ("destination", account.as_str()),
        ];
        world.post("transfers", &form).await.ok();
    }
    world.pass(DAY);
    world.settle().await;
    let payouts = world.get_on(&account, "payouts").await.ok();
    assert_eq!(payouts["data"].as_array().unwrap().len(), 1);
    let payout = &payouts["data"][0];
    assert_eq!(
        (&payout["amount"], &payout["automatic"]),
        (&4000.into(), &true.into())
    );
    let path = format!("balance_transactions?payout={}", id(payout));
    let rows = world.get_on(&account, &path).await.ok();
    let amounts: Vec<i64> = rows["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["amount"].as_i64().unwrap())
        .collect();
    assert_eq!(amounts.len(), 3);
    assert_eq!(amounts.iter().sum::<i64>(), 0, "what came in went out");
    assert_eq!(world.euros(Some(&account)).await, (0, 0));
    assert!(
        world
            .told_on(&account)
            .await
            .contains(&"payout.reconciliation_completed".into())
    );
    world.pass(DAY);
    world.settle().await;
    let payouts = world.get_on(&account, "payouts").await.ok();
    assert_eq!(
        payouts["data"].as_array().unwrap().len(),
        1,
        "nothing more to pay out"
    );
    assert_eq!(payouts["data"][0]["status"], "paid");
}

#[tokio::test]
async fn rows_of_a_payout_made_by_hand_cannot_be_asked_for() {
    let world = World::new().await;
    let (account, payout) = sent(&world, GOOD).await;
    let path = format!("balance_transactions?payout={}", id(&payout));
    let error = world.get_on(&account, &path).await.refused(400);
    assert!(
        error["message"].as_str().unwrap().contains("automatic"),
        "{error}"
    );
}
