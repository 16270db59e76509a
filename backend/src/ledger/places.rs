//! Where entries stand in their books, by what caused them.

use std::collections::HashMap;

use felag_domain::ids::BookId;
use felag_domain::ledger::{Cause, Hash};
use sqlx::{PgConnection, PgPool};

use super::Place;

/// The place of the entry a cause was booked with.
pub async fn place(db: &PgPool, book: BookId, cause: &Cause) -> anyhow::Result<Option<Place>> {
    let row = sqlx::query!(
        "select number, hash from entry where book_id = $1 and kind = $2 and cause_id = $3",
        book as _,
        cause.kind.as_str(),
        cause.id,
    )
    .fetch_optional(db)
    .await?;
    row.map(|row| {
        Ok(Place {
            number: row.number,
            hash: Hash::try_from(row.hash.as_slice())?,
        })
    })
    .transpose()
}

/// The same of several causes, by their ids.
pub async fn places(
    conn: &mut PgConnection,
    book: BookId,
    causes: &[Cause],
) -> anyhow::Result<HashMap<String, Place>> {
    let kinds: Vec<String> = causes
        .iter()
        .map(|cause| cause.kind.as_str().to_string())
        .collect();
    let ids: Vec<String> = causes.iter().map(|cause| cause.id.clone()).collect();
    let rows = sqlx::query!(
        "select cause_id, number, hash from entry
         where book_id = $1 and (kind, cause_id) in (select * from unnest($2::text[], $3::text[]))",
        book as _,
        &kinds,
        &ids,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok((
                row.cause_id,
                Place {
                    number: row.number,
                    hash: Hash::try_from(row.hash.as_slice())?,
                },
            ))
        })
        .collect()
}
