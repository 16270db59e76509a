//! What goes otherwise: revoked, refused, full, too little, a card that is declined.

use felag_domain::ledger::AccountCode;
use felag_domain::person::Role;
use felag_tests::World;
use felag_tests::giving::{Gift, card};
use felag_tests::lending::{Loan, mixed_ask};
use felag_tests::paying_out::press;
use time::Duration;

use super::going_well::{loan_state, stands};

#[tokio::test]
async fn a_commitment_is_taken_back_free_on_the_fourth_day_and_not_on_the_fifth() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let (lena, lars) = (world.person("lena").await, world.person("lars").await);
    let campaign = world.open_loan(&owner, &mixed_ask(), &Loan::default()).await;
    let back = world.lend(&lena, &campaign, "100").await;
    let stays = world.lend(&lars, &campaign, "100").await;
    world.advance_by(Duration::days(4)).await;
    let revocation = format!("{}/revocation", back.path);
    press(&lena.browser, &revocation, &revocation, &[])
        .await
        .expect(303);
    let shown = world.shown(&lena.browser, &back).await;
    assert!(shown.says("Nothing was charged"), "{}", shown.words());
    let ready = lars
        .browser
        .get(&format!("{}/revocation", stays.path))
        .await
        .expect(200);
    world.advance_by(Duration::DAY).await;
    let refused = lars
        .browser
        .submit(&ready, &format!("{}/revocation", stays.path), &[])
        .await
        .expect(422);
    assert!(refused.says("days in which this could be taken back are over"));
    let left = "select committed_minor + firm_minor from loan_total";
    assert_eq!(world.count(left).await, 10_000);
    let kinds = world.kinds_of_mails_to(&lena.email).await;
    assert!(kinds.contains(&"loan_revoked".to_string()), "{kinds:?}");
}

#[tokio::test]
async fn whoever_finds_the_loan_full_waits_and_moves_up_when_somebody_leaves() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let (lena, lars) = (world.person("lena").await, world.person("lars").await);
    let campaign = world.open_loan(&owner, &mixed_ask(), &Loan::default()).await;
    let first = world.lend(&lena, &campaign, "1000").await;
    let second = world.lend(&lars, &campaign, "300").await;
    assert!(second.page.says("waiting list") || second.page.says("Waiting"));
    let revocation = format!("{}/revocation", first.path);
    press(&lena.browser, &revocation, &revocation, &[])
        .await
        .expect(303);
    let shown = world.shown(&lars.browser, &second).await;
    assert!(shown.says("Committed"), "{}", shown.words());
    let kinds = world.kinds_of_mails_to(&lars.email).await;
    assert_eq!(
        kinds.last().map(String::as_str),
        Some("loan_moved_up"),
        "{kinds:?}"
    );
}

#[tokio::test]
async fn what_cannot_be_lent_is_refused_in_words_and_changes_nothing() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let (editor, lena) = (world.person("editor").await, world.person("lena").await);
    let campaign = world.open_loan(&owner, &mixed_ask(), &Loan::default()).await;
    world.join(campaign.project, &editor, Role::Editor).await;

    world.answer_test(&lena).await;
    let above = world.review(&lena, &campaign, "1000.01").await.expect(422);
    assert!(above.says("€1,000.00"), "{}", above.words());
    let review = world.review(&lena, &campaign, "100").await.expect(200);
    let action = format!("/campaigns/{}/loan/commitments", campaign.slug);
    let wrong = [("signed_name", "Lena"), ("password", "not-my-password")];
    let refused = lena.browser.submit(&review, &action, &wrong).await.expect(422);
    assert!(refused.says("That is not your password"), "{}", refused.words());

    // Two tabs sign at once: one commitment.
    let other = world.review(&lena, &campaign, "200").await.expect(200);
    let (one, two) = tokio::join!(
        world.sign(&lena, &campaign, &review),
        world.sign(&lena, &campaign, &other)
    );
    let mut answers = [one.status, two.status];
    answers.sort_unstable();
    assert_eq!(answers, [303, 422]);
    assert_eq!(world.count("select count(*) from commitment").await, 1);

    world.answer_test(&owner).await;
    let own = world.review(&owner, &campaign, "100").await.expect(200);
    let refused = world.sign(&owner, &campaign, &own).await.expect(422);
    assert!(refused.says("cannot borrow from itself"), "{}", refused.words());
    world.lend(&editor, &campaign, "100").await;
    let own = "select count(*) from commitment where is_own and state = 'made'";
    assert_eq!(world.count(own).await, 1);
}

