//! What is sent on to lenders: from a threshold on at once, all of it on the first of a month.

use felag_tests::World;
use felag_tests::paying_out::{bank, check};
use time::Duration;
use time::macros::date;

use super::lending::{Lent, back, lent, owner_back};
use super::paying::pay;

/// A lender who can be paid.
pub async fn payable(world: &World, lent: &Lent, index: usize) {
    let lender = &lent.lenders[index];
    back(world, lender).await;
    world.prove(lender).await;
    let form = lender.browser.get("/my/loans/account").await.expect(200);
    let fields = [("country", "DE")];
    let sent = lender
        .browser
        .submit(&form, "/my/loans/account", &fields)
        .await
        .expect(303);
    world
        .onboard_at(&sent.location(), bank::WORKS, "EUR", check::FINISHES)
        .await;
    lender.browser.get("/my/loans/account?back=yes").await.expect(200);
}

/// How often something was sent to a lender. What the provider has not released yet is tried again.
pub async fn sent(world: &World, lent: &Lent, index: usize) -> i64 {
    let sql = "select count(*) from lender_transfer where commitment_id = $1";
    let many = sqlx::query_scalar(sql).bind(lent.shares[index].as_uuid());
    many.fetch_one(&world.owner).await.unwrap()
}

#[tokio::test]
async fn a_lender_is_sent_their_part_from_ten_euros_on_and_less_on_the_first_of_a_month() {
    let world = World::new().await;
    let lent = lent(&world).await;
    payable(&world, &lent, 1).await;
    world
        .advance_to(date!(2026 - 04 - 14).midnight().assume_utc())
        .await;
    owner_back(&world, &lent.owner).await;
    // Of 20.57 they get 7 and 5 twelfths: 12.00 and 8.57.
    pay(&world, &lent, "20.57").await;
    assert_eq!(lent.of_lender(&world, 0).await, 1_200);
    assert_eq!(lent.of_lender(&world, 1).await, 857);
    sqlx::query("delete from loan_mandate")
        .execute(&world.owner)
        .await
        .unwrap();
    world
        .advance_to(date!(2026 - 04 - 30).midnight().assume_utc() + Duration::hours(20))
        .await;
    assert_eq!(sent(&world, &lent, 1).await, 0, "below the threshold: waits");
    world
        .advance_to(date!(2026 - 05 - 01).midnight().assume_utc() + Duration::hours(20))
        .await;
    assert_eq!(lent.of_lender(&world, 1).await, 0, "on the first all of it");

    owner_back(&world, &lent.owner).await;
    pay(&world, &lent, "100").await;
    payable(&world, &lent, 0).await;
    world.advance_by(Duration::days(1)).await;
    assert!(
        sent(&world, &lent, 0).await > 0,
        "above the threshold: on the next morning"
    );
    lent.is_right(&world).await;
}
