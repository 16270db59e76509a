//! One repayment split over a hundred thousand lenders, against `COPY` of the rows it writes.
//!
//! Ours is the server's own path: what the provider says of a charge is heard, booked, split and credited, in one
//! transaction with its entries, their hashes, the shares and the balances. The other side is what no program can do
//! without: the same rows of the same five tables, which were made before, copied into those tables, emptied, in one
//! transaction too.

use anyhow::Context;
use felag::ctx::Ctx;
use felag::payments::{News, Subject, Told};
use felag::repayments::{self, PaidOut, repayment_store};
use felag_domain::ids::{BookId, CommitmentId, RepaymentId};
use felag_domain::money::{Currency, Money};
use felag_domain::repaying::Instalment;
use futures::TryStreamExt;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::Bench;
use crate::ground::{self, Plan, campaign_id, owner_id};
use crate::load::now;
use crate::report::{Goal, Report};

const DATABASE: &str = "bench_repayment";
const LENDERS: u32 = 100_000;
const FIRST_SHARE: u128 = 0x0190_0000_0000_7000_8000_0000_ee00_0000;
/// What one repayment writes, table by table: ledger, shares, balances.
const TABLES: [&str; 5] = [
    "entry",
    "movement",
    "repayment_share",
    "loan_share",
    "account_balance",
];
/// Rounds for which the loan has instalments.
const INSTALMENTS: i64 = 24;

pub async fn run(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    ground::database(bench, DATABASE).await?;
    ground::campaign(bench, DATABASE, &Plan::collecting()).await?;
    let (ctx, database) = ground::context(bench, DATABASE, 4).await?;
    let mut admin = ground::admin(bench, DATABASE).await?;
    let due = begin(&ctx, &mut admin).await?;
    let (mut ours, mut copied) = (Vec::new(), Vec::new());
    let mut expected = 0;
    for (round, amount) in (0..=bench.rounds).zip(due) {
        ready(&mut admin).await?;
        let id = ask(&ctx, amount, round).await?;
        let started = now();
        hear(&ctx, id, amount).await?;
        let credited = started.elapsed().as_secs_f64() * 1000.0;
        expected += amount;
        check(&mut admin, expected).await?;
        let rows = take_out(&mut admin).await?;
        let started = now();
        put_in(&ctx, &rows).await?;
        let put = started.elapsed().as_secs_f64() * 1000.0;
        check(&mut admin, expected).await?;
        // The first round makes the lenders' accounts, and warms everything up.
        if round > 0 {
            ours.push(credited);
            copied.push(put);
        }
    }
    let name = "one repayment split over 100,000 lenders : COPY of the same rows";
    report.ratio(name, Goal::AtMost(1.7), &ours, &copied, "ms");
    ctx.db.close().await;
    database.stop().await
}

/// A loan of many small shares, none like its neighbours, paid out today; what each instalment comes to.
async fn begin(ctx: &Ctx, admin: &mut PgConnection) -> anyhow::Result<Vec<i64>> {
    let shares: Vec<(CommitmentId, Money)> = (0..LENDERS)
        .map(|n| {
            let id = Uuid::from_u128(FIRST_SHARE + u128::from(n));
            let minor = 2_000 + i64::from(n) * 37 % 9_000;
            (
                CommitmentId::from_uuid(id),
                Money::from_minor(minor, Currency::EUR),
            )
        })
        .collect();
    let principal: i64 = shares.iter().map(|(_, share)| share.minor()).sum();
    sqlx::query(
        "insert into loan (campaign_id, currency, amount_minor, least_minor, rate_bp, instalments, period, kind,
                           grace_kind, day_count, network_token, policy, state, signed_by, signed_name, signed_at,
                           signed_hash, signed_minor, collected_minor, principal_minor, paid_out_at, created_at,
                           updated_at)
         values ($1, 'EUR', $3, $3, 600, $4, 'monthly', 'equal_instalments', 'none', '30/360', 'token', 'european',
                 'repaying', $2, 'Vera', now(), '\\x00', $3, $3, $3, now(), now(), now())",
    )
    .bind(campaign_id().as_uuid())
    .bind(owner_id().as_uuid())
    .bind(principal)
    .bind(i32::try_from(INSTALMENTS)?)
    .execute(admin)
    .await?;
    let today = ctx.now().date();
    // All of them are due, so that each payment is for one of them and for nothing else.
    let (each, interest) = (principal / INSTALMENTS, principal / 400);
    let instalments: Vec<Instalment> = (1..)
        .zip(0..INSTALMENTS)
        .map(|(number, n)| {
            let last = principal - each * (INSTALMENTS - 1);
            let part = if n + 1 == INSTALMENTS { last } else { each };
            Instalment::new(number, today, part, interest * (INSTALMENTS - n) / INSTALMENTS)
        })
        .collect();
    let due = instalments
        .iter()
        .map(|row| row.owed.principal + row.owed.interest);
    let due = due.collect();
    let paid_out = PaidOut {
        campaign: campaign_id(),
        currency: Currency::EUR,
        instalments,
        shares,
        paid_out_on: today,
        agreement: "of-the-bench".into(),
    };
    let mut tx = ctx.db.begin().await?;
    repayments::begin(&mut tx, ctx, &paid_out).await?;
    tx.commit().await?;
    Ok(due)
}

