//! The SQL of refunds.

use felag_domain::bearing::Borne;
use felag_domain::entries::Pot;
use felag_domain::ids::{BookId, RefundId};
use felag_domain::money::{Currency, Money};
use felag_domain::refund::{RefundState, RefundWhy, Returned};
use sqlx::{PgConnection, PgExecutor, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::all::Batch;
use super::{Order, Refund};
use crate::ledger::Standing;
use crate::payments::{Counted, Subject, SubjectKind};

struct Row {
    book_id: BookId,
    refund_id: RefundId,
    payment_id: Uuid,
    state: RefundState,
    why: RefundWhy,
    words: String,
    amount_minor: i64,
    tip_minor: i64,
    currency: Currency,
    held_minor: i64,
    payable_minor: i64,
    receivable_minor: i64,
    is_whole: bool,
    of_loan: bool,
    of_repayment: bool,
    provider_ref: Option<String>,
    batch_id: Option<Uuid>,
    left_at: Option<OffsetDateTime>,
    created_at: OffsetDateTime,
    settled_at: Option<OffsetDateTime>,
    failure_code: Option<String>,
}

impl From<Row> for Refund {
    fn from(row: Row) -> Self {
        let money = |minor| Money::from_minor(minor, row.currency);
        Self {
            book: row.book_id,
            id: row.refund_id,
            payment: row.payment_id,
            state: row.state,
            why: row.why,
            words: row.words,
            amount: money(row.amount_minor),
            tip: money(row.tip_minor),
            borne: Borne {
                held: money(row.held_minor),
                payable: money(row.payable_minor),
                receivable: money(row.receivable_minor),
            },
            is_whole: row.is_whole,
            pot: match (row.of_loan, row.of_repayment) {
                (true, _) => Pot::Loan,
                (_, true) => Pot::Repayments,
                _ => Pot::Gifts,
            },
            is_new: false,
            reference: row.provider_ref,
            batch: row.batch_id,
            left_at: row.left_at,
            created_at: row.created_at,
            settled_at: row.settled_at,
            failure: row.failure_code,
        }
    }
}

macro_rules! select {
    ($rest:tt $(, $arg:expr)* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"select refund.book_id as "book_id: BookId", refund_id as "refund_id: RefundId", refund.payment_id,
                      refund.state as "state: RefundState", why as "why: RefundWhy", words, refund.amount_minor,
                      refund.tip_minor, refund.currency as "currency: Currency", held_minor, payable_minor,
                      receivable_minor, is_whole, of_loan, of_repayment, provider_ref, batch_id, left_at,
                      refund.created_at, settled_at,
                      failure_code
               from refund "# + $rest
            $(, $arg)*
        )
    };
}

pub async fn insert(conn: &mut PgConnection, refund: &Refund, order: &Order<'_>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into refund (book_id, refund_id, payment_id, amount_minor, tip_minor, currency, why, words, state,
                             held_minor, payable_minor, receivable_minor, is_whole, asked_by, request_key, created_at,
                             of_loan, of_repayment)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'asked', $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        refund.book as _,
        refund.id as _,
        refund.payment,
        refund.amount.minor(),
        refund.tip.minor(),
        refund.amount.currency().code(),
        refund.why.as_str(),
        refund.words,
        refund.borne.held.minor(),
        refund.borne.payable.minor(),
        refund.borne.receivable.minor(),
        refund.is_whole,
        order.by as _,
        order.key,
        refund.created_at,
        refund.pot == Pot::Loan,
        refund.pot == Pot::Repayments,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The refund that a form made before.
pub async fn of_request(conn: &mut PgConnection, book: BookId, key: Uuid) -> sqlx::Result<Option<Refund>> {
    let row = select!("where book_id = $1 and request_key = $2", book as _, key)
        .fetch_optional(conn)
        .await?;
    Ok(row.map(Refund::from))
}

/// One refund.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find(db: &PgPool, book: BookId, id: RefundId) -> sqlx::Result<Option<Refund>> {
    let row = select!("where book_id = $1 and refund_id = $2", book as _, id as _)
        .fetch_optional(db)
        .await?;
    Ok(row.map(Refund::from))
}

