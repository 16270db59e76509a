//! The documents of a loan: what they say, who may open them, and that they stay what they were.

use felag_domain::person::Role;
use felag_tests::lending::{Loan, mixed_ask};
use felag_tests::{Browser, World};
use time::Duration;

/// What a PDF says, its blanks and line ends made one blank each, and how many pages it has.
pub fn read(bytes: &[u8]) -> (usize, String) {
    let document = lopdf::Document::load_mem(bytes).unwrap();
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let text = document.extract_text(&pages).unwrap();
    (pages.len(), text.split_whitespace().collect::<Vec<_>>().join(" "))
}

async fn status(browser: &Browser, path: &str) -> u16 {
    browser.get(path).await.status
}

#[tokio::test]
async fn the_sheet_and_the_agreement_of_a_loan_say_everything_and_stay_the_same_bytes() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_loan(&owner, &mixed_ask(), &Loan::default()).await;
    let anybody = world.browser();
    let base = format!("/campaigns/{}/loan", campaign.slug);

    let sheet = anybody.download(&format!("{base}/sheet/1.pdf")).await;
    let (pages, text) = read(&sheet);
    assert!((1..=6).contains(&pages), "{pages}");
    for words in [
        "Key information sheet",
        "You may lose all of it.",
        "neither verified nor approved",
        "deposit guarantee schemes",
        "Nor is your investment covered by the investor compensation schemes",
        "not to invest more than 10 % of your net worth",
        "You may not be able to sell the investment instruments when you wish.",
        "you may nonetheless incur losses.",
        "preparation of this key investment information sheet.",
        "€1,000.00",
        "5 % a year",
        "It costs the project",
        "First instalment",
        "Last instalment",
        "Lenses in bulk, sold with every kit.",
        "Fewer kits may be sold than last year.",
        "There is no security",
        "within 4 calendar days",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let page = anybody.get(&base).await.expect(200);
    for name in ["First instalment", "Last instalment", "Comes back in all"] {
        let told = page.words();
        let told = told.split(name).nth(1).unwrap().trim_start();
        let told: String = told.split_whitespace().take(1).collect();
        assert!(text.contains(&told), "{name} {told}: {text}");
    }
    let agreement = anybody.download(&format!("{base}/agreement/1.pdf")).await;
    let (_, text) = read(&agreement);
    for words in [
        "Loan agreement",
        "1. Who agrees with whom",
        "€1,000.00",
        "5 % a year",
        "without a reason",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }

    they_do_not_change(&world, &base, &sheet, &agreement).await;
}

/// The page shows the hash of the very bytes, and days later they are the same.
async fn they_do_not_change(world: &World, base: &str, sheet: &[u8], agreement: &[u8]) {
    let anybody = world.browser();
    let page = anybody.get(base).await.expect(200);
    let hash = |bytes: &[u8]| {
        use sha2::Digest;
        hex::encode(sha2::Sha256::digest(bytes))
    };
    assert!(
        page.says(&hash(sheet)) && page.says(&hash(agreement)),
        "{}",
        page.words()
    );
    world.advance_by(Duration::days(3)).await;
    assert_eq!(sheet, anybody.download(&format!("{base}/sheet/1.pdf")).await);
    for missing in [
        "sheet/2.pdf",
        "sheet/0.pdf",
        "sheet/01.pdf",
        "sheet/1",
        "agreement/2.pdf",
    ] {
        assert_eq!(
            status(&anybody, &format!("{base}/{missing}")).await,
            404,
            "{missing}"
        );
    }
}

#[tokio::test]
async fn a_lenders_own_agreement_is_for_that_lender_the_owners_and_stewards() {
    let world = World::new().await;
    let (owner, steward) = (world.person("owner").await, world.steward("steward").await);
    let (lena, lars, editor) = (
        world.person("lena").await,
        world.person("lars").await,
        world.person("editor").await,
    );
    let campaign = world.open_loan(&owner, &mixed_ask(), &Loan::default()).await;
    world.join(campaign.project, &editor, Role::Editor).await;
    let signed = world.lend(&lena, &campaign, "600").await;
    world.lend(&lars, &campaign, "400").await;

    let own = format!("{}/agreement.pdf", signed.path);
    let (_, text) = read(&lena.browser.download(&own).await);
    for words in [
        "Lena",
        "€600.00",
        "not a qualified electronic signature",
        "Hash of what was signed",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let stored: Vec<u8> = sqlx::query_scalar("select signed_hash from commitment where signed_name = 'Lena'")
        .fetch_one(&world.owner)
        .await
        .unwrap();
    assert!(text.replace(' ', "").contains(&hex::encode(stored)), "{text}");
    assert!(!text.contains("Signed by the project"), "{text}");
    assert_eq!(status(&lars.browser, &own).await, 404);

    let id: String =
        sqlx::query_scalar("select commitment_id::text from commitment where signed_name = 'Lena'")
            .fetch_one(&world.owner)
            .await
            .unwrap();
    let path = format!("/campaigns/{}/loan/commitments/{id}/agreement.pdf", campaign.slug);
    for (browser, expected) in [
        (&owner.browser, 200),
        (&steward.browser, 200),
        (&editor.browser, 404),
        (&lars.browser, 404),
        (&world.browser(), 404),
    ] {
        assert_eq!(status(browser, &path).await, expected);
    }
    let page = owner
        .browser
        .get(&format!("/campaigns/{}/loan", campaign.slug))
        .await;
    assert!(page.text.contains(&path), "{}", page.words());

    world.close_lending(&campaign).await;
    world.sign_for_project(&owner, &campaign).await.expect(303);
    world.sign_in(&lena.browser, &lena.email).await;
    let (_, text) = read(&lena.browser.download(&own).await);
    assert!(
        text.contains("For the project Ada Baker") && text.contains("Signed by the project"),
        "{text}"
    );
}

#[tokio::test]
async fn a_sheet_that_would_be_longer_than_six_pages_is_refused_in_words() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let project = world.project(&owner, "Open lenses").await;
    let id = world.draft(project, &mixed_ask()).await;
    let found = felag::campaigns::store::find(&world.ctx.db, id).await.unwrap();
    let terms = format!("/campaigns/{}/loan/terms", found.unwrap().slug);
    let page = owner.browser.get(&terms).await.expect(200);
    let tall = "a\n".repeat(1_900);
    let mut fields = Loan::default().fields();
    for (name, value) in &mut fields {
        if ["purpose", "figures", "risks", "security"].contains(name) {
            *value = &tall;
        }
    }
    let refused = owner.browser.submit(&page, &terms, &fields).await.expect(422);
    assert!(refused.says("longer than six pages"), "{}", refused.words());
    let wide = "Words of a long text. ".repeat(181);
    for (name, value) in &mut fields {
        if ["purpose", "figures", "risks", "security"].contains(name) {
            *value = &wide;
        }
        if *name == "instalments" {
            *value = "120";
        }
    }
    owner.browser.submit(&page, &terms, &fields).await.expect(303);
}
