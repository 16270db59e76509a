//! From the first form to the last click.

use axum::http::StatusCode;
use time::Duration;

use super::site::{PASSWORD, Site};

#[tokio::test]
async fn somebody_signs_up_confirms_the_address_signs_in_and_signs_out() {
    let site = Site::start().await;
    let mut browser = site.browser(1);
    let answer = browser.sign_up("Marta@Example.org").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(answer.body.contains("marta@example.org"), "{}", answer.body);
    assert!(!browser.is_signed_in().await, "signing up alone signs nobody in");

    let link = site.mailed_link("marta@example.org", "confirm_email").await;
    let confirmed = "select count(*) from person where email_confirmed_at is not null";
    assert_eq!(browser.get(&link).await.status, StatusCode::OK);
    assert_eq!(site.count(confirmed).await, 0, "opening the link changes nothing");
    assert_eq!(browser.fill(&link, &link, &[]).await.status, StatusCode::OK);
    assert_eq!(site.count(confirmed).await, 1);

    let answer = browser.sign_in("marta@example.org", PASSWORD).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, "/my/gifts")
    );
    assert!(browser.is_signed_in().await);

    let left_behind = browser.clone();
    let answer = browser.fill("/my/account", "/sign-out", &[]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"));
    assert!(answer.headers.contains_key("clear-site-data"));
    assert!(!browser.is_signed_in().await);
    assert!(
        !left_behind.clone().is_signed_in().await,
        "a copied cookie is worth nothing after signing out"
    );
    assert_eq!(site.count("select count(*) from sign_in").await, 0);
}

#[tokio::test]
async fn a_wrong_password_comes_back_with_the_address_kept_and_the_password_not() {
    let site = Site::start().await;
    site.person("marta@example.org").await;
    let mut browser = site.browser(1);
    let answer = browser.sign_in("marta@example.org", "not her password").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("value=\"marta@example.org\""),
        "{}",
        answer.body
    );
    assert!(!answer.body.contains("not her password"));
    assert_eq!(
        answer.body.matches("do not belong together").count(),
        2,
        "at the field and on top"
    );
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn every_sign_in_gets_a_new_token_and_ends_the_one_before_in_that_browser() {
    let site = Site::start().await;
    site.person("marta@example.org").await;
    let mut browser = site.browser(1);
    browser.sign_in("marta@example.org", PASSWORD).await;
    let before = browser.clone();
    let csrf = browser.get("/my/account").await.csrf().to_string();
    browser
        .post(
            "/sign-in",
            &csrf,
            &[("email", "marta@example.org"), ("password", PASSWORD)],
        )
        .await;
    assert_ne!(before.cookies["felag"], browser.cookies["felag"]);
    assert!(browser.is_signed_in().await);
    assert!(!before.clone().is_signed_in().await);
}

#[tokio::test]
async fn a_sign_in_ends_after_two_weeks_unused_and_after_thirty_days_in_any_case() {
    let site = Site::start().await;
    site.person("marta@example.org").await;
    let (mut unused, mut used) = (site.browser(1), site.browser(2));
    unused.sign_in("marta@example.org", PASSWORD).await;
    used.sign_in("marta@example.org", PASSWORD).await;
    site.later(Duration::days(10));
    assert!(used.is_signed_in().await);
    site.later(Duration::days(5));
    assert!(!unused.is_signed_in().await);
    site.later(Duration::days(5));
    assert!(used.is_signed_in().await);
    site.later(Duration::days(10));
    assert!(!used.is_signed_in().await);
}

#[tokio::test]
async fn cookies_are_out_of_reach_for_scripts_and_bound_to_https_where_there_is_https() {
    let site = Site::start().await;
    site.person("marta@example.org").await;
    let answer = site.browser(1).sign_in("marta@example.org", PASSWORD).await;
    let line = answer.cookie("felag").unwrap();
    assert!(
        line.contains("; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000"),
        "{line}"
    );
    assert!(!line.contains("Secure") && !line.contains("Domain"), "{line}");

    let site = Site::with(|config| config.public_url = "https://felag.example".into()).await;
    site.person("marta@example.org").await;
    let mut browser = site.browser(1);
    let guest = browser.get("/sign-in").await;
    let answer = browser.sign_in("marta@example.org", PASSWORD).await;
    for line in [answer.cookie("__Host-felag"), guest.cookie("__Host-felag-guest")] {
        let line = line.unwrap();
        assert!(
            line.contains("; Path=/; HttpOnly; SameSite=Lax;") && line.ends_with("; Secure"),
            "{line}"
        );
        assert!(!line.contains("Domain"), "{line}");
    }
}
