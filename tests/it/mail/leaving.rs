//! Leaving a list by one click.

use felag_tests::World;

use super::{deliver, states, write};

const ADA: &str = "ada@felag.example";

fn path(world: &World, email: &str, list: &str) -> String {
    let address = world.ctx.mailer.unsubscribe(email, list).unwrap();
    address.strip_prefix(&world.base).unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_the_address_ends_nothing_and_its_button_does() {
    let world = World::new().await;
    let path = path(&world, ADA, "owner_daily:x");
    let browser = world.browser();
    let page = browser.get(&path).await.expect(200);
    assert!(page.says(ADA) && page.says("Stop these e-mails"));
    write(&world, ADA, "one", Some("owner_daily:x")).await;
    deliver(&world).await;
    browser.submit(&page, &path, &[]).await.expect(200);
    write(&world, ADA, "two", Some("owner_daily:x")).await;
    deliver(&world).await;
    assert_eq!(states(&world, ADA).await, ["sent", "suppressed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_click_in_the_mail_program_is_enough() {
    let world = World::new().await;
    let path = path(&world, ADA, "owner_daily:x");
    // As a mail program sends it (RFC 8058): no cookie, no page before, another origin.
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for _ in 0..2 {
        let sent = client
            .post(format!("{}{path}", world.base))
            .header("origin", "https://mail.example")
            .form(&[("List-Unsubscribe", "One-Click")])
            .send();
        assert_eq!(sent.await.unwrap().status(), 200);
    }
    write(&world, ADA, "one", Some("owner_daily:x")).await;
    deliver(&world).await;
    assert_eq!(states(&world, ADA).await, ["suppressed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_left_a_list_hears_nothing_of_it_though_it_was_queued_before() {
    let world = World::new().await;
    write(&world, ADA, "one", Some("owner_daily:x")).await;
    write(&world, ADA, "two", Some("owner_daily:y")).await;
    let page = path(&world, ADA, "owner_daily:x");
    world.browser().post_raw(&page, &[]).await.expect(200);
    deliver(&world).await;
    assert_eq!(states(&world, ADA).await, ["suppressed", "sent"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_always_arrives() {
    let world = World::new().await;
    for list in ["updates:x", "follow:x", "reminders:x", "owner_daily:x"] {
        let page = path(&world, ADA, list);
        world.browser().post_raw(&page, &[]).await.expect(200);
    }
    write(&world, ADA, "receipt", None).await;
    deliver(&world).await;
    assert_eq!(states(&world, ADA).await, ["sent"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_not_ours_ends_nothing() {
    let world = World::new().await;
    let good = path(&world, ADA, "owner_daily:x");
    let mut other = good.clone();
    let last = other.pop().unwrap();
    other.push(if last == 'A' { 'B' } else { 'A' });
    for path in [
        other.as_str(),
        "/unsubscribe/x",
        "/unsubscribe/a.b.c",
        &good.replace("/unsubscribe/", "/unsubscribe/e30."),
    ] {
        let browser = world.browser();
        browser.get(path).await.expect(404);
        browser
            .post_raw(path, &[("List-Unsubscribe", "One-Click")])
            .await
            .expect(404);
    }
    assert_eq!(world.count("select count(*) from unsubscription").await, 0);
}
