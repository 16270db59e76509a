//! In the demo a newcomer acts without a phone; anywhere else nobody is told a code.

use felag_tests::World;
use felag_tests::people::PASSWORD;
use felag_tests::proving::{Phone, begin, give};

/// The code that a page shows.
fn shown(words: &str) -> Option<String> {
    let (_, rest) = words.split_once("your code is ")?;
    Some(rest.split(" right now").next()?.replace(' ', ""))
}

#[tokio::test]
async fn the_demo_shows_the_code_that_a_phone_would_and_after_it_the_next_one() {
    let world = World::new().await;
    let ada = world.person("ada").await;
    begin(&ada).await;
    let page = ada.browser.get("/my/second-factor/setup").await.expect(200);
    let code = shown(&page.words()).unwrap();
    ada.browser
        .submit(&page, "/my/second-factor/setup", &[("code", &code)])
        .await
        .expect(200);
    let page = ada
        .browser
        .get("/my/second-factor/confirmation")
        .await
        .expect(200);
    let next = shown(&page.words()).unwrap();
    assert_ne!(code, next);
    give(&ada.browser, &next).await.expect(303);
}

#[tokio::test]
async fn where_mail_leaves_this_machine_no_page_tells_a_code() {
    let world = World::with(&[("FELAG_SMTP", "smtp://127.0.0.1:1")]).await;
    let ada = world.person("ada").await;
    let page = ada.browser.get("/my/second-factor").await.expect(200);
    let begun = ada
        .browser
        .submit(&page, "/my/second-factor", &[("password", PASSWORD)])
        .await;
    let setup = ada.browser.follow(begun.expect(303)).await.expect(200);
    let code = Phone::reading(&setup).next_code();
    ada.browser
        .submit(&setup, "/my/second-factor/setup", &[("code", &code)])
        .await
        .expect(200);
    for path in ["/my/second-factor/confirmation", "/my/second-factor/off"] {
        let page = ada.browser.get(path).await.expect(200);
        assert!(
            !page.says("In this demo") && !setup.says("In this demo"),
            "{}",
            page.words()
        );
    }
}
