//! Forms that come back: what was typed stays, and nobody overwrites somebody else unknowingly.

use axum::http::StatusCode;

use super::writing::{BASICS, OWNER, RETURN, begun, complete, done, join, project, save, signed_in, version};
use crate::people::site::Site;

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed_and_says_why_twice() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let project = project(&mut owner, "Solar oven").await;
    let slug = begun(&mut owner, &project).await;
    let page = format!("/campaigns/{slug}/edit/basics");
    let typed = [
        ("title", "An <oven>"),
        ("summary", "short"),
        ("currency", "EUR"),
        ("minimum", "1e2"),
        ("full_plan", "１４０００"),
        ("duration_days", "61"),
        ("time_zone", "Mars/Olympus"),
    ];
    let answer = save(&mut owner, &page, &page, &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("<title>Error: "));
    for kept in [
        "An &#60;oven&#62;",
        "value=\"short\"",
        "value=\"1e2\"",
        "value=\"１４０００\"",
        "value=\"61\"",
    ] {
        assert!(answer.body.contains(kept), "{kept}");
    }
    // Beside the field and in the summary; two amounts are none.
    for (words, times) in [
        ("at least 10 characters", 2),
        ("as a plain number", 4),
        ("open for 1 to 60 days", 2),
        ("Choose a time zone", 2),
    ] {
        assert_eq!(answer.body.matches(words).count(), times, "{words}");
    }
    assert_eq!(site.count("select minimum_minor from campaign").await, 0);
}

#[tokio::test]
async fn each_step_refuses_amounts_that_are_none() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let slug = complete(&mut owner, "Solar oven").await;
    let (page, path) = (
        format!("/campaigns/{slug}/edit/budget"),
        format!("/campaigns/{slug}/budget-lines"),
    );
    for amount in [
        "",
        "0",
        "-1",
        "1.234",
        "$5",
        "1e2",
        "９",
        "92233720368547758080",
        "5000001",
    ] {
        let fields = [
            ("title", "Glass"),
            ("kind", "material"),
            ("at_minimum", "0"),
            ("at_full_plan", amount),
        ];
        let answer = save(&mut owner, &page, &path, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{amount}");
        assert!(answer.body.contains("id=\"at_full_plan-error\""), "{amount}");
    }
    let fields = [
        ("title", "Glass"),
        ("kind", "gold"),
        ("at_minimum", "2"),
        ("at_full_plan", "1"),
    ];
    let answer = save(&mut owner, &page, &path, &fields).await;
    assert!(answer.body.contains("id=\"kind-error\"") && answer.body.contains("id=\"at_minimum-error\""));
    assert_eq!(site.count("select count(*) from budget_line").await, 2);
}

#[tokio::test]
async fn only_open_licences_and_days_to_come_are_taken_for_what_everybody_gets() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let slug = complete(&mut owner, "Solar oven").await;
    let (page, path) = (
        format!("/campaigns/{slug}/edit/returns"),
        format!("/campaigns/{slug}/returns"),
    );
    for (field, value, words) in [
        ("licence", "CC-BY-NC-4.0", "is not an open licence"),
        ("licence", "Ours", "is not a licence we can read"),
        ("due", "2026-11-21", "This day has passed"),
        ("due", "soon", "Write the day as year-month-day"),
        ("place", "", "Write something here"),
    ] {
        let fields = RETURN.map(|(name, was)| (name, if name == field { value } else { was }));
        let answer = save(&mut owner, &page, &path, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{value}");
        assert!(answer.body.contains(words), "{value}");
    }
    assert_eq!(site.count("select count(*) from commons_return").await, 1);
}

