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
use crate::payouts::statement::Full;
use crate::payouts::{Payout, statement, store};
use crate::people::Visitor;

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
    let mut fact = |label: &str, value: &str| rows.push(format!("{},{},", cell(label), cell(value)));
    if let Some(reference) = &payout.bank_reference {
        fact(lang.t("statement-reference"), reference);
    }
    fact(
        lang.t("statement-entry"),
        &format!("{} {}", full.place.number, full.place.hash),
    );
    let name = format!("attachment; filename=\"{}-payout-{number}.csv\"", campaign.slug);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_string()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, rows.join("\r\n") + "\r\n").into_response())
}

/// The amount alone, with all its decimals: what spreadsheets read.
fn figure(amount: Money) -> String {
    let text = amount.to_string();
    text.split(' ').next().unwrap_or_default().to_string()
}
