//! The demo: what it holds, and that it is made whole or not at all.

use felag::clock::wall;
use felag::demo::{self, LOG_INS, PASSWORD};
use felag_tests::World;
use time::Duration;

/// A world whose clock shows the wall's time, as that of a server started with `--demo`.
async fn world() -> World {
    let world = World::with(&[]).await;
    world.ctx.clock.show(wall());
    world
}

async fn play(world: &World) {
    demo::ensure(&world.ctx, &world.sandbox)
        .await
        .unwrap_or_else(|cause| panic!("no demo: {cause:#}"));
}

async fn states(world: &World) -> Vec<(String, i64)> {
    let sql = "select state, count(*) from campaign group by state order by state";
    sqlx::query_as(sql).fetch_all(&world.owner).await.unwrap()
}

/// In every state that a campaign comes to, but a draft's and those on the way.
async fn stands_in_every_state(world: &World) {
    let all = [
        ("cancelled", 1),
        ("closed", 6),
        ("collecting", 1),
        ("failed", 1),
        ("funded", 1),
        ("in_review", 1),
        ("open", 4),
        ("short", 1),
        ("suspended", 1),
        ("unpayable", 1),
        ("unwound", 1),
    ];
    assert_eq!(
        states(world).await,
        all.map(|(state, count)| (state.to_string(), count))
    );
}

#[tokio::test]
async fn the_demo_plays_through_and_a_second_start_changes_nothing() {
    let world = world().await;
    play(&world).await;
    stands_in_every_state(&world).await;
    assert!(
        (world.ctx.now() - wall()).abs() < Duration::SECOND,
        "the clock is right again"
    );
    assert_eq!(world.ctx.demo.word(), Some("ready"));

    assert!(world.ledger_verify().await.entries > 150);
    assert_eq!(
        world
            .count("select count(*) from job where failed_at is not null or last_error is not null")
            .await,
        0
    );
    assert_eq!(
        world.count("select count(*) from job where run_at < now()").await,
        0
    );
    assert_eq!(
        world
            .count("select count(*) from provider_event where applied_at is null")
            .await,
        0
    );
    assert_eq!(world.count("select count(*) from parked_entry").await, 0);
    assert_eq!(
        world
            .count("select count(*) from message where state <> 'sent'")
            .await,
        0
    );
    let unbalanced = "select count(*) from campaign_total join campaign using (campaign_id)
                      where state in ('collecting', 'funded', 'short', 'failed', 'unwound')
                        and promised_minor <> collected_minor + at_risk_minor + lost_minor";
    assert_eq!(world.count(unbalanced).await, 0);
    let at_last = "select count(distinct state) from pledge
                   where state in ('card_saved', 'cancelled', 'released', 'paid', 'needs_you', 'retry_later', 'dropped')";
    assert_eq!(world.count(at_last).await, 7);
    let future = "select count(*) from pledge where created_at > now()";
    assert_eq!(world.count(future).await, 0);

    let payouts = "select count(distinct state) from payout where state in ('asked', 'returned', 'paid')";
    assert_eq!(world.count(payouts).await, 3);

    let given_back =
        "select count(distinct why) from refund where state = 'succeeded' and why in ('project', 'unwound')";
    assert_eq!(world.count(given_back).await, 2);
    assert_eq!(
        world
            .count("select count(*) from dispute where state = 'open'")
            .await,
        1
    );

    let before = world.count("select count(*) from entry").await;
    play(&world).await;
    world.quiet().await;
    assert_eq!(world.count("select count(*) from entry").await, before);
}

#[tokio::test]
async fn a_loan_stands_in_the_demo_in_every_state() {
    let world = world().await;
    play(&world).await;
    let sql = "select state, count(*) from loan group by state order by state";
    let loans: Vec<(String, i64)> = sqlx::query_as(sql).fetch_all(&world.owner).await.unwrap();
    let each = ["ended", "late", "open", "repaying", "rescheduled", "written_off"];
    assert_eq!(loans, each.map(|state| (state.to_string(), 1)));
}

/// What the lender reads of a loan in each state: on the page of their share, and on the loan's own. No day is named: the
/// demo ends today, whenever that is.
const READ: [(&str, &[&str], &[&str]); 6] = [
    ("ended", &["Repaid", "Back €250.00", "Lost €0.00"], &["Repaid"]),
    (
        "late",
        &["Late", "Back €0.00", "Late €"],
        &["Late", "no other loan"],
    ),
    ("open", &[], &["Open", "Lend to this project"]),
    (
        "repaying",
        &["Repaying on time", "Paid €", "To come €"],
        &["Repaying", "agreed when the loan was paid out"],
    ),
    (
        "rescheduled",
        &["On a new plan", "New plan and vote", "To come €"],
        &[
            "On a new plan",
            "a new plan that lenders agreed to, are not in it",
        ],
    ),
    (
        "written_off",
        &["Given up", "Lost €130.00", "Back €20.00", "Given up €"],
        &["Given up", "no other loan"],
    ),
];

