//! The hosted page: a person saves a card, or does not.

use serde_json::Value;

use crate::world::{START, World, id};

async fn open(world: &World) -> (Value, String) {
    let customer = world.customer().await;
    let form = [
        ("mode", "setup"),
        ("customer", customer.as_str()),
        ("currency", "eur"),
        (
            "success_url",
            "http://127.0.0.1:8080/done?session={CHECKOUT_SESSION_ID}",
        ),
        ("cancel_url", "http://127.0.0.1:8080/back?a=1&b=2"),
        (
            "custom_text[submit][message]",
            "30 euros for <Open Oven> if it is funded",
        ),
        ("setup_intent_data[metadata][pledge]", "7"),
    ];
    let session = world.post("checkout/sessions", &form).await.ok();
    (session, customer)
}

/// The hidden token of the form on that page.
fn token(page: &str) -> String {
    let rest = page.split_once("name=\"token\" value=\"").unwrap().1;
    rest.split_once('"').unwrap().0.to_owned()
}

#[tokio::test]
async fn a_saved_card_completes_the_session_and_belongs_to_the_customer() {
    let world = World::new().await;
    let (session, customer) = open(&world).await;
    assert_eq!(
        (&session["status"], &session["payment_status"]),
        (&"open".into(), &"no_payment_required".into())
    );
    let url = session["url"].as_str().unwrap();
    let page = world.page(url).await;
    assert!(page.text.contains("no real money moves here") && page.text.contains("EUR"));
    assert!(
        page.text
            .contains("30 euros for &#60;Open Oven&#62; if it is funded"),
        "{}",
        page.text
    );
    assert!(
        page.text
            .contains("href=\"http://127.0.0.1:8080/back?a=1&#38;b=2\""),
        "{}",
        page.text
    );
    assert!(!page.text.contains("<script") && !page.text.contains("style="));
    let token = token(&page.text);
    let back = world
        .submit(
            url,
            &[("token", &token), ("card", "4242424242424242"), ("name", "Ada")],
        )
        .await
        .onward();
    assert_eq!(
        back,
        format!("http://127.0.0.1:8080/done?session={}", id(&session))
    );
    let path = format!(
        "checkout/sessions/{}?expand[]=setup_intent.payment_method",
        id(&session)
    );
    let done = world.get(&path).await.ok();
    assert_eq!(done["status"], "complete");
    assert_eq!(done["setup_intent"]["status"], "succeeded");
    assert_eq!(done["setup_intent"]["metadata"]["pledge"], "7");
    assert_eq!(done["setup_intent"]["payment_method"]["customer"], customer);
    assert_eq!(
        done["setup_intent"]["payment_method"]["billing_details"]["name"],
        "Ada"
    );
    let told = world.told().await;
    for one in [
        "setup_intent.created",
        "payment_method.attached",
        "setup_intent.succeeded",
        "checkout.session.completed",
    ] {
        assert!(told.iter().any(|event| event == one), "{one} in {told:?}");
    }
    let again = world
        .submit(url, &[("token", &token), ("card", "5555555555554444")])
        .await;
    assert_eq!(again.status, 410, "completed once");
    assert!(again.text.contains("saved already"));
    let listed = world
        .get(&format!("checkout/sessions?customer={customer}"))
        .await
        .ok();
    assert_eq!(listed["data"][0]["id"], session["id"]);
}

