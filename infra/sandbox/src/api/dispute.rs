//! Disputes: a card holder's bank takes money back, and sometimes gives it back. An inquiry moves no money.

use serde_json::{Value, json};

use super::{
    book::{Booking, book},
    evidence, page, paging,
};
use crate::{
    currency::Currency,
    db::{Object, Tx},
    fault::{Fault, Outcome},
    params::Params,
};

const DAY: i64 = 86_400;
/// How long evidence is taken, and how long an inquiry stays open.
const ANSWER_DAYS: i64 = 7;
const INQUIRY_DAYS: i64 = 20;

pub(crate) const REASONS: [&str; 15] = [
    "bank_cannot_process",
    "check_returned",
    "credit_not_processed",
    "customer_initiated",
    "debit_not_authorized",
    "duplicate",
    "fraudulent",
    "general",
    "incorrect_account_details",
    "insufficient_funds",
    "noncompliant",
    "product_not_received",
    "product_unacceptable",
    "subscription_canceled",
    "unrecognized",
];
/// How a dispute begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opening {
    /// In the currency's units; none: all that was not given back.
    pub amount: Option<i64>,
    pub reason: &'static str,
    /// The bank only asks: no money moves.
    pub inquiry: bool,
}

/// What of a charge neither went back nor is held by a dispute, in units.
pub(super) fn left_of(charge: &Object) -> i64 {
    charge.number("amount") - charge.number("amount_refunded") - held(charge)
}

/// What disputes hold of a charge, in units.
pub(super) fn held(charge: &Object) -> i64 {
    charge.hidden["disputed"].as_i64().unwrap_or(0)
}

fn hold(tx: &mut Tx, charge: &mut Object, change: i64) {
    charge.hidden["disputed"] = (held(charge) + change).into();
    tx.put(charge);
}

/// Opens a dispute on a locked charge.
pub(crate) fn open(tx: &mut Tx, charge: &mut Object, opening: Opening) -> Outcome<Object> {
    let left = left_of(charge);
    let amount = opening.amount.unwrap_or(left);
    if charge.status() != "succeeded" || left == 0 {
        return Err(Fault::bad_param(
            "charge",
            "There is nothing to dispute on this charge.",
        ));
    }
    if amount < 1 || amount > left {
        return Err(Fault::bad_param(
            "amount",
            format!("From 1 to {left} can be disputed on this charge."),
        ));
    }
    let days = if opening.inquiry {
        INQUIRY_DAYS
    } else {
        ANSWER_DAYS
    };
    let mut dispute = make(tx, charge, amount, opening.reason);
    set_deadline(&mut dispute, tx.now + days * DAY);
    let status = if opening.inquiry {
        "warning_needs_response"
    } else {
        "needs_response"
    };
    dispute.data["status"] = status.into();
    dispute.data["is_charge_refundable"] = opening.inquiry.into();
    charge.data["disputed"] = true.into();
    tx.put(charge);
    tx.put(&dispute);
    if opening.inquiry {
        tx.emit("charge.dispute.created", &dispute.data);
        return Ok(dispute);
    }
    withdraw(tx, charge, &mut dispute)?;
    tx.emit("charge.dispute.created", &dispute.data);
    tx.emit("charge.dispute.funds_withdrawn", &dispute.data);
    if charge.data["payment_method_details"]["type"] == "sepa_debit" {
        // There is no appeal against a debit that its payer called back.
        decide(tx, charge, &mut dispute, false)?;
    }
    Ok(dispute)
}

