//! The steward's review.

use axum::http::StatusCode;

use crate::campaigns::writing::{
    OWNER, STEWARD, all_but_the_return, approve, complete, done, join, signed_in, state, steward, submit,
};
use crate::people::site::Site;

#[tokio::test]
async fn the_queue_is_for_stewards_and_the_longest_waiting_comes_first() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let mut steward = steward(&site).await;
    assert!(steward.get("/reviews").await.body.contains("Nothing is waiting"));
    for name in ["Wind oven", "Solar oven"] {
        let slug = complete(&mut owner, name).await;
        done(&submit(&mut owner, &slug).await);
        site.later(time::Duration::HOUR);
    }
    let queue = steward.get("/reviews").await.body;
    assert!(queue.find("/reviews/wind-oven").unwrap() < queue.find("/reviews/solar-oven").unwrap());
    assert_eq!(owner.get("/reviews").await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        owner.get("/reviews/wind-oven").await.status,
        StatusCode::FORBIDDEN
    );
    assert_ne!(site.browser(9).get("/reviews").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_steward_asks_for_changes_in_words_that_the_owner_gets() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let mut steward = steward(&site).await;
    let slug = complete(&mut owner, "Solar oven").await;
    done(&submit(&mut owner, &slug).await);
    let page = format!("/reviews/{slug}");
    let shown = steward.get(&page).await.body;
    for words in [
        "Verein Sonnenofen",
        "CERN-OHL-S-2.0",
        "€9,000.00 of €9,000.00",
        "Ada Berg",
    ] {
        assert!(shown.contains(words), "{words}");
    }
    let short = steward
        .fill(&page, &format!("{page}/changes"), &[("words", "no")])
        .await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.body.contains("at least 10 characters"));
    let words = "Please say who cuts the glass.";
    done(
        &steward
            .fill(&page, &format!("{page}/changes"), &[("words", words)])
            .await,
    );
    assert_eq!(state(&site, &slug).await, "changes_asked");
    let mails = site.mails(OWNER).await;
    assert!(
        mails
            .iter()
            .any(|(kind, text)| kind == "campaign_changes_asked" && text.contains(words))
    );
    assert!(
        owner
            .get(&format!("/campaigns/{slug}/edit"))
            .await
            .body
            .contains(words)
    );
    assert!(
        owner
            .get(&format!("/campaigns/{slug}"))
            .await
            .body
            .contains(words)
    );

    done(&submit(&mut owner, &slug).await);
    assert_eq!(
        site.mails(STEWARD)
            .await
            .iter()
            .filter(|(kind, _)| kind == "campaign_to_review")
            .count(),
        2
    );
    done(&approve(&mut steward, &slug, "").await);
    site.work().await;
    let public = site.browser(9).get(&format!("/campaigns/{slug}")).await.body;
    assert!(
        !public.contains(words),
        "what a steward asks is between steward and project"
    );
}

#[tokio::test]
async fn nobody_decides_about_a_project_of_their_own() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let mut steward = steward(&site).await;
    let slug = complete(&mut owner, "Solar oven").await;
    done(&submit(&mut owner, &slug).await);
    join(&site, "solar-oven", STEWARD, "treasurer").await;
    let page = format!("/reviews/{slug}");
    let shown = steward.get(&page).await;
    assert!(shown.body.contains("another steward decides") && !shown.body.contains("/approval"));
    let reason = "It is only a repair of what is there.";
    for (what, field) in [
        ("approval", "opens_at"),
        ("changes", "words"),
        ("exception", "reason"),
    ] {
        let value = if field == "opens_at" { "" } else { reason };
        let answer = steward
            .post(&format!("{page}/{what}"), shown.csrf(), &[(field, value)])
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}");
    }
    assert_eq!(state(&site, &slug).await, "in_review");
    assert_eq!(site.count("select count(*) from review").await, 0);
}

#[tokio::test]
async fn an_exception_needs_a_reason_and_lets_a_campaign_be_submitted() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let mut steward = steward(&site).await;
    let slug = all_but_the_return(&mut owner, "Solar oven").await;
    assert!(
        owner
            .get(&format!("/campaigns/{slug}/edit"))
            .await
            .body
            .contains(&format!("/reviews/{slug}"))
    );
    let page = format!("/reviews/{slug}");
    let short = steward
        .fill(&page, &format!("{page}/exception"), &[("reason", "because")])
        .await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let reason = "It repairs a dam; there is nothing to publish.";
    done(
        &steward
            .fill(&page, &format!("{page}/exception"), &[("reason", reason)])
            .await,
    );
    done(&submit(&mut owner, &slug).await);
    assert!(steward.get(&page).await.body.contains(reason));
    done(&approve(&mut steward, &slug, "").await);
    site.work().await;
    assert!(
        site.browser(9)
            .get(&format!("/campaigns/{slug}"))
            .await
            .body
            .contains(reason)
    );
}

#[tokio::test]
async fn what_is_not_in_review_cannot_be_decided() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let mut steward = steward(&site).await;
    let slug = complete(&mut owner, "Solar oven").await;
    let early = approve(&mut steward, &slug, "").await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.body.contains("not in review now"));
    assert_eq!(state(&site, &slug).await, "draft");
    assert_eq!(
        steward.get("/reviews/nothing-here").await.status,
        StatusCode::NOT_FOUND
    );
}
