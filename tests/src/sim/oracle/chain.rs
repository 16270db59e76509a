//! I1: the hash chain, recomputed from the documented bytes ("version 1" in the domain's ledger) without the domain.

use sha2::{Digest, Sha256};
use sqlx::Row;
use uuid::Uuid;

use super::{Rule, View, When, boxed, code};

pub const RULES: &[Rule] = &[code(
    "every entry carries the hash of its bytes and of the one before",
    When::AtRest,
    |view| boxed(chain(view)),
)];

async fn chain(view: &View<'_>) -> anyhow::Result<Vec<String>> {
    let sql = r#"select book_id, number, hash,
            format(E'felag-entry-v1\nbook %s\nnumber %s\nat %s\nkind %s\ncause %s\n', book_id, number,
                   to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), kind, cause_id)
            || (select string_agg(format(E'movement %s %s %s %s\n', debit, credit, amount_minor, currency), ''
                                  order by position)
                from movement where movement.book_id = entry.book_id and movement.number = entry.number) as text
         from entry order by book_id, number"#;
    let mut problems = Vec::new();
    let mut before: Option<(Uuid, String)> = None;
    for row in sqlx::query(sql).fetch_all(view.db).await? {
        let (book, number): (Uuid, i64) = (row.try_get("book_id")?, row.try_get("number")?);
        let (kept, text): (Vec<u8>, String) = (row.try_get("hash")?, row.try_get("text")?);
        let previous = match &before {
            Some((of, hash)) if *of == book => hash.clone(),
            _ => "0".repeat(64),
        };
        let hash = hex::encode(Sha256::digest(format!("{text}previous {previous}\n")));
        if hash != hex::encode(&kept) {
            problems.push(format!("book {book} entry {number}"));
        }
        before = Some((book, hash));
    }
    Ok(problems)
}