#[tokio::test]
async fn what_was_typed_comes_back_without_the_number() {
    let world = World::new().await;
    let (session, _) = open(&world).await;
    let url = session["url"].as_str().unwrap();
    let token = token(&world.page(url).await.text);
    let mut form = [
        ("token", token.as_str()),
        ("number", "4242 4242 4242 4241"),
        ("expiry", "12 / 29"),
        ("cvc", "123"),
        ("name", "Ada Lovelace"),
    ];
    let page = world.submit(url, &form).await;
    assert_eq!(page.status, 422);
    assert!(page.text.contains("The card number is not valid") && page.text.contains("id=\"number-error\""));
    assert!(page.text.contains("12 / 29") && page.text.contains("Ada Lovelace"));
    assert!(!page.text.contains("4241"), "the number is not written back");
    form[1].1 = "4242 4242 4242 4242";
    form[2].1 = "10/26";
    let page = world.submit(url, &form).await;
    assert_eq!(page.status, 422);
    assert!(page.text.contains("lies in the past") && page.text.contains("id=\"expiry-error\""));
    form[2].1 = "12/29";
    form[3].1 = "12";
    assert!(world.submit(url, &form).await.text.contains("id=\"cvc-error\""));
    form[1].1 = "4111 1111 1111 1111";
    assert!(world.submit(url, &form).await.text.contains("not a test card"));
    form[1].1 = "4242 4242 4242 4242";
    form[3].1 = "123";
    world.submit(url, &form).await.onward();
}

#[tokio::test]
async fn a_declined_card_leaves_the_session_open() {
    let world = World::new().await;
    let (session, _) = open(&world).await;
    let url = session["url"].as_str().unwrap();
    let token = token(&world.page(url).await.text);
    let page = world
        .submit(url, &[("token", &token), ("card", "4000000000009995")])
        .await;
    assert_eq!(page.status, 422);
    assert!(
        page.text.contains("insufficient funds. Nothing was saved."),
        "{}",
        page.text
    );
    assert!(page.text.contains("value=\"4000000000009995\" checked"));
    let seen = world
        .get(&format!(
            "setup_intents/{}",
            session["setup_intent"].as_str().unwrap()
        ))
        .await
        .ok();
    assert_eq!(seen["last_setup_error"]["decline_code"], "insufficient_funds");
    assert!(
        world
            .told()
            .await
            .contains(&"setup_intent.setup_failed".to_owned())
    );
    world
        .submit(url, &[("token", &token), ("card", "4242424242424242")])
        .await
        .onward();
}

#[tokio::test]
async fn a_bank_that_asks_is_answered_before_the_card_is_saved() {
    let world = World::new().await;
    let (session, customer) = open(&world).await;
    let url = session["url"].as_str().unwrap();
    let token = token(&world.page(url).await.text);
    let bank = world
        .submit(url, &[("token", &token), ("card", "4000002500003155")])
        .await
        .onward();
    let page = world.page(&bank).await;
    assert!(
        page.text.contains("card ending in 3155 is saved"),
        "{}",
        page.text
    );
    let back = world.submit(&bank, &[("answer", "refuse")]).await.onward();
    let page = world.page(&back).await;
    assert_eq!(page.status, 422);
    assert!(page.text.contains("Your bank did not approve"));
    let bank = world
        .submit(url, &[("token", &token), ("card", "4000002500003155")])
        .await
        .onward();
    let back = world.submit(&bank, &[("answer", "approve")]).await.onward();
    assert!(
        back.starts_with("http://127.0.0.1:8080/done?session=cs_test_sbx_"),
        "{back}"
    );
    let cards = world
        .get(&format!("customers/{customer}/payment_methods"))
        .await
        .ok();
    let intent = world.intent(&customer, &id(&cards["data"][0])).await;
    assert_eq!(world.confirm(&intent).await.ok()["status"], "succeeded");
}

#[tokio::test]
async fn a_form_without_its_token_saves_nothing() {
    let world = World::new().await;
    let (session, customer) = open(&world).await;
    let url = session["url"].as_str().unwrap();
    let page = world
        .submit(url, &[("token", "x"), ("card", "4242424242424242")])
        .await;
    assert_eq!(page.status, 403);
    let cards = world
        .get(&format!("customers/{customer}/payment_methods"))
        .await
        .ok();
    assert_eq!(cards["data"], Value::Array(vec![]));
}

