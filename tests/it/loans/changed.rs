//! The project says something new while lending is open: a new version, everybody told, and their days again.

use felag_tests::asking::Opened;
use felag_tests::lending::{Loan, Signed, mixed_ask};
use felag_tests::paying_out::press;
use felag_tests::people::Person;
use felag_tests::{Reply, World};
use time::Duration;

use super::going_well::loan_state;
use super::papers::read;

async fn signed_in(world: &World, person: &Person) {
    if person.browser.get("/my/account").await.status != 200 {
        world.sign_in(&person.browser, &person.email).await;
    }
}

/// Signs in again where weeks have passed, and gives a fresh code.
pub async fn come_back(world: &World, person: &Person) {
    if person.browser.get("/my/account").await.status == 200 {
        world.prove(person).await;
    } else {
        world.come_back(person).await;
    }
}

/// Goes through the pages that change what the sheet says of risks.
async fn change(world: &World, owner: &Person, campaign: &Opened, risks: &str) -> Reply {
    come_back(world, owner).await;
    let base = format!("/campaigns/{}/loan/change", campaign.slug);
    let form = owner.browser.get(&base).await.expect(200);
    let review = owner
        .browser
        .submit(&form, &format!("{base}/review"), &[("risks", risks)])
        .await;
    if review.status != 200 {
        return review;
    }
    assert!(
        review.says("Nobody has committed") || review.says("told by e-mail"),
        "{}",
        review.words()
    );
    owner.browser.submit(&review, &base, &[]).await
}

async fn state_of(world: &World, name: &str) -> String {
    sqlx::query_scalar("select state from commitment where signed_name = $1")
        .bind(name)
        .fetch_one(&world.owner)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_changed_sheet_tells_the_lenders_and_gives_them_their_days_again() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let (lena, lars, lore) = (
        world.person("lena").await,
        world.person("lars").await,
        world.person("lore").await,
    );
    let campaign = world.open_loan(&owner, &mixed_ask(), &Loan::default()).await;
    let firm = world.lend(&lena, &campaign, "600").await;
    world.lend(&lars, &campaign, "400").await;
    let waits = world.lend(&lore, &campaign, "100").await;
    world.advance_by(Duration::days(6)).await;
    assert_eq!(state_of(&world, "Lena").await, "firm");

    change(&world, &owner, &campaign, "The glass works may close.")
        .await
        .expect(303);
    for name in ["Lena", "Lars"] {
        assert_eq!(state_of(&world, name).await, "reopened");
    }
    assert_eq!(state_of(&world, "Lore").await, "waiting");
    for lender in [&lena, &lars, &lore] {
        let kinds = world.kinds_of_mails_to(&lender.email).await;
        assert_eq!(
            kinds.last().map(String::as_str),
            Some("loan_sheet_changed"),
            "{kinds:?}"
        );
    }
    let mails = world.mails_to(&lena.email).await;
    let mail = mails.last().unwrap();
    assert!(
        mail.text_body
            .contains("If you do nothing, what you signed stands."),
        "{}",
        mail.text_body
    );
    assert!(
        mail.html_body
            .contains("If you do nothing, what you signed stands."),
        "{}",
        mail.html_body
    );
    let audited = "select count(*) from audit_row where kind = 'loan.sheet_changed'";
    assert_eq!(world.count(audited).await, 1);

    let base = format!("/campaigns/{}/loan", campaign.slug);
    let (_, new) = read(&world.browser().download(&format!("{base}/sheet/2.pdf")).await);
    assert!(new.contains("The glass works may close."), "{new}");
    let (_, old) = read(&world.browser().download(&format!("{base}/sheet/1.pdf")).await);
    assert!(old.contains("Fewer kits may be sold than last year."), "{old}");

    lena_leaves_and_lars_stays(&world, (&lena, &firm), &lars, (&lore, &waits)).await;
}

