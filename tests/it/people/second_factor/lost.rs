//! Phone and recovery codes are lost: a wait of 72 hours, and a steward with a reason.

use felag_tests::World;
use felag_tests::people::{PASSWORD, Person};
use felag_tests::proving::{Phone, give};
use time::Duration;

const LOST: &str = "/my/second-factor/lost";
const REASON: &str = "I have called the number on their invoice and they confirmed it.";

/// Somebody who has lost everything; the phone is in a drawer.
async fn asked(world: &World) -> (Person, Phone) {
    let ada = world.person("ada").await;
    let phone = world.second_factor(&ada).await;
    let page = ada.browser.get(LOST).await.expect(200);
    let wrong = ada
        .browser
        .submit(&page, LOST, &[("password", "not hers at all")])
        .await;
    assert!(wrong.expect(422).says("This is not your password"));
    ada.browser
        .submit(&page, LOST, &[("password", PASSWORD)])
        .await
        .expect(303);
    (ada, phone)
}

async fn reset_of(world: &World) -> String {
    let id: uuid::Uuid =
        sqlx::query_scalar("select reset_id from factor_reset order by asked_at desc limit 1")
            .fetch_one(&world.owner)
            .await
            .unwrap();
    format!("/factor-resets/{id}")
}

#[tokio::test]
async fn before_the_72_hours_are_over_nothing_is_switched_off_and_the_try_is_written_down() {
    let world = World::new().await;
    asked(&world).await;
    let steward = world.steward("steward").await;
    let path = reset_of(&world).await;
    let one = steward.browser.get(&path).await.expect(200);
    assert!(one.says("The 72 hours are not over"), "{}", one.words());
    let led = steward
        .browser
        .post_form(&path, &[("reason", REASON)])
        .await
        .expect(303);
    assert!(
        led.location().starts_with("/my/second-factor?next="),
        "a steward needs a factor, too"
    );
    world.prove(&steward).await;
    steward
        .browser
        .post_form(&path, &[("reason", REASON)])
        .await
        .expect(422);
    let refused = "select count(*) from audit_row where kind = 'second_factor.reset' and refused";
    assert_eq!(world.count(refused).await, 1);
    assert_eq!(
        world
            .count("select count(*) from factor_reset where done_at is not null")
            .await,
        0
    );
}

#[tokio::test]
async fn a_steward_switches_a_lost_factor_off_after_72_hours_with_a_reason() {
    let world = World::new().await;
    let (ada, _) = asked(&world).await;
    let steward = world.steward("steward").await;
    let path = reset_of(&world).await;
    let list = steward.browser.get("/factor-resets").await.expect(200);
    assert!(list.says("Ada") && list.says(&ada.email), "{}", list.words());
    world.advance_by(Duration::hours(72)).await;
    world.prove(&steward).await;
    let page = steward.browser.get(&path).await.expect(200);
    let short = steward
        .browser
        .submit(&page, &path, &[("reason", "ok")])
        .await
        .expect(422);
    assert!(short.text.contains("ok</textarea>"), "{}", short.text);
    let done = steward
        .browser
        .submit(&page, &path, &[("reason", REASON)])
        .await
        .expect(303);
    assert!(
        steward
            .browser
            .follow(done)
            .await
            .says("The second factor is off")
    );
    assert_eq!(
        world
            .count(
                "select count(*) from second_factor join person using (person_id) where display_name = 'Ada'"
            )
            .await,
        0
    );
    let kinds = world.kinds_of_mails_to(&ada.email).await;
    let told = ["factor_reset_asked", "factor_reset_soon", "factor_reset_done"];
    assert!(kinds.ends_with(&told.map(String::from)), "{kinds:?}");
    let mail = world.mails_to(&ada.email).await.pop().unwrap();
    assert!(mail.text_body.contains(REASON), "{}", mail.text_body);
    assert!(
        ada.browser
            .get("/my/account")
            .await
            .expect(303)
            .location()
            .starts_with("/sign-in")
    );
    let row =
        "select count(*) from audit_row where kind = 'second_factor.reset' and not refused and reason <> ''";
    assert_eq!(world.count(row).await, 1);
    steward
        .browser
        .post_form(&path, &[("reason", REASON)])
        .await
        .expect(422);
    assert_eq!(world.count(row).await, 1, "once");
}

#[tokio::test]
async fn a_second_ask_changes_nothing_and_the_person_can_take_it_back() {
    let world = World::new().await;
    let (ada, _) = asked(&world).await;
    ada.browser
        .post_form(LOST, &[("password", PASSWORD)])
        .await
        .expect(303);
    assert_eq!(world.count("select count(*) from factor_reset").await, 1);
    let page = ada.browser.get("/my/second-factor").await.expect(200);
    let back = ada
        .browser
        .submit(&page, "/my/second-factor/lost/cancellation", &[])
        .await
        .expect(303);
    assert!(ada.browser.follow(back).await.says("The request is taken back"));
    world.advance_by(Duration::hours(73)).await;
    let steward = world.steward("steward").await;
    world.prove(&steward).await;
    let path = reset_of(&world).await;
    steward.browser.get(&path).await.expect(404);
    steward
        .browser
        .post_form(&path, &[("reason", REASON)])
        .await
        .expect(422);
    assert_eq!(
        world
            .count("select count(*) from second_factor where confirmed_at is not null")
            .await,
        2
    );
    let kinds = world.kinds_of_mails_to(&ada.email).await;
    assert!(!kinds.contains(&"factor_reset_soon".to_string()), "{kinds:?}");
}

#[tokio::test]
async fn a_right_code_takes_the_request_back() {
    let world = World::new().await;
    let (ada, phone) = asked(&world).await;
    give(&ada.browser, "AAAA-AAAA-AAAA-AAAA").await.expect(422);
    assert_eq!(
        world
            .count("select count(*) from factor_reset where cancelled_at is not null")
            .await,
        0
    );
    give(&ada.browser, &phone.next_code()).await.expect(303);
    assert_eq!(
        world
            .count("select count(*) from factor_reset where cancelled_at is not null")
            .await,
        1
    );
    let row = "select count(*) from audit_row where kind = 'second_factor.reset_cancelled'";
    assert_eq!(world.count(row).await, 1);
}

#[tokio::test]
async fn no_steward_switches_off_their_own() {
    let world = World::new().await;
    let steward = world.steward("steward").await;
    world.second_factor(&steward).await;
    let page = steward.browser.get(LOST).await.expect(200);
    steward
        .browser
        .submit(&page, LOST, &[("password", PASSWORD)])
        .await
        .expect(303);
    world.advance_by(Duration::hours(72)).await;
    world.prove(&steward).await;
    let path = reset_of(&world).await;
    let refused = steward
        .browser
        .post_form(&path, &[("reason", REASON)])
        .await
        .expect(422);
    assert!(refused.says("Another steward decides"), "{}", refused.words());
    assert_eq!(world.count("select count(*) from second_factor").await, 1);
    assert_eq!(
        world.count("select count(*) from audit_row where refused").await,
        1
    );
}
