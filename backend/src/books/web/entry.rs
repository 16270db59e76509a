//! One entry of a book under an address that stays: its movements, its hash, and the bytes the hash is taken of.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use felag_domain::ledger::{StoredEntry, canonical};
use felag_frontend::Page;
use felag_frontend::books::{ChangedLine, EntryPage, MovementLine};

use super::whose::{self, Whose};
use crate::books::lines;
use crate::books::open_book::OpenBook;
use crate::campaigns::books::{one_account, words};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::ledger::marks::{self, Changed};
use crate::ledger::{self, reading};
use crate::people::Visitor;

/// Movements on a page. The text that was hashed has them all.
const MOVEMENTS: usize = 100;

pub async fn show(State(ctx): State<Ctx>, visitor: Visitor, whose: Whose) -> Result<Response, Error> {
    if let Some(number) = whose.number.strip_suffix(".txt") {
        let (_, stored) = find(&ctx, &whose, number).await?;
        let text = canonical(&stored.entry, stored.number, &stored.previous);
        let headers = [
            (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
            (header::CACHE_CONTROL, "public, max-age=60"),
        ];
        return Ok((headers, text).into_response());
    }
    let key = format!("{}/{}", whose.path(), whose.number);
    whose::answer(&ctx, &visitor, &key, async |frame| {
        let (book, stored) = find(&ctx, &whose, &whose.number).await?;
        fill(&ctx, frame, &book, &stored).await
    })
    .await
}

/// The entry, if its number is written as we write it: no other address shows the same.
async fn find(ctx: &Ctx, whose: &Whose, number: &str) -> Result<(OpenBook, StoredEntry), Error> {
    let parsed: i64 = number.parse().map_err(|_| Error::NotFound)?;
    if parsed.to_string() != number {
        return Err(Error::NotFound);
    }
    let book = whose.find(ctx).await?;
    let stored = reading::entry(&ctx.db, book.id, parsed)
        .await?
        .ok_or(Error::NotFound)?;
    Ok((book, stored))
}

async fn fill(ctx: &Ctx, mut frame: Page, book: &OpenBook, stored: &StoredEntry) -> Result<EntryPage, Error> {
    let (lang, cause, movements) = (frame.lang, stored.entry.cause(), stored.entry.movements());
    let first = movements.first().ok_or(Error::NotFound)?;
    let number = stored.number.unsigned_abs();
    let causes = std::iter::once((cause.kind, cause.id.as_str()));
    let mut names = lines::names(&ctx.db, book.campaign(), causes).await?;
    let changed = marks::changed(&ctx.db, book.id, stored.number, stored.number).await?;
    let changed = changed.get(&stored.number).map_or(&[][..], Vec::as_slice);
    let head = ledger::head(&ctx.db, book.id).await?;
    let is_last = head.is_none_or(|head| head.number <= stored.number);
    let at = |number: u64| format!("{}/{number}", book.path());
    let args = [("number", number.into()), ("owner", book.title().into())];
    frame.title = frame.t_with("books-entry-title", args);
    frame.canonical = format!("{}{}", ctx.config.public_url, at(number));
    let shown = movements.iter().take(MOVEMENTS).map(|movement| MovementLine {
        credit: one_account(lang, movement.credit()),
        debit: one_account(lang, movement.debit()),
        amount: movement.amount(),
    });
    let text = canonical(&stored.entry, stored.number, &stored.previous);
    let fits = movements.len() <= MOVEMENTS;
    Ok(EntryPage {
        path: book.path(),
        above: whose::above(&frame, book, true),
        public_url: ctx.config.public_url.clone(),
        number,
        text: words(lang, cause.kind, Some(first.debit().code())).0.to_string(),
        who: names.remove(&(cause.kind, cause.id.clone())),
        amount: first.amount(),
        at: stored.entry.at(),
        movements: shown.collect(),
        more: movements.len().saturating_sub(MOVEMENTS),
        changed: changed
            .iter()
            .take(MOVEMENTS)
            .map(|line| before_and_after(&frame, line))
            .collect::<Result<_, Error>>()?,
        hash: stored.hash.to_string(),
        previous: stored.previous.to_string(),
        canonical: fits.then(|| String::from_utf8_lossy(&text).into_owned()),
        newer: (!is_last).then(|| at(number + 1)),
        older: (number > 1).then(|| at(number - 1)),
        page: frame,
    })
}

fn before_and_after(page: &Page, line: &Changed) -> Result<ChangedLine, Error> {
    let before = line.after.checked_sub(line.change);
    Ok(ChangedLine {
        name: one_account(page.lang, line.account),
        before: before.map_err(|cause| Error::Internal(cause.into()))?,
        change: line.change,
        after: line.after,
    })
}
