//! What repayments pay of instalments.

use felag_domain::loan::{
    Factor,
    allocation::{Account, Future, Line, Order, Piece},
};
use serde_json::Value;

use super::{
    Outcome,
    told::{Miss, Told, cents, date, list, money, outcome, same_cents, skip, wrong},
};

/// The rules of a case: the order inside a row by the name of the strategy, and which rows to come.
fn order(input: &Value) -> Result<Order, Miss> {
    let strategy = input["strategy"].as_str().unwrap_or_default();
    let future = match input["future_instalment_rule"].as_str() {
        None | Some("NEXT_INSTALLMENT" | "NEXT") => Future::Next,
        Some("LAST_INSTALLMENT" | "LAST") => Future::Last,
        Some("REAMORTIZATION" | "REAMORTISATION") => Future::Reamortise,
        Some(other) => return skip(format!("the future rule {other} is not offered")),
    };
    let named = strategy
        .split(['_', '-'])
        .filter_map(|word| match word.to_uppercase().as_str() {
            "PENALTY" | "PENALTIES" => Some(Piece::Penalty),
            "FEE" | "FEES" => Some(Piece::Fee),
            "INTEREST" => Some(Piece::Interest),
            "PRINCIPAL" => Some(Piece::Principal),
            _ => None,
        });
    let named: Vec<Piece> = named.collect();
    let four = |from: usize| {
        named
            .get(from..from + 4)
            .and_then(|four| <[Piece; 4]>::try_from(four).ok())
    };
    let due = match four(0) {
        Some(due) => due,
        None if strategy.starts_with("ADVANCED") || strategy.is_empty() => Order::CONTRACT.due,
        None => return skip(format!("the strategy {strategy} is not offered")),
    };
    Ok(Order {
        due,
        ahead: four(4).unwrap_or(due),
        future,
    })
}

/// Checks one case.
pub fn check(case: &Value) -> Outcome {
    outcome(told(&case["input"], &case["expected"]))
}

fn told(input: &Value, expected: &Value) -> Told {
    let mut lines = Vec::new();
    for row in list(&input["instalments"])? {
        let of = |name: &str| {
            if row[name].is_null() {
                Ok(0)
            } else {
                cents(&row[name])
            }
        };
        lines.push(Line::new(
            date(&row["due_date"])?,
            of("principal")?,
            of("interest")?,
            Factor::ZERO,
        ));
    }
    let mut account = Account::new(lines, order(input)?);
    let (mut drawn, mut repaid, mut all) = (0, Vec::new(), Vec::new());
    for event in list(&input["events"])? {
        let kind = event["type"].as_str().unwrap_or_default();
        match kind {
            "disbursement" if drawn == 0 => drawn += 1,
            "disbursement" => return skip("several disbursements are not offered"),
            "repayment" | "down_payment" => {
                let number = account.pay(date(&event["date"])?, cents(&event["amount"])?);
                let number = number.map_err(|refused| wrong("a repayment", "booked", refused))?;
                all.push(number);
                if kind == "repayment" {
                    repaid.push(number);
                }
            }
            "charge" => {
                let piece = match event["kind"].as_str() {
                    Some("penalty") => Piece::Penalty,
                    Some("fee") => Piece::Fee,
                    Some(_) | None => return skip(format!("a charge of kind {}", event["kind"])),
                };
                account.charge(piece, date(&event["due_date"])?, cents(&event["amount"])?);
            }
            "chargeback" => {
                let back = account.charged_back(cents(&event["amount"])?);
                back.map_err(|refused| wrong("a chargeback", "booked", refused))?;
            }
            _ => return skip(format!("an event of type {kind:?} is not offered")),
        }
    }
    rows(&account, expected)?;
    payments(&account, expected, repaid, all)
}

/// What each payment paid; cases list the repayments alone, or down payments with them.
fn payments(account: &Account, expected: &Value, repaid: Vec<usize>, all: Vec<usize>) -> Told {
    let Value::Array(payments) = &expected["repayments"] else {
        return Ok(());
    };
    let numbers = if payments.len() == repaid.len() {
        repaid
    } else {
        all
    };
    if payments.len() != numbers.len() {
        return Err(wrong("repayments", payments.len(), numbers.len()));
    }
    for (published, number) in payments.iter().zip(numbers) {
        let payment = &account.payments[number];
        let pieces = payment.pieces();
        let of = |name: &str, got| {
            same_cents(
                &format!("{name} of the repayment on {}", payment.on),
                &published[name],
                got,
            )
        };
        of("amount", payment.amount)?;
        of("principal", pieces.principal)?;
        of("interest", pieces.interest)?;
        of("fees", pieces.fee)?;
        of("penalties", pieces.penalty)?;
        of("overpayment", payment.credit)?;
    }
    Ok(())
}

fn rows(account: &Account, expected: &Value) -> Told {
    let published = list(&expected["rows"])?;
    if published.len() != account.lines.len() {
        return Err(wrong("rows", published.len(), account.lines.len()));
    }
    for (number, (row, line)) in (1..).zip(published.iter().zip(&account.lines)) {
        let due = line.due();
        let of = |name: &str, got| same_cents(&format!("{name} of row {number}"), &row[name], got);
        of("principal", due.principal)?;
        of("interest", due.interest)?;
        of("fees", due.fee)?;
        of("penalties", due.penalty)?;
        of("due", due.total())?;
        of("paid", line.paid.total())?;
        of("in_advance", line.in_advance)?;
        of("late", line.late)?;
        of("outstanding", line.outstanding())?;
        if !row["due_date"].is_null() && date(&row["due_date"])? != line.due_on {
            return Err(wrong(
                &format!("due_date of row {number}"),
                &row["due_date"],
                line.due_on,
            ));
        }
        if row.get("paid_off_on").is_some() {
            let published = if row["paid_off_on"].is_null() {
                None
            } else {
                Some(date(&row["paid_off_on"])?)
            };
            if published != line.paid_off_on {
                let what = format!("paid_off_on of row {number}, {} open", money(line.outstanding()));
                return Err(wrong(
                    &what,
                    format!("{published:?}"),
                    format!("{:?}", line.paid_off_on),
                ));
            }
        }
    }
    for (name, got) in [
        ("outstanding", account.outstanding()),
        ("overpaid", account.credit()),
    ] {
        same_cents(name, &expected[name], got)?;
    }
    Ok(())
}
