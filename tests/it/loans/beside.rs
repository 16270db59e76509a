//! A loan beside its campaign: on the campaign's page, in review, on the owner's page, and the project's record.

use felag_tests::World;
use felag_tests::lending::{Loan, mixed_ask};

#[tokio::test]
async fn a_campaigns_page_its_owners_and_its_review_show_the_loan() {
    let world = World::new().await;
    let (owner, steward) = (world.person("owner").await, world.steward("steward").await);
    let lena = world.person("lena").await;
    let project = world.project(&owner, "Open lenses").await;
    let id = world.draft(project, &mixed_ask()).await;
    let found = felag::campaigns::store::find(&world.ctx.db, id).await.unwrap();
    let slug = found.unwrap().slug;
    world.ask_for(&owner, &slug, &Loan::default()).await.expect(303);
    felag::campaigns::lifecycle::submit(&world.ctx, id).await.ok();
    let review = steward.browser.get(&format!("/reviews/{slug}")).await.expect(200);
    for words in [
        "Loan",
        "5 % a year, 12 instalments",
        "Fewer kits may be sold than last year.",
    ] {
        assert!(review.says(words), "{words}: {}", review.words());
    }
    let draft = format!("/campaigns/{slug}/loan/sheet/draft.pdf");
    assert!(review.text.contains(&draft), "{}", review.words());
    let (_, text) = super::papers::read(&steward.browser.download(&draft).await);
    assert!(text.contains("Fewer kits may be sold than last year."), "{text}");
    assert_eq!(world.browser().get(&draft).await.status, 404);

    let campaign = world.open_loan(&owner, &mixed_ask(), &Loan::default()).await;
    world.lend(&lena, &campaign, "600").await;
    let path = format!("/campaigns/{}", campaign.slug);
    let shown = lena.browser.get(&path).await.expect(200);
    for words in [
        "A loan of €1,000",
        "5 % a year, 12 instalments, every month, in equal instalments.",
        "€600 committed by one lender",
        "The minimum of €500 counts gifts and firm commitments",
        "full plan of €2,000",
    ] {
        assert!(shown.says(words), "{words}: {}", shown.words());
    }
    assert!(
        shown.text.contains(&format!("{path}/loan/lend")),
        "{}",
        shown.words()
    );
    let own = owner.browser.get(&format!("{path}/owner")).await.expect(200);
    assert!(own.text.contains(&format!("{path}/loan\"")), "{}", own.words());
    world.close_lending(&campaign).await;
    world.sign_in(&owner.browser, &owner.email).await;
    let own = owner.browser.get(&format!("{path}/owner")).await.expect(200);
    assert!(
        own.text.contains(&format!("{path}/loan/signature")),
        "{}",
        own.words()
    );
}

#[tokio::test]
async fn a_campaign_that_keeps_what_comes_asks_for_no_loan_whichever_comes_first() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let project = world.project(&owner, "Open lenses").await;
    let id = world.draft(project, &mixed_ask()).await;
    let found = felag::campaigns::store::find(&world.ctx.db, id).await.unwrap();
    let slug = found.unwrap().slug;
    world.ask_for(&owner, &slug, &Loan::default()).await.expect(303);
    let basics = format!("/campaigns/{slug}/edit/basics");
    let page = owner.browser.get(&basics).await.expect(200);
    let keeps = [("way", "keep_what_comes")];
    let refused = owner.browser.submit(&page, &basics, &keeps).await.expect(422);
    assert!(refused.says("Ask for no loan first"), "{}", refused.words());
    let low = [("full_plan", "999.99"), ("minimum", "500")];
    let refused = owner.browser.submit(&page, &basics, &low).await.expect(422);
    assert!(
        refused.says("the full plan is at least the loan"),
        "{}",
        refused.words()
    );

    let terms = owner
        .browser
        .get(&format!("/campaigns/{slug}/loan/terms"))
        .await
        .expect(200);
    owner
        .browser
        .submit(&terms, &format!("/campaigns/{slug}/loan/removal"), &[])
        .await
        .expect(303);
    let page = owner.browser.get(&basics).await.expect(200);
    owner.browser.submit(&page, &basics, &keeps).await.expect(303);
    let refused = world.ask_for(&owner, &slug, &Loan::default()).await.expect(422);
    assert!(
        refused.says("This campaign keeps what comes"),
        "{}",
        refused.words()
    );
    assert_eq!(world.count("select count(*) from loan").await, 0);
}

#[tokio::test]
async fn the_record_of_a_project_tells_what_lenders_lost() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let past = world.open_loan(&owner, &mixed_ask(), &Loan::default()).await;
    for sql in [
        "update loan set state = 'written_off', signed_by = person_id, signed_name = 'Ada', signed_at = now(),
                signed_hash = '\\x00', signed_minor = 100000, principal_minor = 100000, paid_out_at = now()
         from person where email = 'owner@felag.example'",
        "insert into loan_running (campaign_id, currency, principal_minor, principal_paid_minor, lost_minor, begun_on)
         select campaign_id, 'EUR', 100000, 58766, 41234, '2026-03-01' from loan",
    ] {
        sqlx::query(sql).execute(&world.owner).await.unwrap();
    }
    let id = world.draft(past.project, &mixed_ask()).await;
    let found = felag::campaigns::store::find(&world.ctx.db, id).await.unwrap();
    let slug = found.unwrap().slug;
    world.ask_for(&owner, &slug, &Loan::default()).await.expect(303);
    let campaign = world.launch(id).await;
    let base = format!("/campaigns/{}/loan", campaign.slug);
    let shown = world.browser().get(&base).await.expect(200);
    assert!(shown.says("Given up €412.34"), "{}", shown.words());
    let (_, text) = super::papers::read(&world.browser().download(&format!("{base}/sheet/1.pdf")).await);
    assert!(text.contains("€412.34") && text.contains("Given up"), "{text}");
}
