//! Public books and the pages of a project's members: who is named where, and whether the figures are the
//! ledger's.

mod checking;
mod many;
mod marks;
mod pages;

use felag::pledges::{Wish, change};
use felag_domain::ids::BookId;
use felag_domain::money::{Currency, Money};
use felag_domain::pledge::Visibility;
use felag_tests::asking::{Ask, Opened};
use felag_tests::giving::{Gift, card};
use felag_tests::people::Person;
use felag_tests::{Browser, World};
use time::Duration;

const MEMBERS_PAGES: [&str; 3] = ["owner", "backers", "backers.csv"];

fn gift(name: &str, amount: &str, visibility: &'static str) -> Gift {
    let email = format!("{}@felag.example", name.to_lowercase());
    Gift {
        name: format!("{name} Gifted"),
        visibility,
        ..Gift::of(amount, &email)
    }
}

fn small() -> Ask {
    Ask {
        minimum_minor: 3_000,
        ..Ask::default()
    }
}

/// Plays the campaign to its end, where sign-ins of its beginning are over.
async fn to_the_end(world: &World, campaign: &Opened, members: &[&Person]) {
    world.advance_to(campaign.deadline + Duration::days(8)).await;
    for member in members {
        world.sign_in(&member.browser, &member.email).await;
    }
}

async fn read(browser: &Browser, campaign: &Opened, page: &str) -> String {
    let path = format!("/campaigns/{}{page}", campaign.slug);
    browser.get(&path).await.expect(200).text
}

#[tokio::test]
async fn people_are_named_where_they_chose_to_be_and_nowhere_else() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &small()).await;
    for (name, visibility) in [("Nora", "named"), ("Petra", "to_project"), ("Anton", "anonymous")] {
        world.pledge(&campaign, &gift(name, "30", visibility)).await;
    }
    to_the_end(&world, &campaign, &[&owner]).await;
    let guest = world.browser();
    for page in ["", "/books"] {
        let html = read(&guest, &campaign, page).await;
        assert!(html.contains("Nora Gifted"), "{page}");
        for hidden in ["Petra", "petra@", "Anton", "anton@", "nora@"] {
            assert!(!html.contains(hidden), "{hidden} on {page}");
        }
    }
    for page in ["/backers", "/backers.csv", "/backers.csv?bom=1&state=paid"] {
        let text = read(&owner.browser, &campaign, page).await;
        for seen in [
            "Nora Gifted",
            "nora@felag.example",
            "Petra Gifted",
            "petra@felag.example",
        ] {
            assert!(text.contains(seen), "{seen} is missing on {page}");
        }
        assert!(!text.contains("Anton") && !text.contains("anton@"), "{page}");
        assert_eq!(text.matches("30.00").count(), 3, "{page} has all three gifts");
    }
    let shown = read(&owner.browser, &campaign, "/owner").await;
    assert!(!shown.contains("Anton") && !shown.contains("anton@"));
    for reader in [&owner.email, "nora@felag.example", "petra@felag.example"] {
        for mail in world.mails_to(reader).await {
            let words = format!("{} {} {}", mail.subject, mail.text_body, mail.html_body);
            assert!(
                !words.contains("Anton") && !words.contains("anton@"),
                "{}: {}",
                mail.kind,
                mail.text_body
            );
        }
    }
}

#[tokio::test]
async fn nothing_of_another_campaign_is_shown() {
    let world = World::new().await;
    let (owner, other) = (world.person("owner").await, world.person("other").await);
    let campaign = world.open_campaign(&owner, &small()).await;
    let ask = Ask {
        title: "A canary for every mine".into(),
        ..small()
    };
    let canary = world.open_campaign(&other, &ask).await;
    world.pledge(&campaign, &gift("Nora", "30", "named")).await;
    world.pledge(&canary, &gift("Canary", "43.21", "named")).await;
    to_the_end(&world, &campaign, &[&owner, &other]).await;
    assert!(
        read(&world.browser(), &canary, "/books")
            .await
            .contains("Canary Gifted")
    );
    assert!(
        read(&other.browser, &canary, "/backers.csv")
            .await
            .contains("Canary Gifted")
    );
    for page in ["", "/books", "/owner", "/backers", "/backers.csv"] {
        let text = read(&owner.browser, &campaign, page).await;
        assert!(!text.contains("Canary") && !text.contains("43.21"), "{page}");
    }
}