#[tokio::test]
async fn terms_beyond_the_policy_are_refused_beside_their_fields() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let project = world.project(&owner, "Open lenses").await;
    let id = world.draft(project, &mixed_ask()).await;
    let found = felag::campaigns::store::find(&world.ctx.db, id).await.unwrap();
    let slug = found.unwrap().slug;
    for (loan, words) in [
        (
            Loan {
                rate: "15.01",
                ..Loan::default()
            },
            "15 % a year at most",
        ),
        (
            Loan {
                amount: "2000.01",
                ..Loan::default()
            },
            "a part of the full plan",
        ),
        (
            Loan {
                least: "1001",
                ..Loan::default()
            },
            "€1,000.00 at most",
        ),
        (
            Loan {
                instalments: "121",
                ..Loan::default()
            },
            "from 1 to 120",
        ),
    ] {
        let refused = world.ask_for(&owner, &slug, &loan).await.expect(422);
        assert!(refused.says(words), "{words}: {}", refused.words());
    }
    assert_eq!(world.count("select count(*) from loan").await, 0);
}

#[tokio::test]
async fn a_loan_shrinks_to_what_was_collected_if_it_may() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let (lena, lars) = (world.person("lena").await, world.person("lars").await);
    let loan = Loan {
        least: "500",
        ..Loan::default()
    };
    let campaign = world.open_loan(&owner, &mixed_ask(), &loan).await;
    world.lend(&lena, &campaign, "600").await;
    let declined = world
        .lend_with(&lars, &campaign, "300", card::DECLINES_LATER)
        .await;
    world.close_lending(&campaign).await;
    world.sign_for_project(&owner, &campaign).await.expect(303);
    world.advance_to(campaign.deadline + Duration::HOUR).await;
    assert_eq!(loan_state(&world).await, "collecting");
    world.sign_in(&lars.browser, &lars.email).await;
    let needs = world.shown(&lars.browser, &declined).await;
    assert!(needs.says("Use another card"), "{}", needs.words());
    world.advance_by(Duration::days(9)).await;
    assert_eq!(loan_state(&world).await, "collected");
    assert_eq!(world.count("select principal_minor from loan").await, 60_000);
    assert_eq!(stands(&world, &campaign, AccountCode::HeldLoan).await, 60_000);
    let kinds = world.kinds_of_mails_to(&lars.email).await;
    assert_eq!(
        kinds.last().map(String::as_str),
        Some("loan_dropped"),
        "{kinds:?}"
    );
    world.ledger_verify().await;
}

#[tokio::test]
async fn too_little_collected_goes_back_whole() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let (lena, lars) = (world.person("lena").await, world.person("lars").await);
    let loan = Loan {
        least: "700",
        ..Loan::default()
    };
    let campaign = world.open_loan(&owner, &mixed_ask(), &loan).await;
    let back = world.lend(&lena, &campaign, "600").await;
    world
        .lend_with(&lars, &campaign, "300", card::DECLINES_LATER)
        .await;
    world
        .pledge(&campaign, &Gift::of("500", "giver@felag.example"))
        .await;
    world.close_lending(&campaign).await;
    world.sign_for_project(&owner, &campaign).await.expect(303);
    world.advance_to(campaign.deadline + Duration::days(12)).await;
    assert_eq!(loan_state(&world).await, "refunded");
    assert_eq!(stands(&world, &campaign, AccountCode::HeldLoan).await, 0);
    assert_eq!(stands(&world, &campaign, AccountCode::InTransitRefund).await, 0);
    let funded = "select count(*) from campaign where state = 'funded'";
    assert_eq!(world.count(funded).await, 1);
    world.sign_in(&lena.browser, &lena.email).await;
    let shown = world.shown(&lena.browser, &back).await;
    assert!(shown.says("went back to your card"), "{}", shown.words());
    world.ledger_verify().await;
}

#[tokio::test]
async fn a_commitment_revoked_on_its_last_day_decides_the_minimum() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let (lena, lars) = (world.person("lena").await, world.person("lars").await);
    let loan = Loan {
        least: "100",
        ..Loan::default()
    };
    let campaign = world.open_loan(&owner, &mixed_ask(), &loan).await;
    world
        .pledge(&campaign, &Gift::of("300", "giver@felag.example"))
        .await;
    let closes = (campaign.deadline.date() - Duration::days(4))
        .midnight()
        .assume_utc();
    world.advance_to(closes - Duration::HOUR).await;
    for lender in [&lena, &lars] {
        world.sign_in(&lender.browser, &lender.email).await;
    }
    let last = world.lend(&lena, &campaign, "100").await;
    world.lend(&lars, &campaign, "100").await;
    world.close_lending(&campaign).await;
    world.sign_for_project(&owner, &campaign).await.expect(303);
    // 300 of gifts and 200 of loans are the minimum of 500, until one of them is taken back.
    world.advance_to(closes + Duration::days(3)).await;
    let revocation = format!("{}/revocation", last.path);
    press(&lena.browser, &revocation, &revocation, &[])
        .await
        .expect(303);
    world.advance_to(campaign.deadline + Duration::HOUR).await;
    assert_eq!(loan_state(&world).await, "failed");
    let failed = "select count(*) from campaign where state = 'failed'";
    assert_eq!(world.count(failed).await, 1);
    let kinds = world.kinds_of_mails_to(&lars.email).await;
    assert!(kinds.contains(&"loan_released".to_string()), "{kinds:?}");
}