fn make(tx: &Tx, charge: &Object, amount: i64, reason: &str) -> Object {
    let mut dispute = tx.make("dispute", "du");
    let details = match charge.data["payment_method_details"]["type"].as_str() {
        Some("sepa_debit") => json!({ "type": "sepa_debit" }),
        _ => json!({ "type": "card", "card": {
            "brand": charge.data["payment_method_details"]["card"]["brand"],
            "case_type": "chargeback", "network_reason_code": "10" } }),
    };
    for (name, value) in [
        ("amount", amount.into()),
        ("balance_transactions", json!([])),
        ("charge", charge.id.clone().into()),
        ("currency", charge.data["currency"].clone()),
        ("enhanced_eligibility_types", json!([])),
        ("evidence", evidence::none()),
        (
            "evidence_details",
            json!({ "due_by": null, "enhanced_eligibility": {}, "has_evidence": false,
            "past_due": false, "submission_count": 0 }),
        ),
        ("metadata", json!({})),
        ("network_reason_code", "10".into()),
        ("payment_intent", charge.data["payment_intent"].clone()),
        ("payment_method_details", details),
        ("reason", reason.into()),
    ] {
        dispute.data[name] = value;
    }
    dispute
}

fn set_deadline(dispute: &mut Object, end: i64) {
    dispute.due = Some(end);
    dispute.data["evidence_details"]["due_by"] = end.into();
}

/// Takes the disputed amount and the fee out of the balance.
fn withdraw(tx: &mut Tx, charge: &mut Object, dispute: &mut Object) -> Outcome<()> {
    let amount = dispute.number("amount");
    move_money(tx, dispute, -1)?;
    hold(tx, charge, amount);
    tx.put(dispute);
    Ok(())
}

/// Books the dispute's money out of the balance (`-1`) or back into it (`1`), with its fee.
fn move_money(tx: &mut Tx, dispute: &mut Object, sign: i64) -> Outcome<()> {
    let currency = Currency::find(dispute.text("currency").unwrap_or(""))?;
    let booked = Booking {
        kind: "adjustment",
        amount: sign * dispute.number("amount"),
        fee: -sign * currency.dispute_fee,
        available: tx.now,
    };
    let row = book(tx, dispute, currency, &booked);
    if let Some(rows) = dispute.data["balance_transactions"].as_array_mut() {
        rows.push(row.data);
    }
    Ok(())
}

/// The bank has decided.
fn decide(tx: &mut Tx, charge: &mut Object, dispute: &mut Object, won: bool) -> Outcome<()> {
    dispute.due = None;
    dispute.data["status"] = if won { "won" } else { "lost" }.into();
    if won {
        move_money(tx, dispute, 1)?;
        hold(tx, charge, -dispute.number("amount"));
        tx.emit("charge.dispute.funds_reinstated", &dispute.data);
    }
    tx.emit("charge.dispute.closed", &dispute.data);
    tx.put(dispute);
    Ok(())
}

/// The bank asks no more.
fn close_inquiry(tx: &mut Tx, dispute: &mut Object) {
    dispute.due = None;
    dispute.data["status"] = "warning_closed".into();
    tx.emit("charge.dispute.closed", &dispute.data);
    tx.put(dispute);
}

/// An inquiry becomes a dispute over what was not given back meanwhile.
pub(super) fn escalate(tx: &mut Tx, charge: &mut Object, dispute: &mut Object) -> Outcome<()> {
    let left = left_of(charge);
    if left == 0 {
        close_inquiry(tx, dispute);
        return Ok(());
    }
    dispute.data["amount"] = dispute.number("amount").min(left).into();
    dispute.data["status"] = "needs_response".into();
    dispute.data["is_charge_refundable"] = false.into();
    set_deadline(dispute, tx.now + ANSWER_DAYS * DAY);
    withdraw(tx, charge, dispute)?;
    tx.emit("charge.dispute.updated", &dispute.data);
    tx.emit("charge.dispute.funds_withdrawn", &dispute.data);
    Ok(())
}

pub(super) fn is_inquiry(dispute: &Object) -> bool {
    dispute.status().starts_with("warning")
}

