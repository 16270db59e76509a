//! `felag reconcile`: the provider's balance beside the books, as a table or as JSON.

use anyhow::bail;
use clap::Args;
use felag_domain::money::Money;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

use super::{say, with_ctx};
use crate::config::Config;
use crate::ctx::Ctx;
use crate::reconciliation::{self, By, Found, Run};

/// Differences read at once.
const PAGE: i64 = 500;

/// What `felag reconcile` is told.
#[derive(Debug, Args)]
pub struct Reconcile {
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

/// Compares, prints what was found, and fails when anything does not fit.
pub async fn run(config: Config, how: &Reconcile) -> anyhow::Result<()> {
    with_ctx(config, async |ctx| {
        let Some(run) = reconciliation::run(ctx, By::Command).await? else {
            bail!("another reconciliation is under way; try again in a minute")
        };
        if how.json {
            as_json(ctx, &run).await?;
        } else {
            as_table(ctx, &run).await?;
        }
        anyhow::ensure!(run.differences == 0, "{} differences", run.differences);
        Ok(())
    })
    .await
}

async fn as_table(ctx: &Ctx, run: &Run) -> anyhow::Result<()> {
    say(&format!(
        "{} balance transactions, {} entries: {} differences, {} in transit.",
        run.transactions, run.entries, run.differences, run.in_transit
    ))?;
    for total in reconciliation::totals(&ctx.db, run.id).await? {
        say(&format!(
            "{} at the provider, {} in the books",
            total.at_provider, total.in_books
        ))?;
    }
    each(ctx, run, |found| {
        let due = found
            .due_at
            .map_or_else(String::new, |due| format!("  expected by {}", due.date()));
        let amount = |money: Option<Money>| money.map_or_else(|| "-".into(), |money| money.to_string());
        say(&format!(
            "{:14}  {:18}  {}  provider {}  books {}  {}{due}",
            if found.due_at.is_some() {
                "in_transit"
            } else {
                found.kind.as_str()
            },
            found.category,
            found.reference,
            amount(found.at_provider),
            amount(found.in_books),
            found.happened_at.date(),
        ))
    })
    .await
}

/// Written as it is read: as many differences as there may be.
async fn as_json(ctx: &Ctx, run: &Run) -> anyhow::Result<()> {
    let totals = reconciliation::totals(&ctx.db, run.id).await?;
    let totals: Vec<Value> = totals
        .iter()
        .map(|total| {
            json!({ "currency": total.currency.code(), "provider_minor": total.at_provider.minor(),
                "books_minor": total.in_books.minor() })
        })
        .collect();
    say(&format!(
        r#"{{"run":"{}","began_at":"{}","transactions":{},"entries":{},"differences":{},"in_transit":{},"#,
        run.id,
        run.began_at.format(&Rfc3339)?,
        run.transactions,
        run.entries,
        run.differences,
        run.in_transit
    ))?;
    say(&format!(r#""totals":{},"found":["#, Value::from(totals)))?;
    let mut comma = "";
    each(ctx, run, |found| {
        let line = json!({
            "kind": found.kind, "reference": found.reference, "category": found.category,
            "transaction": found.transaction,
            "provider_minor": found.at_provider.map(Money::minor),
            "books_minor": found.in_books.map(Money::minor),
            "currency": found.at_provider.or(found.in_books).map(|money| money.currency().code()),
            "book": found.entry.map(|(book, _)| book.as_uuid()), "entry": found.entry.map(|(_, number)| number),
            "happened_at": found.happened_at.format(&Rfc3339)?,
            "first_at": found.first_at.format(&Rfc3339)?,
            "due_at": found.due_at.map(|due| due.format(&Rfc3339)).transpose()?,
        });
        say(&format!("{comma}{line}"))?;
        comma = ",";
        Ok(())
    })
    .await?;
    say("]}")
}

async fn each(
    ctx: &Ctx,
    run: &Run,
    mut print: impl FnMut(&Found) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut after = 0;
    loop {
        let page = reconciliation::differences(&ctx.db, run.id, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.position;
        page.iter().try_for_each(&mut print)?;
    }
}
