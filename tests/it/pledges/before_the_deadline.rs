//! Giving, changing and cancelling.

use felag_tests::World;
use felag_tests::asking::Ask;
use felag_tests::giving::{Gift, card};
use time::Duration;

use super::after_the_deadline::figures;

#[tokio::test]
async fn a_pledge_saves_a_card_and_charges_nothing() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &Ask::default()).await;
    let pledged = world
        .pledge(
            &campaign,
            &Gift {
                tip: "1.50".into(),
                ..Gift::of("30", "ann@felag.example")
            },
        )
        .await;
    assert!(pledged.page.says("Promised"), "{}", pledged.page.words());
    assert!(pledged.page.says("€31.50"), "{}", pledged.page.words());
    world.quiet().await;
    assert_eq!(
        world.kinds_of_mails_to("ann@felag.example").await,
        ["pledge_made"]
    );
    assert_eq!(
        world.count("select promised_minor from campaign_total").await,
        3_000
    );
    assert_eq!(world.sandbox_state().await["charges"], serde_json::json!({}));
    assert_eq!(world.ledger_verify().await.entries, 1);
}

#[tokio::test]
async fn the_check_says_what_the_project_gets_and_when_who_is_charged() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &Ask::default()).await;
    let browser = world.browser();
    let give = format!("/campaigns/{}/give", campaign.slug);
    let details = browser.get(&give).await.expect(200);
    let details = browser
        .submit(&details, &format!("{give}/details"), &[("own", "30")])
        .await
        .expect(200);
    let fields = [("email", "ann@felag.example"), ("name", "Ann"), ("tip", "")];
    let check = browser
        .submit(&details, &format!("{give}/check"), &fields)
        .await
        .expect(200);
    assert!(
        check.says("of your €30 the project gets about €28.97") || check.says("€28.97"),
        "{}",
        check.words()
    );
    assert!(check.says("Open Tools e.V."), "{}", check.words());
}

#[tokio::test]
async fn a_changed_amount_is_what_is_promised_mailed_and_booked() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &Ask::default()).await;
    let browser = world.browser();
    let pledged = world
        .pledge_as(&browser, &campaign, &Gift::of("30", "ann@felag.example"))
        .await;
    let page = browser.get(&pledged.path).await.expect(200);
    let action = format!("{}/change", pledged.path);
    let changed = browser
        .submit(&page, &action, &[("own", "12.50"), ("tip", "2")])
        .await
        .expect(303);
    assert_eq!(changed.location(), pledged.path);
    world.quiet().await;
    assert_eq!(
        world.count("select promised_minor from campaign_total").await,
        1_250
    );
    assert_eq!(
        world.kinds_of_mails_to("ann@felag.example").await,
        ["pledge_made", "pledge_changed"]
    );
    world.ledger_verify().await;
    let refused = browser
        .submit(&page, &action, &[("own", "1e2"), ("tip", "0")])
        .await
        .expect(422);
    assert!(
        refused.text.contains("value=\"1e2\""),
        "what was typed is kept: {}",
        refused.words()
    );
}

#[tokio::test]
async fn a_cancelled_pledge_leaves_nothing_behind() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let ask = Ask {
        rewards: vec![("A loaf", 2_000, Some(1))],
        ..Ask::default()
    };
    let campaign = world.open_campaign(&owner, &ask).await;
    let browser = world.browser();
    let gift = Gift {
        reward: Some(campaign.rewards[0].clone()),
        ..Gift::of("30", "ann@felag.example")
    };
    let pledged = world.pledge_as(&browser, &campaign, &gift).await;
    let ask = browser.get(&format!("{}/cancel", pledged.path)).await.expect(200);
    browser
        .submit(&ask, &format!("{}/cancel", pledged.path), &[])
        .await
        .expect(303);
    world.quiet().await;
    let page = browser.get(&pledged.path).await.expect(200);
    assert!(page.says("Cancelled"), "{}", page.words());
    assert_eq!(
        world
            .count("select promised_minor + backers::bigint from campaign_total")
            .await,
        0
    );
    assert_eq!(world.count("select taken::bigint from reward_stock").await, 0);
    assert_eq!(
        world
            .count("select sum(balance_minor)::bigint from account_balance")
            .await,
        0
    );
    assert_eq!(
        world
            .count("select count(*) from operation where kind = 'detach_method' and state = 'answered'")
            .await,
        1
    );
    world.advance_to(campaign.deadline + Duration::DAY).await;
    assert_eq!(world.sandbox_state().await["charges"], serde_json::json!({}));
}

