//! Guessing, asking who has an account, flooding mailboxes.

use axum::http::StatusCode;
use felag_frontend::Lang;
use time::Duration;

use super::site::{Answer, PASSWORD, Site};

/// A page without what differs between any two visits: the address typed, and the token.
fn seen(answer: &Answer, email: &str) -> (StatusCode, String) {
    let body = answer.body.replace(email, "somebody");
    let csrf = if body.contains("name=\"csrf\"") {
        answer.csrf()
    } else {
        "-"
    };
    (answer.status, body.replace(csrf, "token"))
}

#[tokio::test]
async fn nobody_learns_from_a_page_whether_an_address_has_an_account() {
    let site = Site::start().await;
    site.person("known@example.org").await;
    let mut answers = Vec::new();
    for email in ["known@example.org", "other@example.org"] {
        let mut browser = site.browser(1);
        let sign_in = browser.sign_in(email, "not the password").await;
        let reset = browser
            .fill("/password-reset", "/password-reset", &[("email", email)])
            .await;
        let sign_up = browser.sign_up(email).await;
        answers.push([sign_in, reset, sign_up].map(|answer| seen(&answer, email)));
    }
    let [unknown, known] = [answers.pop().unwrap(), answers.pop().unwrap()];
    assert_eq!(known, unknown);
    assert_eq!(known.map(|(status, _)| status.as_u16()), [422, 200, 200]);
    site.work().await;
    let kinds = |mails: Vec<(String, String)>| mails.into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
    assert_eq!(
        kinds(site.mails("known@example.org").await),
        ["confirm_email", "has_account", "reset_password"]
    );
    assert_eq!(kinds(site.mails("other@example.org").await)[0], "confirm_email");
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "measures real time")]
async fn an_unknown_address_takes_about_as_long_as_a_known_one() {
    let site = Site::start().await;
    site.person("known@example.org").await;
    let mut quickest = [std::time::Duration::MAX; 2];
    for round in 0..5 {
        for (at, email) in ["known@example.org", "other@example.org"].into_iter().enumerate() {
            let mut browser = site.browser(round);
            let csrf = browser.get("/sign-in").await.csrf().to_string();
            let start = std::time::Instant::now();
            browser
                .post(
                    "/sign-in",
                    &csrf,
                    &[("email", email), ("password", "not the password")],
                )
                .await;
            quickest[at] = quickest[at].min(start.elapsed());
        }
    }
    let [known, unknown] = quickest.map(|time| time.as_secs_f64());
    assert!(
        (0.5..2.0).contains(&(unknown / known)),
        "known {known} s, unknown {unknown} s"
    );
}

#[tokio::test]
async fn guesses_at_an_account_are_limited_and_its_owner_still_gets_in() {
    let site = Site::start().await;
    site.person("marta@example.org").await;
    site.person("jonas@example.org").await;
    for guess in 0..10 {
        let answer = site
            .browser(guess)
            .sign_in("marta@example.org", &format!("guess number {guess}"))
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = site.browser(20).sign_in("marta@example.org", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        answer.body.contains(Lang::En.t("sign-in-too-many")),
        "{}",
        answer.body
    );
    assert!(
        answer.body.contains("href=\"/password-reset\""),
        "{}",
        answer.body
    );
    let answer = site.browser(20).sign_in("jonas@example.org", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "nobody else is bothered");

    let mut owner = site.browser(21);
    owner
        .fill(
            "/password-reset",
            "/password-reset",
            &[("email", "marta@example.org")],
        )
        .await;
    site.work().await;
    let link = site.mailed_link("marta@example.org", "reset_password").await;
    owner
        .fill(&link, &link, &[("password", "four horses in a meadow")])
        .await;
    assert!(
        owner.is_signed_in().await,
        "the mailed link lets the owner in at once"
    );

    site.later(Duration::minutes(15));
    let answer = site
        .browser(20)
        .sign_in("marta@example.org", "four horses in a meadow")
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn guesses_from_one_place_are_limited_while_another_place_still_passes() {
    let site = Site::start().await;
    site.person("marta@example.org").await;
    let mut stuffer = site.browser(1);
    let csrf = stuffer.get("/sign-in").await.csrf().to_string();
    let mut refused = 0;
    for guess in 0..40 {
        let fields = [
            ("email", format!("person{guess}@example.org")),
            ("password", "leaked elsewhere".into()),
        ];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        // A forged header of a proxy does not make it another place.
        let forged = format!("198.51.100.{guess}");
        let headers = [
            ("origin", site.ctx.config.public_url.as_str()),
            ("x-forwarded-for", &forged),
        ];
        let answer = stuffer.post_from("/sign-in", &csrf, &fields, &headers).await;
        let is_refused = answer.status == StatusCode::TOO_MANY_REQUESTS;
        assert_eq!(
            answer.body.contains(Lang::En.t("error-too-many")),
            is_refused,
            "{}",
            answer.body
        );
        refused += i32::from(is_refused);
    }
    assert_eq!(refused, 10);
    assert_eq!(
        site.browser(2)
            .sign_in("marta@example.org", PASSWORD)
            .await
            .status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn nobody_is_flooded_with_mail() {
    let site = Site::start().await;
    site.person("marta@example.org").await;
    let mut statuses = Vec::new();
    for place in 0..5 {
        let mut browser = site.browser(place);
        let answer = browser
            .fill(
                "/password-reset",
                "/password-reset",
                &[("email", "marta@example.org")],
            )
            .await;
        statuses.push(answer.status.as_u16());
        assert_eq!(browser.sign_up("marta@example.org").await.status, StatusCode::OK);
    }
    site.work().await;
    assert_eq!(statuses, [200, 200, 200, 429, 429]);
    let mails = site.mails("marta@example.org").await;
    let of = |kind: &str| mails.iter().filter(|(found, _)| found == kind).count();
    // The first of three mails about opening an account was the one that confirmed the address.
    assert_eq!(
        (of("reset_password"), of("confirm_email"), of("has_account")),
        (3, 1, 2)
    );
}

#[tokio::test]
async fn one_place_opens_ten_accounts_an_hour_and_asks_for_ten_links() {
    let site = Site::start().await;
    let mut browser = site.browser(1);
    for number in 0..12 {
        let email = format!("person{number}@example.org");
        let expected = if number < 10 {
            StatusCode::OK
        } else {
            StatusCode::TOO_MANY_REQUESTS
        };
        assert_eq!(browser.sign_up(&email).await.status, expected, "{number}");
        let answer = browser
            .fill("/password-reset", "/password-reset", &[("email", &email)])
            .await;
        assert_eq!(answer.status, expected, "{number}");
    }
    assert_eq!(
        site.browser(2).sign_up("honest@example.org").await.status,
        StatusCode::OK
    );
    site.later(Duration::HOUR);
    assert_eq!(browser.sign_up("later@example.org").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_link_to_confirm_can_be_had_again_a_few_times() {
    let site = Site::start().await;
    let mut browser = site.browser(1);
    browser.sign_up("marta@example.org").await;
    browser.sign_in("marta@example.org", PASSWORD).await;
    for expected in [303, 303, 429] {
        let answer = browser
            .fill(
                "/my/account",
                "/email-confirmation",
                &[("email", "eve@example.org")],
            )
            .await;
        assert_eq!(answer.status.as_u16(), expected);
    }
    assert_eq!(site.mails("marta@example.org").await.len(), 3);
    assert_eq!(
        site.mails("eve@example.org").await.len(),
        0,
        "only the own address is written to"
    );
}
