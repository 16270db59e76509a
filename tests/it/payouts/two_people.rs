//! A payout from its proposal to the bank, by two different people.

use felag_domain::ids::BookId;
use felag_domain::ledger::AccountCode;
use felag_domain::money::Currency;
use felag_domain::person::Role;
use felag_tests::World;
use felag_tests::asking::Opened;
use felag_tests::paying_out::press;
use felag_tests::people::Person;
use time::Duration;

/// A campaign that holds 110 euros, and its owner and treasurer, both of whom may act on money.
pub async fn with_two(world: &World) -> (Opened, Person, Person) {
    let owner = world.person("owner").await;
    let treasurer = world.person("treasurer").await;
    let campaign = world.funded_campaign(&owner).await;
    world.join(campaign.project, &treasurer, Role::Treasurer).await;
    world.prove(&owner).await;
    world.prove(&treasurer).await;
    (campaign, owner, treasurer)
}

pub async fn stands(world: &World, campaign: &Opened, account: AccountCode) -> i64 {
    let book = BookId::of_campaign(campaign.id);
    let balance = felag::ledger::balance(&world.ctx.db, book, account, Currency::EUR).await;
    balance.unwrap().minor()
}

pub fn page(campaign: &Opened) -> String {
    format!("/campaigns/{}/payouts/1", campaign.slug)
}

pub async fn approve(person: &Person, campaign: &Opened, number: u32) -> felag_tests::Reply {
    let page = format!("/campaigns/{}/payouts/{number}", campaign.slug);
    press(&person.browser, &page, &format!("{page}/approval"), &[]).await
}

#[tokio::test]
async fn a_payout_leaves_when_two_people_approved_it_and_reaches_the_bank() {
    let world = World::new().await;
    let (campaign, owner, treasurer) = with_two(&world).await;
    assert_eq!(stands(&world, &campaign, AccountCode::Held).await, 11_000);
    let shown = owner.browser.get(&page(&campaign)).await.expect(200);
    assert!(shown.says("waits for two approvals"), "{}", shown.words());

    approve(&owner, &campaign, 1).await.expect(303);
    let shown = owner.browser.get(&page(&campaign)).await.expect(200);
    assert!(shown.says("You approved this payout."), "{}", shown.words());
    assert_eq!(stands(&world, &campaign, AccountCode::Payable).await, 0);
    approve(&treasurer, &campaign, 1).await.expect(303);
    // 60 and 50 with a tip of 5: 1.5 % and 25 cents of each charge, of which the tip bears its part.
    let costs = 115 + 108 - 10;
    let net = 11_000 - costs - 121;
    assert_eq!(stands(&world, &campaign, AccountCode::Payable).await, net);
    assert_eq!(stands(&world, &campaign, AccountCode::Held).await, 0);

    world.advance_by(Duration::days(4)).await;
    let shown = treasurer.browser.get(&page(&campaign)).await.expect(200);
    assert!(shown.says("The bank has it."), "{}", shown.words());
    for (account, balance) in [
        (AccountCode::Payable, 0),
        (AccountCode::InTransit, 0),
        (AccountCode::PlatformFees, 98),
        (AccountCode::Tax, 23),
        (AccountCode::PlatformProviderCosts, 10),
    ] {
        assert_eq!(stands(&world, &campaign, account).await, balance, "{account}");
    }
    world.ledger_verify().await;
    assert_eq!(
        world
            .count("select count(*) from campaign where state = 'closed'")
            .await,
        1
    );
    let paid = world
        .count("select count(*) from audit_row where kind = 'payout.approved' and not refused")
        .await;
    assert_eq!(paid, 2);
    let kinds = world.kinds_of_mails_to(&treasurer.email).await;
    assert!(
        kinds.ends_with(&["payout_asked".into(), "payout_paid".into()]),
        "{kinds:?}"
    );
    statements(&treasurer, &campaign).await;
    let book = owner
        .browser
        .get(&format!("/campaigns/{}/books", campaign.slug))
        .await
        .expect(200);
    assert!(book.says("Payout sent to the project"), "{}", book.words());
}

/// Page, CSV and PDF say the same, to the cent.
async fn statements(person: &Person, campaign: &Opened) {
    let page = page(campaign);
    let shown = person.browser.get(&page).await.expect(200);
    let csv = person
        .browser
        .get(&format!("{page}/statement.csv"))
        .await
        .expect(200);
    for (label, shown_as, figure) in [
        ("Gifts collected since", "€110.00", "110.00"),
        ("Taken for this payout", "€110.00", "110.00"),
        ("Cost of the payment provider, passed on", "€2.13", "-2.13"),
        ("Fee of the platform", "€0.98", "-0.98"),
        ("Sent to the project", "€106.66", "106.66"),
    ] {
        assert!(
            shown.says(label) && shown.says(shown_as),
            "{label}: {}",
            shown.words()
        );
        let line = csv.text.lines().find(|line| line.contains(label));
        assert!(
            line.is_some_and(|line| line.ends_with(&format!(",{figure},EUR"))),
            "{label}: {}",
            csv.text
        );
    }
    let pdf = person
        .browser
        .get(&format!("{page}/statement.pdf"))
        .await
        .expect(200);
    assert_eq!(pdf.headers["content-type"], "application/pdf");
    assert!(pdf.text.starts_with("%PDF-1.7"));
}

