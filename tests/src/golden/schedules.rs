//! Whole schedules, row by row.

use anyhow::Context;
use felag_domain::loan::{Amortisation, DayCount, Factor, Period, Plan, add_months, due_dates, rows};
use felag_domain::rate::Rate;
use rust_decimal::Decimal;
use serde_json::Value;
use time::{Date, Duration};

use super::instalments::factor;
use super::value::{Span, count, date, field, field_or, minor, number, span};
use super::{Outcome, near, outcome};

pub fn check(case: &Value) -> anyhow::Result<Outcome> {
    let input = &case["input"];
    if input["disbursements"]
        .as_array()
        .is_some_and(|list| list.len() > 1)
    {
        return Ok(Outcome::Skipped(
            "a loan of ours is paid out once, not in several disbursements".into(),
        ));
    }
    if case["notes"]
        .as_str()
        .is_some_and(|notes| notes.contains("smoothing rule"))
    {
        return Ok(Outcome::Skipped(
            "it needs the smoothing rule, which nudges the instalment; ours is fixed once".into(),
        ));
    }
    let amount = input["disbursements"][0]["amount"].as_str().map(Value::from);
    let principal = minor(amount.as_ref().unwrap_or(&input["principal"]))?;
    let every = span(&input["repay_every"])?;
    let factors = if input["periods"].is_array() {
        by_periods(input, every)?
    } else {
        by_terms(input, every)?
    };
    let amortisation = match input["amortization"].as_str().unwrap_or_default() {
        text if input["interest_type"] == "FLAT" && text.starts_with("EQUAL") => Amortisation::Flat,
        text if text.starts_with("EQUAL_PRINCIPAL") => Amortisation::EqualPrincipal,
        text if text.starts_with("EQUAL_INSTAL") || text.is_empty() => Amortisation::EqualInstalments,
        text if text.starts_with("BULLET") => Amortisation::Bullet,
        text => {
            return Ok(Outcome::Skipped(format!(
                "no loan of ours is paid back by {text}"
            )));
        }
    };
    let grace =
        |name: &str| -> anyhow::Result<u32> { Ok(u32::try_from(field_or(input, name, Decimal::ZERO)?)?) };
    let plan = Plan {
        principal,
        factors: &factors,
        amortisation,
        principal_grace: grace("principal_grace_periods")?,
        interest_grace: grace("interest_payment_grace_periods")?,
        multiple: match &input["instalment_in_multiples_of"] {
            Value::Null => 1,
            multiple => minor(multiple)?.max(1),
        },
    };
    let got = rows(&plan).context("it cannot be counted")?;
    compare(case, principal, &got)
}

/// The interest of each row of a loan that says how it counts.
fn by_terms(input: &Value, every: Span) -> anyhow::Result<Vec<Factor>> {
    let number = count(input, "number_of_repayments")?;
    let text = input["interest_day_count"].as_str().unwrap_or("30/360");
    let convention = super::day_count::convention(text).with_context(|| format!("days by {text}"))?;
    if convention == DayCount::Thirty360 || input["disbursement_date"].is_null() {
        return Ok(vec![factor(input, every)?; usize::try_from(number)?]);
    }
    let start = date(&input["disbursement_date"])?;
    let rate = Rate::from_percent(field(input, "annual_nominal_rate_percent")?).context("a rate")?;
    let dates = due(start, every, number)?;
    let from = std::iter::once(start).chain(dates.iter().copied());
    Ok(from
        .zip(&dates)
        .map(|(from, to)| convention.years(from, *to).at(rate))
        .collect())
}

/// The interest of each row of a loan that says how long a month and a year are.
fn by_periods(input: &Value, every: Span) -> anyhow::Result<Vec<Factor>> {
    let rate = Rate::from_percent(field(input, "annual_nominal_rate_percent")?).context("a rate")?;
    let (year, month) = (input["days_in_year"].as_str(), input["days_in_month"].as_str());
    let convention = match year {
        Some("DAYS_360") => DayCount::Actual360,
        Some("DAYS_364") => DayCount::Actual364,
        Some("DAYS_365") => DayCount::Actual365Fixed,
        Some("ACTUAL") => DayCount::ActualActual,
        other => anyhow::bail!("a year of {other:?}"),
    };
    let one = |period: &Value| {
        let (from, to) = (date(&period[0])?, date(&period[1])?);
        let years = match (every, month) {
            // A month of thirty days is one whatever its dates.
            (Span::Months(months), Some("DAYS_30")) => match year {
                Some("DAYS_360") => Factor::new(i128::from(months), 12),
                _ => {
                    let day = Factor::new(i128::from(months) * 30, 365);
                    if convention == DayCount::Actual364 {
                        Factor::new(day.numerator(), 364)
                    } else {
                        day
                    }
                }
            },
            _ => convention.years(from, to),
        };
        anyhow::Ok(years.at(rate))
    };
    input["periods"]
        .as_array()
        .context("periods")?
        .iter()
        .map(one)
        .collect()
}

