//! Payments that cross, and a bank that waits for somebody.

use felag_domain::ledger::AccountCode;
use felag_tests::giving::card;
use felag_tests::{Reply, World};
use time::Duration;

use super::lending::{DUE, Lent, lent, owner_back};
use super::paying::pay;

/// Asks to pay so much; the provider's page.
async fn begin(lent: &Lent, amount: &str) -> Reply {
    let form = lent.owner.browser.get(&lent.page()).await.expect(200);
    let fields = [("amount", amount), ("other_card", "yes")];
    let sent = lent.owner.browser.submit(&form, &lent.page(), &fields).await;
    lent.owner.browser.follow(sent.expect(303)).await.expect(200)
}

/// The project reads so beside one of its payments.
pub async fn reads(world: &World, lent: &Lent, words: &str) {
    owner_back(world, &lent.owner).await;
    let page = lent.owner.browser.get(&lent.page()).await.expect(200);
    assert!(page.says(words), "{}", page.words());
}

#[tokio::test]
async fn what_two_payments_bring_beyond_what_is_owed_goes_back_to_whoever_paid() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() - Duration::days(16))
        .await;
    owner_back(&world, &lent.owner).await;
    let form = lent.owner.browser.get(&lent.page()).await.expect(200);
    let all = if form.says("1,202.80") { 120_280 } else { 120_300 };
    // Two tabs: both are asked before either is paid.
    let (first, second) = (begin(&lent, "700").await, begin(&lent, "700").await);
    world
        .pay(&lent.owner.browser, first, card::WORKS)
        .await
        .expect(200);
    world.quiet().await;
    assert_eq!(lent.state(&world).await, "repaying");
    world
        .pay(&lent.owner.browser, second, card::WORKS)
        .await
        .expect(200);
    world.advance_by(Duration::DAY).await;
    assert_eq!(lent.state(&world).await, "ended");
    let back = world
        .count("select beyond_minor from repayment where beyond_minor > 0")
        .await;
    assert_eq!(back, 140_000 - all);
    let refund = "select amount_minor from refund where why = 'overpaid' and state = 'succeeded'";
    assert_eq!(world.count(refund).await, back);
    assert_eq!(lent.balance(&world, AccountCode::Pending).await, 0);
    assert_eq!(lent.balance(&world, AccountCode::InTransitRefund).await, 0);
    let told = world.kinds_of_mails_to(&lent.owner.email).await;
    assert!(told.contains(&"loan_overpaid".into()), "{told:?}");
    reads(
        &world,
        &lent,
        "of it was more than was owed, as two payments crossed",
    )
    .await;
    lent.is_right(&world).await;
}

#[tokio::test]
async fn a_payment_that_comes_after_the_last_cent_goes_back_whole() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() - Duration::days(16))
        .await;
    owner_back(&world, &lent.owner).await;
    let form = lent.owner.browser.get(&lent.page()).await.expect(200);
    let all = if form.says("1,202.80") {
        "1202.80"
    } else {
        "1203.00"
    };
    let (first, second) = (begin(&lent, all).await, begin(&lent, "100").await);
    world
        .pay(&lent.owner.browser, first, card::WORKS)
        .await
        .expect(200);
    world.quiet().await;
    assert_eq!(lent.state(&world).await, "ended");
    world
        .pay(&lent.owner.browser, second, card::WORKS)
        .await
        .expect(200);
    world.advance_by(Duration::DAY).await;
    let refund =
        "select amount_minor from refund where why = 'overpaid' and state = 'succeeded' and is_whole";
    assert_eq!(world.count(refund).await, 10_000);
    assert_eq!(lent.balance(&world, AccountCode::Pending).await, 0);
    let collected = world.kinds_of_mails_to(&lent.owner.email).await;
    let collected = collected.iter().filter(|kind| *kind == "loan_collected").count();
    assert_eq!(collected, 1, "of what goes back whole nothing was collected");
    reads(
        &world,
        &lent,
        "Goes back to you. Another payment had come in first, and nothing was owed any more",
    )
    .await;
    lent.is_right(&world).await;
}

