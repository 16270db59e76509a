//! Payouts that do not go well: banks that refuse or send back, changed bank details, refusals and lost answers.

use felag_domain::ledger::AccountCode;
use felag_tests::World;
use felag_tests::asking::Opened;
use felag_tests::paying_out::{bank, check, press};
use felag_tests::people::Person;
use serde_json::json;
use time::Duration;

use super::two_people::{approve, call_off, page, stands, with_two};

async fn change_bank(world: &World, campaign: &Opened, owner: &Person, number: &str) {
    let link = world.onboarding_link(campaign.project, owner.id).await;
    world.onboard_at(&link, number, "EUR", check::FINISHES).await;
    world.quiet().await;
}

#[tokio::test]
async fn changed_bank_details_wait_72_hours_and_everybody_with_a_role_is_told() {
    let world = World::new().await;
    let (campaign, owner, treasurer) = with_two(&world).await;
    change_bank(&world, &campaign, &owner, bank::WORKS_TOO).await;
    for person in [&owner, &treasurer] {
        let mails = world.mails_to(&person.email).await;
        let told = mails
            .iter()
            .find(|mail| mail.kind == "payout_bank_changed")
            .unwrap();
        assert!(told.text_body.contains("ends in 2606"), "{}", told.text_body);
    }
    let action = format!("{}/approval", page(&campaign));
    let refused = owner.browser.post_form(&action, &[]).await.expect(422);
    assert!(
        refused.says("Nothing is sent for 72 hours after that."),
        "{}",
        refused.words()
    );
    world.advance_by(Duration::hours(73)).await;
    approve(&owner, &campaign, 1).await.expect(303);
    approve(&treasurer, &campaign, 1).await.expect(303);
    world.advance_by(Duration::days(2)).await;
    assert_eq!(
        world
            .count("select count(*) from payout where state = 'paid' and bank_last4 = '2606'")
            .await,
        1
    );
}