/// Refunds by id, held in the order of their ids.
pub async fn lock_many(conn: &mut PgConnection, book: BookId, ids: &[Uuid]) -> sqlx::Result<Vec<Refund>> {
    let rows = select!(
        "where book_id = $1 and refund_id = any($2) order by refund_id for update",
        book as _,
        ids,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Refund::from).collect())
}

/// The refunds of something that was paid, the oldest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of_subject(db: impl PgExecutor<'_>, of: Subject) -> sqlx::Result<Vec<Refund>> {
    let rows = select!(
        "join payment using (book_id, payment_id)
         where book_id = $1 and payment.subject_id = $2 and payment.subject_kind = $3 order by refund_id",
        of.book as _,
        of.id,
        of.kind.as_str(),
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Refund::from).collect())
}

/// The refunds of some payments, the oldest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn of_payments(db: &PgPool, book: BookId, payments: &[Uuid]) -> sqlx::Result<Vec<Refund>> {
    let rows = select!(
        "where book_id = $1 and payment_id = any($2) order by refund_id",
        book as _,
        payments
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Refund::from).collect())
}

/// The latest refunds that did not arrive, whosesoever.
///
/// # Errors
/// When the database cannot be reached.
pub async fn failed(db: &PgPool, most: i64) -> sqlx::Result<Vec<Refund>> {
    let rows = select!(
        "where refund.state = 'failed' order by settled_at desc, refund_id desc limit $1",
        most
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Refund::from).collect())
}

/// What of a payment has really left the provider's account.
///
/// # Errors
/// When the database cannot be reached.
pub async fn left_of(
    conn: &mut PgConnection,
    book: BookId,
    payment: Uuid,
    currency: Currency,
) -> sqlx::Result<Returned> {
    let row = sqlx::query!(
        r#"select coalesce(sum(amount_minor), 0)::bigint as "gift!", coalesce(sum(tip_minor), 0)::bigint as "tip!"
           from refund where book_id = $1 and payment_id = $2 and left_at is not null and state <> 'failed'"#,
        book as _,
        payment,
    )
    .fetch_one(conn)
    .await?;
    Ok(Returned {
        gift: Money::from_minor(row.gift, currency),
        tip: Money::from_minor(row.tip, currency),
    })
}

/// The refund at the provider called `reference`, else one of this charge that has no name there yet.
pub async fn of_charge(
    conn: &mut PgConnection,
    book: BookId,
    charge: &str,
    reference: &str,
) -> sqlx::Result<Option<RefundId>> {
    sqlx::query_scalar!(
        r#"select refund_id as "refund_id: RefundId" from refund join payment using (book_id, payment_id)
           where book_id = $1 and (provider_ref = $3 or (charge_ref = $2 and provider_ref is null))
           order by provider_ref is null limit 1"#,
        book as _,
        charge,
        reference,
    )
    .fetch_optional(conn)
    .await
}

