//! A draft written page by page, as a project's owner would.

use axum::http::StatusCode;

use crate::people::site::{Answer, Browser, PASSWORD, Site};

pub const OWNER: &str = "owner@example.org";
pub const STEWARD: &str = "steward@example.org";

/// Somebody signed in, with a confirmed address.
pub async fn signed_in<'s>(site: &'s Site, email: &str, address: u8) -> Browser<'s> {
    site.person(email).await;
    let mut browser = site.browser(address);
    browser.sign_in(email, PASSWORD).await;
    browser
}

/// A signed-in steward.
pub async fn steward(site: &Site) -> Browser<'_> {
    let browser = signed_in(site, STEWARD, 200).await;
    sqlx::query("update person set is_steward = true where email = $1")
        .bind(STEWARD)
        .execute(&site.db)
        .await
        .unwrap();
    browser
}

/// Gives a person a place in a project.
pub async fn join(site: &Site, project: &str, email: &str, role: &str) {
    sqlx::query(
        "insert into member (project_id, person_id, role, created_at)
         select project_id, person_id, $3, now() from project, person where slug = $1 and email = $2",
    )
    .bind(project)
    .bind(email)
    .bind(role)
    .execute(&site.db)
    .await
    .unwrap();
}

/// Fills the form of a page and sends it to `path`, with the version the page was made from.
pub async fn save(browser: &mut Browser<'_>, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let shown = browser.get(page).await;
    assert_eq!(shown.status, StatusCode::OK, "{page}: {}", shown.body);
    let mut all = fields.to_vec();
    let version = version(&shown);
    all.extend(version.as_deref().map(|version| ("version", version)));
    browser.post(path, shown.csrf(), &all).await
}

/// The version a page was made from.
pub fn version(shown: &Answer) -> Option<String> {
    let (_, rest) = shown.body.split_once("name=\"version\" value=\"")?;
    rest.split('"').next().map(str::to_string)
}

pub const HOLDER: [(&str, &str); 7] = [
    ("holder_name", "Verein Sonnenofen"),
    ("holder_form", "association"),
    ("holder_country", "AT"),
    ("holder_address", "Hauptplatz 1\r\n8010 Graz"),
    ("holder_register", "ZVR 123"),
    ("holder_tax_number", ""),
    ("holder_signatory", "Ada Berg"),
];

pub const BASICS: [(&str, &str); 7] = [
    ("title", "A solar oven"),
    ("summary", "An oven that anybody can build."),
    ("currency", "EUR"),
    ("minimum", "9000"),
    ("full_plan", "14000"),
    ("duration_days", "30"),
    ("time_zone", "Europe/Vienna"),
];

pub const STORY: [(&str, &str); 2] = [
    ("story", "We build an oven.\r\n\r\n## Why\r\n\r\nWood is dear."),
    ("risks", "It may rain."),
];

pub const LINES: [[(&str, &str); 4]; 2] = [
    [
        ("title", "Glass"),
        ("kind", "material"),
        ("at_minimum", "4000"),
        ("at_full_plan", "6000"),
    ],
    [
        ("title", "Work"),
        ("kind", "task"),
        ("at_minimum", "5000.00"),
        ("at_full_plan", "8000"),
    ],
];

pub const REWARD: [(&str, &str); 5] = [
    ("title", "A kit"),
    ("description", "Everything but the wood."),
    ("price", "250"),
    ("limit", "40"),
    ("delivery", "2027-05-01"),
];

pub const RETURN: [(&str, &str); 5] = [
    ("kind", "design"),
    ("title", "Build plans"),
    ("licence", "cern-ohl-s-2.0"),
    ("due", "2027-06-30"),
    ("place", "https://example.org/oven"),
];

/// A project by name; its address.
pub async fn project(owner: &mut Browser<'_>, name: &str) -> String {
    let fields = [("name", name), ("summary", "An oven that anybody can build.")];
    let answer = owner.fill("/start", "/projects", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let mine = owner.get("/my/projects").await.body;
    let (_, rest) = mine.split_once("<a href=\"/projects/").unwrap();
    rest.split('"').next().unwrap().to_string()
}

/// A draft of a project's campaign with nothing in it yet; its address.
pub async fn begun(owner: &mut Browser<'_>, project: &str) -> String {
    let begun = owner
        .fill("/my/projects", &format!("/projects/{project}/campaigns"), &[])
        .await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    let location = begun.location();
    location.split('/').nth(2).unwrap().to_string()
}

/// Everything but what everybody gets.
pub async fn all_but_the_return(owner: &mut Browser<'_>, name: &str) -> String {
    let project = project(owner, name).await;
    let holder = format!("/projects/{project}/holder");
    done(&save(owner, &holder, &holder, &HOLDER).await);
    let slug = begun(owner, &project).await;
    let step = |name: &str| format!("/campaigns/{slug}/edit/{name}");
    done(&save(owner, &step("basics"), &step("basics"), &BASICS).await);
    done(&save(owner, &step("story"), &step("story"), &STORY).await);
    for line in &LINES {
        done(
            &save(
                owner,
                &step("budget"),
                &format!("/campaigns/{slug}/budget-lines"),
                line,
            )
            .await,
        );
    }
    done(
        &save(
            owner,
            &step("rewards"),
            &format!("/campaigns/{slug}/rewards"),
            &REWARD,
        )
        .await,
    );
    slug
}

/// A draft that lacks nothing; its address.
pub async fn complete(owner: &mut Browser<'_>, name: &str) -> String {
    let slug = all_but_the_return(owner, name).await;
    add_return(owner, &slug).await;
    slug
}

pub async fn add_return(owner: &mut Browser<'_>, slug: &str) {
    let page = format!("/campaigns/{slug}/edit/returns");
    done(&save(owner, &page, &format!("/campaigns/{slug}/returns"), &RETURN).await);
}

/// The form was taken.
pub fn done(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

pub async fn submit(owner: &mut Browser<'_>, slug: &str) -> Answer {
    owner
        .fill(
            &format!("/campaigns/{slug}/edit"),
            &format!("/campaigns/{slug}/submission"),
            &[],
        )
        .await
}

pub async fn approve(steward: &mut Browser<'_>, slug: &str, opens_at: &str) -> Answer {
    let page = format!("/reviews/{slug}");
    steward
        .fill(&page, &format!("{page}/approval"), &[("opens_at", opens_at)])
        .await
}

/// An open campaign; its address.
pub async fn open(site: &Site, owner: &mut Browser<'_>, steward: &mut Browser<'_>, name: &str) -> String {
    let slug = complete(owner, name).await;
    payable(site).await;
    done(&submit(owner, &slug).await);
    done(&approve(steward, &slug, "").await);
    site.work().await;
    slug
}

/// Every project can be paid. Here, without a payment provider, that is only written down.
pub async fn payable(site: &Site) {
    let sql = "insert into payout_account (project_id, account_ref, country, state, started_by, created_at, enabled_at)
               select project_id, 'acct_' || project_id, 'DE', 'enabled', person_id, now(), now()
               from member where role = 'owner' on conflict do nothing";
    sqlx::query(sql).execute(&site.db).await.unwrap();
}

/// A campaign's state.
pub async fn state(site: &Site, slug: &str) -> String {
    sqlx::query_scalar("select state from campaign where slug = $1")
        .bind(slug)
        .fetch_one(&site.db)
        .await
        .unwrap()
}
