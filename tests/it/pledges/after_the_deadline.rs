//! The deadline decides, cards are charged, the window ends.

use felag_tests::World;
use felag_tests::asking::Ask;
use felag_tests::giving::{Gift, card};
use time::Duration;

/// The four figures always hold: promised = collected + at risk + lost.
pub async fn figures(world: &World) -> (i64, i64, i64, i64) {
    let promised = world.count("select promised_minor from campaign_total").await;
    let collected = world.count("select collected_minor from campaign_total").await;
    let at_risk = world.count("select at_risk_minor from campaign_total").await;
    let lost = world.count("select lost_minor from campaign_total").await;
    assert_eq!(promised, collected + at_risk + lost);
    (promised, collected, at_risk, lost)
}

#[tokio::test]
async fn a_funded_campaign_charges_each_card_once_and_receipts_equal_charges() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world
        .open_campaign(
            &owner,
            &Ask {
                minimum_minor: 5_000,
                ..Ask::default()
            },
        )
        .await;
    let ann = Gift {
        tip: "2".into(),
        ..Gift::of("30.50", "ann@felag.example")
    };
    let ann = world.pledge(&campaign, &ann).await;
    world
        .pledge(&campaign, &Gift::of("25", "ben@felag.example"))
        .await;
    world.advance_to(campaign.deadline + Duration::HOUR).await;
    assert_eq!(figures(&world).await, (5_550, 5_550, 0, 0));
    assert_eq!(
        world
            .count("select count(*) from campaign where state = 'funded'")
            .await,
        1
    );
    let page = world.browser().get(&ann.path).await.expect(200);
    assert!(
        page.says("€32.50") && page.says("Open Tools e.V."),
        "{}",
        page.words()
    );
    let mails = world.mails_to("ann@felag.example").await;
    let kinds: Vec<&str> = mails.iter().map(|mail| mail.kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "pledge_made",
            "deadline_near",
            "minimum_reached",
            "pledge_charged"
        ]
    );
    assert!(mails[3].text_body.contains("€32.50"), "{}", mails[3].text_body);
    let told = world.kinds_of_mails_to(&owner.email).await;
    assert!(told.contains(&"owner_funded".to_string()), "{told:?}");
    world.ledger_verify().await;
    let state = world.sandbox_state().await;
    assert_eq!(
        state["charges"].as_object().map(serde_json::Map::len),
        Some(2),
        "{state}"
    );
    let provider = "select balance_minor from account_balance where account = 'provider'";
    let balance = &state["balance"]["eur"]["total"];
    assert_eq!(
        serde_json::json!(world.count(provider).await),
        *balance,
        "ledger and provider agree: {state}"
    );
}

#[tokio::test]
async fn a_campaign_below_its_minimum_charges_nobody_and_lets_every_card_go() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &Ask::default()).await;
    let pledged = world
        .pledge(&campaign, &Gift::of("30", "ann@felag.example"))
        .await;
    world.advance_to(campaign.deadline + Duration::HOUR).await;
    assert_eq!(figures(&world).await, (3_000, 0, 0, 3_000));
    let page = world.browser().get(&pledged.path).await.expect(200);
    assert!(page.says("nothing") || page.says("Nothing"), "{}", page.words());
    assert_eq!(
        world
            .kinds_of_mails_to("ann@felag.example")
            .await
            .last()
            .map(String::as_str),
        Some("not_funded")
    );
    assert_eq!(world.sandbox_state().await["charges"], serde_json::json!({}));
    assert_eq!(
        world
            .count("select count(*) from operation where kind = 'detach_method' and state = 'answered'")
            .await,
        1
    );
    assert_eq!(
        world
            .count("select coalesce(sum(abs(balance_minor)), 0)::bigint from account_balance")
            .await,
        0
    );
}

