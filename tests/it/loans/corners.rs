//! What lenders and projects try that is not meant to be, and what becomes of a loan then.

use felag_domain::ledger::AccountCode;
use felag_domain::person::Role;
use felag_tests::asking::{Ask, Opened};
use felag_tests::giving::{Gift, card};
use felag_tests::lending::{Loan, mixed_ask};
use felag_tests::people::{PASSWORD, Person};
use felag_tests::{Reply, World};
use serde_json::json;
use time::Duration;

use super::going_well::{loan_state, stands};

async fn sign_with(
    world: &World,
    lender: &Person,
    campaign: &Opened,
    review: &Reply,
    more: &[(&str, &str)],
) -> Reply {
    let mut fields = vec![("signed_name", lender.name.as_str()), ("password", PASSWORD)];
    fields.extend(more);
    let action = format!("/campaigns/{}/loan/commitments", campaign.slug);
    let _ = world;
    lender.browser.submit(review, &action, &fields).await
}

#[tokio::test]
async fn a_large_amount_is_warned_of_and_wants_proof_that_the_warning_was_understood() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let lena = world.person("lena").await;
    let ask = Ask {
        full_plan_minor: 500_000,
        ..mixed_ask()
    };
    let loan = Loan {
        amount: "4000",
        least: "1000",
        ..Loan::default()
    };
    let campaign = world.open_loan(&owner, &ask, &loan).await;
    // She owns 40,000 by what she says: a twentieth of that is 2,000.
    world.answer_test(&lena).await;
    let small = world.review(&lena, &campaign, "2000").await.expect(200);
    assert!(!small.says("This is a large amount"), "{}", small.words());
    let large = world.review(&lena, &campaign, "2000.01").await.expect(200);
    assert!(large.says("This is a large amount"), "{}", large.words());
    let refused = sign_with(&world, &lena, &campaign, &large, &[]).await.expect(422);
    assert!(refused.says("Please read the warning"), "{}", refused.words());
    assert_eq!(world.count("select count(*) from commitment").await, 0);
    sign_with(&world, &lena, &campaign, &large, &[("understood", "yes")])
        .await
        .expect(303);
    let warned = "select count(*) from commitment where warned_at is not null and amount_minor = 200001";
    assert_eq!(world.count(warned).await, 1);
}

#[tokio::test]
async fn a_project_without_a_legal_holder_is_told_to_name_one_first_and_where() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let project = world.project(&owner, "Open lenses").await;
    let id = world.draft(project, &mixed_ask()).await;
    let found = felag::campaigns::store::find(&world.ctx.db, id).await.unwrap();
    let terms = format!("/campaigns/{}/loan/terms", found.unwrap().slug);
    let named = owner.browser.get(&terms).await.expect(200);
    assert!(!named.says("legal holder"), "{}", named.words());
    let none = "update project set holder_name = null, holder_form = null, holder_country = null,
                holder_address = null, holder_signatory = null";
    sqlx::query(none).execute(&world.owner).await.unwrap();
    let page = owner.browser.get(&terms).await.expect(200);
    assert!(
        page.says("The project has no legal holder yet"),
        "{}",
        page.words()
    );
    let there = "href=\"/projects/open-lenses/holder\"";
    assert!(page.text.contains(there), "{}", page.text);
    let refused = owner
        .browser
        .submit(&page, &terms, &Loan::default().fields())
        .await;
    let refused = refused.expect(422);
    assert!(
        refused.says("First say who answers for the project’s money"),
        "{}",
        refused.words()
    );
    assert!(refused.text.contains(there), "{}", refused.text);
    assert_eq!(world.count("select count(*) from loan").await, 0);
    owner
        .browser
        .get("/projects/open-lenses/holder")
        .await
        .expect(200);
}

#[tokio::test]
async fn a_lenders_limit_of_the_policy_is_refused_in_words() {
    let rules = "european lender_cap=300 lender_worth_percent=50";
    let world = World::with(&[("FELAG_LENDING", rules)]).await;
    let owner = world.person("owner").await;
    let lena = world.person("lena").await;
    let campaign = world.open_loan(&owner, &mixed_ask(), &Loan::default()).await;
    world.answer_test(&lena).await;
    let above = world.review(&lena, &campaign, "300.01").await.expect(422);
    assert!(above.says("you may lend €300.00 at most"), "{}", above.words());
    let review = world.review(&lena, &campaign, "300").await.expect(200);
    let raised = [("amount", "400")];
    let refused = sign_with(&world, &lena, &campaign, &review, &raised)
        .await
        .expect(422);
    assert!(
        refused.says("you may lend €300.00 at most"),
        "{}",
        refused.words()
    );
    world.lend(&lena, &campaign, "300").await;
    let kept = "select count(*) from loan where policy = 'european lender_cap=300 lender_worth_percent=50'";
    assert_eq!(world.count(kept).await, 1);
}

