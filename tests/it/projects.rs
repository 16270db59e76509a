//! Projects: started by hand or from a manifest, edited, seen.

use std::path::Path;

use axum::http::StatusCode;

use crate::campaigns::writing::{HOLDER, OWNER, done, project, save, signed_in};
use crate::people::site::{Answer, Browser, PASSWORD, Site};

fn manifest(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("manifests").join(name)).unwrap()
}

async fn import(browser: &mut Browser<'_>, name: &str, bytes: &[u8]) -> Answer {
    let csrf = browser.get("/start").await.csrf().to_string();
    browser
        .upload("/projects/import", &csrf, &[], Some((name, bytes)))
        .await
}

/// The fields of the review's form, as a browser would send them back.
fn fields(page: &str) -> Vec<(String, String)> {
    let form = page
        .split_once("action=\"/projects/import/confirmation\"")
        .unwrap()
        .1;
    let form = form.split_once("</form>").unwrap().0;
    let mut fields = Vec::new();
    for input in form.split("<input ").skip(1) {
        let tag = format!(" {}", input.split('>').next().unwrap());
        let value = |name: &str| {
            let rest = tag
                .split_once(&format!(" {name}=\""))
                .map(|(_, rest)| rest)
                .unwrap_or("\"");
            plain(rest.split('"').next().unwrap())
        };
        fields.push((value("name"), value("value")));
    }
    for area in form.split("<textarea ").skip(1) {
        let name = area.split_once("name=\"").unwrap().1.split('"').next().unwrap();
        let text = area
            .split_once(">\n")
            .unwrap()
            .1
            .split_once("</textarea>")
            .unwrap()
            .0;
        fields.push((name.to_string(), plain(text)));
    }
    fields
}

fn plain(html: &str) -> String {
    let known = [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
    ];
    known.iter().fold(html.to_string(), |text, (written, plain)| {
        text.replace(written, plain)
    })
}

async fn confirm(browser: &mut Browser<'_>, review: &Answer) -> Answer {
    let fields = fields(&review.body);
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .filter(|one| one.0 != "csrf")
        .collect();
    browser
        .post("/projects/import/confirmation", review.csrf(), &fields)
        .await
}

#[tokio::test]
async fn a_project_is_started_by_somebody_with_a_confirmed_address_only() {
    let site = Site::start().await;
    let mut guest = site.browser(1);
    let page = guest.get("/start").await;
    assert!(page.body.contains("You need an account") && !page.body.contains("action=\"/projects\""));
    guest.sign_up("new@example.org").await;
    guest.sign_in("new@example.org", PASSWORD).await;
    let page = guest.get("/start").await;
    assert!(
        page.body.contains("Confirm your e-mail address first"),
        "{}",
        page.body
    );
    let csrf = page.csrf().to_string();
    let typed = [("name", "Oven"), ("summary", "An oven anybody can build.")];
    assert_eq!(
        guest.post("/projects", &csrf, &typed).await.status,
        StatusCode::FORBIDDEN
    );
    let upload = guest
        .upload("/projects/import", &csrf, &[("manifest", "{}")], None)
        .await;
    assert_eq!(upload.status, StatusCode::FORBIDDEN);
    assert_eq!(site.count("select count(*) from project").await, 0);
}

