//! Transfers to connected accounts, and back.

use serde_json::{Value, json};

use crate::world::{START, World, id};

const IBAN: &str = "DE89370400440532013000";
const DAY: i64 = 86_400;

async fn send(world: &World, account: &str, cents: &str) -> Value {
    let form = [
        ("amount", cents),
        ("currency", "eur"),
        ("destination", account),
        ("transfer_group", "campaign-7"),
        ("metadata[tranche]", "1"),
    ];
    world.post("transfers", &form).await.ok()
}

#[tokio::test]
async fn a_transfer_moves_money_and_books_it_on_both_sides() {
    let world = World::new().await;
    let account = world.account(IBAN).await;
    world.earn("10000").await;
    let transfer = send(&world, &account, "4000").await;
    assert_eq!(transfer["object"], "transfer");
    assert_eq!(
        (&transfer["amount_reversed"], &transfer["reversed"]),
        (&0.into(), &false.into())
    );
    assert_eq!(transfer["metadata"], json!({ "tranche": "1" }));
    assert_eq!(world.euros(None).await, (10_000 - 175 - 4000, 0));
    assert_eq!(world.euros(Some(&account)).await, (4000, 0));
    let rows = world.rows(None).await;
    assert_eq!(rows[1], ("transfer".into(), -4000, 0));
    assert_eq!(world.rows(Some(&account)).await, [("payment".into(), 4000, 0)]);
    let row = world.get_on(&account, "balance_transactions").await.ok()["data"][0].clone();
    assert_eq!(row["source"], transfer["destination_payment"]);
    assert_eq!(row["reporting_category"], "charge");
    let payment = transfer["destination_payment"].as_str().unwrap();
    let path = format!("charges/{payment}");
    let payment = world.get_on(&account, &path).await.ok();
    assert_eq!(payment["source_transfer"], transfer["id"]);
    world.get(&path).await.refused(404);
    assert_eq!(world.told().await.last().unwrap(), "transfer.created");
    assert_eq!(world.told_on(&account).await.last().unwrap(), "payment.created");
    let other = send(&world, &account, "100").await;
    let list = world.get("transfers?transfer_group=campaign-7").await.ok();
    assert_eq!(list["data"][0]["id"], other["id"], "newest first");
    assert_eq!(list["data"][1]["id"], transfer["id"]);
    let path = format!("transfers?destination={account}&limit=1");
    assert_eq!(world.get(&path).await.ok()["has_more"], true);
    let none = world.get("transfers?transfer_group=campaign-8").await.ok();
    assert_eq!(none["data"], json!([]));
    let path = format!("transfers/{}", id(&transfer));
    let changed = world.post(&path, &[("description", "First tranche")]).await.ok();
    assert_eq!(changed["description"], "First tranche");
    assert_eq!(world.get(&path).await.ok(), changed);
}

#[tokio::test]
async fn money_that_is_still_pending_cannot_be_transferred() {
    let world = World::new().await;
    let account = world.account(IBAN).await;
    let customer = world.customer().await;
    let card = world.attached(&customer, "pm_card_visa").await;
    let intent = world.intent(&customer, &card).await;
    world.confirm(&intent).await.ok();
    let form = [
        ("amount", "1000"),
        ("currency", "eur"),
        ("destination", account.as_str()),
    ];
    let error = world.post("transfers", &form).await.refused(400);
    assert_eq!(error["code"], "balance_insufficient");
    world.pass(2 * DAY);
    world.post("transfers", &form).await.ok();
    let form = [
        ("amount", "2000"),
        ("currency", "eur"),
        ("destination", account.as_str()),
    ];
    assert_eq!(
        world.post("transfers", &form).await.refused(400)["code"],
        "balance_insufficient",
        "30 euros came in, less the fee"
    );
    assert_eq!(world.euros(None).await, (3000 - 70 - 1000, 0));
}

#[tokio::test]
async fn a_transfer_from_a_charge_arrives_when_the_charge_does() {
    let world = World::new().await;
    let account = world.account(IBAN).await;
    let customer = world.customer().await;
    let card = world.attached(&customer, "pm_card_visa").await;
    let intent = world.intent(&customer, &card).await;
    let charge = world.confirm(&intent).await.ok()["latest_charge"].clone();
    let charge = charge.as_str().unwrap();
    let mut form = [
        ("amount", "2000"),
        ("currency", "eur"),
        ("destination", account.as_str()),
        ("source_transaction", charge),
    ];
    let transfer = world.post("transfers", &form).await.ok();
    assert_eq!(transfer["transfer_group"], format!("group_{charge}"));
    assert_eq!(world.euros(None).await, (0, 3000 - 70 - 2000));
    assert_eq!(world.euros(Some(&account)).await, (0, 2000));
    form[0].1 = "1001";
    let error = world.post("transfers", &form).await.refused(400);
    assert_eq!(error["param"], "amount", "20 of 30 euros are taken");
    let mut dollars = form;
    dollars[1].1 = "usd";
    assert_eq!(
        world.post("transfers", &dollars).await.refused(400)["param"],
        "source_transaction"
    );
    world.pass(2 * DAY);
    assert_eq!(world.euros(Some(&account)).await, (2000, 0));
    assert_eq!(world.now(), START + 2 * DAY);
}

