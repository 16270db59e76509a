//! A new plan for a loan in trouble: proposed by the project, voted on by its lenders.

use felag_tests::World;
use felag_tests::paying_out::press;
use time::Duration;

use super::lending::{DUE, Lent, back, lent, owner_back};
use super::paying::pay;
use super::trouble::come_back;

impl Lent {
    fn plan_page(&self) -> String {
        format!("/campaigns/{}/loan/plan", self.campaign.slug)
    }

    fn vote_page(&self, index: usize) -> String {
        format!("/my/loans/{}/vote", self.shares[index])
    }

    /// Proposes six instalments from 1 July on, through the page that shows the plan first.
    async fn propose(&self, world: &World) {
        owner_back(world, &self.owner).await;
        let page = self.plan_page();
        let fields = [
            ("first_due_on", "2026-07-01"),
            ("instalments", "6"),
            ("reason", "The workshop burnt down. The insurance pays in June."),
        ];
        let review = press(&self.owner.browser, &page, &page, &fields)
            .await
            .expect(200);
        assert!(review.says("2 lenders are asked"), "{}", review.words());
        assert!(review.says("1 July 2026"), "{}", review.words());
        assert_eq!(world.count("select count(*) from plan_proposal").await, 0);
        self.owner.browser.submit(&review, &page, &[]).await.expect(303);
        world.quiet().await;
    }

    async fn vote(&self, world: &World, index: usize, vote: &str) {
        let lender = &self.lenders[index];
        back(world, lender).await;
        let page = self.vote_page(index);
        press(&lender.browser, &page, &page, &[("vote", vote)])
            .await
            .expect(303);
        world.quiet().await;
    }

    async fn plan(&self, world: &World) -> String {
        let sql = "select state from plan_proposal where campaign_id = $1 order by plan desc limit 1";
        let found = sqlx::query_scalar(sql).bind(self.campaign.id.as_uuid());
        found.fetch_one(&world.owner).await.unwrap()
    }
}

async fn late(world: &World) -> Lent {
    let lent = lent(world).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() + Duration::days(20))
        .await;
    assert_eq!(lent.state(world).await, "late");
    lent
}

#[tokio::test]
async fn a_plan_that_lenders_agree_to_takes_the_place_of_the_old_one_for_all_that_is_owed() {
    let world = World::new().await;
    let lent = late(&world).await;
    lent.propose(&world).await;
    let told = world.mails_to(&lent.lenders[0].email).await;
    let asked = told.iter().find(|mail| mail.text_body.contains("/vote")).unwrap();
    assert!(
        asked.text_body.contains("The workshop burnt down."),
        "{}",
        asked.text_body
    );
    assert!(
        asked.html_body.contains("The workshop burnt down."),
        "{}",
        asked.html_body
    );

    lent.vote(&world, 0, "agree").await;
    let page = lent.lenders[0].browser.get(&lent.vote_page(0)).await.expect(200);
    assert!(
        page.says("You agreed") && page.says("€700.00"),
        "{}",
        page.words()
    );
    assert_eq!(
        lent.plan(&world).await,
        "open",
        "one of two heads is no majority yet"
    );
    lent.vote(&world, 1, "agree").await;
    assert_eq!(
        lent.plan(&world).await,
        "passed",
        "nobody is left who could change it"
    );
    assert_eq!(lent.state(&world).await, "rescheduled");
    let owed = world
        .count("select sum(principal_minor)::bigint from instalment where plan = 2")
        .await;
    assert_eq!(owed, 120_000);
    // 6.00 of the first instalment, 20 days of late interest on 398.01, and the interest of May that was announced.
    let first = world
        .count("select late_interest_minor from instalment where plan = 2 and number = 1")
        .await;
    assert!(first >= 600 + 131, "{first}");
    let result = world.mails_to(&lent.lenders[1].email).await;
    let result = result
        .iter()
        .find(|mail| mail.subject.contains("is on a new plan"))
        .unwrap();
    assert!(
        result.text_body.contains("2 lenders with €1,200.00"),
        "{}",
        result.text_body
    );
    assert!(
        result.html_body.contains("2 lenders with €1,200.00"),
        "{}",
        result.html_body
    );
    let told = world.kinds_of_mails_to(&lent.owner.email).await;
    assert!(told.contains(&"loan_plan_decided".into()), "{told:?}");
    lent.is_right(&world).await;
}

