//! The five pieces of news of a payment's life, in all 120 orders: the end is the same.

use felag::ledger;
use felag::payments::{News, Subject, Told};
use felag::pledges;
use felag_domain::entries;
use felag_domain::ids::{BookId, PledgeId};
use felag_domain::money::Money;
use felag_tests::World;
use felag_tests::asking::{Ask, Opened};
use felag_tests::giving::Gift;
use serde_json::{Value, json};
use time::Duration;
use uuid::Uuid;

/// Its charge is `processing` for an hour.
const PROCESSES: &str = "4000000000050015";

/// Every order of 0 to 4.
fn orders() -> Vec<Vec<usize>> {
    let mut all = vec![Vec::new()];
    for next in 0..5 {
        all = all
            .into_iter()
            .flat_map(|order: Vec<usize>| {
                (0..=order.len()).map(move |at| {
                    let mut longer = order.clone();
                    longer.insert(at, next);
                    longer
                })
            })
            .collect();
    }
    all
}

/// The payment as it stood at each step of its life.
fn life(n: usize, at: i64) -> [Value; 5] {
    let stood = |status: &str, more: Value| {
        let mut intent =
            json!({ "id": format!("pi_{n}"), "amount": 3000, "currency": "eur", "status": status });
        intent
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        intent
    };
    let charge = json!({ "latest_charge": { "id": format!("ch_{n}"), "created": at,
        "balance_transaction": { "id": format!("txn_{n}"), "amount": 3000, "fee": 70, "currency": "eur" } } });
    let error = json!({ "last_payment_error": { "type": "card_error", "code": "card_declined",
        "decline_code": "insufficient_funds" } });
    [
        stood("processing", json!({})),
        stood("requires_payment_method", error),
        stood("requires_action", json!({})),
        stood("succeeded", charge.clone()),
        stood("succeeded", charge),
    ]
}

/// A campaign with one pledge that is being charged, and as many copies of it as are wanted, each promised and booked.
async fn charging(world: &World, copies: usize) -> (Opened, Vec<PledgeId>) {
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
    world
        .pledge(&campaign, &Gift::default().with_card(PROCESSES))
        .await;
    world.quiet().await;
    world.advance_to(campaign.deadline + Duration::MINUTE).await;
    assert_eq!(
        world
            .count("select count(*) from pledge where state = 'charging'")
            .await,
        1
    );
    let ids: Vec<Uuid> = (0..copies).map(|_| world.ctx.id::<Uuid>()).collect();
    let copy = "insert into pledge select (jsonb_populate_record(pledge, jsonb_build_object('pledge_id', id, 'token', id,
                    'request_key', id, 'intent_ref', 'pi_' || (n - 1), 'customer_ref', 'cus_' || n))).*
                from pledge, unnest($1::uuid[]) with ordinality as new (id, n)";
    sqlx::query(copy).bind(&ids).execute(&world.owner).await.unwrap();
    let total =
        "update campaign_total set promised_minor = promised_minor + $1, at_risk_minor = at_risk_minor + $1";
    sqlx::query(total)
        .bind(3_000 * copies as i64)
        .execute(&world.owner)
        .await
        .unwrap();
    let book = BookId::of_campaign(campaign.id);
    let gift = Money::from_minor(3_000, "EUR".parse().unwrap());
    let ids: Vec<PledgeId> = ids.into_iter().map(PledgeId::from_uuid).collect();
    let promises = ids
        .iter()
        .map(|id| entries::card_saved(book, *id, gift, world.ctx.now()).unwrap())
        .collect();
    let mut tx = world.ctx.db.begin().await.unwrap();
    ledger::post(&mut tx, &world.ctx, promises).await.unwrap();
    tx.commit().await.unwrap();
    (campaign, ids)
}

#[tokio::test]
async fn five_pieces_of_news_in_all_120_orders_end_in_the_same_state() {
    let world = World::new().await;
    let orders = orders();
    assert_eq!(orders.len(), 120);
    let (campaign, ids) = charging(&world, orders.len()).await;
    for (n, (order, id)) in orders.iter().zip(&ids).enumerate() {
        let at = world.ctx.now();
        let life = life(n, at.unix_timestamp());
        for step in order {
            let told = Told::Intent(life[*step].clone());
            let news = [News {
                of: Subject::pledge(campaign.id, *id),
                at,
                told,
            }];
            let mut tx = world.ctx.db.begin().await.unwrap();
            let unknown = pledges::news(&world.ctx, &mut tx, BookId::of_campaign(campaign.id), &news).await;
            let unknown = unknown.unwrap_or_else(|cause| panic!("{order:?}, step {step}: {cause:#}"));
            assert!(unknown.is_empty());
            tx.commit().await.unwrap();
        }
    }
    let ends = "select count(distinct (state, decline_code, next_try_at, ended_at, amount_minor)) from pledge
                where intent_ref like 'pi\\__' or intent_ref like 'pi\\___' or intent_ref like 'pi\\____'";
    assert_eq!(world.count(ends).await, 1, "one end");
    let paid =
        "select count(*) from pledge where state = 'paid' and charge_ref = replace(intent_ref, 'pi_', 'ch_')";
    assert_eq!(world.count(paid).await, 120);
    assert_eq!(
        world
            .count("select count(*) from entry where kind = 'charge'")
            .await,
        120
    );
    assert_eq!(
        world.count("select collected_minor from campaign_total").await,
        120 * 3_000
    );
    assert_eq!(
        world
            .count("select count(*) from message where kind = 'pledge_charged'")
            .await,
        120,
        "one receipt each"
    );
    assert_eq!(world.count("select count(*) from parked_entry").await, 0);
    world.ledger_verify().await;
}
