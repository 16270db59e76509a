//! Who may see and change a campaign.

use axum::http::StatusCode;

use super::writing::{OWNER, complete, done, join, open, save, signed_in, state, steward, submit};
use crate::people::site::Site;

const STEPS: [&str; 5] = ["basics", "story", "budget", "rewards", "returns"];

#[tokio::test]
async fn to_guests_and_strangers_a_draft_is_not_there() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let slug = complete(&mut owner, "Solar oven").await;
    let mut stranger = signed_in(&site, "stranger@example.org", 2).await;
    let mut guest = site.browser(3);
    let page = format!("/campaigns/{slug}");
    assert_eq!(owner.get(&page).await.status, StatusCode::OK);
    assert_eq!(stranger.get(&page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(guest.get(&page).await.status, StatusCode::NOT_FOUND);
    let mut edits: Vec<String> = STEPS.iter().map(|step| format!("{page}/edit/{step}")).collect();
    edits.push(format!("{page}/edit"));
    for path in &edits {
        assert_eq!(owner.get(path).await.status, StatusCode::OK, "{path}");
        assert_eq!(stranger.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        assert_ne!(guest.get(path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn strangers_change_nothing_whatever_they_send() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let slug = complete(&mut owner, "Solar oven").await;
    let mut stranger = signed_in(&site, "stranger@example.org", 2).await;
    let csrf = stranger.get("/start").await.csrf().to_string();
    let line: uuid::Uuid = sqlx::query_scalar("select budget_line_id from budget_line limit 1")
        .fetch_one(&site.db)
        .await
        .unwrap();
    let count = || {
        site.count(
            "select sum(version)::bigint from (select version
            from campaign union all select version from project) as all_versions",
        )
    };
    let before = count().await;
    for path in [
        format!("/campaigns/{slug}/edit/basics"),
        format!("/campaigns/{slug}/edit/story"),
        format!("/campaigns/{slug}/budget-lines"),
        format!("/campaigns/{slug}/budget-lines/{line}"),
        format!("/campaigns/{slug}/budget-lines/{line}/removal"),
        format!("/campaigns/{slug}/rewards"),
        format!("/campaigns/{slug}/returns"),
        format!("/campaigns/{slug}/submission"),
        "/projects/solar-oven/edit".into(),
        "/projects/solar-oven/holder".into(),
        "/projects/solar-oven/campaigns".into(),
    ] {
        let answer = stranger
            .post(&path, &csrf, &[("version", "1"), ("title", "Mine")])
            .await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    for what in ["approval", "changes", "exception"] {
        let answer = stranger
            .post(&format!("/reviews/{slug}/{what}"), &csrf, &[])
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{what}");
    }
    assert_eq!(count().await, before);
    assert_eq!(state(&site, &slug).await, "draft");
}

#[tokio::test]
async fn a_things_id_works_only_below_its_own_campaign() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let theirs = complete(&mut owner, "Solar oven").await;
    let line: uuid::Uuid = sqlx::query_scalar("select budget_line_id from budget_line limit 1")
        .fetch_one(&site.db)
        .await
        .unwrap();
    let mut other = signed_in(&site, "other@example.org", 2).await;
    let own = complete(&mut other, "Wind oven").await;
    let path = format!("/campaigns/{own}/budget-lines/{line}");
    assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
    let page = format!("/campaigns/{own}/edit/budget");
    let fields = [
        ("title", "Taken"),
        ("kind", "task"),
        ("at_minimum", "1"),
        ("at_full_plan", "1"),
    ];
    assert_eq!(
        save(&mut other, &page, &path, &fields).await.status,
        StatusCode::NOT_FOUND
    );
    done(&save(&mut other, &page, &format!("{path}/removal"), &[]).await);
    assert_eq!(
        site.count("select count(*) from budget_line where title = 'Taken'")
            .await,
        0
    );
    assert_eq!(
        site.count("select count(*) from budget_line").await,
        4,
        "{theirs} keeps its lines"
    );
}

#[tokio::test]
async fn an_editor_writes_an_owner_submits_and_a_treasurer_looks_on() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let slug = complete(&mut owner, "Solar oven").await;
    let mut editor = signed_in(&site, "editor@example.org", 2).await;
    let mut treasurer = signed_in(&site, "treasurer@example.org", 3).await;
    join(&site, "solar-oven", "editor@example.org", "editor").await;
    join(&site, "solar-oven", "treasurer@example.org", "treasurer").await;

    let story = format!("/campaigns/{slug}/edit/story");
    done(
        &save(
            &mut editor,
            &story,
            &story,
            &[("story", "Ours."), ("risks", "Rain.")],
        )
        .await,
    );
    assert_eq!(submit(&mut editor, &slug).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        editor.get("/projects/solar-oven/holder").await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        editor.get("/projects/solar-oven/edit").await.status,
        StatusCode::OK
    );

    assert_eq!(
        treasurer.get(&format!("/campaigns/{slug}")).await.status,
        StatusCode::OK
    );
    assert_eq!(treasurer.get(&story).await.status, StatusCode::FORBIDDEN);
    assert_eq!(submit(&mut treasurer, &slug).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        treasurer.get("/projects/solar-oven/edit").await.status,
        StatusCode::FORBIDDEN
    );
    done(&submit(&mut owner, &slug).await);
}

#[tokio::test]
async fn in_review_and_after_launch_nothing_of_the_ask_can_be_changed() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let mut steward = steward(&site).await;
    let draft = complete(&mut owner, "Wind oven").await;
    let shown = owner.get(&format!("/campaigns/{draft}/edit/basics")).await;
    let version = super::writing::version(&shown).unwrap();
    done(&submit(&mut owner, &draft).await);
    let slug = open(&site, &mut owner, &mut steward, "Solar oven").await;
    let csrf = owner.get("/my/projects").await.csrf().to_string();
    for slug in [&draft, &slug] {
        let mut basics = super::writing::BASICS.to_vec();
        basics[3].1 = "1";
        basics.push(("version", &version));
        for (path, fields) in [
            (format!("/campaigns/{slug}/edit/basics"), basics),
            (
                format!("/campaigns/{slug}/edit/story"),
                vec![("story", "Else"), ("version", &version)],
            ),
            (
                format!("/campaigns/{slug}/budget-lines"),
                super::writing::LINES[0].to_vec(),
            ),
            (
                format!("/campaigns/{slug}/rewards"),
                super::writing::REWARD.to_vec(),
            ),
            (
                format!("/campaigns/{slug}/returns"),
                super::writing::RETURN.to_vec(),
            ),
        ] {
            let answer = owner.post(&path, &csrf, &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            assert!(answer.body.contains("are fixed from then on"), "{path}");
        }
        let reward: uuid::Uuid = sqlx::query_scalar(
            "select reward_id from reward join campaign using (campaign_id) where slug = $1",
        )
        .bind(slug)
        .fetch_one(&site.db)
        .await
        .unwrap();
        let removal = owner
            .post(&format!("/campaigns/{slug}/rewards/{reward}/removal"), &csrf, &[])
            .await;
        assert_eq!(removal.status, StatusCode::UNPROCESSABLE_ENTITY);
        // The forms lead back to the list of steps instead.
        let back = owner.get(&format!("/campaigns/{slug}/edit/basics")).await;
        assert_eq!(back.location(), format!("/campaigns/{slug}/edit"));
    }
    assert_eq!(
        site.count("select count(*) from campaign where minimum_minor = 900000")
            .await,
        2
    );
    assert_eq!(site.count("select count(*) from reward").await, 2);
}