#[tokio::test]
async fn an_amount_that_is_no_amount_is_refused_in_words_and_kept() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &Ask::default()).await;
    for amount in [
        "0",
        "-5",
        "10.005",
        "9223372036854775808",
        "$20",
        "1e2",
        "１２",
        "",
        "abc",
        "0.50",
        "10001",
    ] {
        let reply = world
            .to_checkout(
                &world.browser(),
                &campaign,
                &Gift::of(amount, "ann@felag.example"),
            )
            .await;
        let reply = reply.expect(422);
        assert!(reply.text.contains("Error:"), "{amount}: {}", reply.words());
        assert!(
            amount.is_empty() || reply.text.contains(amount),
            "{amount} is kept: {}",
            reply.words()
        );
    }
    assert_eq!(world.count("select count(*) from pledge").await, 0);
}

#[tokio::test]
async fn what_members_of_the_project_give_is_shown_and_not_counted() {
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
    let owner_gift = Gift {
        amount: "60".into(),
        ..Gift::default()
    };
    world.pledge_as(&owner.browser, &campaign, &owner_gift).await;
    world.quiet().await;
    assert_eq!(world.count("select promised_minor from campaign_total").await, 0);
    assert_eq!(world.count("select own_minor from campaign_total").await, 6_000);
    world.advance_to(campaign.deadline + Duration::HOUR).await;
    assert_eq!(
        world
            .count("select count(*) from campaign where state = 'failed'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_guests_gift_joins_an_account_only_when_its_address_was_proved() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &Ask::default()).await;
    let ann = world.person("ann").await;
    world.pledge(&campaign, &Gift::of("30", &ann.email)).await;
    let gifts = ann.browser.get("/my/gifts").await.expect(200);
    assert!(gifts.says("€30"), "{}", gifts.words());
    let gifts = owner.browser.get("/my/gifts").await.expect(200);
    assert!(!gifts.says("€30"), "{}", gifts.words());
}

#[tokio::test]
async fn a_checkout_that_is_left_open_frees_its_reward() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let ask = Ask {
        rewards: vec![("A loaf", 2_000, Some(1))],
        ..Ask::default()
    };
    let campaign = world.open_campaign(&owner, &ask).await;
    let gift = Gift {
        reward: Some(campaign.rewards[0].clone()),
        ..Gift::of("30", "ann@felag.example")
    };
    world
        .to_checkout(&world.browser(), &campaign, &gift)
        .await
        .expect(303);
    assert_eq!(world.count("select taken::bigint from reward_stock").await, 1);
    world.advance_by(Duration::minutes(40)).await;
    assert_eq!(world.count("select taken::bigint from reward_stock").await, 0);
    assert_eq!(
        world
            .count("select count(*) from pledge where state = 'expired'")
            .await,
        1
    );
    assert!(world.mails_to("ann@felag.example").await.is_empty());
}

#[tokio::test]
async fn a_card_the_bank_refuses_leaves_the_pledge_unfinished_and_mails_nobody() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &Ask::default()).await;
    let browser = world.browser();
    let gift = Gift::of("30", "ann@felag.example").with_card(card::DECLINED);
    let checkout = world.to_checkout(&browser, &campaign, &gift).await.expect(303);
    let page = browser.follow(checkout).await;
    world.pay(&browser, page, gift.card).await.expect(422);
    world.quiet().await;
    assert_eq!(
        world
            .count("select count(*) from pledge where state = 'draft'")
            .await,
        1
    );
    assert!(world.mails_to("ann@felag.example").await.is_empty());
}

#[tokio::test]
async fn a_cancelled_pledge_is_never_charged_and_a_late_change_is_refused() {
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
    let pledged = world
        .pledge_as(&browser, &campaign, &Gift::of("30", "ann@felag.example"))
        .await;
    let page = browser.get(&pledged.path).await.expect(200);
    let cancel = browser.get(&format!("{}/cancel", pledged.path)).await.expect(200);
    world.advance_to(campaign.deadline + Duration::seconds(1)).await;
    browser
        .submit(&page, &format!("{}/change", pledged.path), &[("own", "5")])
        .await
        .expect(422);
    browser
        .submit(&cancel, &format!("{}/cancel", pledged.path), &[])
        .await
        .expect(410);
    assert_eq!(figures(&world).await, (3_000, 3_000, 0, 0));
}

#[tokio::test]
async fn who_promises_in_the_night_a_campaign_opens_is_new_in_the_owners_next_morning() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    // Earlier in the day than the hour of the daily mail: the first one is more than a day away.
    let night = world.ctx.now().replace_time(time::macros::time!(0:20)) + Duration::DAY;
    world.advance_to(night).await;
    let campaign = world.open_campaign(&owner, &Ask::default()).await;
    world
        .pledge(&campaign, &Gift::of("30", "ann@felag.example"))
        .await;
    world.advance_by(Duration::days(3)).await;
    let kinds = world.kinds_of_mails_to(&owner.email).await;
    let mornings = kinds.iter().filter(|kind| *kind == "owner_daily").count();
    assert_eq!(mornings, 1, "{kinds:?}");
}
