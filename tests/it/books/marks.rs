//! What stood on the accounts after each entry, and the marks that make it quick to say.

use felag::ledger::{self, marks};
use felag_domain::ids::BookId;
use felag_domain::ledger::AccountCode;
use felag_tests::World;

use super::pages::promises;
use super::{read, small};

#[tokio::test]
async fn what_stood_on_the_accounts_after_an_entry_is_the_sum_of_all_up_to_it() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &small()).await;
    promises(&world, &campaign, 1_203).await;
    assert_eq!(
        world.count("select count(distinct number) from book_mark").await,
        2,
        "entries 500 and 1000 are marked"
    );
    world.ledger_verify().await;
    let book = BookId::of_campaign(campaign.id);
    for first in [
        1, 2, 250, 499, 500, 501, 502, 951, 999, 1_000, 1_001, 1_154, 1_203,
    ] {
        let last = (first + 49).min(1_203);
        let changed = marks::changed(&world.ctx.db, book, first, last).await.unwrap();
        assert_eq!(
            changed.keys().copied().collect::<Vec<_>>(),
            (first..=last).collect::<Vec<_>>()
        );
        for number in [first, last] {
            for line in &changed[&number] {
                let sum = sum_up_to(&world, book, line.account.code(), number).await;
                assert_eq!(line.after.minor(), sum, "{} after entry {number}", line.account);
            }
        }
    }
    let page = read(&world.browser(), &campaign, "/books?before=502").await;
    let held = sum_up_to(&world, book, AccountCode::Held, 501).await;
    let held = format!("Held for the project €{}.{:02}", held / 100, held % 100);
    assert!(page.contains(&held), "{held}: {page}");
}

async fn sum_up_to(world: &World, book: BookId, account: AccountCode, number: i64) -> i64 {
    let sql = "select coalesce(sum(case when debit = $2 then amount_minor else -amount_minor end), 0)::bigint
               from movement where book_id = $1 and number <= $3 and $2 in (debit, credit)";
    let sum: i64 = sqlx::query_scalar(sql)
        .bind(book.as_uuid())
        .bind(account.as_str())
        .bind(number)
        .fetch_one(&world.owner)
        .await
        .unwrap();
    let grows_by_credits = matches!(account, AccountCode::Held | AccountCode::PlatformTips);
    if grows_by_credits { -sum } else { sum }
}

#[tokio::test]
async fn a_wrong_mark_is_named_by_the_verification() {
    let world = World::new().await;
    let owner = world.person("owner").await;
    let campaign = world.open_campaign(&owner, &small()).await;
    promises(&world, &campaign, 510).await;
    for sql in [
        "alter table book_mark disable trigger book_mark_is_append_only",
        "update book_mark set balance_minor = balance_minor + 1 where account = 'held'",
    ] {
        sqlx::query(sql).execute(&world.owner).await.unwrap();
    }
    let refused = ledger::verify::run(&world.ctx.db).await.unwrap_err().to_string();
    assert!(refused.contains("at entry 500"), "{refused}");
}
