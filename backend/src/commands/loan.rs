//! `felag loan quote`: what a loan would cost, from JSON, as a table or as JSON. Needs no database.

use std::collections::HashMap;
use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use felag_domain::loan::quote::{FIELDS, GraceKind, Quote, quote};
use felag_domain::money::Money;
use felag_domain::words::FieldRefusal;
use felag_frontend::Lang;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::say;
use crate::clock::wall;

/// More than this is no list of terms.
const MOST_BYTES: u64 = 65_536;
/// A number in JSON with so many digits is read exactly; a longer one may have been rounded on the way.
const EXACT_DIGITS: usize = 15;

/// What `felag loan` can do.
#[derive(Debug, Subcommand)]
pub enum Loan {
    /// Work out the schedule, the totals and the APR of a loan.
    #[command(after_help = HELP)]
    Quote(How),
}

const HELP: &str = "\
The terms are one JSON object:
  principal     the amount lent: \"1200.00\" (needed)
  rate          percent a year: \"6\", \"4.25\" (needed, but not for interest-free)
  count         how many instalments, 1 to 600 (needed)
  currency      EUR unless said otherwise
  period        weekly, two-weekly, monthly (usual), quarterly
  kind          equal-instalments (usual), equal-principal, flat, bullet, interest-free
  grace         {\"kind\": \"interest-only\" or \"deferred-interest\", \"count\": 3}; none is usual
  day_count     30/360 (usual), 30E/360, actual/360, actual/365F, actual/364, NL/365, actual/actual
  paid_out_on   when interest begins: \"2027-01-31\"; usually one period before the first instalment, else today
  first_due_on  when the first instalment falls due; usually one period after it is paid out
  fees          what is kept when it is paid out; 0 is usual
Amounts and rates may be texts or numbers; texts are read exactly, however long.";

/// What `felag loan quote` is told.
#[derive(Debug, Args)]
pub struct How {
    /// A file with the terms; the standard input if it is `-` or not given.
    file: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

/// Reads the terms, works out the quote, and prints it.
pub fn run(Loan::Quote(how): Loan) -> anyhow::Result<()> {
    let terms = fields(&read(how.file)?)?;
    let typed = |name| terms.get(name).map_or("", String::as_str);
    let made = quote(typed, wall().date()).map_err(|refused| why(&refused))?;
    if how.json {
        say(&serde_json::to_string_pretty(&as_json(&made))?)
    } else {
        say(&as_table(&made))
    }
}

fn read(file: Option<PathBuf>) -> anyhow::Result<String> {
    let (name, source): (_, Box<dyn Read>) = match file {
        Some(path) if path.as_os_str() != "-" => {
            let name = path.display().to_string();
            let file = std::fs::File::open(&path).with_context(|| name.clone())?;
            (name, Box::new(file))
        }
        _ => ("the standard input".to_owned(), Box::new(std::io::stdin())),
    };
    let mut text = String::new();
    let read = source.take(MOST_BYTES + 1).read_to_string(&mut text);
    let length = read.with_context(|| name.clone())?;
    anyhow::ensure!(
        u64::try_from(length)? <= MOST_BYTES,
        "{name} is longer than {MOST_BYTES} bytes"
    );
    Ok(text)
}

/// The fields of the quote as texts, from the object that was given.
fn fields(text: &str) -> anyhow::Result<HashMap<&'static str, String>> {
    let document: Value = serde_json::from_str(text).context("the terms are not JSON")?;
    let Value::Object(object) = document else {
        bail!(
            "the terms are one JSON object, such as {{\"principal\": \"1200\", \"rate\": \"6\", \"count\": 12}}"
        )
    };
    let mut fields = HashMap::new();
    for (key, value) in object {
        match (plain(&key).as_str(), value) {
            ("grace", Value::Object(grace)) => fields.extend(grace_of(grace)?),
            (name, value) => {
                let Some(field) = field(name) else {
                    bail!("{key} is no key of a quote; the keys are {}", keys())
                };
                let text = scalar(&key, value)?;
                anyhow::ensure!(fields.insert(field, text).is_none(), "{key} is given twice");
            }
        }
    }
    Ok(fields)
}

/// Grace as an object: its kind and its count.
fn grace_of(grace: Map<String, Value>) -> anyhow::Result<Vec<(&'static str, String)>> {
    let of = |(key, value): (String, Value)| {
        let field = match plain(&key).as_str() {
            "kind" => "grace_kind",
            "count" => "grace",
            _ => bail!("{key} is no key of grace; the keys are kind and count"),
        };
        Ok((field, scalar(&key, value)?))
    };
    grace.into_iter().map(of).collect()
}

/// A key as it is written here, whether with hyphens or in other cases.
fn plain(key: &str) -> String {
    key.trim().to_lowercase().replace(['-', ' '], "_")
}

/// The field of a key. A date may be called so, and one fee is a fee.
fn field(key: &str) -> Option<&'static str> {
    let name = match key {
        "first_due" | "first_due_date" => "first_due_on",
        "paid_out" | "paid_out_date" => "paid_out_on",
        "fee" => "fees",
        "grace_count" => "grace",
        other => other,
    };
    FIELDS.into_iter().find(|field| *field == name)
}

