//! The pages of a book: filters, entries under addresses that stay, what stood on the accounts.

use std::collections::BTreeSet;

use felag::ledger;
use felag_domain::entries;
use felag_domain::ids::{BookId, PledgeId};
use felag_domain::ledger::NewEntry;
use felag_domain::money::{Currency, Money};
use felag_tests::asking::Opened;
use felag_tests::giving::card;
use felag_tests::{Browser, World};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{gift, read, small, to_the_end};

/// Posts so many promises, of 1 cent and up, in batches of different sizes.
pub async fn promises(world: &World, campaign: &Opened, count: u128) {
    let book = BookId::of_campaign(campaign.id);
    let promise = |number: u128| -> NewEntry {
        let amount = Money::from_minor(i64::try_from(number % 97 + 1).unwrap(), Currency::EUR);
        let pledge = PledgeId::from_uuid(Uuid::from_u128(number));
        let at = world.ctx.now() + Duration::minutes(i64::try_from(number).unwrap());
        match number % 3 {
            0 => entries::charge(book, &format!("ch_{number}"), amount, amount, amount, None, at),
            _ => entries::card_saved(book, pledge, amount, at),
        }
        .unwrap()
    };
    let all: Vec<NewEntry> = (1..=count).map(promise).collect();
    let mut rest = all.as_slice();
    for size in [1, 7, 491, 2, 600, 50, 1_000].into_iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (batch, later) = rest.split_at(size.min(rest.len()));
        rest = later;
        let mut tx = world.ctx.db.begin().await.unwrap();
        ledger::post(&mut tx, &world.ctx, batch.to_vec()).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// The numbers of the entries on a page, and the addresses of its neighbours.
fn on(page: &str) -> (Vec<i64>, Option<String>, Option<String>) {
    let numbers = page.split("id=\"entry-").skip(1);
    let numbers = numbers.map(|rest| rest.split('"').next().unwrap().parse().unwrap());
    let link = |rel: &str| {
        let start = format!("rel=\"{rel}\" href=\"");
        let (_, rest) = page.split_once(&start)?;
        Some(rest.split('"').next()?.replace("&#38;", "&"))
    };
    (numbers.collect(), link("prev"), link("next"))
}

/// Turns every page from one on, the older way, and all the way back.
async fn turn(browser: &Browser, path: &str) -> Vec<i64> {
    let mut all = Vec::new();
    let mut pages = vec![path.to_string()];
    let mut last = browser.get(path).await.expect(200).text;
    loop {
        let (numbers, _, older) = on(&last);
        all.extend(numbers);
        let Some(older) = older else { break };
        last = browser.get(&older).await.expect(200).text;
        pages.push(older);
    }
    let mut back = Vec::new();
    for _ in 1..pages.len() {
        let (_, newer, _) = on(&last);
        last = browser.get(&newer.expect("a way back")).await.expect(200).text;
        back.push(on(&last).0);
    }
    back.reverse();
    let back: Vec<i64> = back.concat();
    assert!(
        back.is_empty() || all.starts_with(&back),
        "the way back is another one"
    );
    all
}

#[tokio::test]
async fn entries_are_found_by_kind_and_day_page_by_page() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &small()).await;
    promises(&world, &campaign, 3_000).await;
    let browser = world.browser();
    let books = format!("/campaigns/{}/books", campaign.slug);
    let day = (world.ctx.now() + Duration::DAY).date();
    for (query, among) in [
        ("kind=charge".to_string(), "kind = 'charge'".to_string()),
        (
            format!("from={day}&until={day}"),
            format!(
                "at >= '{day} 00:00+00' and at < '{} 00:00+00'",
                day.next_day().unwrap()
            ),
        ),
        (
            format!("kind=card_saved&until={day}"),
            format!(
                "kind = 'card_saved' and at < '{} 00:00+00'",
                day.next_day().unwrap()
            ),
        ),
    ] {
        let sql = format!("select number from entry where {among} order by at desc, number desc");
        let expected: Vec<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_all(&world.owner)
            .await
            .unwrap();
        assert!(expected.len() > 100, "{among}");
        assert_eq!(
            turn(&browser, &format!("{books}?{query}")).await,
            expected,
            "{query}"
        );
    }
    let found = browser.get(&format!("{books}?kind=refund")).await.expect(200);
    assert!(
        found.says("No entry is like that.") && found.says("3,000 entries"),
        "{}",
        found.words()
    );
    // The form is a plain one, and an empty one asks for everything.
    let form = browser.get(&books).await.expect(200);
    let sent = browser
        .submit(&form, &books, &[("kind", "charge")])
        .await
        .expect(200);
    assert!(sent.says("Gift collected") && sent.text.contains("value=\"charge\" selected"));
    assert_eq!(
        on(&browser.get(&format!("{books}?kind=&from=&until=")).await.text).0[0],
        3_000
    );
}

