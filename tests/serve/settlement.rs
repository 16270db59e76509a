//! A server that is killed while it settles: every pledge is charged exactly once.

use std::time::Duration;

use felag::crash::CrashPoint;
use felag_tests::World;
use felag_tests::asking::{Ask, Opened};
use felag_tests::giving::Gift;
use felag_tests::program::{Program, wait_until};
use futures::StreamExt;

use super::felag;

/// An open campaign with so many promises, made at a time long past: to a server that shows today, its deadline is over.
async fn promised(world: &World, pledges: u32) -> Opened {
    let owner = world.person("owner").await;
    let campaign = world
        .open_campaign(
            &owner,
            &Ask {
                minimum_minor: 3_000,
                ..Ask::default()
            },
        )
        .await;
    let (world, to) = (&world, &campaign);
    futures::stream::iter(0..pledges)
        .map(|number| async move {
            world
                .pledge(to, &Gift::of("30", &format!("backer{number}@felag.example")))
                .await
        })
        .buffer_unordered(6)
        .for_each(|_| async {})
        .await;
    world.quiet().await;
    campaign
}

/// The real program on a world's database.
fn on(world: &World) -> Program {
    felag().with("DATABASE_URL", &world.database_url())
}

async fn unsettled(world: &World) -> i64 {
    world
        .count("select count(*) from pledge where state not in ('paid', 'dropped')")
        .await
        + world
            .count("select count(*) from operation where state = 'written'")
            .await
        + world
            .count("select count(*) from campaign where state <> 'funded'")
            .await
}

/// Waits, in real time, until everything is charged.
#[expect(clippy::disallowed_methods, reason = "waits for another program")]
async fn settles(world: &World) {
    for _ in 0..1_200 {
        if unsettled(world).await == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{} things are unsettled after a minute", unsettled(world).await);
}

/// What a dead process had claimed is free again after two minutes: tests do not wait for that.
async fn leases_end(world: &World) {
    for table in ["job", "operation", "provider_event", "message"] {
        let sql = format!("update {table} set claimed_until = null where claimed_until is not null");
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .execute(&world.owner)
            .await
            .unwrap();
    }
}

async fn charged_once_each(world: &World, pledges: i64) {
    assert_eq!(
        world
            .count("select count(*) from pledge where state = 'paid'")
            .await,
        pledges
    );
    assert_eq!(
        world
            .count("select count(*) from entry where kind = 'charge'")
            .await,
        pledges
    );
    assert_eq!(world.count("select count(*) from parked_entry").await, 0);
    assert_eq!(
        world
            .count("select count(*) from message where kind = 'pledge_charged'")
            .await,
        pledges
    );
    let state = world.sandbox_state().await;
    let charges = state["charges"].as_object().cloned().unwrap_or_default();
    assert_eq!(charges.len(), usize::try_from(pledges).unwrap());
    assert!(
        charges.values().all(|charge| charge["succeeded"] == 1),
        "charged once each"
    );
    let provider = "select balance_minor from account_balance where account = 'provider'";
    assert_eq!(
        state["balance"]["eur"]["total"],
        world.count(provider).await,
        "ledger and provider agree"
    );
    world.ledger_verify().await;
}

#[expect(clippy::disallowed_methods, reason = "kills at a moment of real time")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_twenty_moments_of_a_settlement_every_pledge_is_charged_once() {
    let pledges = 200;
    let world = World::new().await;
    promised(&world, pledges).await;
    let program = on(&world);
    // Moments that differ from run to run: the time of day decides.
    let mut moment = u64::from(felag::clock::wall().microsecond());
    for _ in 0..20 {
        let server = program.start(&["serve"]);
        moment = moment
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        tokio::time::sleep(Duration::from_millis((moment >> 33) % 400)).await;
        server.kill();
        leases_end(&world).await;
    }
    let server = program.start(&["serve"]);
    settles(&world).await;
    server.terminate();
    charged_once_each(&world, i64::from(pledges)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dying_at_any_crash_point_loses_nothing_and_charges_nobody_twice() {
    let pledges = 3;
    let mut reached = Vec::new();
    for point in CrashPoint::ALL {
        let world = World::new().await;
        promised(&world, pledges).await;
        let mut program = on(&world).with("FELAG_CRASH", &format!("{}:1", point.name()));
        let mut server = program.start(&["serve"]);
        let died = wait_until(Duration::from_secs(4), || server.ended(Duration::ZERO).is_some());
        if died {
            reached.push(point.name());
        }
        drop(server);
        program.set("FELAG_CRASH", "");
        let server = program.start(&["serve"]);
        leases_end(&world).await;
        settles(&world).await;
        server.terminate();
        charged_once_each(&world, i64::from(pledges)).await;
    }
    println!(
        "{} crash points, {} reached while settling: {}",
        CrashPoint::ALL.len(),
        reached.len(),
        reached.join(", ")
    );
    assert!(reached.len() >= 8, "only {reached:?} were reached");
}
