//! What comes back is kept where the rules let it be, given to the project, or sent on after all.

use felag::campaigns::unpayable::payout_account_lost;
use felag_domain::ledger::AccountCode;
use felag_tests::people::Person;
use felag_tests::sim::model::Model;
use felag_tests::sim::oracle::{Memory, View, When, broken};
use felag_tests::{Reply, World};
use time::Duration;

use super::lending::{DUE, Lent, lent, owner_back};
use super::paying::pay;
use super::sending::{payable, sent};
use super::trouble::come_back;

/// A loan whose rules let lenders keep what comes back, of a campaign that is funded.
pub async fn held(world: &World) -> Lent {
    let lent = lent(world).await;
    for sql in [
        "update loan set policy = 'european may_hold_balances=yes', updated_at = $1",
        "update campaign set state = 'funded', decided_at = $1, ended_at = $1",
    ] {
        let done = sqlx::query(sql).bind(world.ctx.now());
        done.execute(&world.owner).await.unwrap();
    }
    world
        .advance_to(DUE[0].midnight().assume_utc() - Duration::DAY)
        .await;
    lent
}

/// 404.01 come back: 235.67 to the first lender, 168.34 to the second. No more is debited by itself.
pub async fn repaid(world: &World, lent: &Lent) {
    owner_back(world, &lent.owner).await;
    pay(world, lent, "404.01").await;
    let no_more = sqlx::query("delete from loan_mandate");
    no_more.execute(&world.owner).await.unwrap();
}

/// Asks for what comes back to be kept, or sent on, through the form on the page of all loans.
pub async fn choose(world: &World, lender: &Person, keep: &str) {
    owner_back(world, lender).await;
    let page = lender.browser.get("/my/loans").await.expect(200);
    assert_eq!(page.form("/my/loans/keeping").fields.last().unwrap().1, keep);
    let sent = lender.browser.submit(&page, "/my/loans/keeping", &[]).await;
    assert_eq!(sent.expect(303).location(), "/my/loans");
}

pub fn gift_of(lent: &Lent, index: usize) -> String {
    format!("/my/loans/{}/gift", lent.shares[index])
}

/// The page that repeats what is given, or why not.
pub async fn review(lent: &Lent, index: usize, amount: &str) -> Reply {
    let (gift, browser) = (gift_of(lent, index), &lent.lenders[index].browser);
    let page = browser.get(&gift).await.expect(200);
    let action = format!("{gift}/review");
    browser.submit(&page, &action, &[("amount", amount)]).await
}

/// A form that no page showed, with the right token.
async fn forge(person: &Person, path: &str, fields: &[(&str, &str)]) -> Reply {
    let page = person.browser.get("/my/loans").await.expect(200);
    let form = page.form("/my/loans/calendar");
    let token = form.fields.iter().find(|(name, _)| name == "csrf").unwrap();
    let token = [("csrf", token.1.as_str())];
    let fields = [&token[..], fields].concat();
    person.browser.post_raw(path, &fields).await
}