#[tokio::test]
async fn a_session_expires_by_the_clock() {
    let world = World::new().await;
    let (session, _) = open(&world).await;
    assert_eq!(session["expires_at"], START + 86_400);
    assert_eq!(
        world.sandbox.next_due().await.unwrap().unwrap().unix_timestamp(),
        START + 86_400
    );
    let url = session["url"].as_str().unwrap();
    let token = token(&world.page(url).await.text);
    world.pass(86_400);
    // The page knows at once, even before the sandbox got round to it.
    let page = world
        .submit(url, &[("token", &token), ("card", "4242424242424242")])
        .await;
    assert_eq!(page.status, 410);
    assert!(page.text.contains("has expired"));
    world.settle().await;
    let seen = world
        .get(&format!("checkout/sessions/{}", id(&session)))
        .await
        .ok();
    assert_eq!((&seen["status"], &seen["url"]), (&"expired".into(), &Value::Null));
    assert!(
        world
            .told()
            .await
            .contains(&"checkout.session.expired".to_owned())
    );
    assert_eq!(world.sandbox.next_due().await.unwrap(), None);
}

#[tokio::test]
async fn a_session_can_be_ended_early_once() {
    let world = World::new().await;
    let (session, _) = open(&world).await;
    let path = format!("checkout/sessions/{}/expire", id(&session));
    assert_eq!(world.post(&path, &[]).await.ok()["status"], "expired");
    world.post(&path, &[]).await.refused(400);
    let intent = world
        .get(&format!(
            "setup_intents/{}",
            session["setup_intent"].as_str().unwrap()
        ))
        .await
        .ok();
    assert_eq!(intent["status"], "canceled");
}

#[tokio::test]
async fn a_session_needs_what_the_provider_needs() {
    let world = World::new().await;
    let good = [
        ("mode", "setup"),
        ("currency", "eur"),
        ("success_url", "https://felag.example/done"),
    ];
    world.post("checkout/sessions", &good).await.ok();
    let soon = (START + 600).to_string();
    for (extra, param) in [
        (("mode", "payment"), "mode"),
        (("expires_at", soon.as_str()), "expires_at"),
        (("success_url", "javascript:alert(1)"), "success_url"),
        (("cancel_url", "felag.example"), "cancel_url"),
        (("line_items[0][price]", "x"), "line_items[0][price]"),
    ] {
        let form: Vec<_> = good
            .into_iter()
            .filter(|(name, _)| *name != extra.0)
            .chain([extra])
            .collect();
        assert_eq!(
            world.post("checkout/sessions", &form).await.refused(400)["param"],
            param
        );
    }
    let error = world.post("checkout/sessions", &good[..1]).await.refused(400);
    assert_eq!(error["param"], "success_url");
}

#[tokio::test]
async fn a_session_that_makes_its_customer_names_it_once_it_is_complete() {
    let world = World::new().await;
    let form = [
        ("mode", "setup"),
        ("currency", "eur"),
        ("success_url", "http://127.0.0.1:8080/done"),
        ("customer_creation", "always"),
        ("customer_email", "ada@felag.example"),
    ];
    let session = world.post("checkout/sessions", &form).await.ok();
    assert_eq!(session["customer"], Value::Null, "{session}");
    let url = session["url"].as_str().unwrap();
    let token = token(&world.page(url).await.text);
    let back = world
        .submit(url, &[("token", &token), ("card", "4242424242424242")])
        .await;
    assert_eq!(back.onward(), "http://127.0.0.1:8080/done");
    let path = format!(
        "checkout/sessions/{}?expand[]=setup_intent.payment_method",
        id(&session)
    );
    let done = world.get(&path).await.ok();
    assert!(done["customer"].as_str().unwrap().starts_with("cus_"), "{done}");
    assert_eq!(
        done["setup_intent"]["payment_method"]["customer"], done["customer"],
        "{done}"
    );
}
