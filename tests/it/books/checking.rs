//! Files of books and checking them: by the page, offline, and against the heads published day by day.

use felag::books::check;
use felag::books::export::{Format, Which};
use felag::{ledger, wiring};
use felag_domain::ids::BookId;
use felag_tests::accounting::export;
use felag_tests::asking::Ask;
use felag_tests::{Browser, World};
use time::Duration;

use super::pages::promises;
use super::{gift, small, to_the_end};

#[tokio::test]
async fn a_page_recomputes_a_book_a_thousand_entries_at_a_time() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &small()).await;
    let check = format!("/campaigns/{}/books/check", campaign.slug);
    let browser = world.browser();
    // An empty book has nothing to check.
    assert!(
        !browser
            .get(&check)
            .await
            .expect(200)
            .text
            .contains("name=\"after\"")
    );
    promises(&world, &campaign, 2_100).await;
    let mut page = browser.get(&check).await.expect(200);
    assert!(page.text.contains("import hashlib"), "the script stands there");
    let mut said = Vec::new();
    while page.text.contains("name=\"after\"") {
        page = browser.submit(&page, &check, &[]).await.expect(200);
        said.push(page.says("are right"));
    }
    assert_eq!(said, [true; 3]);
    let head = ledger::head(&world.ctx.db, BookId::of_campaign(campaign.id))
        .await
        .unwrap()
        .unwrap();
    let words = format!(
        "Entries 2,001 to 2,100 are right, and the book ends there. Its head is {}",
        head.hash
    );
    assert!(page.says(&words), "{}", page.words());
    for odd in ["2100", "999999"] {
        let status = browser.get(&format!("{check}?after={odd}")).await.status;
        assert!([200, 404].contains(&status), "{odd}: {status}");
    }
    assert_eq!(browser.get(&format!("{check}?after=-7")).await.status, 200);
    for sql in [
        "alter table movement disable trigger movement_is_append_only",
        "update movement set amount_minor = amount_minor + 1 where number = 1500 and position = 1",
    ] {
        sqlx::query(sql).execute(&world.owner).await.unwrap();
    }
    assert!(
        browser
            .get(&format!("{check}?after=0"))
            .await
            .expect(200)
            .says("are right")
    );
    let page = browser.get(&format!("{check}?after=1000")).await.expect(200);
    assert!(
        page.says("Entry 1,500 is not as it was written."),
        "{}",
        page.words()
    );
    let refused = felag::books::export::write(&world.ctx, Which::All, Format::Csv, &mut Vec::new()).await;
    assert!(
        format!("{:#}", refused.unwrap_err()).contains("entry 1500"),
        "nothing wrong is exported as right"
    );
}

#[tokio::test]
async fn checks_and_files_are_counted_by_address() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &small()).await;
    world.pledge(&campaign, &gift("Nora", "30", "named")).await;
    let file = format!("/campaigns/{}/books.csv", campaign.slug);
    let check = format!("/campaigns/{}/books/check?after=0", campaign.slug);
    for (path, most) in [(file, 40), (check, 120)] {
        let browser = world.browser();
        for _ in 0..most {
            browser.get(&path).await.expect(200);
        }
        browser.get(&path).await.expect(429);
        world.browser().get(&path).await.expect(200);
    }
}