#[tokio::test]
async fn nobody_approves_twice_and_a_line_of_the_log_says_who_tried() {
    let world = World::new().await;
    let (campaign, owner, _) = with_two(&world).await;
    approve(&owner, &campaign, 1).await.expect(303);
    let action = format!("{}/approval", page(&campaign));
    let again = owner.browser.post_form(&action, &[]).await.expect(422);
    assert!(
        again.says("A second, different person must approve it."),
        "{}",
        again.words()
    );
    let refused = "select count(*) from audit_row where kind = 'payout.approved' and refused";
    assert_eq!(world.count(refused).await, 1);
    assert_eq!(stands(&world, &campaign, AccountCode::Held).await, 11_000);
    let sql = "update payout set second_by = first_by, second_at = first_at, state = 'approved'";
    let cause = sqlx::query(sql)
        .execute(&world.owner)
        .await
        .unwrap_err()
        .to_string();
    assert!(cause.contains("nobody_approves_a_payout_twice"), "{cause}");
}

#[tokio::test]
async fn one_of_the_project_and_a_steward_let_a_payout_go_but_not_two_stewards() {
    let world = World::new().await;
    let (campaign, owner, _) = with_two(&world).await;
    let (first, second) = (world.steward("tove").await, world.steward("ingo").await);
    world.prove(&first).await;
    world.prove(&second).await;
    let list = first.browser.get("/payouts").await.expect(200);
    assert!(list.says("waits for two approvals"), "{}", list.words());
    approve(&first, &campaign, 1).await.expect(303);
    let refused = approve(&second, &campaign, 1).await.expect(422);
    assert!(refused.says("An owner or treasurer of the project must approve it, too."));
    approve(&owner, &campaign, 1).await.expect(303);
    world.advance_by(Duration::days(4)).await;
    let shown = owner.browser.get(&page(&campaign)).await.expect(200);
    assert!(shown.says("approved it as a steward") && shown.says("The bank has it."));
}

#[tokio::test]
async fn whoever_gave_no_code_from_their_phone_moves_nothing() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.funded_campaign(&owner).await;
    let refused = approve(&owner, &campaign, 1).await;
    assert_ne!(refused.status, 200);
    assert_eq!(
        world
            .count("select count(*) from payout where first_by is not null")
            .await,
        0
    );
    let editor = world.person("editor").await;
    world.join(campaign.project, &editor, Role::Editor).await;
    world.prove(&editor).await;
    let action = format!("{}/approval", page(&campaign));
    editor.browser.post_form(&action, &[]).await.expect(403);
    let stranger = world.person("stranger").await;
    stranger.browser.get(&page(&campaign)).await.expect(404);
}

#[tokio::test]
async fn what_is_asked_for_is_taken_once_and_the_rest_stays_held() {
    let world = World::new().await;
    let (campaign, owner, treasurer) = with_two(&world).await;
    call_off(&owner, &campaign, 1).await;
    let payouts = format!("/campaigns/{}/payouts", campaign.slug);
    let form = owner.browser.get(&payouts).await.expect(200);
    let fields = [("amount", "40")];
    let one = owner.browser.submit(&form, &payouts, &fields).await.expect(303);
    let two = owner.browser.submit(&form, &payouts, &fields).await.expect(303);
    assert_eq!(one.location(), two.location());
    approve(&treasurer, &campaign, 2).await.expect(303);
    assert_eq!(stands(&world, &campaign, AccountCode::Held).await, 7_000);
    world.advance_by(Duration::days(4)).await;
    assert_eq!(
        world
            .count("select count(*) from payout where state = 'paid'")
            .await,
        1
    );
    assert_eq!(
        world
            .count("select count(*) from campaign where state = 'funded'")
            .await,
        1
    );
    for (amount, words) in [
        ("71", "At most €70.00 can be paid out."),
        ("0", "more than zero"),
        ("-3", "less than nothing"),
        ("x", "number"),
    ] {
        let form = owner.browser.get(&payouts).await.expect(200);
        let refused = owner
            .browser
            .submit(&form, &payouts, &[("amount", amount)])
            .await
            .expect(422);
        assert!(
            refused.says(words) || amount != "71",
            "{amount}: {}",
            refused.words()
        );
    }
    assert_eq!(
        world
            .count("select count(*) from audit_row where kind = 'payout.asked' and refused")
            .await,
        4
    );
    world.ledger_verify().await;
}

pub async fn call_off(person: &Person, campaign: &Opened, number: u32) {
    let page = format!("/campaigns/{}/payouts/{number}", campaign.slug);
    let fields = [("reason", "We ask for less first.")];
    press(&person.browser, &page, &format!("{page}/withdrawal"), &fields)
        .await
        .expect(303);
}
