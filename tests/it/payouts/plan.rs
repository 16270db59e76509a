//! Plans: parts on days, refused before launch when they would wait too long, proposed when they are due.

use felag_domain::ledger::AccountCode;
use felag_tests::World;
use felag_tests::paying_out::small_ask;
use time::Duration;

use super::two_people::{approve, stands};

#[tokio::test]
async fn a_plan_that_waits_too_long_or_is_not_everything_is_refused_in_words() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let project = world.project(&owner, "Open tools").await;
    world.draft(project, &small_ask()).await;
    let page = "/campaigns/a-microscope-for-every-school/edit/payouts";
    for (fields, words) in [
        (
            [
                ("percent1", "60"),
                ("days1", "0"),
                ("percent2", "40"),
                ("days2", "81"),
            ],
            "80 days after collection ends",
        ),
        (
            [
                ("percent1", "60"),
                ("days1", "0"),
                ("percent2", "30"),
                ("days2", "40"),
            ],
            "add up to 90 %",
        ),
        (
            [
                ("percent1", "60"),
                ("days1", "40"),
                ("percent2", "40"),
                ("days2", "0"),
            ],
            "later than the one before",
        ),
        (
            [
                ("percent1", "sixty"),
                ("days1", "0"),
                ("percent2", "40"),
                ("days2", "-1"),
            ],
            "a whole number of percent",
        ),
    ] {
        let form = owner.browser.get(page).await.expect(200);
        let refused = owner.browser.submit(&form, page, &fields).await.expect(422);
        assert!(refused.says(words), "{}", refused.words());
    }
    assert_eq!(world.count("select count(*) from tranche").await, 0);
    let form = owner.browser.get(page).await.expect(200);
    let fields = [
        ("percent1", "60"),
        ("days1", "0"),
        ("percent2", "40"),
        ("days2", "30"),
    ];
    owner.browser.submit(&form, page, &fields).await.expect(303);
    assert_eq!(world.count("select count(*) from tranche").await, 2);
}

#[tokio::test]
async fn parts_are_proposed_on_their_days_and_together_they_are_everything() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let treasurer = world.person("treasurer").await;
    let project = world.project(&owner, "Open tools").await;
    world.onboard(project, owner.id, "EUR").await;
    let id = world.draft(project, &small_ask()).await;
    let page = "/campaigns/a-microscope-for-every-school/edit/payouts";
    let form = owner.browser.get(page).await.expect(200);
    let fields = [
        ("percent1", "33"),
        ("days1", "0"),
        ("percent2", "67"),
        ("days2", "30"),
    ];
    owner.browser.submit(&form, page, &fields).await.expect(303);
    let campaign = world.launch(id).await;
    world.fund(&campaign).await;
    world
        .join(project, &treasurer, felag_domain::person::Role::Treasurer)
        .await;
    world.prove(&owner).await;
    world.prove(&treasurer).await;
    assert_eq!(world.count("select gross_minor from payout").await, 3_630);
    approve(&owner, &campaign, 1).await.expect(303);
    approve(&treasurer, &campaign, 1).await.expect(303);
    world.advance_by(Duration::days(10)).await;
    assert_eq!(stands(&world, &campaign, AccountCode::Held).await, 7_370);
    // Asking for the second part before its day is refused.
    let payouts = format!("/campaigns/{}/payouts", campaign.slug);
    let key = "0192f0c1-2345-7000-8000-000000000001";
    let refused = owner
        .browser
        .post_form(&payouts, &[("amount", "10"), ("request", key)])
        .await
        .expect(422);
    assert!(
        refused.says("the next planned part is not due"),
        "{}",
        refused.words()
    );
    world.advance_by(Duration::days(21)).await;
    assert_eq!(
        world
            .count("select count(*) from payout where number = 2 and gross_minor = 7370")
            .await,
        1
    );
    world.come_back(&owner).await;
    world.come_back(&treasurer).await;
    approve(&owner, &campaign, 2).await.expect(303);
    approve(&treasurer, &campaign, 2).await.expect(303);
    world.advance_by(Duration::days(4)).await;
    assert_eq!(stands(&world, &campaign, AccountCode::Held).await, 0);
    assert_eq!(
        world.count("select sum(costs_minor)::bigint from payout").await,
        115 + 108 - 10
    );
    assert_eq!(
        world
            .count("select count(*) from campaign where state = 'closed'")
            .await,
        1
    );
    world.ledger_verify().await;
}

#[tokio::test]
async fn money_that_is_held_too_long_is_an_alarm_on_the_stewards_page() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    world.funded_campaign(&owner).await;
    let steward = world.steward("tove").await;
    world.advance_by(Duration::days(89)).await;
    world.sign_in(&steward.browser, &steward.email).await;
    let list = steward.browser.get("/payouts").await.expect(200);
    assert!(!list.says("Held too long"), "{}", list.words());
    world.advance_by(Duration::days(2)).await;
    let list = steward.browser.get("/payouts").await.expect(200);
    assert!(
        list.says("Held too long") && list.says("€110.00"),
        "{}",
        list.words()
    );
}