/// What the provider's news changed.
pub async fn apply(conn: &mut PgConnection, book: BookId, changed: &[Refund]) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = changed.iter().map(|refund| refund.id.as_uuid()).collect();
    let states: Vec<String> = changed
        .iter()
        .map(|refund| refund.state.as_str().to_string())
        .collect();
    let references: Vec<Option<String>> = changed.iter().map(|refund| refund.reference.clone()).collect();
    let left: Vec<Option<OffsetDateTime>> = changed.iter().map(|refund| refund.left_at).collect();
    let settled: Vec<Option<OffsetDateTime>> = changed.iter().map(|refund| refund.settled_at).collect();
    let failures: Vec<Option<String>> = changed.iter().map(|refund| refund.failure.clone()).collect();
    sqlx::query!(
        "update refund set state = given.state, provider_ref = given.reference, left_at = given.left,
                settled_at = given.settled, failure_code = given.failure
         from unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[])
              as given (id, state, reference, \"left\", settled, failure)
         where book_id = $1 and refund_id = given.id",
        book as _,
        &ids,
        &states,
        &references as _,
        &left as _,
        &settled as _,
        &failures as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many payments of a book something may go back of. They stay as they are, because the caller holds the campaign:
/// whoever asks for a refund, or hears of one or of a dispute, does.
pub async fn refundable(conn: &mut PgConnection, book: BookId) -> sqlx::Result<usize> {
    let many = sqlx::query_scalar!(
        r#"select count(*) as "many!" from payment where book_id = $1 and disputed_minor = 0 and subject_kind <> 'commitment'
           and (refunded_minor < amount_minor or tip_refunded_minor < tip_minor)"#,
        book as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(usize::try_from(many).unwrap_or(0))
}

/// One row for each of them: what is left of gift and tip, taken by rule 8 of domain.md §3 in the order of the
/// payments, as `felag_domain::bearing` takes one.
pub async fn insert_all(
    conn: &mut PgConnection,
    now: OffsetDateTime,
    book: BookId,
    act: Uuid,
    ids: &[Uuid],
    standing: &Standing,
    batch: &Batch<'_>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "with owed as (
             select payment_id, currency, row_number() over by_id as nth, amount_minor - refunded_minor as gift,
                    tip_minor - tip_refunded_minor as tip,
                    coalesce(sum(amount_minor - refunded_minor) over (by_id rows between unbounded preceding
                                                                      and 1 preceding), 0)::bigint as before
             from payment where book_id = $1 and disputed_minor = 0 and subject_kind <> 'commitment'
               and (refunded_minor < amount_minor or tip_refunded_minor < tip_minor)
             window by_id as (order by payment_id)),
         from_held as (select *, greatest(least(gift, $4 - before), 0) as held from owed),
         borne as (select *, greatest(least(gift - held, $5 - greatest(before - $4, 0)), 0) as payable from from_held)
         insert into refund (book_id, refund_id, payment_id, amount_minor, tip_minor, currency, why, words, state,
                             held_minor, payable_minor, receivable_minor, is_whole, asked_by, request_key, batch_id,
                             created_at)
         select $1, given.id, payment_id, gift, tip, currency, $6, $7, 'asked', held, payable, gift - held - payable, true,
                $8, given.id, $2, $9
         from borne join unnest($3::uuid[]) with ordinality as given (id, nth) using (nth)",
        book as _,
        act,
        ids,
        standing.held.minor(),
        standing.payable.minor(),
        batch.why.as_str(),
        batch.words,
        batch.by as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What one act takes off what counts as collected, by what was paid.
pub async fn counted(conn: &mut PgConnection, book: BookId, act: Uuid) -> anyhow::Result<Vec<Counted>> {
    let rows = sqlx::query!(
        "select subject_kind, subject_id, refund.amount_minor
         from refund join payment using (book_id, payment_id) where book_id = $1 and batch_id = $2",
        book as _,
        act,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let kind = SubjectKind::parse(&row.subject_kind);
            Ok(Counted {
                of: Subject {
                    book,
                    kind: kind.ok_or_else(|| anyhow::anyhow!("a payment of a {}", row.subject_kind))?,
                    id: row.subject_id,
                },
                // Nothing of it is disputed, so all that was left counted.
                minor: -row.amount_minor,
            })
        })
        .collect()
}

/// Everything that was paid goes back, for the payments of one act.
pub async fn return_all(conn: &mut PgConnection, book: BookId, act: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "update payment set refunded_minor = payment.amount_minor, tip_refunded_minor = payment.tip_minor
         from refund where payment.book_id = $1 and refund.book_id = $1 and refund.batch_id = $2
           and refund.payment_id = payment.payment_id",
        book as _,
        act,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What one act takes from where, in minor units.
pub struct Sums {
    pub held: i64,
    pub payable: i64,
    pub receivable: i64,
    pub tip: i64,
}

pub async fn sums(conn: &mut PgConnection, book: BookId, act: Uuid) -> sqlx::Result<Sums> {
    sqlx::query_as!(
        Sums,
        r#"select coalesce(sum(held_minor), 0)::bigint as "held!", coalesce(sum(payable_minor), 0)::bigint as "payable!",
                  coalesce(sum(receivable_minor), 0)::bigint as "receivable!",
                  coalesce(sum(tip_minor), 0)::bigint as "tip!"
           from refund where book_id = $1 and batch_id = $2"#,
        book as _,
        act,
    )
    .fetch_one(conn)
    .await
}

/// Whether any refund was asked for since then.
pub async fn any_since(db: &PgPool, since: OffsetDateTime) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from refund where created_at >= $1) as "any!""#,
        since
    )
    .fetch_one(db)
    .await
}
