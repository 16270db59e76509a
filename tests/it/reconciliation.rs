//! The provider's balance beside the books: what fits, what does not, and who is told.

use felag::ledger;
use felag::reconciliation::{self, By, Found, Run};
use felag_domain::entries;
use felag_domain::ids::BookId;
use felag_domain::money::{Currency, Money};
use felag_domain::reconciliation::Difference;
use felag_tests::giving::Gift;
use felag_tests::people::Person;
use felag_tests::{World, long};
use time::Duration;

use crate::disputes::{self, FEE};
use crate::payouts::two_people::approve;
use crate::refunds::{Funded, funded};

impl Funded {
    /// Compares now, and says what was found.
    pub async fn reconciled(&self) -> (Run, Vec<Found>) {
        reconciled(&self.world).await
    }
}

/// Compares now, and says what was found.
pub async fn reconciled(world: &World) -> (Run, Vec<Found>) {
    let run = reconciliation::run(&world.ctx, By::Command)
        .await
        .unwrap()
        .unwrap();
    let found = reconciliation::differences(&world.ctx.db, run.id, 0, 100)
        .await
        .unwrap();
    (run, found)
}

/// What was found, as kind, provider's side and ours.
fn briefly(found: &[Found]) -> Vec<(Difference, Option<i64>, Option<i64>)> {
    let minor = |money: Option<Money>| money.map(Money::minor);
    found
        .iter()
        .map(|one| (one.kind, minor(one.at_provider), minor(one.in_books)))
        .collect()
}

/// A campaign with a refund and a lost dispute, and a steward.
async fn played() -> (Funded, Person) {
    let (all, steward) = disputes::stage().await;
    all.give_back(&all.owner.browser, "backer1@felag.example", Some("5"))
        .await
        .expect(303);
    all.world.quiet().await;
    let dispute = all.disputed(false).await;
    all.bank(&dispute, "lose").await;
    (all, steward)
}

/// Changes what the provider remembers, behind everybody's back.
async fn tamper(world: &World, sql: &'static str) {
    sqlx::query(sql).execute(&world.owner).await.unwrap();
}

#[tokio::test]
async fn refunds_disputes_and_payouts_of_a_campaign_fit_to_the_cent() {
    let world = World::new().await;
    let (campaign, owner, treasurer) = crate::payouts::two_people::with_two(&world).await;
    let (before, found) = reconciled(&world).await;
    assert_eq!((before.transactions, before.entries, found.len()), (2, 2, 0));
    approve(&owner, &campaign, 1).await.expect(303);
    approve(&treasurer, &campaign, 1).await.expect(303);
    world.advance_by(Duration::days(4)).await;
    let (run, found) = reconciled(&world).await;
    assert_eq!(found, []);
    assert_eq!((run.transactions, run.entries), (3, 3));
    let totals = reconciliation::totals(&world.ctx.db, run.id).await.unwrap();
    assert_eq!(totals.len(), 1);
    assert_eq!(totals[0].at_provider, totals[0].in_books);
    // Fee, tax, tip and the tip's part of the costs.
    assert_eq!(
        totals[0].at_provider,
        Money::from_minor(98 + 23 + 500 - 10, Currency::EUR)
    );
}

#[tokio::test]
async fn a_refund_that_came_back_and_a_dispute_that_was_won_fit_too() {
    let (all, _) = played().await;
    let (run, found) = all.reconciled().await;
    assert_eq!(found, []);
    // Two charges, a refund, a dispute.
    assert_eq!((run.transactions, run.entries), (4, 4));
    let refund: String = sqlx::query_scalar("select provider_ref from refund")
        .fetch_one(&all.world.owner)
        .await
        .unwrap();
    all.world
        .sandbox_control(&format!("refunds/{refund}"), &serde_json::json!({ "do": "fail" }))
        .await;
    all.world.quiet().await;
    let (run, found) = all.reconciled().await;
    assert_eq!((found.len(), run.entries), (0, 5));
    let other = funded(&[Gift::of("30", "")]).await;
    let dispute = other.disputed(false).await;
    other.bank(&dispute, "win").await;
    let (run, found) = other.reconciled().await;
    assert_eq!((found.len(), run.transactions), (0, 3));
}

