//! Connected accounts: made, checked on the hosted page, changed, lost.

use serde_json::{Value, json};

use crate::world::{ACCOUNT, Answer, Ear, START, World, id};

const IBAN: &str = "DE89370400440532013000";
const BACK: &str = "http://127.0.0.1:8080/back";
const AGAIN: &str = "http://127.0.0.1:8080/again";

async fn link(world: &World, account: &str) -> String {
    let form = [
        ("account", account),
        ("type", "account_onboarding"),
        ("refresh_url", AGAIN),
        ("return_url", BACK),
    ];
    let link = world.post("account_links", &form).await.ok();
    assert_eq!(link["object"], "account_link");
    assert_eq!(link["expires_at"], world.now() + 300);
    link["url"].as_str().unwrap().to_owned()
}

/// Follows a link to its page. Returns the page's address without its query, the visit's secret, and the page.
async fn visit(world: &World, link: &str) -> (String, String, Answer) {
    let onward = world.page(link).await.onward();
    let page = world.page(&world.url(onward.trim_start_matches('/'))).await;
    let (path, secret) = onward.split_once("?visit=").unwrap();
    (world.url(path.trim_start_matches('/')), secret.to_owned(), page)
}

async fn onboard(world: &World, account: &str, bank: &str, end: &str) -> Value {
    let link = link(world, account).await;
    let (url, secret, _) = visit(world, &link).await;
    let form = [
        ("visit", secret.as_str()),
        ("name", "Open Oven e. V."),
        ("kind", "non_profit"),
        ("bank", bank),
        ("currency", "EUR"),
        ("end", end),
    ];
    assert_eq!(world.submit(&url, &form).await.onward(), BACK);
    world.get(&format!("accounts/{account}")).await.ok()
}

async fn made(world: &World) -> String {
    id(&world.post("accounts", &ACCOUNT).await.ok())
}

#[tokio::test]
async fn a_new_account_can_do_nothing_and_says_what_is_missing() {
    let world = World::new().await;
    let account = world.post("accounts", &ACCOUNT).await.ok();
    assert_eq!(account["object"], "account");
    assert_eq!(account["capabilities"], json!({ "transfers": "inactive" }));
    for name in ["charges_enabled", "payouts_enabled", "details_submitted"] {
        assert_eq!(account[name], false, "{name}");
    }
    assert_eq!(account["controller"]["losses"]["payments"], "application");
    assert_eq!(account["settings"]["payouts"]["schedule"]["interval"], "manual");
    assert_eq!(
        account["requirements"]["disabled_reason"],
        "requirements.past_due"
    );
    let due = account["requirements"]["currently_due"].as_array().unwrap();
    assert!(due.contains(&"external_account".into()), "{due:?}");
    assert_eq!(account["external_accounts"]["data"], json!([]));
    let path = format!("accounts/{}", id(&account));
    assert_eq!(world.get(&path).await.ok(), account);
    assert_eq!(world.get("accounts").await.ok()["data"][0], account);
    assert_eq!(world.get_on(&id(&account), "account").await.ok(), account);
}

#[tokio::test]
async fn legacy_types_and_unknown_properties_are_refused() {
    let world = World::new().await;
    let error = world.post("accounts", &[("type", "express")]).await.refused(400);
    assert_eq!(error["param"], "type");
    let form = [("controller[loses][payments]", "application")];
    let error = world.post("accounts", &form).await.refused(400);
    assert_eq!(error["param"], "controller[loses][payments]");
    let form = [("controller[losses][payments]", "application")];
    world.post("accounts", &form).await.refused(400);
    let error = world
        .post("accounts", &[("country", "Germany")])
        .await
        .refused(400);
    assert_eq!(error["param"], "country");
    assert_eq!(world.state().await["objects"], json!({}), "nothing was made");
}

#[tokio::test]
async fn what_is_wrong_on_the_page_is_said_and_nothing_is_saved() {
    let world = World::new().await;
    let account = made(&world).await;
    let link = link(&world, &account).await;
    let (url, secret, page) = visit(&world, &link).await;
    assert!(page.text.contains("no real money moves here") && !page.text.contains("<script"));
    assert!(page.text.contains("DE89 3704 0044 0532 0130 00"), "{}", page.text);
    for (name, number, currency, end, words) in [
        ("", IBAN, "EUR", "finish", "id=\"name-error\""),
        (
            "Open Oven",
            "DE89370400440532013001",
            "EUR",
            "finish",
            "This IBAN is not valid",
        ),
        (
            "Open Oven",
            "GB82WEST12345698765432",
            "EUR",
            "finish",
            "not a test account",
        ),
        ("Open Oven", "", "EUR", "finish", "Choose a test account"),
        ("Open Oven", IBAN, "XXX", "finish", "Choose one of the currencies"),
        ("Open Oven", IBAN, "EUR", "dance", "Choose how the check ends"),
    ] {
        let form = [
            ("visit", secret.as_str()),
            ("name", name),
            ("number", number),
            ("currency", currency),
            ("end", end),
        ];
        let page = world.submit(&url, &form).await;
        assert_eq!(page.status, 422, "{words}");
        assert!(page.text.contains(words), "{words} in {}", page.text);
    }
    let seen = world.get(&format!("accounts/{account}")).await.ok();
    assert_eq!(seen["details_submitted"], false);
}

