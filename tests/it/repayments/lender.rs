//! What a lender sees and takes along: months and what is to come, the calendar, the statement, the summary of a year.

use felag_tests::World;
use felag_tests::asking::Ask;
use felag_tests::paying_out::press;
use time::Duration;
use time::macros::datetime;

use super::lending::{DUE, Lent, back, lend_to, lent, owner_back};
use super::paying::pay;

#[tokio::test]
async fn a_lender_sees_month_by_month_what_came_back_what_is_late_and_what_is_to_come() {
    let world = World::new().await;
    let lent = lent(&world).await;
    let lender = &lent.lenders[0];
    back(&world, lender).await;
    let before = lender.browser.get("/my/loans").await.expect(200);
    for words in ["15 April 2026", "15 May 2026", "15 June 2026"] {
        assert!(before.says(words), "{words}: {}", before.words());
    }
    // 398.01 and 6.00 by 7 to 5; all principal to come is what was lent.
    assert!(before.says("€232.17 €3.50"), "{}", before.words());
    assert!(
        !before.text.contains("<rect class=\"f-loan\""),
        "nothing came back yet"
    );

    world
        .advance_to(DUE[0].midnight().assume_utc() - Duration::DAY)
        .await;
    owner_back(&world, &lent.owner).await;
    pay(&world, &lent, "404.01").await;
    sqlx::query("delete from loan_mandate")
        .execute(&world.owner)
        .await
        .unwrap();
    world
        .advance_to(DUE[1].midnight().assume_utc() + Duration::days(2))
        .await;
    back(&world, lender).await;
    let page = lender.browser.get("/my/loans").await.expect(200);
    for words in [
        "Month Principal Interest Late To come",
        "April 2026 €232.17 €3.50 – –",
        "May 2026 – – €235.67 –",
        "June 2026 – – – €235.67",
        "15 May 2026 Late €233.33 €2.34",
    ] {
        assert!(page.says(words), "{words}: {}", page.words());
    }
    for class in ["f-loan", "f-match", "late", "open"] {
        let bar = format!("<rect class=\"{class}\"");
        assert!(page.text.contains(&bar), "{bar}: {}", page.text);
    }
    let share = format!("/my/loans/{}", lent.shares[0]);
    let share = lender.browser.get(&share).await.expect(200);
    assert!(share.says("June 2026 – – – €235.67"), "{}", share.words());
}

#[tokio::test]
async fn nothing_is_said_to_come_of_a_loan_that_was_given_up() {
    let world = World::new().await;
    let lent = lent(&world).await;
    let steward = world.steward("stella").await;
    world
        .advance_to(DUE[0].midnight().assume_utc() + Duration::days(92))
        .await;
    owner_back(&world, &steward).await;
    let action = format!("/campaigns/{}/loan/write-off", lent.campaign.slug);
    let reason = [("reason", "The association was dissolved.")];
    press(&steward.browser, &lent.page(), &action, &reason)
        .await
        .expect(303);
    let lender = &lent.lenders[0];
    back(&world, lender).await;
    let page = lender.browser.get("/my/loans").await.expect(200);
    assert!(page.says("Nothing is to come."), "{}", page.words());
    assert!(!page.says("15 Apr"), "{}", page.words());
    assert!(!page.text.contains("<rect class=\"open\""), "{}", page.text);
}

/// The mails about money that came back: subject and text.
async fn credited(world: &World, email: &str) -> Vec<(String, String)> {
    let mails = world.mails_to(email).await;
    let credited = mails.into_iter().filter(|mail| mail.kind == "loan_credited");
    credited.map(|mail| (mail.subject, mail.text_body)).collect()
}

