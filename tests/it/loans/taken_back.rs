//! A lender's bank takes back a part, or asks while the payout is on its way, or of a loan that is given up; and what a
//! bank gives back beyond what is owed.

use felag_domain::ledger::AccountCode;
use felag_tests::World;
use felag_tests::paying_out::press;
use time::Duration;

use super::disputed::{Lent, collected, decide, dispute_of, euros};
use super::going_well::{loan_state, pay_out, returns};

async fn paid_out(world: &World) -> Lent {
    let lent = collected(world, "500").await;
    pay_out(world, &lent.campaign, [&lent.owner, &lent.treasurer], 1).await;
    lent
}

/// Both approve the payout of the loan, and it is on its way.
async fn on_its_way(world: &World, lent: &Lent) {
    world.advance_by(Duration::days(2)).await;
    let page = format!("/campaigns/{}/payouts/1", lent.campaign.slug);
    for person in [&lent.owner, &lent.treasurer] {
        returns(world, person).await;
        press(&person.browser, &page, &format!("{page}/approval"), &[])
            .await
            .expect(303);
    }
    let on_its_way = "select count(*) from payout where number = 1 and state in ('sending', 'on_its_way')";
    for _ in 0..48 {
        if world.count(on_its_way).await == 1 {
            return;
        }
        world.advance_by(Duration::HOUR).await;
    }
    panic!("the payout does not leave");
}

#[tokio::test]
async fn a_lender_whose_bank_takes_a_part_before_the_payout_gets_the_rest_back_and_leaves() {
    let world = World::new().await;
    let lent = collected(&world, "500").await;
    world.advance_by(Duration::DAY).await;
    let dispute = lent.dispute_part(&world, 10_000).await;
    decide(&world, &dispute, "lose").await;
    world.advance_by(Duration::DAY).await;
    assert_eq!(loan_state(&world).await, "collected");
    assert_eq!(lent.state_of(&world, &lent.lena).await, "refunded");
    assert_eq!(world.count("select principal_minor from loan").await, 60_000);
    let rest = "select count(*) from refund where amount_minor = 30000 and state = 'succeeded'";
    assert_eq!(
        world.count(rest).await,
        1,
        "nobody keeps the 300.00 that her bank left"
    );
    let told = world.kinds_of_mails_to(&lent.lena.email).await;
    assert!(told.contains(&"loan_bank_took_part".into()), "{told:?}");
    lent.is_right(&world).await;

    pay_out(&world, &lent.campaign, [&lent.owner, &lent.treasurer], 1).await;
    assert_eq!(loan_state(&world).await, "repaying");
    assert_eq!(lent.stands(&world, AccountCode::Debt).await, 60_000);
    assert_eq!(lent.stands(&world, AccountCode::HeldLoan).await, 0);

    // Won after all: that part goes back to her, too.
    decide(&world, &dispute, "win").await;
    world.advance_by(Duration::DAY).await;
    let part = "select count(*) from refund where amount_minor = 10000 and state = 'succeeded'";
    assert_eq!(world.count(part).await, 1);
    lent.is_right(&world).await;
}