#[tokio::test]
async fn what_the_provider_moved_and_nobody_booked_is_listed_after_its_time() {
    let (all, steward) = played().await;
    let world = &all.world;
    // A charge that we never heard of, a moment ago.
    tamper(
        world,
        "insert into sandbox.object (id, kind, created, data, hidden)
         select 'txn_sbx_stranger', kind, created,
                data || '{\"id\": \"txn_sbx_stranger\", \"source\": \"ch_stranger\"}', hidden
         from sandbox.object where kind = 'balance_transaction' and account is null
             and data->>'reporting_category' = 'charge' order by seq limit 1",
    )
    .await;
    set_time(world, "txn_sbx_stranger").await;
    let (run, found) = all.reconciled().await;
    assert_eq!((run.differences, run.in_transit), (0, 1));
    let due = found[0].due_at.unwrap();
    assert!(due > world.ctx.now() + Duration::hours(35), "{due}");
    world.advance_to(due + Duration::MINUTE).await;
    let (run, found) = all.reconciled().await;
    assert_eq!((run.differences, run.in_transit), (1, 0));
    assert_eq!(found[0].kind, Difference::NoEntry);
    assert_eq!(found[0].transaction.as_deref(), Some("txn_sbx_stranger"));
    assert_eq!(found[0].reference, "ch_stranger");
    assert!(found[0].at_provider.is_some_and(Money::is_positive));
    world.quiet().await;
    let told = world.kinds_of_mails_to(&steward.email).await;
    assert_eq!(
        told.iter()
            .filter(|kind| *kind == "reconciliation_differs")
            .count(),
        1
    );
    // Again: the same, nothing put right, nobody told twice, and its age goes on.
    world.advance_by(Duration::days(2)).await;
    let (again, same) = all.reconciled().await;
    assert_eq!((again.differences, same[0].first_at), (1, found[0].first_at));
    world.quiet().await;
    let told = world.kinds_of_mails_to(&steward.email).await;
    assert_eq!(
        told.iter()
            .filter(|kind| *kind == "reconciliation_differs")
            .count(),
        1
    );
    let page = steward.browser.get("/reconciliation").await.expect(200);
    for words in [
        "Not in the books",
        "ch_stranger",
        "txn_sbx_stranger",
        "One difference",
        "found 3 days ago",
    ] {
        assert!(page.says(words), "{words}: {}", page.words());
    }
}

async fn set_time(world: &World, id: &str) {
    let now = world.ctx.now().unix_timestamp();
    sqlx::query(
        "update sandbox.object set created = $2, data = data || jsonb_build_object('created', $2::bigint) where id = $1",
    )
    .bind(id)
    .bind(now)
    .execute(&world.owner)
    .await
    .unwrap();
}

#[tokio::test]
async fn an_amount_that_is_a_cent_off_is_listed_with_both_amounts() {
    let (all, _) = played().await;
    tamper(
        &all.world,
        "update sandbox.object set data = data || jsonb_build_object('net', (data->>'net')::bigint - 1)
         where kind = 'balance_transaction' and data->>'reporting_category' = 'dispute'",
    )
    .await;
    let (run, found) = all.reconciled().await;
    // 30, a tip of 3, and the fee.
    let taken = -3_300 - FEE;
    assert_eq!(
        briefly(&found),
        [(Difference::Amount, Some(taken - 1), Some(taken))]
    );
    assert!(found[0].reference.starts_with("d"), "{}", found[0].reference);
    assert_eq!((run.differences, found[0].category.as_str()), (1, "dispute"));
    let (_, same) = all.reconciled().await;
    assert_eq!(briefly(&same), briefly(&found));
}

#[tokio::test]
async fn an_entry_whose_money_never_moved_is_listed() {
    let (all, _) = played().await;
    let world = &all.world;
    let eur = |minor| Money::from_minor(minor, Currency::EUR);
    let book = BookId::of_campaign(all.campaign.id);
    let entry = entries::charge(
        book,
        "ch_invented",
        eur(1_234),
        eur(0),
        eur(34),
        None,
        world.ctx.now(),
    )
    .unwrap();
    let mut conn = world.ctx.db.acquire().await.unwrap();
    ledger::post(&mut conn, &world.ctx, vec![entry]).await.unwrap();
    drop(conn);
    let (run, found) = all.reconciled().await;
    assert_eq!(
        (run.differences, run.in_transit),
        (0, 1),
        "lists of the provider may be behind"
    );
    assert!(found[0].due_at.is_some());
    world.advance_by(Duration::hours(2)).await;
    let (run, found) = all.reconciled().await;
    assert_eq!(run.differences, 1);
    assert_eq!(briefly(&found), [(Difference::NoTransaction, None, Some(1_200))]);
    assert_eq!(found[0].reference, "ch_invented");
    assert_eq!(found[0].entry.map(|(of, _)| of), Some(book));
}

#[tokio::test]
async fn one_event_that_stands_twice_and_one_in_another_currency_are_listed() {
    let (all, _) = played().await;
    tamper(
        &all.world,
        "insert into sandbox.object (id, kind, created, data, hidden)
         select 'txn_sbx_twin', kind, created, data || '{\"id\": \"txn_sbx_twin\"}', hidden
         from sandbox.object where kind = 'balance_transaction' and data->>'reporting_category' = 'refund'",
    )
    .await;
    tamper(
        &all.world,
        "update sandbox.object set data = data || '{\"currency\": \"usd\"}'
         where kind = 'balance_transaction' and data->>'reporting_category' = 'dispute'",
    )
    .await;
    let (run, found) = all.reconciled().await;
    let mut kinds: Vec<Difference> = found.iter().map(|one| one.kind).collect();
    kinds.sort();
    assert_eq!(
        (run.differences, kinds),
        (2, vec![Difference::Currency, Difference::Twice])
    );
}

