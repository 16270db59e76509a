//! A loan that is paid back on time: by hand, by debit on the day, early, and on to its lenders.

use felag_domain::ledger::AccountCode;
use felag_tests::World;
use felag_tests::giving::card;
use felag_tests::paying_out::{bank, check};
use time::Duration;

use super::lending::{DUE, Lent, lent};

/// Pays so much on the page of the loan, with a card that is saved on the provider's page.
pub async fn pay(world: &World, lent: &Lent, amount: &str) {
    let form = lent.owner.browser.get(&lent.page()).await.expect(200);
    let sent = lent
        .owner
        .browser
        .submit(&form, &lent.page(), &[("amount", amount)])
        .await
        .expect(303);
    let page = lent.owner.browser.follow(sent).await.expect(200);
    if page.text.contains("action=\"/pay/") || page.url.contains("/pay/") {
        world
            .pay(&lent.owner.browser, page, card::WORKS)
            .await
            .expect(200);
    }
    world.quiet().await;
}

#[tokio::test]
async fn what_is_paid_now_reaches_every_lender_to_the_cent() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() - Duration::DAY)
        .await;
    world.come_back(&lent.owner).await;
    let told = world.kinds_of_mails_to(&lent.owner.email).await;
    assert!(told.contains(&"loan_upcoming".into()), "{told:?}");

    pay(&world, &lent, "404.01").await;
    // 398.01 and 6.00 by 7 to 5.
    assert_eq!(lent.of_lender(&world, 0).await, 23_217 + 350);
    assert_eq!(lent.of_lender(&world, 1).await, 16_584 + 250);
    assert_eq!(lent.balance(&world, AccountCode::Pending).await, 0);
    assert_eq!(lent.balance(&world, AccountCode::Debt).await, 120_000 - 39_801);
    lent.is_right(&world).await;
    // Lenders are told in the morning.
    world.advance_by(Duration::hours(9)).await;
    let told = world.kinds_of_mails_to(&lent.lenders[0].email).await;
    assert!(told.contains(&"loan_credited".into()), "{told:?}");

    world
        .sign_in(&lent.lenders[0].browser, &lent.lenders[0].email)
        .await;
    let mine = lent.lenders[0].browser.get("/my/loans").await.expect(200);
    assert!(mine.says("232.17"), "{}", mine.words());
    let share = format!("/my/loans/{}", lent.shares[0]);
    let shown = lent.lenders[0].browser.get(&share).await.expect(200);
    assert!(shown.says("3.50"), "{}", shown.words());
    let csv = lent.lenders[0]
        .browser
        .get(&format!("{share}/statement.csv"))
        .await
        .expect(200);
    assert!(csv.text.contains("232.17,3.50,EUR"), "{}", csv.text);
    world
        .sign_in(&lent.lenders[1].browser, &lent.lenders[1].email)
        .await;
    lent.lenders[1].browser.get(&share).await.expect(404);
}

#[tokio::test]
async fn once_a_card_is_saved_what_is_due_is_debited_on_its_day_until_all_is_paid() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() - Duration::DAY)
        .await;
    world.come_back(&lent.owner).await;
    pay(&world, &lent, "404.01").await;
    world
        .advance_to(DUE[2].midnight().assume_utc() + Duration::DAY)
        .await;
    assert_eq!(lent.state(&world).await, "ended");
    assert_eq!(lent.balance(&world, AccountCode::Debt).await, 0);
    let got = lent.of_lender(&world, 0).await + lent.of_lender(&world, 1).await;
    assert_eq!(got, 120_000 + 600 + 401 + 201);
    let exact = world
        .count("select count(*) from loan_share where principal_credited_minor <> share_minor")
        .await;
    assert_eq!(exact, 0, "every lender has exactly their principal");
    assert_eq!(
        world
            .count("select count(*) from commitment where state = 'repaid'")
            .await,
        2
    );
    lent.is_right(&world).await;
    let told = world.kinds_of_mails_to(&lent.lenders[1].email).await;
    assert_eq!(
        told.iter().filter(|kind| *kind == "loan_credited").count(),
        3,
        "{told:?}"
    );
}

#[tokio::test]
async fn paying_it_off_early_costs_the_interest_of_the_days_gone_and_no_more_is_taken() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() - Duration::days(16))
        .await;
    world.come_back(&lent.owner).await;
    let form = lent.owner.browser.get(&lent.page()).await.expect(200);
    // Half of the first month: 3.00 of 6.00, less one day.
    assert!(form.says("1,202.80") || form.says("1,203.00"), "{}", form.words());
    let refused = lent
        .owner
        .browser
        .submit(&form, &lent.page(), &[("amount", "1300")])
        .await
        .expect(422);
    assert!(refused.says("more than is owed"), "{}", refused.words());
    let all = if form.says("1,202.80") {
        "1202.80"
    } else {
        "1203.00"
    };
    pay(&world, &lent, all).await;
    assert_eq!(lent.state(&world).await, "ended");
    lent.is_right(&world).await;
}

#[tokio::test]
async fn what_came_back_is_sent_on_to_a_lender_who_can_be_paid() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() - Duration::DAY)
        .await;
    world.come_back(&lent.owner).await;
    pay(&world, &lent, "404.01").await;
    let lender = &lent.lenders[0];
    world.come_back(lender).await;
    let form = lender.browser.get("/my/loans/account").await.expect(200);
    let sent = lender
        .browser
        .submit(&form, "/my/loans/account", &[("country", "DE")])
        .await
        .expect(303);
    world
        .onboard_at(&sent.location(), bank::WORKS, "EUR", check::FINISHES)
        .await;
    lender.browser.get("/my/loans/account?back=yes").await.expect(200);
    world.advance_by(Duration::days(20)).await;
    assert_eq!(lent.of_lender(&world, 0).await, 0);
    assert_eq!(
        lent.of_lender(&world, 1).await,
        16_584 + 250,
        "waits for an account"
    );
    assert_eq!(lent.balance(&world, AccountCode::InTransit).await, 0);
    let paid = world
        .count("select count(*) from lender_transfer where state = 'paid'")
        .await;
    assert_eq!(paid, 1);
    lent.is_right(&world).await;
}
