//! Owners cancel a campaign.

use felag::campaigns::lifecycle;
use felag_tests::Reply;
use felag_tests::World;
use felag_tests::asking::{Ask, Opened};
use felag_tests::giving::{Gift, card};
use felag_tests::people::Person;
use time::Duration;

/// Cancels by way of the review; what the review said.
async fn cancel(owner: &Person, campaign: &str) -> Reply {
    let path = format!("/campaigns/{campaign}/cancellation");
    let review = owner.browser.get(&path).await.expect(200);
    let done = owner.browser.submit(&review, &path, &[]).await.expect(303);
    assert_eq!(done.location(), format!("/campaigns/{campaign}/owner"));
    review
}

async fn open(world: &World) -> (Person, Opened) {
    let owner = world.person("owner").await;
    world.prove(&owner).await;
    let ask = Ask {
        minimum_minor: 5_000,
        rewards: vec![("A manual", 2_500, Some(1))],
        ..Ask::default()
    };
    let campaign = world.open_campaign(&owner, &ask).await;
    (owner, campaign)
}

async fn detached(world: &World) -> i64 {
    world
        .count("select count(*) from operation where kind = 'detach_method' and state = 'answered'")
        .await
}

async fn follow(world: &World, campaign: &str, name: &str) -> Person {
    let person = world.person(name).await;
    let path = format!("/campaigns/{campaign}/follow");
    person.browser.post_form(&path, &[]).await.expect(200);
    person
}

#[tokio::test]
async fn an_open_campaign_lets_everybody_go_and_tells_them_once() {
    let world = World::new().await;
    let (owner, campaign) = open(&world).await;
    let rewarded = Gift {
        reward: campaign.rewards.first().cloned(),
        ..Gift::of("30", "ann@felag.example")
    };
    let ann = world.pledge(&campaign, &rewarded).await;
    let own = Gift {
        email: owner.email.clone(),
        ..Gift::of("20", "")
    };
    world.pledge_as(&owner.browser, &campaign, &own).await;
    follow(&world, &campaign.slug, "fay").await;
    world.quiet().await;

    let review = cancel(&owner, &campaign.slug).await;
    for words in [
        "2 people promised €50.00 together",
        "1 follower is told",
        "cannot be taken back",
    ] {
        assert!(review.says(words), "{words}: {}", review.words());
    }
    let path = format!("/campaigns/{}/cancellation", campaign.slug);
    owner.browser.post_form(&path, &[]).await.expect(303);
    owner.browser.get(&path).await.expect(303);
    world.quiet().await;
    world.advance_to(campaign.deadline + Duration::days(9)).await;

    assert_eq!(
        world
            .count("select count(*) from pledge where state = 'released'")
            .await,
        2
    );
    assert_eq!(detached(&world).await, 2);
    assert_eq!(world.count("select sum(taken) from reward_stock").await, 0);
    let figures = "select promised_minor - lost_minor + collected_minor + at_risk_minor from campaign_total";
    assert_eq!(world.count(figures).await, 0);
    let promised = "select sum(abs(balance_minor))::bigint from account_balance";
    assert_eq!(world.count(promised).await, 0, "every promise is closed");
    assert!(world.ledger_verify().await.entries >= 4);
    let charges = world.sandbox_state().await["charges"].clone();
    assert_eq!(charges.as_object().map(serde_json::Map::len), Some(0));
    for (address, kinds) in [
        ("ann@felag.example", vec!["pledge_made", "campaign_cancelled"]),
        ("fay@felag.example", vec!["confirm_email", "cancelled_follower"]),
    ] {
        assert_eq!(world.kinds_of_mails_to(address).await, kinds, "{address}");
    }
    let told = world.kinds_of_mails_to(&owner.email).await;
    assert_eq!(told.iter().filter(|kind| *kind == "owner_cancelled").count(), 1);
    let page = world
        .browser()
        .get(&format!("/campaigns/{}", campaign.slug))
        .await;
    assert!(page.expect(200).says("This campaign was cancelled"));
    let gift = world.browser().get(&ann.path).await.expect(200);
    assert!(
        !gift.text.contains("/change\""),
        "there is nothing to change any more"
    );
}

