//! Giving one payment back, whole and in part.

use felag_tests::giving::Gift;
use time::Duration;

use super::funded;

fn with_tip() -> Gift {
    Gift {
        tip: "3".into(),
        ..Gift::of("30", "")
    }
}

#[tokio::test]
async fn a_part_comes_off_the_gift_and_everything_takes_the_tip_along() {
    let all = funded(&[with_tip(), Gift::of("20", "")]).await;
    let browser = &all.owner.browser;
    let done = all
        .give_back(browser, "backer0@felag.example", Some("10"))
        .await
        .expect(303);
    let page = browser.get(&done.location()).await.expect(200);
    assert!(page.says("€10.00 is on its way back"), "{}", page.words());
    all.world.quiet().await;
    assert_eq!(all.figures().await, (4_000, 1_000));
    assert_eq!(all.balance("held").await, 4_000);
    assert_eq!(all.balance("platform:tips").await, 300);
    all.all_is_well().await;

    all.give_back(browser, "backer0@felag.example", None)
        .await
        .expect(303);
    all.world.quiet().await;
    assert_eq!(all.figures().await, (2_000, 3_000));
    assert_eq!(all.balance("platform:tips").await, 0);
    all.all_is_well().await;
    let refunded =
        "select count(*) from payment where refunded_minor = amount_minor and tip_refunded_minor = tip_minor";
    assert_eq!(all.world.count(refunded).await, 1);
}

#[tokio::test]
async fn the_backer_reads_why_and_sees_it_on_the_pledge_and_in_the_public_book() {
    let all = funded(&[with_tip()]).await;
    all.give_back(&all.owner.browser, "backer0@felag.example", Some("12.50"))
        .await
        .expect(303);
    all.world.quiet().await;
    let mails = all.world.mails_to("backer0@felag.example").await;
    let mail = mails.iter().find(|mail| mail.kind == "refund_done").unwrap();
    assert!(mail.subject.contains("€12.50"), "{}", mail.subject);
    assert!(
        mail.text_body.contains("The thank-you could not be made."),
        "{}",
        mail.text_body
    );
    let pledge = all.world.browser().get(&mail.link("/pledges/")).await.expect(200);
    assert!(pledge.says("€12.50 was paid back"), "{}", pledge.words());
    assert!(pledge.says("The thank-you could not be made."));
    let book = format!("/campaigns/{}/books", all.campaign.slug);
    let book = all.world.browser().get(&book).await.expect(200);
    assert!(
        book.says("To be paid back") && book.says("Paid back"),
        "{}",
        book.words()
    );
    let backers = format!("/campaigns/{}/backers", all.campaign.slug);
    let list = all.owner.browser.get(&backers).await.expect(200);
    assert!(list.says("€12.50 given back"), "{}", list.words());
    let csv = all.owner.browser.get(&format!("{backers}.csv")).await.expect(200);
    assert!(csv.text.contains("\"12.50\""), "{}", csv.text);
}

#[tokio::test]
async fn more_than_was_paid_is_refused_in_words_and_noted() {
    let all = funded(&[with_tip()]).await;
    for (typed, words) in [
        ("30.01", "No more than €30.00 is left"),
        ("0", "above zero"),
        ("-5", "below zero"),
        ("", "amount"),
        ("1e1", "number"),
    ] {
        let refused = all
            .check(&all.owner.browser, "backer0@felag.example", Some(typed))
            .await
            .expect(422);
        assert!(refused.says(words), "{typed}: {}", refused.words());
    }
    assert_eq!(all.world.count("select count(*) from refund").await, 0);
    let noted = "select count(*) from audit_row where kind = 'refund.asked' and refused";
    assert_eq!(all.world.count(noted).await, 1);
    assert_eq!(all.figures().await, (3_000, 0));
    all.all_is_well().await;
}

