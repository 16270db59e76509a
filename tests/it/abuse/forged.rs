//! News that is not the provider's: refused, and nothing is changed.

use felag::clock::wall;
use felag::payments::webhook_secrets;
use felag_tests::World;
use felag_tests::asking::Ask;
use felag_tests::giving::Gift;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// A signature as the provider makes it.
fn signed(at: i64, body: &[u8], secret: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{at}.").as_bytes());
    mac.update(body);
    format!("t={at},v1={}", hex::encode(mac.finalize().into_bytes()))
}

/// Says that a pledge's payment succeeded.
fn event(id: &str, livemode: bool, campaign: &str, pledge: &str) -> Vec<u8> {
    let object = json!({
        "id": "pi_forged", "object": "payment_intent", "status": "succeeded", "amount": 3000, "currency": "eur",
        "metadata": { "felag_campaign": campaign, "felag_pledge": pledge },
    });
    json!({ "id": id, "type": "payment_intent.succeeded", "created": wall().unix_timestamp(), "livemode": livemode,
            "data": { "object": object } })
    .to_string()
    .into_bytes()
}

async fn deliver(world: &World, signature: Option<&str>, body: Vec<u8>) -> u16 {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut request = http.post(format!("{}/webhooks/provider", world.base)).body(body);
    if let Some(signature) = signature {
        request = request.header("stripe-signature", signature);
    }
    request
        .send()
        .await
        .map_or(413, |answer| answer.status().as_u16())
}

/// Everything that news could change.
async fn standing(world: &World) -> Value {
    let sql = "select jsonb_build_object(
                   'pledges', (select jsonb_agg(to_jsonb(pledge) order by pledge_id) from pledge),
                   'totals', (select jsonb_agg(to_jsonb(campaign_total)) from campaign_total),
                   'entries', (select count(*) from entry), 'mails', (select count(*) from message),
                   'events', (select jsonb_agg(to_jsonb(provider_event) order by event_id) from provider_event),
                   'operations', (select count(*) from operation))";
    sqlx::query_scalar(sql).fetch_one(&world.owner).await.unwrap()
}

#[tokio::test]
async fn webhooks_that_are_not_the_providers_change_nothing() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &Ask::default()).await;
    world.pledge(&campaign, &Gift::default()).await;
    world.quiet().await;
    let pledge: String = sqlx::query_scalar("select pledge_id::text from pledge")
        .fetch_one(&world.owner)
        .await
        .unwrap();
    let campaign = campaign.id.to_string();
    let secret = webhook_secrets(&world.ctx).await.unwrap().remove(0);
    let (secret, now) = (secret.reveal(), wall().unix_timestamp());
    let body = event("evt_forged", false, &campaign, &pledge);
    let live = event("evt_live", true, &campaign, &pledge);
    let before = standing(&world).await;
    let table: Vec<(&str, Option<String>, Vec<u8>, u16)> = vec![
        ("no signature", None, body.clone(), 400),
        ("no sense", Some("nonsense".into()), body.clone(), 400),
        (
            "another secret",
            Some(signed(now, &body, "whsec_other")),
            body.clone(),
            400,
        ),
        (
            "another body",
            Some(signed(now, &live, secret)),
            body.clone(),
            400,
        ),
        (
            "six minutes old",
            Some(signed(now - 360, &body, secret)),
            body.clone(),
            400,
        ),
        (
            "six minutes ahead",
            Some(signed(now + 360, &body, secret)),
            body.clone(),
            400,
        ),
        (
            "the other mode",
            Some(signed(now, &live, secret)),
            live.clone(),
            400,
        ),
        (
            "no JSON",
            Some(signed(now, b"hello", secret)),
            b"hello".to_vec(),
            400,
        ),
        (
            "ten megabytes",
            Some(signed(now, &body, secret)),
            vec![b' '; 10 * 1024 * 1024],
            413,
        ),
    ];
    for (what, signature, body, status) in table {
        assert_eq!(
            deliver(&world, signature.as_deref(), body).await,
            status,
            "{what}"
        );
        world.quiet().await;
        assert_eq!(standing(&world).await, before, "{what}");
    }
}

#[tokio::test]
async fn what_an_event_claims_is_asked_for_afresh() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &Ask::default()).await;
    world.pledge(&campaign, &Gift::default()).await;
    world.quiet().await;
    let pledge: String = sqlx::query_scalar("select pledge_id::text from pledge")
        .fetch_one(&world.owner)
        .await
        .unwrap();
    let secret = webhook_secrets(&world.ctx).await.unwrap().remove(0);
    // Even somebody who knows the secret cannot make a payment out of nothing.
    let body = event("evt_claim", false, &campaign.id.to_string(), &pledge);
    let signature = signed(wall().unix_timestamp(), &body, secret.reveal());
    for _ in 0..2 {
        assert_eq!(deliver(&world, Some(&signature), body.clone()).await, 200);
    }
    world.quiet().await;
    assert_eq!(
        world
            .count("select count(*) from pledge where state = 'card_saved'")
            .await,
        1
    );
    assert_eq!(
        world
            .count("select count(*) from entry where kind = 'charge'")
            .await,
        0
    );
    let parked = "select count(*) from provider_event where event_id = 'evt_claim' and applied_at is null and attempts > 0";
    assert_eq!(
        world.count(parked).await,
        1,
        "it waits, parked; it is never dropped"
    );
}