fn keys() -> String {
    let known = FIELDS.into_iter().filter(|field| *field != "grace_kind");
    known.collect::<Vec<_>>().join(", ")
}

/// A text as it is, or a number as it was written.
fn scalar(key: &str, value: Value) -> anyhow::Result<String> {
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text),
        Value::Number(number) => {
            let text = number.to_string();
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            anyhow::ensure!(
                digits <= EXACT_DIGITS || !number.is_f64(),
                "{key} has more digits than a number in JSON is sure to keep; write it as a text, in quotes"
            );
            // What has no decimals but a point is the same number without: 12.0 is 12.
            Ok(text.strip_suffix(".0").map(str::to_owned).unwrap_or(text))
        }
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => bail!("{key} is a text or a number"),
    }
}

/// All that was refused, a line each, in the words of the page.
fn why(refused: &[FieldRefusal]) -> anyhow::Error {
    let line = |one: &FieldRefusal| format!("{}: {}", one.field, Lang::En.words(&one.words));
    let lines: Vec<String> = refused.iter().map(line).collect();
    anyhow::anyhow!("no quote.\n  {}", lines.join("\n  "))
}

fn as_json(quote: &Quote) -> Value {
    let asked = quote.terms.asked();
    let percent = |told: Option<Decimal>| told.map(|told| told.to_string());
    let exact = |rate: Option<Decimal>| {
        percent(rate.map(|rate| (rate * Decimal::ONE_HUNDRED).round_dp(8).normalize()))
    };
    let rows: Vec<Value> = quote
        .rows
        .iter()
        .map(|row| {
            json!({
                "number": row.number, "due_on": row.due_on.to_string(), "principal": major(row.principal),
                "interest": major(row.interest), "instalment": major(row.total()), "left": major(row.left),
            })
        })
        .collect();
    json!({
        "terms": {
            "principal": major(asked.principal), "currency": asked.principal.currency().code(),
            "rate": asked.rate.percent().to_string(), "count": asked.count, "period": asked.period.as_str(),
            "kind": asked.kind.as_str(), "day_count": asked.day_count.as_str(),
            "grace": {
                "kind": GraceKind::of(asked.grace).as_str(),
                "count": asked.grace.principal,
            },
            "paid_out_on": asked.paid_out_on.to_string(), "first_due_on": first_due(quote),
            "fees": major(asked.fee),
        },
        "rows": rows,
        "totals": {
            "principal": major(asked.principal), "paid_out": major(quote.paid_out),
            "interest": major(quote.interest), "fees": major(asked.fee), "cost": major(quote.cost),
            "total": major(quote.total),
        },
        "apr": {
            "eu_percent": percent(quote.apr_told()), "eu_percent_exact": exact(quote.apr),
            "us_percent": percent(quote.apr_us_told()), "us_percent_exact": exact(quote.apr_us),
        },
    })
}

fn first_due(quote: &Quote) -> Option<String> {
    quote.rows.first().map(|row| row.due_on.to_string())
}

/// The amount with all decimals of its currency, without its code.
fn major(money: Money) -> String {
    let text = money.to_string();
    text.split(' ').next().unwrap_or_default().to_owned()
}

fn as_table(quote: &Quote) -> String {
    let asked = quote.terms.asked();
    let head = ["", "due", "principal", "interest", "instalment", "left"].map(str::to_owned);
    let rows = quote.rows.iter().map(|row| {
        [
            row.number.to_string(),
            row.due_on.to_string(),
            major(row.principal),
            major(row.interest),
            major(row.total()),
            major(row.left),
        ]
    });
    let cells: Vec<[String; 6]> = std::iter::once(head).chain(rows).collect();
    let widths: Vec<usize> = (0..6)
        .map(|column| cells.iter().map(|row| row[column].len()).max().unwrap_or(0))
        .collect();
    let line = |row: &[String; 6]| {
        let padded = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:>width$}"));
        padded.collect::<Vec<_>>().join("  ")
    };
    let mut lines = vec![format!(
        "{} at {} % a year, {} instalments ({}), {}, {}, from {}",
        asked.principal,
        asked.rate.percent(),
        asked.count,
        asked.period,
        asked.kind,
        asked.day_count,
        asked.paid_out_on
    )];
    lines.extend(cells.iter().map(line));
    lines.push(String::new());
    lines.push(format!("Paid out      {}", quote.paid_out));
    lines.push(format!("Paid back     {}", quote.total));
    lines.push(format!("Interest      {}", quote.interest));
    lines.push(format!("Fees          {}", asked.fee));
    lines.push(format!("Costs in all  {}", quote.cost));
    let told = |apr: Option<Decimal>| apr.map_or_else(|| "none".to_owned(), |apr| format!("{apr} %"));
    lines.push(format!("APR (EU)      {}", told(quote.apr_told())));
    lines.push(format!("APR (US)      {}", told(quote.apr_us_told())));
    lines.join("\n")
}
