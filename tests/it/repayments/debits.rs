//! Debits from a bank account: days of waiting, days in which they may be taken back, and more than one may be.

use felag_domain::ledger::AccountCode;
use felag_tests::World;
use serde_json::json;
use time::Duration;

use super::crossing::reads;
use super::lending::{DUE, Lent, lent, lent_times, owner_back};
use super::paying::pay;

const PAYS: &str = "DE89370400440532013000";
const CALLED_BACK: &str = "DE35370400440532013002";

/// Pays so much from a bank account, which is saved on the provider's page.
async fn debit(world: &World, lent: &Lent, amount: &str, iban: &str) {
    owner_back(world, &lent.owner).await;
    let browser = &lent.owner.browser;
    let form = browser.get(&lent.page()).await.expect(200);
    let sent = browser.submit(&form, &lent.page(), &[("amount", amount)]).await;
    let page = browser.follow(sent.expect(303)).await.expect(200);
    let fields = [("iban", iban), ("name", "Open Tools e.V.")];
    browser
        .follow(browser.submit(&page, "/pay/", &fields).await)
        .await
        .expect(200);
    world.quiet().await;
}

async fn state(world: &World) -> String {
    let sql = "select state from repayment order by created_at limit 1";
    sqlx::query_scalar(sql).fetch_one(&world.owner).await.unwrap()
}

async fn to_lenders(world: &World, lent: &Lent) -> i64 {
    lent.of_lender(world, 0).await + lent.of_lender(world, 1).await
}

#[tokio::test]
async fn a_debit_is_pending_until_its_bank_had_its_days_and_nobody_is_late_meanwhile() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() - Duration::DAY)
        .await;
    debit(&world, &lent, "404.01", PAYS).await;
    assert_eq!(state(&world).await, "processing");
    world.advance_by(Duration::days(3)).await;
    assert_eq!(lent.state(&world).await, "repaying");
    assert_eq!(
        world.count("select count(*) from repayment").await,
        1,
        "not asked for twice"
    );
    world.advance_by(Duration::days(3)).await;
    assert_eq!(state(&world).await, "pending");
    assert_eq!(lent.balance(&world, AccountCode::Pending).await, 40_401);
    assert_eq!(to_lenders(&world, &lent).await, 0);
    assert_eq!(lent.state(&world).await, "repaying");
    owner_back(&world, &lent.owner).await;
    let form = lent.owner.browser.get(&lent.page()).await.expect(200);
    assert!(!form.says("404.01 is due"), "{}", form.words());
    world.advance_by(Duration::days(8)).await;
    assert_eq!(state(&world).await, "credited");
    assert_eq!(
        to_lenders(&world, &lent).await,
        40_401,
        "and no late interest for the days of banks"
    );
    assert_eq!(lent.balance(&world, AccountCode::Pending).await, 0);
    lent.is_right(&world).await;
}

#[tokio::test]
async fn a_debit_that_is_called_back_before_it_was_trusted_never_reached_a_lender() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() - Duration::DAY)
        .await;
    debit(&world, &lent, "404.01", CALLED_BACK).await;
    world.advance_by(Duration::days(8)).await;
    assert_eq!(state(&world).await, "returned");
    assert_eq!(lent.balance(&world, AccountCode::Pending).await, 0);
    assert_eq!(to_lenders(&world, &lent).await, 0);
    assert_eq!(lent.balance(&world, AccountCode::Debt).await, 120_000);
    let fee = world
        .count("select (fee_held_minor + fee_payable_minor + fee_receivable_minor)::bigint from dispute")
        .await;
    assert_eq!(lent.balance(&world, AccountCode::Receivable).await, fee);
    let told = world.kinds_of_mails_to(&lent.owner.email).await;
    assert!(told.contains(&"loan_returned".into()), "{told:?}");
    reads(
        &world,
        &lent,
        "It came in and the bank took it back later: it is owed again.",
    )
    .await;
    lent.is_right(&world).await;
}

#[tokio::test]
async fn a_debit_that_is_called_back_after_it_was_trusted_mirrors_its_split() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() - Duration::DAY)
        .await;
    debit(&world, &lent, "404.01", PAYS).await;
    world.advance_by(Duration::days(14)).await;
    assert_eq!(state(&world).await, "credited");
    let sql = "select charge_ref from repayment where state = 'credited'";
    let charge: String = sqlx::query_scalar(sql).fetch_one(&world.owner).await.unwrap();
    let wish = json!({ "charge": charge, "reason": "debit_not_authorized" });
    world.sandbox_control("disputes", &wish).await;
    world.quiet().await;
    assert_eq!(state(&world).await, "returned");
    assert_eq!(to_lenders(&world, &lent).await, 0);
    assert_eq!(lent.balance(&world, AccountCode::Debt).await, 120_000);
    lent.is_right(&world).await;
}

#[tokio::test]
async fn a_debit_above_what_one_charge_may_be_is_asked_as_several() {
    let world = World::new().await;
    // 3.6 million: an instalment is 1,212,030.00.
    let lent = lent_times(&world, 3_000).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() - Duration::DAY)
        .await;
    owner_back(&world, &lent.owner).await;
    pay(&world, &lent, "30").await;
    world
        .advance_to(DUE[0].midnight().assume_utc() + Duration::DAY)
        .await;
    let parts: Vec<i64> = sqlx::query_scalar(
        "select amount_minor from repayment where way = 'debit' order by amount_minor desc",
    )
    .fetch_all(&world.owner)
    .await
    .unwrap();
    assert_eq!(parts, [99_999_999, 121_203_000 - 3_000 - 99_999_999]);
    assert_eq!(to_lenders(&world, &lent).await, 121_203_000);
    assert_eq!(lent.state(&world).await, "repaying");
    lent.is_right(&world).await;
}

#[tokio::test]
async fn where_the_rules_name_other_days_a_debit_is_announced_and_trusted_by_them() {
    let rules = "european notice_days=14 pending_days=12";
    let world = World::with(&[("FELAG_LENDING", rules)]).await;
    let lent = lent(&world).await;
    let told = async || {
        let kinds = world.kinds_of_mails_to(&lent.owner.email).await;
        kinds.iter().filter(|kind| *kind == "loan_upcoming").count()
    };
    let due = DUE[0].midnight().assume_utc();
    world.advance_to(due - Duration::days(14)).await;
    assert_eq!(told().await, 0, "the fifteenth day before is too early");
    world.advance_by(Duration::hours(7)).await;
    assert_eq!(told().await, 1, "at six on the fourteenth");
    owner_back(&world, &lent.owner).await;
    let form = lent.owner.browser.get(&lent.page()).await.expect(200);
    assert!(form.says("announced 14 days before"), "{}", form.words());
    assert!(
        form.says("€404.01"),
        "announced, so due for a payment: {}",
        form.words()
    );
    debit(&world, &lent, "404.01", PAYS).await;
    world.advance_by(Duration::days(6)).await;
    assert_eq!(state(&world).await, "pending");
    world.advance_by(Duration::days(8)).await;
    assert_eq!(state(&world).await, "pending", "seven days are not enough here");
    world.advance_by(Duration::days(5)).await;
    assert_eq!(state(&world).await, "credited");
    lent.is_right(&world).await;
}