#[tokio::test]
async fn to_strangers_the_members_pages_are_not_there() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &small()).await;
    let draft = world.draft(campaign.project, &Ask::default()).await;
    let draft = felag::campaigns::store::find(&world.ctx.db, draft)
        .await
        .unwrap()
        .unwrap()
        .slug;
    let (stranger, steward) = (world.person("stranger").await, world.steward("steward").await);
    for slug in [&campaign.slug, &draft, "nobody"] {
        for page in MEMBERS_PAGES {
            let path = format!("/campaigns/{slug}/{page}");
            stranger.browser.get(&path).await.expect(404);
            steward.browser.get(&path).await.expect(404);
            assert!(
                world
                    .browser()
                    .get(&path)
                    .await
                    .expect(303)
                    .location()
                    .starts_with("/sign-in"),
                "{path}"
            );
            owner
                .browser
                .get(&path)
                .await
                .expect(if slug == "nobody" { 404 } else { 200 });
        }
    }
    // A draft has no public book, not even for its owner: there is nothing in it.
    for browser in [&world.browser(), &owner.browser] {
        browser
            .get(&format!("/campaigns/{draft}/books"))
            .await
            .expect(404);
        browser
            .get(&format!("/campaigns/{}/books", campaign.slug))
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn the_figures_on_the_pages_are_those_of_the_ledger() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &small()).await;
    world
        .pledge(
            &campaign,
            &Gift {
                tip: "2".into(),
                ..gift("Nora", "30.50", "named")
            },
        )
        .await;
    world
        .pledge(
            &campaign,
            &gift("Dora", "12", "named").with_card(card::DECLINES_LATER),
        )
        .await;
    world
        .pledge_as(&owner.browser, &campaign, &Gift::of("7", &owner.email))
        .await;
    to_the_end(&world, &campaign, &[&owner]).await;
    world.ledger_verify().await;
    let held = world
        .count("select balance_minor from account_balance where account = 'held'")
        .await;
    assert_eq!(held, 3_050 + 700, "what the figures count, and the members' gift");
    let costs = "select balance_minor from account_balance where account = 'platform:provider-costs'";
    let cost = world.count(costs).await;
    let cost = format!("€{}.{:02}", cost / 100, cost % 100);
    let page = world
        .browser()
        .get(&format!("/campaigns/{}/books", campaign.slug))
        .await
        .expect(200);
    let equation = "Now: €42.50 promised = €30.50 collected + €0.00 at risk + €12.00 lost.";
    let kept = format!("Kept by the payment provider {cost}");
    for words in [
        equation,
        "Held for the project €37.50",
        "Tips to Felag €2.00",
        kept.as_str(),
        "by Nora Gifted",
    ] {
        assert!(page.says(words), "{words}: {}", page.words());
    }
    let head = felag::ledger::head(&world.ctx.db, BookId::of_campaign(campaign.id))
        .await
        .unwrap()
        .unwrap();
    assert!(
        page.says(&head.hash.to_string()) && page.says(&format!("{} entries.", head.number)),
        "{}",
        page.words()
    );
    assert!(
        !page.says("Promise ended, not charged by"),
        "nobody is pointed at for a declined card"
    );
    let page = owner
        .browser
        .get(&format!("/campaigns/{}/owner", campaign.slug))
        .await
        .expect(200);
    for words in [
        "€30.50 of €2,000",
        "members promised €7.00 besides, of which €7.00 is collected",
        &cost,
    ] {
        assert!(page.says(words), "{words}: {}", page.words());
    }
}

