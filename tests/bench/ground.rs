//! What the benchmarks stand on: databases filled by SQL, many rows at a time. This is data for measuring; everything
//! else in the tests is made through the same use cases as in earnest.

use anyhow::Context;
use felag::config::Config;
use felag::ctx::Ctx;
use felag::start::Database;
use felag_domain::ids::{CampaignId, PledgeId};
use sha2::{Digest, Sha256};
use sqlx::{ConnectOptions, Connection, PgConnection};
use uuid::Uuid;

use crate::Bench;

/// Every pledge gives this much, in cents.
pub const GIFT: i64 = 3_000;
/// Signed in as the owner of the project, and as somebody who gave five times.
pub const OWNER: &str = "felag=0000000000000000000000000000000a";
pub const BACKER: &str = "felag=0000000000000000000000000000000b";

const PROJECT: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_00aa_0001);
const CAMPAIGN: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_00bb_0001);
const OWNER_ID: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_00cc_0001);
const BACKER_ID: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_00cc_0002);
const FIRST_PLEDGE: u128 = 0x0190_0000_0000_7000_8000_0000_0000_0000;

/// How a campaign stands.
pub struct Plan {
    pub pledges: i64,
    /// Open, every card saved; or collecting, every pledge being charged.
    pub is_collecting: bool,
}

impl Plan {
    pub fn open(pledges: i64) -> Self {
        Self {
            pledges,
            is_collecting: false,
        }
    }

    pub fn collecting() -> Self {
        Self {
            pledges: 0,
            is_collecting: true,
        }
    }
}

/// The campaign that is measured.
pub fn campaign_id() -> CampaignId {
    CampaignId::from_uuid(CAMPAIGN)
}

pub fn owner_id() -> felag_domain::ids::PersonId {
    felag_domain::ids::PersonId::from_uuid(OWNER_ID)
}

/// The `n`th pledge, from 1.
pub fn pledge_id(n: u64) -> PledgeId {
    PledgeId::from_uuid(Uuid::from_u128(FIRST_PLEDGE + u128::from(n)))
}

/// A connection as the role that owns everything.
pub async fn admin(bench: &Bench, database: &str) -> anyhow::Result<PgConnection> {
    Ok(PgConnection::connect_with(&bench.cluster.options(database)).await?)
}

/// A new, empty database at the newest version.
pub async fn database(bench: &Bench, name: &str) -> anyhow::Result<()> {
    let options = bench.cluster.ensure_database(name).await?;
    felag::db::migrate(&options).await
}

/// A context of this process on one of the databases.
pub async fn context(bench: &Bench, database: &str, connections: u32) -> anyhow::Result<(Ctx, Database)> {
    let address = bench.cluster.options(database).to_url_lossy().to_string();
    let config = Config::read(|name| match name {
        "DATABASE_URL" => Some(address.clone()),
        "FELAG_DB_CONNECTIONS_MAX" => Some(connections.to_string()),
        _ => None,
    })?;
    felag::start::command(config).await
}

/// Fills a database with forty other campaigns and the one that is measured.
pub async fn campaign(bench: &Bench, database: &str, plan: &Plan) -> anyhow::Result<()> {
    let mut conn = admin(bench, database).await?;
    // Bulk data: no trigger, no check of keys.
    sqlx::query("set session_replication_role = replica")
        .execute(&mut conn)
        .await?;
    people(&mut conn).await?;
    campaigns(&mut conn, plan).await?;
    if plan.pledges > 0 {
        promises(&mut conn, plan.pledges).await?;
    }
    sqlx::raw_sql("analyze; checkpoint").execute(&mut conn).await?;
    conn.close().await?;
    Ok(())
}