#[tokio::test]
async fn a_bank_that_waits_in_vain_is_asked_again_and_the_loan_is_late_in_the_end() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() - Duration::DAY)
        .await;
    owner_back(&world, &lent.owner).await;
    let page = begin(&lent, "1").await;
    world
        .pay(&lent.owner.browser, page, card::ASKS_ALWAYS)
        .await
        .expect(200);
    world.quiet().await;
    let waits = "select count(*) from repayment where state = 'needs_you'";
    assert!(world.count(waits).await > 0);
    world
        .advance_to(DUE[0].midnight().assume_utc() + Duration::hours(12))
        .await;
    let asked = "select count(*) from repayment where way = 'debit'";
    assert_eq!(world.count(asked).await, 1);
    world.advance_by(Duration::days(6)).await;
    assert_eq!(world.count(asked).await, 2, "asked again after five days");
    assert_eq!(lent.state(&world).await, "late");
    let ended = "select count(*) from repayment where state = 'failed' and decline_code = 'nobody_came'";
    assert_eq!(world.count(ended).await, 2);
    world.advance_by(Duration::days(20)).await;
    assert_eq!(world.count(asked).await, 3, "and not for ever");
    assert_eq!(world.count(waits).await, 0, "each of them ended");
    let why = "Not received. The bank wanted to see you, and nobody came within 5 days. Nothing was taken.";
    reads(&world, &lent, why).await;
    let told = world.kinds_of_mails_to(&lent.owner.email).await;
    assert!(told.contains(&"loan_not_collected".into()), "{told:?}");

    // With a card that works everything is as before.
    owner_back(&world, &lent.owner).await;
    let page = begin(&lent, "404.01").await;
    world
        .pay(&lent.owner.browser, page, card::WORKS)
        .await
        .expect(200);
    world.quiet().await;
    assert!(lent.of_lender(&world, 0).await > 0);
    lent.is_right(&world).await;
}

#[tokio::test]
async fn nobody_is_asked_to_confirm_more_than_is_owed() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() - Duration::DAY)
        .await;
    owner_back(&world, &lent.owner).await;
    let page = begin(&lent, "1000").await;
    world
        .pay(&lent.owner.browser, page, card::ASKS_ALWAYS)
        .await
        .expect(200);
    world.quiet().await;
    let page = begin(&lent, "404.01").await;
    world
        .pay(&lent.owner.browser, page, card::WORKS)
        .await
        .expect(200);
    world.quiet().await;
    let form = lent.owner.browser.get(&lent.page()).await.expect(200);
    let id: uuid::Uuid = sqlx::query_scalar("select repayment_id from repayment where state = 'needs_you'")
        .fetch_one(&world.owner)
        .await
        .unwrap();
    let action = format!("{}/{id}/confirmation", lent.page());
    lent.owner.browser.submit(&form, &action, &[]).await.expect(303);
    world.quiet().await;
    let ended = "select count(*) from repayment where state = 'failed' and decline_code = 'no_longer_owed'";
    assert_eq!(world.count(ended).await, 1);
    reads(
        &world,
        &lent,
        "Another payment had come in meanwhile, and with this one it would have been more than is owed",
    )
    .await;
    let more = lent.owner.browser.get(&lent.page()).await.expect(200);
    let refused = [("amount", "900")];
    let refused = lent
        .owner
        .browser
        .submit(&more, &lent.page(), &refused)
        .await
        .expect(422);
    assert!(refused.says("more than is owed"), "{}", refused.words());
    pay(&world, &lent, "10").await;
    lent.is_right(&world).await;
}