/// The charge and the dispute, locked in this order, here as everywhere.
pub(super) async fn lock(tx: &mut Tx, id: &str) -> Outcome<(Object, Object)> {
    let seen = tx.get("dispute", id, "dispute").await?;
    let charge = seen.text("charge").unwrap_or("").to_owned();
    let charge = tx.lock("charge", &charge, "charge").await?;
    Ok((charge, tx.lock("dispute", id, "dispute").await?))
}

pub(super) async fn close(tx: &mut Tx, id: &str, p: &mut Params) -> Outcome<Value> {
    p.finish()?;
    let (mut charge, mut dispute) = lock(tx, id).await?;
    match dispute.status() {
        "needs_response" | "under_review" => decide(tx, &mut charge, &mut dispute, false)?,
        "warning_needs_response" | "warning_under_review" => close_inquiry(tx, &mut dispute),
        _ => return Err(Fault::invalid("This dispute is already closed.")),
    }
    Ok(dispute.data)
}

/// What the clock does to a dispute: nobody answered in time, or the bank has decided.
pub(crate) async fn settle(tx: &mut Tx, id: &str) -> Outcome<()> {
    let (mut charge, mut dispute) = lock(tx, id).await?;
    if dispute.due.is_none_or(|due| due > tx.now) {
        return Ok(());
    }
    match dispute.status() {
        "needs_response" => {
            dispute.data["evidence_details"]["past_due"] = true.into();
            decide(tx, &mut charge, &mut dispute, false)
        }
        "under_review" => {
            let won = dispute.hidden["wins"] == true;
            decide(tx, &mut charge, &mut dispute, won)
        }
        "warning_needs_response" | "warning_under_review" => {
            close_inquiry(tx, &mut dispute);
            Ok(())
        }
        _ => {
            dispute.due = None;
            tx.put(&dispute);
            Ok(())
        }
    }
}

/// What a test makes the bank do: `win`, `lose`, `escalate`. A lost dispute can still be won.
pub(crate) async fn act(tx: &mut Tx, id: &str, what: &str) -> Outcome<Value> {
    let (mut charge, mut dispute) = lock(tx, id).await?;
    match (what, dispute.status()) {
        ("win", "needs_response" | "under_review" | "lost") => decide(tx, &mut charge, &mut dispute, true)?,
        ("lose", "needs_response" | "under_review") => decide(tx, &mut charge, &mut dispute, false)?,
        ("win" | "lose", "warning_needs_response" | "warning_under_review") => {
            close_inquiry(tx, &mut dispute)
        }
        ("escalate", "warning_needs_response" | "warning_under_review") => {
            escalate(tx, &mut charge, &mut dispute)?;
        }
        (_, status) => {
            let words = format!("A dispute that is {status} cannot {what}; it may win, lose or escalate.");
            return Err(Fault::bad_param("do", words));
        }
    }
    Ok(dispute.data)
}

/// The dispute that a test card brings, an hour after its charge.
pub(crate) async fn open_due(tx: &mut Tx, id: &str) -> Outcome<()> {
    let mut charge = tx.lock("charge", id, "charge").await?;
    if charge.due.is_none_or(|due| due > tx.now) {
        return Ok(());
    }
    charge.due = None;
    tx.put(&charge);
    let wanted = charge.hidden["dispute"]["reason"].as_str().unwrap_or("");
    let reason = REASONS.into_iter().find(|reason| *reason == wanted);
    let inquiry = charge.hidden["dispute"]["inquiry"] == true;
    if left_of(&charge) > 0 {
        let opening = Opening {
            amount: None,
            reason: reason.unwrap_or("fraudulent"),
            inquiry,
        };
        open(tx, &mut charge, opening)?;
    }
    Ok(())
}

pub(super) async fn list(tx: &mut Tx, p: &mut Params) -> Outcome<Value> {
    let mut filter = paging(p)?;
    filter.parent = p.text("charge");
    filter.hold("payment_intent", p.text("payment_intent"));
    p.finish()?;
    page(tx, "dispute", &filter).await
}
