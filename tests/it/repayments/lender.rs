//! What a lender sees and takes along: the calendar, the statement, the summary of a year.

use felag_tests::World;
use felag_tests::paying_out::press;

use super::lending::{Lent, lent};

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
    world.sign_in(&lender.browser, &lender.email).await;
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
