//! The public list of a campaign's expenses, with its budget's accounts; and the same as a file.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use felag_domain::money::Money;
use felag_frontend::expenses::{ExpenseLine, ExpensesPage};
use felag_frontend::{Here, Lang};

use super::{Access, access};
use crate::books::safe::cell;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::expenses::{Expense, accounts, store};
use crate::people::Visitor;
use crate::web::page;

pub async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Error> {
    let (campaign, may) = access(&ctx, &visitor, &slug).await?;
    let accounts = accounts::of(&ctx, &campaign).await?;
    let expenses = store::of_campaign(&ctx.db, &campaign).await?;
    let mut frame = visitor.page(&ctx, "", Here::Elsewhere);
    frame.title = frame.t1("expenses-title", "campaign", &campaign.title);
    page(&ExpensesPage {
        page: frame,
        slug: campaign.slug,
        title: campaign.title,
        may_enter: may.may_enter && accounts.paid_out.is_positive(),
        accounts,
        expenses: expenses.iter().map(|one| line(one, may)).collect(),
    })
}

/// An expense as this reader sees it.
pub(super) fn line(expense: &Expense, may: Access) -> ExpenseLine {
    ExpenseLine {
        number: expense.number,
        line: expense.line_title.clone(),
        amount: expense.amount,
        spent_on: expense.spent_on,
        payee: expense.payee.clone(),
        purpose: expense.purpose.clone(),
        is_open: may.may_open(expense),
        is_withdrawn: expense.withdrawn.is_some(),
    }
}

/// The columns of the file.
const COLUMNS: [&str; 11] = [
    "expenses-csv-number",
    "expense-spent-on",
    "expense-line",
    "expense-payee",
    "expense-purpose",
    "expense-amount",
    "expenses-csv-currency",
    "expenses-csv-state",
    "expenses-csv-reason",
    "expenses-voucher",
    "expenses-csv-hash",
];

pub async fn csv(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Result<Response, Error> {
    let (campaign, _) = access(&ctx, &visitor, &slug).await?;
    let expenses = store::of_campaign(&ctx.db, &campaign).await?;
    let lang = Lang::En;
    let base = format!("{}/campaigns/{}/expenses", ctx.config.public_url, campaign.slug);
    let mut file = csv::Writer::from_writer(Vec::new());
    let written = file.write_record(COLUMNS.map(|id| lang.t(id)));
    written.map_err(anyhow::Error::from)?;
    for one in &expenses {
        let written = file.write_record(record(lang, one, &base).map(|text| cell(&text).into_owned()));
        written.map_err(anyhow::Error::from)?;
    }
    let bytes = file.into_inner().map_err(|cause| anyhow::anyhow!("{cause}"))?;
    let name = format!("attachment; filename=\"{}-expenses.csv\"", campaign.slug);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_string()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes).into_response())
}

fn record(lang: Lang, one: &Expense, base: &str) -> [String; 11] {
    let (state, reason) = match &one.withdrawn {
        None => ("expenses-csv-entered", ""),
        Some(withdrawn) => ("expenses-csv-withdrawn", withdrawn.reason.as_str()),
    };
    [
        one.number.to_string(),
        one.spent_on.to_string(),
        one.line_title.clone(),
        one.payee.clone(),
        one.purpose.clone(),
        figure(one.amount),
        one.amount.currency().code().to_string(),
        lang.t(state).to_string(),
        reason.to_string(),
        format!("{base}/{}/voucher", one.number),
        hex::encode(&one.voucher_sha256),
    ]
}

/// The amount alone, with all its decimals: what spreadsheets read.
fn figure(amount: Money) -> String {
    let text = amount.to_string();
    text.split(' ').next().unwrap_or_default().to_string()
}
