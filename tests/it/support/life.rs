//! A support from its first charge to its end, with the clock moved over months.

use felag_tests::giving::card;
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::{Gift, Stage, stage};

async fn charged_on(stage: &Stage) -> Vec<OffsetDateTime> {
    sqlx::query_scalar("select paid_at from contribution where state = 'paid' order by number")
        .fetch_all(&stage.world.owner)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_first_charge_is_made_with_the_person_there_and_stands_in_the_projects_book() {
    let stage = stage().await;
    let browser = stage.world.browser();
    let gift = Gift {
        tip: "1",
        ..Gift::default()
    };
    let check = stage.check(&browser, &gift).await.expect(200);
    for words in ["€6 a month", "2 April 2026", "until I end it", "At any time"] {
        assert!(check.says(words), "{words}: {}", check.words());
    }
    let path = stage.support(&browser, &gift).await;
    // No worker has run: the person confirmed it themselves.
    assert_eq!(stage.paid().await, 1);
    let page = browser.get(&path).await.expect(200);
    assert!(
        page.says("The next €6.00 is charged on 2 April 2026"),
        "{}",
        page.words()
    );
    stage.world.quiet().await;
    let receipts = stage.world.mails_to(gift.email).await;
    assert_eq!(
        stage.world.kinds_of_mails_to(gift.email).await,
        ["support_charged"]
    );
    for body in [&receipts[0].text_body, &receipts[0].html_body] {
        assert!(body.contains("€6.00") && body.contains("2 April 2026"), "{body}");
    }
    assert_eq!(stage.total().await, (1, 0, 500, 0, 500));
    let guest = stage.world.browser();
    let project = guest.get(&format!("/projects/{}", stage.slug)).await.expect(200);
    assert!(
        project.says("1 person gives about €5 a month"),
        "{}",
        project.words()
    );
    let books = format!("/projects/{}/books", stage.slug);
    let book = guest.get(&books).await.expect(200);
    assert!(
        book.says("Gift collected") && book.says("€5.00"),
        "{}",
        book.words()
    );
    guest.get(&format!("{books}/1")).await.expect(200);
    guest.get(&format!("{books}.json")).await.expect(200);
    stage.all_is_well().await;
}

#[tokio::test]
async fn a_monthly_support_is_charged_on_its_own_day_for_fourteen_months() {
    let stage = stage().await;
    stage.world.advance_to(datetime!(2026-03-31 10:00 UTC)).await;
    let browser = stage.world.browser();
    stage.support(&browser, &Gift::default()).await;
    stage.world.advance_to(datetime!(2027-05-30 12:00 UTC)).await;
    let days: Vec<(u8, u8)> = charged_on(&stage)
        .await
        .iter()
        .map(|at| (u8::from(at.month()), at.day()))
        .collect();
    let expected = [
        (3, 31),
        (4, 30),
        (5, 31),
        (6, 30),
        (7, 31),
        (8, 31),
        (9, 30),
        (10, 31),
        (11, 30),
        (12, 31),
        (1, 31),
        (2, 28),
        (3, 31),
        (4, 30),
    ];
    assert_eq!(days, expected);
    let receipts = stage.world.kinds_of_mails_to("sue@felag.example").await;
    assert_eq!(receipts, ["support_charged"; 14]);
    assert_eq!(stage.total().await, (1, 0, 500, 0, 7_000));
    stage.all_is_well().await;
}

#[tokio::test]
async fn a_yearly_charge_is_announced_fourteen_days_before_and_a_weekly_one_is_not() {
    let stage = stage().await;
    let yearly = Gift {
        period: "yearly",
        amount: "60",
        ..Gift::default()
    };
    let weekly = Gift {
        period: "weekly",
        email: "wes@felag.example",
        ..Gift::default()
    };
    stage.support(&stage.world.browser(), &yearly).await;
    stage.support(&stage.world.browser(), &weekly).await;
    assert_eq!(stage.total().await, (2, 500, 0, 6_000, 6_500));
    stage.world.advance_to(datetime!(2027-02-15 00:00 UTC)).await;
    assert_eq!(
        stage.world.kinds_of_mails_to(yearly.email).await,
        ["support_charged"]
    );
    stage.world.advance_to(datetime!(2027-02-17 00:00 UTC)).await;
    let mails = stage.world.mails_to(yearly.email).await;
    assert_eq!(mails[1].kind, "support_notice");
    assert!(
        mails[1].text_body.contains("2 March 2027"),
        "{}",
        mails[1].text_body
    );
    stage.world.advance_to(datetime!(2027-03-03 00:00 UTC)).await;
    let kinds = stage.world.kinds_of_mails_to(yearly.email).await;
    assert_eq!(kinds, ["support_charged", "support_notice", "support_charged"]);
    let weeks = stage.world.kinds_of_mails_to(weekly.email).await;
    assert_eq!(weeks, vec!["support_charged"; 53]);
    stage.all_is_well().await;
}

#[tokio::test]
async fn a_guest_ends_it_by_the_link_and_nothing_more_is_charged() {
    let stage = stage().await;
    let browser = stage.world.browser();
    let path = stage.support(&browser, &Gift::default()).await;
    stage.world.quiet().await;
    let mail = &stage.world.mails_to("sue@felag.example").await[0];
    let link = mail.link("/supports/");
    assert_eq!(link, path);
    let other = stage.world.browser();
    let end = format!("{link}/end");
    let ask = other.get(&end).await.expect(200);
    other.submit(&ask, &end, &[]).await.expect(303);
    other.submit(&ask, &end, &[]).await.expect(303);
    stage.world.advance_by(Duration::days(70)).await;
    assert_eq!(stage.paid().await, 1);
    assert_eq!(stage.state().await, "ended");
    assert_eq!(stage.total().await, (0, 0, 0, 0, 500));
    let kinds = stage.world.kinds_of_mails_to("sue@felag.example").await;
    assert_eq!(kinds, ["support_charged", "support_ended"]);
    let page = other.get(&link).await.expect(200);
    assert!(page.says("This is over"), "{}", page.words());
    stage.all_is_well().await;
}

#[tokio::test]
async fn a_paused_support_charges_nothing_and_what_was_missed_is_not_charged_later() {
    let stage = stage().await;
    let browser = stage.world.browser();
    let path = stage.support(&browser, &Gift::default()).await;
    stage.press(&browser, &path, "pause", &[]).await.expect(303);
    assert_eq!(stage.total().await, (0, 0, 0, 0, 500));
    stage.world.advance_by(Duration::days(100)).await;
    assert_eq!(stage.paid().await, 1);
    stage.press(&browser, &path, "resume", &[]).await.expect(303);
    stage.world.quiet().await;
    assert_eq!(stage.paid().await, 1);
    let page = browser.get(&path).await.expect(200);
    assert!(page.says("2 July 2026"), "{}", page.words());
    stage.world.advance_to(datetime!(2026-07-02 12:00 UTC)).await;
    assert_eq!(stage.paid().await, 2);
    stage.all_is_well().await;
}

#[tokio::test]
async fn another_amount_counts_from_the_next_charge_on() {
    let stage = stage().await;
    let browser = stage.world.browser();
    let path = stage.support(&browser, &Gift::default()).await;
    let nothing = [("amount", "0"), ("tip", "0")];
    let refused = stage.press(&browser, &path, "change", &nothing).await;
    assert_eq!(refused.status, 422, "{}", refused.words());
    let more = [("amount", "8"), ("tip", "2")];
    stage.press(&browser, &path, "change", &more).await.expect(303);
    assert_eq!(stage.total().await, (1, 0, 800, 0, 500));
    stage.world.advance_by(Duration::days(32)).await;
    let charged = "select sum(amount_minor + tip_minor)::bigint from contribution where state = 'paid'";
    assert_eq!(stage.world.count(charged).await, 500 + 1_000);
    let kinds = stage.world.kinds_of_mails_to("sue@felag.example").await;
    assert_eq!(kinds, ["support_charged", "support_changed", "support_charged"]);
    stage.all_is_well().await;
}

#[tokio::test]
async fn a_person_sees_what_they_support_and_the_project_sees_who() {
    let stage = stage().await;
    let sue = stage.world.person("sue").await;
    let form = format!("/projects/{}/support", stage.slug);
    let page = sue.browser.get(&form).await.expect(200);
    assert!(
        !page.text.contains("name=\"email\""),
        "somebody signed in is not asked"
    );
    let fields = [("amount", "5"), ("period", "monthly"), ("name", "Sue Porter")];
    let check = sue
        .browser
        .submit(&page, &format!("{form}/check"), &fields)
        .await
        .expect(200);
    let create = format!("/projects/{}/supports", stage.slug);
    let checkout = sue.browser.submit(&check, &create, &[]).await.expect(303);
    let checkout = sue.browser.follow(checkout).await;
    stage
        .world
        .pay(&sue.browser, checkout, card::WORKS)
        .await
        .expect(200);
    let mine = sue.browser.get("/my/support").await.expect(200);
    assert!(mine.says("€5 a month") && mine.says("Active"), "{}", mine.words());
    let list = format!("/projects/{}/supporters", stage.slug);
    let list = stage.owner.browser.get(&list).await.expect(200);
    assert!(
        list.says("Sue Porter") && list.says("€5 a month"),
        "{}",
        list.words()
    );
}

#[tokio::test]
async fn a_charge_is_given_back_once_and_the_books_follow() {
    let stage = stage().await;
    let browser = stage.world.browser();
    let gift = Gift {
        tip: "1",
        ..Gift::default()
    };
    let path = stage.support(&browser, &gift).await;
    stage.world.quiet().await;
    stage.world.prove(&stage.owner).await;
    let id: String = sqlx::query_scalar("select contribution_id::text from contribution")
        .fetch_one(&stage.world.owner)
        .await
        .unwrap();
    let refund = format!("/projects/{}/contributions/{id}/refund", stage.slug);
    let ask = stage.owner.browser.get(&refund).await.expect(200);
    assert!(ask.says("Give €6.00 back?"), "{}", ask.words());
    let words = [("words", "You asked for it.")];
    stage
        .owner
        .browser
        .submit(&ask, &refund, &words)
        .await
        .expect(303);
    stage
        .owner
        .browser
        .submit(&ask, &refund, &words)
        .await
        .expect(303);
    stage.world.quiet().await;
    assert_eq!(stage.world.count("select count(*) from refund").await, 1);
    assert_eq!(stage.total().await, (1, 0, 500, 0, 0));
    let page = browser.get(&path).await.expect(200);
    assert!(page.says("You asked for it."), "{}", page.words());
    stage.all_is_well().await;
}

#[tokio::test]
async fn a_bank_that_wants_the_person_sees_them_at_the_first_charge() {
    let stage = stage().await;
    let browser = stage.world.browser();
    let gift = Gift {
        card: card::ASKS_ALWAYS,
        ..Gift::default()
    };
    stage.support(&browser, &gift).await;
    stage.world.quiet().await;
    assert_eq!(stage.state().await, "active");
    assert_eq!(
        stage.world.kinds_of_mails_to(gift.email).await,
        ["support_charged"]
    );
    stage.all_is_well().await;
}