async fn people(conn: &mut PgConnection) -> anyhow::Result<()> {
    sqlx::query(
        "insert into person (person_id, email, display_name, password_hash, email_confirmed_at, created_at)
         values ($1, 'owner@felag.example', 'Vera', 'none', now(), now()),
                ($2, 'backer@felag.example', 'Ada', 'none', now(), now())",
    )
    .bind(OWNER_ID)
    .bind(BACKER_ID)
    .execute(&mut *conn)
    .await?;
    for (cookie, person) in [(OWNER, OWNER_ID), (BACKER, BACKER_ID)] {
        let token = cookie.split_once('=').context("a cookie")?.1;
        sqlx::query(
            "insert into sign_in (token_hash, person_id, created_at, seen_at, expires_at)
             values ($1, $2, now(), now(), now() + interval '1 day')",
        )
        .bind(Sha256::digest(token.as_bytes()).to_vec())
        .bind(person)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

const STORY: &str = "## Why\n\nCooking with wood costs **three hours a day**. An oven that is open costs a weekend and \
     can be [repaired anywhere](https://felag.example/repair).\n\n- cut from two sheets\n- no welding\n- parts from any \
     hardware shop\n\n## How\n\nWe built four prototypes in two winters, and measured each of them.\n\n";

async fn campaigns(conn: &mut PgConnection, plan: &Plan) -> anyhow::Result<()> {
    let state = if plan.is_collecting { "collecting" } else { "open" };
    sqlx::query(
        "insert into project (project_id, slug, name, summary, story, licences, holder_name, holder_form, holder_country,
                              holder_address, holder_signatory, reply_to, created_at, updated_at)
         values ($1, 'oven', 'Open Oven', 'Ovens anybody can build', '', '{CERN-OHL-S-2.0}', 'Open Oven e.V.',
                 'association', 'DE', E'Ofenweg 1\\n10115 Berlin', 'Vera', 'oven@felag.example', now(), now())",
    )
    .bind(PROJECT)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "insert into member (project_id, person_id, role, created_at) values ($1, $2, 'owner', now())",
    )
    .bind(PROJECT)
    .bind(OWNER_ID)
    .execute(&mut *conn)
    .await?;
    // Number 0 is the one that is measured.
    sqlx::query(
        "insert into campaign (campaign_id, project_id, slug, title, summary, story, risks, currency, minimum_minor,
                               full_plan_minor, duration_days, state, created_at, updated_at, submitted_at, opens_at,
                               deadline_at, decided_at, window_ends_at)
         select case n when 0 then $2 else gen_random_uuid() end, $1,
                case n when 0 then 'open-oven' else 'open-thing-' || n end,
                case n when 0 then 'An open oven' else 'Open thing ' || n end, 'Built once, repaired for ever', $3,
                'Steel may become dearer.', 'EUR', 500000, 1500000, 30, case n when 0 then $4 else 'open' end,
                now() - interval '25 days', now(), now() - interval '22 days', now() - interval '20 days',
                now() + make_interval(days => 9, secs => n),
                case when n = 0 and $4 = 'collecting' then now() end,
                case when n = 0 and $4 = 'collecting' then now() + interval '7 days' end
         from generate_series(0, 40) as n",
    )
    .bind(PROJECT)
    .bind(CAMPAIGN)
    .bind(STORY.repeat(3))
    .bind(state)
    .execute(&mut *conn)
    .await?;
    lists(conn).await
}

