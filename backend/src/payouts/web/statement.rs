//! A payout's statement as a file.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use felag_domain::money::Money;
use felag_frontend::Lang;

use super::access;
use crate::books::safe::cell;
use crate::campaigns::store::Campaign;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::payouts::pdf::{self, Paper};
use crate::payouts::statement::Full;
use crate::payouts::{Payout, statement, store};
use crate::people::Visitor;
use crate::projects;

/// The payout and its statement; not found before it was approved.
async fn find(
    ctx: &Ctx,
    visitor: &Visitor,
    slug: &str,
    number: u32,
) -> Result<(Campaign, Payout, Full), Error> {
    let (campaign, _) = access(ctx, visitor, slug).await?;
    let payout = store::find(&ctx.db, campaign.id, number)
        .await?
        .ok_or(Error::NotFound)?;
    let full = statement::of(ctx, &payout).await?.ok_or(Error::NotFound)?;
    Ok((campaign, payout, full))
}

pub async fn csv(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path((slug, number)): Path<(String, u32)>,
) -> Result<Response, Error> {
    let (campaign, payout, full) = find(&ctx, &visitor, &slug, number).await?;
    let lang = Lang::En;
    let mut rows = vec![format!(
        "{},{},{}",
        cell(lang.t("statement-line")),
        cell(lang.t("statement-amount")),
        cell(lang.t("basics-currency"))
    )];
    let code = payout.currency().code();
    for line in full.lines(lang, &payout) {
        rows.push(format!("{},{},{code}", cell(&line.label), figure(line.amount)));
    }
    for (label, value) in facts(&ctx, lang, &campaign, &payout, &full).await? {
        rows.push(format!("{},{},", cell(&label), cell(&value)));
    }
    let name = format!("attachment; filename=\"{}-payout-{number}.csv\"", campaign.slug);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_string()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, rows.join("\r\n") + "\r\n").into_response())
}

pub async fn pdf(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path((slug, number)): Path<(String, u32)>,
) -> Result<Response, Error> {
    let (campaign, payout, full) = find(&ctx, &visitor, &slug, number).await?;
    let lang = Lang::En;
    let paper = Paper {
        title: lang.t2(
            "statement-of",
            "number",
            payout.number,
            "campaign",
            &campaign.title,
        ),
        facts: facts(&ctx, lang, &campaign, &payout, &full).await?,
        heading: lang.t("statement-title").to_string(),
        lines: full.lines(lang, &payout),
        at: payout.ended_at.or(payout.sent_at).unwrap_or(payout.created_at),
    };
    // Shaping letters takes a while: not on a thread that others wait for.
    let written = tokio::task::spawn_blocking(move || pdf::write(lang, &paper)).await;
    let bytes = written.map_err(anyhow::Error::from)??;
    let name = format!("attachment; filename=\"{}-payout-{number}.pdf\"", campaign.slug);
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_string()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes).into_response())
}

/// Where it was paid to, when, and where it stands in the books.
async fn facts(
    ctx: &Ctx,
    lang: Lang,
    campaign: &Campaign,
    payout: &Payout,
    full: &Full,
) -> Result<Vec<(String, String)>, Error> {
    let project = projects::store::find(&ctx.db, campaign.project_id).await?;
    let holder = project
        .and_then(|project| project.holder)
        .map(|holder| holder.name);
    let time = |at| lang.date_time(at, &campaign.time_zone);
    let entry = format!("{} {}", full.place.number, full.place.hash);
    let facts = [
        ("statement-holder", holder),
        ("statement-sent", payout.sent_at.map(time)),
        ("statement-paid", payout.paid_at.map(time)),
        ("statement-reference", payout.bank_reference.clone()),
        ("statement-entry", Some(entry)),
    ];
    let there = facts
        .into_iter()
        .filter_map(|(id, value)| Some((lang.t(id).to_string(), value?)));
    Ok(there.collect())
}

/// The amount alone, with all its decimals: what spreadsheets read.
fn figure(amount: Money) -> String {
    let text = amount.to_string();
    text.split(' ').next().unwrap_or_default().to_string()
}
