//! Everything one share got: as a document to keep, and as a file for spreadsheets.

use std::fmt::Write;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use felag_domain::money::Money;
use felag_frontend::Lang;
use felag_frontend::repayments::transfer_word;
use uuid::Uuid;

use super::project::heads;
use super::share::{again_word, bank_has_it, facts, given_word, own, state};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::paper::{self, Block, Paper, Row, Table};
use crate::people::Visitor;
use crate::repayments::lender_store::{self, Credit, Given, LentAgain, Sent};

pub(super) async fn csv(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let share = own(&ctx, &visitor, id).await?;
    let mut conn = ctx.db.acquire().await?;
    let credits = lender_store::credits(&mut conn, &share).await?;
    let given = lender_store::given(&mut conn, &share).await?;
    let again = lender_store::lent_again(&mut conn, &share).await?;
    drop(conn);
    let zero = Money::zero(share.lent.currency());
    let came = credits
        .iter()
        .map(|one| (one.at, [one.principal, one.interest, zero, zero]));
    let given = given.iter().filter(|one| !one.is_returned);
    let again = again.iter().filter(|one| !one.is_returned);
    let mut lines: Vec<_> = came
        .chain(given.map(|one| (one.at, [zero, zero, one.amount, zero])))
        .chain(again.map(|one| (one.at, [zero, zero, zero, one.amount])))
        .collect();
    lines.sort_by_key(|(at, _)| *at);
    let mut text = String::from("date,principal,interest,currency,given,lent_again\r\n");
    for (at, amounts) in lines {
        let [principal, interest, given, again] = amounts.map(figure);
        let currency = share.lent.currency().code();
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "{},{principal},{interest},{currency},{given},{again}\r\n",
            at.date()
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
pub(super) fn figure(amount: Money) -> String {
    let text = amount.to_string();
    text.split(' ').next().unwrap_or_default().to_string()
}

/// Words in a cell. What a spreadsheet would take for a formula begins with an apostrophe.
pub(super) fn text_cell(words: &str) -> String {
    let guard = if words.starts_with(['=', '+', '-', '@', '\t']) {
        "'"
    } else {
        ""
    };
    format!(
        "\"{guard}{}\"",
        words.replace('"', "\"\"").replace(char::is_control, " ")
    )
}

pub(super) async fn pdf(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let share = own(&ctx, &visitor, id).await?;
    let person = visitor.person()?;
    let mut conn = ctx.db.acquire().await?;
    let credits = lender_store::credits(&mut conn, &share).await?;
    let sent = lender_store::sent(&mut conn, &share).await?;
    let given = lender_store::given(&mut conn, &share).await?;
    let again = lender_store::lent_again(&mut conn, &share).await?;
    drop(conn);
    let lang = Lang::En;
    let mut lines = vec![
        (lang.t("statement-lender").to_string(), person.name.clone()),
        (lang.t("statement-made").to_string(), lang.date(ctx.now())),
        (lang.t("statement-number").to_string(), share.id.to_string()),
        (
            lang.t("repay-column-state").to_string(),
            lang.t(state(&share).0).to_string(),
        ),
    ];
    lines.extend(facts(lang, &share));
    let mut blocks = vec![Block::Facts(lines)];
    blocks.extend(bank_has_it(lang, &share, false).map(Block::Words));
    blocks.extend([
        Block::Heading(lang.t("lender-received").to_string()),
        received(lang, &credits),
        Block::Heading(lang.t("lender-sent").to_string()),
        sent_table(lang, &sent),
    ]);
    if !given.is_empty() {
        blocks.push(Block::Heading(lang.t("lender-gifts").to_string()));
        blocks.push(given_table(lang, &given));
    }
    if !again.is_empty() {
        blocks.push(Block::Heading(lang.t("lender-lent-again").to_string()));
        blocks.push(again_table(lang, &again));
    }
    let title = lang.t1("loan-statement-title", "campaign", &share.title);
    document(&ctx, title, blocks, &format!("loan-{}", share.id)).await
}

fn received(lang: Lang, credits: &[Credit]) -> Block {
    if credits.is_empty() {
        return Block::Words(lang.t("lender-received-none").to_string());
    }
    let line = |credit: &Credit| Row {
        cells: vec![
            lang.date(credit.at),
            lang.money(credit.principal),
            lang.money(credit.interest),
        ],
        is_sum: false,
    };
    let ids = [
        "repay-column-day",
        "repay-column-principal",
        "repay-column-interest",
    ];
    Block::Table(Table {
        head: heads(lang, &ids),
        rows: credits.iter().map(line).collect(),
    })
}

fn sent_table(lang: Lang, sent: &[Sent]) -> Block {
    if sent.is_empty() {
        return Block::Words(lang.t("lender-sent-none").to_string());
    }
    let line = |one: &Sent| Row {
        cells: vec![
            format!("{}: {}", lang.date(one.at), lang.t(transfer_word(one.state))),
            lang.money(one.amount),
        ],
        is_sum: false,
    };
    Block::Table(Table {
        head: heads(lang, &["repay-column-day", "repay-column-amount"]),
        rows: sent.iter().map(line).collect(),
    })
}

fn given_table(lang: Lang, given: &[Given]) -> Block {
    let line = |one: &Given| Row {
        cells: vec![
            format!("{}: {}", lang.date(one.at), lang.t(given_word(one))),
            lang.money(one.amount),
        ],
        is_sum: false,
    };
    Block::Table(Table {
        head: heads(lang, &["repay-column-day", "repay-column-amount"]),
        rows: given.iter().map(line).collect(),
    })
}

fn again_table(lang: Lang, again: &[LentAgain]) -> Block {
    let line = |one: &LentAgain| Row {
        cells: vec![
            format!("{}: {}", lang.date(one.at), lang.t(again_word(one))),
            one.title.clone(),
            lang.money(one.amount),
        ],
        is_sum: false,
    };
    Block::Table(Table {
        head: heads(lang, &["repay-column-day", "lender-loan", "repay-column-amount"]),
        rows: again.iter().map(line).collect(),
    })
}

/// A document of a lender's. Writing it takes a while, so it does not hold up others.
pub(super) async fn document(
    ctx: &Ctx,
    title: String,
    blocks: Vec<Block>,
    name: &str,
) -> Result<Response, Error> {
    let paper = Paper {
        foot: title.clone(),
        title,
        blocks,
        at: ctx.now(),
    };
    let written = tokio::task::spawn_blocking(move || paper::write(Lang::En, &paper))
        .await
        .map_err(|cause| Error::Internal(cause.into()))?;
    let bytes = written.map_err(Error::Internal)?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_string()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.pdf\""),
        ),
        (header::CACHE_CONTROL, "private, no-store".to_string()),
    ];
    Ok((headers, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::text_cell;

    #[test]
    fn a_title_is_words_to_a_spreadsheet_and_never_a_formula() {
        assert_eq!(text_cell("A \"kiln\", red"), "\"A \"\"kiln\"\", red\"");
        assert_eq!(text_cell("=1+1"), "\"'=1+1\"");
        assert_eq!(text_cell("a\nb"), "\"a b\"");
    }
}