#[tokio::test]
async fn an_account_that_finishes_its_check_takes_money_and_pays_out() {
    let world = World::new().await;
    let account = made(&world).await;
    let link = link(&world, &account).await;
    let (url, secret, _) = visit(&world, &link).await;
    let form = [
        ("visit", secret.as_str()),
        ("name", "Open Oven e. V."),
        ("number", "DE89 3704 0044 0532 0130 00"),
        ("currency", "EUR"),
        ("end", "finish"),
    ];
    assert_eq!(world.submit(&url, &form).await.onward(), BACK);
    assert_eq!(
        world.submit(&url, &form).await.onward(),
        BACK,
        "sent twice, done once"
    );
    let account = world.get(&format!("accounts/{account}")).await.ok();
    for name in ["charges_enabled", "payouts_enabled", "details_submitted"] {
        assert_eq!(account[name], true, "{name}");
    }
    assert_eq!(account["capabilities"]["transfers"], "active");
    assert_eq!(account["requirements"]["currently_due"], json!([]));
    assert_eq!(account["requirements"]["disabled_reason"], Value::Null);
    let bank = &account["external_accounts"]["data"][0];
    assert_eq!(
        (
            &bank["last4"],
            &bank["country"],
            &bank["currency"],
            &bank["account_holder_name"]
        ),
        (
            &"3000".into(),
            &"DE".into(),
            &"eur".into(),
            &"Open Oven e. V.".into()
        )
    );
    assert!(
        !account.to_string().contains(IBAN),
        "the number itself is never shown"
    );
    let told = world.told_on(&id(&account)).await;
    assert_eq!(
        told,
        [
            "account.external_account.created",
            "capability.updated",
            "account.updated"
        ]
    );
    assert_eq!(
        world.told().await,
        Vec::<String>::new(),
        "it happened on the account"
    );
}

#[tokio::test]
async fn a_check_can_end_in_four_ways() {
    let world = World::new().await;
    for (end, charges, payouts, transfers, reason) in [
        ("finish", true, true, "active", Value::Null),
        ("documents", true, false, "active", "requirements.past_due".into()),
        (
            "never",
            false,
            false,
            "pending",
            "requirements.pending_verification".into(),
        ),
        ("reject", false, false, "inactive", "rejected.other".into()),
    ] {
        let account = made(&world).await;
        let seen = onboard(&world, &account, IBAN, end).await;
        assert_eq!(seen["details_submitted"], true, "{end}");
        assert_eq!(seen["charges_enabled"], charges, "{end}");
        assert_eq!(seen["payouts_enabled"], payouts, "{end}");
        assert_eq!(seen["capabilities"]["transfers"], transfers, "{end}");
        assert_eq!(seen["requirements"]["disabled_reason"], reason, "{end}");
        let due = seen["requirements"]["currently_due"].as_array().unwrap();
        assert_eq!(due.is_empty(), end != "documents", "{end}");
        world.pass(90 * 86_400);
        world.settle().await;
        assert_eq!(
            world.get(&format!("accounts/{account}")).await.ok(),
            seen,
            "{end} stays"
        );
    }
}

#[tokio::test]
async fn missing_documents_can_be_brought_later_and_a_rejected_account_stays_out() {
    let world = World::new().await;
    let account = made(&world).await;
    onboard(&world, &account, IBAN, "documents").await;
    let seen = onboard(&world, &account, IBAN, "finish").await;
    assert_eq!(seen["payouts_enabled"], true);
    let path = format!("accounts/{account}/reject");
    let seen = world.post(&path, &[("reason", "fraud")]).await.ok();
    assert_eq!(seen["requirements"]["disabled_reason"], "rejected.fraud");
    let form = [
        ("account", account.as_str()),
        ("type", "account_onboarding"),
        ("refresh_url", AGAIN),
        ("return_url", BACK),
    ];
    world.post("account_links", &form).await.refused(400);
}

#[tokio::test]
async fn a_link_is_good_for_one_visit_in_five_minutes() {
    let world = World::new().await;
    let account = made(&world).await;
    let first = link(&world, &account).await;
    let (url, _, _) = visit(&world, &first).await;
    assert_eq!(world.page(&first).await.onward(), AGAIN, "used up");
    let forged = [
        ("visit", "guessed"),
        ("name", "X"),
        ("bank", IBAN),
        ("end", "finish"),
    ];
    assert_eq!(world.submit(&url, &forged).await.onward(), AGAIN);
    let second = link(&world, &account).await;
    world.pass(300);
    assert_eq!(world.page(&second).await.onward(), AGAIN, "too late");
    let seen = world.get(&format!("accounts/{account}")).await.ok();
    assert_eq!(seen["details_submitted"], false);
    let form = [
        ("account", account.as_str()),
        ("type", "account_onboarding"),
        ("refresh_url", "x"),
    ];
    assert_eq!(
        world.post("account_links", &form).await.refused(400)["param"],
        "return_url"
    );
    assert!(world.now() > START);
}

