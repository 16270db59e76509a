//! What is kept is lent to another loan, instead of charging a card.

use felag::jobs::Job;
use felag::loans::jobs::CollectKept;
use felag_domain::ids::{CampaignId, CommitmentId};
use felag_domain::ledger::AccountCode;
use felag_domain::person::Role;
use felag_tests::accounting::Exported;
use felag_tests::asking::{Ask, Opened};
use felag_tests::giving::card;
use felag_tests::lending::{Loan, mixed_ask};
use felag_tests::people::{PASSWORD, Person};
use felag_tests::{Reply, World};
use time::Duration;
use uuid::Uuid;

use super::keeping::{books_are_right, choose, gift_of, held, repaid, review};
use super::lending::{Lent, owner_back};
use crate::loans::going_well::{pay_out, stands};

/// An operator who may hold balances.
async fn world() -> World {
    World::with(&[("FELAG_LENDING", "european may_hold_balances=yes")]).await
}

/// A lender who keeps 235.67, and a project that wants to borrow.
async fn kept(world: &World) -> (Lent, Person) {
    let lent = held(world).await;
    choose(world, &lent.lenders[0], "yes").await;
    repaid(world, &lent).await;
    (lent, world.person("borrower").await)
}

/// Asks for 600, of which 100 are enough.
async fn asks(world: &World, borrower: &Person, title: &'static str) -> Opened {
    let ask = Ask {
        title: title.into(),
        ..mixed_ask()
    };
    let loan = Loan {
        amount: "600",
        least: "100",
        ..Loan::default()
    };
    world.open_loan(borrower, &ask, &loan).await
}

/// Signs for an amount, to be paid from what is kept.
async fn sign(world: &World, lender: &Person, campaign: &Opened, amount: &str) -> Reply {
    owner_back(world, lender).await;
    world.answer_test(lender).await;
    sign_now(world, lender, campaign, amount).await
}

async fn sign_now(world: &World, lender: &Person, campaign: &Opened, amount: &str) -> Reply {
    let page = world.review(lender, campaign, amount).await.expect(200);
    let fields = [
        ("signed_name", lender.name.as_str()),
        ("password", PASSWORD),
        ("pays", "kept"),
    ];
    let action = format!("/campaigns/{}/loan/commitments", campaign.slug);
    lender.browser.submit(&page, &action, &fields).await
}

/// To a minute after the deadline, signed by the project, with 400 of another lender by card.
async fn collected(world: &World, borrower: &Person, campaign: &Opened) {
    let nils = world.person("nils").await;
    world.lend(&nils, campaign, "400").await;
    world.close_lending(campaign).await;
    world.sign_for_project(borrower, campaign).await.expect(303);
    world.advance_to(campaign.deadline + Duration::MINUTE).await;
}

async fn state_of(world: &World, campaign: &Opened) -> String {
    let sql = "select state from loan where campaign_id = $1";
    let found = sqlx::query_scalar(sql).bind(campaign.id.as_uuid());
    found.fetch_one(&world.owner).await.unwrap()
}

/// Page, file and printed statement of the share that 200 euros were lent again from.
async fn shows_what_was_lent_again(world: &World, lent: &Lent) {
    let lena = &lent.lenders[0];
    owner_back(world, lena).await;
    let share = format!("/my/loans/{}", lent.shares[0]);
    let page = lena.browser.get(&share).await.expect(200);
    for words in ["Lent again €200.00", "A second kiln"] {
        assert!(page.says(words), "{words}: {}", page.words());
    }
    let csv = lena
        .browser
        .get(&format!("{share}/statement.csv"))
        .await
        .expect(200);
    assert!(
        csv.text.contains(",0.00,0.00,EUR,0.00,200.00\r\n"),
        "{}",
        csv.text
    );
    let pdf = lena.browser.get(&format!("{share}/statement.pdf")).await;
    assert_eq!(pdf.expect(200).headers["content-type"], "application/pdf");
}