/// What the oracle of the simulation says of gifts of lenders, and of what is held and owed.
pub async fn books_are_right(world: &World, lent: &Lent) {
    lent.is_right(world).await;
    let view = View {
        db: &world.owner,
        model: &Model::default(),
        memory: &Memory::default(),
    };
    let told = broken(&view, When::Always).await.unwrap();
    // The loan of these tests is written down, not charged: the rules about its charges do not hold.
    let of_kept = [
        "what a share is still owed is its claim",
        "what a lender gave is booked",
        "what was lent again is booked",
        "what is between books",
        "what is held of a loan",
        "what is held, and the tips",
        "what a project owes is what refunds",
        "what a campaign owes is what came in",
        "a balance is the sum of its movements",
        "no liability is below zero",
        "no entry had to be parked",
    ];
    let wrong: Vec<_> = told
        .iter()
        .filter(|one| of_kept.iter().any(|rule| one.starts_with(rule)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn what_a_lender_wants_kept_stays_and_is_sent_on_as_soon_as_they_say_so() {
    let world = World::new().await;
    let lent = held(&world).await;
    let lender = &lent.lenders[0];
    payable(&world, &lent.lenders[0]).await;
    choose(&world, lender, "yes").await;
    repaid(&world, &lent).await;
    world.advance_by(Duration::days(20)).await;
    assert_eq!(lent.of_lender(&world, 0).await, 23_567);
    assert_eq!(sent(&world, &lent, 0).await, 0, "kept, the first of a month too");

    owner_back(&world, lender).await;
    for path in ["/my/loans", "/my/loans/account"] {
        let page = lender.browser.get(path).await.expect(200);
        for words in [
            "€235.67 is kept now",
            "not a bank deposit",
            "no deposit guarantee",
        ] {
            assert!(page.says(words), "{path}, {words}: {}", page.words());
        }
    }
    choose(&world, lender, "no").await;
    world.advance_by(Duration::days(1)).await;
    assert_eq!(lent.of_lender(&world, 0).await, 0);
    assert_eq!(sent(&world, &lent, 0).await, 1);
    books_are_right(&world, &lent).await;
}

#[tokio::test]
async fn what_is_kept_can_be_given_to_the_project_and_is_shown_as_given() {
    let world = World::new().await;
    let lent = held(&world).await;
    let lender = &lent.lenders[0];
    choose(&world, lender, "yes").await;
    repaid(&world, &lent).await;
    let held_before = lent.balance(&world, AccountCode::Held).await;
    let provider = lent.balance(&world, AccountCode::Provider).await;

    let gift = gift_of(&lent, 0);
    for (amount, words) in [
        ("0.99", "The least that can be given is €1.00"),
        ("235.68", "No more than €235.67 is kept"),
        ("lots", "plain number"),
    ] {
        let refused = review(&lent, 0, amount).await.expect(422);
        assert!(refused.says(words), "{amount}: {}", refused.words());
    }
    let asked = review(&lent, 0, "100").await.expect(200);
    for words in ["Give €100.00?", &lender.name, "€135.67", "cannot be taken back"] {
        assert!(asked.says(words), "{words}: {}", asked.words());
    }
    assert_eq!(
        lent.of_lender(&world, 0).await,
        23_567,
        "nothing before the button"
    );
    for _ in 0..2 {
        let done = lender.browser.submit(&asked, &gift, &[]).await.expect(303);
        assert_eq!(done.location(), format!("/my/loans/{}", lent.shares[0]));
    }
    world.quiet().await;
    assert_eq!(lent.of_lender(&world, 0).await, 13_567, "sent twice, given once");
    assert_eq!(
        lent.balance(&world, AccountCode::Held).await,
        held_before + 10_000
    );
    assert_eq!(
        lent.balance(&world, AccountCode::Provider).await,
        provider,
        "nothing moved at the provider"
    );
    let proposed = "select gross_minor from payout where source = 'gifts' and state = 'proposed'";
    assert_eq!(world.count(proposed).await, 10_000, "it is paid out as gifts are");

    is_shown_as_given(&lent).await;
    let told = world.kinds_of_mails_to(&lender.email).await;
    assert_eq!(
        told.iter().filter(|kind| *kind == "lender_gave").count(),
        1,
        "{told:?}"
    );
    let told = world.kinds_of_mails_to(&lent.owner.email).await;
    assert!(told.contains(&"loan_given".into()), "{told:?}");
    books_are_right(&world, &lent).await;
}

/// On the page, in the statement and in the year of the first lender: 100 of 235.67.
async fn is_shown_as_given(lent: &Lent) {
    let lender = &lent.lenders[0];
    let share = format!("/my/loans/{}", lent.shares[0]);
    let page = lender.browser.get(&share).await.expect(200);
    for words in ["Yours, kept here €135.67", "Given to the project €100.00"] {
        assert!(page.says(words), "{words}: {}", page.words());
    }
    let csv = lender
        .browser
        .get(&format!("{share}/statement.csv"))
        .await
        .expect(200);
    assert!(
        csv.text.contains(",232.17,3.50,EUR,0.00,0.00\r\n"),
        "{}",
        csv.text
    );
    assert!(
        csv.text.contains(",0.00,0.00,EUR,100.00,0.00\r\n"),
        "{}",
        csv.text
    );
    let pdf = lender.browser.get(&format!("{share}/statement.pdf")).await;
    assert_eq!(pdf.expect(200).headers["content-type"], "application/pdf");
    let year = lender
        .browser
        .get("/my/loans/tax/2026/summary.csv")
        .await
        .expect(200);
    let line = "EUR,232.17,3.50,0.00,0.00,100.00\r\n";
    assert!(
        year.text.contains(line),
        "interest that was given was received: {}",
        year.text
    );
}

#[tokio::test]
async fn where_the_rules_of_a_loan_say_no_nothing_is_offered_and_a_forged_request_changes_nothing() {
    let world = World::new().await;
    let lent = held(&world).await;
    let lender = &lent.lenders[0];
    sqlx::query("update loan set policy = 'european'")
        .execute(&world.owner)
        .await
        .unwrap();
    payable(&world, &lent.lenders[0]).await;
    repaid(&world, &lent).await;
    owner_back(&world, lender).await;
    let share = format!("/my/loans/{}", lent.shares[0]);
    let gift = gift_of(&lent, 0);
    for path in ["/my/loans", "/my/loans/account", &share] {
        let page = lender.browser.get(path).await.expect(200);
        for word in ["kept", "/keeping", gift.as_str()] {
            assert!(!page.text.contains(word), "{path}, {word}: {}", page.words());
        }
    }
    let refused = forge(lender, "/my/loans/keeping", &[("keep", "yes")])
        .await
        .expect(422);
    assert!(refused.says("it is sent on to you"), "{}", refused.words());
    lender.browser.get(&gift).await.expect(422);
    let fields = [
        ("amount", "100"),
        ("request", "0192f0c1-2345-7000-8000-0000000000ff"),
    ];
    for path in [gift.clone(), format!("{gift}/review")] {
        let refused = forge(lender, &path, &fields).await.expect(422);
        assert!(refused.says("it is sent on to you"), "{}", refused.words());
    }
    // Somebody who keeps what comes of another loan has this one sent on all the same.
    sqlx::query("insert into lender_keeping (person_id, since) values ($1, now())")
        .bind(lender.id.as_uuid())
        .execute(&world.owner)
        .await
        .unwrap();
    assert_eq!(world.count("select count(*) from lender_gift").await, 0);
    world.advance_by(Duration::days(20)).await;
    assert_eq!(lent.of_lender(&world, 0).await, 0);
    assert!(sent(&world, &lent, 0).await > 0);
    books_are_right(&world, &lent).await;
}

#[tokio::test]
async fn giving_asks_for_a_code_and_another_lenders_share_does_not_exist() {
    let world = World::new().await;
    let lent = held(&world).await;
    let [lena, lars] = &lent.lenders;
    choose(&world, lena, "yes").await;
    repaid(&world, &lent).await;
    owner_back(&world, lars).await;
    lars.browser.get(&gift_of(&lent, 0)).await.expect(404);
    let fields = [
        ("amount", "100"),
        ("request", "0192f0c1-2345-7000-8000-0000000000ff"),
    ];
    forge(lars, &gift_of(&lent, 0), &fields).await.expect(404);
    world.code_was_given(lena, Duration::HOUR).await;
    let refused = forge(lena, &gift_of(&lent, 0), &fields).await;
    assert_ne!(refused.status, 303, "{}", refused.words());
    let refused = forge(lena, "/my/loans/keeping", &[("keep", "no")]).await;
    assert_ne!(refused.status, 303, "{}", refused.words());
    assert_eq!(lent.of_lender(&world, 0).await, 23_567);
    assert_eq!(world.count("select count(*) from lender_keeping").await, 1);
}

#[tokio::test]
async fn two_tabs_that_give_the_same_money_at_once_give_it_once() {
    let world = World::new().await;
    let lent = held(&world).await;
    let lender = &lent.lenders[0];
    choose(&world, lender, "yes").await;
    repaid(&world, &lent).await;
    owner_back(&world, lender).await;
    let gift = gift_of(&lent, 0);
    let mut tabs = Vec::new();
    for amount in ["200", "150", "100", "50"] {
        tabs.push(review(&lent, 0, amount).await.expect(200));
    }
    let sends = tabs.iter().map(|tab| lender.browser.submit(tab, &gift, &[]));
    let replies = futures::future::join_all(sends).await;
    for reply in &replies {
        assert!([303, 422].contains(&reply.status), "{}", reply.words());
    }
    world.quiet().await;
    let given = world
        .count("select coalesce(sum(amount_minor), 0)::bigint from lender_gift")
        .await;
    assert!((1..=23_567).contains(&given), "{given}");
    assert_eq!(lent.of_lender(&world, 0).await, 23_567 - given);
    assert!(
        replies.iter().any(|reply| reply.status == 422),
        "500 is more than there is"
    );
    books_are_right(&world, &lent).await;
}

#[tokio::test]
async fn of_a_repayment_that_a_bank_takes_back_what_was_given_is_the_projects_to_make_up_for() {
    let world = World::new().await;
    let lent = held(&world).await;
    let lender = &lent.lenders[0];
    choose(&world, lender, "yes").await;
    repaid(&world, &lent).await;
    let asked = review(&lent, 0, "100").await.expect(200);
    lender
        .browser
        .submit(&asked, &gift_of(&lent, 0), &[])
        .await
        .expect(303);
    come_back(&world).await;
    assert_eq!(lent.of_lender(&world, 0).await, 0, "what is kept goes first");
    assert_eq!(lent.of_lender(&world, 1).await, 0);
    let fee = world
        .count("select (fee_held_minor + fee_payable_minor + fee_receivable_minor)::bigint from dispute")
        .await;
    let owed = lent.balance(&world, AccountCode::Receivable).await;
    assert!(owed > 0 && owed <= 10_000 + fee, "{owed}, with a fee of {fee}");
    books_are_right(&world, &lent).await;
}

#[tokio::test]
async fn a_campaign_that_gives_everything_back_gives_its_lenders_their_gifts_back() {
    let world = World::new().await;
    let lent = held(&world).await;
    let lender = &lent.lenders[0];
    choose(&world, lender, "yes").await;
    repaid(&world, &lent).await;
    let asked = review(&lent, 0, "100").await.expect(200);
    lender
        .browser
        .submit(&asked, &gift_of(&lent, 0), &[])
        .await
        .expect(303);
    let mut tx = world.ctx.db.begin().await.unwrap();
    payout_account_lost(&mut tx, &world.ctx, lent.campaign.project)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let refused = review(&lent, 0, "10").await.expect(422);
    assert!(refused.says("cannot be paid out now"), "{}", refused.words());
    world.advance_by(Duration::days(61)).await;
    let unwound = "select count(*) from campaign where state = 'unwound'";
    assert_eq!(world.count(unwound).await, 1);
    assert_eq!(lent.of_lender(&world, 0).await, 23_567);
    assert_eq!(lent.balance(&world, AccountCode::Held).await, 0);
    let told = world.kinds_of_mails_to(&lender.email).await;
    assert!(told.contains(&"lender_gift_returned".into()), "{told:?}");
    owner_back(&world, lender).await;
    let page = lender.browser.get(&format!("/my/loans/{}", lent.shares[0])).await;
    let page = page.expect(200);
    assert!(page.says("Came back to you"), "{}", page.words());
    books_are_right(&world, &lent).await;
}