#[tokio::test]
async fn whoever_saves_over_somebody_elses_change_is_told_first() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let slug = complete(&mut owner, "Solar oven").await;
    let mut editor = signed_in(&site, "editor@example.org", 2).await;
    join(&site, "solar-oven", "editor@example.org", "editor").await;
    let page = format!("/campaigns/{slug}/edit/story");
    let opened = editor.get(&page).await;
    done(
        &save(
            &mut owner,
            &page,
            &page,
            &[("story", "The owner’s."), ("risks", "Rain.")],
        )
        .await,
    );

    let old = version(&opened).unwrap();
    let mine = [
        ("story", "The editor’s."),
        ("risks", "Snow."),
        ("version", old.as_str()),
    ];
    let clash = editor.post(&page, opened.csrf(), &mine).await;
    assert_eq!(clash.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(clash.body.contains("Somebody else saved") && clash.body.contains("The editor’s."));
    assert_eq!(
        site.count("select count(*) from campaign where story like 'The owner%'")
            .await,
        1
    );

    let new = version(&clash).unwrap();
    let again = [
        ("story", "The editor’s."),
        ("risks", "Snow."),
        ("version", new.as_str()),
    ];
    done(&editor.post(&page, clash.csrf(), &again).await);
    assert_eq!(
        site.count("select count(*) from campaign where story like 'The editor%'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_line_is_changed_and_removed_on_its_own_page() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let slug = complete(&mut owner, "Solar oven").await;
    let list = owner.get(&format!("/campaigns/{slug}/edit/rewards")).await.body;
    let (_, rest) = list
        .split_once(&format!("href=\"/campaigns/{slug}/rewards/"))
        .unwrap();
    let path = format!("/campaigns/{slug}/rewards/{}", rest.split('"').next().unwrap());
    let shown = owner.get(&path).await;
    for value in [
        "value=\"A kit\"",
        "value=\"250\"",
        "value=\"40\"",
        "value=\"2027-05-01\" selected",
    ] {
        assert!(shown.body.contains(value), "{value}");
    }
    let fields = [
        ("title", "Two kits"),
        ("price", "400"),
        ("limit", ""),
        ("delivery", "2027-06-01"),
    ];
    done(&save(&mut owner, &path, &path, &fields).await);
    assert_eq!(
        site.count("select count(*) from reward where title = 'Two kits'")
            .await,
        1
    );
    assert_eq!(
        site.count("select count(*) from reward_stock where stock_limit is null")
            .await,
        1
    );
    done(&save(&mut owner, &path, &format!("{path}/removal"), &[]).await);
    assert_eq!(site.count("select count(*) from reward").await, 0);
    assert_eq!(site.count("select count(*) from reward_stock").await, 0);
}

#[tokio::test]
async fn the_currency_stays_once_amounts_were_written_in_it() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let slug = complete(&mut owner, "Solar oven").await;
    let page = format!("/campaigns/{slug}/edit/basics");
    let fields = BASICS.map(|(name, was)| (name, if name == "currency" { "JPY" } else { was }));
    let answer = save(&mut owner, &page, &page, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer
            .body
            .contains("Remove the budget lines and thank-yous first")
    );
}

#[tokio::test]
async fn a_list_holds_as_many_as_it_may_even_when_forms_come_at_once() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let slug = complete(&mut owner, "Solar oven").await;
    let csrf = owner.get("/my/projects").await.csrf().to_string();
    let path = format!("/campaigns/{slug}/returns");
    let adding = (0..16).map(|_| {
        let (mut browser, csrf, path) = (owner.clone(), csrf.clone(), path.clone());
        async move { browser.post(&path, &csrf, &RETURN).await.status }
    });
    let answers = futures::future::join_all(adding).await;
    assert_eq!(
        answers
            .iter()
            .filter(|status| **status == StatusCode::SEE_OTHER)
            .count(),
        9
    );
    assert_eq!(site.count("select count(*) from commons_return").await, 10);
    let full = owner.get(&format!("/campaigns/{slug}/edit/returns")).await;
    assert!(!full.body.contains("Add something for everybody"));
}

#[tokio::test]
async fn a_preview_shows_the_text_and_saves_nothing() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let slug = complete(&mut owner, "Solar oven").await;
    let page = format!("/campaigns/{slug}/edit/story");
    let fields = [
        ("story", "# Plan\n\nNew *words*"),
        ("risks", "None"),
        ("preview", "yes"),
    ];
    let shown = save(&mut owner, &page, &page, &fields).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("<h3>Plan</h3>") && shown.body.contains("<em>words</em>"));
    assert!(shown.body.contains("New *words*</textarea>"));
    assert_eq!(
        site.count("select count(*) from campaign where story like '%New%'")
            .await,
        0
    );
}