#[tokio::test]
async fn what_is_kept_is_lent_again_when_cards_are_charged_and_paid_out_with_the_rest() {
    let world = world().await;
    let (lent, borrower) = kept(&world).await;
    let treasurer = world.person("treasurer").await;
    let lena = &lent.lenders[0];
    let campaign = asks(&world, &borrower, "A second kiln").await;
    world.join(campaign.project, &treasurer, Role::Treasurer).await;
    let above = sign(&world, lena, &campaign, "235.68").await.expect(422);
    assert!(
        above.says("No more than €235.67 is kept here"),
        "{}",
        above.words()
    );
    world.code_was_given(lena, Duration::HOUR).await;
    let unproven = sign_now(&world, lena, &campaign, "200").await;
    let count = "select count(*) from commitment where from_kept";
    assert_eq!(world.count(count).await, 0, "a code first: {}", unproven.words());
    let signed = sign(&world, lena, &campaign, "200").await.expect(303);
    let path = signed.location();
    let page = lena.browser.get(&path).await.expect(200);
    assert!(page.says("taken of what is kept here"), "{}", page.words());
    assert_eq!(
        lent.of_lender(&world, 0).await,
        23_567,
        "nothing before the deadline"
    );
    let other = asks(&world, &borrower, "A third kiln").await;
    let twice = sign(&world, lena, &other, "100").await.expect(422);
    assert!(
        twice.says("No more than €35.67"),
        "promised is promised: {}",
        twice.words()
    );

    collected(&world, &borrower, &campaign).await;
    assert_eq!(state_of(&world, &campaign).await, "collected");
    assert_eq!(stands(&world, &campaign, AccountCode::HeldLoan).await, 60_000);
    assert_eq!(lent.of_lender(&world, 0).await, 3_567);
    assert_eq!(stands(&world, &campaign, AccountCode::Between).await, 20_000);
    assert_eq!(lent.balance(&world, AccountCode::Between).await, -20_000);
    let charges =
        "select count(*) from payment join commitment on commitment_id = subject_id where from_kept";
    assert_eq!(world.count(charges).await, 0, "no card was charged");
    let told = world.kinds_of_mails_to(&lena.email).await;
    assert!(told.contains(&"loan_charged".into()), "{told:?}");
    books_are_right(&world, &lent).await;

    pay_out(&world, &campaign, [&borrower, &treasurer], 1).await;
    assert_eq!(state_of(&world, &campaign).await, "repaying");
    shows_what_was_lent_again(&world, &lent).await;
    books_are_right(&world, &lent).await;
    let books = Exported::all(&world.ctx, "lent-again").await;
    books.is_accepted(&world.owner).await;
}

#[tokio::test]
async fn whoever_keeps_too_little_by_then_is_asked_for_a_card_as_if_one_was_declined() {
    let world = world().await;
    let (lent, borrower) = kept(&world).await;
    let lena = &lent.lenders[0];
    let campaign = asks(&world, &borrower, "A second kiln").await;
    let path = sign(&world, lena, &campaign, "200").await.expect(303).location();
    let asked = review(&lent, 0, "100").await.expect(200);
    lena.browser
        .submit(&asked, &gift_of(&lent, 0), &[])
        .await
        .expect(303);
    collected(&world, &borrower, &campaign).await;
    assert_eq!(state_of(&world, &campaign).await, "collecting");
    assert_eq!(
        lent.of_lender(&world, 0).await,
        13_567,
        "nothing is taken in part"
    );
    let told = world.kinds_of_mails_to(&lena.email).await;
    assert!(told.contains(&"loan_needs_you".into()), "{told:?}");
    owner_back(&world, lena).await;
    let page = lena.browser.get(&path).await.expect(200);
    assert!(page.says("less than what you signed for"), "{}", page.words());
    let hosted = lena.browser.submit(&page, &format!("{path}/card"), &[]).await;
    let hosted = lena.browser.follow(hosted.expect(303)).await;
    world.pay(&lena.browser, hosted, card::WORKS).await.expect(200);
    world.quiet().await;
    assert_eq!(state_of(&world, &campaign).await, "collected");
    assert_eq!(stands(&world, &campaign, AccountCode::HeldLoan).await, 60_000);
    assert_eq!(lent.of_lender(&world, 0).await, 13_567);
    books_are_right(&world, &lent).await;
}

