//! Checking a book: how to do it oneself, and a thousand entries at a time by Felag.

use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use felag_domain::ledger::ChainCheck;
use felag_frontend::books::{CheckPage, Checked};
use felag_frontend::{Here, Page};
use time::Duration;

use super::whose::{self, Whose};
use crate::books::open_book::OpenBook;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::ledger::{self, reading};
use crate::people::Visitor;
use crate::web::fields::Fields;
use crate::web::limits::Limit;
use crate::web::page;

/// Entries one request recomputes.
const AT_ONCE: i64 = 1_000;
/// A book of 120,000 entries in ten minutes, by one address.
const CHECKS: Limit = Limit::new("books.check", 120, Duration::minutes(10));

const SCRIPT: &str = include_str!("../check_books.py");

/// The script of the page, as a file.
pub async fn script() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=60"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"check_books.py\"",
        ),
    ];
    (headers, SCRIPT)
}

pub async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    whose: Whose,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let query = Fields::read(query.unwrap_or_default().as_bytes())?;
    let after = query.parse::<i64>("after").filter(|after| *after >= 0);
    let Some(after) = after else {
        let key = format!("{}/check", whose.path());
        return whose::answer(&ctx, &visitor, &key, async |frame| {
            let book = whose.find(&ctx).await?;
            let head = ledger::head(&ctx.db, book.id).await?;
            let next = head.filter(|head| head.number > 0).map(|_| 0);
            Ok(fill(&ctx, frame, &book, None, next))
        })
        .await;
    };
    let book = whose.find(&ctx).await?;
    if !CHECKS.take(&ctx, &visitor.address).await? {
        return Err(Error::TooMany);
    }
    let (result, next) = recompute(&ctx, &book, after).await?;
    let frame = visitor.page(&ctx, "", Here::Elsewhere);
    page(&fill(&ctx, frame, &book, Some(result), next))
}

fn fill(
    ctx: &Ctx,
    mut frame: Page,
    book: &OpenBook,
    result: Option<Checked>,
    next: Option<u64>,
) -> CheckPage {
    frame.title = frame.t1("books-check-title", "owner", book.title());
    frame.canonical = format!("{}{}/check", ctx.config.public_url, book.path());
    CheckPage {
        path: book.path(),
        above: whose::above(&frame, book, true),
        result,
        next,
        script: SCRIPT,
        page: frame,
    }
}

/// Recomputes the next entries after one; what came out, and where to go on.
async fn recompute(ctx: &Ctx, book: &OpenBook, after: i64) -> Result<(Checked, Option<u64>), Error> {
    let mut conn = ctx.db.acquire().await?;
    // What was checked before is taken as right: its last hash is the one the next entry must follow.
    let previous = reading::hash_of(&mut conn, book.id, after).await?;
    let previous = previous.ok_or(Error::NotFound)?;
    // Read before the entries: more may be written meanwhile.
    let head = ledger::head(&mut *conn, book.id).await?.ok_or(Error::NotFound)?;
    let entries = reading::entries_after(&mut conn, book.id, after, previous, AT_ONCE).await?;
    drop(conn);
    let mut check = ChainCheck::after(after, previous);
    for stored in entries.iter().filter(|stored| stored.number <= head.number) {
        if let Err(bad) = check.check(stored) {
            tracing::error!(book = %book.id, "alarm: {bad}");
            return Ok((
                Checked::Wrong {
                    number: bad.number.unsigned_abs(),
                },
                None,
            ));
        }
    }
    let (last, hash) = check.head();
    let first = after.unsigned_abs() + 1;
    let is_whole = last == head.number || last - after == AT_ONCE;
    if last == after || !is_whole || (last == head.number && hash != head.hash) {
        // An entry is missing, or the head is not that of the last one.
        tracing::error!(book = %book.id, "alarm: the book ends at {last}, its head is {}", head.number);
        return Ok((
            Checked::Wrong {
                number: last.unsigned_abs() + 1,
            },
            None,
        ));
    }
    let last = last.unsigned_abs();
    Ok(if last == head.number.unsigned_abs() {
        (
            Checked::ToTheEnd {
                first,
                last,
                hash: hash.to_string(),
            },
            None,
        )
    } else {
        (Checked::So { first, last }, Some(last))
    })
}