#[tokio::test]
async fn a_changed_bank_account_is_another_one_and_is_told_of() {
    let world = World::new().await;
    let account = made(&world).await;
    let before = onboard(&world, &account, IBAN, "finish").await;
    let login = world
        .post(&format!("accounts/{account}/login_links"), &[])
        .await
        .ok();
    let (url, secret, page) = visit(&world, login["url"].as_str().unwrap()).await;
    assert!(page.text.contains("DE (EUR) ending in 3000") && !page.text.contains("name=\"end\""));
    let form = [
        ("visit", secret.as_str()),
        ("bank", "AT611904300234573201"),
        ("currency", "EUR"),
    ];
    let page = world.submit(&url, &form).await;
    assert!(page.text.contains("Saved"), "{}", page.text);
    let after = world.get(&format!("accounts/{account}")).await.ok();
    let bank = |account: &Value| account["external_accounts"]["data"][0].clone();
    let (old, new) = (bank(&before), bank(&after));
    assert_eq!((&new["last4"], &new["country"]), (&"3201".into(), &"AT".into()));
    assert_ne!(old["id"], new["id"]);
    assert_ne!(old["fingerprint"], new["fingerprint"]);
    assert_eq!(new["account_holder_name"], "Open Oven e. V.");
    assert_eq!(after["external_accounts"]["total_count"], 1);
    let told = world.told_on(&account).await;
    assert_eq!(told[3..], ["account.external_account.updated", "account.updated"]);
    let path = format!("accounts/{account}/external_accounts?object=bank_account");
    assert_eq!(world.get(&path).await.ok()["data"][0], new);
}

#[tokio::test]
async fn an_account_can_be_lost_later() {
    let world = World::new().await;
    let account = world.account(IBAN).await;
    let path = format!("accounts/{account}");
    let lost = world.control(&path, json!({ "do": "disable" })).await.ok();
    assert_eq!(lost["payouts_enabled"], false);
    assert_eq!(lost["capabilities"]["transfers"], "inactive");
    assert_eq!(
        lost["requirements"]["past_due"][0],
        "individual.verification.document"
    );
    let found = world.control(&path, json!({ "do": "enable" })).await.ok();
    assert_eq!(found["payouts_enabled"], true);
    world.control(&path, json!({ "do": "dance" })).await.refused(400);
    world.control(&path, json!({ "do": "leave" })).await.ok();
    assert_eq!(
        world.get_on(&account, "balance").await.refused(403)["code"],
        "account_invalid"
    );
    assert_eq!(world.get(&path).await.refused(403)["code"], "account_invalid");
}

#[tokio::test]
async fn events_of_an_account_go_to_endpoints_that_asked_for_connected_ones() {
    let world = World::new().await;
    let (own, connected) = (Ear::open().await, Ear::open().await);
    let form = [("url", own.url.as_str()), ("enabled_events[]", "*")];
    world.post("webhook_endpoints", &form).await.ok();
    let form = [
        ("url", connected.url.as_str()),
        ("enabled_events[]", "account.updated"),
        ("connect", "true"),
    ];
    world.post("webhook_endpoints", &form).await.ok();
    let account = world.account(IBAN).await;
    world.settle().await;
    assert_eq!(own.types(), Vec::<String>::new());
    assert_eq!(connected.types(), ["account.updated"]);
    let heard = connected.heard.lock().unwrap();
    let event: Value = serde_json::from_str(&heard[0].1).unwrap();
    assert_eq!(event["account"], account);
    assert_eq!(event["data"]["object"]["id"], account);
    assert_eq!(event["data"]["object"]["payouts_enabled"], true);
}

#[tokio::test]
async fn metadata_and_settings_change_and_say_so() {
    let world = World::new().await;
    let account = made(&world).await;
    let path = format!("accounts/{account}");
    let form = [
        ("settings[payouts][schedule][interval]", "daily"),
        ("business_profile[name]", "Open Oven"),
        ("metadata[step]", "2"),
    ];
    let seen = world.post(&path, &form).await.ok();
    assert_eq!(seen["settings"]["payouts"]["schedule"]["interval"], "daily");
    assert_eq!(seen["metadata"], json!({ "project": "open-oven", "step": "2" }));
    assert_eq!(world.told_on(&account).await, ["account.updated"]);
    world.post(&path, &[]).await.ok();
    assert_eq!(
        world.told_on(&account).await.len(),
        1,
        "nothing changed, nothing told"
    );
    let error = world.post(&path, &[("country", "FR")]).await.refused(400);
    assert_eq!(error["param"], "country");
    world.post_on(&account, "accounts", &ACCOUNT).await.refused(400);
    world.post_on("acct_x", "payouts", &[]).await.refused(403);
}
