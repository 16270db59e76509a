//! What an account's owner is told of, and what becomes of accounts that nobody confirms.

use axum::http::StatusCode;
use time::Duration;

use super::site::{PASSWORD, Site};

const NEW_PASSWORD: &str = "four horses in a meadow";
const MARTA: &str = "marta@example.org";

async fn kinds(site: &Site, to: &str) -> Vec<String> {
    site.mails(to).await.into_iter().map(|(kind, _)| kind).collect()
}

#[tokio::test]
async fn a_changed_password_is_told_to_the_mailbox_of_the_account() {
    let site = Site::start().await;
    site.person(MARTA).await;
    let mut browser = site.browser(1);
    browser.sign_in(MARTA, PASSWORD).await;
    let wrong = [("current", "not her password"), ("password", NEW_PASSWORD)];
    browser.fill("/my/account", "/my/account/password", &wrong).await;
    assert_eq!(kinds(&site, MARTA).await, ["confirm_email"]);
    let right = [("current", PASSWORD), ("password", NEW_PASSWORD)];
    browser.fill("/my/account", "/my/account/password", &right).await;
    assert_eq!(kinds(&site, MARTA).await, ["confirm_email", "password_changed"]);
    let (_, text) = site.mails(MARTA).await.pop().unwrap();
    assert!(
        text.contains("Sunday 22 November 2026, 12:00") && text.contains("/password-reset"),
        "{text}"
    );

    let mut other = site.browser(2);
    other
        .fill("/password-reset", "/password-reset", &[("email", MARTA)])
        .await;
    site.work().await;
    let link = site.mailed_link(MARTA, "reset_password").await;
    let done = other.fill(&link, &link, &[("password", PASSWORD)]).await;
    assert_eq!(done.location(), "/my/account?done=password");
    assert_eq!(
        kinds(&site, MARTA).await[2..],
        ["reset_password", "password_changed"]
    );
}

#[tokio::test]
async fn an_account_that_nobody_confirmed_goes_after_a_week_unless_something_hangs_on_it() {
    let site = Site::start().await;
    site.person(MARTA).await;
    for email in ["early@example.org", "giver@example.org"] {
        let mut browser = site.browser(1);
        browser.sign_up(email).await;
        browser.sign_in(email, PASSWORD).await;
    }
    // Something that points at an account: here, a place in a project.
    sqlx::query(
        "with owned as (insert into project (project_id, slug, name, reply_to, created_at, updated_at)
                        values (gen_random_uuid(), 'oven', 'Oven', '', now(), now()) returning project_id)
         insert into member (project_id, person_id, role, created_at)
         select project_id, person_id, 'owner', now() from owned, person where email = 'giver@example.org'",
    )
    .execute(&site.db)
    .await
    .unwrap();
    felag::wiring::standing_jobs(&site.ctx).await.unwrap();
    site.later(Duration::days(6));
    site.work().await;
    assert_eq!(site.count("select count(*) from person").await, 3);
    site.browser(2).sign_up("late@example.org").await;
    site.later(Duration::days(2));
    site.work().await;
    let left: Vec<String> = sqlx::query_scalar("select email from person order by email")
        .fetch_all(&site.db)
        .await
        .unwrap();
    assert_eq!(left, ["giver@example.org", "late@example.org", MARTA]);
    assert_eq!(
        site.count("select count(*) from sign_in").await,
        1,
        "what stays, stays signed in"
    );
    let opened = site.browser(3).sign_up("early@example.org").await;
    assert_eq!(opened.status, StatusCode::OK, "the address is free again");
    assert_eq!(kinds(&site, "early@example.org").await, ["confirm_email"; 2]);
}

#[tokio::test]
async fn an_address_that_refuses_mail_is_told_on_the_account_page_and_tried_again_once_a_day() {
    let site = Site::start().await;
    site.person(MARTA).await;
    let mut browser = site.browser(1);
    browser.sign_in(MARTA, PASSWORD).await;
    let refuse = || async {
        sqlx::query(
            "insert into suppression (email, reason, created_at) values ($1, '550 <user> unknown', now())",
        )
        .bind(MARTA)
        .execute(&site.db)
        .await
        .unwrap();
    };
    let page = browser.get("/my/account").await;
    assert!(!page.body.contains("do not arrive") && !page.body.contains("/my/account/mail"));
    refuse().await;
    let page = browser.get("/my/account").await;
    assert!(
        page.body.contains("E-mails to this address do not arrive"),
        "{}",
        page.body
    );
    assert!(page.body.contains("550 &#60;user&#62; unknown"), "{}", page.body);
    let done = browser.post("/my/account/mail", page.csrf(), &[]).await;
    assert_eq!(done.location(), "/my/account?done=mail");
    assert_eq!(site.count("select count(*) from suppression").await, 0);
    assert_eq!(kinds(&site, MARTA).await.last().unwrap(), "address_works");
    refuse().await;
    let again = browser.post("/my/account/mail", page.csrf(), &[]).await;
    assert_eq!(again.status, StatusCode::TOO_MANY_REQUESTS);
    site.later(Duration::DAY);
    let tomorrow = browser.post("/my/account/mail", page.csrf(), &[]).await;
    assert_eq!(tomorrow.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn nobody_makes_us_write_to_an_address_that_is_not_proven_to_be_theirs() {
    let site = Site::start().await;
    let mut browser = site.browser(1);
    browser.sign_up(MARTA).await;
    browser.sign_in(MARTA, PASSWORD).await;
    sqlx::query("insert into suppression (email, reason, created_at) values ($1, 'no such user', now())")
        .bind(MARTA)
        .execute(&site.db)
        .await
        .unwrap();
    let page = browser.get("/my/account").await;
    assert!(
        page.body.contains("removed by itself after 7 days") && !page.body.contains("/my/account/mail"),
        "{}",
        page.body
    );
    let refused = browser.post("/my/account/mail", page.csrf(), &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(site.count("select count(*) from suppression").await, 1);
}
