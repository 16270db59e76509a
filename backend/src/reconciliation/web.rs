//! The stewards' page.

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use axum::routing::get;
use felag_domain::ids::BookId;
use felag_frontend::Here;
use felag_frontend::reconciliation::{DifferenceLine, ReconciliationPage, RunLine, RunShown, TotalLine};
use uuid::Uuid;

use super::{Found, Run, store};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Steward;
use crate::web::fields::Fields;
use crate::web::page;

/// Differences on one page, and runs.
const PAGE: i64 = 100;
const RUNS: i64 = 40;

pub fn routes() -> Router<Ctx> {
    Router::new().route("/reconciliation", get(show))
}

async fn show(
    State(ctx): State<Ctx>,
    steward: Steward,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let query = Fields::read(query.unwrap_or_default().as_bytes())?;
    let runs = store::latest(&ctx.db, RUNS).await?;
    let run = match query.parse::<Uuid>("run") {
        Some(id) => Some(store::find(&ctx.db, id).await?.ok_or(Error::NotFound)?),
        None => runs
            .iter()
            .find(|run| run.ended_at.is_some())
            .or(runs.first())
            .cloned(),
    };
    let after = query.parse::<i64>("after").unwrap_or(0);
    let shown = match run {
        Some(run) => Some(shown(&ctx, &run, after).await?),
        None => None,
    };
    let mut frame = steward.visitor.page(&ctx, "", Here::Reviews);
    frame.title = frame.t("reconciliation-title").to_string();
    page(&ReconciliationPage {
        late_since: store::is_late(&ctx.db, ctx.now()).await?,
        shown,
        runs: runs.iter().map(line).collect(),
        page: frame,
    })
}

async fn shown(ctx: &Ctx, run: &Run, after: i64) -> Result<RunShown, Error> {
    let found = store::differences(&ctx.db, run.id, after, PAGE).await?;
    let is_full = i64::try_from(found.len()).is_ok_and(|len| len == PAGE);
    let last = found.last().map(|last| last.position);
    let more = last
        .filter(|_| is_full)
        .map(|last| format!("{}&after={last}", line(run).link));
    let mut lines = Vec::new();
    for one in found {
        lines.push(difference(ctx, one).await?);
    }
    let (in_transit, differences) = lines.into_iter().partition(|one| one.due_at.is_some());
    let totals = store::totals(&ctx.db, run.id).await?;
    let totals: Result<Vec<TotalLine>, anyhow::Error> = totals
        .into_iter()
        .map(|total| {
            Ok(TotalLine {
                apart: total.at_provider.checked_sub(total.in_books)?,
                at_provider: total.at_provider,
                in_books: total.in_books,
            })
        })
        .collect();
    Ok(RunShown {
        run: line(run),
        totals: totals?,
        differences,
        in_transit,
        more,
    })
}

fn line(run: &Run) -> RunLine {
    RunLine {
        link: format!("/reconciliation?run={}", run.id),
        began_at: run.began_at,
        ended: run.ended_at.is_some(),
        trouble: run.trouble.clone(),
        transactions: run.transactions,
        entries: run.entries,
        differences: run.differences,
        in_transit: run.in_transit,
    }
}

async fn difference(ctx: &Ctx, found: Found) -> Result<DifferenceLine, Error> {
    let entry = match found.entry {
        Some((book, number)) => Some((address(ctx, book, number).await?, number)),
        None => None,
    };
    Ok(DifferenceLine {
        kind: found.kind,
        reference: found.reference,
        category: found.category,
        transaction: found.transaction,
        at_provider: found.at_provider,
        in_books: found.in_books,
        entry,
        happened_at: found.happened_at,
        first_at: found.first_at,
        due_at: found.due_at,
    })
}

/// Where an entry stands in open books.
async fn address(ctx: &Ctx, book: BookId, number: i64) -> Result<String, Error> {
    let slug = store::slug_of(&ctx.db, book).await?;
    Ok(slug.map_or_else(
        || format!("/books/{number}"),
        |slug| format!("/campaigns/{slug}/books/{number}"),
    ))
}
