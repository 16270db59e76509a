//! Sending through a real mail server.

use felag::jobs::enqueue;
use felag::people::jobs::Forget;
use felag::{wiring, workers};
use felag_tests::World;
use time::{Duration, OffsetDateTime};
use tokio_util::sync::CancellationToken;

use super::server::{MailServer, USER};
use super::{deliver, states, write};

async fn world(server: &MailServer, scheme: &str) -> World {
    World::with(&[
        ("FELAG_SMTP", &server.url(scheme)),
        ("FELAG_SMTP_CA", &server.ca()),
    ])
    .await
}

async fn attempts(world: &World, to: &str) -> i32 {
    let sql = "select attempts from message where recipient = $1";
    sqlx::query_scalar(sql)
        .bind(to)
        .fetch_one(&world.owner)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_goes_out_encrypted_with_starttls() {
    let server = MailServer::start("starttls", "starttls");
    let world = world(&server, "smtp+starttls").await;
    write(&world, "ada@felag.example", "starttls", None).await;
    deliver(&world).await;
    let taken = server.taken();
    assert_eq!(taken.len(), 1);
    assert!(taken[0].is_encrypted);
    assert_eq!(taken[0].user.as_deref(), Some(USER));
    assert_eq!(taken[0].to, ["ada@felag.example"]);
    assert_eq!(taken[0].header("Subject").as_deref(), Some("About starttls"));
    assert_eq!(
        taken[0].header("Auto-Submitted").as_deref(),
        Some("auto-generated")
    );
    assert_eq!(states(&world, "ada@felag.example").await, ["sent"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_goes_out_encrypted_from_the_first_byte() {
    let server = MailServer::start("implicit", "implicit");
    let world = world(&server, "smtps").await;
    for number in 0..9 {
        write(
            &world,
            "ada@felag.example",
            &format!("implicit {number}"),
            Some("follow:x"),
        )
        .await;
    }
    deliver(&world).await;
    let taken = server.taken();
    assert_eq!(taken.len(), 9);
    assert!(
        taken
            .iter()
            .all(|mail| mail.is_encrypted && mail.user.as_deref() == Some(USER))
    );
    let leave = taken[0].header("List-Unsubscribe").unwrap();
    assert!(
        leave.starts_with(&format!("<{}/unsubscribe/", world.base)),
        "{leave}"
    );
    assert_eq!(
        taken[0].header("List-Unsubscribe-Post").as_deref(),
        Some("List-Unsubscribe=One-Click")
    );
    let mut ids: Vec<String> = taken
        .iter()
        .filter_map(|mail| mail.header("Message-ID"))
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_a_certificate_of_somebody_else_gets_nothing() {
    for (scheme, mode) in [("smtps", "implicit"), ("smtp+starttls", "starttls")] {
        let server = MailServer::start(&format!("stranger-{mode}"), mode);
        for ca in [Some(server.other_ca()), None] {
            let url = server.url(scheme);
            let mut settings = vec![("FELAG_SMTP", url.as_str())];
            settings.extend(ca.as_deref().map(|ca| ("FELAG_SMTP_CA", ca)));
            let world = World::with(&settings).await;
            write(&world, "ada@felag.example", "secret", None).await;
            deliver(&world).await;
            assert!(server.taken().is_empty());
            assert_eq!(states(&world, "ada@felag.example").await, ["queued"]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_starttls_gets_nothing() {
    let server = MailServer::start("no-starttls", "plain");
    let world = world(&server, "smtp+starttls").await;
    write(&world, "ada@felag.example", "secret", None).await;
    deliver(&world).await;
    assert!(server.taken().is_empty());
    assert_eq!(states(&world, "ada@felag.example").await, ["queued"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_for_now_is_tried_again_until_it_works() {
    let server = MailServer::start("later", "plain");
    let world = world(&server, "smtp").await;
    write(&world, "once-ada@felag.example", "patience", None).await;
    write(&world, "bob@felag.example", "patience", None).await;
    deliver(&world).await;
    assert_eq!(server.taken().len(), 1, "others do not wait");
    assert_eq!(states(&world, "once-ada@felag.example").await, ["queued"]);
    world.ctx.clock.show(world.ctx.now() + Duration::seconds(50));
    deliver(&world).await;
    assert!(server.taken().is_empty(), "not before a minute has passed");
    world.ctx.clock.show(world.ctx.now() + Duration::seconds(15));
    deliver(&world).await;
    assert_eq!(server.taken()[0].to, ["once-ada@felag.example"]);
    assert_eq!(states(&world, "once-ada@felag.example").await, ["sent"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_is_given_up_after_three_days() {
    let server = MailServer::start("never-now", "plain");
    let world = world(&server, "smtp").await;
    write(&world, "later@felag.example", "patience", None).await;
    let start = world.ctx.now();
    while states(&world, "later@felag.example").await == ["queued"] {
        let sql = "select run_at from message where recipient = 'later@felag.example'";
        let due: OffsetDateTime = sqlx::query_scalar(sql).fetch_one(&world.owner).await.unwrap();
        world.ctx.clock.show(due.max(world.ctx.now()));
        deliver(&world).await;
    }
    let tried = world.ctx.now() - start;
    assert!(
        tried > Duration::hours(70) && tried < Duration::hours(73),
        "{tried}"
    );
    assert_eq!(states(&world, "later@felag.example").await, ["failed"]);
    assert_eq!(attempts(&world, "later@felag.example").await, 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_refused_for_good_gets_nothing_more() {
    let server = MailServer::start("never", "plain");
    let world = world(&server, "smtp").await;
    write(&world, "never@felag.example", "one", None).await;
    deliver(&world).await;
    write(&world, "never@felag.example", "two", None).await;
    write(&world, "policy@felag.example", "one", None).await;
    deliver(&world).await;
    assert_eq!(
        states(&world, "never@felag.example").await,
        ["failed", "suppressed"]
    );
    assert_eq!(attempts(&world, "never@felag.example").await, 1);
    // Refused because of what it says: the mail failed, the address is as good as before.
    assert_eq!(states(&world, "policy@felag.example").await, ["failed"]);
    assert_eq!(world.count("select count(*) from suppression").await, 1);
    let why = world
        .count("select count(*) from suppression where reason like '%no such mailbox%'")
        .await;
    assert_eq!(why, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_or_does_not_know_us_harms_no_address() {
    let server = MailServer::start("wrong-password", "implicit");
    let wrong = server.url("smtps").replace("word", "wort");
    let world = World::with(&[("FELAG_SMTP", &wrong), ("FELAG_SMTP_CA", &server.ca())]).await;
    for number in 0..30 {
        write(&world, &format!("p{number}@felag.example"), "one", None).await;
    }
    deliver(&world).await;
    assert_eq!(
        world
            .count("select count(*) from message where state = 'queued'")
            .await,
        30
    );
    assert_eq!(world.count("select count(*) from suppression").await, 0);
    let tried = world
        .count("select count(*) from message where attempts > 0")
        .await;
    assert!((1..=4).contains(&tried), "{tried} knocked at a closed door");

    let gone = World::with(&[("FELAG_SMTP", "smtp://127.0.0.1:9")]).await;
    write(&gone, "ada@felag.example", "one", None).await;
    deliver(&gone).await;
    assert_eq!(states(&gone, "ada@felag.example").await, ["queued"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_sender_misses_nobody_and_a_second_copy_has_the_same_message_id() {
    let server = MailServer::start("killed", "plain");
    let world = world(&server, "smtp").await;
    let people: Vec<String> = (0..8).map(|number| format!("p{number}@felag.example")).collect();
    for person in &people {
        write(&world, person, "one", None).await;
    }
    deliver(&world).await;
    let first = server.taken();
    // As if it had died when all were handed over and half of them marked, and its lease had ended.
    sqlx::query(
        "update message set state = 'sending', sent_at = null,
                claimed_until = clock_timestamp() - interval '1 second'
         where recipient < 'p4'",
    )
    .execute(&world.owner)
    .await
    .unwrap();
    deliver(&world).await;
    let second = server.taken();
    assert_eq!((first.len(), second.len()), (8, 4));
    for copy in second {
        let original = first.iter().find(|mail| mail.to == copy.to).unwrap();
        assert_eq!(original.text, copy.text);
    }
    assert_eq!(
        world
            .count("select count(*) from message where state = 'sent'")
            .await,
        8
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_sender_holds_no_other_sends() {
    let server = MailServer::start("two", "plain");
    let world = world(&server, "smtp").await;
    for number in 0..60 {
        write(&world, &format!("p{number}@felag.example"), "one", None).await;
    }
    tokio::join!(deliver(&world), deliver(&world), deliver(&world));
    let mut to: Vec<String> = server.taken().into_iter().flat_map(|mail| mail.to).collect();
    to.sort();
    to.dedup();
    assert_eq!(to.len(), 60);
    assert_eq!(world.count("select sum(attempts)::int8 from message").await, 60);
}

#[expect(clippy::disallowed_methods, reason = "waits for workers in real time")]
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_says_nothing_holds_no_other_work_up() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let world = World::with(&[("FELAG_SMTP", &format!("smtp://{address}"))]).await;
    write(&world, "ada@felag.example", "silent", None).await;
    let stop = CancellationToken::new();
    let working = tokio::spawn(workers::run(world.ctx.clone(), wiring::job_kinds(), stop.clone()));
    // Somebody waits for the server's first word now.
    tokio::task::spawn_blocking(move || silent.accept())
        .await
        .unwrap()
        .unwrap();
    let mut conn = world.ctx.db.acquire().await.unwrap();
    let now = world.ctx.now();
    enqueue(&mut conn, &world.ctx, &Forget {}, now, None)
        .await
        .unwrap();
    let waiting = "select count(*) from job where kind = 'people.forget' and unique_key is null";
    for _ in 0..100 {
        if world.count(waiting).await == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(world.count(waiting).await, 0, "the job waits for the mail");
    assert_ne!(states(&world, "ada@felag.example").await, ["sent"]);
    stop.cancel();
    working.abort();
}
