//! Links from mails.

use axum::http::StatusCode;
use time::Duration;

use super::site::{PASSWORD, Site};

const NEW_PASSWORD: &str = "four horses in a meadow";

#[tokio::test]
async fn a_link_works_once() {
    let site = Site::start().await;
    let mut browser = site.browser(1);
    browser.sign_up("marta@example.org").await;
    let link = site.mailed_link("marta@example.org", "confirm_email").await;
    let csrf = browser.get(&link).await.csrf().to_string();
    assert_eq!(browser.post(&link, &csrf, &[]).await.status, StatusCode::OK);
    assert_eq!(browser.post(&link, &csrf, &[]).await.status, StatusCode::GONE);
    assert_eq!(browser.get(&link).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn of_many_who_use_a_link_at_once_one_gets_through() {
    let site = Site::start().await;
    site.person("marta@example.org").await;
    site.browser(1)
        .fill(
            "/password-reset",
            "/password-reset",
            &[("email", "marta@example.org")],
        )
        .await;
    site.work().await;
    let link = site.mailed_link("marta@example.org", "reset_password").await;
    let token = link.rsplit('/').next().unwrap();
    let at_once = (0..8).map(|_| felag::people::reset_password(&site.ctx, token, NEW_PASSWORD));
    let through = futures::future::join_all(at_once)
        .await
        .into_iter()
        .filter(|one| matches!(one, Ok(Some(_))));
    assert_eq!(through.count(), 1);
    assert_eq!(site.count("select count(*) from sign_in").await, 1);
}

#[tokio::test]
async fn a_link_works_for_its_own_purpose_only() {
    let site = Site::start().await;
    let mut browser = site.browser(1);
    browser.sign_up("marta@example.org").await;
    let link = site.mailed_link("marta@example.org", "confirm_email").await;
    let reset = link.replace("email-confirmation", "password-reset");
    let csrf = browser.get(&link).await.csrf().to_string();
    assert_eq!(browser.get(&reset).await.status, StatusCode::GONE);
    assert_eq!(
        browser
            .post(&reset, &csrf, &[("password", NEW_PASSWORD)])
            .await
            .status,
        StatusCode::GONE
    );
    assert_eq!(
        browser
            .get("/password-reset/0123456789abcdef0123456789abcdef")
            .await
            .status,
        StatusCode::GONE
    );
    assert_eq!(
        browser.get(&link).await.status,
        StatusCode::OK,
        "trying it elsewhere did not use it up"
    );
}

#[tokio::test]
async fn links_run_out_after_a_day_and_after_an_hour() {
    let site = Site::start().await;
    let mut browser = site.browser(1);
    browser.sign_up("marta@example.org").await;
    browser
        .fill(
            "/password-reset",
            "/password-reset",
            &[("email", "marta@example.org")],
        )
        .await;
    site.work().await;
    let confirm = site.mailed_link("marta@example.org", "confirm_email").await;
    let reset = site.mailed_link("marta@example.org", "reset_password").await;
    site.later(Duration::minutes(59));
    assert_eq!(browser.get(&reset).await.status, StatusCode::OK);
    site.later(Duration::minutes(2));
    assert_eq!(browser.get(&reset).await.status, StatusCode::GONE);
    assert_eq!(browser.get(&confirm).await.status, StatusCode::OK);
    site.later(Duration::hours(23));
    assert_eq!(browser.get(&confirm).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_link_acts_on_the_account_it_was_sent_to_whoever_is_signed_in() {
    let site = Site::start().await;
    site.person("eve@example.org").await;
    let mut browser = site.browser(1);
    browser.sign_up("marta@example.org").await;
    browser.sign_in("eve@example.org", PASSWORD).await;
    let link = site.mailed_link("marta@example.org", "confirm_email").await;
    sqlx::query("update person set email_confirmed_at = null")
        .execute(&site.db)
        .await
        .unwrap();
    browser.fill(&link, &link, &[]).await;
    let confirmed: Vec<String> =
        sqlx::query_scalar("select email from person where email_confirmed_at is not null")
            .fetch_all(&site.db)
            .await
            .unwrap();
    assert_eq!(confirmed, ["marta@example.org"]);
}

#[tokio::test]
async fn a_new_password_ends_every_sign_in_and_every_other_link() {
    let site = Site::start().await;
    site.person("marta@example.org").await;
    let mut thief = site.browser(1);
    thief.sign_in("marta@example.org", PASSWORD).await;
    let mut owner = site.browser(2);
    for _ in 0..2 {
        owner
            .fill(
                "/password-reset",
                "/password-reset",
                &[("email", "marta@example.org")],
            )
            .await;
        site.work().await;
    }
    let older = site.mailed_link("marta@example.org", "reset_password").await;
    owner
        .fill(
            "/password-reset",
            "/password-reset",
            &[("email", "marta@example.org")],
        )
        .await;
    site.work().await;
    let link = site.mailed_link("marta@example.org", "reset_password").await;
    assert_ne!(older, link);

    let answer = owner.fill(&link, &link, &[("password", "short")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(thief.is_signed_in().await, "a refused form changes nothing");
    let answer = owner.fill(&link, &link, &[("password", NEW_PASSWORD)]).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, "/my/account?done=password")
    );
    assert!(owner.is_signed_in().await);
    assert!(!thief.is_signed_in().await);
    assert_eq!(site.browser(3).get(&older).await.status, StatusCode::GONE);
    let mut browser = site.browser(3);
    assert_eq!(
        browser.sign_in("marta@example.org", PASSWORD).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        browser.sign_in("marta@example.org", NEW_PASSWORD).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn whoever_opened_an_account_with_another_persons_address_loses_it_to_that_person() {
    let site = Site::start().await;
    let mut eve = site.browser(1);
    eve.sign_up("marta@example.org").await;
    eve.sign_in("marta@example.org", PASSWORD).await;
    let mut marta = site.browser(2);
    marta
        .fill(
            "/password-reset",
            "/password-reset",
            &[("email", "marta@example.org")],
        )
        .await;
    site.work().await;
    let link = site.mailed_link("marta@example.org", "reset_password").await;
    marta.fill(&link, &link, &[("password", NEW_PASSWORD)]).await;
    assert!(marta.is_signed_in().await);
    assert!(!eve.is_signed_in().await);
    let confirmed = "select count(*) from person where email_confirmed_at is not null";
    assert_eq!(site.count(confirmed).await, 1, "the link proved the address");
}

#[tokio::test]
async fn links_carry_the_public_address_whatever_host_a_request_names() {
    let site = Site::start().await;
    site.person("marta@example.org").await;
    let mut browser = site.browser(1);
    let csrf = browser.get("/password-reset").await.csrf().to_string();
    let origin = site.ctx.config.public_url.clone();
    let forged = [
        ("origin", origin.as_str()),
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example"),
    ];
    browser
        .post_from(
            "/password-reset",
            &csrf,
            &[("email", "marta@example.org")],
            &forged,
        )
        .await;
    site.work().await;
    let (_, text) = site.mails("marta@example.org").await.pop().unwrap();
    assert!(text.contains("http://127.0.0.1:8080/password-reset/"), "{text}");
    assert!(!text.contains("evil"), "{text}");
}

#[tokio::test]
async fn what_is_over_is_forgotten_once_a_day() {
    let site = Site::start().await;
    site.person("marta@example.org").await;
    site.browser(1).sign_in("marta@example.org", PASSWORD).await;
    felag::people::jobs::ensure(&site.ctx).await.unwrap();
    felag::people::jobs::ensure(&site.ctx).await.unwrap();
    let jobs = "select count(*) from job where kind = 'people.forget'";
    assert_eq!(site.count(jobs).await, 1);
    site.work().await;
    assert_eq!(site.count(jobs).await, 1, "the next one is written down");
    assert_eq!(site.count("select count(*) from sign_in").await, 1);
    site.later(Duration::days(32));
    site.work().await;
    for table in ["sign_in", "email_link", "attempt"] {
        assert_eq!(
            site.count(&format!("select count(*) from {table}")).await,
            0,
            "{table}"
        );
    }
    assert_eq!(site.count(jobs).await, 1);
}
