//! A loan after each event: how it stands, what is outstanding, how late it is, and new plans.

use std::collections::BTreeMap;

use felag_domain::loan::{
    Factor, Period, add_months,
    allocation::{Account, Future, Line, Order, Standing},
    late::{NewPlan, Pause},
};
use serde_json::Value;
use time::Date;

use super::{
    Outcome,
    told::{Miss, Told, cents, date, money, outcome, pairs, same_cents, skip, unread, whole_or, wrong},
};

/// The first day of each bucket in the source.
const EDGES: [i64; 9] = [1, 3, 30, 60, 90, 120, 150, 180, 240];

/// A loan while its events happen.
struct Life {
    account: Account,
    drawn: bool,
    standings: Vec<Standing>,
    pauses: Vec<Pause>,
}

/// Checks one case.
pub fn check(case: &Value) -> Outcome {
    outcome(told(&case["input"], &case["expected"]))
}

fn told(input: &Value, expected: &Value) -> Told {
    let order = Order {
        future: Future::Next,
        ..Order::CONTRACT
    };
    let account = Account::new(Vec::new(), order);
    let mut life = Life {
        account,
        drawn: false,
        standings: Vec::new(),
        pauses: Vec::new(),
    };
    let events = input["events"]
        .as_array()
        .ok_or_else(|| unread("events", input))?;
    for event in events {
        life.event(event, input, expected)?;
        life.standings.push(life.account.standing());
        if let Value::Array(published) = &expected["buckets_after_each"] {
            let at = published.get(life.standings.len() - 1).unwrap_or(&Value::Null);
            life.buckets(at, date(&event["date"])?)?;
        }
    }
    if let Value::Array(published) = &expected["status_after_each"] {
        let got: Vec<&str> = life.standings.iter().map(|&standing| word(standing)).collect();
        let same = published.len() == got.len()
            && published
                .iter()
                .zip(&got)
                .all(|(one, got)| one.as_str().is_some_and(|one| is_same(one, got)));
        if !same {
            return Err(wrong(
                "status_after_each",
                &expected["status_after_each"],
                format!("{got:?}"),
            ));
        }
    }
    if let Some(status) = expected["status"].as_str()
        && !is_same(status, word(life.account.standing()))
    {
        return Err(wrong("status", status, word(life.account.standing())));
    }
    same_cents(
        "outstanding",
        &expected["outstanding"],
        life.account.outstanding(),
    )?;
    same_cents("overpaid", &expected["overpaid"], life.account.credit())?;
    same_cents(
        "written_off",
        &expected["written_off"],
        life.account.written_off.total(),
    )?;
    if !expected["after"].is_null() {
        rows("after", &expected["after"], &life.account)?;
    }
    if let Value::Object(days) = &expected["buckets"] {
        for (day, published) in days {
            life.buckets(published, date(&Value::String(day.clone()))?)?;
        }
    }
    Ok(())
}

impl Life {
    fn event(&mut self, event: &Value, input: &Value, expected: &Value) -> Told {
        let kind = event["type"].as_str().unwrap_or_default();
        let refused =
            |refused: felag_domain::loan::allocation::AllocationError| wrong(kind, "booked", refused);
        match kind {
            "disbursement" if self.drawn => return skip("several disbursements are not offered"),
            "disbursement" => self.draw(event, input, expected)?,
            "loan" => {
                self.drawn = true;
                let lines = pairs(&event["instalments"])?.into_iter();
                let lines = lines
                    .map(|(on, amount)| Line::new(on, amount, 0, Factor::ZERO))
                    .collect();
                self.account = Account::new(lines, self.account.order);
            }
            "repayment" | "down_payment" => {
                self.account
                    .pay(date(&event["date"])?, cents(&event["amount"])?)
                    .map_err(refused)?;
            }
            "chargeback" | "returned_payment" => {
                self.account
                    .charged_back(cents(&event["amount"])?)
                    .map_err(refused)?;
            }
            "reschedule" => self.new_plan(event)?,
            "write_off" | "writeoff" | "write-off" => {
                self.account.write_off();
            }
            "pause" | "delinquency_pause" => {
                let from = first(event, &["start", "from", "date"]);
                let until = first(event, &["end", "until", "to"]);
                let until = if until.is_null() { None } else { Some(date(until)?) };
                self.pauses.push(Pause {
                    from: date(from)?,
                    until,
                });
            }
            "resume" | "delinquency_resume" => {
                let on = date(first(event, &["start", "from", "date"]))?;
                if let Some(pause) = self.pauses.last_mut() {
                    pause.until = Some(pause.until.map_or(on, |until| until.min(on)));
                }
            }
            "business_date" => {}
            _ => return skip(format!("an event of type {kind:?} is not offered")),
        }
        Ok(())
    }