#[tokio::test]
async fn where_only_loans_without_interest_are_allowed_a_rate_is_refused_in_words() {
    let world = World::with(&[("FELAG_LENDING", "interest-free")]).await;
    let owner = world.person("owner").await;
    let project = world.project(&owner, "Open lenses").await;
    let id = world.draft(project, &mixed_ask()).await;
    let found = felag::campaigns::store::find(&world.ctx.db, id).await.unwrap();
    let slug = found.unwrap().slug;
    let refused = world.ask_for(&owner, &slug, &Loan::default()).await.expect(422);
    assert!(refused.says("Only loans without interest"), "{}", refused.words());
    assert_eq!(world.count("select count(*) from loan").await, 0);
    let free = Loan {
        rate: "0",
        ..Loan::default()
    };
    world.ask_for(&owner, &slug, &free).await.expect(303);
}

#[tokio::test]
async fn the_country_of_the_legal_holder_decides_which_rules_hold() {
    let free = Loan {
        rate: "0.01",
        ..Loan::default()
    };
    for (rules, status) in [
        ("interest-free; DE: european; IS: european", 303),
        ("european; DE: interest-free; IS: interest-free", 422),
    ] {
        let world = World::with(&[("FELAG_LENDING", rules)]).await;
        let owner = world.person("owner").await;
        let project = world.project(&owner, "Open lenses").await;
        let id = world.draft(project, &mixed_ask()).await;
        let found = felag::campaigns::store::find(&world.ctx.db, id).await.unwrap();
        let slug = found.unwrap().slug;
        world.ask_for(&owner, &slug, &free).await.expect(status);
    }
}

#[tokio::test]
async fn what_a_member_of_the_project_lends_is_shown_and_not_counted() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let editor = world.person("editor").await;
    let loan = Loan {
        least: "100",
        ..Loan::default()
    };
    let campaign = world.open_loan(&owner, &mixed_ask(), &loan).await;
    world.join(campaign.project, &editor, Role::Editor).await;
    let own = world.lend(&editor, &campaign, "1000").await;
    assert!(
        own.page.says("not counted towards the minimum"),
        "{}",
        own.page.words()
    );
    world
        .pledge(&campaign, &Gift::of("60", "giver@felag.example"))
        .await;
    world.close_lending(&campaign).await;
    let shown = world
        .browser()
        .get(&format!("/campaigns/{}/loan", campaign.slug))
        .await;
    assert!(
        shown.says("Of that the project's own members, not counted €1,000.00"),
        "{}",
        shown.words()
    );
    world.sign_for_project(&owner, &campaign).await.expect(303);
    world.advance_to(campaign.deadline + Duration::HOUR).await;
    assert_eq!(loan_state(&world).await, "failed");
    let kinds = world.kinds_of_mails_to(&editor.email).await;
    assert!(kinds.contains(&"loan_released".to_string()), "{kinds:?}");
}

#[tokio::test]
async fn at_first_only_those_whom_the_project_invites_can_lend() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let (lena, lars, lore) = (
        world.person("lena").await,
        world.person("lars").await,
        world.person("lore").await,
    );
    let loan = Loan {
        network_first: "2",
        ..Loan::default()
    };
    let campaign = world.open_loan(&owner, &mixed_ask(), &loan).await;
    assert_eq!(loan_state(&world).await, "network_first");
    let base = format!("/campaigns/{}/loan", campaign.slug);
    let shown = world.browser().get(&base).await.expect(200);
    assert!(
        shown.says("At first only people whom the project invites"),
        "{}",
        shown.words()
    );
    world.answer_test(&lore).await;
    let review = world.review(&lore, &campaign, "100").await.expect(200);
    let refused = world.sign(&lore, &campaign, &review).await.expect(422);
    assert!(
        refused.says("At first only people whom the project invites"),
        "{}",
        refused.words()
    );

    let own = owner.browser.get(&base).await.expect(200);
    let link = format!("{base}?network=");
    let token: String = own
        .words()
        .split(&link)
        .nth(1)
        .unwrap()
        .chars()
        .take(32)
        .collect();
    for lender in [&lena, &lars] {
        world.answer_test(lender).await;
        let invited = lender.browser.get(&format!("{link}{token}")).await.expect(200);
        let lend = format!("{base}/lend?network={token}");
        assert!(invited.text.contains(&lend), "{}", invited.words());
        let page = lender.browser.get(&lend).await.expect(200);
        let review = lender
            .browser
            .submit(&page, &format!("{base}/lend/review"), &[("amount", "100")])
            .await
            .expect(200);
        let checkout = world.sign(lender, &campaign, &review).await.expect(303);
        let page = lender.browser.follow(checkout).await;
        world.pay(&lender.browser, page, card::WORKS).await.expect(200);
    }
    assert_eq!(loan_state(&world).await, "open");
    world.lend(&lore, &campaign, "100").await;
    assert_eq!(
        world.count("select committed_minor from loan_total").await,
        30_000
    );
}

