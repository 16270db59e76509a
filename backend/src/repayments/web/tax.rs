//! A lender's year as a page, a document and a file for spreadsheets.

use std::fmt::Write;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use felag_frontend::repayments::{LoanPage, Table};
use felag_frontend::wizard::Link;
use felag_frontend::{Here, Lang};

use super::project::heads;
use super::statement::{document, figure, text_cell};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::paper::{self, Block};
use crate::people::{Person, Visitor};
use crate::repayments::tax::{self, OfLoan};
use crate::web::page;

const COLUMNS: [&str; 6] = [
    "lender-loan",
    "repay-column-principal",
    "repay-column-interest",
    "lender-lost",
    "lender-recovered",
    "lender-gifts",
];

/// A year of the visitor's. One in which they lent nothing does not exist.
async fn of(ctx: &Ctx, visitor: &Visitor, year: &str) -> Result<(Person, i32, Vec<OfLoan>), Error> {
    let person = visitor.person()?.clone();
    let year: i32 = year.parse().map_err(|_| Error::NotFound)?;
    let known = tax::years(&ctx.db, person.id, ctx.now().date()).await?;
    if !known.contains(&year) {
        return Err(Error::NotFound);
    }
    let loans = tax::of_year(&ctx.db, person.id, year).await?;
    Ok((person, year, loans))
}

pub(super) async fn show(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(year): Path<String>,
) -> Result<Response, Error> {
    let (_, year, loans) = of(&ctx, &visitor, &year).await?;
    let mut page_ = visitor.page(&ctx, "", Here::Elsewhere);
    let lang = page_.lang;
    page_.title = title(lang, year);
    let line = |loan: &OfLoan| {
        (
            Some(format!("/my/loans/{}", loan.share)),
            cells(lang, &loan.title, &loan.amounts()),
        )
    };
    let mut rows: Vec<_> = loans.iter().map(line).collect();
    rows.extend(
        tax::sums(&loans)
            .iter()
            .map(|sum| (None, cells(lang, lang.t("tax-sum"), sum))),
    );
    let file = |ending: &str| format!("/my/loans/tax/{year}/summary.{ending}");
    page(&LoanPage {
        back: Some(Link::new("/my/loans", lang.t("lender-title"))),
        state: None,
        lead: lang.t("tax-lead").to_string(),
        notes: Vec::new(),
        facts: Vec::new(),
        forms: Vec::new(),
        months: Vec::new(),
        forms_below: Vec::new(),
        tables: vec![Table {
            id: "year".into(),
            title: lang.t("lender-loans").to_string(),
            heads: heads(lang, &COLUMNS),
            amounts_from: 1,
            rows,
            empty: lang.t("lender-received-none").to_string(),
        }],
        links: vec![
            Link::new(file("pdf"), lang.t("tax-pdf")),
            Link::new(file("csv"), lang.t("tax-csv")),
        ],
        page: page_,
    })
}

fn title(lang: Lang, year: i32) -> String {
    lang.t1("tax-title", "year", year.to_string())
}

fn cells(lang: Lang, label: &str, amounts: &[felag_domain::money::Money; 5]) -> Vec<String> {
    let amounts = amounts.iter().map(|amount| lang.money(amount));
    std::iter::once(label.to_string()).chain(amounts).collect()
}

pub(super) async fn csv(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(year): Path<String>,
) -> Result<Response, Error> {
    let (_, year, loans) = of(&ctx, &visitor, &year).await?;
    let mut text = String::from("loan,currency,principal,interest,lost,recovered,given\r\n");
    for loan in &loans {
        let [principal, interest, lost, recovered, given] = loan.amounts().map(figure);
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "{},{},{principal},{interest},{lost},{recovered},{given}\r\n",
            text_cell(&loan.title),
            loan.principal.currency().code(),
        );
    }
    let name = format!("attachment; filename=\"loans-{year}.csv\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_string()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, text).into_response())
}

pub(super) async fn pdf(
    State(ctx): State<Ctx>,
    visitor: Visitor,
    Path(year): Path<String>,
) -> Result<Response, Error> {
    let (person, year, loans) = of(&ctx, &visitor, &year).await?;
    let lang = Lang::En;
    let row = |(is_sum, cells): (bool, Vec<String>)| paper::Row { cells, is_sum };
    let mut rows: Vec<_> = loans
        .iter()
        .map(|loan| row((false, cells(lang, &loan.title, &loan.amounts()))))
        .collect();
    let sums = tax::sums(&loans);
    rows.extend(
        sums.iter()
            .map(|sum| row((true, cells(lang, lang.t("tax-sum"), sum)))),
    );
    let blocks = vec![
        Block::Facts(vec![
            (lang.t("statement-lender").to_string(), person.name.clone()),
            (lang.t("statement-made").to_string(), lang.date(ctx.now())),
        ]),
        Block::Words(lang.t("tax-lead").to_string()),
        Block::Table(paper::Table {
            head: heads(lang, &COLUMNS),
            rows,
        }),
    ];
    document(&ctx, title(lang, year), blocks, &format!("loans-{year}")).await
}