    /// The rows of a loan paid out: those the case gives, else monthly ones of the same amount.
    fn draw(&mut self, event: &Value, input: &Value, expected: &Value) -> Told {
        self.drawn = true;
        let (on, principal) = (date(&event["date"])?, cents(&event["amount"])?);
        let given = first(input, &["instalments", "before"]);
        let lines = if !given.is_null() {
            pairs(given)?
        } else {
            let count = expected["before"].as_array().map_or(1, Vec::len);
            let count = whole_or(&input["number_of_repayments"], u32::try_from(count).unwrap_or(1))?;
            level(on, principal, count).ok_or_else(|| unread("a disbursement", event))?
        };
        let lines = lines
            .into_iter()
            .map(|(on, amount)| Line::new(on, amount, 0, Factor::ZERO))
            .collect();
        self.account = Account::new(lines, self.account.order);
        if expected["before"].is_null() {
            Ok(())
        } else {
            rows("before", &expected["before"], &self.account)
        }
    }

    fn new_plan(&mut self, event: &Value) -> Told {
        const KNOWN: [&str; 11] = [
            "type",
            "date",
            "submitted_on",
            "from",
            "extra_terms",
            "holiday",
            "payment_holiday",
            "grace_on_principal",
            "new_due_date",
            "adjusted_due_date",
            "to",
        ];
        if let Some(fields) = event.as_object()
            && let Some(other) = fields.keys().find(|name| !KNOWN.contains(&name.as_str()))
        {
            return skip(format!("a new plan with {other} is not offered"));
        }
        let starts = first(event, &["new_due_date", "adjusted_due_date", "to"]);
        let plan = NewPlan {
            from: date(&event["from"])?,
            starts_on: if starts.is_null() {
                None
            } else {
                Some(date(starts)?)
            },
            period: Period::Monthly,
            extra: whole_or(&event["extra_terms"], 0)?,
            holiday: whole_or(
                first(event, &["holiday", "payment_holiday", "grace_on_principal"]),
                0,
            )?,
        };
        self.account
            .reschedule(plan)
            .map_err(|refused| wrong("a new plan", "made", refused))
    }

    fn buckets(&self, published: &Value, on: Date) -> Told {
        let Value::Object(published) = published else {
            return Ok(());
        };
        let mut edges = EDGES.to_vec();
        let mut expected = BTreeMap::new();
        for (label, amount) in published {
            let edge = number(label).ok_or_else(|| Miss::Unread(format!("a bucket: {label}")))?;
            edges.push(edge);
            if cents(amount)? != 0 {
                expected.insert(edge, cents(amount)?);
            }
        }
        edges.sort_unstable();
        edges.dedup();
        let got: BTreeMap<i64, i64> = self
            .account
            .buckets(on, &edges, &self.pauses)
            .into_iter()
            .collect();
        if expected == got {
            return Ok(());
        }
        Err(wrong(
            &format!("buckets on {on}"),
            format!("{expected:?}"),
            format!("{got:?}"),
        ))
    }
}

/// Equal parts, a month apart, the last one takes the rest.
fn level(on: Date, principal: i64, count: u32) -> Option<Vec<(Date, i64)>> {
    let each = principal / i64::from(count.max(1));
    let row = |number: u32| {
        let amount = if number == count {
            principal - each * i64::from(count - 1)
        } else {
            each
        };
        Some((add_months(on, i32::try_from(number).ok()?)?, amount))
    };
    (1..=count).map(row).collect()
}

fn rows(what: &str, published: &Value, account: &Account) -> Told {
    let published = pairs(published)?;
    let got: Vec<(Date, i64)> = account
        .lines
        .iter()
        .map(|line| (line.due_on, line.due().total()))
        .collect();
    if published == got {
        return Ok(());
    }
    let list = |rows: &[(Date, i64)]| {
        rows.iter()
            .map(|(on, amount)| format!("{on} {}", money(*amount)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    Err(wrong(what, list(&published), list(&got)))
}

fn first<'a>(value: &'a Value, names: &[&str]) -> &'a Value {
    names
        .iter()
        .map(|name| &value[*name])
        .find(|found| !found.is_null())
        .unwrap_or(&Value::Null)
}

fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Active => "ACTIVE",
        Standing::Closed => "CLOSED_OBLIGATIONS_MET",
        Standing::Overpaid => "OVERPAID",
        Standing::WrittenOff => "CLOSED_WRITTEN_OFF",
    }
}

fn is_same(published: &str, got: &str) -> bool {
    let plain = published.to_uppercase().replace(' ', "_");
    plain == got || (got == "CLOSED_WRITTEN_OFF" && plain.contains("WRIT"))
}

/// The first number of a label such as `RANGE_3 (days 3-29)`.
fn number(label: &str) -> Option<i64> {
    let digits = label
        .split(|letter: char| !letter.is_ascii_digit())
        .find(|digits| !digits.is_empty());
    digits?.parse().ok()
}