#[tokio::test]
async fn whoever_waited_fills_what_could_not_be_collected() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let (lena, lars, lore) = (
        world.person("lena").await,
        world.person("lars").await,
        world.person("lore").await,
    );
    let campaign = world.open_loan(&owner, &mixed_ask(), &Loan::default()).await;
    world.lend(&lena, &campaign, "600").await;
    world
        .lend_with(&lars, &campaign, "400", card::DECLINES_LATER)
        .await;
    let waits = world.lend(&lore, &campaign, "400").await;
    world.close_lending(&campaign).await;
    world.sign_for_project(&owner, &campaign).await.expect(303);
    world.advance_to(campaign.deadline + Duration::HOUR).await;
    assert_eq!(loan_state(&world).await, "collecting");
    world.advance_to(campaign.deadline + Duration::days(12)).await;
    assert_eq!(loan_state(&world).await, "collected");
    assert_eq!(stands(&world, &campaign, AccountCode::HeldLoan).await, 100_000);
    world.sign_in(&lore.browser, &lore.email).await;
    let shown = world.shown(&lore.browser, &waits).await;
    assert!(shown.says("This is your share"), "{}", shown.words());
    world.ledger_verify().await;
}

/// A loan that was collected from Lena alone, with its lender.
async fn collected(world: &World) -> (Person, Person, Opened) {
    let owner = world.person("owner").await;
    let lena = world.person("lena").await;
    let campaign = world.open_loan(&owner, &mixed_ask(), &Loan::default()).await;
    world.lend(&lena, &campaign, "1000").await;
    world.close_lending(&campaign).await;
    world.sign_for_project(&owner, &campaign).await.expect(303);
    world.advance_to(campaign.deadline + Duration::HOUR).await;
    assert_eq!(loan_state(world).await, "collected");
    (owner, lena, campaign)
}

#[tokio::test]
async fn a_collected_loan_that_is_not_paid_out_in_thirty_days_goes_back_to_its_lenders() {
    let world = World::new().await;
    let (owner, lena, campaign) = collected(&world).await;
    world.advance_by(Duration::days(29)).await;
    assert_eq!(loan_state(&world).await, "collected");
    world.advance_by(Duration::days(4)).await;
    assert_eq!(loan_state(&world).await, "refunded");
    assert_eq!(stands(&world, &campaign, AccountCode::HeldLoan).await, 0);
    assert_eq!(stands(&world, &campaign, AccountCode::InTransitRefund).await, 0);
    let kinds = world.kinds_of_mails_to(&lena.email).await;
    for kind in ["loan_goes_back", "loan_refunded"] {
        assert!(kinds.contains(&kind.to_string()), "{kind}: {kinds:?}");
    }
    let kinds = world.kinds_of_mails_to(&owner.email).await;
    assert!(kinds.contains(&"loan_went_back".to_string()), "{kinds:?}");
    world.ledger_verify().await;
}

#[tokio::test]
async fn a_lenders_disputed_charge_is_taken_from_what_is_held_of_the_loan_and_comes_back_when_won() {
    let world = World::new().await;
    let (_, _, campaign) = collected(&world).await;
    let charge: String = sqlx::query_scalar("select charge_ref from commitment")
        .fetch_one(&world.owner)
        .await
        .unwrap();
    let body = json!({ "charge": charge, "reason": "fraudulent", "inquiry": false });
    let made = world.sandbox_control("disputes", &body).await;
    world.quiet().await;
    assert_eq!(stands(&world, &campaign, AccountCode::HeldLoan).await, 0);
    assert_eq!(stands(&world, &campaign, AccountCode::Held).await, 0);
    world.ledger_verify().await;
    let path = format!("disputes/{}", made["id"].as_str().unwrap());
    world.sandbox_control(&path, &json!({ "do": "win" })).await;
    world.quiet().await;
    assert_eq!(stands(&world, &campaign, AccountCode::HeldLoan).await, 100_000);
    assert_eq!(loan_state(&world).await, "collected");
    world.ledger_verify().await;
}