#[tokio::test]
async fn a_card_that_declines_is_tried_four_times_and_then_dropped() {
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
    world
        .pledge(&campaign, &Gift::of("30", "ann@felag.example"))
        .await;
    world
        .pledge(
            &campaign,
            &Gift::of("20", "ben@felag.example").with_card(card::DECLINES_LATER),
        )
        .await;
    world.advance_to(campaign.deadline + Duration::HOUR).await;
    assert_eq!(figures(&world).await, (5_000, 3_000, 2_000, 0));
    world.advance_by(Duration::days(8)).await;
    assert_eq!(figures(&world).await, (5_000, 3_000, 0, 2_000));
    assert_eq!(
        world
            .count("select tries::bigint from pledge where state = 'dropped'")
            .await,
        4
    );
    assert_eq!(
        world
            .count("select count(*) from campaign where state = 'funded'")
            .await,
        1
    );
    let kinds = world.kinds_of_mails_to("ben@felag.example").await;
    assert_eq!(
        kinds.iter().filter(|kind| *kind == "card_needs_you").count(),
        4,
        "{kinds:?}"
    );
    assert_eq!(kinds.last().map(String::as_str), Some("pledge_dropped"));
    assert_eq!(
        world
            .count("select count(*) from operation where kind = 'cancel_intent' and state = 'answered'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_bank_that_asks_for_the_person_is_answered_from_the_pledges_page() {
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
    let browser = world.browser();
    let gift = Gift::of("30", "ann@felag.example").with_card(card::ASKS_ALWAYS);
    let pledged = world.pledge_as(&browser, &campaign, &gift).await;
    world.advance_to(campaign.deadline + Duration::HOUR).await;
    let page = browser.get(&pledged.path).await.expect(200);
    let bank = browser
        .submit(&page, &format!("{}/try-again", pledged.path), &[])
        .await
        .expect(303);
    let bank = browser.follow(bank).await;
    let done = browser
        .follow(browser.submit(&bank, "/bank/", &[("answer", "approve")]).await)
        .await
        .expect(200);
    assert!(done.says("Paid"), "{}", done.words());
    world.quiet().await;
    assert_eq!(figures(&world).await, (3_000, 3_000, 0, 0));
    assert_eq!(
        world
            .count("select count(*) from campaign where state = 'funded'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_bank_that_is_refused_leaves_the_pledge_waiting() {
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
    let browser = world.browser();
    let gift = Gift::of("30", "ann@felag.example").with_card(card::ASKS_ALWAYS);
    let pledged = world.pledge_as(&browser, &campaign, &gift).await;
    world.advance_to(campaign.deadline + Duration::HOUR).await;
    let page = browser.get(&pledged.path).await.expect(200);
    let bank = browser
        .submit(&page, &format!("{}/try-again", pledged.path), &[])
        .await
        .expect(303);
    let bank = browser.follow(bank).await;
    browser
        .follow(browser.submit(&bank, "/bank/", &[("answer", "refuse")]).await)
        .await
        .expect(200);
    world.quiet().await;
    assert_eq!(
        world
            .count("select count(*) from pledge where state = 'needs_you'")
            .await,
        1
    );
}

#[tokio::test]
async fn another_card_pays_with_the_same_payment() {
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
    let browser = world.browser();
    let gift = Gift::of("30", "ann@felag.example").with_card(card::DECLINES_LATER);
    let pledged = world.pledge_as(&browser, &campaign, &gift).await;
    world.advance_to(campaign.deadline + Duration::HOUR).await;
    let page = browser.get(&pledged.path).await.expect(200);
    let checkout = browser
        .submit(&page, &format!("{}/card", pledged.path), &[])
        .await
        .expect(303);
    let checkout = browser.follow(checkout).await;
    world.pay(&browser, checkout, card::WORKS).await.expect(200);
    world.quiet().await;
    assert_eq!(figures(&world).await, (3_000, 3_000, 0, 0));
    assert_eq!(
        world
            .count("select count(*) from operation where kind = 'create_intent'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_campaign_that_collects_too_little_is_short_and_everybody_is_told() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world
        .open_campaign(
            &owner,
            &Ask {
                minimum_minor: 5_000,
                ..Ask::default()
            },
        )
        .await;
    world
        .pledge(&campaign, &Gift::of("30", "ann@felag.example"))
        .await;
    world
        .pledge(
            &campaign,
            &Gift::of("30", "ben@felag.example").with_card(card::DECLINES_LATER),
        )
        .await;
    world.advance_to(campaign.deadline + Duration::days(9)).await;
    assert_eq!(figures(&world).await, (6_000, 3_000, 0, 3_000));
    assert_eq!(
        world
            .count("select count(*) from campaign where state = 'short'")
            .await,
        1
    );
    assert_eq!(
        world
            .kinds_of_mails_to("ann@felag.example")
            .await
            .last()
            .map(String::as_str),
        Some("campaign_short")
    );
    assert_eq!(
        world
            .kinds_of_mails_to(&owner.email)
            .await
            .last()
            .map(String::as_str),
        Some("owner_short")
    );
    assert_eq!(
        world
            .count("select count(*) from message where kind = 'steward_short'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_card_saved_after_the_deadline_is_let_go() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world
        .open_campaign(
            &owner,
            &Ask {
                minimum_minor: 3_000,
                days: 1,
                ..Ask::default()
            },
        )
        .await;
    world
        .pledge(&campaign, &Gift::of("30", "ann@felag.example"))
        .await;
    world.advance_to(campaign.deadline - Duration::minutes(5)).await;
    let browser = world.browser();
    let late = Gift::of("20", "ben@felag.example");
    let checkout = world.to_checkout(&browser, &campaign, &late).await.expect(303);
    let page = browser.follow(checkout).await;
    // The clock passes the deadline while the person types; nobody has settled yet.
    world.ctx.clock.show(campaign.deadline + Duration::seconds(5));
    world.pay(&browser, page, card::WORKS).await;
    world.quiet().await;
    world.advance_by(Duration::HOUR).await;
    assert_eq!(figures(&world).await, (3_000, 3_000, 0, 0));
    assert_eq!(
        world
            .count("select count(*) from pledge where state = 'expired'")
            .await,
        1
    );
    assert_eq!(
        world
            .count("select count(*) from operation where kind = 'detach_method' and state = 'answered'")
            .await,
        1
    );
}