#[tokio::test]
async fn a_project_is_edited_by_its_people_and_seen_by_everybody() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let slug = project(&mut owner, "Solar oven").await;
    let edit = format!("/projects/{slug}/edit");
    let bad = [
        ("name", "O"),
        ("summary", "x"),
        ("homepage", "javascript:alert(1)"),
        ("licences", "Ours"),
    ];
    let refused = save(&mut owner, &edit, &edit, &bad).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in [
        "Write a whole web address",
        "is not a licence we can read",
        "Write your e-mail address",
    ] {
        assert_eq!(refused.body.matches(words).count(), 2, "{words}");
    }
    let good = [
        ("name", "Solar oven"),
        ("summary", "An oven that anybody can build."),
        ("story", "We *cook*."),
        ("place", "Graz"),
        ("homepage", "https://example.org"),
        ("licences", "mit\r\nCC-BY-SA-4.0"),
        ("reply_to", "oven@example.org"),
    ];
    done(&save(&mut owner, &edit, &edit, &good).await);
    let holder = format!("/projects/{slug}/holder");
    done(&save(&mut owner, &holder, &holder, &HOLDER).await);
    let page = site.browser(9).get(&format!("/projects/{slug}")).await;
    assert_eq!(page.status, StatusCode::OK);
    for words in [
        "<em>cook</em>",
        "MIT",
        "CC-BY-SA-4.0",
        "Verein Sonnenofen",
        "Association",
        "Austria",
        "ZVR 123",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    assert!(
        page.body.contains("content=\"noindex\""),
        "nothing of it was read by a steward yet"
    );
    assert!(!page.body.contains("oven@example.org"));
}

#[tokio::test]
async fn two_projects_of_one_name_have_two_addresses_and_twenty_are_enough() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let csrf = owner.get("/start").await.csrf().to_string();
    let typed = [("name", "Import"), ("summary", "An oven anybody can build.")];
    let starting = (0..24).map(|_| {
        let (mut browser, csrf) = (owner.clone(), csrf.clone());
        async move { browser.post("/projects", &csrf, &typed).await.status }
    });
    let answers = futures::future::join_all(starting).await;
    assert_eq!(
        answers
            .iter()
            .filter(|status| **status == StatusCode::SEE_OTHER)
            .count(),
        20
    );
    assert_eq!(site.count("select count(distinct slug) from project").await, 20);
    assert_eq!(
        site.count("select count(*) from project where slug = 'import'")
            .await,
        0
    );
}

#[tokio::test]
async fn a_manifest_of_each_kind_becomes_a_project_and_a_draft() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    for name in [
        "funding/AerynOS__os-tools.json",
        "publiccode/CatalaLang__catala.yml",
        "okh/Open-Hardware-Leaders__Otto-DIY.yml",
        "okh/tm-miha__Upcyling-stool-Precious-hocker-IF-Demo.toml",
    ] {
        let review = import(&mut owner, name, &manifest(name)).await;
        assert_eq!(review.status, StatusCode::OK, "{name}: {}", review.body);
        assert!(review.body.contains("What we read"), "{name}");
        let confirmed = confirm(&mut owner, &review).await;
        done(&confirmed);
        let tasks = owner.get(confirmed.location()).await;
        assert!(tasks.body.contains("something is missing"), "{name}");
    }
    assert_eq!(
        site.count("select count(*) from project where licences <> '{}'")
            .await,
        4
    );
    assert_eq!(
        site.count("select count(*) from campaign where state = 'draft'")
            .await,
        4
    );
    assert_eq!(
        site.count("select count(*) from project where coalesce(repository, homepage) like 'https://%'")
            .await,
        4
    );
}

#[tokio::test]
async fn every_real_manifest_is_reviewed_or_refused_in_words() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("manifests");
    let mut seen = 0;
    for kind in ["funding", "okh", "publiccode"] {
        for file in std::fs::read_dir(folder.join(kind)).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_string();
            let answer = import(&mut owner, &name, &std::fs::read(&path).unwrap()).await;
            if name.contains("OpenAT-Template") {
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
                assert!(answer.body.contains("holds only comments"), "{}", answer.body);
            } else {
                let is_read = ["What we read", "Which project?"]
                    .iter()
                    .any(|words| answer.body.contains(words));
                assert!(
                    answer.status == StatusCode::OK && is_read,
                    "{name}: {}",
                    answer.body
                );
            }
            seen += 1;
        }
    }
    assert_eq!(seen, 26);
    assert_eq!(
        site.count("select count(*) from project").await,
        0,
        "nothing is made before it is confirmed"
    );
}