/// What pays the loan off today, as its page says.
fn at_most(page: &Reply) -> i64 {
    let words = page.words();
    let amount = words
        .split(" at most")
        .next()
        .and_then(|before| before.rsplit('€').next());
    let digits: String = amount.unwrap().chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

#[tokio::test]
async fn a_rest_too_small_to_be_charged_waits_for_the_next_instalment_and_makes_nobody_late() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world.advance_to(DUE[0].midnight().assume_utc()).await;
    owner_back(&world, &lent.owner).await;
    pay(&world, &lent, "404.00").await;
    world.advance_by(Duration::days(3)).await;
    assert_eq!(lent.state(&world).await, "repaying", "a cent is no reason");
    owner_back(&world, &lent.owner).await;
    let form = lent.owner.browser.get(&lent.page()).await.expect(200);
    let sent = lent
        .owner
        .browser
        .submit(&form, &lent.page(), &[("amount", "0.01")])
        .await;
    let refused = sent.expect(422);
    assert!(
        refused.says("The next amount it can charge is €1.00"),
        "{}",
        refused.words()
    );

    // On its day the second is charged, and with it the cent.
    world
        .advance_to(DUE[1].midnight().assume_utc() + Duration::DAY)
        .await;
    let open = "select count(*) from instalment where number <= 2 and paid_principal_minor < principal_minor";
    assert_eq!(world.count(open).await, 0);
    lent.is_right(&world).await;
}

#[tokio::test]
async fn the_last_cents_are_charged_as_the_least_the_provider_takes_and_the_rest_of_it_goes_back() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world.advance_to(DUE[0].midnight().assume_utc()).await;
    owner_back(&world, &lent.owner).await;
    let form = lent.owner.browser.get(&lent.page()).await.expect(200);
    let all_but_two_cents = at_most(&form) - 2;
    pay(
        &world,
        &lent,
        &format!("{}.{:02}", all_but_two_cents / 100, all_but_two_cents % 100),
    )
    .await;
    assert_eq!(lent.state(&world).await, "repaying");
    let page = lent.owner.browser.get(&lent.page()).await.expect(200);
    assert!(
        page.says("The payment provider charges no less than €1.00"),
        "{}",
        page.words()
    );
    pay(&world, &lent, "0.02").await;
    assert_eq!(lent.state(&world).await, "ended");
    let back = world
        .count("select sum(amount_minor)::bigint from refund where why = 'overpaid'")
        .await;
    assert_eq!(back, 98);
    lent.is_right(&world).await;
}

#[tokio::test]
async fn interest_of_a_day_that_came_on_top_of_the_last_instalment_is_debited_by_itself() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world.advance_to(DUE[0].midnight().assume_utc()).await;
    owner_back(&world, &lent.owner).await;
    pay(&world, &lent, "404.01").await;
    // The last one is paid by hand a few days early, all but a cent.
    world
        .advance_to(DUE[2].midnight().assume_utc() - Duration::days(2))
        .await;
    owner_back(&world, &lent.owner).await;
    let form = lent.owner.browser.get(&lent.page()).await.expect(200);
    let all_but_a_cent = at_most(&form) - 1;
    pay(
        &world,
        &lent,
        &format!("{}.{:02}", all_but_a_cent / 100, all_but_a_cent % 100),
    )
    .await;
    assert_eq!(lent.state(&world).await, "repaying");
    world
        .advance_to(DUE[2].midnight().assume_utc() + Duration::days(3))
        .await;
    assert_eq!(lent.state(&world).await, "ended");
    lent.is_right(&world).await;
}

#[tokio::test]
async fn a_project_reads_why_a_payment_was_not_taken() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() - Duration::DAY)
        .await;
    owner_back(&world, &lent.owner).await;
    // The page of the provider is left, and times out.
    begin(&lent, "10").await;
    world.advance_by(Duration::hours(1)).await;
    reads(
        &world,
        &lent,
        "The payment provider’s page was left, or timed out",
    )
    .await;
    let page = begin(&lent, "20").await;
    world
        .pay(&lent.owner.browser, page, card::DECLINES_LATER)
        .await
        .expect(200);
    world.quiet().await;
    reads(
        &world,
        &lent,
        "Declined, tried again. The bank says: the card was declined",
    )
    .await;
    world.advance_by(Duration::days(7)).await;
    reads(
        &world,
        &lent,
        "Not received. The bank did not pay: the card was declined",
    )
    .await;
    lent.is_right(&world).await;
}
