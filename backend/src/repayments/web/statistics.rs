//! The published figures about loans.

use axum::extract::State;
use axum::response::Response;
use felag_domain::repaying::Bucket;
use felag_frontend::repayments::{LoanPage, Table};
use felag_frontend::{Here, Lang};

use super::project::heads;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::Visitor;
use crate::repayments::{Statistics, statistics};
use crate::web::page;

pub(super) async fn show(State(ctx): State<Ctx>, visitor: Visitor) -> Result<Response, Error> {
    let all = statistics(&ctx).await?;
    let mut page_ = visitor.page(&ctx, "", Here::Elsewhere);
    let lang = page_.lang;
    page_.title = lang.t("loan-statistics-title").to_string();
    let mut tables = vec![sums(lang, &all)];
    for one in &all {
        tables.push(late(lang, one));
        tables.push(defaults(lang, one));
    }
    page(&LoanPage {
        back: None,
        state: None,
        lead: lang.t("loan-statistics-lead").to_string(),
        notes: Vec::new(),
        facts: Vec::new(),
        forms: Vec::new(),
        months: Vec::new(),
        forms_below: Vec::new(),
        tables,
        links: Vec::new(),
        page: page_,
    })
}

fn sums(lang: Lang, all: &[Statistics]) -> Table {
    let line = |one: &Statistics| {
        let cells = vec![
            one.currency.code().to_string(),
            one.loans.to_string(),
            lang.money(one.lent),
            lang.money(one.outstanding),
            lang.money(one.interest),
            lang.money(one.lost),
        ];
        (None, cells)
    };
    Table {
        id: "sums".into(),
        title: lang.t("loan-statistics-loans").to_string(),
        heads: heads(
            lang,
            &[
                "basics-currency",
                "loan-statistics-loans",
                "loan-statistics-lent",
                "loan-statistics-outstanding",
                "loan-statistics-interest",
                "loan-statistics-lost",
            ],
        ),
        amounts_from: 1,
        rows: all.iter().map(line).collect(),
        empty: lang.t("loan-statistics-none").to_string(),
    }
}

fn late(lang: Lang, one: &Statistics) -> Table {
    let line = |bucket: &Bucket| {
        let (loans, amount) = one.late.get(bucket.as_str())?;
        let words = match bucket {
            Bucket::OnTime => lang.t("loan-statistics-bucket-on-time").to_string(),
            Bucket::Over90 => lang.t("loan-statistics-bucket-over").to_string(),
            days => days.as_str().replace('-', "–"),
        };
        Some((None, vec![words, loans.to_string(), lang.money(amount)]))
    };
    Table {
        id: format!("late-{}", one.currency.code().to_lowercase()).into(),
        title: lang.t1("loan-statistics-late", "currency", one.currency.code()),
        heads: heads(
            lang,
            &[
                "loan-statistics-days",
                "loan-statistics-loans",
                "loan-statistics-outstanding",
            ],
        ),
        amounts_from: 1,
        rows: Bucket::ALL.iter().filter_map(line).collect(),
        empty: lang.t("loan-statistics-late-none").to_string(),
    }
}

fn defaults(lang: Lang, one: &Statistics) -> Table {
    let line = |(year, (defaulted, running)): (&i32, &(i64, i64))| {
        let tenths = defaulted * 1000 / (*running).max(1);
        let rate = format!("{}.{} %", tenths / 10, tenths % 10);
        let cells = vec![year.to_string(), defaulted.to_string(), running.to_string(), rate];
        (None, cells)
    };
    Table {
        id: format!("defaults-{}", one.currency.code().to_lowercase()).into(),
        title: lang.t1("loan-statistics-defaults", "currency", one.currency.code()),
        heads: heads(
            lang,
            &[
                "loan-statistics-year",
                "loan-statistics-defaulted",
                "loan-statistics-running",
                "loan-statistics-rate",
            ],
        ),
        amounts_from: 1,
        rows: one.defaults.iter().map(line).collect(),
        empty: lang.t("loan-statistics-none").to_string(),
    }
}
