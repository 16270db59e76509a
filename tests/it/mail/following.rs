//! Following a campaign without paying.

use felag_tests::World;
use felag_tests::asking::{Ask, Opened};
use felag_tests::giving::Gift;
use time::Duration;

use super::deliver;

const GUEST: &str = "guest@felag.example";

pub async fn campaign(world: &World) -> Opened {
    let owner = world.person("olga").await;
    world.open_campaign(&owner, &Ask::default()).await
}

async fn follows(world: &World) -> i64 {
    world.count("select count(*) from follow").await
}

/// A guest asks to follow and confirms.
pub async fn follow(world: &World, campaign: &Opened, email: &str) {
    let browser = world.browser();
    let path = format!("/campaigns/{}/follow", campaign.slug);
    let page = browser.get(&path).await.expect(200);
    browser
        .submit(&page, &path, &[("email", email)])
        .await
        .expect(200);
    deliver(world).await;
    let mails = world.mails_to(email).await;
    let link = mails
        .iter()
        .rev()
        .find(|mail| mail.kind == "confirm_follow")
        .unwrap()
        .link("/follows/");
    let page = browser.get(&link).await.expect(200);
    browser.submit(&page, &link, &[]).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_follows_once_the_mailed_link_is_confirmed() {
    let world = World::new().await;
    let campaign = campaign(&world).await;
    let browser = world.browser();
    let path = format!("/campaigns/{}/follow", campaign.slug);
    let page = browser.get(&path).await.expect(200);
    let asked = browser
        .submit(&page, &path, &[("email", "Guest@Felag.example")])
        .await
        .expect(200);
    assert!(asked.says(GUEST));
    assert_eq!(follows(&world).await, 0);
    let link = world.mails_to(GUEST).await[0].link("/follows/");
    let page = browser.get(&link).await.expect(200);
    assert_eq!(follows(&world).await, 0, "opening the link is not enough");
    browser.submit(&page, &link, &[]).await.expect(200);
    assert_eq!(follows(&world).await, 1);
    let again = browser.get(&link).await.expect(200);
    assert!(again.says("You follow"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_on_a_page_from_the_cache_works_for_a_guest_and_not_from_another_site() {
    let world = World::new().await;
    let campaign = campaign(&world).await;
    let path = format!("/campaigns/{}/follow", campaign.slug);
    world
        .browser()
        .post_raw(&path, &[("csrf", ""), ("email", GUEST)])
        .await
        .expect(200);
    assert_eq!(world.mails_to(GUEST).await.len(), 1);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let sent = client
        .post(format!("{}{path}", world.base))
        .header("origin", "https://evil.example");
    assert_eq!(sent.form(&[("email", GUEST)]).send().await.unwrap().status(), 403);
    // Somebody signed in acts in a name, so their form needs its token.
    let ada = world.person("ada").await;
    ada.browser
        .post_raw(&path, &[("csrf", ""), ("email", GUEST)])
        .await
        .expect(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signed_in_follows_at_once() {
    let world = World::new().await;
    let campaign = campaign(&world).await;
    let ada = world.person("ada").await;
    let path = format!("/campaigns/{}/follow", campaign.slug);
    for _ in 0..2 {
        let page = ada.browser.get(&path).await.expect(200);
        let done = ada.browser.submit(&page, &path, &[]).await.expect(200);
        assert!(done.says("You follow"));
    }
    assert_eq!(follows(&world).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_is_the_same_whether_the_address_follows_already_or_not() {
    let world = World::new().await;
    let campaign = campaign(&world).await;
    follow(&world, &campaign, GUEST).await;
    let path = format!("/campaigns/{}/follow", campaign.slug);
    let mut answers = Vec::new();
    for email in [GUEST, "other@felag.example"] {
        let answer = world
            .browser()
            .post_form(&path, &[("email", email)])
            .await
            .expect(200);
        answers.push(answer.words().replace(email, "…"));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(world.mails_to(GUEST).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobodys_mailbox_can_be_flooded() {
    let world = World::new().await;
    let campaign = campaign(&world).await;
    let path = format!("/campaigns/{}/follow", campaign.slug);
    for _ in 0..6 {
        world
            .browser()
            .post_form(&path, &[("email", GUEST)])
            .await
            .expect(200);
    }
    assert_eq!(
        world.mails_to(GUEST).await.len(),
        3,
        "three an hour, from anywhere"
    );
    let one = world.browser();
    for number in 0..10 {
        one.post_form(&path, &[("email", &format!("p{number}@felag.example"))])
            .await
            .expect(200);
    }
    one.post_form(&path, &[("email", "p10@felag.example")])
        .await
        .expect(429);
    world.ctx.clock.show(world.ctx.now() + Duration::HOUR);
    one.post_form(&path, &[("email", "p10@felag.example")])
        .await
        .expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_address_comes_back_with_what_was_typed() {
    let world = World::new().await;
    let campaign = campaign(&world).await;
    let path = format!("/campaigns/{}/follow", campaign.slug);
    for typed in [
        "",
        "guest",
        "guest@felag.example\r\nbcc: eve@felag.example",
        "gü@felag.example",
    ] {
        let page = world
            .browser()
            .post_form(&path, &[("email", typed)])
            .await
            .expect(422);
        assert!(page.form(&path).fields.iter().any(|(name, _)| name == "email"));
    }
    assert_eq!(
        world
            .count("select count(*) from message where kind = 'confirm_follow'")
            .await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_is_old_or_none_confirms_nothing() {
    let world = World::new().await;
    let campaign = campaign(&world).await;
    let path = format!("/campaigns/{}/follow", campaign.slug);
    world
        .browser()
        .post_form(&path, &[("email", GUEST)])
        .await
        .expect(200);
    let link = world.mails_to(GUEST).await[0].link("/follows/");
    world.ctx.clock.show(world.ctx.now() + Duration::hours(25));
    world.browser().get(&link).await.expect(410);
    world.browser().post_form(&link, &[]).await.expect(410);
    world
        .browser()
        .get("/follows/0123456789abcdef/confirmation")
        .await
        .expect(410);
    assert_eq!(follows(&world).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn followers_who_have_not_given_are_reminded_once_before_the_deadline() {
    let world = World::new().await;
    let campaign = campaign(&world).await;
    follow(&world, &campaign, GUEST).await;
    follow(&world, &campaign, "backer@felag.example").await;
    world
        .pledge(&campaign, &Gift::of("30", "backer@felag.example"))
        .await;
    world.quiet().await;
    let mut written = Vec::new();
    for _ in 0..2 {
        let mut conn = world.ctx.db.acquire().await.unwrap();
        written.push(
            felag::updates::remind_followers(&mut conn, &world.ctx, campaign.id)
                .await
                .unwrap(),
        );
    }
    assert_eq!(written, [1, 0]);
    deliver(&world).await;
    let mails = world.mails_to(GUEST).await;
    let reminder = mails
        .iter()
        .find(|mail| mail.kind == "deadline_near_follower")
        .unwrap();
    assert!(reminder.subject.contains("48 hours") && reminder.text_body.contains("/unsubscribe/"));
    // One click ends reminders and updates alike.
    let leave = reminder.link("/unsubscribe/");
    let page = world.browser().get(&leave).await.expect(200);
    assert!(page.says("A microscope for every school"));
    world.browser().post_raw(&leave, &[]).await.expect(200);
    assert_eq!(
        world
            .count("select count(*) from follow where email = 'guest@felag.example'")
            .await,
        0
    );
    assert_eq!(world.count("select count(*) from unsubscription").await, 3);
    // Who follows anew hears again.
    follow(&world, &campaign, GUEST).await;
    assert_eq!(world.count("select count(*) from unsubscription").await, 0);
}