#[tokio::test]
async fn while_people_promise_money_an_owner_gives_a_code_before_it_ends() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &Ask::default()).await;
    let path = format!("/campaigns/{}/cancellation", campaign.slug);
    let away = owner.browser.post_form(&path, &[]).await.expect(303);
    assert!(
        away.location().starts_with("/my/second-factor?"),
        "{}",
        away.location()
    );
    assert_eq!(
        world
            .count("select count(*) from campaign where state = 'open'")
            .await,
        1
    );
    world.prove(&owner).await;
    cancel(&owner, &campaign.slug).await;
    let logged = "select count(*) from audit_row where kind = 'campaign.cancelled'";
    assert_eq!(world.count(logged).await, 1);
}

#[tokio::test]
async fn a_card_that_is_saved_in_that_very_moment_is_taken_off_again() {
    let world = World::new().await;
    let (owner, campaign) = open(&world).await;
    let browser = world.browser();
    let checkout = world
        .to_checkout(&browser, &campaign, &Gift::default())
        .await
        .expect(303);
    let pay = browser.follow(checkout).await;
    cancel(&owner, &campaign.slug).await;
    // The provider has not heard yet.
    world.pay(&browser, pay, card::WORKS).await.expect(200);
    world.quiet().await;
    world.advance_by(Duration::HOUR).await;
    assert_eq!(
        world
            .count("select count(*) from pledge where state = 'expired'")
            .await,
        1
    );
    assert_eq!(detached(&world).await, 1);
    assert!(world.kinds_of_mails_to("guest@felag.example").await.is_empty());
}

#[tokio::test]
async fn what_is_cancelled_before_it_opens_stays_as_public_as_it_was() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let project = world.project(&owner, "Tools").await;
    world
        .draft(
            project,
            &Ask {
                title: "Drill".into(),
                ..Ask::default()
            },
        )
        .await;
    let soon = world
        .draft(
            project,
            &Ask {
                title: "Lathe".into(),
                ..Ask::default()
            },
        )
        .await;
    lifecycle::submit(&world.ctx, soon).await.unwrap();
    let steward = world.steward("stella").await;
    let opens = world.ctx.now() + Duration::days(3);
    lifecycle::approve(&world.ctx, soon, steward.id, opens)
        .await
        .unwrap();
    follow(&world, "lathe", "fay").await;

    let review = cancel(&owner, "drill").await;
    assert!(
        review.says("Nobody outside the project sees it"),
        "{}",
        review.words()
    );
    world.browser().get("/campaigns/drill").await.expect(404);
    owner.browser.get("/campaigns/drill/owner").await.expect(200);
    let basics = owner
        .browser
        .get("/campaigns/drill/edit/basics")
        .await
        .expect(303);
    assert_eq!(basics.location(), "/campaigns/drill/edit");

    cancel(&owner, "lathe").await;
    world.advance_by(Duration::days(4)).await;
    assert!(
        world
            .browser()
            .get("/campaigns/lathe")
            .await
            .expect(200)
            .says("was cancelled")
    );
    assert_eq!(
        world
            .count("select count(*) from campaign where state = 'cancelled'")
            .await,
        2
    );
    let told = world.kinds_of_mails_to("fay@felag.example").await;
    assert_eq!(told.last().unwrap(), "cancelled_follower");
    let told = world.kinds_of_mails_to(&owner.email).await;
    assert_eq!(told.iter().filter(|kind| *kind == "owner_cancelled").count(), 2);
    assert_eq!(world.count("select count(*) from campaign_total").await, 0);
}

#[tokio::test]
async fn once_the_deadline_decided_owners_cannot_cancel_any_more() {
    let world = World::new().await;
    let (owner, campaign) = open(&world).await;
    let gift = Gift::of("60", "ann@felag.example").with_card(card::DECLINES_LATER);
    world.pledge(&campaign, &gift).await;
    world.advance_to(campaign.deadline + Duration::HOUR).await;
    let path = format!("/campaigns/{}/cancellation", campaign.slug);
    // The sign-in of a month ago is over.
    world.sign_in(&owner.browser, &owner.email).await;
    let back = owner.browser.get(&path).await.expect(303);
    assert_eq!(back.location(), format!("/campaigns/{}/owner", campaign.slug));
    let refused = owner.browser.post_form(&path, &[]).await.expect(422);
    assert!(
        refused.says("This campaign can no longer be cancelled"),
        "{}",
        refused.words()
    );
    assert_eq!(
        world
            .count("select count(*) from campaign where state = 'collecting'")
            .await,
        1
    );
}
