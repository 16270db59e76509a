//! A thousand attempts to try stolen cards, in four patterns. The platform asks the provider at most five times an
//! hour for one address, mails nobody, and an honest backer beside them notices nothing.

use felag_tests::asking::{Ask, Opened};
use felag_tests::giving::{Gift, card};
use felag_tests::{Browser, World};
use futures::StreamExt;
use uuid::Uuid;

const ATTEMPTS: usize = 250;
const AT_ONCE: usize = 8;
const AN_HOUR: u64 = 5;

/// One attempt: from where, for whom.
struct Attempt {
    address: String,
    email: String,
}

/// Somebody who sends the last form again and again, with one cookie and one token, from whatever address they say.
struct Flood<'a> {
    world: &'a World,
    campaign: &'a Opened,
}

impl Flood<'_> {
    /// Sends one attempt; the browser that sent it, and the provider's page, if it got so far.
    async fn send(&self, attempt: &Attempt) -> (Browser, Option<String>) {
        let browser = Browser::at(&self.world.base, &attempt.address);
        browser.get(&format!("/campaigns/{}/give", self.campaign.slug)).await.expect(200);
        let key = self.world.ctx.id::<Uuid>().to_string();
        let fields = [("amount", "30"), ("email", attempt.email.as_str()), ("name", "Bot"), ("visibility", "anonymous"),
                      ("tip", ""), ("request_key", key.as_str())];
        let reply = browser.post_form(&format!("/campaigns/{}/pledges", self.campaign.slug), &fields).await;
        match reply.status {
            303 => (browser, Some(reply.location())),
            429 => (browser, None),
            other => panic!("an attempt was answered with {other}: {}", reply.words()),
        }
    }

    /// Sends many. How many got to the provider's page.
    async fn all(&self, attempts: Vec<Attempt>) -> usize {
        let sent = futures::stream::iter(attempts).map(|one| async move { self.send(&one).await.1.is_some() });
        sent.buffer_unordered(AT_ONCE).filter(|reached| std::future::ready(*reached)).count().await
    }
}

/// How often the platform called the provider; what a browser calls there is not ours.
async fn provider_calls(world: &World) -> u64 {
    let url = format!("{}_ctl/calls", world.sandbox.base_url());
    let reply = world.browser().get(&url).await.expect(200);
    let seen: serde_json::Value = serde_json::from_str(&reply.text).unwrap();
    let ours = seen["calls"].as_array().unwrap().iter().filter(|call| call["client"] == "felag");
    ours.map(|call| call["count"].as_u64().unwrap()).sum()
}

async fn open(world: &World) -> Opened {
    let owner = world.person("owner").await;
    world.open_campaign(&owner, &Ask::default()).await
}

/// Afterwards: no mail to anybody but the owner's side, and an honest backer gives as ever.
async fn nobody_else_is_harmed(world: &World, campaign: &Opened) {
    world.quiet().await;
    assert_eq!(world.count("select count(*) from message where kind like 'pledge%'").await, 0, "no mail on a decline");
    let honest = world.pledge(campaign, &Gift::of("30", "honest@felag.example")).await;
    assert!(honest.page.says("30"));
    world.quiet().await;
    assert_eq!(world.count("select count(*) from pledge where state = 'card_saved'").await, 1);
    assert_eq!(world.kinds_of_mails_to("honest@felag.example").await, ["pledge_made"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_that_tries_many_cards_reaches_the_provider_five_times_an_hour() {
    let world = World::new().await;
    let campaign = open(&world).await;
    let before = provider_calls(&world).await;
    let attempts = (0..ATTEMPTS).map(|n| Attempt { address: "203.0.113.7".into(), email: format!("bot{n}@felag.example") });
    let reached = Flood { world: &world, campaign: &campaign }.all(attempts.collect()).await;
    assert!((1..=5).contains(&reached), "{reached}");
    assert!(provider_calls(&world).await - before <= AN_HOUR);
    nobody_else_is_harmed(&world, &campaign).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_mailbox_cannot_be_used_from_many_addresses() {
    let world = World::new().await;
    let campaign = open(&world).await;
    let before = provider_calls(&world).await;
    let attempts = (0..ATTEMPTS).map(|n| Attempt { address: format!("198.51.100.{n}"), email: "victim@felag.example".into() });
    let reached = Flood { world: &world, campaign: &campaign }.all(attempts.collect()).await;
    assert!((1..=6).contains(&reached), "{reached}");
    assert!(provider_calls(&world).await - before <= 6);
    assert!(world.mails_to("victim@felag.example").await.is_empty());
    nobody_else_is_harmed(&world, &campaign).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_addresses_reach_the_provider_once_for_each_attempt_and_no_more() {
    let world = World::new().await;
    let campaign = open(&world).await;
    let before = provider_calls(&world).await;
    let attempts = (0..ATTEMPTS).map(|n| Attempt {
        address: format!("192.0.2.{n}"),
        email: format!("bot{n}@felag.example"),
    });
    let reached = Flood { world: &world, campaign: &campaign }.all(attempts.collect()).await;
    assert_eq!(provider_calls(&world).await - before, reached as u64, "one call for each checkout that began");
    nobody_else_is_harmed(&world, &campaign).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_declined_card_typed_again_and_again_costs_five_calls_an_address_and_mails_nobody() {
    let world = World::new().await;
    let campaign = open(&world).await;
    let before = provider_calls(&world).await;
    let addresses = 10;
    let flood = Flood { world: &world, campaign: &campaign };
    for n in 0..ATTEMPTS {
        let address = format!("100.64.0.{}", n % addresses);
        let (browser, page) = flood.send(&Attempt { address, email: format!("bot{n}@felag.example") }).await;
        if let Some(page) = page {
            let page = browser.get(&page).await.expect(200);
            let declined = world.pay(&browser, page, card::DECLINED).await;
            assert!(declined.url.starts_with(&world.sandbox.base_url()), "a declined card stays on the provider's page");
        }
    }
    world.quiet().await;
    let calls = provider_calls(&world).await - before;
    assert!(calls <= AN_HOUR * addresses as u64, "{calls} calls for {addresses} addresses");
    nobody_else_is_harmed(&world, &campaign).await;
}