#[tokio::test]
async fn a_new_plan_is_paid_to_its_end_and_every_lender_has_exactly_their_principal() {
    let world = World::new().await;
    let lent = late(&world).await;
    lent.propose(&world).await;
    lent.vote(&world, 0, "agree").await;
    lent.vote(&world, 1, "agree").await;
    world
        .advance_to(time::macros::datetime!(2026-06-29 12:00 UTC))
        .await;
    assert_eq!(
        lent.state(&world).await,
        "rescheduled",
        "nothing is due before its first day"
    );
    owner_back(&world, &lent.owner).await;
    let due = world
        .count(
            "select principal_minor + interest_minor + late_interest_minor + fee_minor
             from instalment where plan = 2 and number = 1",
        )
        .await;
    pay(&world, &lent, &format!("{}.{:02}", due / 100, due % 100)).await;
    assert_eq!(lent.state(&world).await, "rescheduled");
    world
        .advance_to(time::macros::datetime!(2026-12-02 12:00 UTC))
        .await;
    assert_eq!(
        lent.state(&world).await,
        "ended",
        "the saved card paid the others on their days"
    );
    let exact = world
        .count("select count(*) from loan_share where principal_credited_minor <> share_minor")
        .await;
    assert_eq!(exact, 0);
    lent.is_right(&world).await;
}

#[tokio::test]
async fn a_plan_without_enough_votes_changes_nothing_and_a_late_vote_is_refused() {
    let world = World::new().await;
    let lent = late(&world).await;
    lent.propose(&world).await;
    let lender = &lent.lenders[0];
    back(&world, lender).await;
    lender.browser.get(&lent.vote_page(0)).await.expect(200);
    world.advance_by(Duration::days(15)).await;
    assert_eq!(lent.plan(&world).await, "rejected");
    assert_eq!(lent.state(&world).await, "late");
    assert_eq!(
        world
            .count("select count(*) from instalment where plan = 2")
            .await,
        0
    );
    back(&world, lender).await;
    let refused = lender
        .browser
        .post_form(&lent.vote_page(0), &[("vote", "agree")])
        .await
        .expect(422);
    assert!(refused.says("This vote is over."), "{}", refused.words());
    assert_eq!(world.count("select count(*) from plan_vote").await, 0);
    let told = world.mails_to(&lender.email).await;
    let result = told
        .iter()
        .find(|mail| mail.subject.contains("was not accepted"))
        .unwrap();
    assert!(
        result.text_body.contains("0 lenders with €0.00"),
        "{}",
        result.text_body
    );
    assert!(
        result.html_body.contains("0 lenders with €0.00"),
        "{}",
        result.html_body
    );
    lent.is_right(&world).await;
}

#[tokio::test]
async fn a_lender_may_change_their_mind_and_a_refusal_that_decides_ends_the_vote() {
    let world = World::new().await;
    let lent = late(&world).await;
    lent.propose(&world).await;
    lent.vote(&world, 0, "agree").await;
    assert_eq!(lent.plan(&world).await, "open");
    lent.vote(&world, 0, "refuse").await;
    assert_eq!(
        lent.plan(&world).await,
        "rejected",
        "the other cannot outvote €700.00 of €1,200.00"
    );
    assert_eq!(world.count("select count(*) from plan_vote").await, 1);
    assert_eq!(lent.state(&world).await, "late");
    owner_back(&world, &lent.owner).await;
    let page = lent.owner.browser.get(&lent.plan_page()).await.expect(200);
    assert!(page.says("1 lender with €700.00"), "{}", page.words());
    let fields = [
        ("first_due_on", "2026-07-01"),
        ("instalments", "6"),
        ("reason", "Once more."),
    ];
    let refused = press(&lent.owner.browser, &lent.plan_page(), &lent.plan_page(), &fields)
        .await
        .expect(422);
    assert!(refused.says("Wait a week"), "{}", refused.words());
}