#[tokio::test]
async fn the_same_form_thirty_two_times_gives_back_once() {
    let all = funded(&[with_tip()]).await;
    let browser = &all.owner.browser;
    let check = all
        .check(browser, "backer0@felag.example", Some("10"))
        .await
        .expect(200);
    let path = all.refund_path("backer0@felag.example").await;
    let sends = (0..32).map(|_| browser.submit(&check, &path, &[]));
    for reply in futures::future::join_all(sends).await {
        reply.expect(303);
    }
    all.world.quiet().await;
    assert_eq!(all.world.count("select count(*) from refund").await, 1);
    assert_eq!(all.figures().await, (2_000, 1_000));
    let noted = "select count(*) from audit_row where kind = 'refund.asked' and not refused";
    assert_eq!(all.world.count(noted).await, 1);
    // The same form with another amount is another wish: it is refused, not guessed at.
    let other = browser
        .submit(&check, &path, &[("amount", "11")])
        .await
        .expect(422);
    assert!(other.says("sent before with another amount"), "{}", other.words());
    all.all_is_well().await;
}

#[tokio::test]
async fn two_people_who_give_everything_back_at_once_give_it_back_once() {
    let all = funded(&[with_tip()]).await;
    let steward = all.world.steward("steward").await;
    all.world.prove(&steward).await;
    let email = "backer0@felag.example";
    let path = all.refund_path(email).await;
    let one = all.check(&all.owner.browser, email, None).await.expect(200);
    let other = all.check(&steward.browser, email, None).await.expect(200);
    let (one, other) = tokio::join!(
        all.owner.browser.submit(&one, &path, &[]),
        steward.browser.submit(&other, &path, &[])
    );
    let mut answers = [one.status, other.status];
    answers.sort_unstable();
    assert_eq!(answers, [303, 422]);
    all.world.quiet().await;
    assert_eq!(all.world.count("select count(*) from refund").await, 1);
    all.all_is_well().await;
}

#[tokio::test]
async fn only_those_who_answer_for_the_money_may_give_it_back() {
    let all = funded(&[with_tip()]).await;
    let path = all.refund_path("backer0@felag.example").await;
    let editor = all.world.person("editor").await;
    let role = "insert into member (project_id, person_id, role, created_at) values ($1, $2, $3, now())";
    for (person, role_name) in [(&editor, "editor")] {
        sqlx::query(role)
            .bind(all.campaign.project.as_uuid())
            .bind(person.id.as_uuid())
            .bind(role_name)
            .execute(&all.world.owner)
            .await
            .unwrap();
        all.world.prove(person).await;
    }
    let stranger = all.world.person("stranger").await;
    all.world.prove(&stranger).await;
    editor.browser.get(&path).await.expect(403);
    stranger.browser.get(&path).await.expect(404);
    let treasurer = all.world.person("treasurer").await;
    sqlx::query(role)
        .bind(all.campaign.project.as_uuid())
        .bind(treasurer.id.as_uuid())
        .bind("treasurer")
        .execute(&all.world.owner)
        .await
        .unwrap();
    // Without a code there is no page and no refund, not even for the treasurer.
    let asked = treasurer.browser.get(&path).await.expect(303);
    assert!(
        asked.location().starts_with("/my/second-factor"),
        "{}",
        asked.location()
    );
    all.world.prove(&treasurer).await;
    all.give_back(&treasurer.browser, "backer0@felag.example", None)
        .await
        .expect(303);
    // A pledge of another campaign is not found here.
    let foreign = path.replace(&all.campaign.slug, "another-campaign");
    all.owner.browser.get(&foreign).await.expect(404);
}

#[tokio::test]
async fn what_was_paid_out_already_the_project_owes() {
    let all = funded(&[with_tip(), Gift::of("20", "")]).await;
    // As a payout books it: 45 of the 50 left, and 3 of the rest are approved.
    let sql = "update account_balance set balance_minor = case account when 'held' then 200 else 300 end
               where book_id = $1 and account in ('held', 'payable')";
    let id = all.campaign.id.as_uuid();
    let row = "insert into account_balance (book_id, account, currency, is_liability) values ($1, 'payable', 'EUR', true)";
    sqlx::query(row).bind(id).execute(&all.world.owner).await.unwrap();
    sqlx::query(sql).bind(id).execute(&all.world.owner).await.unwrap();
    all.give_back(&all.owner.browser, "backer0@felag.example", None)
        .await
        .expect(303);
    all.world.quiet().await;
    assert_eq!(all.balance("held").await, 0);
    assert_eq!(all.balance("payable").await, 0);
    assert_eq!(all.balance("receivable").await, 2_500);
    assert_eq!(all.balance("in-transit:refund").await, 0);
    all.world.advance_by(Duration::days(1)).await;
    assert_eq!(all.figures().await, (2_000, 3_000));
}
