//! Webhooks: signed, tried again by the clock, and disturbed on demand.

use std::sync::atomic::Ordering;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::world::{Ear, START, World, id};

async fn listen(world: &World, ear: &Ear, events: &[&str]) -> Value {
    let mut form = vec![("url", ear.url.as_str())];
    form.extend(events.iter().map(|event| ("enabled_events[]", *event)));
    world.post("webhook_endpoints", &form).await.ok()
}

#[tokio::test]
async fn a_webhook_is_signed_with_the_secret_its_endpoint_got() {
    let (world, ear) = (World::new().await, Ear::open().await);
    let endpoint = listen(&world, &ear, &["customer.created"]).await;
    let secret = endpoint["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_"));
    let seen = world
        .get(&format!("webhook_endpoints/{}", id(&endpoint)))
        .await
        .ok();
    assert_eq!(seen.get("secret"), None, "shown once");
    let customer = world.customer().await;
    world
        .post(&format!("customers/{customer}"), &[("name", "Ada")])
        .await
        .ok();
    world.settle().await;
    assert_eq!(ear.types(), ["customer.created"], "only what was asked for");
    let (headers, body) = ear.heard.lock().unwrap()[0].clone();
    let header = headers["stripe-signature"].to_str().unwrap();
    let (at, signature) = header.strip_prefix("t=").unwrap().split_once(",v1=").unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{at}.{body}").as_bytes());
    assert_eq!(hex::encode(mac.finalize().into_bytes()), signature);
    let event: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(event["created"], START, "the event follows the sandbox's clock");
    assert_eq!(event["api_version"], "2026-09-30.endive");
    assert_eq!(event["pending_webhooks"], 1);
    assert_eq!(event["data"]["object"]["id"], customer);
    let kept = world.get(&format!("events/{}", id(&event))).await.ok();
    assert_eq!(kept["pending_webhooks"], 0);
}

#[tokio::test]
async fn what_is_not_taken_is_tried_again_by_the_clock_for_three_days() {
    let (world, ear) = (World::new().await, Ear::open().await);
    listen(&world, &ear, &["*"]).await;
    ear.status.store(500, Ordering::SeqCst);
    world.customer().await;
    let mut gaps = vec![];
    loop {
        world.settle().await;
        let Some(next) = world.sandbox.next_due().await.unwrap() else {
            break;
        };
        gaps.push(next.unix_timestamp() - world.now());
        world.pass(next.unix_timestamp() - world.now() - 1);
        assert!(!world.sandbox.run_once().await.unwrap(), "not a second early");
        world.pass(1);
    }
    assert_eq!(
        gaps,
        [
            60, 300, 1_800, 7_200, 18_000, 36_000, 43_200, 43_200, 43_200, 43_200
        ]
    );
    assert_eq!(ear.types().len(), 11);
    assert_eq!(world.state().await["deliveries"], json!({ "given_up": 1 }));
}

#[tokio::test]
async fn a_receiver_that_recovers_gets_what_it_missed() {
    let (world, ear) = (World::new().await, Ear::open().await);
    listen(&world, &ear, &["*"]).await;
    ear.status.store(503, Ordering::SeqCst);
    world.customer().await;
    world.settle().await;
    ear.status.store(200, Ordering::SeqCst);
    world.pass(60);
    world.settle().await;
    assert_eq!(ear.types(), ["customer.created", "customer.created"]);
    assert_eq!(world.state().await["deliveries"], json!({ "done": 1 }));
}

#[tokio::test]
async fn webhooks_can_be_held_and_flushed() {
    let (world, ear) = (World::new().await, Ear::open().await);
    listen(&world, &ear, &["*"]).await;
    world.control("webhooks", json!({ "mode": "hold" })).await.ok();
    for _ in 0..20 {
        world.customer().await;
    }
    world.settle().await;
    assert_eq!(ear.types().len(), 0);
    assert_eq!(world.sandbox.next_due().await.unwrap(), None, "held is not due");
    assert_eq!(
        world.control("webhooks/flush", json!({})).await.ok()["delivered"],
        20
    );
    assert_eq!(ear.types().len(), 20);
}

