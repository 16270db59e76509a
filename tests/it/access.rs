//! Who may ask for what: every route, as every kind of visitor, of one's own project and of somebody else's.
//! The table is access/routes.txt; a route of the application that is missing there fails the test.

mod cast;
mod crawl;
mod table;
mod things;

use std::collections::BTreeSet;

use felag_tests::World;

use self::cast::{Cast, Role};
use self::crawl::{Crawl, fingerprint};
use self::table::{Answer, Row, rows};

/// Forms that do without a token, for whom, and why.
const WITHOUT_TOKEN: [(&str, &[Role], &str); 4] = [
    ("/webhooks/provider", &Role::ALL, "signed by the provider"),
    (
        "/unsubscribe/{token}",
        &Role::ALL,
        "the link is the proof: one click in a mail program (RFC 8058)",
    ),
    (
        "/campaigns/{slug}/follow",
        &[Role::Guest],
        "stands on cached pages and acts in nobody's name",
    ),
    (
        "/sign-out",
        &[Role::Guest],
        "a browser whose sign-in is over may still leave",
    ),
];

/// Forms that may come from anywhere: what is sent carries its own proof.
const FROM_ANYWHERE: [&str; 2] = ["/webhooks/provider", "/unsubscribe/{token}"];

#[tokio::test]
async fn the_table_has_every_route_that_is_served_and_no_other() {
    let world = World::new().await;
    let served = served(&world).await;
    assert!(served.len() > 70, "{served:?}");
    let known: BTreeSet<String> = rows()
        .iter()
        .map(|row| format!("{} {}", row.method, row.path))
        .collect();
    let missing: Vec<_> = served.difference(&known).collect();
    let gone: Vec<_> = known.difference(&served).collect();
    assert!(
        missing.is_empty(),
        "not in tests/it/access/routes.txt: {missing:#?}"
    );
    assert!(gone.is_empty(), "not served any more: {gone:#?}");
}

/// Every route of the application: the paths as the router names them, the methods as the server answers.
async fn served(world: &World) -> BTreeSet<String> {
    let router = format!("{:?}", felag::wiring::app(world.ctx.clone()));
    let routes = router.split("fallback_router").next().unwrap();
    let paths = routes.split("RouteId(").filter_map(|part| {
        let path = part.split_once("): \"")?.1;
        path.split_once('"').map(|(path, _)| path)
    });
    let browser = world.browser();
    let mut served = BTreeSet::new();
    for path in paths {
        let one = path.replace('*', "").replace(['{', '}'], "");
        // A method nobody serves is answered with those that are.
        let answer = browser.ask("PROBE", &one).await.expect(405);
        let allow = answer.headers["allow"].to_str().unwrap();
        let methods = allow.split(',').filter(|method| *method != "HEAD");
        served.extend(methods.map(|method| format!("{method} {path}")));
    }
    served
}

#[tokio::test]
async fn every_route_answers_everybody_as_the_table_says_and_tells_nobodys_secrets() {
    let world = World::new().await;
    let cast = Cast::gather(&world).await;
    let rows = rows();
    let mut crawl = Crawl::new(&world, &cast);

    let before = fingerprint(&world).await;
    for row in rows.iter().filter(|row| row.method == "GET") {
        crawl.ask(row, |_| true).await;
    }
    crawl.nothing_is_there(&rows).await;
    crawl.search("kanarienvogel").await;
    assert_eq!(fingerprint(&world).await, before, "looking changes nothing");

    let forms: Vec<&Row> = rows.iter().filter(|row| row.method == "POST").collect();
    for row in &forms {
        crawl.ask(row, Answer::is_refusal).await;
    }
    crawl.forgeries(&forms).await;
    assert_eq!(
        fingerprint(&world).await,
        before,
        "what is refused changes nothing"
    );

    for row in &forms {
        crawl.ask(row, |answer| !answer.is_refusal()).await;
    }
    crawl.end();
}

#[test]
fn what_does_without_a_token_is_in_the_table() {
    for (path, ..) in WITHOUT_TOKEN {
        assert!(rows().iter().any(|row| row.path == path), "{path} is gone");
    }
    assert!(
        FROM_ANYWHERE
            .iter()
            .all(|path| WITHOUT_TOKEN.iter().any(|(known, ..)| known == path))
    );
}