#[tokio::test]
async fn a_filter_that_makes_no_sense_is_refused_in_words() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &small()).await;
    world.pledge(&campaign, &gift("Nora", "30", "named")).await;
    let books = format!("/campaigns/{}/books", campaign.slug);
    for browser in [&world.browser(), &owner.browser] {
        let ask = async |query: &str| browser.get(&format!("{books}?{query}")).await.expect(422);
        let page = ask("kind=theft&from=yesterday&until=2026-02-30").await;
        for words in [
            "3 things to put right",
            "Choose one of the kinds.",
            "such as 2026-11-22",
        ] {
            assert!(page.says(words), "{words}: {}", page.words());
        }
        let page = ask("from=2026-03-02&until=2026-03-01").await;
        assert!(page.says("The last day is before the first."), "{}", page.words());
        assert!(
            page.text.contains("value=\"2026-03-02\""),
            "what was typed is kept"
        );
        ask("from=-9999-01-01").await;
        ask("from=%3Cscript%3E").await;
    }
    for odd in [
        "from=0001-01-01&until=9999-12-31",
        "kind=charge&before=7777",
        "kind=charge&after=-1",
    ] {
        world.browser().get(&format!("{books}?{odd}")).await.expect(200);
    }
    world
        .browser()
        .get("/campaigns/nobody/books?kind=theft")
        .await
        .expect(404);
}

#[tokio::test]
async fn an_entry_has_an_address_that_stays_and_shows_the_bytes_that_were_hashed() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &small()).await;
    for (name, visibility) in [("Nora", "named"), ("Anton", "anonymous")] {
        world.pledge(&campaign, &gift(name, "30", visibility)).await;
    }
    to_the_end(&world, &campaign, &[&owner]).await;
    let browser = world.browser();
    let books = format!("/campaigns/{}/books", campaign.slug);
    let head = ledger::head(&world.ctx.db, BookId::of_campaign(campaign.id))
        .await
        .unwrap()
        .unwrap();
    let mut previous = "0".repeat(64);
    let mut said = BTreeSet::new();
    for number in 1..=head.number {
        let page = browser.get(&format!("{books}/{number}")).await.expect(200);
        let text = browser.get(&format!("{books}/{number}.txt")).await.expect(200);
        assert_eq!(text.headers["content-type"], "text/plain; charset=utf-8");
        let hash = hex::encode(Sha256::digest(text.text.as_bytes()));
        assert!(
            text.text.ends_with(&format!("previous {previous}\n")),
            "{}",
            text.text
        );
        for words in [
            hash.as_str(),
            previous.as_str(),
            text.text.lines().nth(5).unwrap(),
        ] {
            assert!(page.says(words), "{words}: {}", page.words());
        }
        assert!(!page.says("Anton") && !page.says("anton@"));
        said.extend(
            ["Nora Gifted", "What stood on these accounts"]
                .into_iter()
                .filter(|words| page.says(words)),
        );
        previous = hash;
    }
    assert_eq!(previous, head.hash.to_string());
    assert_eq!(said.len(), 2);
    let charge = browser.get(&format!("{books}/{}", head.number)).await.expect(200);
    for words in [
        "Held for the project",
        "€30.00",
        "€60.00",
        "movement provider held 3000 EUR",
    ] {
        assert!(charge.says(words), "{words}: {}", charge.words());
    }
    for odd in [
        "0",
        "-1",
        "01",
        "+1",
        "999",
        "9999999999999999999999",
        "x",
        "1.txt.txt",
        "999.txt",
        "%2e",
    ] {
        browser.get(&format!("{books}/{odd}")).await.expect(404);
    }
    browser.get("/books/1").await.expect(404);
    browser.get("/campaigns/nobody/books/1").await.expect(404);
    // The lines of the book, and of the campaign's page, lead there.
    for page in ["", "/books"] {
        let html = read(&browser, &campaign, page).await;
        assert!(
            html.contains(&format!("href=\"{books}/{}\"", head.number)),
            "{page}"
        );
    }
}