#[tokio::test]
async fn a_transfer_needs_an_account_that_can_take_it() {
    let world = World::new().await;
    world.earn("10000").await;
    let account = world.account(IBAN).await;
    let mut form = [
        ("amount", "1000"),
        ("currency", "eur"),
        ("destination", account.as_str()),
    ];
    for act in ["disable", "never", "reject"] {
        let path = format!("accounts/{account}");
        world.control(&path, json!({ "do": act })).await.ok();
        let error = world.post("transfers", &form).await.refused(400);
        assert_eq!(error["code"], "insufficient_capabilities_for_transfer", "{act}");
    }
    form[2].1 = "acct_sbx_nobody";
    let error = world.post("transfers", &form).await.refused(404);
    assert_eq!(
        (&error["code"], &error["param"]),
        (&"resource_missing".into(), &"destination".into())
    );
    for amount in ["0", "-5", "1.5"] {
        form[0].1 = amount;
        assert_eq!(
            world.post("transfers", &form).await.refused(400)["param"],
            "amount"
        );
    }
    let unknown = [
        ("amount", "1"),
        ("currency", "eur"),
        ("destination", "x"),
        ("group", "x"),
    ];
    assert_eq!(
        world.post("transfers", &unknown).await.refused(400)["param"],
        "group"
    );
    assert_eq!(world.rows(None).await.len(), 1, "only the charge was booked");
}

#[tokio::test]
async fn transfers_at_once_never_spend_the_same_money() {
    let world = World::new().await;
    let (one, other) = (world.account(IBAN).await, world.account(IBAN).await);
    world.earn("10000").await;
    let forms: Vec<_> = (0..8)
        .map(|at| {
            [
                ("amount", "4000"),
                ("currency", "eur"),
                ("destination", [&*one, &*other][at % 2]),
            ]
        })
        .collect();
    let sent = forms.iter().map(|form| world.post("transfers", form));
    let answers = futures::future::join_all(sent).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 2);
    assert_eq!(world.euros(None).await.0, 10_000 - 175 - 8000);
}

#[tokio::test]
async fn a_transfer_can_be_taken_back_in_parts_but_not_twice() {
    let world = World::new().await;
    let account = world.account(IBAN).await;
    world.earn("10000").await;
    let transfer = send(&world, &account, "4000").await;
    let path = format!("transfers/{}/reversals", id(&transfer));
    let part = world
        .post(&path, &[("amount", "1500"), ("metadata[why]", "refund")])
        .await
        .ok();
    assert_eq!(
        (&part["object"], &part["amount"]),
        (&"transfer_reversal".into(), &1500.into())
    );
    let error = world.post(&path, &[("amount", "2501")]).await.refused(400);
    assert_eq!(error["param"], "amount");
    let rest = world.post(&path, &[]).await.ok();
    assert_eq!(rest["amount"], 2500);
    world.post(&path, &[]).await.refused(400);
    let seen = world.get(&format!("transfers/{}", id(&transfer))).await.ok();
    assert_eq!(
        (&seen["amount_reversed"], &seen["reversed"]),
        (&4000.into(), &true.into())
    );
    assert_eq!(seen["reversals"]["data"][0]["id"], rest["id"]);
    let listed = world.get(&path).await.ok();
    assert_eq!(listed["data"][1], part);
    assert_eq!(world.get(&format!("{path}/{}", id(&part))).await.ok(), part);
    assert_eq!(world.euros(None).await, (10_000 - 175, 0));
    assert_eq!(world.euros(Some(&account)).await, (0, 0));
    let rows = world.rows(None).await;
    assert_eq!(
        rows[2..],
        [
            ("transfer_refund".into(), 1500, 0),
            ("transfer_refund".into(), 2500, 0)
        ]
    );
    let rows = world.rows(Some(&account)).await;
    assert_eq!(
        rows[1..],
        [
            ("payment_refund".into(), -1500, 0),
            ("payment_refund".into(), -2500, 0)
        ]
    );
}

#[tokio::test]
async fn money_that_was_paid_out_cannot_be_taken_back() {
    let world = World::new().await;
    let account = world.account(IBAN).await;
    world.earn("10000").await;
    let transfer = send(&world, &account, "4000").await;
    let form = [("amount", "3000"), ("currency", "eur")];
    world.post_on(&account, "payouts", &form).await.ok();
    let path = format!("transfers/{}/reversals", id(&transfer));
    let error = world.post(&path, &[]).await.refused(400);
    assert_eq!(error["code"], "balance_insufficient");
    world.post(&path, &[("amount", "1000")]).await.ok();
    assert_eq!(world.euros(Some(&account)).await, (0, 0));
}

#[tokio::test]
async fn the_same_key_on_two_accounts_is_two_keys() {
    let world = World::new().await;
    let (one, other) = (world.account(IBAN).await, world.account(IBAN).await);
    world.earn("10000").await;
    let mut made = Vec::new();
    for account in [&one, &other, &one] {
        send(&world, account, "1000").await;
        let request = world
            .client
            .post(world.url("v1/payouts"))
            .bearer_auth(felag_sandbox::SECRET_KEY)
            .header("idempotency-key", "payout-1")
            .header("stripe-account", account);
        let form = [("amount", "500"), ("currency", "eur")];
        let answer = request.form(&form).send().await.unwrap();
        made.push(id(&crate::world::Answer::of(answer).await.ok()));
    }
    assert_ne!(made[0], made[1]);
    assert_eq!(made[0], made[2], "the first account asked twice");
}
