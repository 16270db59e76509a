//! The SQL of reconciliation. Both sides are joined in the database, so that their size is no matter of memory.

use felag_domain::ids::BookId;
use felag_domain::ledger::EntryKind;
use felag_domain::money::{Currency, Money};
use felag_domain::reconciliation::{Difference, ENTRY_WITHIN, RUNS_WITHIN, TRANSACTION_WITHIN, category};
use sqlx::{PgConnection, PgExecutor, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::read::Line;
use super::{By, Found, Run, Total};

/// Whether nobody else reconciles.
pub(super) async fn lock(conn: &mut PgConnection, key: i64) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select pg_try_advisory_lock($1) as "is_alone!""#, key)
        .fetch_one(conn)
        .await
}

/// Lets others reconcile.
pub(super) async fn unlock(conn: &mut PgConnection, key: i64) -> sqlx::Result<()> {
    sqlx::query_scalar!("select pg_advisory_unlock($1)", key)
        .fetch_one(conn)
        .await?;
    Ok(())
}

pub(super) async fn begin(
    conn: &mut PgConnection,
    id: Uuid,
    by: By,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into reconciliation_run (run_id, began_by, began_at) values ($1, $2, $3)",
        id,
        by.as_str(),
        now,
    )
    .execute(&mut *conn)
    .await?;
    // Of runs that were killed: there is one at a time.
    sqlx::query!("delete from reconciliation_line where run_id <> $1", id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps a page of the provider's balance for as long as the run lasts.
pub(super) async fn keep(conn: &mut PgConnection, run: Uuid, lines: &[Line]) -> sqlx::Result<()> {
    let transactions: Vec<&str> = lines.iter().map(|line| line.transaction.as_str()).collect();
    let references: Vec<&str> = lines.iter().map(|line| line.reference.as_str()).collect();
    let categories: Vec<&str> = lines.iter().map(|line| line.category.as_str()).collect();
    let nets: Vec<Option<i64>> = lines.iter().map(|line| line.net_minor).collect();
    let currencies: Vec<&str> = lines.iter().map(|line| line.currency.as_str()).collect();
    let times: Vec<OffsetDateTime> = lines.iter().map(|line| line.made_at).collect();
    sqlx::query!(
        "insert into reconciliation_line (run_id, transaction, reference, category, net_minor, currency, made_at)
         select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::timestamptz[])",
        run,
        &transactions as _,
        &references as _,
        &categories as _,
        &nets as _,
        &currencies as _,
        &times,
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn clear(conn: &mut PgConnection, run: Uuid) -> sqlx::Result<()> {
    sqlx::query!("delete from reconciliation_line where run_id = $1", run)
        .execute(conn)
        .await?;
    Ok(())
}

pub(super) async fn broke_off(conn: &mut PgConnection, run: Uuid, why: &str) -> sqlx::Result<()> {
    let why: String = why.chars().take(500).collect();
    sqlx::query!(
        "update reconciliation_run set trouble = $2 where run_id = $1",
        run,
        why
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Every query of the transaction sees the books as they stand now.
pub(super) async fn one_view(conn: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("set transaction isolation level repeatable read")
        .execute(conn)
        .await?;
    Ok(())
}

/// How much does not fit, and how much of that was not known before.
pub(super) struct Counted {
    pub differences: i64,
    pub new: i64,
}

/// Writes down what does not fit between the kept lines and the books, and ends the run.
pub(super) async fn compare(
    conn: &mut PgConnection,
    run: Uuid,
    now: OffsetDateTime,
) -> sqlx::Result<Counted> {
    list_differences(conn, run, now).await?;
    sqlx::query!(
        "insert into reconciliation_total (run_id, currency, provider_minor, book_minor)
         select $1, currency, coalesce(theirs.minor, 0), coalesce(ours.minor, 0)
         from (select currency, sum(net_minor)::bigint as minor from reconciliation_line where run_id = $1
               group by currency) as theirs
         full join (select currency, sum(balance_minor)::bigint as minor from account_balance
                    where account = 'provider' group by currency) as ours using (currency)",
        run,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update reconciliation_run set ended_at = $2,
             transactions = (select count(*) from reconciliation_line where run_id = $1),
             entries = (select count(distinct (book_id, number)) from movement
                        where debit = 'provider' or credit = 'provider'),
             differences = (select count(*) from reconciliation_difference where run_id = $1 and due_at is null),
             in_transit = (select count(*) from reconciliation_difference where run_id = $1 and due_at is not null)
         where run_id = $1",
        run,
        now,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query_as!(
        Counted,
        r#"select count(*) as "differences!", count(*) filter (where not was_known) as "new!"
           from reconciliation_difference where run_id = $1 and due_at is null"#,
        run,
    )
    .fetch_one(conn)
    .await
}

/// The key of both sides is what they are about at the provider, with what happened to it there.
async fn list_differences(conn: &mut PgConnection, run: Uuid, now: OffsetDateTime) -> sqlx::Result<()> {
    let known: Vec<(&str, &str)> = EntryKind::ALL
        .iter()
        .filter_map(|kind| Some((kind.as_str(), category(*kind)?)))
        .collect();
    let (kinds, categories): (Vec<&str>, Vec<&str>) = known.into_iter().unzip();
    sqlx::query!(
        "with theirs as (
             select reference, category, count(*) as many, min(transaction) as transaction,
                    sum(net_minor)::bigint as minor, bool_or(net_minor is null) as is_unreadable,
                    min(currency) as currency, min(made_at) as at
             from reconciliation_line where run_id = $1 group by reference, category),
         moved as (
             select book_id, number, min(currency) as currency,
                    sum(case when debit = 'provider' then amount_minor else -amount_minor end)::bigint as minor
             from movement where debit = 'provider' or credit = 'provider' group by book_id, number),
         ours as (
             select cause_id as reference, coalesce(known.category, entry.kind) as category, count(*) as many,
                    (array_agg(book_id order by book_id, number))[1] as book_id,
                    (array_agg(number order by book_id, number))[1] as number,
                    sum(minor)::bigint as minor, min(currency) as currency, min(at) as at
             from moved join entry using (book_id, number)
             left join unnest($2::text[], $3::text[]) as known (kind, category) on known.kind = entry.kind
             group by 1, 2),
         found as (
             select reference, category, transaction, theirs.minor as provider_minor,
                    theirs.currency as provider_currency, book_id, number, ours.minor as book_minor,
                    ours.currency as book_currency, coalesce(theirs.at, ours.at) as at,
                    case when ours.many is null then 'no_entry'
                         when theirs.many is null then 'no_transaction'
                         when theirs.many > 1 or ours.many > 1 then 'twice'
                         when theirs.currency <> ours.currency then 'currency'
                         when theirs.is_unreadable then 'unreadable'
                         when theirs.minor <> ours.minor then 'amount' end as kind
             from theirs full join ours using (reference, category)),
         dated as (
             select *, at + case kind when 'no_entry' then $5::interval when 'no_transaction' then $6::interval
                            end as due_at
             from found where kind is not null),
         before as (
             select distinct on (reference, category, kind) * from reconciliation_difference
             where run_id = (select run_id from reconciliation_run where ended_at is not null and run_id <> $1
                             order by began_at desc, run_id desc limit 1)
             order by reference, category, kind)
         insert into reconciliation_difference (run_id, position, kind, reference, category, transaction,
             provider_minor, provider_currency, book_id, number, book_minor, book_currency, happened_at, first_at,
             was_known, due_at)
         select $1, row_number() over (order by dated.at, dated.reference, dated.category), dated.kind,
                dated.reference, dated.category, dated.transaction, dated.provider_minor, dated.provider_currency,
                dated.book_id, dated.number, dated.book_minor, dated.book_currency, dated.at,
                coalesce(before.first_at, $4), before.run_id is not null and before.due_at is null,
                case when dated.due_at > $4 then dated.due_at end
         from dated left join before on before.reference = dated.reference and before.category = dated.category
                                    and before.kind = dated.kind",
        run,
        &kinds as _,
        &categories as _,
        now,
        sqlx::postgres::types::PgInterval::try_from(ENTRY_WITHIN).map_err(sqlx::Error::Encode)?,
        sqlx::postgres::types::PgInterval::try_from(TRANSACTION_WITHIN).map_err(sqlx::Error::Encode)?,
    )
    .execute(conn)
    .await?;
    Ok(())
}

macro_rules! runs {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Run,
            "select run_id as id, began_at, ended_at, trouble, transactions, entries, differences, in_transit
             from reconciliation_run " + $rest
            $(, $arg)*
        )
    };
}

/// One run.
pub async fn find(db: impl PgExecutor<'_>, id: Uuid) -> anyhow::Result<Option<Run>> {
    Ok(runs!("where run_id = $1", id).fetch_optional(db).await?)
}

/// The newest runs.
pub async fn latest(db: &PgPool, most: i64) -> sqlx::Result<Vec<Run>> {
    runs!("order by began_at desc, run_id desc limit $1", most)
        .fetch_all(db)
        .await
}

/// What a run added up to.
pub async fn totals(db: &PgPool, run: Uuid) -> sqlx::Result<Vec<Total>> {
    let rows = sqlx::query!(
        "select currency, provider_minor, book_minor from reconciliation_total where run_id = $1 order by currency",
        run,
    )
    .fetch_all(db)
    .await?;
    // A currency we do not know has no money of ours; its lines stand among the differences.
    let known = rows.into_iter().filter_map(|row| {
        let currency: Currency = row.currency.parse().ok()?;
        Some(Total {
            currency,
            at_provider: Money::from_minor(row.provider_minor, currency),
            in_books: Money::from_minor(row.book_minor, currency),
        })
    });
    Ok(known.collect())
}

/// A page of what a run found, the oldest first: those after a position.
pub async fn differences(db: &PgPool, run: Uuid, after: i64, most: i64) -> sqlx::Result<Vec<Found>> {
    let rows = sqlx::query!(
        r#"select position, kind as "kind: Difference", reference, category, transaction, provider_minor,
                  provider_currency, book_id as "book_id: BookId", number, book_minor, book_currency, happened_at,
                  first_at, due_at
           from reconciliation_difference where run_id = $1 and position > $2 order by position limit $3"#,
        run,
        after,
        most,
    )
    .fetch_all(db)
    .await?;
    let money = |minor: Option<i64>, code: Option<String>| {
        let currency: Currency = code?.parse().ok()?;
        Some(Money::from_minor(minor?, currency))
    };
    let found = rows.into_iter().map(|row| Found {
        position: row.position,
        kind: row.kind,
        reference: row.reference,
        category: row.category,
        transaction: row.transaction,
        at_provider: money(row.provider_minor, row.provider_currency),
        entry: row.book_id.zip(row.number),
        in_books: money(row.book_minor, row.book_currency),
        happened_at: row.happened_at,
        first_at: row.first_at,
        due_at: row.due_at,
    });
    Ok(found.collect())
}

/// Since when nothing ran, if that is too long ago: since the last finished run, else since money first came in.
pub async fn is_late(db: impl PgExecutor<'_>, now: OffsetDateTime) -> sqlx::Result<Option<OffsetDateTime>> {
    let since = sqlx::query_scalar!(
        "select coalesce((select max(ended_at) from reconciliation_run), (select min(paid_at) from payment))"
    )
    .fetch_one(db)
    .await?;
    Ok(since.filter(|since| now - *since > RUNS_WITHIN))
}

/// Who looks after it.
pub(super) async fn stewards(conn: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"select email as "email!" from person where is_steward and email is not null order by 1"#
    )
    .fetch_all(conn)
    .await
}

/// The end of the address of the campaign whose book it is.
pub(super) async fn slug_of(db: &PgPool, book: BookId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select slug from campaign where campaign_id = $1", book.as_uuid())
        .fetch_optional(db)
        .await
}
