//! What both documents of a loan say: who borrows, the terms, the schedule.

use felag_domain::loan::apr::percent_told;
use felag_domain::project::HolderForm;
use felag_frontend::Lang;
use felag_frontend::project_edit::{country, holder_form};
use time::OffsetDateTime;

use crate::loans::sheet::Sheet;
use crate::loans::web::shown;
use crate::loans::{asking, quote};
use crate::paper::{Block, Row, Table};

/// A moment, in the campaign's time zone.
pub fn when(lang: Lang, sheet: &Sheet, at: Option<OffsetDateTime>) -> String {
    at.map_or_else(String::new, |at| lang.date_time(at, &sheet.time_zone))
}

/// Who borrows.
pub fn borrower(lang: Lang, sheet: &Sheet) -> Block {
    let land = match sheet.holder_country.as_str() {
        "" => String::new(),
        code => country(lang, code).to_string(),
    };
    let form = sheet.holder_form.parse::<HolderForm>();
    let form = form.map_or_else(|_| String::new(), |form| lang.t(holder_form(form)).to_string());
    let facts = [
        ("paper-borrower", sheet.holder.clone()),
        ("paper-form", form),
        ("paper-register", sheet.holder_register.clone()),
        ("paper-address", sheet.holder_address.replace('\n', ", ")),
        ("paper-country", land),
        ("paper-project", sheet.project.clone()),
        ("loan-campaign", sheet.title.clone()),
    ];
    Block::Facts(named(lang, facts))
}

/// The facts that are there, under their names.
pub fn named<const N: usize>(lang: Lang, facts: [(&'static str, String); N]) -> Vec<(String, String)> {
    facts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (lang.t(name).to_string(), value))
        .collect()
}

/// Amount, interest, instalments.
pub fn terms(lang: Lang, sheet: &Sheet) -> Vec<(String, String)> {
    let least = if sheet.least_minor == sheet.amount_minor {
        lang.t("paper-may-not-shrink").to_string()
    } else {
        lang.money(sheet.money(sheet.least_minor))
    };
    let grace = match sheet.grace {
        0 => String::new(),
        count => lang.t2(
            "loan-grace-is",
            "count",
            i64::from(count),
            "kind",
            shown::grace(lang, &sheet.grace_kind),
        ),
    };
    named(
        lang,
        [
            ("loan-amount", lang.money(sheet.money(sheet.amount_minor))),
            ("loan-least", least),
            (
                "loan-rate",
                lang.t1("loan-rate-a-year", "percent", asking::percent(sheet.rate_bp)),
            ),
            (
                "loan-instalments",
                lang.t2(
                    "loan-instalments-are",
                    "count",
                    i64::from(sheet.instalments),
                    "period",
                    shown::period(lang, &sheet.period),
                ),
            ),
            ("loan-kind", shown::kind(lang, &sheet.kind).to_string()),
            ("loan-grace", grace),
            ("paper-day-count", sheet.day_count.clone()),
        ],
    )
}

/// The schedule of the whole loan: what comes back, from when to when, what it costs a year, and every instalment.
pub fn schedule(lang: Lang, sheet: &Sheet) -> Vec<Block> {
    let principal = sheet.money(sheet.amount_minor);
    let Some(terms) = quote::terms_of_sheet(sheet, principal, true) else {
        return vec![Block::Words(lang.t("paper-no-dates").to_string())];
    };
    let schedule = terms.schedule();
    let day =
        |row: Option<&felag_domain::loan::Row>| row.map_or_else(String::new, |row| lang.day(row.due_on));
    let apr = terms.apr().map_or_else(String::new, |apr| {
        lang.t1("loan-rate-a-year", "percent", percent_told(apr).to_string())
    });
    let facts = named(
        lang,
        [
            ("loan-total-back", lang.money(schedule.total)),
            ("loan-interest-in-all", lang.money(schedule.interest)),
            ("loan-first-date", day(schedule.rows.first())),
            ("loan-last-date", day(schedule.rows.last())),
            ("loan-costs", lang.money(terms.asked().fee)),
            ("loan-apr", apr),
        ],
    );
    let row = |row: &felag_domain::loan::Row| Row {
        cells: vec![
            lang.day(row.due_on),
            lang.money(row.principal),
            lang.money(row.interest),
            lang.money(row.total()),
            lang.money(row.left),
        ],
        is_sum: false,
    };
    let table = Table {
        head: [
            "loan-due",
            "loan-principal",
            "loan-interest",
            "loan-instalment",
            "loan-left",
        ]
        .map(|id| lang.t(id).to_string())
        .to_vec(),
        rows: schedule.rows.iter().map(row).collect(),
    };
    vec![
        Block::Facts(facts),
        Block::Words(lang.t("loan-apr-means").to_string()),
        Block::Words(lang.t("loan-dates-expected").to_string()),
        Block::Table(table),
    ]
}
