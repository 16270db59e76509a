//! Whatever is typed stays text on every page that shows it.

use super::writing::{OWNER, add_return, begun, done, project, save, signed_in, state, steward, submit};
use crate::people::site::{Browser, Site};

const ATTACK: &str = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg/onload=alert(1)>";
const STORY: &str = "<script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror=alert(1)>\n\n\
                     ![x](https://evil.example/x.gif) <svg/onload=alert(1)>";

fn is_inert(body: &str) -> bool {
    let body = body.to_lowercase();
    let wrong = [
        "<script",
        "<svg/onload",
        "<img src=x",
        "href=\"javascript",
        "src=\"https://evil",
        "onerror=\"",
    ];
    wrong.iter().all(|wrong| !body.contains(wrong))
}

/// Writes an attack into every field of a project and a campaign.
async fn written(owner: &mut Browser<'_>) -> String {
    let name = format!("Oven {}", &ATTACK[..60]);
    let project = project(owner, &name).await;
    let edit = format!("/projects/{project}/edit");
    let details = [
        ("name", name.as_str()),
        ("summary", ATTACK),
        ("story", STORY),
        ("place", &ATTACK[..40]),
        ("homepage", "https://example.org/?q=%22%3E"),
        ("licences", "MIT"),
        ("reply_to", OWNER),
    ];
    done(&save(owner, &edit, &edit, &details).await);
    let holder = format!("/projects/{project}/holder");
    let fields = [
        ("holder_name", ATTACK),
        ("holder_form", "company"),
        ("holder_country", "IS"),
        ("holder_address", ATTACK),
        ("holder_register", &ATTACK[..50]),
        ("holder_signatory", ATTACK),
    ];
    done(&save(owner, &holder, &holder, &fields).await);
    let slug = begun(owner, &project).await;
    let at = |path: &str| format!("/campaigns/{slug}/{path}");
    let title = ATTACK;
    let basics = [
        ("title", title),
        ("summary", ATTACK),
        ("currency", "EUR"),
        ("minimum", "100"),
        ("full_plan", "100"),
        ("duration_days", "30"),
        ("time_zone", "UTC"),
    ];
    done(&save(owner, &at("edit/basics"), &at("edit/basics"), &basics).await);
    let texts = [("story", STORY), ("risks", STORY)];
    done(&save(owner, &at("edit/story"), &at("edit/story"), &texts).await);
    let line = [
        ("title", ATTACK),
        ("kind", "task"),
        ("at_minimum", "100"),
        ("at_full_plan", "100"),
    ];
    done(&save(owner, &at("edit/budget"), &at("budget-lines"), &line).await);
    let reward = [
        ("title", title),
        ("description", ATTACK),
        ("price", "20"),
        ("limit", ""),
        ("delivery", "2027-05-01"),
    ];
    done(&save(owner, &at("edit/rewards"), &at("rewards"), &reward).await);
    let place = format!("javascript:alert(1)//{ATTACK}");
    let back = [
        ("kind", "code"),
        ("title", ATTACK),
        ("licence", "MIT"),
        ("due", "2027-05-01"),
        ("place", place.as_str()),
    ];
    done(&save(owner, &at("edit/returns"), &at("returns"), &back).await);
    slug
}

#[tokio::test]
async fn an_attack_in_every_field_ends_as_text_on_every_page() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let mut steward = steward(&site).await;
    let slug = written(&mut owner).await;
    super::writing::payable(&site).await;
    done(&submit(&mut owner, &slug).await);
    for path in ["".to_string(), "/edit".into()] {
        let body = owner.get(&format!("/campaigns/{slug}{path}")).await.body;
        assert!(is_inert(&body), "{path}: {body}");
    }
    for path in [
        "/reviews".to_string(),
        format!("/reviews/{slug}"),
        format!("/campaigns/{slug}"),
    ] {
        let body = steward.get(&path).await.body;
        assert!(
            body.contains("&#60;script&#62;") && is_inert(&body),
            "{path}: {body}"
        );
    }
    done(&super::writing::approve(&mut steward, &slug, "").await);
    site.work().await;
    assert_eq!(state(&site, &slug).await, "open");
    let project: String = sqlx::query_scalar("select slug from project")
        .fetch_one(&site.db)
        .await
        .unwrap();
    let mut guest = site.browser(9);
    for path in [
        format!("/campaigns/{slug}"),
        format!("/projects/{project}"),
        "/".into(),
        "/search".into(),
    ] {
        let body = guest.get(&path).await.body;
        assert!(
            body.contains("&#60;script&#62;") && is_inert(&body),
            "{path}: {body}"
        );
    }
    assert!(is_inert(&owner.get("/my/projects").await.body));
    for (kind, text) in site.mails(OWNER).await {
        assert!(!text.is_empty(), "{kind}");
    }
    let html: Vec<String> = sqlx::query_scalar("select html_body from message")
        .fetch_all(&site.db)
        .await
        .unwrap();
    assert!(html.iter().all(|html| is_inert(html)));
}

#[tokio::test]
async fn an_exception_stands_on_the_campaigns_page_as_text() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let mut steward = steward(&site).await;
    let slug = super::writing::all_but_the_return(&mut owner, "Solar oven").await;
    let review = format!("/reviews/{slug}");
    let reason = format!("A repair, nothing new. {ATTACK}");
    done(
        &steward
            .fill(&review, &format!("{review}/exception"), &[("reason", &reason)])
            .await,
    );
    done(&submit(&mut owner, &slug).await);
    done(&super::writing::approve(&mut steward, &slug, "").await);
    site.work().await;
    let body = site.browser(9).get(&format!("/campaigns/{slug}")).await.body;
    assert!(body.contains("A repair, nothing new.") && is_inert(&body));
    assert!(body.contains("A steward let it open all the same"));
}

#[tokio::test]
async fn something_for_everybody_is_linked_only_when_it_is_on_the_web() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let slug = super::writing::all_but_the_return(&mut owner, "Solar oven").await;
    add_return(&mut owner, &slug).await;
    let body = owner.get(&format!("/campaigns/{slug}")).await.body;
    assert!(body.contains("<a href=\"https://example.org/oven\" rel=\"ugc nofollow\">"));
}