#[tokio::test]
async fn a_lender_whose_bank_takes_a_part_after_the_payout_lends_the_rest_once_that_is_made_up_for() {
    let world = World::new().await;
    let lent = paid_out(&world).await;
    lent.pay(&world, "85.61").await;
    let dispute = lent.dispute_part(&world, 10_000).await;
    let before = lent.of_lender(&world, &lent.lena).await;
    assert!(before > 0 && before < 10_000, "{before}");
    decide(&world, &dispute, "lose").await;
    assert_eq!(lent.of_lender(&world, &lent.lena).await, 0);
    let fee = lent.fee(&world).await;
    assert_eq!(
        lent.stands(&world, AccountCode::Receivable).await,
        10_000 - before + fee,
        "what stood on her share went to whoever paid the bank"
    );
    let told = world.kinds_of_mails_to(&lent.lena.email).await;
    assert!(told.contains(&"loan_bank_took_part".into()), "{told:?}");
    let share = format!("/my/loans/{}", lent.id_of(&world, &lent.lena).await);
    let page = lent.hers(&world, &share).await;
    let missing = format!("€{} are still missing", euros(10_000 - before));
    assert!(page.contains("Your bank gave you €100.00"), "{page}");
    assert!(page.contains(&missing), "{missing}: {page}");
    assert!(
        page.contains("Repaying on time") && page.contains("Instalments"),
        "{page}"
    );
    lent.is_right(&world).await;

    // Two fifths of what is paid are for her share: 400.00 bring 160.00, of which 100.00 less what stood are not hers.
    lent.pay(&world, &euros(40_000 + fee)).await;
    assert_eq!(lent.stands(&world, AccountCode::Receivable).await, 0);
    let hers = lent.of_lender(&world, &lent.lena).await;
    assert_eq!(hers, 16_000 - (10_000 - before));
    let frozen = "select count(*) from loan_share where frozen_at is not null";
    assert_eq!(world.count(frozen).await, 0, "the rest is sent to her as before");
    let page = lent.hers(&world, &share).await;
    assert!(
        page.contains("has made up for that, and the rest is yours"),
        "{page}"
    );
    lent.is_right(&world).await;

    let all = lent.all(&world).await;
    lent.pay(&world, &euros(all)).await;
    assert_eq!(loan_state(&world).await, "ended");
    assert_eq!(lent.stands(&world, AccountCode::Debt).await, 0);
    let credited =
        "select principal_credited_minor + interest_credited_minor from loan_share where share_minor = 40000";
    let got = lent.of_lender(&world, &lent.lena).await;
    assert_eq!(
        got,
        world.count(credited).await - 10_000,
        "100.00 she has from her bank"
    );

    // Won after all: the part that was taken is hers.
    decide(&world, &dispute, "win").await;
    assert_eq!(
        lent.of_lender(&world, &lent.lena).await,
        world.count(credited).await
    );
    lent.is_right(&world).await;
}

#[tokio::test]
async fn a_bank_that_decides_while_the_payout_is_on_its_way_finds_the_share_taken_over_once_it_arrived() {
    let world = World::new().await;
    let lent = collected(&world, "500").await;
    on_its_way(&world, &lent).await;
    let dispute = lent.dispute(&world).await;
    decide(&world, &dispute, "lose").await;
    let payout = "select count(*) from payout where number = 1 and state in ('sending', 'on_its_way')";
    assert_eq!(world.count(payout).await, 1, "what left is not called off");
    assert_eq!(loan_state(&world).await, "collected");
    world.advance_by(Duration::days(4)).await;
    assert_eq!(loan_state(&world).await, "repaying");
    assert_eq!(lent.stands(&world, AccountCode::Debt).await, 100_000);
    let taken = "select count(*) from loan_share where taken_over_at is not null and share_minor = 40000";
    assert_eq!(world.count(taken).await, 1);
    let fee = lent.fee(&world).await;
    assert_eq!(lent.stands(&world, AccountCode::Receivable).await, 40_000 + fee);
    lent.is_right(&world).await;

    let all = lent.all(&world).await;
    lent.pay(&world, &euros(all)).await;
    assert_eq!(loan_state(&world).await, "ended");
    assert_eq!(lent.stands(&world, AccountCode::Receivable).await, 0);
    assert_eq!(lent.of_lender(&world, &lent.lena).await, 0);
    lent.is_right(&world).await;
}