#[tokio::test]
async fn a_file_holds_what_its_name_says() {
    let world = World::new().await;
    let (owner, other) = (world.person("owner").await, world.person("other").await);
    let campaign = world.open_campaign(&owner, &small()).await;
    let canary = Ask {
        title: "A canary for every mine".into(),
        ..small()
    };
    let canary = world.open_campaign(&other, &canary).await;
    for to in [&campaign, &canary] {
        for (name, visibility) in [
            ("=Nora", "named"),
            ("Petra", "to_project"),
            ("Anton", "anonymous"),
        ] {
            world.pledge(to, &gift(name, "30", visibility)).await;
        }
    }
    to_the_end(&world, &campaign, &[]).await;
    let browser = world.browser();
    let types = [
        ("beancount", "text/plain; charset=utf-8"),
        ("journal", "text/plain; charset=utf-8"),
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
    ];
    for (ending, media_type) in types {
        let own = format!("/campaigns/{}/books.{ending}", campaign.slug);
        let own = browser.get(&own).await.expect(200);
        assert_eq!(own.headers["content-type"], media_type);
        let name = format!("attachment; filename=\"books-{}.{ending}\"", campaign.slug);
        assert_eq!(own.headers["content-disposition"], name.as_str());
        assert!(
            own.text.contains("=Nora Gifted") && !own.text.contains(&canary.slug),
            "{ending}"
        );
        let all = browser.get(&format!("/books.{ending}")).await.expect(200);
        assert!(
            all.text.contains(&campaign.slug) && all.text.contains(&canary.slug),
            "{ending}"
        );
        for file in [&own, &all] {
            for hidden in ["Petra", "petra@", "Anton", "anton@", "nora@"] {
                assert!(!file.text.contains(hidden), "{hidden} in {ending}");
            }
        }
        let platform = browser.get(&format!("/books.{ending}?own=1")).await.expect(200);
        assert!(!platform.text.contains(&campaign.slug), "{ending}");
        browser
            .get(&format!("/campaigns/nobody/books.{ending}"))
            .await
            .expect(404);
    }
    let table = browser
        .get(&format!("/campaigns/{}/books.csv", campaign.slug))
        .await
        .text;
    assert!(table.contains(",\"'=Nora Gifted\",") && table.contains(",\"30.00\",\"EUR\",\"3000\","));
    assert!(!table.contains("\"=Nora"), "no cell is a formula");
    what_is_not_public_is_in_no_file(&world, &canary.slug).await;
}

async fn what_is_not_public_is_in_no_file(world: &World, slug: &str) {
    let browser = world.browser();
    sqlx::query("update campaign set state = 'draft' where slug = $1")
        .bind(slug)
        .execute(&world.owner)
        .await
        .unwrap();
    let all = browser.get("/books.json").await.expect(200);
    assert!(!all.text.contains(slug));
    browser
        .get(&format!("/campaigns/{slug}/books.json"))
        .await
        .expect(404);
}

/// The parts of a document that no hash covers: words beside the entries, and days.
fn is_beside_the_chain(document: &str, at: usize) -> bool {
    ["name", "title", "slug", "made_at", "day"].iter().any(|key| {
        let key = format!("\"{key}\":\"");
        document.match_indices(&key).any(|(start, _)| {
            let value = start + key.len();
            let end = value + document[value..].find('"').unwrap();
            (value..end).contains(&at)
        })
    })
}

#[tokio::test]
async fn the_offline_check_finds_one_changed_byte() {
    let world = World::new().await;
    wiring::standing_jobs(&world.ctx).await.unwrap();
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &small()).await;
    world.pledge(&campaign, &gift("Nora", "30.50", "named")).await;
    world.pledge(&campaign, &gift("Anton", "7", "anonymous")).await;
    to_the_end(&world, &campaign, &[]).await;
    let document = export(&world.ctx, Which::All, Format::Json).await;
    let right = check::run(document.as_bytes()).unwrap();
    let head = ledger::head(&world.ctx.db, BookId::of_campaign(campaign.id))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(right.len(), 1);
    assert_eq!((right[0].number, right[0].hash), (head.number, head.hash));
    assert_eq!(right[0].of, format!("campaign/{}", campaign.slug));
    assert!(
        document.matches("\"day\":").count() >= 2,
        "heads were published: {document}"
    );
    let mut tried = 0;
    let bytes = document.as_bytes();
    for at in 0..bytes.len() {
        // A line feed between two parts means nothing; a sign that becomes another blank would not either.
        if bytes[at] == b'\n' || is_beside_the_chain(&document, at) {
            continue;
        }
        for other in [bytes[at] ^ 1, bytes[at] ^ 0x20] {
            let mut changed = bytes.to_vec();
            changed[at] = other;
            let text = String::from_utf8_lossy(&changed);
            // JSON has one more way to write a blank.
            if bytes[at].is_ascii_whitespace() && other.is_ascii_whitespace() {
                continue;
            }
            assert!(
                check::run(changed.as_slice()).is_err(),
                "byte {at}: {:?}",
                text.get(at.saturating_sub(40)..(at + 20).min(text.len()))
            );
            tried += 1;
        }
    }
    assert!(tried > 5_000, "{tried}");
    for cut in [0, 1, bytes.len() / 2, bytes.len() - 3] {
        assert!(check::run(&bytes[..cut]).is_err(), "{cut} bytes of it");
    }
    assert!(check::run(format!("{document}{{}}").as_bytes()).is_err());
}

