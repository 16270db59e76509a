//! The provider answers late, wrongly or not at all; webhooks never come; servers die.

use felag_tests::World;
use felag_tests::asking::Ask;
use felag_tests::giving::Gift;
use serde_json::json;
use time::Duration;

async fn funded_with(world: &World, pledges: u32) -> felag_tests::asking::Opened {
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
    for number in 0..pledges {
        world
            .pledge(
                &campaign,
                &Gift::of("30", &format!("backer{number}@felag.example")),
            )
            .await;
    }
    campaign
}

async fn charged_once_each(world: &World, pledges: i64) {
    assert_eq!(
        world
            .count("select count(*) from pledge where state = 'paid'")
            .await,
        pledges
    );
    let state = world.sandbox_state().await;
    let charges = state["charges"].as_object().cloned().unwrap_or_default();
    assert_eq!(charges.len(), usize::try_from(pledges).unwrap(), "{state}");
    assert_eq!(
        world
            .count("select count(*) from entry where kind = 'charge'")
            .await,
        pledges
    );
    let provider = "select balance_minor from account_balance where account = 'provider'";
    assert_eq!(
        json!(world.count(provider).await),
        state["balance"]["eur"]["total"],
        "ledger and provider agree: {state}"
    );
    assert_eq!(
        world
            .count("select count(*) from job where failed_at is not null")
            .await,
        0
    );
    assert_eq!(world.count("select count(*) from parked_entry").await, 0);
    world.ledger_verify().await;
}

#[tokio::test]
async fn without_a_single_webhook_the_end_is_the_same() {
    let world = World::new().await;
    world
        .sandbox_control("webhooks", &json!({ "mode": "drop" }))
        .await;
    let campaign = funded_with(&world, 2).await;
    world.advance_to(campaign.deadline + Duration::days(8)).await;
    charged_once_each(&world, 2).await;
    assert_eq!(world.count("select count(*) from provider_event").await, 0);
}

#[tokio::test]
async fn webhooks_delivered_twice_and_out_of_order_change_nothing_more() {
    let world = World::new().await;
    world
        .sandbox_control("webhooks", &json!({ "mode": "hold" }))
        .await;
    let campaign = funded_with(&world, 2).await;
    world.advance_to(campaign.deadline + Duration::HOUR).await;
    world
        .sandbox_control("webhooks", &json!({ "mode": "duplicate" }))
        .await;
    world.sandbox_control("webhooks/flush", &json!({})).await;
    world.quiet().await;
    world.advance_by(Duration::days(8)).await;
    charged_once_each(&world, 2).await;
    assert_eq!(
        world
            .count("select count(*) from provider_event where applied_at is null")
            .await,
        0
    );
}

#[tokio::test]
async fn a_provider_that_did_it_and_did_not_say_so_charges_once() {
    for effect in [
        "timeout_after",
        "error_500_after",
        "error_500_stored",
        "rate_limit",
        "conflict",
        "reset_before",
    ] {
        // A timeout holds the answer back for longer than a second.
        let world = World::with(&[("FELAG_STRIPE_TIMEOUT_SECONDS", "1")]).await;
        let campaign = funded_with(&world, 1).await;
        for call in ["payment_intents", "payment_intents/*/confirm"] {
            let fault = json!({ "match": format!("POST /v1/{call}"), "effect": effect, "times": 4 });
            world.sandbox_control("faults", &fault).await;
        }
        world.advance_to(campaign.deadline + Duration::days(2)).await;
        charged_once_each(&world, 1).await;
    }
}

