//! Refunds: never more than was paid.

use serde_json::{Value, json};

use super::{
    book::{Booking, book},
    page, paging,
    payment_method::effect,
};
use crate::{
    currency::Currency,
    db::{Object, Tx},
    fault::{Fault, Outcome},
    params::Params,
    test_card::Effect,
};

const ONE_HOUR: i64 = 3_600;

pub(super) async fn create(tx: &mut Tx, p: &mut Params) -> Outcome<Value> {
    let (intent, charge) = (p.text("payment_intent"), p.text("charge"));
    let amount = p.integer("amount")?;
    let reason = p.choice("reason", &["duplicate", "fraudulent", "requested_by_customer"])?;
    let metadata = p.metadata("metadata", None)?;
    p.finish()?;
    let mut charge = find_charge(tx, intent, charge).await?;
    let currency = Currency::find(charge.text("currency").unwrap_or(""))?;
    let amount = check(&charge, amount, currency)?;
    let mut refund = tx.make("refund", "re");
    let reference = json!({ "card": { "reference": "sandbox", "reference_status": "available",
        "reference_type": "acquirer_reference_number", "type": "refund" }, "type": "card" });
    for (name, value) in [
        ("amount", amount.into()),
        ("charge", charge.id.clone().into()),
        ("currency", currency.code.into()),
        ("description", Value::Null),
        ("destination_details", reference),
        ("metadata", metadata),
        ("payment_intent", charge.data["payment_intent"].clone()),
        ("reason", reason.into()),
        ("receipt_number", Value::Null),
        ("source_transfer_reversal", Value::Null),
        ("status", "succeeded".into()),
        ("transfer_reversal", Value::Null),
    ] {
        refund.data[name] = value;
    }
    let booking = Booking {
        kind: "refund",
        amount: -amount,
        fee: 0,
        available: tx.now,
    };
    refund.data["balance_transaction"] = book(tx, &refund, currency, &booking).id.into();
    let method = charge.text("payment_method").unwrap_or("").to_owned();
    let method = tx.get("payment_method", &method, "payment_method").await?;
    if effect(&method) == Effect::RefundFails {
        refund.due = Some(tx.now + ONE_HOUR);
    }
    change_refunded(&mut charge, amount);
    tx.put(&refund);
    tx.put(&charge);
    tx.emit("refund.created", &refund.data);
    tx.emit("charge.refunded", &charge.data);
    Ok(refund.data)
}

/// The charge to give back, locked: Σ of its refunds is decided under this lock.
async fn find_charge(tx: &mut Tx, intent: Option<String>, charge: Option<String>) -> Outcome<Object> {
    let id = match (intent, charge) {
        (Some(intent), _) => {
            let intent = tx.get("payment_intent", &intent, "payment_intent").await?;
            if intent.status() != "succeeded" {
                let words = format!(
                    "This PaymentIntent ({}) does not have a successful charge to refund.",
                    intent.id
                );
                return Err(Fault::bad_param("payment_intent", words));
            }
            intent.text("latest_charge").unwrap_or("").to_owned()
        }
        (None, Some(charge)) => charge,
        (None, None) => return Err(Fault::missing_param("payment_intent")),
    };
    tx.lock("charge", &id, "charge").await
}

fn check(charge: &Object, amount: Option<i64>, currency: &Currency) -> Outcome<i64> {
    if charge.status() != "succeeded" {
        return Err(Fault::bad_param(
            "charge",
            "This charge was not paid, so it cannot be refunded.",
        ));
    }
    let left = charge.number("amount") - charge.number("amount_refunded");
    if left == 0 {
        let words = format!("Charge {} has already been refunded.", charge.id);
        return Err(Fault::invalid(words).code("charge_already_refunded"));
    }
    let amount = amount.unwrap_or(left);
    if amount < 1 || amount % currency.step != 0 {
        return Err(Fault::bad_param("amount", "Invalid positive integer").code("parameter_invalid_integer"));
    }
    if amount > left {
        let words = format!(
            "Refund amount ({} {}) is greater than unrefunded amount on charge ({} {})",
            currency.write(amount),
            currency.code,
            currency.write(left),
            currency.code
        );
        return Err(Fault::bad_param("amount", words));
    }
    Ok(amount)
}

/// Moves what a charge has given back by `change`.
fn change_refunded(charge: &mut Object, change: i64) {
    let refunded = charge.number("amount_refunded") + change;
    charge.data["amount_refunded"] = refunded.into();
    charge.data["refunded"] = (refunded == charge.number("amount")).into();
}

/// A refund that looked well comes back: the money returns to the balance.
pub(crate) async fn fail_late(tx: &mut Tx, id: &str) -> Outcome<()> {
    let seen = tx.get("refund", id, "refund").await?;
    let charge = seen.text("charge").unwrap_or("").to_owned();
    let mut charge = tx.lock("charge", &charge, "charge").await?;
    let mut refund = tx.lock("refund", id, "refund").await?;
    refund.due = None;
    if refund.status() == "succeeded" {
        let currency = Currency::find(refund.text("currency").unwrap_or(""))?;
        let amount = refund.number("amount");
        let booking = Booking {
            kind: "refund_failure",
            amount,
            fee: 0,
            available: tx.now,
        };
        refund.data["failure_balance_transaction"] = book(tx, &refund, currency, &booking).id.into();
        refund.data["failure_reason"] = "expired_or_canceled_card".into();
        refund.data["status"] = "failed".into();
        change_refunded(&mut charge, -amount);
        tx.put(&charge);
        tx.emit("refund.updated", &refund.data);
        tx.emit("refund.failed", &refund.data);
    }
    tx.put(&refund);
    Ok(())
}

pub(super) async fn list(tx: &mut Tx, p: &mut Params) -> Outcome<Value> {
    let mut filter = paging(p)?;
    filter.parent = p.text("payment_intent");
    if let Some(charge) = p.text("charge") {
        // Refunds are filed under their payment intent, and an intent has one charge that was paid.
        let charge = tx.get("charge", &charge, "charge").await?;
        filter.parent = charge.text("payment_intent").map(str::to_owned);
    }
    p.finish()?;
    page(tx, "refund", &filter).await
}
