//! Forms that lie: other sites, other fields, other headers.

use axum::http::StatusCode;

use super::site::{PASSWORD, Site};

const NOBODYS_TOKEN: &str = "0000000000000000000000000000000000000000000000000000000000000000";

#[tokio::test]
async fn nobody_is_sent_to_another_site_after_signing_in() {
    let site = Site::start().await;
    let targets = [
        ("/campaigns/vindur?page=2", "/campaigns/vindur?page=2"),
        ("https://evil.example", "/my/gifts"),
        ("//evil.example", "/my/gifts"),
        ("/\\evil.example", "/my/gifts"),
        ("/\t/evil.example", "/my/gifts"),
        ("/\r\nlocation: https://evil.example", "/my/gifts"),
        ("javascript:alert(1)", "/my/gifts"),
        ("evil.example", "/my/gifts"),
        ("/sign-in?next=/sign-in", "/my/gifts"),
        ("", "/my/gifts"),
    ];
    for (place, (next, expected)) in (0..).zip(targets) {
        let email = format!("marta{place}@example.org");
        site.person(&email).await;
        let mut browser = site.browser(place);
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("next", next)
            .finish();
        let page = format!("/sign-in?{query}");
        let shown = browser.get(&page).await;
        assert!(
            !shown.body.contains("evil.example"),
            "{next:?} stands on the page"
        );
        let fields = [("email", email.as_str()), ("password", PASSWORD), ("next", next)];
        let answer = browser.fill(&page, "/sign-in", &fields).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, expected),
            "{next:?}"
        );
        assert_eq!(
            browser.get(&page).await.location(),
            expected,
            "signed in already, {next:?}"
        );
    }
}

#[tokio::test]
async fn fields_that_no_form_has_change_nothing() {
    let site = Site::start().await;
    let extra = [
        ("is_steward", "true"),
        ("steward", "yes"),
        ("role", "steward"),
        ("email_is_confirmed", "true"),
        ("email_confirmed_at", "2026-01-01T00:00:00Z"),
        ("person_id", "00000000-0000-0000-0000-000000000001"),
        ("created_at", "2020-01-01"),
    ];
    let mut browser = site.browser(1);
    let mut fields = vec![
        ("name", "Eve"),
        ("email", "eve@example.org"),
        ("password", PASSWORD),
    ];
    fields.extend(extra);
    browser.fill("/sign-up", "/sign-up", &fields).await;
    browser.sign_in("eve@example.org", PASSWORD).await;
    let mut fields = vec![("name", "Eva"), ("email", "marta@example.org")];
    fields.extend(extra);
    assert_eq!(
        browser
            .fill("/my/account", "/my/account/name", &fields)
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    let row: (String, String, bool, bool) =
        sqlx::query_as("select email, display_name, is_steward, email_confirmed_at is not null from person")
            .fetch_one(&site.db)
            .await
            .unwrap();
    assert_eq!(row, ("eve@example.org".into(), "Eva".into(), false, false));
    let strange =
        "select count(*) from person where created_at < '2026-01-01' or person_id::text like '00000000-%'";
    assert_eq!(site.count(strange).await, 0);
}

#[tokio::test]
async fn a_form_without_its_token_or_from_another_site_changes_nothing() {
    let site = Site::start().await;
    site.person("marta@example.org").await;
    let mut browser = site.browser(1);
    browser.sign_in("marta@example.org", PASSWORD).await;
    let mut eve = site.browser(2);
    let of_eve = eve.get("/sign-in").await.csrf().to_string();
    let csrf = browser.get("/my/account").await.csrf().to_string();
    let own = site.ctx.config.public_url.clone();
    let tries: [(&str, &[(&str, &str)]); 7] = [
        ("", &[("origin", &own)]),
        (NOBODYS_TOKEN, &[("origin", &own)]),
        (&of_eve, &[("origin", &own)]),
        (&csrf, &[("origin", "https://evil.example")]),
        (&csrf, &[("origin", "null")]),
        (&csrf, &[("sec-fetch-site", "cross-site")]),
        (&csrf, &[("sec-fetch-site", "same-site")]),
    ];
    let forms: [(&str, &[(&str, &str)]); 4] = [
        ("/my/account/name", &[("name", "Eve")]),
        (
            "/my/account/password",
            &[("current", PASSWORD), ("password", "four horses in a meadow")],
        ),
        ("/my/account/sign-ins", &[]),
        ("/sign-out", &[]),
    ];
    let mut other = site.browser(3);
    other.sign_in("marta@example.org", PASSWORD).await;
    for (token, headers) in tries {
        for (path, fields) in forms {
            let answer = browser.post_from(path, token, fields, headers).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {token} {headers:?}");
        }
    }
    assert!(browser.is_signed_in().await && other.is_signed_in().await);
    assert_eq!(
        site.count("select count(*) from person where display_name = 'Marta'")
            .await,
        1
    );
    assert_eq!(
        site.browser(4)
            .sign_in("marta@example.org", PASSWORD)
            .await
            .status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn nobody_is_signed_in_by_a_form_of_another_site() {
    let site = Site::start().await;
    site.person("eve@example.org").await;
    let mut browser = site.browser(1);
    let fields = [("email", "eve@example.org"), ("password", PASSWORD)];
    let answer = browser.post_from("/sign-in", "", &fields, &[]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed_but_not_the_password() {
    let site = Site::start().await;
    let mut browser = site.browser(1);
    let fields = [
        ("name", "Marta <b>"),
        ("email", "marta@"),
        ("password", "short one"),
    ];
    let answer = browser.fill("/sign-up", "/sign-up", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("Marta &#60;b&#62;") && answer.body.contains("value=\"marta@\""),
        "{}",
        answer.body
    );
    assert!(!answer.body.contains("short one"), "{}", answer.body);
    assert!(
        answer.body.contains("href=\"#email\"") && answer.body.contains("id=\"email-error\""),
        "{}",
        answer.body
    );
    assert_eq!(site.count("select count(*) from person").await, 0);
}

#[tokio::test]
async fn no_line_break_reaches_the_head_of_a_mail() {
    let site = Site::start().await;
    let mut browser = site.browser(1);
    let fields = [
        ("name", "Eve\r\nBcc: all@example.org"),
        ("email", "eve@example.org\r\nBcc: a@b.org"),
        ("password", PASSWORD),
    ];
    assert_eq!(
        browser.fill("/sign-up", "/sign-up", &fields).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let fields = [fields[0], ("email", "eve@example.org"), fields[2]];
    assert_eq!(
        browser.fill("/sign-up", "/sign-up", &fields).await.status,
        StatusCode::OK
    );
    let broken = "select count(*) from message where (subject || recipient || unique_key) ~ '[\r\n]'";
    assert_eq!(site.count(broken).await, 0);
    assert_eq!(site.count("select count(*) from message").await, 1);
    assert_eq!(
        site.count("select count(*) from person where display_name = 'Eve Bcc: all@example.org'")
            .await,
        1
    );
}