#[tokio::test]
async fn what_was_lent_again_to_a_loan_that_is_not_paid_out_is_kept_again() {
    let world = world().await;
    let (lent, borrower) = kept(&world).await;
    let lena = &lent.lenders[0];
    let campaign = asks(&world, &borrower, "A second kiln").await;
    sign(&world, lena, &campaign, "200").await.expect(303);
    collected(&world, &borrower, &campaign).await;
    assert_eq!(lent.of_lender(&world, 0).await, 3_567);
    world.advance_by(Duration::days(31)).await;
    assert_eq!(state_of(&world, &campaign).await, "refunded");
    assert_eq!(lent.of_lender(&world, 0).await, 23_567);
    assert_eq!(stands(&world, &campaign, AccountCode::HeldLoan).await, 0);
    assert_eq!(stands(&world, &campaign, AccountCode::Between).await, 0);
    let told = world.kinds_of_mails_to(&lena.email).await;
    for kind in ["loan_goes_back", "loan_refunded"] {
        assert!(told.contains(&kind.into()), "{kind}: {told:?}");
    }
    books_are_right(&world, &lent).await;
}

#[tokio::test]
async fn a_commitment_from_what_is_kept_that_is_taken_back_leaves_it_as_it_was() {
    let world = world().await;
    let (lent, borrower) = kept(&world).await;
    let lena = &lent.lenders[0];
    let campaign = asks(&world, &borrower, "A second kiln").await;
    let path = sign(&world, lena, &campaign, "200").await.expect(303).location();
    let page = lena.browser.get(&format!("{path}/revocation")).await.expect(200);
    lena.browser
        .submit(&page, &format!("{path}/revocation"), &[])
        .await
        .expect(303);
    world.quiet().await;
    assert_eq!(lent.of_lender(&world, 0).await, 23_567);
    sign(&world, lena, &campaign, "235.67").await.expect(303);
    books_are_right(&world, &lent).await;
}

#[tokio::test]
async fn where_the_rules_of_the_other_loan_say_no_a_card_is_the_only_way() {
    let world = World::new().await;
    let (lent, borrower) = kept(&world).await;
    let lena = &lent.lenders[0];
    let campaign = asks(&world, &borrower, "A second kiln").await;
    owner_back(&world, lena).await;
    world.answer_test(lena).await;
    let page = world.review(lena, &campaign, "200").await.expect(200);
    assert!(!page.says("How you pay"), "{}", page.words());
    let refused = sign(&world, lena, &campaign, "200").await.expect(422);
    assert!(refused.says("Nothing is kept here"), "{}", refused.words());
    assert_eq!(
        world
            .count("select count(*) from commitment where from_kept")
            .await,
        0
    );
}

#[tokio::test]
async fn two_loans_that_are_collected_at_once_do_not_take_the_same_money() {
    let world = world().await;
    let (lent, borrower) = kept(&world).await;
    let lena = &lent.lenders[0];
    let mut jobs = Vec::new();
    for (title, amount) in [("A second kiln", "120"), ("A third kiln", "110")] {
        let campaign = asks(&world, &borrower, title).await;
        sign(&world, lena, &campaign, amount).await.expect(303);
    }
    // Either is less than what is left, both are more.
    let asked = review(&lent, 0, "100").await.expect(200);
    lena.browser
        .submit(&asked, &gift_of(&lent, 0), &[])
        .await
        .expect(303);
    for sql in [
        "update commitment set state = 'due', due_at = created_at where from_kept",
        "update loan_total set at_risk_minor = committed_minor, committed_minor = 0
         where campaign_id in (select campaign_id from commitment where from_kept)",
    ] {
        sqlx::query(sql).execute(&world.owner).await.unwrap();
    }
    let due: Vec<(Uuid, Uuid)> =
        sqlx::query_as("select campaign_id, commitment_id from commitment where from_kept")
            .fetch_all(&world.owner)
            .await
            .unwrap();
    for (campaign, commitment) in due.iter().chain(&due) {
        let job = CollectKept {
            campaign: CampaignId::from_uuid(*campaign),
            commitment: CommitmentId::from_uuid(*commitment),
        };
        jobs.push(job.run(&world.ctx));
    }
    for done in futures::future::join_all(jobs).await {
        done.unwrap();
    }
    let active = "select count(*) from commitment where from_kept and state = 'active'";
    let asked = "select count(*) from commitment where from_kept and state = 'needs_you'";
    assert_eq!((world.count(active).await, world.count(asked).await), (1, 1));
    let taken = world
        .count("select coalesce(sum(amount_minor), 0)::bigint from lent_again")
        .await;
    assert!([12_000, 11_000].contains(&taken), "{taken}");
    assert_eq!(lent.of_lender(&world, 0).await, 13_567 - taken);
    books_are_right(&world, &lent).await;
}
