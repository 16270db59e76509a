//! The world the other tests stand on.

use felag_tests::World;
use felag_tests::asking::Ask;
use felag_tests::giving::{Gift, card};
use felag_tests::world::START;
use time::Duration;

#[tokio::test]
async fn a_world_serves_pages_and_its_clock_is_its_own() {
    let world = World::new().await;
    let health = world.browser().get("/health").await.expect(200);
    assert_eq!(health.text, r#"{"status":"ok"}"#);
    assert!(world.ctx.now() >= START && world.ctx.now() < START + Duration::MINUTE);
    world.advance_by(Duration::days(31)).await;
    assert!(world.ctx.now() >= START + Duration::days(31));
}

#[tokio::test]
async fn a_person_signs_in_through_the_page() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    let account = ada.browser.get("/my/account").await.expect(200);
    assert!(account.says(&ada.email), "{}", account.words());
    world.browser().get("/my/account").await.expect(303);
}

#[tokio::test]
async fn a_guest_pledges_and_is_charged_at_the_deadline() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world
        .open_campaign(
            &owner,
            &Ask {
                minimum_minor: 3_000,
                ..Ask::default()
            },
        )
        .await;
    let pledged = world.pledge(&campaign, &Gift::default()).await;
    world.quiet().await;
    world.advance_to(campaign.deadline + Duration::HOUR).await;
    let page = world.browser().get(&pledged.path).await.expect(200);
    assert!(page.says("30"), "{}", page.words());
    assert_eq!(
        world
            .count("select count(*) from pledge where state = 'paid'")
            .await,
        1
    );
    assert!(world.ledger_verify().await.entries > 0);
    assert!(!world.mails_to("guest@felag.example").await.is_empty());
    let charges = world.sandbox_state().await["charges"].clone();
    assert_eq!(
        charges.as_object().map(serde_json::Map::len),
        Some(1),
        "{charges}"
    );
}

#[tokio::test]
async fn a_card_whose_bank_asks_can_be_saved() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &Ask::default()).await;
    world
        .pledge(&campaign, &Gift::default().with_card(card::ASKS_ONCE))
        .await;
    world.quiet().await;
    assert_eq!(
        world
            .count("select count(*) from pledge where state = 'card_saved'")
            .await,
        1
    );
}
