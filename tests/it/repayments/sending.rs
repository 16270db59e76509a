//! What is sent on to lenders: from a threshold on at once, all of it on the first of a month.

use felag_domain::ids::CommitmentId;
use felag_domain::ledger::AccountCode;
use felag_domain::person::Role;
use felag_tests::World;
use felag_tests::lending::{Loan, mixed_ask};
use felag_tests::paying_out::{bank, check};
use felag_tests::people::Person;
use time::macros::date;
use time::{Date, Duration};
use uuid::Uuid;

use super::lending::{Lent, back, lent, owner_back};
use super::paying::pay;
use crate::loans::going_well::{loan_state, pay_out};

/// A lender who can be paid.
pub async fn payable(world: &World, lender: &Person) {
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
    payable(&world, &lent.lenders[1]).await;
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
    payable(&world, &lent.lenders[0]).await;
    world.advance_by(Duration::days(1)).await;
    assert!(
        sent(&world, &lent, 0).await > 0,
        "above the threshold: on the next morning"
    );
    lent.is_right(&world).await;
}

/// A thousand euros, asked for, lent by two, collected and paid out as people do it. Nobody gave anything beside.
async fn collected(world: &World) -> Lent {
    let (owner, treasurer) = (world.person("owner").await, world.person("treasurer").await);
    let lenders = [world.person("lena").await, world.person("lars").await];
    let campaign = world.open_loan(&owner, &mixed_ask(), &Loan::default()).await;
    world.join(campaign.project, &treasurer, Role::Treasurer).await;
    for (lender, amount) in lenders.iter().zip(["600", "400"]) {
        world.lend(lender, &campaign, amount).await;
    }
    world.close_lending(&campaign).await;
    world.sign_for_project(&owner, &campaign).await.expect(303);
    world.advance_to(campaign.deadline + Duration::MINUTE).await;
    pay_out(world, &campaign, [&owner, &treasurer], 1).await;
    let shares = "select commitment_id from commitment order by amount_minor desc";
    let shares: Vec<Uuid> = sqlx::query_scalar(shares).fetch_all(&world.owner).await.unwrap();
    let shares: Vec<CommitmentId> = shares.into_iter().map(CommitmentId::from_uuid).collect();
    Lent {
        campaign,
        owner,
        lenders,
        shares: shares.try_into().unwrap(),
    }
}

#[tokio::test]
async fn what_collecting_costs_comes_off_the_payout_so_that_every_lender_is_sent_the_last_cent() {
    let world = World::new().await;
    let lent = collected(&world).await;
    // Two charges of lending, 25 cents and 1.5 % each; twelve instalments of 85.61, each 25 cents and 1.28.
    let taken = world
        .count("select costs_minor from payout where source = 'loan'")
        .await;
    assert_eq!(taken, 25 + 900 + 25 + 600 + 12 * (25 + 128));
    assert_eq!(
        lent.balance(&world, AccountCode::PlatformProviderCosts).await,
        -12 * (25 + 128)
    );
    for lender in &lent.lenders {
        payable(&world, lender).await;
    }
    let due: Vec<Date> = sqlx::query_scalar("select due_on from instalment order by number")
        .fetch_all(&world.owner)
        .await
        .unwrap();
    world
        .advance_to(due[0].midnight().assume_utc() + Duration::HOUR)
        .await;
    owner_back(&world, &lent.owner).await;
    pay(&world, &lent, "85.61").await;
    // The card saved with the first is charged for the others.
    for due in due {
        world
            .advance_to(due.midnight().assume_utc() + Duration::DAY)
            .await;
    }
    world.advance_by(Duration::days(9)).await;
    assert_eq!(loan_state(&world).await, "ended");
    let interest = world
        .count("select sum(interest_minor)::bigint from instalment")
        .await;
    let sent = world
        .count("select sum(amount_minor)::bigint from lender_transfer where state = 'paid'")
        .await;
    assert_eq!(
        sent,
        100_000 + interest,
        "nobody waits for money that the provider kept"
    );
    assert_eq!(
        lent.balance(&world, AccountCode::PlatformProviderCosts).await,
        0,
        "borne by the project"
    );
    let platform = lent.balance(&world, AccountCode::PlatformFees).await;
    let tax = world.count("select sum(tax_minor)::bigint from payout").await;
    assert_eq!(lent.balance(&world, AccountCode::Provider).await, platform + tax);
    lent.is_right(&world).await;
}
