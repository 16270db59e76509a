//! Everything a campaign collected goes back at once: what it takes, and where it is taken from.

use felag::refunds::{Batch, ask_all};
use felag_domain::bearing::bear;
use felag_domain::ids::BookId;
use felag_domain::money::{Currency, Money};
use felag_domain::refund::RefundWhy;
use felag_tests::giving::Gift;

use super::{Funded, funded};

const BATCH: Batch<'static> = Batch {
    why: RefundWhy::Unwound,
    by: None,
    words: "",
};

async fn all_back(all: &Funded) -> usize {
    let ctx = &all.world.ctx;
    let book = BookId::of_campaign(all.campaign.id);
    let mut tx = ctx.db.begin().await.unwrap();
    let many = ask_all(&mut tx, ctx, book, Currency::EUR, &BATCH).await.unwrap();
    tx.commit().await.unwrap();
    many
}

/// As many paid pledges of 30 and a tip of 3 as asked for, straight into the tables: with their charges booked in one
/// entry.
async fn paid(all: &Funded, many: i64) {
    let id = all.campaign.id.as_uuid();
    let sqls = [
        "insert into pledge (campaign_id, pledge_id, email, visibility, amount_minor, tip_minor, currency, counts, state,
                             token, request_key, terms_version, mandate_minor, payment_method_ref, intent_ref,
                             charge_ref, created_at, updated_at, card_saved_at, due_at, paid_at)
         select $1, gen_random_uuid(), 'many' || n || '@felag.example', 'named', 3000, 300, 'EUR', true, 'paid',
                md5(n::text), gen_random_uuid(), 'x', 3300, 'pm', 'pi_many_' || n, 'ch_many_' || n, now(), now(), now(),
                now(), now()
         from generate_series(1, $2) as n",
        "insert into payment (book_id, payment_id, subject_kind, subject_id, charge_ref, intent_ref, amount_minor,
                              tip_minor, currency, paid_at)
         select $1, gen_random_uuid(), 'pledge', pledge_id, charge_ref, intent_ref, amount_minor, tip_minor, currency,
                paid_at
         from pledge where campaign_id = $1 and intent_ref like 'pi_many_%' and $2::bigint > 0",
        "update account_balance set balance_minor = balance_minor + $2 * case account
                when 'held' then 3000 when 'platform:tips' then 300 when 'provider' then 3300 else 0 end
         where book_id = $1",
        "update campaign_total set promised_minor = promised_minor + $2 * 3000,
                collected_minor = collected_minor + $2 * 3000 where campaign_id = $1",
    ];
    for sql in sqls {
        sqlx::query(sql)
            .bind(id)
            .bind(many)
            .execute(&all.world.owner)
            .await
            .unwrap();
    }
    let tables = "vacuum analyze pledge, payment";
    sqlx::raw_sql(tables).execute(&all.world.owner).await.unwrap();
}

fn with_tip() -> Gift {
    Gift {
        tip: "3".into(),
        ..Gift::of("30", "")
    }
}

#[tokio::test]
async fn asking_again_asks_for_nothing_more() {
    let all = funded(&[with_tip(), Gift::of("20", "")]).await;
    all.give_back(&all.owner.browser, "backer0@felag.example", Some("10"))
        .await
        .expect(303);
    all.world.quiet().await;
    assert_eq!(all_back(&all).await, 2);
    assert_eq!(all_back(&all).await, 0);
    all.world.quiet().await;
    assert_eq!(all_back(&all).await, 0);
    assert_eq!(all.figures().await, (0, 5_000));
    assert_eq!(all.balance("held").await, 0);
    assert_eq!(all.balance("platform:tips").await, 0);
    all.all_is_well().await;
}

#[tokio::test]
async fn many_are_taken_from_where_one_after_the_other_would_be() {
    let all = funded(&[with_tip(), Gift::of("20", ""), Gift::of("7", "")]).await;
    // 57 were collected; as after a payout, 25 are still held and 11 approved.
    let id = all.campaign.id.as_uuid();
    let row = "insert into account_balance (book_id, account, currency, is_liability) values ($1, 'payable', 'EUR', true)";
    sqlx::query(row).bind(id).execute(&all.world.owner).await.unwrap();
    let sql = "update account_balance set balance_minor = case account when 'held' then 2500 else 1100 end
               where book_id = $1 and account in ('held', 'payable')";
    sqlx::query(sql).bind(id).execute(&all.world.owner).await.unwrap();
    assert_eq!(all_back(&all).await, 3);
    let rows: Vec<(i64, i64, i64, i64)> = sqlx::query_as(
        "select amount_minor, held_minor, payable_minor, receivable_minor from refund order by payment_id",
    )
    .fetch_all(&all.world.owner)
    .await
    .unwrap();
    let eur = |minor| Money::from_minor(minor, Currency::EUR);
    let (mut held, mut payable) = (eur(2_500), eur(1_100));
    for (amount, from_held, from_payable, owed) in rows {
        let borne = bear(eur(amount), held, payable).unwrap();
        assert_eq!(
            [borne.held, borne.payable, borne.receivable].map(Money::minor),
            [from_held, from_payable, owed]
        );
        held = held.checked_sub(borne.held).unwrap();
        payable = payable.checked_sub(borne.payable).unwrap();
    }
    assert_eq!(all.balance("receivable").await, 2_100);
    assert_eq!(all.balance("held").await, 0);
    assert_eq!(all.balance("payable").await, 0);
}

#[tokio::test]
async fn ten_thousand_payments_go_back_with_one_asking_and_a_second_one_changes_nothing() {
    const MANY: i64 = 10_000;
    let all = funded(&[with_tip()]).await;
    paid(&all, MANY).await;
    assert_eq!(i64::try_from(all_back(&all).await).unwrap(), MANY + 1);
    assert_eq!(all_back(&all).await, 0);
    let written = "select count(*) from operation where kind = 'create_refund' and state = 'written'";
    assert_eq!(all.world.count(written).await, MANY + 1);
    assert_eq!(all.balance("held").await, 0);
    assert_eq!(all.balance("platform:tips").await, 0);
}