#[tokio::test]
async fn webhooks_can_be_lost_and_doubled_and_shuffled() {
    let (world, ear) = (World::new().await, Ear::open().await);
    listen(&world, &ear, &["*"]).await;
    world.control("webhooks", json!({ "mode": "drop" })).await.ok();
    world.customer().await;
    world.settle().await;
    assert_eq!(ear.types().len(), 0);
    world
        .control("webhooks", json!({ "mode": "duplicate" }))
        .await
        .ok();
    let customer = world.customer().await;
    world.settle().await;
    assert_eq!(ear.types(), ["customer.created", "customer.created"]);
    world.control("webhooks", json!({ "mode": "shuffle" })).await.ok();
    for name in ["Ada", "Grace", "Mary"] {
        world
            .post(&format!("customers/{customer}"), &[("name", name)])
            .await
            .ok();
    }
    world.settle().await;
    assert_eq!(ear.types().len(), 5, "none lost, in whatever order");
    assert_eq!(
        world.state().await["deliveries"],
        json!({ "done": 4, "dropped": 1 })
    );
}

#[tokio::test]
async fn an_endpoint_that_was_deleted_hears_nothing_more() {
    let (world, ear) = (World::new().await, Ear::open().await);
    let endpoint = listen(&world, &ear, &["*"]).await;
    let path = format!("webhook_endpoints/{}", id(&endpoint));
    world.post(&path, &[("disabled", "true")]).await.ok();
    world.customer().await;
    world.settle().await;
    world.post(&path, &[("disabled", "false")]).await.ok();
    world.customer().await;
    world.settle().await;
    assert_eq!(ear.types().len(), 1);
    assert_eq!(world.delete(&path).await.ok()["deleted"], true);
    world.customer().await;
    world.settle().await;
    assert_eq!(ear.types().len(), 1);
    assert_eq!(world.get("webhook_endpoints").await.ok()["data"], json!([]));
}

#[tokio::test]
async fn webhooks_meet_misfortune_as_a_seed_has_it() {
    let mut runs = Vec::new();
    for seed in [3, 3, 4] {
        let world = World::new().await;
        let ear = Ear::open().await;
        listen(&world, &ear, &["customer.created"]).await;
        let chaos = serde_json::json!({ "mode": "chaos", "seed": seed, "drop": 200, "duplicate": 200,
            "late": 200, "late_seconds": 3600 });
        assert_eq!(world.control("webhooks", chaos).await.ok()["mode"], "chaos");
        for number in 0..40 {
            let name = number.to_string();
            world.post("customers", &[("name", &name)]).await.ok();
        }
        let names = |ear: &Ear| -> Vec<String> {
            let heard = ear.heard.lock().unwrap();
            let name = |(_, body): &(_, String)| {
                let event: Value = serde_json::from_str(body).unwrap();
                event["data"]["object"]["name"].as_str().unwrap().to_owned()
            };
            heard.iter().map(name).collect()
        };
        world.settle().await;
        let mut soon = names(&ear);
        world.pass(3600);
        world.settle().await;
        let all = names(&ear);
        let lost = world.state().await["deliveries"]["dropped"].as_u64().unwrap();
        let distinct: std::collections::BTreeSet<&String> = all.iter().collect();
        assert!(lost > 0 && all.len() > soon.len(), "some lost, some late");
        assert!(all.len() > distinct.len(), "some twice");
        assert_eq!(distinct.len() as u64 + lost, 40);
        let sent = soon.clone();
        soon.sort_by_key(|name| name.parse::<u32>().unwrap());
        assert_ne!(sent, soon, "out of order");
        let mut all = all;
        all.sort();
        runs.push(all);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
}
