//! One's own account.

use axum::http::StatusCode;
use felag_domain::person::EmailAddress;

use super::site::{PASSWORD, Site};

const NEW_PASSWORD: &str = "four horses in a meadow";

#[tokio::test]
async fn nobody_sees_an_account_without_signing_in() {
    let site = Site::start().await;
    let mut browser = site.browser(1);
    assert_eq!(
        browser.get("/my/account").await.location(),
        "/sign-in?next=%2Fmy%2Faccount"
    );
    let csrf = browser.get("/sign-in").await.csrf().to_string();
    for path in [
        "/my/account/name",
        "/my/account/password",
        "/my/account/sign-ins",
        "/email-confirmation",
    ] {
        let fields = [("name", "Eve"), ("password", NEW_PASSWORD)];
        let answer = browser.post(path, &csrf, &fields).await;
        assert_eq!(answer.location(), "/sign-in?next=%2F", "{path}");
    }
    assert_eq!(
        browser.post("/sign-out", &csrf, &[]).await.status,
        StatusCode::SEE_OTHER,
        "leaving twice is fine"
    );
}

#[tokio::test]
async fn a_name_is_changed_and_a_bad_one_comes_back() {
    let site = Site::start().await;
    site.person("marta@example.org").await;
    let mut browser = site.browser(1);
    browser.sign_in("marta@example.org", PASSWORD).await;
    let answer = browser
        .fill(
            "/my/account",
            "/my/account/name",
            &[("name", "  Þóra   Jónsdóttir ")],
        )
        .await;
    assert_eq!(answer.location(), "/my/account?done=name");
    let page = browser.get(answer.location()).await;
    assert!(
        page.body.contains("Þóra Jónsdóttir") && page.body.contains("role=\"status\""),
        "{}",
        page.body
    );
    let answer = browser
        .fill("/my/account", "/my/account/name", &[("name", " ")])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        site.count("select count(*) from person where display_name = 'Þóra Jónsdóttir'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_password_is_changed_only_with_the_one_before_and_every_other_browser_is_signed_out() {
    let site = Site::start().await;
    site.person("marta@example.org").await;
    let (mut browser, mut other) = (site.browser(1), site.browser(2));
    browser.sign_in("marta@example.org", PASSWORD).await;
    other.sign_in("marta@example.org", PASSWORD).await;
    let wrong = [("current", "not her password"), ("password", NEW_PASSWORD)];
    let answer = browser.fill("/my/account", "/my/account/password", &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(other.is_signed_in().await);
    let before = browser.cookies["felag"].clone();
    let right = [("current", PASSWORD), ("password", NEW_PASSWORD)];
    let answer = browser.fill("/my/account", "/my/account/password", &right).await;
    assert_eq!(answer.location(), "/my/account?done=password");
    assert_ne!(before, browser.cookies["felag"]);
    assert!(browser.is_signed_in().await && !other.is_signed_in().await);
    assert_eq!(
        site.browser(3)
            .sign_in("marta@example.org", NEW_PASSWORD)
            .await
            .status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn every_other_sign_in_can_be_ended_and_nobody_elses_is() {
    let site = Site::start().await;
    site.person("marta@example.org").await;
    site.person("jonas@example.org").await;
    let (mut browser, mut other, mut jonas) = (site.browser(1), site.browser(2), site.browser(3));
    browser.sign_in("marta@example.org", PASSWORD).await;
    other.sign_in("marta@example.org", PASSWORD).await;
    jonas.sign_in("jonas@example.org", PASSWORD).await;
    assert_eq!(
        browser
            .get("/my/account")
            .await
            .body
            .matches("This browser</span></td>")
            .count(),
        1
    );
    let answer = browser.fill("/my/account", "/my/account/sign-ins", &[]).await;
    assert_eq!(answer.location(), "/my/account?done=sign-ins");
    assert!(browser.is_signed_in().await && jonas.is_signed_in().await);
    assert!(!other.is_signed_in().await);
}

#[tokio::test]
async fn only_an_account_that_exists_becomes_a_stewards() {
    let site = Site::start().await;
    site.person("marta@example.org").await;
    let grant = async |email: &str| {
        felag::people::grant_steward(&site.ctx, &EmailAddress::parse(email).unwrap())
            .await
            .unwrap()
    };
    assert!(!grant("nobody@example.org").await);
    assert!(grant("marta@example.org").await);
    assert_eq!(
        site.count("select count(*) from person where is_steward").await,
        1
    );
}

#[tokio::test]
async fn demo_log_ins_are_shown_in_the_demo_only() {
    let site = Site::start().await;
    assert!(
        !site
            .browser(1)
            .get("/sign-in")
            .await
            .body
            .contains("felag-demo-2026")
    );
    let demo = Site::with(|config| config.demo = true).await;
    let page = demo.browser(1).get("/sign-in").await.body;
    for email in ["owner@", "backer@", "lender@", "steward@"] {
        assert!(page.contains(&format!("{email}felag.example")), "{email}");
    }
    assert!(page.contains("felag-demo-2026"));
}