/// Lena takes hers back on the fourth of the new days, and Lore moves up; Lars does nothing and stays.
async fn lena_leaves_and_lars_stays(
    world: &World,
    (lena, firm): (&Person, &Signed),
    lars: &Person,
    (lore, waits): (&Person, &Signed),
) {
    signed_in(world, lena).await;
    let shown = world.shown(&lena.browser, firm).await;
    assert!(
        shown.says("version 2 is in force") && shown.says("You may take it back"),
        "{}",
        shown.words()
    );
    world.advance_by(Duration::days(4)).await;
    signed_in(world, lena).await;
    let revocation = format!("{}/revocation", firm.path);
    press(&lena.browser, &revocation, &revocation, &[])
        .await
        .expect(303);
    world.advance_by(Duration::days(1)).await;
    assert_eq!(state_of(world, "Lena").await, "revoked");
    assert_eq!(state_of(world, "Lars").await, "firm");
    assert_eq!(state_of(world, "Lore").await, "firm");
    signed_in(world, lore).await;
    assert!(world.shown(&lore.browser, waits).await.says("Binding"));
    let kinds = world.kinds_of_mails_to(&lars.email).await;
    let firmed = kinds.iter().filter(|kind| *kind == "loan_firm").count();
    assert_eq!(firmed, 2, "{kinds:?}");
    assert_eq!(world.count("select firm_minor from loan_total").await, 50_000);
}

#[tokio::test]
async fn a_change_that_is_none_or_comes_too_late_is_refused_and_changes_nothing() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let lena = world.person("lena").await;
    let campaign = world.open_loan(&owner, &mixed_ask(), &Loan::default()).await;
    // Somebody reads while the project changes it: what they sign is not what they read.
    world.answer_test(&lena).await;
    let review = world.review(&lena, &campaign, "100").await.expect(200);
    let same = change(
        &world,
        &owner,
        &campaign,
        "Fewer kits may be sold than last year.",
    )
    .await;
    assert!(same.expect(422).says("Nothing is different"));
    change(&world, &owner, &campaign, "The glass works may close.")
        .await
        .expect(303);
    let refused = world.sign(&lena, &campaign, &review).await.expect(422);
    assert!(
        refused.says("The project changed the loan while you read"),
        "{}",
        refused.words()
    );

    // Two people of the project change it at once: the second is told.
    let base = format!("/campaigns/{}/loan/change", campaign.slug);
    let stale = owner.browser.get(&base).await.expect(200);
    change(&world, &owner, &campaign, "Two glass works may close.")
        .await
        .expect(303);
    let typed = [("risks", "Three glass works may close.")];
    let refused = owner
        .browser
        .submit(&stale, &format!("{base}/review"), &typed)
        .await;
    refused.expect(422);

    world.lend(&lena, &campaign, "1000").await;
    world.close_lending(&campaign).await;
    assert_eq!(loan_state(&world).await, "closed");
    come_back(&world, &owner).await;
    owner.browser.get("/my/account").await.expect(200);
    let mut fields = Loan::default().fields();
    fields.retain(|(name, _)| ["purpose", "security", "figures"].contains(name));
    fields.extend([("sheet", "3"), ("risks", "Three glass works may close.")]);
    let late = owner
        .browser
        .post_form(&format!("{base}/review"), &fields)
        .await
        .expect(422);
    assert!(late.says("the sheet cannot change any more"), "{}", late.words());
    assert_eq!(world.count("select sheet_version::bigint from loan").await, 3);
    assert_eq!(world.count("select count(*) from loan_paper").await, 6);
}

#[tokio::test]
async fn whoever_signed_and_had_no_card_yet_is_told_that_the_sheet_changed() {
    let world = World::new().await;
    let (owner, lena) = (world.person("owner").await, world.person("lena").await);
    let campaign = world.open_loan(&owner, &mixed_ask(), &Loan::default()).await;
    world.answer_test(&lena).await;
    let review = world.review(&lena, &campaign, "600").await.expect(200);
    world.sign(&lena, &campaign, &review).await.expect(303);
    assert_eq!(state_of(&world, "Lena").await, "draft");
    change(&world, &owner, &campaign, "The glass works may close.")
        .await
        .expect(303);
    assert_eq!(state_of(&world, "Lena").await, "expired");
    let kinds = world.kinds_of_mails_to(&lena.email).await;
    assert!(kinds.contains(&"loan_signature_over".to_string()), "{kinds:?}");
    let again = world.lend(&lena, &campaign, "600").await;
    assert!(again.page.says("Committed"), "{}", again.page.words());
}