#[tokio::test]
async fn who_took_a_promise_back_is_not_named_beside_it() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &small()).await;
    world.pledge(&campaign, &gift("Nora", "30", "named")).await;
    world
        .pledge(
            &campaign,
            &gift("Dora", "12", "named").with_card(card::DECLINES_LATER),
        )
        .await;
    let browser = world.browser();
    let left = world
        .pledge_as(&browser, &campaign, &gift("Lena", "8", "named"))
        .await;
    assert!(read(&browser, &campaign, "/books").await.contains("Lena Gifted"));
    let ask = browser.get(&format!("{}/cancel", left.path)).await.expect(200);
    let cancel = format!("{}/cancel", left.path);
    browser.submit(&ask, &cancel, &[]).await.expect(303);
    to_the_end(&world, &campaign, &[&owner]).await;
    let books = format!("/campaigns/{}/books", campaign.slug);
    for page in [
        &books,
        &format!("{books}.json"),
        &format!("{books}.csv"),
        &format!("{books}/1"),
    ] {
        let text = browser.get(page).await.expect(200).text;
        assert!(text.contains("Nora Gifted"), "{page}");
        assert!(!text.contains("Lena") && !text.contains("Dora"), "{page}");
    }
}

#[tokio::test]
async fn the_platform_has_a_book_of_its_own() {
    let world = World::new().await;
    let browser = world.browser();
    let home = browser.get("/").await.expect(200);
    assert!(
        home.text.contains("<a href=\"/books\">"),
        "the footer leads there"
    );
    let page = browser.get("/books").await.expect(200);
    assert!(
        page.says("Felag") && page.says("No entries yet."),
        "{}",
        page.words()
    );
    browser.get("/books/check").await.expect(200);
    let at: OffsetDateTime = world.ctx.now();
    for sql in [
        "insert into book (book_id, kind, created_at) values ('00000000-0000-8000-8000-000000000001', 'platform', now())",
        "insert into book_head (book_id, number, hash)
         values ('00000000-0000-8000-8000-000000000001', 0, decode(repeat('00', 32), 'hex'))",
    ] {
        sqlx::query(sql).execute(&world.owner).await.unwrap();
    }
    let eur = |minor| Money::from_minor(minor, Currency::EUR);
    let entry = entries::charge(BookId::PLATFORM, "ch_own", eur(5_000), eur(0), eur(99), None, at).unwrap();
    let mut tx = world.ctx.db.begin().await.unwrap();
    ledger::post(&mut tx, &world.ctx, vec![entry]).await.unwrap();
    tx.commit().await.unwrap();
    let page = browser.get("/books").await.expect(200);
    assert!(page.says("1 entry.") && page.says("€50.00"), "{}", page.words());
    assert!(
        browser
            .get("/books/1")
            .await
            .expect(200)
            .says("With the payment provider")
    );
    assert!(
        browser
            .get("/books/1.txt")
            .await
            .expect(200)
            .text
            .contains("cause ch_own")
    );
    let checked = browser.get("/books/check?after=0").await.expect(200);
    assert!(checked.says("Entries 1 to 1 are right"), "{}", checked.words());
}
