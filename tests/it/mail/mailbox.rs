//! The mailbox of the sandbox.

use felag_tests::World;

use super::{deliver, write};

const ADA: &str = "ada@felag.example";

#[tokio::test(flavor = "multi_thread")]
async fn the_mailbox_shows_every_mail_the_newest_first() {
    let world = World::new().await;
    write(&world, ADA, "the first", None).await;
    write(&world, "bob@felag.example", "the second", Some("updates:x")).await;
    deliver(&world).await;
    let browser = world.browser();
    let page = browser.get("/dev/mail").await.expect(200);
    let (first, second) = (
        page.text.find("About the first").unwrap(),
        page.text.find("About the second").unwrap(),
    );
    assert!(second < first);
    let page = browser.get("/dev/mail?to=ADA%40felag.example").await.expect(200);
    assert!(page.says("About the first") && !page.says("About the second"));
    for path in [
        "/dev/mail?page=0",
        "/dev/mail?page=99",
        "/dev/mail?to=%27%22%3Cscript%3E",
    ] {
        browser.get(path).await.expect(200);
    }
    for path in [
        "/dev/mail/x",
        "/dev/mail/00000000-0000-0000-0000-000000000000/raw",
    ] {
        browser.get(path).await.expect(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_shown_as_text_with_links_as_html_without_scripts_and_as_it_travels() {
    let world = World::new().await;
    let person = world.person("ada").await;
    deliver(&world).await;
    let id: uuid::Uuid = sqlx::query_scalar("select message_id from message where recipient = $1")
        .bind(&person.email)
        .fetch_one(&world.owner)
        .await
        .unwrap();
    let browser = world.browser();
    let page = browser.get(&format!("/dev/mail/{id}")).await.expect(200);
    assert!(
        page.text
            .contains(&format!("href=\"{}/email-confirmation/", world.base)),
        "{}",
        page.text
    );
    assert!(page.text.contains("<iframe") && page.text.contains("sandbox=\"\""));
    let policy = page.headers["content-security-policy"]
        .to_str()
        .unwrap()
        .to_string();
    assert!(policy.contains("frame-src 'self'") && policy.contains("default-src 'none'"));
    let html = browser.get(&format!("/dev/mail/{id}/html")).await.expect(200);
    let policy = html.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("sandbox;") && policy.contains("frame-ancestors 'self'"),
        "{policy}"
    );
    let raw = browser.get(&format!("/dev/mail/{id}/raw")).await.expect(200);
    assert!(
        raw.headers["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/plain")
    );
    assert!(
        raw.text.contains(&format!("Message-ID: <{id}@localhost>")),
        "{}",
        raw.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_no_mailbox_beside_a_mail_server() {
    let world = World::with(&[("FELAG_SMTP", "smtp://127.0.0.1:9")]).await;
    world.browser().get("/dev/mail").await.expect(404);
}