#[tokio::test]
async fn an_entry_taken_out_of_a_document_is_missed() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &small()).await;
    promises(&world, &campaign, 12).await;
    let document = export(&world.ctx, Which::All, Format::Json).await;
    let lines: Vec<&str> = document.lines().collect();
    let is_entry = |line: &str| line.starts_with("{\"number\":");
    let entries: Vec<usize> = (0..lines.len()).filter(|at| is_entry(lines[*at])).collect();
    assert_eq!(entries.len(), 12);
    for without in &entries[..11] {
        let mut left = lines.clone();
        left.remove(*without);
        let refused = check::run(left.join("\n").as_bytes()).unwrap_err().to_string();
        assert!(refused.contains("missing"), "{refused}");
    }
    let mut swapped = lines.clone();
    swapped.swap(entries[3], entries[4]);
    assert!(check::run(swapped.join("\n").as_bytes()).is_err());
}

async fn heads_on(browser: &Browser) -> usize {
    browser
        .get("/books/heads")
        .await
        .expect(200)
        .text
        .matches("<tr><td data-l")
        .count()
}

#[tokio::test]
async fn the_head_of_every_book_that_grew_is_published_once_a_day() {
    let world = World::new().await;
    wiring::standing_jobs(&world.ctx).await.unwrap();
    wiring::standing_jobs(&world.ctx).await.unwrap();
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &small()).await;
    let browser = world.browser();
    assert!(
        browser
            .get("/books/heads")
            .await
            .expect(200)
            .says("No head was published yet.")
    );
    world.pledge(&campaign, &gift("Nora", "30", "named")).await;
    world.advance_by(Duration::DAY).await;
    assert_eq!(heads_on(&browser).await, 1);
    let first = ledger::head(&world.ctx.db, BookId::of_campaign(campaign.id))
        .await
        .unwrap()
        .unwrap();
    // Nothing happens for a week: nothing more is published.
    world.advance_by(Duration::WEEK).await;
    assert_eq!(heads_on(&browser).await, 1);
    world.pledge(&campaign, &gift("Petra", "30", "named")).await;
    world.pledge(&campaign, &gift("Anton", "30", "named")).await;
    world.advance_by(Duration::DAY * 2).await;
    let page = browser.get("/books/heads").await.expect(200);
    assert_eq!(heads_on(&browser).await, 2);
    for words in [
        "3 March 2026",
        "11 March 2026",
        "Entry 1",
        "Entry 3",
        &first.hash.to_string(),
    ] {
        assert!(page.says(words), "{words}: {}", page.words());
    }
    world.ledger_verify().await;
    let changed = sqlx::query("update published_head set number = number")
        .execute(&world.owner)
        .await;
    assert!(changed.unwrap_err().to_string().contains("append-only"));
    for odd in ["?day=2026-03-11", "?day=x&book=y", "?day=-9999-01-01&book=7"] {
        browser.get(&format!("/books/heads{odd}")).await.expect(200);
    }
    let next = format!("/books/heads?day=2026-03-11&book={}", campaign.id);
    assert_eq!(
        browser
            .get(&next)
            .await
            .expect(200)
            .text
            .matches("<tr><td data-l")
            .count(),
        1
    );
}
