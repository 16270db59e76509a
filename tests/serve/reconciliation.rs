//! `felag reconcile`, the real program, on books and a provider that agree, and that do not.

use felag_tests::World;
use felag_tests::asking::Ask;
use felag_tests::giving::Gift;
use time::Duration;

use super::felag;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_is_printed_with_kind_id_and_amount_and_ends_with_1() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let ask = Ask {
        minimum_minor: 5_000,
        ..Ask::default()
    };
    let campaign = world.open_campaign(&owner, &ask).await;
    world
        .pledge(&campaign, &Gift::of("60", "ann@felag.example"))
        .await;
    world.advance_to(campaign.deadline + Duration::MINUTE).await;
    let here = felag()
        .with("DATABASE_URL", &world.database_url())
        .with("FELAG_SANDBOX_LISTEN", &world.sandbox.addr().to_string());
    let fits = here.run(&["reconcile"]).ok();
    assert!(
        fits.contains("1 balance transactions, 1 entries: 0 differences"),
        "{fits}"
    );

    let charge: String = sqlx::query_scalar(
        "update sandbox.object set data = data || jsonb_build_object('net', (data->>'net')::bigint - 1)
         where kind = 'balance_transaction' returning data->>'source'",
    )
    .fetch_one(&world.owner)
    .await
    .unwrap();
    let table = here.run(&["reconcile"]);
    assert_eq!(table.code, Some(1), "{} {}", table.out, table.err);
    let line = table.out.lines().find(|line| line.starts_with("amount"));
    assert!(
        line.is_some_and(|line| line.contains(&charge) && line.contains("EUR")),
        "{}",
        table.out
    );

    let json = here.run(&["reconcile", "--json"]);
    let document: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let found = &document["found"][0];
    assert_eq!(document["differences"], 1);
    assert_eq!(
        (&found["kind"], &found["reference"]),
        (&"amount".into(), &charge.into())
    );
    let minor = |side: &str| found[side].as_i64().unwrap();
    assert_eq!(minor("provider_minor") + 1, minor("books_minor"));
}