#[tokio::test]
async fn each_loan_of_the_demo_shows_its_lender_what_is_true_of_its_state() {
    let world = world().await;
    play(&world).await;
    let browser = world.browser();
    let page = browser.get("/sign-in").await.expect(200);
    let who = [("email", "lender@felag.example"), ("password", PASSWORD)];
    browser.submit(&page, "/sign-in", &who).await.expect(303);
    let mine = browser.get("/my/loans").await.expect(200);
    for words in [
        "Lent €1,450.00",
        "Back €335.79",
        "Lost €130.00",
        "12 November 2026 Late",
    ] {
        assert!(mine.says(words), "{words}: {}", mine.words());
    }
    let sql = "select loan.state, slug, commitment_id, token from commitment join loan using (campaign_id)
               join campaign using (campaign_id) join person using (person_id)
               where email = 'lender@felag.example'";
    let lent: Vec<(String, String, uuid::Uuid, String)> =
        sqlx::query_as(sql).fetch_all(&world.owner).await.unwrap();
    assert_eq!(lent.len(), READ.len());
    for (state, of_share, of_loan) in READ {
        let (_, slug, id, token) = lent.iter().find(|one| one.0 == state).unwrap();
        let signed = browser.get(&format!("/my/commitments/{token}")).await.expect(200);
        let link = format!("href=\"/my/loans/{id}\"");
        assert_eq!(signed.text.contains(&link), !of_share.is_empty(), "{state}");
        let loan = browser.get(&format!("/campaigns/{slug}/loan")).await.expect(200);
        for words in of_loan {
            assert!(loan.says(words), "{state}, {words}: {}", loan.words());
        }
        if of_share.is_empty() {
            continue;
        }
        let share = browser.get(&format!("/my/loans/{id}")).await.expect(200);
        for words in of_share {
            assert!(share.says(words), "{state}, {words}: {}", share.words());
        }
    }
}

#[tokio::test]
async fn the_people_of_the_demo_can_sign_in_and_see_what_is_theirs() {
    let world = world().await;
    play(&world).await;
    for email in LOG_INS {
        let browser = world.browser();
        let page = browser.get("/sign-in").await.expect(200);
        let done = browser
            .submit(&page, "/sign-in", &[("email", email), ("password", PASSWORD)])
            .await;
        assert_eq!(done.status, 303, "{email}");
        browser.get("/my/gifts").await.expect(200);
    }
    for email in [
        "owner@felag.example",
        "treasurer@felag.example",
        "steward@felag.example",
    ] {
        acts_without_a_phone(&world, email).await;
    }
    let home = world.browser().get("/").await.expect(200);
    assert!(
        home.says("Vindur") && home.says("Mühlenplatz"),
        "{}",
        home.words()
    );
}

/// Whoever acts on money in the demo has a second factor, and the page that asks for a code says which it is.
async fn acts_without_a_phone(world: &World, email: &str) {
    let browser = world.browser();
    let page = browser.get("/sign-in").await.expect(200);
    let fields = [("email", email), ("password", PASSWORD)];
    browser.submit(&page, "/sign-in", &fields).await.expect(303);
    let asked = browser
        .follow(browser.get("/my/second-factor/recovery-codes").await)
        .await;
    let words = asked.words();
    let code = words
        .split("your code is ")
        .nth(1)
        .and_then(|rest| rest.split(" right now").next());
    let code = code.unwrap_or_else(|| panic!("{email} is shown no code: {words}"));
    let given = browser
        .submit(&asked, "/my/second-factor/confirmation", &[("code", code)])
        .await
        .expect(303);
    assert_eq!(given.location(), "/my/second-factor/recovery-codes", "{email}");
    browser.follow(given).await.expect(200);
}

#[tokio::test]
async fn a_database_that_is_in_use_gets_no_demo() {
    let world = World::new().await;
    world.person("ada").await;
    let refused = demo::ensure(&world.ctx, &world.sandbox)
        .await
        .unwrap_err()
        .to_string();
    assert!(refused.contains("felag serve"), "{refused}");
    assert_eq!(world.count("select count(*) from demo").await, 0);
}

#[tokio::test]
async fn half_a_demo_is_wiped_and_nobody_works_on_it() {
    use demo::ground::{self, Ground};

    let world = World::new().await;
    assert!(ground::begin(&world.ctx).await.unwrap());
    world.person("ada").await;
    let mut conn = world.owner.acquire().await.unwrap();
    assert!(
        ground::refuse_half(&mut conn).await.is_err(),
        "without --demo it is refused"
    );

    let owner = world.owner.connect_options();
    let Ground::Empty(alone) = ground::clear(&owner).await.unwrap() else {
        panic!("it was not finished")
    };
    assert_eq!(world.count("select count(*) from person").await, 0);
    assert_eq!(world.count("select count(*) from demo").await, 0);
    assert!(ground::refuse_half(&mut conn).await.is_ok());
    assert!(ground::clear(&owner).await.is_err(), "one player at a time");
    drop(alone);
}
