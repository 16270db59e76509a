//! The project's bank sends the payout of a loan back after it said that it had it.

use felag_domain::ledger::AccountCode;
use felag_domain::person::Role;
use felag_tests::World;
use felag_tests::lending::{Loan, mixed_ask};
use serde_json::json;
use time::Duration;

use super::going_well::{loan_state, pay_out, stands};

#[tokio::test]
async fn a_loan_whose_payout_comes_back_owes_nothing_until_it_is_paid_out_anew() {
    let world = World::new().await;
    let (owner, treasurer) = (world.person("owner").await, world.person("treasurer").await);
    let lena = world.person("lena").await;
    let campaign = world.open_loan(&owner, &mixed_ask(), &Loan::default()).await;
    world.join(campaign.project, &treasurer, Role::Treasurer).await;
    world.lend(&lena, &campaign, "1000").await;
    world.close_lending(&campaign).await;
    world.sign_for_project(&owner, &campaign).await.expect(303);
    world.advance_to(campaign.deadline + Duration::MINUTE).await;
    pay_out(&world, &campaign, [&owner, &treasurer], 1).await;
    assert_eq!(loan_state(&world).await, "repaying");
    assert_eq!(world.count("select count(*) from instalment").await, 12);
    assert_eq!(stands(&world, &campaign, AccountCode::Debt).await, -100_000);
    let begun = "select count(*) from entry
                 where kind = 'loan_begun'
                   and cause_id like (select encode(hash, 'hex') || ':%' from loan_paper where kind = 'agreement')";
    assert_eq!(world.count(begun).await, 1);

    let reference: String = sqlx::query_scalar("select bank_payout_ref from payout where source = 'loan'")
        .fetch_one(&world.owner)
        .await
        .unwrap();
    world
        .sandbox_control(&format!("payouts/{reference}"), &json!({ "do": "fail" }))
        .await;
    world.quiet().await;
    world.advance_by(Duration::hours(3)).await;
    assert_eq!(loan_state(&world).await, "collected");
    for rows in [
        "select count(*) from instalment",
        "select count(*) from loan_share",
        "select count(*) from loan_running",
    ] {
        assert_eq!(world.count(rows).await, 0, "{rows}");
    }
    assert_eq!(stands(&world, &campaign, AccountCode::Debt).await, 0);
    assert_eq!(stands(&world, &campaign, AccountCode::HeldLoan).await, 100_000);
    world.ledger_verify().await;
    for (person, kind) in [(&lena, "loan_came_back"), (&owner, "loan_payout_came_back")] {
        let kinds = world.kinds_of_mails_to(&person.email).await;
        assert!(kinds.contains(&kind.to_string()), "{kind}: {kinds:?}");
    }

    // Nobody asks for it again within 30 days: all of it goes back.
    world.advance_by(Duration::days(34)).await;
    assert_eq!(loan_state(&world).await, "refunded");
    assert_eq!(stands(&world, &campaign, AccountCode::HeldLoan).await, 0);
    let kinds = world.kinds_of_mails_to(&lena.email).await;
    assert!(kinds.contains(&"loan_refunded".to_string()), "{kinds:?}");
    world.ledger_verify().await;
}