async fn lists(conn: &mut PgConnection) -> anyhow::Result<()> {
    sqlx::raw_sql(
        "insert into budget_line (campaign_id, budget_line_id, position, kind, title, at_minimum_minor, at_full_plan_minor)
         select campaign_id, gen_random_uuid(), n, 'material', 'Sheets and hinges ' || n, 100000, 300000
         from campaign, generate_series(1, 5) as n;
         insert into reward (campaign_id, reward_id, position, title, description, price_minor, delivery)
         select campaign_id, gen_random_uuid(), n, 'An oven kit ' || n, 'All parts, to build it yourself.', 5000 * n,
                date '2027-05-01'
         from campaign, generate_series(1, 4) as n;
         insert into reward_stock (campaign_id, reward_id, stock_limit, taken)
         select campaign_id, reward_id, 100, 20 from reward;
         insert into commons_return (campaign_id, commons_return_id, position, kind, title, licence, due, place)
         select campaign_id, gen_random_uuid(), 1, 'design', 'All drawings', 'CERN-OHL-S-2.0', date '2027-05-01',
                'https://felag.example/oven'
         from campaign;
         insert into campaign_total (campaign_id, currency, promised_minor, backers)
         select campaign_id, 'EUR', 250000, 80 from campaign;
         insert into book (book_id, kind, created_at) select campaign_id, 'campaign', now() from campaign;
         insert into book_head (book_id, number, hash) select campaign_id, 0, sha256('') from campaign;
         insert into campaign_update (campaign_id, update_id, author_id, title, body, request_key, created_at)
         select campaign_id, gen_random_uuid(), person_id, 'The first week', 'We *thank* everybody.', gen_random_uuid(),
                now() - interval '10 days'
         from campaign, person where email = 'owner@felag.example'",
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// `count` pledges of the campaign, card saved, with their entries, over the last twenty days.
async fn promises(conn: &mut PgConnection, count: i64) -> anyhow::Result<()> {
    pledges(conn, 1, count, "card_saved").await?;
    sqlx::query("update pledge set person_id = $1, email = 'backer@felag.example' where pledge_id = any($2)")
        .bind(BACKER_ID)
        .bind((1..=5).map(|n| pledge_id(n * 7).as_uuid()).collect::<Vec<_>>())
        .execute(&mut *conn)
        .await?;
    let statements = [
        "insert into entry (book_id, number, kind, cause_id, at, hash)
         select campaign_id, row_number() over (order by pledge_id), 'card_saved', pledge_id, card_saved_at,
                sha256(uuid_send(pledge_id))
         from pledge where campaign_id = $1 order by pledge_id",
        "insert into movement (book_id, number, position, debit, credit, amount_minor, currency)
         select book_id, number, 1, 'promise', 'promised', 3000, 'EUR' from entry where book_id = $1 order by number",
        "insert into account_balance (book_id, account, currency, balance_minor, is_liability)
         select $1, account, 'EUR', (select count(*) * 3000 from pledge where campaign_id = $1), false
         from unnest(array['promise', 'promised']) as account",
        "update book_head set number = (select count(*) from entry where book_id = $1) where book_id = $1",
        "update campaign_total set promised_minor = given.minor, backers = given.count
         from (select sum(amount_minor)::bigint as minor, count(*)::int as count from pledge where campaign_id = $1)
              as given
         where campaign_id = $1",
        "insert into campaign_day (campaign_id, day, promised_minor, backers)
         select $1, card_saved_at::date, sum(amount_minor), count(*) from pledge where campaign_id = $1 group by 2",
    ];
    for statement in statements {
        sqlx::query(statement).bind(CAMPAIGN).execute(&mut *conn).await?;
    }
    Ok(())
}

/// Rows of `pledge` numbered from `first` to `last`.
async fn pledges(conn: &mut PgConnection, first: i64, last: i64, state: &str) -> anyhow::Result<()> {
    sqlx::query(
        "insert into pledge (campaign_id, pledge_id, email, backer_name, visibility, amount_minor, currency, counts,
                             state, token, request_key, terms_version, mandate_minor, made_from, customer_ref,
                             payment_method_ref, intent_ref, created_at, updated_at, card_saved_at, due_at)
         select $1, ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'backer' || n || '@felag.example',
                'Backer ' || n, 'named', $5, 'EUR', true, $4, '1' || lpad(to_hex(n), 31, '0'), gen_random_uuid(),
                '2026-11', $5, '198.51.100.7', 'cus_' || n, 'pm_' || n,
                case when $4 = 'charging' then 'pi_' || n end, at, at, at,
                case when $4 = 'charging' then at end
         from generate_series($2::bigint, $3::bigint) as n,
              lateral (select now() - interval '20 days' * (1 - n::float8 / greatest($3, 1)) as at) as moment",
    )
    .bind(CAMPAIGN)
    .bind(first)
    .bind(last)
    .bind(state)
    .bind(GIFT)
    .execute(conn)
    .await?;
    Ok(())
}

/// More pledges that are being charged, after `from`: their promise and what is at risk with them.
pub async fn charging(conn: &mut PgConnection, from: u64, count: u64) -> anyhow::Result<()> {
    let (first, last) = (i64::try_from(from)? + 1, i64::try_from(from + count)?);
    let minor = GIFT * i64::try_from(count)?;
    pledges(conn, first, last, "charging").await?;
    sqlx::query(
        "update campaign_total set promised_minor = promised_minor + $2, at_risk_minor = at_risk_minor + $2
         where campaign_id = $1",
    )
    .bind(CAMPAIGN)
    .bind(minor)
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "insert into account_balance (book_id, account, currency, balance_minor, is_liability)
         select $1, account, 'EUR', $2, false from unnest(array['promise', 'promised']) as account
         on conflict (book_id, account, currency) do update
         set balance_minor = account_balance.balance_minor + excluded.balance_minor",
    )
    .bind(CAMPAIGN)
    .bind(minor)
    .execute(conn)
    .await?;
    Ok(())
}

/// So many pledges that were paid, with their payments, entries and figures: a gift of [`GIFT`] each, no cost.
pub async fn paid(conn: &mut PgConnection, count: u64) -> anyhow::Result<()> {
    charging(conn, 0, count).await?;
    let statements = [
        "update pledge set state = 'paid', paid_at = now(), charge_ref = 'ch_' || pledge_id where campaign_id = $1",
        "insert into payment (book_id, payment_id, subject_kind, subject_id, charge_ref, intent_ref, amount_minor,
                              currency, paid_at)
         select campaign_id, pledge_id, 'pledge', pledge_id, charge_ref, intent_ref, amount_minor, currency, paid_at
         from pledge where campaign_id = $1 order by pledge_id",
        "insert into entry (book_id, number, kind, cause_id, at, hash)
         select book_id, row_number() over (order by payment_id), 'charge', charge_ref, paid_at,
                sha256(uuid_send(payment_id))
         from payment where book_id = $1 order by payment_id",
        "insert into movement (book_id, number, position, debit, credit, amount_minor, currency)
         select book_id, number, 1, 'provider', 'held', 3000, 'EUR' from entry where book_id = $1 order by number",
        "insert into account_balance (book_id, account, currency, balance_minor, is_liability)
         select $1, account, 'EUR', (select count(*) * 3000 from payment where book_id = $1), account = 'held'
         from unnest(array['provider', 'held']) as account",
        "update book_head set number = (select count(*) from entry where book_id = $1) where book_id = $1",
        "update campaign_total set at_risk_minor = at_risk_minor - given.minor,
                                   collected_minor = collected_minor + given.minor
         from (select sum(amount_minor)::bigint as minor from payment where book_id = $1) as given
         where campaign_id = $1",
    ];
    for statement in statements {
        sqlx::query(statement).bind(CAMPAIGN).execute(&mut *conn).await?;
    }
    Ok(())
}
