//! The SQL of operations and the webhook's secret.

use anyhow::Context;
use felag_domain::ids::{BookId, OperationId};
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::provider::Request;
use super::{Kind, Operation, Subject, SubjectKind};
use crate::planted::{self, Plant};

pub async fn secret(db: &PgPool, name: &str) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select value from secret where name = $1", name)
        .fetch_optional(db)
        .await
}

pub async fn keep_secret(db: &PgPool, name: &str, value: &str, now: OffsetDateTime) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into secret (name, value, created_at) values ($1, $2, $3)
         on conflict (name) do update set value = excluded.value",
        name,
        value,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A row to be: see [`super::operations::write_all`].
pub struct NewOperation {
    pub id: OperationId,
    pub kind: Kind,
    pub of: Subject,
    pub request: Request,
}

pub fn key(kind: Kind, id: OperationId, attempt: i32) -> String {
    format!("felag:{}:{id}:{attempt}", kind.as_str())
}

/// `claimed` for what a request of a person carries out itself, at once.
pub async fn insert(
    conn: &mut PgConnection,
    new: &[NewOperation],
    claimed: bool,
    now: OffsetDateTime,
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = new.iter().map(|one| one.id.as_uuid()).collect();
    let kinds: Vec<String> = new.iter().map(|one| one.kind.as_str().to_string()).collect();
    let books: Vec<Uuid> = new.iter().map(|one| one.of.book.as_uuid()).collect();
    let abouts: Vec<String> = new.iter().map(|one| one.of.kind.as_str().to_string()).collect();
    let subjects: Vec<Uuid> = new.iter().map(|one| one.of.id).collect();
    let accounts: Vec<Option<String>> = new.iter().map(|one| one.request.account.clone()).collect();
    let keys: Vec<String> = new.iter().map(|one| key(one.kind, one.id, 1)).collect();
    let paths: Vec<String> = new.iter().map(|one| one.request.path.clone()).collect();
    let bodies: Vec<String> = new.iter().map(|one| one.request.body.clone()).collect();
    sqlx::query!(
        "insert into operation (book_id, operation_id, kind, subject_kind, subject_id, idempotency_key, path, body,
                                account_ref, run_at, claimed_until, created_at)
         select book, id, kind, about, subject, key, path, body, account, $10,
                case when $11 then clock_timestamp() + interval '2 minutes' end, $10
         from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[],
                     $9::text[])
              as new (book, id, kind, about, subject, key, path, body, account)",
        &books,
        &ids,
        &kinds,
        &abouts,
        &subjects,
        &keys,
        &paths,
        &bodies,
        &accounts as _,
        now,
        claimed,
    )
    .execute(conn)
    .await?;
    Ok(())
}

struct Row {
    book_id: Uuid,
    operation_id: Uuid,
    kind: String,
    subject_kind: String,
    subject_id: Uuid,
    account_ref: Option<String>,
    attempt: i32,
    idempotency_key: String,
    path: String,
    body: String,
    first_sent_at: Option<OffsetDateTime>,
    http_status: Option<i32>,
    sends: i32,
    run_at: OffsetDateTime,
}

impl Row {
    fn read(self) -> anyhow::Result<Operation> {
        Ok(Operation {
            of: Subject {
                book: BookId::from_uuid(self.book_id),
                kind: SubjectKind::parse(&self.subject_kind).context("an operation about nothing we know")?,
                id: self.subject_id,
            },
            id: OperationId::from_uuid(self.operation_id),
            kind: Kind::parse(&self.kind)?,
            attempt: self.attempt,
            request: Request {
                path: self.path,
                body: self.body,
                account: self.account_ref,
            },
            key: self.idempotency_key,
            first_sent_at: self.first_sent_at.unwrap_or(self.run_at),
            last_status: self.http_status,
            sends: self.sends,
        })
    }
}

/// Takes the operations that are due. That they are about to be sent is committed before they are.
pub async fn claim(db: &PgPool, now: OffsetDateTime, most: i64) -> anyhow::Result<Vec<Operation>> {
    let mut rows = sqlx::query_as!(
        Row,
        "update operation set claimed_until = clock_timestamp() + interval '2 minutes', sends = sends + 1,
                first_sent_at = coalesce(first_sent_at, $1)
         where (book_id, operation_id) in (
            select book_id, operation_id from operation
            where state = 'written' and run_at <= $1
              and (claimed_until is null or claimed_until < clock_timestamp())
            order by run_at limit $2
            for update skip locked)
         returning book_id, operation_id, kind, subject_kind, subject_id, attempt, idempotency_key, path, body,
                   account_ref, first_sent_at, http_status, sends, run_at",
        now,
        most,
    )
    .fetch_all(db)
    .await?;
    if planted::is(Plant::ClaimWithoutLease) {
        sqlx::query("update operation set claimed_until = null")
            .execute(db)
            .await?;
    }
    rows.sort_by_key(|row| (row.run_at, row.operation_id));
    rows.into_iter().map(Row::read).collect()
}