#[tokio::test]
async fn a_share_that_a_bank_asked_for_on_the_way_is_frozen_when_it_arrives_and_free_when_won() {
    let world = World::new().await;
    let lent = collected(&world, "500").await;
    on_its_way(&world, &lent).await;
    let dispute = lent.dispute(&world).await;
    world.advance_by(Duration::days(4)).await;
    assert_eq!(loan_state(&world).await, "repaying");
    let frozen = "select count(*) from loan_share where frozen_at is not null and taken_over_at is null";
    assert_eq!(world.count(frozen).await, 1);
    decide(&world, &dispute, "win").await;
    assert_eq!(world.count(frozen).await, 0);
    assert_eq!(lent.stands(&world, AccountCode::Receivable).await, 0);
    assert_eq!(lent.stands(&world, AccountCode::Debt).await, 100_000);
    lent.is_right(&world).await;
}

#[tokio::test]
async fn a_share_that_was_taken_over_loses_as_the_others_when_the_loan_is_given_up() {
    let world = World::new().await;
    let lent = paid_out(&world).await;
    let steward = world.steward("stella").await;
    let dispute = lent.dispute(&world).await;
    decide(&world, &dispute, "lose").await;
    world.prove(&steward).await;
    let page = format!("/campaigns/{}/loan/repayments", lent.campaign.slug);
    let reason = [("reason", "The association was dissolved.")];
    for act in ["default", "write-off"] {
        let action = format!("/campaigns/{}/loan/{act}", lent.campaign.slug);
        press(&steward.browser, &page, &action, &reason).await.expect(303);
        world.quiet().await;
    }
    assert_eq!(loan_state(&world).await, "written_off");
    assert_eq!(lent.stands(&world, AccountCode::WrittenOff).await, -100_000);
    assert_eq!(lent.state_of(&world, &lent.lars).await, "partly_lost");
    assert_eq!(
        lent.state_of(&world, &lent.lena).await,
        "repaid",
        "her bank gave her all she lent"
    );
    lent.is_right(&world).await;

    // What comes in all the same is split as ever: 60.00 to Lars, 40.00 to whoever paid her bank.
    let fee = lent.fee(&world).await;
    lent.pay(&world, &euros(10_000 + fee)).await;
    assert_eq!(lent.of_lender(&world, &lent.lars).await, 6_000);
    assert_eq!(lent.of_lender(&world, &lent.lena).await, 0);
    assert_eq!(lent.stands(&world, AccountCode::Receivable).await, 40_000 - 4_000);
    lent.is_right(&world).await;
}

#[tokio::test]
async fn what_a_bank_gives_back_beyond_all_that_is_owed_is_the_projects_and_paid_out_to_it() {
    let world = World::new().await;
    let lent = paid_out(&world).await;
    lent.pay(&world, "85.61").await;
    let charge: String = sqlx::query_scalar("select charge_ref from repayment where state = 'credited'")
        .fetch_one(&world.owner)
        .await
        .unwrap();
    let dispute = dispute_of(&world, &charge, 8_561).await;
    decide(&world, &dispute, "lose").await;
    // All but ten euros is paid, what that bank took and its fee among it.
    let all = lent.all(&world).await;
    lent.pay(&world, &euros(all - 1_000)).await;
    assert_eq!(loan_state(&world).await, "repaying");
    decide(&world, &dispute, "win").await;
    world.advance_by(Duration::DAY).await;
    assert_eq!(
        loan_state(&world).await,
        "ended",
        "ten euros of it paid off the loan"
    );
    assert_eq!(lent.stands(&world, AccountCode::Pending).await, 0);
    let beyond = 8_561 - 1_000 + lent.fee(&world).await;
    assert_eq!(lent.stands(&world, AccountCode::HeldLoan).await, beyond);
    lent.is_right(&world).await;

    pay_out(&world, &lent.campaign, [&lent.owner, &lent.treasurer], 1).await;
    assert_eq!(lent.stands(&world, AccountCode::HeldLoan).await, 0);
    let paid = "select count(*) from payout where source = 'loan' and state = 'paid'";
    assert_eq!(world.count(paid).await, 2);
    assert_eq!(loan_state(&world).await, "ended");
    lent.is_right(&world).await;
}
