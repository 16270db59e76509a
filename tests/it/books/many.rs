//! An entry for many lenders: its movements are copied, not inserted, and the books must not tell the difference.

use std::collections::BTreeMap;

use felag::ledger;
use felag_domain::entries::loan::{self as entries, Portion};
use felag_domain::ids::{BookId, CommitmentId};
use felag_domain::ledger::{Account, AccountCode, NewEntry};
use felag_domain::money::{Currency, Money};
use felag_tests::World;
use sqlx::Row;
use uuid::Uuid;

use super::small;

fn euro(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

fn share(number: u32) -> CommitmentId {
    CommitmentId::from_uuid(Uuid::from_u128(
        0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(number),
    ))
}

/// A repayment split over so many shares: of share n the principal is n cents, of every second one cent of interest.
fn credited(world: &World, book: BookId, repayment: Uuid, shares: u32) -> NewEntry {
    let portions: Vec<Portion> = (1..=shares)
        .map(|number| Portion {
            share: share(number),
            principal: euro(i64::from(number)),
            interest: euro(i64::from(number % 2)),
        })
        .collect();
    let owed = (euro(0), euro(0));
    entries::repayment_credited(
        book,
        repayment,
        owed,
        &portions,
        &BTreeMap::new(),
        false,
        world.ctx.now(),
    )
    .unwrap()
}

async fn post(world: &World, entry: NewEntry) -> anyhow::Result<()> {
    let mut tx = world.ctx.db.begin().await?;
    ledger::post(&mut tx, &world.ctx, vec![entry]).await?;
    tx.commit().await?;
    Ok(())
}

#[tokio::test]
async fn a_repayment_to_two_thousand_lenders_is_booked_movement_by_movement_and_once() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &small()).await;
    let book = BookId::of_campaign(campaign.id);
    // 499 shares make 998 movements, which are inserted; 2,000 make 4,000, which are copied; so are 500 to the movement.
    let shares: Vec<(CommitmentId, Money)> =
        (1..=2_000).map(|number| (share(number), euro(10_000))).collect();
    let begun = entries::loan_begun(book, "agreement", &shares, world.ctx.now()).unwrap();
    post(&world, begun).await.unwrap();
    let came_in = entries::repayment_received(book, "ch_all", euro(10_000_000), euro(0), world.ctx.now());
    post(&world, came_in.unwrap()).await.unwrap();
    let (few, edge, many) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
    for (repayment, shares) in [(few, 499), (edge, 500), (many, 2_000)] {
        post(&world, credited(&world, book, repayment, shares))
            .await
            .unwrap();
    }
    world.ledger_verify().await;
    for (repayment, shares) in [(few, 499_u32), (edge, 500), (many, 2_000)] {
        let made = credited(&world, book, repayment, shares);
        let rows = sqlx::query(
            "select debit, credit, amount_minor, movement.currency from movement join entry using (book_id, number)
             where book_id = $1 and kind = 'repayment_credited' and cause_id = $2 order by position",
        )
        .bind(book.as_uuid())
        .bind(repayment.to_string())
        .fetch_all(&world.owner)
        .await
        .unwrap();
        let booked = rows.iter().map(|row| {
            let (debit, credit): (String, String) = (row.get(0), row.get(1));
            (debit, credit, row.get::<i64, _>(2), row.get::<String, _>(3))
        });
        let meant = made.movements().iter().map(|one| {
            let amount = one.amount();
            let currency = amount.currency().code().to_string();
            (
                one.debit().to_string(),
                one.credit().to_string(),
                amount.minor(),
                currency,
            )
        });
        assert!(booked.eq(meant), "{shares} shares");
    }
    // Share 7 had 7 cents of principal and one of interest three times; share 1,500 only once.
    for (number, times) in [(7_u32, 3), (500, 2), (1_500, 1)] {
        let account = Account::of_share(AccountCode::Lender, share(number).as_uuid());
        let stands = ledger::balance(&world.ctx.db, book, account, Currency::EUR)
            .await
            .unwrap();
        let each = i64::from(number) + i64::from(number % 2);
        assert_eq!(stands.minor().abs(), each * times, "share {number}");
    }

    let before = world.count("select count(*) from movement").await;
    post(&world, credited(&world, book, many, 2_000)).await.unwrap();
    assert_eq!(
        world.count("select count(*) from movement").await,
        before,
        "heard twice, booked once"
    );
    post(&world, credited(&world, book, many, 1_999)).await.unwrap();
    let parked = world.count("select count(*) from parked_entry").await;
    assert_eq!(parked, 1, "another entry of the same cause waits for a person");
    assert_eq!(world.count("select count(*) from movement").await, before);
    world.ledger_verify().await;
}
