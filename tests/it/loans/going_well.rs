//! A loan from asking to paid out.

use felag_domain::ids::BookId;
use felag_domain::ledger::AccountCode;
use felag_domain::money::Currency;
use felag_domain::person::Role;
use felag_tests::World;
use felag_tests::asking::Opened;
use felag_tests::giving::Gift;
use felag_tests::lending::{Loan, mixed_ask};
use felag_tests::paying_out::press;
use time::Duration;

pub async fn stands(world: &World, campaign: &Opened, account: AccountCode) -> i64 {
    let book = BookId::of_campaign(campaign.id);
    let balance = felag::ledger::balance(&world.ctx.db, book, account, Currency::EUR).await;
    balance.unwrap().minor()
}

pub async fn loan_state(world: &World) -> String {
    sqlx::query_scalar("select state from loan")
        .fetch_one(&world.owner)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_loan_is_asked_for_lent_signed_collected_and_paid_out() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let treasurer = world.person("treasurer").await;
    let (lena, lars) = (world.person("lena").await, world.person("lars").await);
    let campaign = world.open_loan(&owner, &mixed_ask(), &Loan::default()).await;
    world.join(campaign.project, &treasurer, Role::Treasurer).await;
    let shown = world
        .browser()
        .get(&format!("/campaigns/{}/loan", campaign.slug))
        .await
        .expect(200);
    for words in [
        "An investment in a crowdfunding project includes the risk of losing the entirety of the money invested.",
        "No deposit guarantee scheme",
        "5 % a year",
        "Comes back in all",
        "It costs the project",
        "Lenses in bulk",
        "There is no security",
    ] {
        assert!(shown.says(words), "{words}: {}", shown.words());
    }

    let first = world.lend(&lena, &campaign, "600").await;
    assert!(first.page.says("Committed"), "{}", first.page.words());
    assert!(first.page.says("You may take it back"), "{}", first.page.words());
    world.lend(&lars, &campaign, "400").await;
    world
        .pledge(&campaign, &Gift::of("60", "giver@felag.example"))
        .await;
    world.advance_by(Duration::days(6)).await;
    let later = world.shown(&lena.browser, &first).await;
    assert!(later.says("Binding"), "{}", later.words());

    world.close_lending(&campaign).await;
    assert_eq!(loan_state(&world).await, "closed");
    world.sign_for_project(&owner, &campaign).await.expect(303);
    assert_eq!(loan_state(&world).await, "signed");

    // 60 of gifts alone would miss the minimum of 500: the firm commitments decide.
    world.advance_to(campaign.deadline + Duration::MINUTE).await;
    assert_eq!(loan_state(&world).await, "collected");
    assert_eq!(stands(&world, &campaign, AccountCode::HeldLoan).await, 100_000);
    assert_eq!(stands(&world, &campaign, AccountCode::Held).await, 6_000);
    let funded = "select count(*) from campaign where state = 'funded'";
    assert_eq!(world.count(funded).await, 1);

    world.sign_in(&lena.browser, &lena.email).await;
    let active = world.shown(&lena.browser, &first).await;
    assert!(active.says("This is your share"), "{}", active.words());
    pay_out(&world, &campaign, [&owner, &treasurer], 2).await;
    assert_eq!(loan_state(&world).await, "repaying");
    assert_eq!(stands(&world, &campaign, AccountCode::HeldLoan).await, 0);
    world.ledger_verify().await;
    let kinds = world.kinds_of_mails_to(&lena.email).await;
    for kind in [
        "loan_committed",
        "loan_firm",
        "loan_charged",
        "loan_collected",
        "loan_paid_out",
    ] {
        assert!(kinds.contains(&kind.to_string()), "{kind}: {kinds:?}");
    }
    let kinds = world.kinds_of_mails_to(&owner.email).await;
    assert!(kinds.contains(&"loan_to_sign".to_string()), "{kinds:?}");
}

/// Signs somebody in again, if the time that passed has signed them out.
pub async fn returns(world: &World, person: &felag_tests::people::Person) {
    if person.browser.get("/my/account").await.status != 200 {
        world.come_back(person).await;
    }
}

/// Two people approve the payouts that are proposed, one after the other, until the loan's is at the bank.
pub async fn pay_out(
    world: &World,
    campaign: &Opened,
    people: [&felag_tests::people::Person; 2],
    payouts: u32,
) {
    for _ in 0..payouts {
        world.advance_by(Duration::days(2)).await;
        let number = world
            .count("select number::bigint from payout where state in ('proposed', 'asked') order by number limit 1")
            .await;
        let page = format!("/campaigns/{}/payouts/{number}", campaign.slug);
        for person in people {
            returns(world, person).await;
            press(&person.browser, &page, &format!("{page}/approval"), &[])
                .await
                .expect(303);
        }
        world.advance_by(Duration::days(4)).await;
    }
}