#[tokio::test]
async fn a_checkout_that_was_complete_when_it_should_be_ended_is_heard_though_the_provider_failed() {
    let world = World::new().await;
    let campaign = funded_with(&world, 1).await;
    let browser = world.browser();
    let gift = Gift::of("30", "late@felag.example");
    world.ctx.clock.show(campaign.deadline - Duration::MINUTE);
    let checkout = world.to_checkout(&browser, &campaign, &gift).await.expect(303);
    let page = browser.follow(checkout).await;
    for (path, wish) in [
        ("webhooks", json!({ "mode": "drop" })),
        (
            "faults",
            json!({ "match": "POST /v1/checkout/sessions/*/expire", "effect": "error_500_stored", "times": 1 }),
        ),
    ] {
        world.sandbox_control(path, &wish).await;
    }
    let typed = [
        ("number", gift.card),
        ("expiry", "12 / 34"),
        ("cvc", "123"),
        ("name", "Gus Guest"),
    ];
    browser.submit(&page, "/pay/", &typed).await.expect(303);
    world.ctx.clock.show(campaign.deadline + Duration::MINUTE);
    let sql = "select pledge_id, checkout_ref from pledge where email = 'late@felag.example'";
    let (pledge, session): (uuid::Uuid, String) = sqlx::query_as(sql).fetch_one(&world.owner).await.unwrap();
    expire(&world, &campaign, pledge, &session).await;
    world.advance_by(Duration::DAY).await;
    let waiting = "select count(*) from operation where state = 'written'";
    assert_eq!(
        world.count(waiting).await,
        0,
        "asked once more, and heard what became of it"
    );
    world.advance_by(Duration::days(8)).await;
    let open = "select count(*) from pledge where state in ('draft', 'card_saved')";
    assert_eq!(world.count(open).await, 0);
}

/// Asks the provider to end a checkout, as the deadline does.
async fn expire(world: &World, campaign: &felag_tests::asking::Opened, pledge: uuid::Uuid, session: &str) {
    use felag::payments::{self, Kind, Subject, requests};
    let of = Subject::pledge(campaign.id, felag_domain::ids::PledgeId::from_uuid(pledge));
    let mut conn = world.ctx.db.acquire().await.unwrap();
    payments::write(&mut conn, &world.ctx, of, Kind::ExpireCheckout, |_| {
        requests::expire_checkout(session)
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn workers_whose_connections_are_cut_again_and_again_charge_everybody_once() {
    use felag::random::Random;
    let world = World::new().await;
    let campaign = funded_with(&world, 3).await;
    let process = world
        .process("cut now and then", None, Random::seeded(7))
        .await
        .unwrap();
    let cut = "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity
               where application_name = 'cut now and then' and datname = current_database()";
    let mut failed = 0;
    world.ctx.clock.show(campaign.deadline + Duration::MINUTE);
    for round in 0..40 {
        if round % 2 == 0 {
            world.count(cut).await;
        }
        failed += u32::from(felag::workers::run_once(&process, &world.kinds).await.is_err());
        // What a round that failed had claimed is free when its lease is over: nobody waits for that here.
        for table in ["job", "operation", "provider_event", "message"] {
            let free = format!("update {table} set claimed_until = null");
            sqlx::query(sqlx::AssertSqlSafe(free))
                .execute(&world.owner)
                .await
                .unwrap();
        }
        world.sandbox.run_once().await.unwrap();
        world.ctx.clock.show(world.ctx.now() + Duration::HOUR);
    }
    assert!(failed > 0, "some rounds met a connection that was cut");
    world.advance_by(Duration::days(8)).await;
    charged_once_each(&world, 3).await;
}

#[tokio::test]
async fn a_payment_that_arrives_after_its_pledge_ended_goes_back() {
    let world = World::new().await;
    let campaign = funded_with(&world, 1).await;
    world.ctx.clock.show(campaign.deadline + Duration::MINUTE);
    felag::pledges::settle(&world.ctx, campaign.id).await.unwrap();
    // The payment is made, its confirmation written and not sent.
    felag::payments::operations::run_once(&world.ctx).await.unwrap();
    let sql = "update pledge set state = 'released', ended_at = now()";
    sqlx::query(sql).execute(&world.owner).await.unwrap();
    world.quiet().await;
    assert_eq!(
        world
            .count("select count(*) from refund where state = 'succeeded'")
            .await,
        1
    );
    let kinds = world.kinds_of_mails_to("backer0@felag.example").await;
    assert_eq!(
        kinds.last().map(String::as_str),
        Some("pledge_paid_back"),
        "{kinds:?}"
    );
    assert_eq!(
        world
            .count("select balance_minor from account_balance where account = 'held'")
            .await,
        0
    );
    world.ledger_verify().await;
}
