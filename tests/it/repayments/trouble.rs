//! Loans in trouble: late, in default, given up, recovered; and repayments that a bank takes back.

use felag::repayments;
use felag_domain::ids::RepaymentId;
use felag_domain::ledger::AccountCode;
use felag_tests::World;
use felag_tests::paying_out::press;
use time::Duration;
use uuid::Uuid;

use super::lending::{DUE, Lent, lent};
use super::paying::pay;

pub async fn come_back(world: &World, lent: &Lent) {
    let id: Uuid = sqlx::query_scalar("select repayment_id from repayment where state = 'credited' limit 1")
        .fetch_one(&world.owner)
        .await
        .unwrap();
    let mut tx = world.ctx.db.begin().await.unwrap();
    for _ in 0..2 {
        let id = RepaymentId::from_uuid(id);
        repayments::come_back(&mut tx, &world.ctx, lent.campaign.id, id)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    world.quiet().await;
}

#[tokio::test]
async fn a_loan_that_nobody_pays_is_late_then_in_default_then_given_up_and_recoveries_are_split() {
    let world = World::new().await;
    let lent = lent(&world).await;
    let steward = world.steward("stella").await;
    world
        .advance_to(DUE[0].midnight().assume_utc() + Duration::days(17))
        .await;
    assert_eq!(lent.state(&world).await, "late");
    let late = world.kinds_of_mails_to(&lent.lenders[0].email).await;
    let late = late.iter().filter(|kind| *kind == "loan_late_lender").count();
    assert_eq!(late, 2, "told on day 1 and day 16");
    world
        .advance_to(DUE[0].midnight().assume_utc() + Duration::days(92))
        .await;
    assert_eq!(lent.state(&world).await, "defaulted");
    let told = world.kinds_of_mails_to(&lent.lenders[0].email).await;
    assert!(told.contains(&"loan_state".into()), "{told:?}");

    world.come_back(&steward).await;
    let action = format!("/campaigns/{}/loan/write-off", lent.campaign.slug);
    press(&steward.browser, &lent.page(), &action, &[("reason", " ")])
        .await
        .expect(422);
    let reason = [("reason", "The association was dissolved.")];
    press(&steward.browser, &lent.page(), &action, &reason)
        .await
        .expect(303);
    world.quiet().await;
    assert_eq!(lent.state(&world).await, "written_off");
    assert_eq!(lent.balance(&world, AccountCode::WrittenOff).await, -120_000);
    lent.is_right(&world).await;

    world.come_back(&lent.owner).await;
    pay(&world, &lent, "120").await;
    assert_eq!(lent.of_lender(&world, 0).await, 7_000);
    assert_eq!(lent.of_lender(&world, 1).await, 5_000);
    assert_eq!(lent.state(&world).await, "written_off");
    lent.is_right(&world).await;
    let page = world.browser().get("/loans/statistics").await.expect(200);
    assert!(page.says("1,080.00") && page.says("100.0 %"), "{}", page.words());
}

#[tokio::test]
async fn a_repayment_that_comes_back_is_taken_from_what_lenders_still_have_and_is_owed_again() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() - Duration::DAY)
        .await;
    world.come_back(&lent.owner).await;
    pay(&world, &lent, "404.01").await;
    come_back(&world, &lent).await;
    assert_eq!(
        lent.of_lender(&world, 0).await + lent.of_lender(&world, 1).await,
        0
    );
    assert_eq!(lent.balance(&world, AccountCode::Debt).await, 120_000);
    assert_eq!(lent.balance(&world, AccountCode::Receivable).await, 0);
    lent.is_right(&world).await;
    let form = lent.owner.browser.get(&lent.page()).await.expect(200);
    assert!(form.says("404.01"), "{}", form.words());
}

#[tokio::test]
async fn a_steward_may_say_that_a_loan_is_in_default_and_it_is_cured_when_nothing_is_past_due() {
    let world = World::new().await;
    let lent = lent(&world).await;
    let steward = world.steward("stella").await;
    world.prove(&steward).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() + Duration::days(3))
        .await;
    world.come_back(&steward).await;
    let action = format!("/campaigns/{}/loan/default", lent.campaign.slug);
    let reason = [("reason", "It filed for insolvency.")];
    press(&steward.browser, &lent.page(), &action, &reason)
        .await
        .expect(303);
    assert_eq!(lent.state(&world).await, "defaulted");
    world.come_back(&lent.owner).await;
    let form = lent.owner.browser.get(&lent.page()).await.expect(200);
    // 404.01 and 3 days of 6 % on 398.01.
    assert!(form.says("404.21"), "{}", form.words());
    pay(&world, &lent, "404.21").await;
    assert_eq!(lent.state(&world).await, "repaying");
    lent.is_right(&world).await;
}
