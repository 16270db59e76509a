//! From the wizard to an open campaign.

use axum::http::StatusCode;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::writing::{
    OWNER, STEWARD, add_return, all_but_the_return, approve, begun, complete, done, open, payable, project,
    signed_in, state, steward, submit,
};
use crate::people::site::Site;

#[tokio::test]
async fn a_campaign_goes_from_the_wizard_to_open_and_everybody_concerned_is_told() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let mut steward = steward(&site).await;
    let slug = complete(&mut owner, "Solar oven").await;
    payable(&site).await;
    assert_eq!(slug, "solar-oven");
    assert_eq!(
        site.browser(9).get("/campaigns/solar-oven").await.status,
        StatusCode::NOT_FOUND
    );

    done(&submit(&mut owner, &slug).await);
    assert_eq!(state(&site, &slug).await, "in_review");
    let link = site.mailed_link(STEWARD, "campaign_to_review").await;
    assert_eq!(link, "/reviews/solar-oven");
    assert!(steward.get("/reviews").await.body.contains("A solar oven"));

    done(&approve(&mut steward, &slug, "").await);
    assert_eq!(state(&site, &slug).await, "scheduled");
    assert!(
        site.mails(OWNER)
            .await
            .iter()
            .any(|(kind, _)| kind == "campaign_approved")
    );
    site.work().await;
    assert_eq!(state(&site, &slug).await, "open");

    let page = site.browser(9).get("/campaigns/solar-oven").await;
    assert_eq!(page.status, StatusCode::OK);
    for words in [
        "A solar oven",
        "Verein Sonnenofen",
        "CERN-OHL-S-2.0",
        "40 of 40 left",
        "€9,000",
        "Build plans",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    assert!(page.body.contains("action=\"/campaigns/solar-oven/give\""));
    let project = site.browser(9).get("/projects/solar-oven").await;
    assert!(project.body.contains("A solar oven") && project.body.contains("Hauptplatz 1"));
    assert!(!project.body.contains("Ada Berg"), "who signs is not shown");
}

#[tokio::test]
async fn opening_leaves_the_rows_and_the_work_that_pledges_need() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let mut steward = steward(&site).await;
    let slug = open(&site, &mut owner, &mut steward, "Solar oven").await;
    let deadline: OffsetDateTime = sqlx::query_scalar("select deadline_at from campaign where slug = $1")
        .bind(&slug)
        .fetch_one(&site.db)
        .await
        .unwrap();
    let opens: OffsetDateTime = sqlx::query_scalar("select opens_at from campaign where slug = $1")
        .bind(&slug)
        .fetch_one(&site.db)
        .await
        .unwrap();
    assert_eq!(deadline - opens, Duration::days(30));
    let jobs: Vec<(String, OffsetDateTime)> =
        sqlx::query_as("select kind, run_at from job where kind like 'pledges.%' order by kind")
            .fetch_all(&site.db)
            .await
            .unwrap();
    assert_eq!(
        jobs,
        [
            ("pledges.daily".into(), datetime!(2026-11-23 08:00 UTC)),
            ("pledges.remind".into(), deadline - Duration::hours(48)),
            ("pledges.settle".into(), deadline),
        ]
    );
    assert_eq!(site.count("select count(*) from campaign_total").await, 1);
    assert_eq!(
        site.count("select count(*) from reward_stock where stock_limit = 40")
            .await,
        1
    );
    assert_eq!(
        site.count("select count(*) from book where kind = 'campaign'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_campaign_opens_on_the_day_the_steward_chose() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let mut steward = steward(&site).await;
    let slug = complete(&mut owner, "Solar oven").await;
    payable(&site).await;
    done(&submit(&mut owner, &slug).await);
    let past = approve(&mut steward, &slug, "2026-11-01").await;
    assert_eq!(past.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(past.body.contains("value=\"2026-11-01\""));
    done(&approve(&mut steward, &slug, "2026-12-01").await);
    site.work().await;
    assert_eq!(state(&site, &slug).await, "scheduled");
    let page = site.browser(9).get(&format!("/campaigns/{slug}")).await;
    assert!(
        page.body
            .contains("This campaign opens on Tuesday 1 December 2026, 09:00"),
        "{}",
        page.body
    );
    site.ctx.clock.show(datetime!(2026-12-01 08:00 UTC));
    site.work().await;
    assert_eq!(state(&site, &slug).await, "open");
}

#[tokio::test]
async fn a_campaign_without_anything_for_everybody_cannot_be_submitted() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let slug = all_but_the_return(&mut owner, "Solar oven").await;
    let refused = submit(&mut owner, &slug).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Say what everybody gets"));
    assert_eq!(state(&site, &slug).await, "draft");
    add_return(&mut owner, &slug).await;
    done(&submit(&mut owner, &slug).await);
}

#[tokio::test]
async fn an_empty_draft_says_everything_it_lacks() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let project = project(&mut owner, "Solar oven").await;
    let slug = begun(&mut owner, &project).await;
    let refused = submit(&mut owner, &slug).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in [
        "Say what you ask for",
        "Write the story",
        "Write what could go wrong",
        "Say what everybody gets",
        "Say who answers for the money",
    ] {
        assert!(refused.body.contains(words), "{words}");
    }
    assert!(!refused.body.contains("Send for review"));
}

#[tokio::test]
async fn submitting_and_approving_twice_changes_nothing_more() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let mut steward = steward(&site).await;
    let slug = complete(&mut owner, "Solar oven").await;
    payable(&site).await;
    let (page, sent) = (
        format!("/campaigns/{slug}/edit"),
        format!("/campaigns/{slug}/submission"),
    );
    let csrf = owner.get(&page).await.csrf().to_string();
    done(&owner.post(&sent, &csrf, &[]).await);
    done(&owner.post(&sent, &csrf, &[]).await);
    let csrf = steward.get(&format!("/reviews/{slug}")).await.csrf().to_string();
    for _ in 0..2 {
        done(
            &steward
                .post(&format!("/reviews/{slug}/approval"), &csrf, &[("opens_at", "")])
                .await,
        );
    }
    site.work().await;
    assert_eq!(site.count("select count(*) from review").await, 1);
    assert_eq!(
        site.count("select count(*) from message where kind like 'campaign_%'")
            .await,
        2
    );
    assert_eq!(
        site.count("select count(*) from job where kind = 'pledges.settle'")
            .await,
        1
    );
}