#[tokio::test]
async fn what_was_approved_before_the_bank_changed_waits_too() {
    let world = World::new().await;
    let (campaign, owner, treasurer) = with_two(&world).await;
    approve(&owner, &campaign, 1).await.expect(303);
    approve(&treasurer, &campaign, 1).await.expect(303);
    change_bank(&world, &campaign, &owner, bank::WORKS_TOO).await;
    world.advance_by(Duration::hours(71)).await;
    assert_eq!(
        world
            .count("select count(*) from payout where state = 'approved'")
            .await,
        1
    );
    world.advance_by(Duration::days(3)).await;
    assert_eq!(
        world
            .count("select count(*) from payout where state = 'paid'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_payout_that_fails_is_held_again_and_can_be_asked_for_once_more() {
    let world = World::new().await;
    let (campaign, owner, treasurer) = with_two(&world).await;
    change_bank(&world, &campaign, &owner, bank::NO_ACCOUNT).await;
    world.advance_by(Duration::hours(73)).await;
    approve(&owner, &campaign, 1).await.expect(303);
    approve(&treasurer, &campaign, 1).await.expect(303);
    world.advance_by(Duration::days(2)).await;
    let shown = owner.browser.get(&page(&campaign)).await.expect(200);
    assert!(shown.says("came back"), "{}", shown.words());
    for (account, balance) in [
        (AccountCode::Held, 11_000),
        (AccountCode::Payable, 0),
        (AccountCode::InTransit, 0),
        (AccountCode::PlatformFees, 0),
        (AccountCode::Tax, 0),
        (AccountCode::PlatformProviderCosts, 223),
    ] {
        assert_eq!(stands(&world, &campaign, account).await, balance, "{account}");
    }
    let mails = world.mails_to(&owner.email).await;
    let told = mails.iter().find(|mail| mail.kind == "payout_failed").unwrap();
    assert!(
        told.text_body.contains("no such bank account"),
        "{}",
        told.text_body
    );

    change_bank(&world, &campaign, &owner, bank::WORKS).await;
    world.advance_by(Duration::hours(73)).await;
    let payouts = format!("/campaigns/{}/payouts", campaign.slug);
    let form = owner.browser.get(&payouts).await.expect(200);
    owner.browser.submit(&form, &payouts, &[]).await.expect(303);
    approve(&treasurer, &campaign, 2).await.expect(303);
    world.advance_by(Duration::days(2)).await;
    assert_eq!(
        world
            .count("select count(*) from payout where number = 2 and state = 'paid'")
            .await,
        1
    );
    world.ledger_verify().await;
}

#[tokio::test]
async fn a_bank_that_sends_back_what_was_paid_is_believed() {
    let world = World::new().await;
    let (campaign, owner, treasurer) = with_two(&world).await;
    change_bank(&world, &campaign, &owner, bank::COMES_BACK).await;
    world.advance_by(Duration::hours(73)).await;
    approve(&owner, &campaign, 1).await.expect(303);
    approve(&treasurer, &campaign, 1).await.expect(303);
    world.advance_by(Duration::days(2)).await;
    assert_eq!(
        world
            .count("select count(*) from payout where state = 'paid'")
            .await,
        1
    );
    world
        .sandbox_control("webhooks", &json!({ "mode": "drop" }))
        .await;
    world.advance_by(Duration::days(5)).await;
    assert_eq!(
        world
            .count("select count(*) from payout where state = 'returned'")
            .await,
        1
    );
    assert_eq!(stands(&world, &campaign, AccountCode::Held).await, 11_000);
    world.ledger_verify().await;
}

#[tokio::test]
async fn what_a_bank_sends_back_after_the_next_payout_was_asked_for_is_held_again() {
    let world = World::new().await;
    let (campaign, owner, treasurer) = with_two(&world).await;
    change_bank(&world, &campaign, &owner, bank::COMES_BACK).await;
    world.advance_by(Duration::hours(73)).await;
    call_off(&owner, &campaign, 1).await;
    let payouts = format!("/campaigns/{}/payouts", campaign.slug);
    for amount in ["40", "30"] {
        let form = owner.browser.get(&payouts).await.expect(200);
        let fields = [("amount", amount)];
        owner.browser.submit(&form, &payouts, &fields).await.expect(303);
        if amount == "40" {
            approve(&treasurer, &campaign, 2).await.expect(303);
            world.advance_by(Duration::days(2)).await;
        }
    }
    let states = "select string_agg(number || ' ' || state, ', ' order by number) from payout";
    let states = async || -> String { sqlx::query_scalar(states).fetch_one(&world.owner).await.unwrap() };
    assert_eq!(states().await, "1 withdrawn, 2 paid, 3 asked");
    world.advance_by(Duration::days(5)).await;
    assert_eq!(states().await, "1 withdrawn, 2 returned, 3 asked");
    assert_eq!(stands(&world, &campaign, AccountCode::Held).await, 11_000);
    world.ledger_verify().await;
}

#[tokio::test]
async fn lost_answers_never_send_money_twice() {
    let world = World::new().await;
    let (campaign, owner, treasurer) = with_two(&world).await;
    for path in ["POST /v1/transfers", "POST /v1/payouts"] {
        let fault = json!({ "match": path, "effect": "error_500_after", "times": 1 });
        world.sandbox_control("faults", &fault).await;
    }
    world
        .sandbox_control("webhooks", &json!({ "mode": "drop" }))
        .await;
    approve(&owner, &campaign, 1).await.expect(303);
    approve(&treasurer, &campaign, 1).await.expect(303);
    world.advance_by(Duration::days(6)).await;
    let shown = owner.browser.get(&page(&campaign)).await.expect(200);
    assert!(shown.says("The bank has it."), "{}", shown.words());
    let transfers = world.ctx.provider.get("v1/transfers?limit=100").await.unwrap();
    assert_eq!(transfers.body["data"].as_array().unwrap().len(), 1);
    assert_eq!(stands(&world, &campaign, AccountCode::InTransit).await, 0);
    world.ledger_verify().await;
}

#[tokio::test]
async fn a_transfer_that_is_refused_leaves_everything_held() {
    let world = World::new().await;
    let (campaign, owner, treasurer) = with_two(&world).await;
    approve(&owner, &campaign, 1).await.expect(303);
    approve(&treasurer, &campaign, 1).await.expect(303);
    let sql = "update payout_account set account_ref = 'acct_unknown'";
    sqlx::query(sql).execute(&world.owner).await.unwrap();
    world.advance_by(Duration::days(3)).await;
    assert_eq!(
        world
            .count("select count(*) from payout where state = 'returned'")
            .await,
        1
    );
    assert_eq!(stands(&world, &campaign, AccountCode::Held).await, 11_000);
    assert_eq!(stands(&world, &campaign, AccountCode::InTransit).await, 0);
}

#[tokio::test]
async fn what_a_refund_takes_of_an_approved_payout_is_not_sent() {
    let world = World::new().await;
    let (campaign, owner, treasurer) = with_two(&world).await;
    approve(&owner, &campaign, 1).await.expect(303);
    approve(&treasurer, &campaign, 1).await.expect(303);
    // As rule 8 of the domain takes it: from what is payable, when nothing is held.
    use felag_domain::ids::BookId;
    use felag_domain::ledger::{Cause, EntryKind, Movement, NewEntry};
    use felag_domain::money::{Currency, Money};
    let took = Money::from_minor(6_000, Currency::EUR);
    let movement = Movement::new(AccountCode::Payable, AccountCode::Provider, took).unwrap();
    let cause = Cause::new(EntryKind::Refund, "re_test");
    let book = BookId::of_campaign(campaign.id);
    let entry = NewEntry::new(book, cause, world.ctx.now(), vec![movement]).unwrap();
    let mut tx = world.ctx.db.begin().await.unwrap();
    felag::ledger::post(&mut tx, &world.ctx, vec![entry])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    world.advance_by(Duration::days(3)).await;
    let shown = owner.browser.get(&page(&campaign)).await.expect(200);
    assert!(
        shown.says("A refund took part of the approved money."),
        "{}",
        shown.words()
    );
    assert_eq!(stands(&world, &campaign, AccountCode::Held).await, 5_000);
    assert_eq!(stands(&world, &campaign, AccountCode::Payable).await, 0);
}

#[tokio::test]
async fn what_a_refund_gives_back_after_its_payout_was_called_off_is_held_again() {
    let world = World::new().await;
    let (campaign, owner, treasurer) = with_two(&world).await;
    approve(&owner, &campaign, 1).await.expect(303);
    approve(&treasurer, &campaign, 1).await.expect(303);
    let id: String =
        sqlx::query_scalar("select pledge_id::text from pledge where email = 'giver@felag.example'")
            .fetch_one(&world.owner)
            .await
            .unwrap();
    let path = format!("/campaigns/{}/backers/{id}/refund", campaign.slug);
    let whole = [("how", "whole"), ("amount", ""), ("words", "They asked for it.")];
    let check = press(&owner.browser, &path, &format!("{path}/check"), &whole)
        .await
        .expect(200);
    owner.browser.submit(&check, &path, &[]).await.expect(303);
    world.advance_by(Duration::days(2)).await;
    let called_off = "select count(*) from payout where state = 'withdrawn'";
    assert_eq!(world.count(called_off).await, 1, "too little was left for it");
    let reference: String = sqlx::query_scalar("select provider_ref from refund")
        .fetch_one(&world.owner)
        .await
        .unwrap();
    world
        .sandbox_control(&format!("refunds/{reference}"), &json!({ "do": "fail" }))
        .await;
    world.quiet().await;
    assert_eq!(
        world
            .count("select count(*) from refund where state = 'failed'")
            .await,
        1
    );
    assert_eq!(stands(&world, &campaign, AccountCode::Payable).await, 0);
    assert_eq!(stands(&world, &campaign, AccountCode::Held).await, 11_000);
    world.ledger_verify().await;
}