#[tokio::test]
async fn a_day_without_a_comparison_is_an_alarm_for_stewards_once() {
    let all = funded(&[Gift::of("30", "")]).await;
    let world = &all.world;
    let steward = world.steward("watcher").await;
    reconciliation::jobs::ensure(&world.ctx).await.unwrap();
    world.quiet().await;
    assert_eq!(
        world
            .count("select count(*) from reconciliation_run where ended_at is not null")
            .await,
        1
    );
    // It goes on by itself.
    world.advance_by(Duration::days(3)).await;
    assert_eq!(
        world
            .count("select count(*) from reconciliation_run where ended_at is not null")
            .await,
        4
    );
    let health = world.browser().get("/health").await.expect(200);
    assert!(!health.says("late"), "{}", health.text);
    // Somebody lost the job.
    tamper(world, "delete from job where kind = 'reconciliation.nightly'").await;
    world.advance_by(Duration::days(4)).await;
    let health = world.browser().get("/health").await.expect(200);
    assert!(health.says("late"), "{}", health.text);
    let told = world.kinds_of_mails_to(&steward.email).await;
    assert_eq!(
        told.iter().filter(|kind| *kind == "reconciliation_late").count(),
        1
    );
    for path in ["/reviews", "/reconciliation"] {
        let page = steward.browser.get(path).await.expect(200);
        assert!(page.says("compared"), "{path}: {}", page.words());
    }
    let page = steward.browser.get("/reconciliation").await.expect(200);
    assert!(page.says("Nothing was compared since"), "{}", page.words());
}

#[tokio::test]
async fn a_provider_that_does_not_answer_breaks_a_run_off_and_says_so() {
    let all = funded(&[Gift::of("30", "")]).await;
    let world = &all.world;
    let fault = serde_json::json!({ "match": "GET /v1/balance_transactions", "effect": "error_500_before" });
    world.sandbox_control("faults", &fault).await;
    let failed = reconciliation::run(&world.ctx, By::Nightly).await;
    assert!(failed.is_err());
    assert_eq!(world.count("select count(*) from reconciliation_line").await, 0);
    let broken = "select count(*) from reconciliation_run where ended_at is null and trouble <> ''";
    assert_eq!(world.count(broken).await, 1);
    let (run, _) = all.reconciled().await;
    assert_eq!(run.differences, 0);
}

/// `FELAG_TEST_LONG=1` compares 100,000 transactions; otherwise a twentieth of them. Alone in its process the figure
/// is the program's; beside other tests it is only an upper bound, so it is judged when asked for.
#[tokio::test]
async fn a_hundred_thousand_transactions_are_compared_in_256_mib() {
    let world = World::new().await;
    let many: i32 = if long::is_asked_for() { 100_000 } else { 5_000 };
    for sql in [
        "insert into sandbox.object (id, kind, created, data, hidden)
         select 'txn_sbx_' || i, 'balance_transaction', 1772442000 + i, jsonb_build_object(
             'id', 'txn_sbx_' || i, 'object', 'balance_transaction', 'amount', 3000, 'fee', 70, 'net', 2930,
             'currency', 'eur', 'source', 'ch_sbx_' || i, 'reporting_category', 'charge', 'type', 'charge',
             'created', 1772442000 + i, 'available_on', 1772442000 + i), '{}'
         from generate_series(1, $1) as i",
        "insert into book (book_id, kind, created_at) select gen_random_uuid(), 'campaign', now() where $1 > 0",
        "insert into entry (book_id, number, kind, cause_id, at, hash)
         select (select book_id from book where kind = 'campaign' limit 1), i, 'charge', 'ch_sbx_' || i,
             to_timestamp(1772442000 + i), '' from generate_series(1, $1) as i",
        "insert into movement (book_id, number, position, debit, credit, amount_minor, currency)
         select book_id, number, 1, 'provider', 'held', 3000, 'EUR' from entry where number <= $1",
        "insert into movement (book_id, number, position, debit, credit, amount_minor, currency)
         select book_id, number, 2, 'platform:provider-costs', 'provider', 70, 'EUR' from entry where number <= $1",
    ] {
        sqlx::query(sql).bind(many).execute(&world.owner).await.unwrap();
    }
    let before = resident();
    let (run, found) = reconciled(&world).await;
    let after = resident();
    assert_eq!(found, []);
    assert_eq!(
        (run.transactions, run.entries),
        (i64::from(many), i64::from(many))
    );
    println!("{many} transactions: {before} MiB before, at most {after} MiB");
    if long::is_asked_for() {
        assert!(after < 256, "{after} MiB");
    }
}

/// The most this process ever held, in MiB; 0 where the system does not say.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
    kilobytes.unwrap_or(0) / 1024
}