#[tokio::test]
async fn what_came_back_on_a_day_from_all_loans_is_told_in_one_mail_the_next_morning() {
    let world = World::new().await;
    let mut lent = lent(&world).await;
    let ask = Ask {
        title: "A loom for the valley".into(),
        ..Ask::default()
    };
    let second = world.open_campaign(&lent.owner, &ask).await;
    lend_to(&world, &second, &lent.owner, &lent.lenders).await;
    world.advance_to(datetime!(2026-04-14 10:00 UTC)).await;
    owner_back(&world, &lent.owner).await;
    pay(&world, &lent, "204.01").await;
    pay(&world, &lent, "200").await;
    lent.campaign = second;
    pay(&world, &lent, "404.01").await;
    assert!(
        credited(&world, &lent.lenders[0].email).await.is_empty(),
        "not yet"
    );
    world.advance_to(datetime!(2026-04-15 09:00 UTC)).await;
    for (lender, amount) in lent
        .lenders
        .iter()
        .zip(["€232.17, with €3.50", "€165.84, with €2.50"])
    {
        let told = credited(&world, &lender.email).await;
        let [(subject, text)] = told.as_slice() else {
            panic!("{told:?}")
        };
        assert_eq!(subject, "Money came back from 2 loans");
        assert_eq!(text.matches(amount).count(), 2, "{text}");
        assert!(text.contains("A loom for the valley"), "{text}");
        assert!(text.trim_end().contains("/my/loans\n"), "{text}");
    }
}

#[tokio::test]
async fn what_a_bank_took_back_before_the_morning_is_not_told_as_received() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world.advance_to(datetime!(2026-04-14 10:00 UTC)).await;
    owner_back(&world, &lent.owner).await;
    pay(&world, &lent, "404.01").await;
    sqlx::query("update repayment set state = 'returned'")
        .execute(&world.owner)
        .await
        .unwrap();
    world.advance_to(datetime!(2026-04-14 23:00 UTC)).await;
    world.advance_to(datetime!(2026-04-15 09:00 UTC)).await;
    assert!(credited(&world, &lent.lenders[0].email).await.is_empty());
}

async fn calendar_address(world: &World, lent: &Lent) -> String {
    let lender = &lent.lenders[0];
    press(&lender.browser, "/my/loans", "/my/loans/calendar", &[])
        .await
        .expect(303);
    let token = sqlx::query_scalar::<_, String>("select token from calendar_feed")
        .fetch_one(&world.owner)
        .await
        .unwrap();
    format!("/calendars/{token}.ics")
}

#[tokio::test]
async fn a_calendar_address_is_made_when_asked_for_and_a_new_one_ends_the_old() {
    let world = World::new().await;
    let lent = lent(&world).await;
    let lender = &lent.lenders[0];
    lender.browser.get("/my/loans").await.expect(200);
    assert_eq!(world.count("select count(*) from calendar_feed").await, 0);
    let first = calendar_address(&world, &lent).await;
    let feed = world.browser().get(&first).await.expect(200);
    assert_eq!(feed.text.matches("BEGIN:VEVENT").count(), 3, "{}", feed.text);
    let page = lender.browser.get("/my/loans").await.expect(200);
    assert!(page.text.contains(&first), "{}", page.text);
    let second = calendar_address(&world, &lent).await;
    assert_ne!(first, second);
    world.browser().get(&first).await.expect(404);
    world.browser().get(&second).await.expect(200);
}