fn due(start: Date, every: Span, number: u32) -> anyhow::Result<Vec<Date>> {
    let beyond = "beyond the calendar";
    match every {
        Span::Months(3) => {
            let first = add_months(start, 3).context(beyond)?;
            due_dates(first, start.day(), Period::Quarterly, number).context(beyond)
        }
        Span::Months(1) => {
            let first = add_months(start, 1).context(beyond)?;
            due_dates(first, start.day(), Period::Monthly, number).context(beyond)
        }
        Span::Months(months) => (1..=i32::try_from(number)?)
            .map(|n| add_months(start, n * i32::try_from(months)?).context(beyond))
            .collect(),
        Span::Days(7) => due_dates(start + Duration::days(7), 1, Period::Weekly, number).context(beyond),
        Span::Days(14) => due_dates(start + Duration::days(14), 1, Period::TwoWeekly, number).context(beyond),
        Span::Days(days) => Ok((1..=number)
            .map(|n| start + Duration::days(i64::from(n) * i64::from(days)))
            .collect()),
    }
}

fn compare(case: &Value, principal: i64, got: &[(i64, i64)]) -> anyhow::Result<Outcome> {
    let (input, expected) = (&case["input"], &case["expected"]);
    let tolerance = field_or(expected, "tolerance", Decimal::ZERO)?;
    let list = ["rows", "rows_first_12"]
        .iter()
        .find_map(|name| expected[*name].as_array());
    let list = list.context("no rows are expected")?;
    let mut checks = Vec::new();
    if expected["rows"].is_array() && list.len() != got.len() {
        checks.push(Err(format!("expected {} rows, got {}", list.len(), got.len())));
    }
    let dates = match (&input["disbursement_date"], input["periods"].is_array()) {
        (Value::Null, _) | (_, true) => Vec::new(),
        (start, false) => due(
            date(start)?,
            span(&input["repay_every"])?,
            count(input, "number_of_repayments")?,
        )?,
    };
    let mut left = principal;
    for (n, (row, (principal, interest))) in (1_i64..).zip(list.iter().zip(got)) {
        left -= principal;
        let parts = [
            ("principal", *principal, tolerance),
            ("interest", *interest, tolerance),
            ("due", principal + interest, tolerance),
            // Rounded rows drift from unrounded ones by a cent each at most.
            ("balance", left, tolerance * Decimal::from(n)),
        ];
        for (name, got, within) in parts {
            if !row[name].is_null() {
                checks.push(near(
                    &format!("row {n} {name}"),
                    number(&row[name])?,
                    Decimal::new(got, 2),
                    within,
                ));
            }
        }
        if let (false, Some(got)) = (row["due_date"].is_null(), dates.get(usize::try_from(n - 1)?))
            && date(&row["due_date"])? != *got
        {
            checks.push(Err(format!("row {n} falls due on {got}")));
        }
    }
    sums(expected, got, principal, tolerance, &mut checks)?;
    Ok(outcome(checks))
}

fn sums(
    expected: &Value,
    got: &[(i64, i64)],
    principal: i64,
    tolerance: Decimal,
    checks: &mut Vec<Result<(), String>>,
) -> anyhow::Result<()> {
    let interest: i64 = got.iter().map(|row| row.1).sum();
    let drift = tolerance * Decimal::from(got.len());
    let all = [
        (&expected["totals"]["interest"], interest),
        (&expected["totals"]["principal"], principal),
        (&expected["totals"]["due"], principal + interest),
        (&expected["total_interest"], interest),
    ];
    for (published, got) in all {
        if !published.is_null() {
            checks.push(near("total", number(published)?, Decimal::new(got, 2), drift));
        }
    }
    for (year, (published, rows)) in (1..).zip(
        expected["year_interest_totals"]
            .as_array()
            .into_iter()
            .flatten()
            .zip(got.chunks(12)),
    ) {
        let sum: i64 = rows.iter().map(|row| row.1).sum();
        checks.push(near(
            &format!("interest of year {year}"),
            number(published)?,
            Decimal::new(sum, 2),
            tolerance * Decimal::from(12),
        ));
    }
    if !expected["apr_percent_with_4000_fee"].is_null() {
        use felag_domain::loan::apr::{Flow, eu};
        let mut flows = vec![Flow {
            amount: Decimal::new(principal - 400_000, 2),
            years: Decimal::ZERO,
        }];
        flows.extend((1_i64..).zip(got).map(|(n, row)| Flow {
            amount: -Decimal::new(row.0 + row.1, 2),
            years: Decimal::from(n) / Decimal::from(12),
        }));
        let rate = eu(&flows).context("there is no such rate")? * Decimal::ONE_HUNDRED;
        checks.push(near(
            "APR with the fee",
            field(expected, "apr_percent_with_4000_fee")?,
            rate,
            Decimal::new(1, 4),
        ));
    }
    Ok(())
}