#[tokio::test]
async fn every_real_manifest_makes_a_project_without_a_form_too() {
    let site = Site::start().await;
    site.person(OWNER).await;
    let owner: uuid::Uuid = sqlx::query_scalar("select person_id from person")
        .fetch_one(&site.db)
        .await
        .unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("manifests");
    for kind in ["funding", "okh", "publiccode"] {
        for file in std::fs::read_dir(folder.join(kind)).unwrap() {
            // Twenty projects are as many as one person may start.
            sqlx::query("delete from member").execute(&site.db).await.unwrap();
            let path = file.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let Ok(manifest) = felag_manifest::read_bytes(path.to_str(), &bytes) else {
                continue;
            };
            let created = felag::campaigns::import::create(&site.ctx, owner.into(), &manifest, None).await;
            let created = created.unwrap_or_else(|refused| panic!("{}: {refused:?}", path.display()));
            assert!(!created.project.is_empty() && !created.campaign.is_empty());
        }
    }
    assert_eq!(site.count("select count(*) from campaign").await, 25);
}

#[tokio::test]
async fn of_several_projects_in_a_file_one_is_chosen() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let file = br#"{"version":"v1.0.0","entity":{"type":"group","name":"Ovens"},"projects":[
        {"guid":"sun","name":"Sun oven","description":"An oven that cooks with sun.","licenses":["spdx:MIT"]},
        {"guid":"wind","name":"Wind oven","description":"An oven that cooks with wind.","licenses":["ours"]}],
        "funding":{"plans":[{"guid":"once","status":"active","name":"Build it","amount":5000,"currency":"EUR",
        "frequency":"one-time"}]}}"#;
    let choice = import(&mut owner, "funding.json", file).await;
    assert!(choice.body.contains("Which project?"), "{}", choice.body);
    let fields = [
        ("manifest", std::str::from_utf8(file).unwrap()),
        ("file_name", "funding.json"),
        ("which", "1"),
    ];
    let review = owner
        .upload("/projects/import", choice.csrf(), &fields, None)
        .await;
    assert!(review.body.contains("Wind oven") && review.body.contains("One thing could not be read"));
    assert!(review.body.contains("projects[1].licenses[0]") && review.body.contains("€5,000.00"));
    done(&confirm(&mut owner, &review).await);
    assert_eq!(site.count("select minimum_minor from campaign").await, 500_000);
    assert_eq!(
        site.count("select at_full_plan_minor from budget_line where title = 'Build it'")
            .await,
        500_000
    );
    let beyond = [fields[0], fields[1], ("which", "7")];
    let refused = owner
        .upload("/projects/import", choice.csrf(), &beyond, None)
        .await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_no_manifest_or_too_much_is_refused_and_nothing_is_made() {
    let site = Site::start().await;
    let mut owner = signed_in(&site, OWNER, 1).await;
    let csrf = owner.get("/start").await.csrf().to_string();
    for (bytes, words) in [
        (b"".to_vec(), "Choose a file or paste its text"),
        (b"{\"a\": 1}".to_vec(), "none of the manifests we read"),
        (b"{\"entity\": ".to_vec(), "line 1"),
        (vec![0xff, 0xfe, 0x00], "not a text in UTF-8"),
        (vec![b' '; 600 * 1024], "Choose a file"),
        (
            [vec![b'#'; 600 * 1024], b"\ntitle: x".to_vec()].concat(),
            "longer than 512 KiB",
        ),
    ] {
        let answer = owner
            .upload("/projects/import", &csrf, &[], Some(("x.json", &bytes)))
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(answer.body.contains(words), "{words}: {}", answer.body);
    }
    let huge = owner
        .upload(
            "/projects/import",
            &csrf,
            &[],
            Some(("x.json", &vec![b'#'; 2 << 20])),
        )
        .await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    let forged = owner
        .upload("/projects/import", &"0".repeat(64), &[("manifest", "{}")], None)
        .await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(site.count("select count(*) from project").await, 0);
}
