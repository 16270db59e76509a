//! The project's bank sends the payout of a loan back after it said that it had it.

use felag_domain::ledger::AccountCode;
use felag_domain::money::Currency;
use felag_domain::person::Role;
use felag_tests::World;
use felag_tests::asking::Opened;
use felag_tests::lending::{Loan, mixed_ask};
use felag_tests::people::Person;
use serde_json::json;
use time::Duration;

use super::going_well::{loan_state, pay_out, returns, stands};

/// A loan of a thousand that was paid out, and whose bank then sent the money back.
struct CameBack {
    campaign: Opened,
    owner: Person,
    treasurer: Person,
    steward: Person,
    lena: Person,
}

async fn fails_at_the_bank(world: &World) {
    let sql = "select bank_payout_ref from payout where source = 'loan' order by number desc limit 1";
    let reference: String = sqlx::query_scalar(sql).fetch_one(&world.owner).await.unwrap();
    let fail = json!({ "do": "fail" });
    world
        .sandbox_control(&format!("payouts/{reference}"), &fail)
        .await;
    world.quiet().await;
    world.advance_by(Duration::hours(3)).await;
}

async fn came_back(world: &World) -> CameBack {
    let (owner, treasurer) = (world.person("owner").await, world.person("treasurer").await);
    let (lena, steward) = (world.person("lena").await, world.steward("stella").await);
    let campaign = world.open_loan(&owner, &mixed_ask(), &Loan::default()).await;
    world.join(campaign.project, &treasurer, Role::Treasurer).await;
    world.lend(&lena, &campaign, "1000").await;
    world.close_lending(&campaign).await;
    world.sign_for_project(&owner, &campaign).await.expect(303);
    world.advance_to(campaign.deadline + Duration::MINUTE).await;
    pay_out(world, &campaign, [&owner, &treasurer], 1).await;
    assert_eq!(loan_state(world).await, "repaying");
    assert_eq!(world.count("select count(*) from instalment").await, 12);
    assert_eq!(stands(world, &campaign, AccountCode::Debt).await, 100_000);
    fails_at_the_bank(world).await;
    CameBack {
        campaign,
        owner,
        treasurer,
        steward,
        lena,
    }
}

async fn statistics_are_the_books(world: &World) {
    let shown = felag::repayments::statistics(&world.ctx).await.unwrap();
    let (lent, outstanding, lost) = felag::repayments::recomputed(&world.ctx.db, Currency::EUR)
        .await
        .unwrap();
    let shown = shown.first().map_or((0, 0, 0), |one| {
        (one.lent.minor(), one.outstanding.minor(), one.lost.minor())
    });
    assert_eq!(shown, (lent.minor(), outstanding.minor(), lost.minor()));
}

#[tokio::test]
async fn a_loan_whose_payout_comes_back_owes_nothing_until_it_is_paid_out_anew() {
    let world = World::new().await;
    let back = came_back(&world).await;
    let begun = "select count(*) from entry
                 where kind = 'loan_begun'
                   and cause_id like (select encode(hash, 'hex') || ':%' from loan_paper where kind = 'agreement')";
    assert_eq!(world.count(begun).await, 1);
    assert_eq!(loan_state(&world).await, "collected");
    for rows in [
        "select count(*) from instalment",
        "select count(*) from loan_share",
        "select count(*) from loan_running",
    ] {
        assert_eq!(world.count(rows).await, 0, "{rows}");
    }
    assert_eq!(stands(&world, &back.campaign, AccountCode::Debt).await, 0);
    assert_eq!(
        stands(&world, &back.campaign, AccountCode::HeldLoan).await,
        100_000
    );
    world.ledger_verify().await;
    statistics_are_the_books(&world).await;
    for (person, kind) in [
        (&back.lena, "loan_came_back"),
        (&back.owner, "loan_payout_came_back"),
        (&back.owner, "payout_failed"),
        (&back.steward, "payout_failed"),
    ] {
        let kinds = world.kinds_of_mails_to(&person.email).await;
        assert!(kinds.contains(&kind.to_string()), "{kind}: {kinds:?}");
    }
    returns(&world, &back.owner).await;
    let page = format!("/campaigns/{}/payouts/1", back.campaign.slug);
    let shown = back.owner.browser.get(&page).await.expect(200);
    assert!(shown.says("What was lent is held again"), "{}", shown.words());
    returns(&world, &back.steward).await;
    let shown = back.steward.browser.get("/payouts").await.expect(200);
    assert!(
        shown.says("Loans that came back from a bank"),
        "{}",
        shown.words()
    );

    // Nobody approves it again: its own 30 days, not those of the day it was collected.
    world.advance_by(Duration::days(28)).await;
    assert_eq!(loan_state(&world).await, "collected");
    world.advance_by(Duration::days(6)).await;
    assert_eq!(loan_state(&world).await, "refunded");
    assert_eq!(stands(&world, &back.campaign, AccountCode::HeldLoan).await, 0);
    let kinds = world.kinds_of_mails_to(&back.lena.email).await;
    assert!(kinds.contains(&"loan_refunded".to_string()), "{kinds:?}");
    returns(&world, &back.steward).await;
    let shown = back.steward.browser.get("/payouts").await.expect(200);
    assert!(
        !shown.says("Loans that came back from a bank"),
        "{}",
        shown.words()
    );
    world.ledger_verify().await;
}

#[tokio::test]
async fn a_loan_that_came_back_is_proposed_once_more_and_begins_anew_when_its_bank_keeps_it() {
    let world = World::new().await;
    let back = came_back(&world).await;
    // The provider sends nothing to a bank that refused it until somebody has looked after it.
    world.onboard(back.campaign.project, back.owner.id, "EUR").await;
    world.advance_by(Duration::hours(73)).await;
    pay_out(&world, &back.campaign, [&back.owner, &back.treasurer], 1).await;
    assert_eq!(loan_state(&world).await, "repaying");
    assert_eq!(world.count("select count(*) from instalment").await, 12);
    assert_eq!(stands(&world, &back.campaign, AccountCode::Debt).await, 100_000);
    assert_eq!(stands(&world, &back.campaign, AccountCode::HeldLoan).await, 0);
    statistics_are_the_books(&world).await;
    world.ledger_verify().await;

    // And a second time: each return is booked for itself.
    fails_at_the_bank(&world).await;
    assert_eq!(loan_state(&world).await, "collected");
    assert_eq!(
        world
            .count("select count(*) from entry where kind = 'loan_unbegun'")
            .await,
        2
    );
    statistics_are_the_books(&world).await;
    world.ledger_verify().await;
}