/// Both sides write into tables of the same size: the ledger's and the split's are empty.
async fn ready(admin: &mut PgConnection) -> anyhow::Result<()> {
    let commands = [
        "truncate entry, movement, repayment_share cascade",
        "vacuum analyze loan_share",
        "vacuum analyze account_balance",
        "checkpoint",
    ];
    for command in commands {
        sqlx::raw_sql(command).execute(&mut *admin).await?;
    }
    Ok(())
}

/// The project pays: what is before the provider's answer.
async fn ask(ctx: &Ctx, amount: i64, round: usize) -> anyhow::Result<RepaymentId> {
    let id: RepaymentId = ctx.id();
    let new = repayment_store::New {
        campaign: campaign_id(),
        id,
        way: "pay_now",
        amount: Money::from_minor(amount, Currency::EUR),
        request_key: &format!("round {round}"),
        asked_by: None,
    };
    let mut conn = ctx.db.acquire().await?;
    let is_new = repayment_store::insert(&mut conn, &new, ctx.now()).await?;
    anyhow::ensure!(is_new, "the repayment was there before");
    Ok(id)
}

/// The provider says that it was paid.
async fn hear(ctx: &Ctx, id: RepaymentId, amount: i64) -> anyhow::Result<()> {
    let at = ctx.now();
    let charge = json!({
        "id": format!("ch_{id}"), "created": at.unix_timestamp(),
        "balance_transaction": { "id": format!("txn_{id}"), "amount": amount, "fee": 70, "currency": "eur" },
    });
    let intent = json!({
        "id": format!("pi_{id}"), "status": "succeeded", "amount": amount, "currency": "eur", "latest_charge": charge,
    });
    let news = News {
        of: Subject::repayment(campaign_id(), id),
        at,
        told: Told::Intent(intent),
    };
    let mut tx = ctx.db.begin().await?;
    let unknown = repayments::news(ctx, &mut tx, BookId::of_campaign(campaign_id()), &[news]).await?;
    tx.commit().await.context("committing a repayment")?;
    anyhow::ensure!(unknown.is_empty(), "the repayment is not known");
    Ok(())
}

/// Every cent of every repayment so far is with a lender, in the shares and in the balances, and the last split is whole.
async fn check(admin: &mut PgConnection, expected: i64) -> anyhow::Result<()> {
    let (shares, balances, split, movements): (i64, i64, i64, i64) = sqlx::query_as(
        "select (select sum(principal_credited_minor + interest_credited_minor)::bigint from loan_share),
                (select sum(balance_minor)::bigint from account_balance where account like 'lender:%'),
                (select count(*) from repayment_share), (select count(*) from movement where debit = 'pending')",
    )
    .fetch_one(admin)
    .await?;
    anyhow::ensure!(
        (shares, balances) == (expected, expected),
        "{expected} were repaid, {shares} credited and {balances} booked"
    );
    anyhow::ensure!(
        split == i64::from(LENDERS) && movements == split,
        "{split} parts and {movements} movements for {LENDERS} lenders"
    );
    Ok(())
}

/// The rows of the five tables as `COPY` reads them; the tables are empty afterwards.
async fn take_out(admin: &mut PgConnection) -> anyhow::Result<Vec<Vec<u8>>> {
    let mut all = Vec::new();
    for table in TABLES {
        let mut stream = admin
            .copy_out_raw(&format!("copy {table} to stdout (format binary)"))
            .await?;
        let mut rows = Vec::new();
        while let Some(bytes) = stream.try_next().await? {
            rows.extend_from_slice(&bytes);
        }
        all.push(rows);
    }
    for command in [
        format!("truncate {} cascade", TABLES.join(", ")),
        "checkpoint".into(),
    ] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(command))
            .execute(&mut *admin)
            .await?;
    }
    Ok(all)
}

/// As the application's own role, in one transaction.
async fn put_in(ctx: &Ctx, rows: &[Vec<u8>]) -> anyhow::Result<()> {
    let mut tx = ctx.db.begin().await?;
    for (table, rows) in TABLES.iter().zip(rows) {
        let mut copy = tx
            .copy_in_raw(&format!("copy {table} from stdin (format binary)"))
            .await?;
        for chunk in rows.chunks(1 << 20) {
            copy.send(chunk).await?;
        }
        copy.finish().await?;
    }
    tx.commit().await?;
    Ok(())
}