/// Takes one operation to be carried out at once. `None` when it was answered already.
pub async fn claim_one(
    db: &PgPool,
    book: BookId,
    id: OperationId,
    now: OffsetDateTime,
) -> anyhow::Result<Option<Operation>> {
    let row = sqlx::query_as!(
        Row,
        "update operation set claimed_until = clock_timestamp() + interval '2 minutes', sends = sends + 1,
                first_sent_at = coalesce(first_sent_at, $3)
         where book_id = $1 and operation_id = $2 and state = 'written'
         returning book_id, operation_id, kind, subject_kind, subject_id, attempt, idempotency_key, path, body,
                   account_ref, first_sent_at, http_status, sends, run_at",
        book as _,
        id as _,
        now,
    )
    .fetch_optional(db)
    .await?;
    row.map(Row::read).transpose()
}

/// Whether an operation waits for somebody to carry it out.
pub enum Standing {
    Settled,
    Claimed,
    Free,
}

pub async fn standing(db: &PgPool, book: BookId, id: OperationId) -> sqlx::Result<Standing> {
    let row = sqlx::query!(
        r#"select state = 'written' as "is_waiting!",
                  coalesce(claimed_until > clock_timestamp(), false) as "is_claimed!"
           from operation where book_id = $1 and operation_id = $2"#,
        book as _,
        id as _,
    )
    .fetch_one(db)
    .await?;
    Ok(match (row.is_waiting, row.is_claimed) {
        (false, _) => Standing::Settled,
        (true, true) => Standing::Claimed,
        (true, false) => Standing::Free,
    })
}

/// Begins a new attempt, with a new key: only after a look-up found that the last one did nothing.
pub async fn begin_attempt(db: &PgPool, operation: &mut Operation, now: OffsetDateTime) -> sqlx::Result<()> {
    operation.attempt += 1;
    operation.key = key(operation.kind, operation.id, operation.attempt);
    operation.first_sent_at = now;
    operation.last_status = None;
    sqlx::query!(
        "update operation set attempt = $3, idempotency_key = $4, first_sent_at = $5, http_status = null
         where book_id = $1 and operation_id = $2",
        operation.of.book as _,
        operation.id as _,
        operation.attempt,
        operation.key,
        now,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// An answer that settles the operation.
pub struct Settled<'a> {
    pub id: OperationId,
    pub refused: bool,
    pub object: Option<&'a str>,
    pub error_code: Option<String>,
}

/// Returns the operations that were still waiting: somebody else may have settled one meanwhile.
pub async fn settle(
    conn: &mut PgConnection,
    book: BookId,
    settled: &[Settled<'_>],
    now: OffsetDateTime,
) -> sqlx::Result<Vec<Uuid>> {
    let ids: Vec<Uuid> = settled.iter().map(|one| one.id.as_uuid()).collect();
    let refused: Vec<bool> = settled.iter().map(|one| one.refused).collect();
    let objects: Vec<Option<String>> = settled
        .iter()
        .map(|one| one.object.map(ToString::to_string))
        .collect();
    let codes: Vec<Option<String>> = settled.iter().map(|one| one.error_code.clone()).collect();
    sqlx::query_scalar!(
        "update operation set state = case when given.refused then 'refused' else 'answered' end,
                answered_at = $6, object_id = given.object, error_code = given.code, claimed_until = null
         from unnest($2::uuid[], $3::bool[], $4::text[], $5::text[]) as given (id, refused, object, code)
         where book_id = $1 and operation_id = given.id and state = 'written'
         returning operation_id",
        book as _,
        &ids,
        &refused,
        &objects as _,
        &codes as _,
        now,
    )
    .fetch_all(conn)
    .await
}

/// Nothing certain was heard: to be sent again at `run_at`.
pub async fn put_back(
    db: &PgPool,
    operation: &Operation,
    run_at: OffsetDateTime,
    status: Option<u16>,
    why: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update operation set run_at = $3, claimed_until = null, http_status = coalesce($4, http_status), last_error = $5
         where book_id = $1 and operation_id = $2 and state = 'written'",
        operation.of.book as _,
        operation.id as _,
        run_at,
        status.map(i32::from),
        why,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes back what was written down and never sent, of some kinds. What it was about.
pub async fn take_back_unsent(
    conn: &mut PgConnection,
    book: BookId,
    kinds: &[Kind],
    now: OffsetDateTime,
) -> sqlx::Result<Vec<Uuid>> {
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    sqlx::query_scalar!(
        "update operation set state = 'superseded', answered_at = $3
         where book_id = $1 and kind = any($2) and state = 'written' and sends = 0
           and (claimed_until is null or claimed_until < clock_timestamp())
         returning subject_id",
        book as _,
        &kinds as _,
        now,
    )
    .fetch_all(conn)
    .await
}

/// Operations of one kind that still wait, about one subject.
pub async fn waiting(conn: &mut PgConnection, of: Subject, kind: Kind) -> sqlx::Result<Option<OperationId>> {
    sqlx::query_scalar!(
        r#"select operation_id as "operation_id: OperationId" from operation
           where book_id = $1 and subject_id = $2 and kind = $3 and state = 'written' limit 1"#,
        of.book as _,
        of.id,
        kind.as_str(),
    )
    .fetch_optional(conn)
    .await
}