#[tokio::test]
async fn a_long_book_is_turned_page_by_page_and_an_entry_keeps_its_address() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &small()).await;
    let pledged = world.pledge(&campaign, &gift("Nora", "30", "named")).await;
    let token = pledged.path.trim_start_matches("/pledges/");
    for amount in 0..60 {
        let eur = |minor| Money::from_minor(minor, Currency::EUR);
        let amount = eur(if amount % 2 == 0 { 5_000 } else { 4_000 });
        let wish = Wish {
            amount,
            tip: eur(0),
            name: "Nora Gifted".into(),
            visibility: Visibility::Named,
        };
        change(&world.ctx, token, &wish).await.unwrap();
    }
    let guest = world.browser();
    let first = read(&guest, &campaign, "/books").await;
    assert_eq!(first.matches("id=\"entry-").count(), 50);
    assert!(
        first.contains("Promise raised")
            && first.contains("Promise lowered")
            && first.contains("?before=12\"")
    );
    let second = read(&guest, &campaign, "/books?before=12").await;
    assert_eq!(second.matches("id=\"entry-").count(), 11);
    assert!(
        second.contains("Gift promised")
            && second.contains("by Nora Gifted")
            && !second.contains("rel=\"next\"")
    );
    let one = read(&guest, &campaign, "/books?before=5").await;
    assert!(one.contains("id=\"entry-4\"") && !one.contains("id=\"entry-5\""));
    for odd in ["0", "-7", "1e3", "99999999999999999999", "", "%27"] {
        assert!(
            read(&guest, &campaign, &format!("/books?before={odd}"))
                .await
                .contains("id=\"entry-1"),
            "{odd}"
        );
    }
}

#[tokio::test]
async fn an_export_is_safe_to_open_and_holds_no_more_than_delivery_needs() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &small()).await;
    let thanks = Gift {
        name: "=HYPERLINK(1)".into(),
        reward: Some(campaign.rewards[0].clone()),
        ..gift("Eve", "30", "named")
    };
    world.pledge(&campaign, &thanks).await;
    let browser = world.browser();
    let left = world
        .pledge_as(&browser, &campaign, &gift("Lena", "8", "to_project"))
        .await;
    let ask = browser.get(&format!("{}/cancel", left.path)).await.expect(200);
    browser
        .submit(&ask, &format!("{}/cancel", left.path), &[])
        .await
        .expect(303);
    let file = owner
        .browser
        .get(&format!("/campaigns/{}/backers.csv?bom=1", campaign.slug))
        .await
        .expect(200);
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(file.headers["cache-control"], "no-store");
    assert_eq!(
        file.headers["content-disposition"],
        format!("attachment; filename=\"backers-{}.csv\"", campaign.slug).as_str()
    );
    let rows: Vec<&str> = file.text.trim_start_matches('\u{feff}').lines().collect();
    let today = world.ctx.now().date();
    assert_eq!(
        rows,
        [
            "\"Name\",\"E-mail\",\"Thank-you\",\"Amount\",\"Given back\",\"Currency\",\"State\",\
             \"Promised on\",\"Paid on\""
                .to_string(),
            format!(
                "\"'=HYPERLINK(1)\",\"eve@felag.example\",\"A printed manual\",\"30.00\",\"0.00\",\"EUR\",\
                 \"Promised\",\"{today}\",\"\""
            ),
            format!(
                "\"Lena Gifted\",\"\",\"\",\"8.00\",\"0.00\",\"EUR\",\"Cancelled by the backer\",\
                 \"{today}\",\"\""
            ),
        ]
    );
    let promised = read(&owner.browser, &campaign, "/backers?state=promised").await;
    assert!(promised.contains("HYPERLINK") && !promised.contains("Lena"));
    let ended = read(&owner.browser, &campaign, "/backers?state=ended").await;
    assert!(ended.contains("Lena Gifted") && !ended.contains("lena@") && !ended.contains("HYPERLINK"));
}
