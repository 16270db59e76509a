//! The page of heads, day by day.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use felag_domain::ids::BookId;
use felag_frontend::Page;
use felag_frontend::books::{HeadLine, HeadsPage};
use felag_frontend::wizard::Link;
use time::Date;
use time::macros::format_description;

use super::whose;
use crate::books::heads;
use crate::books::open_book::{self, OpenBook, Owner};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Visitor;
use crate::web::fields::Fields;

/// Heads on one page.
const PAGE: i64 = 50;

pub async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let query = Fields::read(query.unwrap_or_default().as_bytes())?;
    // Anything unreadable asks for the newest.
    let day = Date::parse(query.get("day"), format_description!("[year]-[month]-[day]"));
    let day = day.ok().filter(|day| day.year() > 0);
    let last = day.zip(query.parse::<BookId>("book"));
    let key = match last {
        Some((day, book)) => format!("/books/heads?{day}&{book}"),
        None => "/books/heads".to_string(),
    };
    whose::answer(&ctx, &visitor, &key, async |frame| fill(&ctx, frame, last).await).await
}

async fn fill(ctx: &Ctx, mut frame: Page, last: Option<(Date, BookId)>) -> Result<HeadsPage, Error> {
    let found = heads::after(&ctx.db, last, PAGE).await?;
    let is_full = i64::try_from(found.len()).is_ok_and(|count| count == PAGE);
    let older = found
        .last()
        .filter(|_| is_full)
        .map(|head| format!("/books/heads?day={}&book={}", head.day, head.book));
    let mut books: HashMap<BookId, Option<OpenBook>> = HashMap::new();
    let mut lines = Vec::with_capacity(found.len());
    for head in found {
        let book = match books.entry(head.book) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => free.insert(open_book::find(&ctx.db, head.book).await?),
        };
        let Some(book) = book.as_ref().filter(|book| book.is_public()) else {
            continue;
        };
        lines.push(HeadLine {
            day: head.day,
            title: match &book.owner {
                Owner::Platform => frame.t("books-heads-platform").to_string(),
                Owner::Campaign(_) | Owner::Project { .. } => book.title().to_string(),
            },
            path: book.path(),
            number: head.place.number.unsigned_abs(),
            hash: head.place.hash.to_string(),
        });
    }
    frame.title = frame.t("books-heads-title").to_string();
    frame.description = frame.t("books-heads-means").to_string();
    frame.canonical = format!("{}/books/heads", ctx.config.public_url);
    Ok(HeadsPage {
        above: vec![Link::new("/books", frame.t("books-platform-title"))],
        heads: lines,
        newer: last.map(|_| "/books/heads".to_string()),
        older,
        page: frame,
    })
}
