//! Everything one share got, as a file for spreadsheets.

use std::fmt::Write;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use felag_domain::money::Money;
use uuid::Uuid;

use super::share::own;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Visitor;
use crate::repayments::lender_store;

pub(super) async fn csv(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let share = own(&ctx, &visitor, id).await?;
    let mut conn = ctx.db.acquire().await?;
    let credits = lender_store::credits(&mut conn, &share).await?;
    drop(conn);
    let mut text = String::from("date,principal,interest,currency\r\n");
    for credit in credits {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "{},{},{},{}\r\n",
            credit.at.date(),
            figure(credit.principal),
            figure(credit.interest),
            share.lent.currency().code()
        );
    }
    let name = format!("attachment; filename=\"loan-{}.csv\"", share.id);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_string()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, text).into_response())
}

/// The amount alone, with all its decimals: what spreadsheets read.
fn figure(amount: Money) -> String {
    let text = amount.to_string();
    text.split(' ').next().unwrap_or_default().to_string()
}