#[tokio::test]
async fn the_calendar_is_one_that_programs_read() {
    let world = World::new().await;
    let lent = lent(&world).await;
    sqlx::query("update campaign set title = 'Kilns, ovens; and a very long name that goes on and on: þórður þórður þórður'")
        .execute(&world.owner)
        .await
        .unwrap();
    let address = calendar_address(&world, &lent).await;
    let feed = world.browser().get(&address).await.expect(200);
    assert_eq!(feed.headers["content-type"], "text/calendar; charset=utf-8");
    assert!(feed.text.ends_with("END:VCALENDAR\r\n"));
    assert_eq!(feed.text.matches('\n').count(), feed.text.matches("\r\n").count());
    assert!(
        feed.text.split("\r\n").all(|line| line.len() <= 75),
        "{}",
        feed.text
    );
    let whole = feed.text.replace("\r\n ", "");
    for part in [
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:",
        "\r\nDTSTAMP:",
        "\r\nDTSTART;VALUE=DATE:20260415\r\n",
        "SUMMARY:Kilns\\, ovens\\; and",
    ] {
        assert!(whole.contains(part), "{part}: {whole}");
    }
    let ids = |text: &str| -> Vec<String> {
        let lines = text.split("\r\n").filter(|line| line.starts_with("UID:"));
        lines.map(str::to_string).collect()
    };
    let first = ids(&whole);
    world.advance_by(Duration::days(2)).await;
    let again = world.browser().get(&address).await.expect(200);
    assert_eq!(
        first,
        ids(&again.text.replace("\r\n ", "")),
        "a day keeps its name"
    );
    assert_eq!(first.len(), 3);
}

#[tokio::test]
async fn a_lender_takes_along_a_statement_and_the_sums_of_a_year() {
    let world = World::new().await;
    let lent = lent(&world).await;
    world
        .advance_to(DUE[0].midnight().assume_utc() - Duration::DAY)
        .await;
    owner_back(&world, &lent.owner).await;
    pay(&world, &lent, "404.01").await;
    let lender = &lent.lenders[0];
    back(&world, lender).await;
    let statement = format!("/my/loans/{}/statement.pdf", lent.shares[0]);
    let document = lender.browser.get(&statement).await.expect(200);
    assert_eq!(document.headers["content-type"], "application/pdf");
    let page = lender.browser.get("/my/loans/tax/2026").await.expect(200);
    for words in ["€232.17", "€3.50", "In all"] {
        assert!(page.says(words), "{words}: {}", page.words());
    }
    let csv = lender
        .browser
        .get("/my/loans/tax/2026/summary.csv")
        .await
        .expect(200);
    assert!(csv.text.contains("EUR,232.17,3.50,0.00,0.00"), "{}", csv.text);
    let document = lender
        .browser
        .get("/my/loans/tax/2026/summary.pdf")
        .await
        .expect(200);
    assert_eq!(document.headers["content-type"], "application/pdf");
    for other in ["/my/loans/tax/2025", "/my/loans/tax/2027", "/my/loans/tax/never"] {
        lender.browser.get(other).await.expect(404);
    }
    back(&world, &lent.lenders[1]).await;
    lent.lenders[1].browser.get(&statement).await.expect(404);
}

#[tokio::test]
async fn a_loss_stands_in_the_year_it_was_given_up_and_what_is_recovered_in_its_own() {
    let world = World::new().await;
    let lent = lent(&world).await;
    let steward = world.steward("stella").await;
    world
        .advance_to(DUE[0].midnight().assume_utc() + Duration::days(92))
        .await;
    owner_back(&world, &steward).await;
    let action = format!("/campaigns/{}/loan/write-off", lent.campaign.slug);
    let reason = [("reason", "The association was dissolved.")];
    press(&steward.browser, &lent.page(), &action, &reason)
        .await
        .expect(303);
    world
        .advance_to(time::macros::datetime!(2027-02-01 12:00 UTC))
        .await;
    owner_back(&world, &lent.owner).await;
    pay(&world, &lent, "120").await;
    let lender = &lent.lenders[0];
    back(&world, lender).await;
    let lost = lender
        .browser
        .get("/my/loans/tax/2026/summary.csv")
        .await
        .expect(200);
    assert!(lost.text.contains("EUR,0.00,0.00,700.00,0.00"), "{}", lost.text);
    let recovered = lender
        .browser
        .get("/my/loans/tax/2027/summary.csv")
        .await
        .expect(200);
    assert!(
        recovered.text.contains("EUR,0.00,0.00,0.00,70.00"),
        "{}",
        recovered.text
    );
}