#[tokio::test]
async fn members_of_the_project_do_not_vote_and_strangers_find_no_page() {
    let world = World::new().await;
    let lent = late(&world).await;
    sqlx::query("update commitment set is_own = true where commitment_id = $1")
        .bind(lent.shares[0].as_uuid())
        .execute(&world.owner)
        .await
        .unwrap();
    owner_back(&world, &lent.owner).await;
    let fields = [
        ("first_due_on", "2026-07-01"),
        ("instalments", "6"),
        ("reason", "The insurance pays in June."),
    ];
    let page = lent.plan_page();
    let review = press(&lent.owner.browser, &page, &page, &fields)
        .await
        .expect(200);
    assert!(review.says("1 lender is asked."));
    lent.owner.browser.submit(&review, &page, &[]).await.expect(303);
    let lender = &lent.lenders[0];
    back(&world, lender).await;
    let shown = lender.browser.get(&lent.vote_page(0)).await.expect(200);
    assert!(shown.says("members do not vote"), "{}", shown.words());
    let refused = lender
        .browser
        .post_form(&lent.vote_page(0), &[("vote", "agree")])
        .await
        .expect(422);
    assert!(refused.says("members do not vote"), "{}", refused.words());
    lender.browser.get(&lent.vote_page(1)).await.expect(404);
    lender
        .browser
        .post_form(&lent.vote_page(1), &[("vote", "agree")])
        .await
        .expect(404);
    assert_eq!(world.count("select count(*) from plan_vote").await, 0);
    lent.vote(&world, 1, "agree").await;
    assert_eq!(
        lent.plan(&world).await,
        "passed",
        "the €500.00 of the other lender are all that counts"
    );
}

#[tokio::test]
async fn what_cannot_be_proposed_is_refused_in_words() {
    let world = World::new().await;
    let lent = lent(&world).await;
    let page = lent.plan_page();
    owner_back(&world, &lent.owner).await;
    let fields = [
        ("first_due_on", "2026-07-01"),
        ("instalments", "6"),
        ("reason", "We would rather pay later."),
    ];
    let on_time = lent.owner.browser.post_form(&page, &fields).await.expect(422);
    assert!(on_time.says("late or in default"), "{}", on_time.words());
    world
        .advance_to(DUE[0].midnight().assume_utc() + Duration::days(20))
        .await;
    owner_back(&world, &lent.owner).await;
    let empty = press(&lent.owner.browser, &page, &page, &[]).await.expect(422);
    for words in ["Choose a day from 2026-05-26", "from 1 to 600", "Say why"] {
        assert!(empty.says(words), "{words}: {}", empty.words());
    }
    let soon = [
        ("first_due_on", "2026-05-10"),
        ("instalments", "0"),
        ("reason", "Soon."),
    ];
    press(&lent.owner.browser, &page, &page, &soon).await.expect(422);
    lent.propose(&world).await;
    let twice = [
        ("first_due_on", "2026-07-01"),
        ("instalments", "6"),
        ("reason", "Again."),
    ];
    let twice = lent.owner.browser.post_form(&page, &twice).await.expect(422);
    assert!(
        twice.says("Lenders vote about a plan already."),
        "{}",
        twice.words()
    );
    assert_eq!(world.count("select count(*) from plan_proposal").await, 1);
    assert_eq!(
        world
            .count("select count(*) from audit_row where kind = 'loan.plan_proposed'")
            .await,
        1
    );
}

#[tokio::test]
async fn what_was_paid_on_the_old_plan_and_comes_back_is_owed_on_the_new_one() {
    let world = World::new().await;
    let lent = late(&world).await;
    owner_back(&world, &lent.owner).await;
    pay(&world, &lent, "200").await;
    lent.propose(&world).await;
    lent.vote(&world, 0, "agree").await;
    lent.vote(&world, 1, "agree").await;
    assert_eq!(lent.plan(&world).await, "passed");
    come_back(&world).await;
    let owed = world
        .count("select sum(principal_minor - paid_principal_minor)::bigint from instalment where plan = 2")
        .await;
    assert_eq!(owed, 120_000, "all of the principal is owed again");
    lent.is_right(&world).await;
}
